"""TransactionPause: calls that nobody but root can make for now. Source: spec/fees-and-origins.md §7."""

from typing import ClassVar

from chain.crypto.hashers import Twox64Concat
from chain.frame import Error, Event, Origin, Pallet, StorageMap, call
from chain.scale import BytesOf, TupleOf
from chain.scale.types import UNIT, Bytes

LONGEST = 40
"""Most bytes in the name of a pallet or a call."""

_NAME = BytesOf(LONGEST)
_PAUSED = ()


class TransactionPause(Pallet):
    """The switches that the runtime's call filter asks. Names are the metadata's: `XYK`, `sell`."""

    paused_transactions = StorageMap(
        TupleOf([_NAME, _NAME]), UNIT, hasher=Twox64Concat, doc="Pallet and call, for each paused call."
    )

    class TransactionPaused(Event):
        """A call was paused."""

        pallet_name_bytes: Bytes
        function_name_bytes: Bytes

    class TransactionUnpaused(Event):
        """A call may be made again."""

        pallet_name_bytes: Bytes
        function_name_bytes: Bytes

    class CannotPause(Error):
        """Calls of this pallet cannot be paused."""

        hint: ClassVar[str] = "TransactionPause must stay open, or nothing could be unpaused."

    class InvalidCharacter(Error):
        """The name is not valid UTF-8."""

    class NameTooLong(Error):
        """A name is longer than 40 bytes."""

    def is_paused(self, pallet: str, call: str) -> bool:
        """Whether a call is paused."""
        return self.paused_transactions.contains((pallet.encode(), call.encode()))

    @call(index=0)
    def pause_transaction(self, origin: Origin, pallet_name: Bytes, function_name: Bytes) -> None:
        """Pause a call. Whether it exists is not asked."""
        origin.ensure_root()
        names = self._names(pallet_name, function_name)
        try:
            pallet = pallet_name.decode()
        except UnicodeDecodeError:
            raise self.InvalidCharacter from None
        if pallet == self.name:
            raise self.CannotPause
        if not self.paused_transactions.contains(names):
            self.paused_transactions.insert(names, _PAUSED)
            self.deposit(self.TransactionPaused(pallet_name, function_name))

    @call(index=1)
    def unpause_transaction(self, origin: Origin, pallet_name: Bytes, function_name: Bytes) -> None:
        """Let a call be made again."""
        origin.ensure_root()
        names = self._names(pallet_name, function_name)
        if self.paused_transactions.contains(names):
            self.paused_transactions.remove(names)
            self.deposit(self.TransactionUnpaused(pallet_name, function_name))

    def _names(self, pallet: bytes, function: bytes) -> tuple[bytes, bytes]:
        if len(pallet) > LONGEST or len(function) > LONGEST:
            raise self.NameTooLong
        return pallet, function
