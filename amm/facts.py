"""From the runtime's values to what reports and JSON say. Source: spec/trade-scripts.md, "Running".

Amounts are integers in base units, accounts SS58 addresses, assets ids, bytes hex, none is `null`.
"""

from collections.abc import Callable
from typing import Any

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


class EventFact(msgspec.Struct, frozen=True):
    """An event as a report says it."""

    pallet: str
    event: str
    fields: dict[str, Any]


def event_fact(event: Event, runtime: Runtime) -> EventFact:
    """What an event says, in plain values."""
    codec = codec_of(type(event))
    return EventFact(event.pallet, type(event).__name__, _record(event, codec.fields, runtime))  # type: ignore[attr-defined]


def call_fact(call: Call, runtime: Runtime) -> dict[str, Any]:
    """A call with its arguments by name, as scripts write it."""
    args = {
        name: fact(arg, codec, runtime)
        for (name, codec), arg in zip(call.spec.fields, call.args, strict=True)
    }
    return {"call": call.path, "args": args}


def fact(value: Any, codec: AnyCodec, runtime: Runtime) -> Any:
    """A value of `codec`'s type in plain values."""
    if codec.alias == "AccountId":
        return ss58.encode(value)
    for kind, show in _BY_SHAPE.items():
        if isinstance(codec, kind):
            return show(value, codec, runtime)
    return "0x" + value.hex() if isinstance(value, bytes) else value


def _enum(value: Any, codec: EnumOf, runtime: Runtime) -> Any:
    if isinstance(value, DispatchError):
        return runtime.error_name(value)
    variant = codec.by_class[type(value)]
    if not variant.fields:
        return variant.name
    if variant.positional:
        shown = [fact(getattr(value, f.attribute), f.codec, runtime) for f in variant.fields]
        return {variant.name: shown[0] if len(shown) == 1 else shown}
    return {variant.name: _record(value, variant.fields, runtime)}


def _record(value: Any, fields: tuple[Field, ...], runtime: Runtime) -> dict[str, Any]:
    return {field.name: fact(getattr(value, field.attribute), field.codec, runtime) for field in fields}


def _option(value: Any, codec: OptionOf, runtime: Runtime) -> Any:
    if value is None:
        return None
    return fact(value.value if isinstance(value, Some) else value, codec.inner, runtime)


def _result(value: Any, codec: ResultOf, runtime: Runtime) -> Any:
    if isinstance(value, Ok):
        inner = fact(value.value, codec.ok, runtime)
        return "Ok" if inner in (None, (), []) else {"Ok": inner}
    assert isinstance(value, Err)
    return {"Err": fact(value.value, codec.err, runtime)}


def _list(value: Any, codec: VecOf | ArrayOf | SetOf, runtime: Runtime) -> list[Any]:
    return [fact(item, codec.inner, runtime) for item in value]


def _bytes(value: bytes, codec: AnyCodec, runtime: Runtime) -> str:
    return "0x" + value.hex()


def _map(value: dict[Any, Any], codec: MapOf, runtime: Runtime) -> list[list[Any]]:
    return [[fact(k, codec.key, runtime), fact(v, codec.value, runtime)] for k, v in value.items()]


_BY_SHAPE: dict[Any, Callable[[Any, Any, Runtime], Any]] = {
    RuntimeCallCodec: lambda value, codec, runtime: call_fact(value, runtime),
    UnitsOf: lambda value, codec, runtime: value.name,
    NewtypeOf: lambda value, codec, runtime: fact(value, codec.inner, runtime),
    CompactOf: lambda value, codec, runtime: fact(value, codec.inner, runtime),
    LateOf: lambda value, codec, runtime: fact(value, codec.target, runtime),
    OptionOf: _option,
    ResultOf: _result,
    EnumOf: _enum,
    StructOf: lambda value, codec, runtime: _record(value, codec.fields, runtime),
    TupleOf: lambda value, codec, runtime: [
        fact(v, c, runtime) for v, c in zip(value, codec.items, strict=True)
    ],
    VecOf: _list,
    ArrayOf: _list,
    SetOf: _list,
    MapOf: _map,
    BytesOf: _bytes,
    FixedBytes: _bytes,
}
