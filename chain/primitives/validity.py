"""What the pool asks about an extrinsic, and what it is told. Source: spec/substrate.md §6."""

from enum import IntEnum
from typing import ClassVar

from chain.scale import Struct, codec_of
from chain.scale.types import Bytes, Vec, u64
from chain.scale.units import unit_enum


@unit_enum(path="sp_runtime::transaction_validity::TransactionSource")
class TransactionSource(IntEnum):
    """Where an extrinsic comes from: a block, this node, another node."""

    InBlock = 0
    Local = 1
    External = 2


class ValidTransaction(Struct):
    """How the pool orders an extrinsic: tags it needs, tags it gives, and for how many blocks it is good."""

    path: ClassVar[str] = "sp_runtime::transaction_validity::ValidTransaction"
    priority: u64
    requires: Vec[Bytes]
    provides: Vec[Bytes]
    longevity: u64
    propagate: bool


VALID_TRANSACTION = codec_of(ValidTransaction)
