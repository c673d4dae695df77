"""Types that contain themselves, and how deep their values may go."""

import sys
import threading
from typing import Any, ClassVar

import pytest

from chain.scale import (
    EncodeError,
    Enum,
    EnumOf,
    LateOf,
    OptionOf,
    Struct,
    TupleOf,
    VecOf,
    codec_of,
    variant_of,
)
from chain.scale.errors import TooDeep
from chain.scale.types import U8, U32, Vec, u32


class Call(Enum):
    pass


class Remark(Call):
    index: ClassVar[int] = 0
    size: u32


class Batch(Call):
    index: ClassVar[int] = 2
    calls: "Vec[Call]"


class Tree(Struct):
    label: u32
    branches: "Vec[Tree]"


def nested(depth: int) -> Call:
    call: Call = Remark(7)
    for _ in range(depth):
        call = Batch((call,))
    return call


def nested_bytes(depth: int) -> bytes:
    return b"\x02\x04" * depth + b"\x00\x07\x00\x00\x00"


def test_batches_of_batches() -> None:
    codec = codec_of(Call)
    call = Batch((Remark(1), Batch((Remark(2), Remark(3))), Batch(())))
    assert codec.decode(codec.encode(call)) == call
    tree = Tree(1, (Tree(2, ()), Tree(3, (Tree(4, ()),))))
    assert codec_of(Tree).decode(codec_of(Tree).encode(tree)) == tree


def test_256_levels_and_no_more() -> None:
    codec = codec_of(Call)
    assert codec.encode(nested(256)) == nested_bytes(256)
    assert codec.decode(nested_bytes(256)) == nested(256)
    with pytest.raises(TooDeep, match="more than 256 deep"):
        codec.decode(nested_bytes(257))
    with pytest.raises(TooDeep):
        codec.decode(nested_bytes(100_000))
    with pytest.raises(EncodeError, match="more than 256 deep"):
        codec.encode(nested(257))


def test_depth_is_forgotten_after_an_error() -> None:
    codec = codec_of(Call)
    for _ in range(3):
        with pytest.raises(TooDeep):
            codec.decode(nested_bytes(300))
        with pytest.raises(EncodeError):
            codec.encode(nested(300))
        assert codec.decode(nested_bytes(256)) == nested(256)


def test_the_caller_s_depth_does_not_matter() -> None:
    def deeper(frames: int) -> Any:
        return codec_of(Call).decode(nested_bytes(256)) if frames == 0 else deeper(frames - 1)

    assert deeper(900) == nested(256)
    assert sys.getrecursionlimit() >= 20_000


def test_threads_count_for_themselves() -> None:
    results: list[bool] = []

    def work() -> None:
        results.append(all(codec_of(Call).decode(nested_bytes(200)) == nested(200) for _ in range(20)))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [True] * 4


def test_a_late_codec_by_hand() -> None:
    late = LateOf("Wrapped", limit=2)
    with pytest.raises(LookupError):
        _ = late.target
    codec = EnumOf(
        Call, [variant_of(Remark, "End", 0, [("size", U32)]), variant_of(Batch, "More", 1, [("calls", late)])]
    )
    late.set(codec)
    assert late.target is codec
    two = Batch(Batch(Remark(1)))  # type: ignore[arg-type]
    assert codec.decode(codec.encode(two)) == two
    with pytest.raises(EncodeError):
        codec.encode(Batch(two))  # type: ignore[arg-type]
    with pytest.raises(TooDeep):
        codec.decode(b"\x01\x01\x01\x00\x01\x00\x00\x00")
    with pytest.raises(TypeError, match="set already"):
        late.set(codec)


def test_what_cannot_be_late() -> None:
    for target in (TupleOf([]), OptionOf(U8)):
        with pytest.raises(TypeError, match="cannot stand"):
            LateOf("X").set(target)
    assert VecOf(LateOf("X")).minimum == 1
