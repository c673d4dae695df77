"""The names of SCALE types: annotations in lower case or as classes, codecs in upper case.

`u32` annotates an int, `U32` is its codec; `Vec[u32]` annotates a tuple, `codec_of(Vec[u32])` is its codec.
"""

from typing import Annotated

from chain.scale.address import (
    ACCOUNT_ID,
    MULTI_ADDRESS,
    MULTI_SIGNATURE,
    AccountId,
    MultiAddress,
    MultiSignature,
)
from chain.scale.annotations import (
    BTreeSet,
    Bytes,
    Compact,
    Length,
    Maximum,
    Result,
    Text,
    Vec,
    i8,
    i16,
    i32,
    i64,
    i128,
    i256,
    u8,
    u16,
    u32,
    u64,
    u128,
    u256,
)
from chain.scale.codec import NewtypeOf
from chain.scale.composite import UNIT
from chain.scale.era import ERA, IMMORTAL, Era
from chain.scale.integers import BOOL, I8, I16, I32, I64, I128, I256, U8, U16, U32, U64, U128, U256
from chain.scale.sequences import BYTES, STR, FixedBytes

H256_CODEC = NewtypeOf(FixedBytes(32), "H256", "primitive_types::H256")
ASSET_ID = U32.named("AssetId")
BALANCE = U128.named("Balance")
BLOCK_NUMBER = U32.named("BlockNumber")
PERBILL = NewtypeOf(U32, "Perbill", "sp_arithmetic::per_things::Perbill").named("Perbill")
PERMILL = NewtypeOf(U32, "Permill", "sp_arithmetic::per_things::Permill").named("Permill")
PERQUINTILL = NewtypeOf(U64, "Perquintill", "sp_arithmetic::per_things::Perquintill").named("Perquintill")
FIXED_U128 = NewtypeOf(U128, "FixedU128", "sp_arithmetic::fixed_point::FixedU128").named("FixedU128")

H256 = Annotated[bytes, H256_CODEC]
AssetId = Annotated[int, ASSET_ID]
Balance = Annotated[int, BALANCE]
BlockNumber = Annotated[int, BLOCK_NUMBER]
Perbill = Annotated[int, PERBILL]
Permill = Annotated[int, PERMILL]
Perquintill = Annotated[int, PERQUINTILL]
FixedU128 = Annotated[int, FIXED_U128]

__all__ = [
    "ACCOUNT_ID",
    "ASSET_ID",
    "BALANCE",
    "BLOCK_NUMBER",
    "BOOL",
    "BYTES",
    "ERA",
    "FIXED_U128",
    "H256",
    "H256_CODEC",
    "I8",
    "I16",
    "I32",
    "I64",
    "I128",
    "I256",
    "IMMORTAL",
    "MULTI_ADDRESS",
    "MULTI_SIGNATURE",
    "PERBILL",
    "PERMILL",
    "PERQUINTILL",
    "STR",
    "U8",
    "U16",
    "U32",
    "U64",
    "U128",
    "U256",
    "UNIT",
    "AccountId",
    "AssetId",
    "BTreeSet",
    "Balance",
    "BlockNumber",
    "Bytes",
    "Compact",
    "Era",
    "FixedU128",
    "Length",
    "Maximum",
    "MultiAddress",
    "MultiSignature",
    "Perbill",
    "Permill",
    "Perquintill",
    "Result",
    "Text",
    "Vec",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "i256",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "u256",
]
