"""Bytes, text, vectors, arrays, options and results: bounds and lengths."""

from typing import Any

import pytest

from chain.scale import (
    AnyCodec,
    ArrayOf,
    BytesOf,
    DecodeError,
    EncodeError,
    Err,
    FixedBytes,
    MapOf,
    Ok,
    OptionOf,
    ResultOf,
    SetOf,
    Some,
    Str,
    TupleOf,
    VecOf,
    encode_compact,
)
from chain.scale.errors import BadTag, BadText, TooLong, Truncated
from chain.scale.types import BOOL, BYTES, STR, U8, U32, U64, UNIT

HUGE = encode_compact((1 << 32) - 1)


@pytest.mark.parametrize(
    "codec",
    [
        BYTES,
        STR,
        VecOf(U32),
        VecOf(UNIT),
        VecOf(BOOL),
        VecOf(BYTES),
        SetOf(U32),
        SetOf(UNIT),
        MapOf(U8, UNIT),
        MapOf(UNIT, UNIT),
        VecOf(TupleOf([UNIT, UNIT])),
        VecOf(ArrayOf(UNIT, 4)),
    ],
    ids=repr,
)
def test_a_huge_length_is_refused_before_anything_is_made(codec: AnyCodec) -> None:
    with pytest.raises((Truncated, TooLong)):
        codec.decode(HUGE)
    with pytest.raises((Truncated, TooLong)):
        codec.decode(HUGE + bytes(1000))


def test_items_without_bytes() -> None:
    codec = VecOf(UNIT)
    assert codec.decode(codec.encode(((),) * 1000)) == ((),) * 1000
    with pytest.raises(TooLong):
        codec.decode(encode_compact(1025))


@pytest.mark.parametrize(
    ("codec", "fits", "over"),
    [
        (BytesOf(3), b"abc", b"abcd"),
        (Str(3), "aé", "éé"),
        (VecOf(U8.named("x"), 2), (1, 2), (1, 2, 3)),
        (SetOf(U32, 2), (1, 2), (1, 2, 3)),
        (MapOf(U32, U8, 1), {1: 1}, {1: 1, 2: 2}),
        (VecOf(UNIT, 2), ((), ()), ((), (), ())),
    ],
)
def test_a_bound_holds_both_ways(codec: Any, fits: Any, over: Any) -> None:
    assert codec.decode(codec.encode(fits)) == fits
    with pytest.raises(EncodeError):
        codec.encode(over)
    unbounded = type(codec)(*((codec.key, codec.value) if isinstance(codec, MapOf) else _inner(codec)))
    with pytest.raises(TooLong):
        codec.decode(unbounded.encode(over))


def _inner(codec: Any) -> tuple[Any, ...]:
    return (codec.inner,) if hasattr(codec, "inner") else ()


def test_text_is_utf8() -> None:
    assert STR.encode("é") == b"\x08\xc3\xa9"
    for data in (b"\x04\xff", b"\x04\xc3", b"\x0c\xed\xa0\x80"):
        with pytest.raises(BadText):
            STR.decode(data)
    with pytest.raises(EncodeError):
        STR.encode("\ud800")


def test_fixed_lengths() -> None:
    assert FixedBytes(0).decode(b"") == b""
    assert ArrayOf(U32, 2).encode((1, 2)) == bytes.fromhex("0100000002000000")
    for codec, wrong in ((FixedBytes(2), b"abc"), (ArrayOf(U32, 2), (1,)), (ArrayOf(U32, 2), [1, 2])):
        with pytest.raises(EncodeError):
            codec.encode(wrong)  # type: ignore[arg-type]
    with pytest.raises(Truncated):
        ArrayOf(U64, 2).decode(bytes(15))


@pytest.mark.parametrize(
    ("codec", "wrong"),
    [
        (BYTES, "text"),
        (BYTES, 5),
        (STR, b"bytes"),
        (VecOf(U32), [1]),
        (VecOf(U32), None),
        (VecOf(U32), (1, "2")),
        (MapOf(U32, U32), ((1, 2),)),
        (SetOf(U32), [1]),
        (SetOf(U32), (1, "2")),
        (SetOf(U32), ([], [])),
        (TupleOf([U32]), [1]),
        (TupleOf([U32]), (1, 2)),
        (UNIT, None),
    ],
)
def test_other_values_are_refused(codec: AnyCodec, wrong: Any) -> None:
    with pytest.raises(EncodeError):
        codec.encode(wrong)


def test_maps_ascend() -> None:
    codec = MapOf(U32, STR)
    assert codec.encode({256: "b", 1: "a"}) == codec.encode({1: "a", 256: "b"})
    unordered = bytes.fromhex("08") + U32.encode(256) + STR.encode("b") + U32.encode(1) + STR.encode("a")
    assert list(codec.decode(unordered)) == [1, 256]
    twice = bytes.fromhex("08") + U32.encode(1) + STR.encode("b") + U32.encode(1) + STR.encode("a")
    assert codec.decode(twice) == {1: "a"}


def test_sets_ascend_once() -> None:
    codec = SetOf(OptionOf(BYTES))
    assert codec.encode((b"b", None, b"a", b"b")).hex() == "0c00010461010462"
    assert codec.decode(bytes.fromhex("0c01046200010462")) == (None, b"b")
    nested = SetOf(VecOf(OptionOf(OptionOf(U8))))
    values = ((), (None,), (None, Some(None)), (Some(None),), (Some(0),), (Some(1), None))
    assert nested.decode(nested.encode(tuple(reversed(values)))) == values
    results = SetOf(ResultOf(U8, STR))
    assert results.decode(results.encode((Err("a"), Ok(9), Ok(1)))) == (Ok(1), Ok(9), Err("a"))
    with pytest.raises(TypeError, match="cannot be a key"):
        SetOf(MapOf(U8, U8))


def test_tags_of_options_and_results() -> None:
    for codec in (OptionOf(U8), ResultOf(U8, U8)):
        for tag in (2, 255):
            with pytest.raises(BadTag):
                codec.decode(bytes((tag, 0)))
        for data in (b"", b"\x01"):
            with pytest.raises(Truncated):
                codec.decode(data)
    with pytest.raises(EncodeError):
        ResultOf(U8, U8).encode(1)
    with pytest.raises(EncodeError):
        OptionOf(OptionOf(U8)).encode(1)
    with pytest.raises(DecodeError):
        OptionOf(BOOL).decode(b"\x02")
