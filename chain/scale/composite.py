"""Items in a row, without a length: tuples and structs. Source: spec/substrate.md §1."""

from collections.abc import Sequence
from typing import Any, ClassVar, NamedTuple, TypeVar, dataclass_transform

import msgspec

from chain.scale.codec import AnyCodec, Codec, T
from chain.scale.straight import Row, straight_reader, straight_writer

S = TypeVar("S")


@dataclass_transform(frozen_default=True, order_default=True, field_specifiers=(msgspec.field,))
class Struct(msgspec.Struct, frozen=True, order=True, gc=False):
    """Base of SCALE structs: fields by annotation, in order.

    A trailing underscore keeps a field's name clear of Python's keywords and of the class attributes here;
    it is no part of the SCALE name. `notation` is the type's name where it is not the class's, `path` the
    Rust path that metadata gives.
    """

    notation: ClassVar[str]
    path: ClassVar[str]


class Field(NamedTuple):
    """One named field; `name` is SCALE's, `attribute` Python's. Unnamed fields are named by their place."""

    name: str
    codec: AnyCodec
    attribute: str


def fields_of(fields: Sequence[tuple[str, AnyCodec]]) -> tuple[Field, ...]:
    """Fields from pairs of attribute name and codec."""
    return tuple(Field(name.removesuffix("_"), codec, name) for name, codec in fields)


class Composite(Codec[T]):
    """A codec whose value is made of the values of `items`."""

    items: tuple[AnyCodec, ...]
    row: Row

    def __init__(self, notation: str, row: Row, path: str = "") -> None:
        self.row = row
        self.items = row.items
        encode, read = straight_writer(row), straight_reader(row)
        super().__init__(notation, encode, read, sum(item.minimum for item in row.items), path=path)


class TupleOf(Composite[tuple[Any, ...]]):
    """A tuple; `TupleOf([])` is the unit type, whose value is `()`."""

    def __init__(self, items: Sequence[AnyCodec], notation: str | None = None) -> None:
        if notation is None:
            notation = f"({', '.join(item.notation for item in items)})"
        super().__init__(notation, Row(notation, tuple(items)))


class StructOf(Composite[S]):
    """A struct: instances of `cls`, made by position."""

    cls: type[S]
    fields: tuple[Field, ...]

    def __init__(
        self,
        cls: type[S],
        fields: Sequence[tuple[str, AnyCodec]],
        notation: str | None = None,
        path: str = "",
    ) -> None:
        self.cls = cls
        self.fields = fields_of(fields)
        notation = notation or cls.__name__
        attributes = tuple(name for name, _ in fields)
        row = Row(notation, tuple(codec for _, codec in fields), cls, attributes)
        super().__init__(notation, row, path)


UNIT = TupleOf([])
