"""When blocks are sealed, and who is told. The one place in a running node that seals.

Time is asked of nobody here: `after(seconds, action)` is the event loop's, or a test's.
"""

from collections.abc import Callable, Sequence
from enum import Enum

from chain.node.errors import NodeError
from chain.node.pool import MOST, PoolError
from chain.node.service import Sealed
from chain.primitives.errors import InvalidBlock, Refused
from chain.primitives.extrinsic import Extrinsic
from chain.rpc.errors import RpcError, already_imported, bad_format, dev_error, dropped, low_priority, refused
from chain.rpc.feed import Feed
from chain.rpc.view import View
from chain.scale import DecodeError, ScaleError

After = Callable[[float, Callable[[], None]], None]

BATCH_DELAY = 0.1
"""Seconds in which extrinsics gather for one block."""

FINAL_DELAY = 0.5
"""Seconds from a block to the news that it is final: polkadot.js forgets `inBlock` where `finalized` comes at once."""

BASE = 2
"""Inherents of a block: one with no more has taken nothing from the pool."""


DAMAGES = (ScaleError, InvalidBlock, ArithmeticError)
"""What a block meets where a chain's own values were overwritten."""


class Mode(Enum):
    """When a block is sealed: with each extrinsic, shortly after the first of several, every so often, on demand."""

    INSTANT = "instant"
    BATCH = "batch"
    INTERVAL = "interval"
    MANUAL = "manual"


class Sealer:
    """Takes extrinsics into the pool and seals blocks as its mode says.

    `usurped(old, new)` is told when an extrinsic of the pool gives way to another.
    """

    def __init__(
        self,
        view: View,
        feed: Feed,
        after: After,
        complain: Callable[[str, Exception], None],
        mode: Mode = Mode.INSTANT,
        every: float = 12.0,
        final_delay: float = FINAL_DELAY,
    ) -> None:
        self._view, self.node, self.feed, self.mode, self.every = view, view.node, feed, mode, every
        self.usurped: Callable[[bytes, bytes], None] = lambda old, new: None
        self._after, self._complain = after, complain
        self._due = False
        self._round = 0
        self._stopped = False
        self._final_delay = final_delay
        feed.on_reverted(lambda _: self._forget_final())

    def start(self) -> None:
        """Begin: seal a first block on a chain at genesis, as clients need one, and what waits already."""
        if self.node.best.number == 0:
            self.seal()
        self.set_mode(self.mode)

    def stop(self) -> None:
        """Seal nothing more by itself, and let what seals on and on end."""
        self._stopped = True
        self.set_mode(Mode.MANUAL)

    def go_on(self) -> None:
        """Raises `RpcError` if the node stops."""
        if self._stopped:
            raise dev_error("the node stops", "ask it again when it runs")

    def set_mode(self, mode: Mode) -> None:
        self.mode = mode
        self._round += 1
        if mode is Mode.INTERVAL:
            self._tick(self._round)
        else:
            self._seal_soon()

    # -- sealing -------------------------------------------------------------------------------------------------

    def seal(self, extrinsics: Sequence[Extrinsic] | None = None) -> Sealed:
        """One block, of the pool or of these; tells everybody.

        Raises `NodeError`, `Refused` for these, and `RpcError` on a state that was overwritten with what is none.
        """
        try:
            sealed = self.node.seal(extrinsics)
        except DAMAGES as error:
            what = f"no block can be built: {type(error).__name__}: {error}"
            raise dev_error(what, "if dev_setStorage has damaged the state, dev_setHead goes back") from None
        self.feed.sealed(sealed)
        self.tell_final_later()
        return sealed

    def tell_final_later(self) -> None:
        """Leave clients the time to look at a block before they hear that it is final."""
        if self._final_delay:
            self._after(self._final_delay, self._tell_final)
        else:
            self._tell_final()

    def _tell_final(self) -> None:
        """Tell everybody what has become final since they were last told."""
        told, now = self._view.finalized, self._view.final_now()
        for header in self._view.ancestry(now, max(0, now.number - told.number), told.number):
            self._view.finalized = header
            self.feed.final(header)

    def _forget_final(self) -> None:
        self._view.finalized = self._view.final_now()

    def _seal_soon(self) -> None:
        if self.mode in (Mode.INSTANT, Mode.BATCH) and not self._due and self.node.pool.ready():
            self._due = True
            self._after(0.0 if self.mode is Mode.INSTANT else BATCH_DELAY, self._seal_waiting)

    def _seal_waiting(self) -> None:
        """Seal once; go on as long as that takes something from the pool."""
        self._due = False
        if self.mode not in (Mode.INSTANT, Mode.BATCH) or not self.node.pool.ready():
            return
        sealed = self._seal_guarded()
        if sealed is not None and len(sealed.applied) > BASE:
            self._seal_soon()

    def _tick(self, round: int) -> None:
        if self.mode is Mode.INTERVAL and round == self._round:
            self._after(self.every, lambda: self._beat(round))

    def _beat(self, round: int) -> None:
        if self.mode is Mode.INTERVAL and round == self._round:
            self._seal_guarded()
            self._tick(round)

    def _seal_guarded(self) -> Sealed | None:
        """A node goes on when a block could not be made; what is wrong goes to the log."""
        try:
            return self.seal()
        except (NodeError, RpcError, Refused, OSError) as error:
            self._complain("sealing", error)
        except Exception as error:
            self._complain("sealing, a mistake in the program", error)
        return None

    # -- the pool ------------------------------------------------------------------------------------------------

    def submit(self, raw: bytes) -> Extrinsic:
        """Take an extrinsic into the pool. Raises `RpcError` with the codes of a Substrate node."""
        extrinsic = decode_extrinsic(raw)
        before = self.waiting()
        if extrinsic.hash in before:
            raise already_imported(extrinsic.hash)
        try:
            self.node.submit(extrinsic)
        except Refused as refusal:
            raise refused(refusal) from None
        except PoolError as error:
            raise dropped(str(error)) if len(before) >= MOST else low_priority(str(error)) from None
        for gone in before - self.waiting():
            self.usurped(gone, extrinsic.hash)
        self._seal_soon()
        return extrinsic

    def waiting(self) -> set[bytes]:
        """The hashes of what waits."""
        return {extrinsic.hash for extrinsic in self.node.pool.pending()}


def decode_extrinsic(raw: bytes) -> Extrinsic:
    """Raises `RpcError` 1001."""
    try:
        return Extrinsic.decode(raw)
    except DecodeError as error:
        raise bad_format(str(error)) from None

