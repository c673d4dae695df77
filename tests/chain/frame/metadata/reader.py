"""Reading values by nothing but a registry of types, as a client does that knows only the metadata."""

from collections.abc import Iterable, Sequence
from typing import Any

from chain.frame.metadata import portable
from chain.frame.metadata.types import MetadataV14, Plain
from chain.scale.compact import compact_reader

SIZES = {"bool": 1, "char": 4, **{f"{sign}{bits}": bits // 8 for sign in "ui" for bits in (8, 16, 32, 64, 128, 256)}}
_count = compact_reader(536, "a compact")


class Reader:
    """`read(id, data, at)` gives a value in plain data and where it ends."""

    def __init__(self, types: Sequence[portable.PortableType]) -> None:
        self.types = types

    def decode(self, id: int, data: bytes) -> Any:
        """The value that the whole of `data` is."""
        value, at = self.read(id, data, 0)
        assert at == len(data), f"{len(data) - at} bytes left over"
        return value

    def read(self, id: int, data: bytes, at: int) -> tuple[Any, int]:
        definition = self.types[id].definition
        match definition:
            case portable.Composite(fields):
                return self._fields(fields, data, at)
            case portable.Variants(variants):
                (variant,) = [each for each in variants if each.index == data[at]]
                value, at = self._fields(variant.fields, data, at + 1)
                return {variant.name: value}, at
            case portable.Sequence(item):
                count, at = _count(data, at)
                return self._row([item] * count, data, at)
            case portable.Array(length, item):
                return self._row([item] * length, data, at)
            case portable.Tuple(items):
                return self._row(items, data, at)
            case portable.CompactInteger(_):
                return _count(data, at)
            case portable.Primitive(kind):
                return self._primitive(kind, data, at)
        raise AssertionError(definition)

    def _primitive(self, kind: portable.PrimitiveKind, data: bytes, at: int) -> tuple[Any, int]:
        if kind is portable.PrimitiveKind.str:
            size, at = _count(data, at)
            assert at + size <= len(data)
            return data[at : at + size].decode(), at + size
        end = at + SIZES[kind.name]
        assert end <= len(data)
        number = int.from_bytes(data[at:end], "little", signed=kind.name.startswith("i"))
        if kind is portable.PrimitiveKind.bool:
            assert number < 2
        return number, end

    def _row(self, items: Iterable[int], data: bytes, at: int) -> tuple[list[Any], int]:
        values = []
        for item in items:
            value, at = self.read(item, data, at)
            values.append(value)
        return values, at

    def _fields(self, fields: Sequence[portable.Member], data: bytes, at: int) -> tuple[Any, int]:
        values, at = self._row([field.type for field in fields], data, at)
        if not fields or fields[0].name is None:
            return values, at
        return {field.name: value for field, value in zip(fields, values, strict=True)}, at


def check_self(metadata: MetadataV14 | Any) -> None:
    """What must hold of any metadata: ids are places, every reference leads somewhere, every value decodes."""
    types = metadata.types
    assert [entry.id for entry in types] == list(range(len(types)))
    assert len({(entry.path_, entry.params, entry.definition) for entry in types}) == len(types)
    for entry in types:
        assert all(id < len(types) for id in references(entry)), entry
        check_names(entry)
    reader = Reader(types)
    for pallet in metadata.pallets:
        assert all(id is None or id < len(types) for id in (pallet.calls, pallet.events, pallet.errors))
        for constant in pallet.constants:
            reader.decode(constant.type, constant.value)
        for item in pallet.storage.entries if pallet.storage else ():
            value = item.kind.value
            assert value < len(types)
            if item.modifier.name == "Default":
                reader.decode(value, item.default)
            else:
                assert item.default == b"\x00"
            if not isinstance(item.kind, Plain):
                key = types[item.kind.key].definition
                assert len(item.kind.hashers) == 1 or len(key.types) == len(item.kind.hashers)


def references(entry: portable.PortableType) -> list[int]:
    """The ids that a type names."""
    definition = entry.definition
    found = [param.type for param in entry.params if param.type is not None]
    match definition:
        case portable.Composite(fields):
            return found + [field.type for field in fields]
        case portable.Variants(variants):
            return found + [field.type for variant in variants for field in variant.fields]
        case portable.Tuple(items):
            return found + list(items)
        case portable.Primitive(_):
            return found
    return [*found, definition.type]


def check_names(entry: portable.PortableType) -> None:
    """All fields of one thing have names, or none; variants differ in name and index."""
    match entry.definition:
        case portable.Composite(fields):
            groups = [fields]
        case portable.Variants(variants):
            groups = [variant.fields for variant in variants]
            assert len({variant.index for variant in variants}) == len(variants)
            assert len({variant.name for variant in variants}) == len(variants)
        case _:
            groups = []
    for fields in groups:
        assert len({field.name is None for field in fields}) <= 1
