"""Fixed-width integers and bool. Source: spec/substrate.md §1."""

import struct
from collections.abc import Callable

from chain.scale.codec import Codec, Leaf
from chain.scale.errors import BadTag, EncodeError, truncated

_FORMATS = {8: "B", 16: "H", 32: "I", 64: "Q"}


class UInt(Codec[int]):
    """An unsigned integer of `bits` bits, little-endian."""

    bits: int

    def __init__(self, bits: int) -> None:
        self.bits = bits
        encode, read, leaf = _integer(f"u{bits}", bits, signed=False)
        super().__init__(f"u{bits}", encode, read, bits // 8, leaf)


class Int(Codec[int]):
    """A signed integer of `bits` bits, two's complement, little-endian."""

    bits: int

    def __init__(self, bits: int) -> None:
        self.bits = bits
        encode, read, leaf = _integer(f"i{bits}", bits, signed=True)
        super().__init__(f"i{bits}", encode, read, bits // 8, leaf)


Encode = Callable[[int], bytes]
Read = Callable[[bytes, int], tuple[int, int]]


def _integer(name: str, bits: int, signed: bool) -> tuple[Encode, Read, Leaf]:
    if bits in _FORMATS:
        format_ = _FORMATS[bits].lower() if signed else _FORMATS[bits]
        encode, read = _narrow(name, format_)
        return encode, read, Leaf(format_)
    encode, read = _wide(name, bits // 8, signed)
    sign = ", signed=True" if signed else ""
    join = f'from_bytes({{0}}, "little"{sign})'
    return encode, read, Leaf(f"{bits // 8}s", join, f'{{0}}.to_bytes({bits // 8}, "little"{sign})')


def _narrow(name: str, format_: str) -> tuple[Encode, Read]:
    """Up to 64 bits: `struct` reads and checks."""
    packer = struct.Struct("<" + format_)
    pack, unpack_from, size = packer.pack, packer.unpack_from, packer.size

    def encode(value: int) -> bytes:
        try:
            return pack(value)
        except struct.error:
            raise EncodeError(f"{value!r} is no {name}") from None

    def read(data: bytes, at: int) -> tuple[int, int]:
        try:
            return unpack_from(data, at)[0], at + size
        except struct.error:
            raise truncated(name, size, data, at) from None

    return encode, read


def _wide(name: str, size: int, signed: bool) -> tuple[Encode, Read]:
    """More than 64 bits: `int` does both."""
    from_bytes = int.from_bytes

    def encode(value: int) -> bytes:
        try:
            return value.to_bytes(size, "little", signed=signed)
        except (OverflowError, AttributeError, TypeError):
            raise EncodeError(f"{value!r} is no {name}") from None

    def read(data: bytes, at: int) -> tuple[int, int]:
        end = at + size
        if end > len(data):
            raise truncated(name, size, data, at)
        return from_bytes(data[at:end], "little", signed=signed), end

    return encode, read


class Bool(Codec[bool]):
    """`00` or `01`, nothing else."""

    def __init__(self) -> None:
        leaf = Leaf("B", "{0} == 1", "{0}", "{0} > 1", "{0} is not True and {0} is not False")
        super().__init__("bool", _encode_bool, _read_bool, 1, leaf)


def _encode_bool(value: bool) -> bytes:
    if value is True:
        return b"\x01"
    if value is False:
        return b"\x00"
    raise EncodeError(f"{value!r} is no bool")


def _read_bool(data: bytes, at: int) -> tuple[bool, int]:
    try:
        tag = data[at]
    except IndexError:
        raise truncated("bool", 1, data, at) from None
    if tag > 1:
        raise BadTag(f"bool at offset {at} is {tag}, not 0 or 1")
    return tag == 1, at + 1


U8, U16, U32, U64, U128, U256 = (UInt(bits) for bits in (8, 16, 32, 64, 128, 256))
I8, I16, I32, I64, I128, I256 = (Int(bits) for bits in (8, 16, 32, 64, 128, 256))
BOOL = Bool()
