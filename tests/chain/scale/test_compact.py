"""Compact integers: the four modes, their borders, and the one shortest form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.scale import CompactOf, DecodeError, EncodeError, Struct, codec_of, encode_compact
from chain.scale.errors import NotCanonical, OutOfRange, Truncated
from chain.scale.types import BYTES, PERBILL, U8, U32, U64, U128, UNIT, Compact, u128

BORDERS = [
    (0, "00"),
    (63, "fc"),
    (64, "0101"),
    (16383, "fdff"),
    (16384, "02000100"),
    ((1 << 30) - 1, "feffffff"),
    (1 << 30, "0300000040"),
    ((1 << 32) - 1, "03ffffffff"),
    (1 << 32, "070000000001"),
    ((1 << 64) - 1, "13" + "ff" * 8),
    (1 << 64, "17" + "00" * 8 + "01"),
    ((1 << 128) - 1, "33" + "ff" * 16),
]


@pytest.mark.parametrize(("value", "data"), BORDERS)
def test_borders_of_the_modes(value: int, data: str) -> None:
    codec = CompactOf(U128)
    assert codec.encode(value).hex() == data
    assert codec.decode(bytes.fromhex(data)) == value


@given(st.integers(0, (1 << 536) - 1))
def test_the_length_grows_with_the_value(value: int) -> None:
    data = encode_compact(value)
    expected = 1 if value < 1 << 6 else 2 if value < 1 << 14 else 4 if value < 1 << 30 else None
    assert len(data) == (expected or 1 + (value.bit_length() + 7) // 8)


@pytest.mark.parametrize("value", [-1, 1 << 536, "1", 1.5, None])
def test_what_has_no_compact_form(value: int) -> None:
    with pytest.raises(EncodeError):
        encode_compact(value)


@given(st.binary(min_size=1, max_size=20))
def test_only_the_shortest_form_is_decoded(data: bytes) -> None:
    try:
        value = CompactOf(U128).decode(data)
    except DecodeError:
        return
    assert encode_compact(value) == data


@pytest.mark.parametrize("codec", [U8, U32, U64, U128], ids=repr)
def test_the_range_is_the_type_s(codec: object) -> None:
    compact = CompactOf(codec)  # type: ignore[arg-type]
    limit = 1 << codec.bits  # type: ignore[attr-defined]
    assert compact.decode(encode_compact(limit - 1)) == limit - 1
    with pytest.raises(OutOfRange):
        compact.decode(encode_compact(limit))
    with pytest.raises(EncodeError):
        compact.encode(limit)


def test_longer_forms_and_truncation() -> None:
    for data in ("0100", "02000000", "03ffffff3f", "0700000040" + "00"):
        with pytest.raises(NotCanonical):
            CompactOf(U64).decode(bytes.fromhex(data))
    for data in ("", "01", "020000", "03ffffff", "33ff"):
        with pytest.raises(Truncated):
            CompactOf(U128).decode(bytes.fromhex(data))


class Wrapped(Struct):
    inner: u128


def test_compact_of_structs_and_unit() -> None:
    assert CompactOf(PERBILL).encode(64) == b"\x01\x01"
    assert CompactOf(UNIT).encode(()) == b""
    assert CompactOf(UNIT).decode(b"") == ()
    codec = codec_of(Compact[Wrapped])
    assert codec.notation == "Compact<Wrapped>"
    assert codec.encode(Wrapped(64)) == b"\x01\x01"
    assert codec.decode(b"\x01\x01") == Wrapped(64)
    with pytest.raises(TypeError):
        CompactOf(BYTES)
