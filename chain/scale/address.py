"""Addresses and signatures of any kind. Source: spec/substrate.md §1."""

from typing import Annotated, ClassVar

from chain.scale.annotations import Bytes, Compact
from chain.scale.codec import NewtypeOf
from chain.scale.enums import Enum
from chain.scale.resolve import codec_of
from chain.scale.sequences import FixedBytes

ACCOUNT_ID = NewtypeOf(FixedBytes(32), "AccountId32", "sp_core::crypto::AccountId32").named("AccountId")
AccountId = Annotated[bytes, ACCOUNT_ID]

Bytes20 = Annotated[bytes, FixedBytes(20)]
Bytes32 = Annotated[bytes, FixedBytes(32)]


class MultiAddress(Enum):
    """Whoever is meant, in one of five ways. Basilisk itself uses bare account ids everywhere."""

    path: ClassVar[str] = "sp_runtime::multiaddress::MultiAddress"


class Id(MultiAddress):
    index: ClassVar[int] = 0
    positional: ClassVar[bool] = True
    account: AccountId


class Index(MultiAddress):
    index: ClassVar[int] = 1
    positional: ClassVar[bool] = True
    place: Compact[None]


class Raw(MultiAddress):
    index: ClassVar[int] = 2
    positional: ClassVar[bool] = True
    data: Bytes


class Address32(MultiAddress):
    index: ClassVar[int] = 3
    positional: ClassVar[bool] = True
    data: Bytes32


class Address20(MultiAddress):
    index: ClassVar[int] = 4
    positional: ClassVar[bool] = True
    data: Bytes20


def _signature(scheme: str, length: int) -> NewtypeOf[bytes]:
    path = f"sp_core::{scheme}::Signature"
    return NewtypeOf(FixedBytes(length), path, path)


Ed25519Signature = Annotated[bytes, _signature("ed25519", 64)]
Sr25519Signature = Annotated[bytes, _signature("sr25519", 64)]
EcdsaSignature = Annotated[bytes, _signature("ecdsa", 65)]


class MultiSignature(Enum):
    """A signature and its scheme."""

    path: ClassVar[str] = "sp_runtime::MultiSignature"


class Ed25519(MultiSignature):
    index: ClassVar[int] = 0
    positional: ClassVar[bool] = True
    signature: Ed25519Signature


class Sr25519(MultiSignature):
    index: ClassVar[int] = 1
    positional: ClassVar[bool] = True
    signature: Sr25519Signature


class Ecdsa(MultiSignature):
    """r, s and the recovery id."""

    index: ClassVar[int] = 2
    positional: ClassVar[bool] = True
    signature: EcdsaSignature


MULTI_ADDRESS = codec_of(MultiAddress)
MULTI_SIGNATURE = codec_of(MultiSignature)
