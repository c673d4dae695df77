"""The SCALE types of a registry of types. Source: spec/metadata.md, "Body" and "Type definitions".

A type is known by its id, its place in the list of types.
"""

from enum import IntEnum
from typing import Annotated, ClassVar

from chain.scale import Enum, Struct
from chain.scale.types import Compact, Text, Vec, u8, u32
from chain.scale.units import UnitsOf

TypeId = Compact[u32]
Docs = Vec[Text]
"""Lines of text."""


class Parameter(Struct):
    """A type parameter of a type; without an id it leaves no trace in the bytes."""

    name: Text
    type: TypeId | None


class Member(Struct):
    """A field of a composite or of a variant. Either all of one thing have names or none."""

    name: Text | None
    type: TypeId
    type_name: Text | None
    docs: Docs


class VariantType(Struct):
    """A variant of an enum; `index` is its byte."""

    name: Text
    fields: Vec[Member]
    index: u8
    docs: Docs


class PrimitiveKind(IntEnum):
    """The types that are made of no others. Members are named as the clients spell them."""

    bool = 0
    char = 1
    str = 2
    u8 = 3
    u16 = 4
    u32 = 5
    u64 = 6
    u128 = 7
    u256 = 8
    i8 = 9
    i16 = 10
    i32 = 11
    i64 = 12
    i128 = 13
    i256 = 14


class Definition(Enum):
    """How the values of a type are put together."""


class Composite(Definition):
    """A struct."""

    index: ClassVar[int] = 0
    positional: ClassVar[bool] = True
    fields: Vec[Member]


class Variants(Definition):
    """An enum."""

    index: ClassVar[int] = 1
    positional: ClassVar[bool] = True
    variants: Vec[VariantType]


class Sequence(Definition):
    """Any number of values of one type."""

    index: ClassVar[int] = 2
    positional: ClassVar[bool] = True
    type: TypeId


class Array(Definition):
    """So many values of one type."""

    index: ClassVar[int] = 3
    positional: ClassVar[bool] = True
    length: u32
    type: TypeId


class Tuple(Definition):
    """Values in a row; none of them is the unit."""

    index: ClassVar[int] = 4
    positional: ClassVar[bool] = True
    types: Vec[TypeId]


class Primitive(Definition):
    """A number, a truth value or a text."""

    index: ClassVar[int] = 5
    positional: ClassVar[bool] = True
    kind: Annotated[PrimitiveKind, UnitsOf(PrimitiveKind)]


class CompactInteger(Definition):
    """The compact form of an unsigned integer."""

    index: ClassVar[int] = 6
    positional: ClassVar[bool] = True
    type: TypeId


class BitSequence(Definition):
    """Bits; nothing here has any."""

    index: ClassVar[int] = 7
    positional: ClassVar[bool] = True
    store: TypeId
    order: TypeId


class PortableType(Struct):
    """A type of the registry. `path_` are the Rust modules and the name; made types (tuples, lists) have none."""

    id: TypeId
    path_: Vec[Text]
    params: Vec[Parameter]
    definition: Definition
    docs: Docs
