"""Fixed-width integers and bool: ranges, truncation, strictness."""

from typing import Any

import pytest

from chain.scale import AnyCodec, DecodeError, EncodeError
from chain.scale.errors import BadTag, TrailingBytes, Truncated
from chain.scale.types import BOOL, I8, I16, I32, I64, I128, I256, U8, U16, U32, U64, U128, U256

UNSIGNED = [U8, U16, U32, U64, U128, U256]
SIGNED = [I8, I16, I32, I64, I128, I256]


@pytest.mark.parametrize("codec", UNSIGNED, ids=repr)
def test_unsigned_range(codec: Any) -> None:
    top = (1 << codec.bits) - 1
    assert codec.encode(top) == b"\xff" * (codec.bits // 8)
    assert codec.decode(b"\xff" * (codec.bits // 8)) == top
    for wrong in (-1, top + 1):
        with pytest.raises(EncodeError, match=codec.notation):
            codec.encode(wrong)


@pytest.mark.parametrize("codec", SIGNED, ids=repr)
def test_signed_range(codec: Any) -> None:
    half = 1 << (codec.bits - 1)
    assert codec.encode(-1) == b"\xff" * (codec.bits // 8)
    for edge in (-half, half - 1):
        assert codec.decode(codec.encode(edge)) == edge
    for wrong in (-half - 1, half):
        with pytest.raises(EncodeError, match=codec.notation):
            codec.encode(wrong)


@pytest.mark.parametrize("codec", [*UNSIGNED, *SIGNED, BOOL], ids=repr)
@pytest.mark.parametrize("wrong", ["1", 1.0, None, b"\x01", (1,)])
def test_other_values_are_refused(codec: AnyCodec, wrong: Any) -> None:
    with pytest.raises(EncodeError):
        codec.encode(wrong)


@pytest.mark.parametrize("codec", [*UNSIGNED, *SIGNED, BOOL], ids=repr)
def test_too_few_and_too_many_bytes(codec: AnyCodec) -> None:
    with pytest.raises(Truncated, match=f"{codec.notation} needs {codec.minimum} byte"):
        codec.decode(bytes(codec.minimum - 1))
    with pytest.raises(TrailingBytes):
        codec.decode(bytes(codec.minimum + 1))
    with pytest.raises(DecodeError):
        codec.read(bytes(codec.minimum), codec.minimum)


def test_bool_is_one_of_two_bytes() -> None:
    assert BOOL.encode(True) == b"\x01"
    assert BOOL.decode(b"\x00") is False
    for tag in range(2, 256):
        with pytest.raises(BadTag):
            BOOL.decode(bytes((tag,)))
    with pytest.raises(EncodeError):
        BOOL.encode(1)  # type: ignore[arg-type]


def test_an_alias_changes_nothing_but_the_name() -> None:
    asset = U32.named("AssetId")
    assert (asset.alias, asset.notation, asset.bits) == ("AssetId", "u32", 32)
    assert U32.alias is None
    assert asset.encode(7) == U32.encode(7)
