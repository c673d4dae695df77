"""Sudo: the privileged origin of a local chain. Source: spec/fees-and-origins.md §5.1."""

from dataclasses import dataclass
from typing import ClassVar

from chain.crypto import accounts
from chain.frame import (
    ROOT,
    Call,
    Dispatcher,
    Error,
    Event,
    Genesis,
    Origin,
    Pallet,
    RuntimeCall,
    Settings,
    Signed,
    StorageValue,
    Weigher,
    call,
)
from chain.primitives.errors import SUCCEEDED, DispatchResult, Failure
from chain.primitives.weight import DispatchClass, DispatchInfo, Pays, PostInfo, Weight
from chain.scale import Err
from chain.scale.types import ACCOUNT_ID, AccountId

ALICE = accounts.dev("//Alice")
OWN = Weight(15_000_000, 0)
FREE = PostInfo(None, Pays.No)


def _around(weigher: Weigher, inner: Call) -> DispatchInfo:
    info = weigher.weigh(inner)
    return DispatchInfo(OWN + info.weight, info.class_, Pays.Yes)


def _around_as(weigher: Weigher, who: bytes, inner: Call) -> DispatchInfo:
    return _around(weigher, inner)


def _as_given(weigher: Weigher, inner: Call, weight: Weight) -> DispatchInfo:
    return DispatchInfo(weight, weigher.weigh(inner).class_, Pays.Yes)


def _own(weigher: Weigher, new: bytes) -> DispatchInfo:
    return DispatchInfo(OWN, DispatchClass.Normal, Pays.Yes)


@dataclass
class Needs:
    dispatcher: Dispatcher


class Sudo(Pallet):
    """One key may call as root. Its calls succeed whatever the inner result, and pay no fee."""

    needs: Needs

    key_ = Genesis(ACCOUNT_ID, ALICE, doc="Who rules at first.")
    sudo_key = StorageValue(ACCOUNT_ID, name="Key")

    class Sudid(Event):
        """A call was made as root."""

        sudo_result: DispatchResult

    class KeyChanged(Event):
        """Another key rules."""

        old_sudoer: AccountId | None

    class SudoAsDone(Event):
        """A call was made as somebody else."""

        sudo_result: DispatchResult

    class RequireSudo(Error):
        """The signer is not the sudo key."""

        hint: ClassVar[str] = "Sign with the sudo key; a local chain's is alice."

    def build_genesis(self, config: Settings) -> None:
        self.sudo_key.put(config["key"])

    @call(index=0, weight=_around)
    def sudo(self, origin: Origin, call: RuntimeCall) -> PostInfo:
        """Make a call as root. Succeeds whatever the result."""
        self._ensure_sudo(origin)
        self.deposit(self.Sudid(self._result(call, ROOT)))
        return FREE

    @call(index=1, weight=_as_given)
    def sudo_unchecked_weight(self, origin: Origin, call: RuntimeCall, weight: Weight) -> PostInfo:
        """Make a call as root with the weight given here. Succeeds whatever the result."""
        self._ensure_sudo(origin)
        self.deposit(self.Sudid(self._result(call, ROOT)))
        return FREE

    @call(index=2, weight=_own)
    def set_key(self, origin: Origin, new: AccountId) -> PostInfo:
        """Hand the power to another key."""
        self._ensure_sudo(origin)
        old = self.sudo_key.get()
        self.sudo_key.put(new)
        self.deposit(self.KeyChanged(old))
        return FREE

    @call(index=3, weight=_around_as)
    def sudo_as(self, origin: Origin, who: AccountId, call: RuntimeCall) -> PostInfo:
        """Make a call as `who`. Succeeds whatever the result."""
        self._ensure_sudo(origin)
        self.deposit(self.SudoAsDone(self._result(call, self.needs.dispatcher.origin_of(Signed(who)))))
        return FREE

    def _ensure_sudo(self, origin: Origin) -> None:
        if origin.signed() != self.sudo_key.get():
            raise self.RequireSudo

    def _result(self, inner: Call, origin: Origin) -> DispatchResult:
        try:
            self.needs.dispatcher.dispatch_bypass_filter(inner, origin)
        except Failure as failure:
            return Err(self.needs.dispatcher.error(failure))
        return SUCCEEDED
