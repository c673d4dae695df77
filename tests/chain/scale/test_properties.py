"""Any type, any value: decoding undoes encoding. Any bytes: a value or a DecodeError."""

import json
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import given, settings
from hypothesis import strategies as st

from chain.scale import (
    AnyCodec,
    ArrayOf,
    BytesOf,
    CompactOf,
    DecodeError,
    Enum,
    EnumOf,
    Err,
    FixedBytes,
    Int,
    MapOf,
    Ok,
    OptionOf,
    ResultOf,
    SetOf,
    Some,
    Struct,
    StructOf,
    TupleOf,
    UInt,
    VecOf,
    variant_of,
)
from chain.scale.notation import Notation
from chain.scale.plain import from_plain, to_plain
from chain.scale.types import BOOL, BYTES, ERA, STR, UNIT, Era

Typed = tuple[AnyCodec, st.SearchStrategy[Any]]
"""A codec and a strategy of its values."""


class Row2(Struct):
    first: Any
    second: Any


class Choice(Enum):
    pass


class Here(Choice):
    index: ClassVar[int] = 3


class There(Choice):
    index: ClassVar[int] = 200
    at: Any


def integers() -> st.SearchStrategy[Typed]:
    widths = st.sampled_from([8, 16, 32, 64, 128, 256])
    unsigned = widths.map(lambda bits: (UInt(bits), st.integers(0, (1 << bits) - 1)))
    signed = widths.map(lambda bits: (Int(bits), st.integers(-1 << bits - 1, (1 << bits - 1) - 1)))
    return (
        unsigned | signed | widths.map(lambda bits: (CompactOf(UInt(bits)), st.integers(0, (1 << bits) - 1)))
    )


def leaves() -> st.SearchStrategy[Typed]:
    fixed: list[Typed] = [
        (BOOL, st.booleans()),
        (BYTES, st.binary(max_size=80)),
        (BytesOf(4), st.binary(max_size=4)),
        (STR, st.text(max_size=30)),
        (FixedBytes(4), st.binary(min_size=4, max_size=4)),
        (UNIT, st.just(())),
        (ERA, st.builds(Era.mortal, st.integers(1, 70_000), st.integers(0, 1 << 32)) | st.just(Era())),
    ]
    return integers() | st.sampled_from(fixed)


def keys() -> st.SearchStrategy[Typed]:
    return (
        leaves() | st.tuples(leaves(), leaves()).map(_tuple) | leaves().map(_option) | leaves().map(_choice)
    )


def _tuple(items: tuple[Typed, ...]) -> Typed:
    return TupleOf([codec for codec, _ in items]), st.tuples(*(values for _, values in items))


def _struct(items: tuple[Typed, Typed]) -> Typed:
    (first, a), (second, b) = items
    return StructOf(Row2, [("first", first), ("second", second)]), st.builds(Row2, a, b)


def _choice(item: Typed) -> Typed:
    codec, values = item
    variants = [variant_of(Here, "Here", 3, []), variant_of(There, "There", 200, [("at", codec)])]
    return EnumOf(Choice, variants), st.just(Here()) | st.builds(There, values)


def _option(item: Typed) -> Typed:
    codec, values = item
    if isinstance(codec, OptionOf):
        values = values.map(Some)
    return OptionOf(codec), st.none() | values


def _result(items: tuple[Typed, Typed]) -> Typed:
    (ok, good), (err, bad) = items
    return ResultOf(ok, err), good.map(Ok) | bad.map(Err)


def _vec(item: Typed) -> Typed:
    codec, values = item
    return VecOf(codec), st.lists(values, max_size=4).map(tuple)


def _array(item: Typed) -> Typed:
    codec, values = item
    return ArrayOf(codec, 2), st.tuples(values, values)


def _set(item: Typed) -> Typed:
    codec, values = item
    ascending = SetOf(codec)
    return ascending, st.lists(values, max_size=4).map(
        lambda items: ascending.decode(ascending.encode(tuple(items)))
    )


def _map(items: tuple[Typed, Typed]) -> Typed:
    (key, names), (value, values) = items
    return MapOf(key, value), st.dictionaries(names, values, max_size=4)


def typed() -> st.SearchStrategy[Typed]:
    def extend(inner: st.SearchStrategy[Typed]) -> st.SearchStrategy[Typed]:
        two = st.tuples(inner, inner)
        lists = st.lists(inner, max_size=4).map(tuple)
        one = inner.map(_vec) | inner.map(_option) | inner.map(_array) | inner.map(_choice) | keys().map(_set)
        return (
            one | lists.map(_tuple) | two.map(_struct) | two.map(_result) | st.tuples(keys(), inner).map(_map)
        )

    return st.recursive(leaves(), extend, max_leaves=6)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_decoding_undoes_encoding(data: st.DataObject) -> None:
    codec, values = data.draw(typed())
    value = data.draw(values)
    encoded = codec.encode(value)
    assert codec.decode(encoded) == value
    assert codec.read(b"before" + encoded + b"after", 6) == (value, 6 + len(encoded))
    assert len(encoded) >= codec.minimum
    assert from_plain(codec, json.loads(json.dumps(to_plain(codec, value)))) == value


@settings(max_examples=300, deadline=None)
@given(typed(), st.binary(max_size=60))
def test_any_bytes_of_any_type(pair: Typed, data: bytes) -> None:
    codec, _ = pair
    try:
        value = codec.decode(data)
    except DecodeError:
        return
    assert codec.decode(codec.encode(value)) == value


FACTS = Path(__file__).parents[2] / "vectors" / "basilisk-runtime-118.json"
RUNTIME = Notation(json.loads(FACTS.read_text())["types"])
CALL = RUNTIME.codec("RuntimeCall")
EVENT = RUNTIME.codec("RuntimeEvent")
LOCATION = RUNTIME.codec("VersionedLocation")


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from([CALL, EVENT, LOCATION]), st.integers(0, 255), st.integers(0, 30), st.binary(max_size=120)
)
def test_any_bytes_of_the_runtime(codec: AnyCodec, outer: int, inner: int, rest: bytes) -> None:
    data = bytes((outer, inner)) + rest
    try:
        value, end = codec.read(data, 0)
    except DecodeError:
        return
    assert end <= len(data)
    assert codec.decode(codec.encode(value)) == value


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 41), st.integers(0, 255))
def test_a_changed_byte_never_raises_anything_else(place: int, byte: int) -> None:
    sell = bytearray.fromhex(
        "65030100000002000000e80300000000000000000000000000000000000000000000000000000000000001"
    )
    sell[place] = byte
    try:
        value = CALL.decode(bytes(sell))
    except DecodeError:
        return
    assert CALL.encode(value) == bytes(sell)
