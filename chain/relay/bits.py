"""Bit vectors, least significant bit first. Source: spec/substrate.md §1, spec/relay.md §4.6."""

from typing import Annotated

from chain.scale import Codec, DecodeError, encode_compact, read_length

Bits = tuple[bool, ...]


class BitsOf(Codec[Bits]):
    """`Compact(count)`, then the bits eight to a byte; the bits behind the last are zero."""

    def __init__(self) -> None:
        super().__init__("BitVec<u8, Lsb0>", self._encode, self._read, 1)

    def _encode(self, value: Bits) -> bytes:
        packed = bytearray((len(value) + 7) // 8)
        for place, bit in enumerate(value):
            packed[place // 8] |= bit << place % 8
        return encode_compact(len(value)) + bytes(packed)

    def _read(self, data: bytes, at: int) -> tuple[Bits, int]:
        count, at = read_length(data, at)
        end = at + (count + 7) // 8
        if end > len(data):
            raise DecodeError(f"{count} bits need {end - at} bytes at offset {at}, {len(data) - at} left")
        bits = tuple(bool(data[at + place // 8] >> place % 8 & 1) for place in range(count))
        if count % 8 and data[end - 1] >> count % 8:
            raise DecodeError(f"set bits behind the last of {count} at offset {end - 1}")
        return bits, end


BITS = BitsOf()
BitVec = Annotated[Bits, BITS]
