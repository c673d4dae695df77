"""Compact integers: 1, 2, 4 or more bytes by magnitude. Source: spec/substrate.md §1."""

from collections.abc import Callable
from typing import Any

from chain.scale.codec import AnyCodec, Codec, bare
from chain.scale.composite import StructOf, TupleOf
from chain.scale.errors import EncodeError, NotCanonical, OutOfRange, truncated
from chain.scale.integers import UInt

_from_bytes = int.from_bytes


def encode_compact(value: int) -> bytes:
    """The compact form of an unsigned integer below 2^536; raises EncodeError for any other value."""
    try:
        if value < 0:
            raise EncodeError(f"{value} is negative, and compact integers are not")
        if value < 1 << 6:
            return (value << 2).to_bytes(1, "little")
        if value < 1 << 14:
            return (value << 2 | 1).to_bytes(2, "little")
        if value < 1 << 30:
            return (value << 2 | 2).to_bytes(4, "little")
        size = (value.bit_length() + 7) // 8
        if size > 67:
            raise EncodeError("compact integers end at 2^536")
        return bytes((size - 4 << 2 | 3,)) + value.to_bytes(size, "little")
    except (TypeError, AttributeError):
        raise EncodeError(f"{value!r} is no integer") from None


def compact_reader(bits: int, what: str) -> Callable[[bytes, int], tuple[int, int]]:
    """A reader of compact integers of at most `bits` bits."""
    limit = 1 << bits

    def read(data: bytes, at: int) -> tuple[int, int]:
        try:
            first = data[at]
        except IndexError:
            raise truncated(what, 1, data, at) from None
        mode = first & 3
        if mode == 0:
            return first >> 2, at + 1
        size = 2 if mode == 1 else 4 if mode == 2 else (first >> 2) + 5
        end = at + size
        if end > len(data):
            raise truncated(what, size, data, at)
        if mode == 3:
            value = _from_bytes(data[at + 1 : end], "little")
            shortest = 1 << 30 if size == 5 else 1 << 8 * (size - 2)
        else:
            value = _from_bytes(data[at:end], "little") >> 2
            shortest = 1 << 6 if mode == 1 else 1 << 14
        if value < shortest:
            raise NotCanonical(f"{what} at offset {at}: {value} in {size} bytes is not its shortest form")
        if value >= limit:
            raise OutOfRange(f"{what} at offset {at}: {value} is too large")
        return value, end

    return read


read_length = compact_reader(32, "a length")
"""Reader of the counts and lengths that collections begin with."""


class CompactOf(Codec[Any]):
    """The compact form of `inner`: an unsigned integer, a one-field struct of one, or `()`."""

    inner: AnyCodec

    def __init__(self, inner: AnyCodec) -> None:
        self.inner = inner
        notation = f"Compact<{inner.notation}>"
        encode, read, minimum = _compact(inner, notation)
        super().__init__(notation, encode, read, minimum)
        self.alias = inner.alias


Parts = tuple[Callable[[Any], bytes], Callable[[bytes, int], tuple[Any, int]], int]


def _compact(inner: AnyCodec, notation: str) -> Parts:
    core = bare(inner)
    if isinstance(core, UInt):
        return _compact_integer(core.bits, notation)
    if isinstance(core, TupleOf) and not core.items:
        return core.encode, core.read, 0
    if isinstance(core, StructOf) and len(core.fields) == 1:
        return _compact_struct(core, notation)
    raise TypeError(f"{inner.notation} has no compact form")


def _compact_integer(bits: int, notation: str) -> Parts:
    limit = 1 << bits

    def encode(value: int) -> bytes:
        if value.__class__ is int and value < limit:
            return encode_compact(value)
        raise EncodeError(f"{value!r} is no {notation}")

    return encode, compact_reader(bits, notation), 1


def _compact_struct(struct: StructOf[Any], notation: str) -> Parts:
    cls, field = struct.cls, struct.fields[0]
    encode_field, read_field, minimum = _compact(field.codec, notation)

    def encode(value: Any) -> bytes:
        if value.__class__ is not cls:
            raise EncodeError(f"{value!r} is no {notation}")
        return encode_field(getattr(value, field.attribute))

    def read(data: bytes, at: int) -> tuple[Any, int]:
        value, at = read_field(data, at)
        return cls(value), at

    return encode, read, minimum
