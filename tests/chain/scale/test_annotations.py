"""Annotations and the codecs they stand for."""

from typing import Annotated, Any

import pytest

from chain.scale import Err, Ok, Some, codec_of
from chain.scale.address import Address20, Ecdsa, Id, Index, Sr25519
from chain.scale.types import (
    ACCOUNT_ID,
    ASSET_ID,
    BALANCE,
    BLOCK_NUMBER,
    BYTES,
    H256,
    MULTI_ADDRESS,
    MULTI_SIGNATURE,
    U32,
    UNIT,
    AccountId,
    AssetId,
    Balance,
    BlockNumber,
    BTreeSet,
    Bytes,
    Compact,
    FixedU128,
    Length,
    Maximum,
    Perbill,
    Result,
    Text,
    Vec,
    u8,
    u32,
    u64,
    u128,
)

Outcome = Result[u8, Text]

CASES: list[tuple[Any, str, Any, str]] = [
    (u32, "u32", 1, "01000000"),
    (bool, "bool", True, "01"),
    (None, "()", (), ""),
    (Text, "str", "hi", "086869"),
    (str, "str", "hi", "086869"),
    (bytes, "Vec<u8>", b"hi", "086869"),
    (Bytes, "Vec<u8>", b"hi", "086869"),
    (Compact[u128], "Compact<u128>", 64, "0101"),
    (Compact[Balance], "Compact<u128>", 64, "0101"),
    (Vec[u32], "Vec<u32>", (1,), "0401000000"),
    (Vec[u8], "Vec<u8>", (1, 2), "080102"),
    (Vec[Bytes], "Vec<Vec<u8>>", (b"", b"a"), "08000461"),
    (tuple[u8, bool], "(u8, bool)", (3, False), "0300"),
    (u32 | None, "Option<u32>", None, "00"),
    (u32 | None, "Option<u32>", 2, "0102000000"),
    (Some[bool | None] | None, "Option<Option<bool>>", Some(None), "0100"),
    (Some[bool | None] | None, "Option<Option<bool>>", Some(True), "010101"),
    (Some[bool | None] | None, "Option<Option<bool>>", None, "00"),
    (Ok[u8] | Err[Text], "Result<u8, str>", Ok(7), "0007"),
    (Outcome, "Result<u8, str>", Err("no"), "01086e6f"),
    (dict[u8, bool], "BTreeMap<u8, bool>", {1: True, 2: False}, "0801010200"),
    (BTreeSet[u8], "BTreeSet<u8>", (1, 2), "080102"),
    (Annotated[Vec[u32], Maximum(2)], "BoundedVec<u32>", (1,), "0401000000"),
    (Annotated[Bytes, Maximum(2)], "BoundedVec<u8>", b"hi", "086869"),
    (Annotated[Vec[u32], Length(2)], "[u32; 2]", (1, 2), "0100000002000000"),
    (Annotated[Bytes, Length(2)], "[u8; 2]", b"hi", "6869"),
    (Perbill, "Perbill", 5, "05000000"),
    (FixedU128, "FixedU128", 5, "05" + "00" * 15),
    (H256, "H256", bytes(32), "00" * 32),
    (AccountId, "AccountId32", bytes(32), "00" * 32),
    (U32, "u32", 1, "01000000"),
]


@pytest.mark.parametrize(("annotation", "notation", "value", "data"), CASES, ids=lambda case: str(case)[:50])
def test_notation_and_bytes(annotation: Any, notation: str, value: Any, data: str) -> None:
    codec = codec_of(annotation)
    assert codec.notation == notation
    assert codec.encode(value).hex() == data
    assert codec.decode(bytes.fromhex(data)) == value


def test_aliases_say_what_is_meant() -> None:
    annotations = (AssetId, Balance, AccountId, BlockNumber)
    for annotation, codec in zip(annotations, (ASSET_ID, BALANCE, ACCOUNT_ID, BLOCK_NUMBER), strict=True):
        assert codec_of(annotation) is codec
    assert [codec.alias for codec in (ASSET_ID, BALANCE, ACCOUNT_ID)] == ["AssetId", "Balance", "AccountId"]
    assert codec_of(Compact[Balance]).alias == "Balance"
    assert codec_of(u64).alias is None


def test_addresses_and_signatures() -> None:
    account = bytes(range(32))
    assert MULTI_ADDRESS.encode(Id(account)) == b"\x00" + account
    assert MULTI_ADDRESS.encode(Index(())) == b"\x01"  # type: ignore[arg-type]
    assert MULTI_ADDRESS.decode(b"\x04" + bytes(20)) == Address20(bytes(20))
    assert MULTI_SIGNATURE.encode(Sr25519(bytes(64))) == b"\x01" + bytes(64)
    assert MULTI_SIGNATURE.decode(b"\x02" + bytes(65)) == Ecdsa(bytes(65))


def test_constants_are_the_plain_types() -> None:
    assert UNIT.decode(b"") == ()
    assert BYTES.decode(b"\x00") == b""
