"""Reading the notation of the runtime's JSON."""

import json
from pathlib import Path

import pytest

from chain.scale import (
    ArrayOf,
    BytesOf,
    DecodeError,
    EnumOf,
    FixedBytes,
    LateOf,
    NewtypeOf,
    StructOf,
    VecOf,
    bare,
)
from chain.scale.errors import UnknownType
from chain.scale.notation import Notation, split
from chain.scale.types import ACCOUNT_ID, U32

TYPES = json.loads((Path(__file__).parents[2] / "vectors" / "basilisk-runtime-118.json").read_text())["types"]
NOTATION = Notation(TYPES)


def test_every_type_of_the_table_is_read() -> None:
    notation = Notation(TYPES)
    for name in TYPES:
        codec = notation.codec(name)
        assert bare(codec).notation
        assert notation.codec(name) is codec


def test_lists_keep_their_brackets_together() -> None:
    assert split("A<B, C>, (D, E), [F; 2], G") == ["A<B, C>", "(D, E)", "[F; 2]", "G"]
    assert split("") == []


@pytest.mark.parametrize("text", ["()", "(u32,)", "Vec<(AccountId32, u128)>", "[u16; 3]", "Result<(), str>"])
def test_primitives_need_no_table(text: str) -> None:
    codec = Notation({}).codec(text)
    assert codec.notation == text.replace("(u32,)", "(u32)")


def test_known_names_are_the_known_codecs() -> None:
    assert NOTATION.codec("u32") is U32
    assert NOTATION.codec("AccountId32") is ACCOUNT_ID
    assert isinstance(NOTATION.codec("Vec<u8>"), BytesOf)
    assert isinstance(NOTATION.codec("[u8; 4]"), FixedBytes)
    assert isinstance(NOTATION.codec("[u16; 4]"), ArrayOf)


def test_named_types_describe_themselves() -> None:
    call = NOTATION.codec("RuntimeCall")
    assert isinstance(call, EnumOf)
    assert call.by_name["XYK"].index == 0x65
    sell = call.by_name["XYK"].fields[0].codec
    assert isinstance(sell, EnumOf)
    assert [field.name for field in sell.by_name["sell"].fields] == [
        "asset_in", "asset_out", "amount", "max_limit", "discount",
    ]  # fmt: skip
    info = NOTATION.codec("AccountInfo<u32, pallet_balances::types::AccountData<u128>>")
    assert isinstance(info, StructOf)
    assert info.path == "frame_system::AccountInfo"
    bounded = NOTATION.codec("BoundedVec<AccountId32>")
    assert isinstance(bounded, NewtypeOf)
    assert isinstance(bounded.inner, VecOf)


def test_calls_within_calls_stand_behind_a_late_name() -> None:
    call = NOTATION.codec("RuntimeCall")
    assert isinstance(call, EnumOf)
    utility = call.by_name["Utility"].fields[0].codec
    assert isinstance(utility, EnumOf)
    calls = utility.by_name["batch"].fields[0].codec
    assert isinstance(calls, VecOf)
    assert isinstance(calls.inner, LateOf)
    assert calls.inner.target is call
    prefix = bytes((call.by_name["Utility"].index, utility.by_name["batch"].index, 4))
    remark = bytes.fromhex("00000401")
    assert call.encode(call.decode(prefix * 256 + remark)) == prefix * 256 + remark
    with pytest.raises(DecodeError):
        call.decode(prefix * 257 + remark)


@pytest.mark.parametrize("text", ["", "Nothing", "u33", "[u8]", "[u8; x]", "Compact", "Foo<u8>", "(u32"])
def test_unknown_names(text: str) -> None:
    with pytest.raises(UnknownType):
        NOTATION.codec(text)


def test_a_name_that_lacks_is_refused_with_its_value() -> None:
    codec = Notation({}).codec("Option<Unheard<u8>>")
    assert codec.decode(b"\x00") is None
    with pytest.raises(DecodeError, match="Unheard<u8>"):
        codec.decode(b"\x01\x00")
