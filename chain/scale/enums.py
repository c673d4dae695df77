"""Enums: one index byte, then the fields of the variant. Source: spec/substrate.md §1."""

from collections.abc import Sequence
from typing import Any, ClassVar

import msgspec

from chain.scale.codec import AnyCodec, Codec
from chain.scale.composite import Field, Struct, fields_of
from chain.scale.errors import BadTag, EncodeError, truncated
from chain.scale.straight import Reader, Row, Writer, straight_reader, straight_writer


class Enum(Struct, frozen=True):
    """Base of SCALE enums. An enum is a direct subclass; its variants are the subclasses of that.

    A variant states its `index`, its `variant` name where the class is called otherwise, and `positional`
    if SCALE's fields have no names. A field that would hide one of these ends in an underscore.
    """

    index: ClassVar[int]
    variant: ClassVar[str]
    positional: ClassVar[bool] = False

    def __init_subclass__(cls) -> None:
        if "__scale__" in cls.__bases__[0].__dict__:
            raise TypeError(f"{cls.__name__} is too late: {cls.__bases__[0].__name__} has its codec")
        super().__init_subclass__()


class Variant(msgspec.Struct, frozen=True):
    """One variant: SCALE's name and index, its fields, the class of its values."""

    name: str
    index: int
    fields: tuple[Field, ...]
    cls: type
    positional: bool = False


def variant_of(
    cls: type, name: str, index: int, fields: Sequence[tuple[str, AnyCodec]], positional: bool = False
) -> Variant:
    """The variant whose values are instances of `cls`, made by position."""
    return Variant(name, index, fields_of(fields), cls, positional)


class EnumOf(Codec[Any]):
    """An enum: instances of the variants' classes. `cls` is their common base."""

    cls: type
    variants: tuple[Variant, ...]
    by_name: dict[str, Variant]
    by_class: dict[type, Variant]

    def __init__(
        self, cls: type, variants: Sequence[Variant], notation: str | None = None, path: str = ""
    ) -> None:
        self.cls = cls
        self.variants = tuple(sorted(variants, key=lambda variant: variant.index))
        self.by_name = {variant.name: variant for variant in self.variants}
        self.by_class = {variant.cls: variant for variant in self.variants}
        notation = notation or cls.__name__
        indices = {variant.index for variant in self.variants}
        if not len(self.variants) == len(self.by_name) == len(self.by_class) == len(indices):
            raise TypeError(f"{notation}: two variants share a name, an index or a class")
        readers, writers = _compile(notation, self.variants)
        encode, read = _encoder(notation, writers), _reader(notation, readers)
        super().__init__(notation, encode, read, self._minimum(), path=path)

    def _minimum(self) -> int:
        sizes = (sum(field.codec.minimum for field in variant.fields) for variant in self.variants)
        return 1 + min(sizes, default=0)


def _compile(notation: str, variants: Sequence[Variant]) -> tuple[list[Reader | None], dict[type, Writer]]:
    readers: list[Reader | None] = [None] * 256
    writers: dict[type, Writer] = {}
    for variant in variants:
        codecs = tuple(field.codec for field in variant.fields)
        attributes = tuple(field.attribute for field in variant.fields)
        row = Row(f"{notation}::{variant.name}", codecs, variant.cls, attributes)
        readers[variant.index] = straight_reader(row)
        writers[variant.cls] = straight_writer(row, bytes((variant.index,)))
    return readers, writers


def _reader(notation: str, readers: list[Reader | None]) -> Reader:
    def read(data: bytes, at: int) -> tuple[Any, int]:
        try:
            reader = readers[data[at]]
        except IndexError:
            raise truncated(notation, 1, data, at) from None
        if reader is None:
            raise BadTag(f"{notation} at offset {at} has no variant {data[at]}")
        return reader(data, at + 1)

    return read


def _encoder(notation: str, writers: dict[type, Writer]) -> Writer:
    def encode(value: Any) -> bytes:
        writer = writers.get(value.__class__)
        if writer is None:
            raise EncodeError(f"{value!r} is no variant of {notation}")
        return writer(value)

    return encode
