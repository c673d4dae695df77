"""Bytes, text, and many values of one type. Source: spec/substrate.md §1."""

from collections.abc import Callable
from typing import Any

from chain.scale.codec import AnyCodec, Codec, Leaf
from chain.scale.compact import encode_compact, read_length
from chain.scale.errors import BadText, EncodeError, TooLong, Truncated, truncated
from chain.scale.integers import UInt

MOST_EMPTY = 1024
"""A collection of items that take no bytes may claim this many: nothing else bounds it."""


class BytesOf(Codec[bytes]):
    """`Vec<u8>`, with at most `maximum` bytes where it is bounded."""

    maximum: int | None

    def __init__(self, maximum: int | None = None) -> None:
        self.maximum = maximum
        notation = "Vec<u8>" if maximum is None else "BoundedVec<u8>"
        read = _bytes_reader(maximum, notation)

        def encode(value: bytes) -> bytes:
            if not isinstance(value, bytes) or (maximum is not None and len(value) > maximum):
                raise EncodeError(f"{value!r} is no {notation}{_at_most(maximum)}")
            return encode_compact(len(value)) + value

        super().__init__(notation, encode, read, 1)


class Str(Codec[str]):
    """UTF-8 text, with at most `maximum` bytes where it is bounded."""

    maximum: int | None

    def __init__(self, maximum: int | None = None) -> None:
        self.maximum = maximum
        read_bytes = _bytes_reader(maximum, "str")

        def encode(value: str) -> bytes:
            if not isinstance(value, str):
                raise EncodeError(f"{value!r} is no str")
            try:
                data = value.encode()
            except UnicodeEncodeError as error:
                raise EncodeError(f"{value!r} is no str: {error}") from None
            if maximum is not None and len(data) > maximum:
                raise EncodeError(f"{value!r} is no str{_at_most(maximum)}")
            return encode_compact(len(data)) + data

        def read(data: bytes, at: int) -> tuple[str, int]:
            text, end = read_bytes(data, at)
            try:
                return text.decode(), end
            except UnicodeDecodeError as error:
                raise BadText(f"str at offset {at} is not UTF-8: {error}") from None

        super().__init__("str", encode, read, 1)


def _at_most(maximum: int | None) -> str:
    return "" if maximum is None else f" of at most {maximum} bytes"


def _bytes_reader(maximum: int | None, what: str) -> Callable[[bytes, int], tuple[bytes, int]]:
    def read(data: bytes, at: int) -> tuple[bytes, int]:
        size, start = read_length(data, at)
        end = start + size
        if end > len(data):
            raise truncated(what, size, data, start)
        if maximum is not None and size > maximum:
            raise TooLong(f"{what} at offset {at} has {size} bytes, at most {maximum} are allowed")
        return data[start:end], end

    return read


class FixedBytes(Codec[bytes]):
    """`[u8; length]`."""

    length: int

    def __init__(self, length: int) -> None:
        self.length = length
        notation = f"[u8; {length}]"

        def encode(value: bytes) -> bytes:
            if not isinstance(value, bytes) or len(value) != length:
                raise EncodeError(f"{value!r} is no {notation}")
            return value

        def read(data: bytes, at: int) -> tuple[bytes, int]:
            end = at + length
            if end > len(data):
                raise truncated(notation, length, data, at)
            return data[at:end], end

        refuse = f"{{0}}.__class__ is not bytes or len({{0}}) != {length}"
        super().__init__(notation, encode, read, length, Leaf(f"{length}s", refuse_write=refuse))


Items = tuple[Any, ...]


class VecOf(Codec[Items]):
    """`Vec<inner>` as a tuple, with at most `maximum` items where it is bounded."""

    inner: AnyCodec
    maximum: int | None

    def __init__(self, inner: AnyCodec, maximum: int | None = None) -> None:
        self.inner = inner
        self.maximum = maximum
        bounded = "" if maximum is None else "Bounded"
        notation = f"{bounded}Vec<{inner.notation}>"
        encode_item = inner.encode

        def encode(value: Items) -> bytes:
            if not isinstance(value, tuple):
                raise EncodeError(f"{value!r} is no {notation}: a tuple is wanted")
            if maximum is not None and len(value) > maximum:
                raise EncodeError(f"{notation} of {len(value)} items, at most {maximum} are allowed")
            return encode_compact(len(value)) + b"".join([encode_item(item) for item in value])

        super().__init__(notation, encode, items_reader(inner, notation, maximum), 1)


def items_reader(
    inner: AnyCodec, notation: str, maximum: int | None
) -> Callable[[bytes, int], tuple[Items, int]]:
    """A reader of `Compact(count) ++ items`, which believes no count that the bytes left cannot hold."""
    read_item, minimum = inner.read, inner.minimum
    most = maximum if maximum is not None else MOST_EMPTY

    def read(data: bytes, at: int) -> tuple[Items, int]:
        count, at = read_length(data, at)
        if count * minimum > len(data) - at:
            raise Truncated(f"{notation} of {count} items at offset {at}, {len(data) - at} bytes left")
        if count > most and (maximum is not None or minimum == 0):
            raise TooLong(f"{notation} of {count} items at offset {at}, at most {most} are allowed")
        items: list[Any] = []
        append = items.append
        for _ in range(count):
            item, at = read_item(data, at)
            append(item)
        return tuple(items), at

    return read


class ArrayOf(Codec[Items]):
    """`[inner; length]` as a tuple."""

    inner: AnyCodec
    length: int

    def __init__(self, inner: AnyCodec, length: int) -> None:
        self.inner = inner
        self.length = length
        notation = f"[{inner.notation}; {length}]"
        minimum = inner.minimum * length
        encode_item, read_item = inner.encode, inner.read

        def encode(value: Items) -> bytes:
            if not isinstance(value, tuple) or len(value) != length:
                raise EncodeError(f"{value!r} is no {notation}")
            return b"".join([encode_item(item) for item in value])

        def read(data: bytes, at: int) -> tuple[Items, int]:
            if minimum > len(data) - at:
                raise truncated(notation, minimum, data, at)
            items: list[Any] = []
            for _ in range(length):
                item, at = read_item(data, at)
                items.append(item)
            return tuple(items), at

        super().__init__(notation, encode, read, minimum)


def vec_of(inner: AnyCodec, maximum: int | None = None) -> BytesOf | VecOf:
    """`Vec<inner>`; of u8, that is bytes."""
    return BytesOf(maximum) if _is_byte(inner) else VecOf(inner, maximum)


def array_of(inner: AnyCodec, length: int) -> FixedBytes | ArrayOf:
    """`[inner; length]`; of u8, that is bytes."""
    return FixedBytes(length) if _is_byte(inner) else ArrayOf(inner, length)


def _is_byte(codec: AnyCodec) -> bool:
    return isinstance(codec, UInt) and codec.bits == 8


BYTES = BytesOf()
STR = Str()
