"""From what people write to the values of the runtime's types. Source: spec/trade-scripts.md, "Values".

The types are those of the pallet declarations; nothing is listed here a second time. A value is read from the node
that holds it, so that every fault has its place.
"""

from collections.abc import Callable, Iterable
from typing import Any

from amm.declared import UnknownError, error_names, find_call, read_error
from amm.gathering import Gathered, all_of, fault_at, parsed
from amm.given import ready
from amm.plain_arguments import (
    read_account,
    read_any_amount,
    read_asset,
    read_bool,
    read_bytes,
    read_integer,
    read_text,
)
from amm.scopes import CODE, NotYetKnown, Plain, Scope, Value, resolve, to_node
from amm.scripts.errors import Fault, Faults, UnknownKey, UnknownName
from amm.scripts.source import Integer, Items, Node, Nothing, Text, describe
from amm.scripts.source import Mapping as Table
from amm.values import parse_amount
from chain.frame import Call
from chain.frame.call import RuntimeCallCodec
from chain.primitives import errors as dispatch
from chain.primitives.location import RELAY, MultiLocation
from chain.scale import (
    AnyCodec,
    ArrayOf,
    Bool,
    BytesOf,
    CompactOf,
    EncodeError,
    EnumOf,
    Err,
    FixedBytes,
    Int,
    LateOf,
    MapOf,
    NewtypeOf,
    Ok,
    OptionOf,
    ResultOf,
    SetOf,
    Some,
    Str,
    StructOf,
    TupleOf,
    UInt,
    VecOf,
    bare,
)
from chain.scale.composite import Field
from chain.scale.units import UnitsOf

__all__ = [
    "CODE",
    "NotYetKnown",
    "Plain",
    "Scope",
    "Value",
    "read_amount",
    "read_call",
    "read_value",
    "resolve",
    "to_node",
]


def read_value(node: Node, codec: AnyCodec, scope: Scope) -> Any:
    """The value of `codec`'s type that `node` writes. Raises Faults."""
    node = resolve(node, scope)
    if isinstance(node, Value):
        return ready(node, codec)
    value = _read(node, codec, scope)
    try:
        codec.encode(value)
    except EncodeError as error:
        raise fault_at(node, str(error), f"a value of type {codec.alias or codec.notation} is needed") from None
    return value


def read_amount(node: Node, asset: int, scope: Scope) -> int:
    """An amount of one asset, in base units: another asset's symbol is a fault. Raises Faults."""
    written = resolve(node, scope)
    if not isinstance(written, Text | Integer):
        raise fault_at(written, f"{describe(written)} is no amount", 'write "1.5 KSM", or base units as an integer')
    return parsed(written, lambda: parse_amount(written.value, scope.book, asset))


def read_call(path: Node, args: Node, scope: Scope) -> Call:
    """The call `pallet.name` with its arguments by name. Raises Faults: all that is wrong with it at once."""
    if not isinstance(path, Text) or path.value.count(".") != 1:
        raise fault_at(path, f"{describe(path)} is no call", "write pallet.call, as in xyk.sell")
    spec = find_call(path.value, path.mark, scope.runtime)
    if isinstance(args, Nothing):
        args = Table(args.mark, ())
    if not isinstance(args, Table):
        raise fault_at(args, f"{describe(args)} where arguments are needed", "write {name: value, …}")
    return Call(spec, tuple(_read_fields(args, spec.fields, scope, spec.path)))


# -- reading by type ---------------------------------------------------------------------------------------------------


def _read(node: Node, codec: AnyCodec, scope: Scope) -> Any:
    """Dispatch on what people mean by the type, then on its shape."""
    by_alias = _BY_ALIAS.get(codec.alias or "")
    if by_alias is not None:
        return by_alias(node, scope)
    for kind, reader in _BY_SHAPE.items():
        if isinstance(codec, kind):
            return reader(node, codec, scope)
    raise fault_at(node, f"a value of type {codec.notation} cannot be written", "leave it out")


_BY_ALIAS: dict[str, Callable[[Node, Scope], Any]] = {
    "AccountId": read_account,
    "AssetId": read_asset,
    "Balance": read_any_amount,
}


def _option(node: Node, codec: OptionOf, scope: Scope) -> Any:
    if isinstance(node, Nothing):
        return None
    value = read_value(node, codec.inner, scope)
    return Some(value) if codec.wraps else value


def _list(node: Node, codec: VecOf | ArrayOf | SetOf, scope: Scope) -> tuple[Any, ...]:
    items = _items(node)
    values = all_of(lambda item: read_value(item, codec.inner, scope), items)
    return tuple(sorted(set(values))) if isinstance(codec, SetOf) else tuple(values)


def _tuple(node: Node, codec: TupleOf, scope: Scope) -> tuple[Any, ...]:
    items = _items(node)
    if len(items) != len(codec.items):
        raise fault_at(
            node, f"{len(items)} values where {len(codec.items)} are needed", f"the type is {codec.notation}"
        )
    pairs = list(zip(items, codec.items, strict=True))
    return tuple(all_of(lambda pair: read_value(pair[0], pair[1], scope), pairs))


def _map(node: Node, codec: MapOf, scope: Scope) -> dict[Any, Any]:
    pairs = node.entries if isinstance(node, Table) else [_pair(item) for item in _items(node)]
    keys = all_of(lambda pair: read_value(pair[0], codec.key, scope), pairs)
    values = all_of(lambda pair: read_value(pair[1], codec.value, scope), pairs)
    for index, (key, _) in enumerate(pairs):
        if keys[index] in keys[:index]:
            raise fault_at(key, "this key is given twice", "keep one of them")
    read: dict[Any, Any] = codec.decode(codec.encode(dict(zip(keys, values, strict=True))))  # in the map's order
    return read


def _pair(node: Node) -> tuple[Node, Node]:
    items = _items(node)
    if len(items) != 2:
        raise fault_at(node, "a pair of key and value is needed", "write [key, value]")
    return items[0], items[1]


def _struct(node: Node, codec: StructOf[Any], scope: Scope) -> Any:
    if codec.cls is MultiLocation and isinstance(node, Text) and node.value == "relay":
        return RELAY
    return codec.cls(*_fields(node, codec.fields, scope, codec.notation))


def _enum(node: Node, codec: EnumOf, scope: Scope) -> Any:
    if codec.cls is dispatch.DispatchError and isinstance(node, Text):
        try:
            return read_error(node.value, scope.runtime)
        except KeyError:
            raise Faults([UnknownError.at(node.mark, node.value, error_names(scope.runtime))]) from None
    name, inner = _variant_name(node, codec.notation)
    variant = codec.by_name.get(name)
    if variant is None:
        raise Faults([UnknownName.at(node.mark, name, codec.by_name, codec.notation)])
    if not variant.fields and isinstance(inner, Nothing):
        return variant.cls()
    if variant.positional and len(variant.fields) == 1:
        return variant.cls(read_value(inner, variant.fields[0].codec, scope))
    return variant.cls(*_fields(inner, variant.fields, scope, f"{codec.notation}.{name}"))


def _unit(node: Node, codec: UnitsOf[Any], scope: Scope) -> Any:
    name, _ = _variant_name(node, codec.notation)
    if name not in codec.cls.__members__:
        raise Faults([UnknownName.at(node.mark, name, codec.cls.__members__, codec.notation)])
    return codec.cls[name]


def _result(node: Node, codec: ResultOf, scope: Scope) -> Ok[Any] | Err[Any]:
    name, inner = _variant_name(node, codec.notation)
    if name == "Ok":
        return Ok(() if isinstance(inner, Nothing) else read_value(inner, codec.ok, scope))
    if name == "Err":
        return Err(read_value(inner, codec.err, scope))
    raise Faults([UnknownName.at(node.mark, name, ("Ok", "Err"), "a result")])


def _call(node: Node, codec: RuntimeCallCodec, scope: Scope) -> Call:
    path = node.get("call") if isinstance(node, Table) else None
    if not isinstance(node, Table) or path is None:
        raise fault_at(node, f"{describe(node)} where a call is needed", "write {call: pallet.name, args: {…}}")
    for key, _ in node.entries:
        if key.value not in ("call", "args"):
            raise Faults([UnknownKey.at(key.mark, str(key.value), ("call", "args"))])
    return read_call(path, node.get("args") or Nothing(node.mark), scope)


_BY_SHAPE: dict[Any, Callable[[Any, Any, Any], Any]] = {
    RuntimeCallCodec: _call,
    UnitsOf: _unit,
    NewtypeOf: lambda node, codec, scope: _read(node, codec.inner, scope),
    CompactOf: lambda node, codec, scope: _read(node, codec.inner, scope),
    LateOf: lambda node, codec, scope: _read(node, codec.target, scope),
    UInt: read_integer,
    Int: read_integer,
    Bool: read_bool,
    OptionOf: _option,
    BytesOf: read_bytes,
    FixedBytes: read_bytes,
    Str: read_text,
    VecOf: _list,
    ArrayOf: _list,
    SetOf: _list,
    TupleOf: _tuple,
    MapOf: _map,
    StructOf: _struct,
    EnumOf: _enum,
    ResultOf: _result,
}


# -- helpers -----------------------------------------------------------------------------------------------------------


def _variant_name(node: Node, notation: str) -> tuple[str, Node]:
    """The variant's name and its content: `Name`, or `{Name: fields}`."""
    if isinstance(node, Text):
        return node.value, Nothing(node.mark)
    if isinstance(node, Table) and len(node.entries) == 1:
        key, inner = node.entries[0]
        return str(key.value), inner
    raise fault_at(node, f"{describe(node)} is no variant of {notation}", "write Name, or {Name: fields}")


def _fields(node: Node, fields: Iterable[Field], scope: Scope, inside: str) -> list[Any]:
    """The fields of a struct or variant, by name or in order."""
    named = [(field.name, field.codec) for field in fields]
    if isinstance(node, Table):
        return _read_fields(node, named, scope, inside)
    items = _items(node)
    if len(items) != len(named):
        raise fault_at(node, f"{len(items)} values where {inside} has {len(named)} fields", "write them by name")
    pairs = [(item, codec) for item, (_, codec) in zip(items, named, strict=True)]
    return all_of(lambda pair: read_value(pair[0], pair[1], scope), pairs)


def _read_fields(node: Table, fields: Iterable[tuple[str, AnyCodec]], scope: Scope, inside: str) -> list[Any]:
    """Every field by name; unknown and missing ones are faults. An option that is left out is none."""
    known = dict(fields)
    gathered = Gathered()
    for key, _ in node.entries:
        if str(key.value) not in known:
            gathered.faults.append(UnknownKey.at(key.mark, str(key.value), known, inside))
    for name, codec in known.items():
        held = node.get(name)
        if held is not None:
            gathered.take((held, codec), lambda pair: read_value(pair[0], pair[1], scope))
        elif isinstance(bare(codec), OptionOf):
            gathered.values.append(None)
        else:
            message = f"{inside} needs {name!r}"
            gathered.faults.append(Fault(node.mark, message, f"its type is {codec.alias or codec.notation}"))
    return gathered.settle()


def _items(node: Node) -> tuple[Node, ...]:
    if not isinstance(node, Items):
        raise fault_at(node, f"{describe(node)} where a list is needed", "write [a, b, …]")
    return node.items
