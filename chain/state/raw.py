"""Storage values as the bytes they are. Source: spec/substrate.md §2."""

from chain.scale.codec import Codec


def _same(value: bytes) -> bytes:
    return value


def _rest(data: bytes, at: int) -> tuple[bytes, int]:
    return data[at:], len(data)


RAW: Codec[bytes] = Codec("Bytes", _same, _rest, 0)
"""The codec of raw access: the value is the whole of the encoding, without a length before it."""
