"""From the runtime's values to what reports and JSON say. Source: spec/trade-scripts.md, "Running".

Amounts are integers in base units, accounts SS58 addresses, assets ids, bytes hex, none is `null`.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

from chain.crypto import ss58
from chain.frame import Call, Runtime
from chain.frame.call import RuntimeCallCodec
from chain.frame.event import Event
from chain.primitives.errors import DispatchError
from chain.scale import (
    AnyCodec,
    ArrayOf,
    BytesOf,
    CompactOf,
    EnumOf,
    Err,
    FixedBytes,
    LateOf,
    MapOf,
    NewtypeOf,
    Ok,
    OptionOf,
    ResultOf,
    SetOf,
    Some,
    StructOf,
    TupleOf,
    VecOf,
    codec_of,
)
from chain.scale.composite import Field
from chain.scale.units import UnitsOf

KEPT = 4096
"""How many addresses, and how many types' ways of saying, are kept."""

Show: TypeAlias = Callable[[Any, Runtime], Any]
"""Says a value of one type; the runtime knows the names of errors."""


class EventFact(msgspec.Struct, frozen=True):
    """An event as a report says it."""

    pallet: str
    event: str
    fields: dict[str, Any]


def event_fact(event: Event, runtime: Runtime) -> EventFact:
    """What an event says, in plain values."""
    return EventFact(event.pallet, type(event).__name__, _event(type(event))(event, runtime))


def call_fact(call: Call, runtime: Runtime) -> dict[str, Any]:
    """A call with its arguments by name, as scripts write it."""
    pairs = zip(call.spec.fields, call.args, strict=True)
    return {"call": call.path, "args": {name: fact(arg, codec, runtime) for (name, codec), arg in pairs}}


def fact(value: Any, codec: AnyCodec, runtime: Runtime) -> Any:
    """A value of `codec`'s type in plain values."""
    return _show(codec)(value, runtime)


@lru_cache(KEPT)
def _event(kind: type[Event]) -> Show:
    codec = codec_of(kind)
    assert isinstance(codec, StructOf)
    return _record(codec.fields)


@lru_cache(KEPT)
def _show(codec: AnyCodec) -> Show:
    """How values of a type are said: chosen once, by what people mean by the type, then by its shape."""
    if codec.alias == "AccountId":
        return lambda value, runtime: _address(value)
    for kind, make in _BY_SHAPE.items():
        if isinstance(codec, kind):
            return make(codec)
    return _plain


@lru_cache(KEPT)
def _address(account: bytes) -> str:
    return ss58.encode(account)


def _plain(value: Any, runtime: Runtime) -> Any:
    return "0x" + value.hex() if isinstance(value, bytes) else value


def _record(fields: tuple[Field, ...]) -> Show:
    shows = [(field.name, field.attribute, _show(field.codec)) for field in fields]
    return lambda value, runtime: {name: show(getattr(value, held), runtime) for name, held, show in shows}


def _enum(codec: EnumOf) -> Show:
    by_class = {variant.cls: (variant.name, _content(variant.fields, variant.positional)) for variant in codec.variants}

    def show(value: Any, runtime: Runtime) -> Any:
        if isinstance(value, DispatchError):
            return runtime.error_name(value)
        name, content = by_class[type(value)]
        return name if content is None else {name: content(value, runtime)}

    return show


def _content(fields: tuple[Field, ...], positional: bool) -> Show | None:
    """How a variant says what it holds; None if that is nothing."""
    if not fields or not positional:
        return _record(fields) if fields else None
    shows = [(field.attribute, _show(field.codec)) for field in fields]
    if len(shows) == 1:
        ((held, show),) = shows
        return lambda value, runtime: show(getattr(value, held), runtime)
    return lambda value, runtime: [show(getattr(value, held), runtime) for held, show in shows]


def _option(codec: OptionOf) -> Show:
    inner = _show(codec.inner)

    def show(value: Any, runtime: Runtime) -> Any:
        if value is None:
            return None
        return inner(value.value if isinstance(value, Some) else value, runtime)

    return show


def _result(codec: ResultOf) -> Show:
    good, bad = _show(codec.ok), _show(codec.err)

    def show(value: Any, runtime: Runtime) -> Any:
        if isinstance(value, Err):
            return {"Err": bad(value.value, runtime)}
        assert isinstance(value, Ok)
        inner = good(value.value, runtime)
        return "Ok" if inner in (None, []) else {"Ok": inner}

    return show


def _list(codec: VecOf | ArrayOf | SetOf) -> Show:
    inner = _show(codec.inner)
    return lambda value, runtime: [inner(item, runtime) for item in value]


def _tuple(codec: TupleOf) -> Show:
    shows = [_show(item) for item in codec.items]
    return lambda value, runtime: [show(item, runtime) for show, item in zip(shows, value, strict=True)]


def _map(codec: MapOf) -> Show:
    key, held = _show(codec.key), _show(codec.value)
    return lambda value, runtime: [[key(k, runtime), held(v, runtime)] for k, v in value.items()]


def _late(codec: LateOf) -> Show:
    """The target is asked for when there is a value: a type may contain itself."""
    return lambda value, runtime: fact(value, codec.target, runtime)


_BY_SHAPE: dict[Any, Callable[[Any], Show]] = {
    RuntimeCallCodec: lambda codec: call_fact,
    UnitsOf: lambda codec: lambda value, runtime: value.name,
    NewtypeOf: lambda codec: _show(codec.inner),
    CompactOf: lambda codec: _show(codec.inner),
    LateOf: _late,
    OptionOf: _option,
    ResultOf: _result,
    EnumOf: _enum,
    StructOf: lambda codec: _record(codec.fields),
    TupleOf: _tuple,
    VecOf: _list,
    ArrayOf: _list,
    SetOf: _list,
    MapOf: _map,
    BytesOf: lambda codec: lambda value, runtime: "0x" + value.hex(),
    FixedBytes: lambda codec: lambda value, runtime: "0x" + value.hex(),
}
