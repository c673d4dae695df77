"""Plain data that is of the wrong shape, and the liberties that are taken."""

from enum import IntEnum
from typing import Any, ClassVar

import pytest

from chain.scale import (
    AnyCodec,
    DecodeError,
    EncodeError,
    Enum,
    MapOf,
    OptionOf,
    ResultOf,
    SetOf,
    Some,
    Struct,
    TupleOf,
    VecOf,
    codec_of,
)
from chain.scale.plain import from_plain, to_plain
from chain.scale.types import BOOL, BYTES, ERA, STR, U8, U32, UNIT, Compact, Era, u8, u32
from chain.scale.units import unit_enum


class Pair(Struct):
    left: u32
    right_: Compact[u32]


class Shape(Enum):
    pass


class Dot(Shape):
    index: ClassVar[int] = 0


class Line(Shape):
    index: ClassVar[int] = 1
    positional: ClassVar[bool] = True
    start: u8
    end: u8


@unit_enum
class Class(IntEnum):
    Normal = 0
    Operational = 1


CASES: list[tuple[AnyCodec, Any, Any]] = [
    (U32, 5, "5"),
    (BYTES, b"\x01", "0x01"),
    (UNIT, (), []),
    (OptionOf(OptionOf(U8)), Some(None), {"Some": None}),
    (OptionOf(OptionOf(U8)), Some(3), {"Some": {"Some": "3"}}),
    (codec_of(Pair), Pair(1, 2), {"left": "1", "right": "2"}),
    (codec_of(Shape), Dot(), {"Dot": None}),
    (codec_of(Shape), Line(1, 2), {"Line": ["1", "2"]}),
    (codec_of(Class), Class.Operational, {"Operational": None}),
    (MapOf(U8, STR), {1: "a"}, [["1", "a"]]),
    (SetOf(U8), (1, 2), ["1", "2"]),
    (ERA, Era(4, 1), "0x1100"),
]


@pytest.mark.parametrize(("codec", "value", "plain"), CASES, ids=lambda case: str(case)[:40])
def test_there_and_back(codec: AnyCodec, value: Any, plain: Any) -> None:
    assert to_plain(codec, value) == plain
    assert from_plain(codec, plain) == value


def test_units_are_members_only() -> None:
    codec = codec_of(Class)
    assert codec.encode(Class.Operational) == b"\x01"
    for wrong in (0, "Normal", [], None):
        with pytest.raises(EncodeError):
            codec.encode(wrong)
    for data in (b"", b"\x02"):
        with pytest.raises(DecodeError):
            codec.decode(data)


def test_liberties() -> None:
    assert from_plain(U32, 5) == 5
    assert from_plain(codec_of(Shape), "Dot") == Dot()
    assert from_plain(codec_of(Class), "Normal") is Class.Normal


@pytest.mark.parametrize(
    ("codec", "plain"),
    [
        (U32, "0x05"),
        (U32, "1_0"),
        (U32, 1.0),
        (U32, True),
        (U32, None),
        (BOOL, "true"),
        (STR, 5),
        (BYTES, "01"),
        (BYTES, "0x0"),
        (BYTES, [1]),
        (OptionOf(U8), "5"),
        (OptionOf(U8), {"None": None}),
        (VecOf(U8), "0x00"),
        (TupleOf([U8]), ["1", "2"]),
        (TupleOf([U8]), {"0": "1"}),
        (MapOf(U8, U8), [["1"]]),
        (MapOf(U8, U8), {}),
        (ResultOf(U8, U8), {"Maybe": "1"}),
        (ResultOf(U8, U8), "Ok"),
        (codec_of(Pair), {"left": "1"}),
        (codec_of(Pair), ["1", "2"]),
        (codec_of(Pair), {"left": "1", "right": "2", "up": "3"}),
        (codec_of(Shape), "Circle"),
        (codec_of(Shape), {"Line": ["1"]}),
        (codec_of(Shape), {"Dot": "1"}),
        (codec_of(Shape), {}),
        (codec_of(Class), "Other"),
        (codec_of(Class), {"Normal": "1"}),
        (codec_of(Shape), 1),
    ],
    ids=str,
)
def test_other_shapes_are_refused(codec: AnyCodec, plain: Any) -> None:
    with pytest.raises(EncodeError):
        from_plain(codec, plain)
