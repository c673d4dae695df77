"""Calls, events, errors and storage items by the names that scripts write. Source: spec/trade-scripts.md.

The names are those of the pallets' declarations; nothing is listed here a second time.
"""

from collections.abc import Sequence
from enum import IntEnum
from typing import Any, ClassVar

from amm.scripts.errors import Faults, Mark, UnknownCall, UnknownName, UnknownPallet
from chain.frame import Pallet, Runtime
from chain.frame.call import CallSpec
from chain.frame.event import Event
from chain.frame.storage import StorageItem
from chain.primitives import errors as dispatch
from chain.scale import StructOf, codec_of

REFUSALS: Sequence[tuple[str, type[IntEnum]]] = (
    (dispatch.Invalid.__name__, dispatch.InvalidReason),
    (dispatch.Unknown.__name__, dispatch.UnknownReason),
)
"""Why an extrinsic is in no block: `Invalid.Payment`."""

_FAMILIES: dict[Any, Any] = {
    dispatch.Token: dispatch.TokenError,
    dispatch.Arithmetic: dispatch.ArithmeticError,
    dispatch.Transactional: dispatch.TransactionalError,
}
_BARE: dict[str, Any] = {
    kind.__name__: kind for kind in dispatch.DispatchError.__subclasses__() if not kind.__struct_fields__
}


class UnknownEvent(UnknownName, frozen=True):
    """An event that the pallet does not have."""

    kind: ClassVar[str] = "event"


class UnknownItem(UnknownName, frozen=True):
    """A storage item that the pallet does not have."""

    kind: ClassVar[str] = "storage item"


class UnknownError(UnknownName, frozen=True):
    """An error that no call fails with."""

    kind: ClassVar[str] = "error"


def find_call(path: str, at: Mark, runtime: Runtime) -> CallSpec:
    """The call `pallet.name`. Raises Faults with `UnknownPallet` or `UnknownCall`."""
    found = runtime.calls.get(path)
    if found is not None:
        return found
    pallet, _, name = path.partition(".")
    known = [kind.key for kind in runtime.pallets.values() if kind.declaration.calls]
    if pallet not in known:
        raise Faults([UnknownPallet.at(at, pallet, known)])
    raise Faults([UnknownCall.at(at, name, runtime.pallet(pallet).declaration.calls, pallet)])


def find_event(pallet: str, name: str, at: Mark, runtime: Runtime) -> type[Event]:
    """The event `Pallet.Name`. Raises Faults with `UnknownPallet` or `UnknownEvent`."""
    events = {event.__name__: event for event in find_pallet(pallet, at, runtime).declaration.events}
    if name not in events:
        raise Faults([UnknownEvent.at(at, name, events, pallet)])
    return events[name]


def field_value(event: Event, name: str) -> Any:
    """A field of an event by SCALE's name; raises StopIteration if it has no such field."""
    codec = codec_of(type(event))
    assert isinstance(codec, StructOf)
    return getattr(event, next(field.attribute for field in codec.fields if field.name == name))


def find_item(path: str, at: Mark, runtime: Runtime) -> StorageItem:
    """The storage item `Pallet.Item`. Raises Faults with `UnknownPallet` or `UnknownItem`."""
    pallet, _, name = path.partition(".")
    items = {item.name: item for item in find_pallet(pallet, at, runtime).declaration.storage.values()}
    if name not in items:
        raise Faults([UnknownItem.at(at, name, items, pallet)])
    return items[name]


def find_pallet(name: str, at: Mark, runtime: Runtime) -> type[Pallet]:
    """The pallet of a name, in the metadata's spelling or the scripts'. Raises Faults with `UnknownPallet`."""
    for pallet in runtime.pallets.values():
        if name in (pallet.name, pallet.key):
            return pallet
    raise Faults([UnknownPallet.at(at, name, [pallet.name for pallet in runtime.pallets.values()])])


def read_error(text: str, runtime: Runtime) -> dispatch.DispatchError:
    """A dispatch error by its name: `XYK.TokenPoolNotFound`, `Token.Frozen`, `BadOrigin`. Raises KeyError."""
    family, _, name = text.partition(".")
    for kind, values in _FAMILIES.items():
        if family == kind.__name__ and name in values.__members__:
            error: dispatch.DispatchError = kind(values[name])
            return error
    if not name:
        bare: dispatch.DispatchError = _BARE[family]()
        return bare
    for index, pallet in runtime.pallets.items():
        if pallet.name == family:
            for declared in pallet.declaration.errors:
                if declared.__name__ == name:
                    return dispatch.Module(dispatch.ModuleError(index, bytes([declared.index, 0, 0, 0])))
    raise KeyError(text)


def check_error(text: str, at: Mark, runtime: Runtime) -> None:
    """Raises Faults unless a call can fail with this error, or an extrinsic be refused with it."""
    if text in refusal_names():
        return
    try:
        read_error(text, runtime)
    except KeyError:
        family, _, name = text.partition(".")
        families = [*(kind.__name__ for kind in _FAMILIES), *(kind for kind, _ in REFUSALS)]
        if name and family not in families:
            find_pallet(family, at, runtime)
        known = [known for known in (*error_names(runtime), *refusal_names()) if known.startswith(f"{family}.")]
        raise Faults([UnknownError.at(at, text, known or error_names(runtime))]) from None


def error_names(runtime: Runtime) -> list[str]:
    """Every name that `read_error` knows."""
    modules = [
        f"{pallet.name}.{error.__name__}" for pallet in runtime.pallets.values() for error in pallet.declaration.errors
    ]
    families = [f"{kind.__name__}.{name}" for kind, values in _FAMILIES.items() for name in values.__members__]
    return [*modules, *families, *_BARE]


def refusal_names() -> list[str]:
    """Every way in which an extrinsic is refused before dispatch."""
    return [f"{kind}.{name}" for kind, reasons in REFUSALS for name in reasons.__members__]
