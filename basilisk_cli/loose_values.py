"""Values as Chopsticks takes them, which are polkadot.js's: looser than those of trade scripts.

Fields that are left out are what they are by default, or zero; names may be in camelCase, and integers texts, decimal
or in hex.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from amm.scopes import CODE, Value, to_node
from amm.scripts.source import Items, Node, Text
from amm.scripts.source import Mapping as Table
from chain.scale import AnyCodec, ArrayOf, EnumOf, Int, OptionOf, StructOf, TupleOf, UInt, VecOf
from chain.scale.composite import Field
from chain.scale.plain import core_of

_INTEGER = re.compile(r"-?[0-9]+|0x[0-9a-fA-F]+")
_ROOM = 4_096
"""Bytes that a value may take in which everything is zero."""


def folded(name: str) -> str:
    """What names have in common that differ in case and underscores only."""
    return name.replace("_", "").casefold()


def loose_node(value: Any, codec: AnyCodec) -> Node:
    """The node that `amm.arguments.read_value` reads: complete, its names those of the type. Raises ValueError."""
    if isinstance(value, float):
        raise ValueError(f"{value!r} is no exact number: write an integer, or a text")
    core = core_of(codec)
    if isinstance(core, UInt | Int) and isinstance(value, str) and _INTEGER.fullmatch(value):
        return to_node(int(value, 16 if value.startswith("0x") else 10))
    if isinstance(core, OptionOf) and value is not None:
        return loose_node(value, core.inner)
    if isinstance(core, StructOf) and isinstance(value, dict):
        return _table(value, core.fields, core.cls)
    if isinstance(core, EnumOf) and isinstance(value, dict) and len(value) == 1:
        return _variant(core, *next(iter(value.items())))
    if isinstance(core, VecOf | ArrayOf) and isinstance(value, list):
        return _items([loose_node(item, core.inner) for item in value])
    if isinstance(core, TupleOf) and isinstance(value, list) and len(value) == len(core.items):
        return _items([loose_node(item, part) for item, part in zip(value, core.items, strict=True)])
    return to_node(value)


def zero(codec: AnyCodec) -> Any:
    """The value whose bytes are all zero: 0, false, none, nothing in a list, the first variant."""
    return codec.read(bytes(_ROOM), 0)[0]


def _table(value: Mapping[str, Any], fields: Sequence[Field], cls: type) -> Node:
    """All fields; names that are none of them stay, to be told of."""
    known = {folded(field.name): field for field in fields}
    given: list[tuple[Text, Node]] = []
    for name, inner in value.items():
        field = known.get(folded(name))
        node = to_node(inner) if field is None else loose_node(inner, field.codec)
        given.append((Text(CODE, name if field is None else field.name), node))
    written = {key.value for key, _ in given}
    defaults = {each.name: each.default for each in msgspec.structs.fields(cls)}
    for field in fields:
        if field.name not in written:
            default = defaults[field.attribute]
            default = zero(field.codec) if default is msgspec.NODEFAULT else default
            given.append((Text(CODE, field.name), Value(CODE, default)))
    return Table(CODE, tuple(given))


def _variant(codec: EnumOf, name: str, inner: Any) -> Node:
    variant = codec.by_name.get(name)
    node = to_node(inner)
    if variant is not None and variant.positional and len(variant.fields) == 1:
        node = loose_node(inner, variant.fields[0].codec)
    elif variant is not None and not variant.positional and isinstance(inner, dict):
        node = _table(inner, variant.fields, variant.cls)
    return Table(CODE, ((Text(CODE, name), node),))


def _items(nodes: list[Node]) -> Node:
    return Items(CODE, tuple(nodes))
