"""A runtime opened over the state of one block: its pallets, wired to each other, and dispatch."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol, TypeVar

from chain.frame.call import Call
from chain.frame.context import Context
from chain.frame.errors import Error
from chain.frame.origin import ROOT, Origin, RawOrigin
from chain.frame.pallet import Pallet
from chain.primitives.errors import DispatchError, Failure, Module, ModuleError
from chain.primitives.weight import AS_DECLARED, DispatchInfo, PostInfo
from chain.state import Overlay

if TYPE_CHECKING:
    from chain.frame.runtime import Runtime

P = TypeVar("P", bound=Pallet)


class Dispatcher(Protocol):
    """What a pallet needs that runs other calls (utility, sudo, proxies)."""

    def dispatch(self, call: Call, origin: Origin) -> PostInfo: ...

    def dispatch_bypass_filter(self, call: Call, origin: Origin) -> PostInfo: ...

    def info(self, call: Call) -> DispatchInfo: ...

    def error(self, failure: Failure) -> DispatchError: ...

    def origin_of(self, caller: RawOrigin) -> Origin: ...


class Environment:
    """The pallets of one block. `environment[Xyk]` is a pallet; `find` answers `None` for one that is absent."""

    def __init__(self, runtime: "Runtime", state: Overlay) -> None:
        self.runtime = runtime
        self.context = Context(state)
        self._pallets: dict[type[Pallet], Pallet] = {
            kind: kind(self.context, runtime.settings[kind]) for kind in runtime.pallets.values()
        }
        runtime.wire(self)
        self._filters = (runtime.call_filter(self),)

    def __getitem__(self, kind: type[P]) -> P:
        return self._pallets[kind]  # type: ignore[return-value]

    def find(self, kind: type[P]) -> P | None:
        return self._pallets.get(kind)  # type: ignore[return-value]

    def __iter__(self) -> Iterator[Pallet]:
        return iter(self._pallets.values())

    def let_go(self) -> None:
        """End the environment: pallets refer to each other, and such a ring would wait for the collector."""
        for pallet in self._pallets.values():
            pallet.__dict__.clear()
        self._pallets.clear()

    def info(self, call: Call) -> DispatchInfo:
        """The declared weight, class and payment of a call."""
        return self.runtime.weigh(call)

    def origin_of(self, caller: RawOrigin) -> Origin:
        """A fresh origin with the runtime's call filter, as an extrinsic or `dispatch_as` makes it."""
        return Origin(caller, self._filters)

    def dispatch(self, call: Call, origin: Origin) -> PostInfo:
        """Run a call in its own storage layer: it applies whole or leaves nothing.

        Raises `Failure` after undoing state and events; `System.CallFiltered` if the origin may not make this call.
        """
        if not origin.allows(call):
            raise self.runtime.filtered()
        return self.dispatch_bypass_filter(call, origin)

    def dispatch_bypass_filter(self, call: Call, origin: Origin) -> PostInfo:
        """Run a call without asking the filters of its origin."""
        spec, args = call
        mark = self.context.mark()
        try:
            post = spec.declaration.function(self._pallets[spec.pallet], origin, *args)
        except Failure:
            self.context.rollback(mark)
            raise
        return AS_DECLARED if post is None else post

    def dispatch_as_root(self, call: Call) -> PostInfo:
        return self.dispatch_bypass_filter(call, ROOT)

    def error(self, failure: Failure) -> DispatchError:
        """The value that events and receipts hold for a failure."""
        if isinstance(failure, Error):
            index = self.runtime.index_of(failure.pallet)
            return Module(ModuleError(index, bytes([failure.index, 0, 0, 0])))
        assert failure.error is not None
        return failure.error
