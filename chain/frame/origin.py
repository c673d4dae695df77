"""Who a call comes from. Source: spec/fees-and-origins.md §5."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from chain.primitives.errors import BadOrigin, Failure
from chain.scale import Enum
from chain.scale.types import AccountId

if TYPE_CHECKING:
    from chain.frame.call import Call

CallFilter = Callable[["Call"], bool]


class RawOrigin(Enum):
    """The origins of the system pallet."""

    path: ClassVar[str] = "frame_support::dispatch::RawOrigin"


class Root(RawOrigin):
    index: ClassVar[int] = 0


class Signed(RawOrigin):
    index: ClassVar[int] = 1
    positional: ClassVar[bool] = True
    who: AccountId


class None_(RawOrigin):
    variant: ClassVar[str] = "None"
    index: ClassVar[int] = 2


class OriginCaller(Enum):
    """An origin as an argument of a call: `{system: {Signed: alice}}`. Other pallets' origins do not exist here."""

    path: ClassVar[str] = "basilisk_runtime::OriginCaller"


class SystemOrigin(OriginCaller):
    variant: ClassVar[str] = "system"
    index: ClassVar[int] = 0
    positional: ClassVar[bool] = True
    origin: RawOrigin


@dataclass(frozen=True, slots=True)
class Origin:
    """The caller and the filters that travel with it. Root passes every filter."""

    caller: RawOrigin
    filters: tuple[CallFilter, ...] = ()

    def signed(self) -> bytes:
        """The signer; raises `BadOrigin` for anybody else."""
        if isinstance(self.caller, Signed):
            return self.caller.who
        raise Failure(BadOrigin())

    def ensure_root(self) -> None:
        if not isinstance(self.caller, Root):
            raise Failure(BadOrigin())

    def ensure_none(self) -> None:
        if not isinstance(self.caller, None_):
            raise Failure(BadOrigin())

    @property
    def is_root(self) -> bool:
        return isinstance(self.caller, Root)

    @property
    def is_none(self) -> bool:
        return isinstance(self.caller, None_)

    def with_filter(self, call_filter: CallFilter) -> "Origin":
        return replace(self, filters=(*self.filters, call_filter))

    def allows(self, call: "Call") -> bool:
        return self.is_root or all(allowed(call) for allowed in self.filters)


ROOT = Origin(Root())
NONE = Origin(None_())
