"""Pallets: one declaration of storage, constants, events, errors, calls and hooks.

From it come dispatch, codecs, storage keys, metadata, the checking of arguments and the texts of errors.
A subclass states its name, nests its `Event` and `Error` classes, and marks its calls:

    class Xyk(Pallet, name="XYK"):
        exchange_fee = Constant(FEE, (3, 1000), metadata="GetExchangeFee")
        share_token = StorageMap(ACCOUNT_ID, ASSET_ID, default=0)

        class PoolCreated(Event): ...
        class InsufficientLiquidity(Error): ...

        @call(index=0)
        def create_pool(self, origin: Origin, asset_a: AssetId, ...) -> None: ...

An instance lives for one block: its storage attributes become handles on that block's state when first used, its
constants are values.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from chain.frame.call import CallDeclaration, declared_call
from chain.frame.constant import Constant, Genesis, Settings
from chain.frame.context import Context
from chain.frame.errors import DeclarationError, Error
from chain.frame.event import Event
from chain.frame.names import snake_case
from chain.frame.storage import StorageItem


@dataclass(frozen=True)
class Declaration:
    """All that a pallet states, in the order written: by attribute, genesis settings by their key in chain specs."""

    storage: dict[str, StorageItem]
    constants: dict[str, Constant[Any]]
    genesis: dict[str, Genesis[Any]]
    events: tuple[type[Event], ...]
    errors: tuple[type[Error], ...]
    calls: dict[str, CallDeclaration]


class Pallet:
    """The base of all pallets. `needs` is what it asks of others, bound after all pallets of a block exist."""

    name: ClassVar[str]
    key: ClassVar[str]  # the name as scripts and chain specs write it
    declaration: ClassVar[Declaration]
    needs: Any

    def __init_subclass__(cls, *, name: str = "", prefix: str = "", **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.name = name or cls.__name__
        cls.key = snake_case(cls.name)
        cls.declaration = _collect(cls)
        for item in cls.declaration.storage.values():
            item.place(prefix or cls.name)
        for place, event in enumerate(cls.declaration.events):
            event.pallet, event.place = cls.name, place
        for place, error in enumerate(cls.declaration.errors):
            error.pallet = cls.name
            error.index = place if error.index < 0 else error.index

    def __init__(self, context: Context, constants: Settings) -> None:
        self.context = context
        self.deposit = context.deposit
        self.__dict__.update(constants)

    def build_genesis(self, config: Settings) -> None:
        """Write the pallet's part of the first state; `config` has a value for every `Genesis` key."""

    def on_initialize(self, number: int) -> None:
        """Runs before the extrinsics of block `number`."""

    def on_idle(self, number: int) -> None:
        """Runs after the extrinsics, before `on_finalize`."""

    def on_finalize(self, number: int) -> None:
        """Runs last in block `number`."""


def _collect(cls: type[Pallet]) -> Declaration:
    """What the class body of a pallet, and of pallets it extends, declares."""
    members: dict[str, Any] = {}
    for base in reversed(cls.__mro__[:-1]):
        members.update(vars(base))
    calls: dict[str, CallDeclaration] = {}
    for member in members.values():
        declared = declared_call(member) if callable(member) else None
        if declared is not None:
            if declared.index in {other.index for other in calls.values()}:
                raise DeclarationError(f"{cls.name}: two calls with index {declared.index}")
            calls[declared.name] = declared

    def of(kind: type) -> dict[str, Any]:
        return {name: member for name, member in members.items() if isinstance(member, kind)}

    def nested(kind: type) -> tuple[Any, ...]:
        return tuple(m for m in members.values() if isinstance(m, type) and issubclass(m, kind))

    genesis = {setting.key: setting for setting in of(Genesis).values()}
    return Declaration(of(StorageItem), of(Constant), genesis, nested(Event), nested(Error), calls)
