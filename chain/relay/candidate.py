"""Candidates: what a collator claims of a parachain block, and the receipts that name it.

Source: spec/relay.md §4.4. The order of the fields is SCALE's.
"""

from typing import Annotated

from chain.crypto.hashing import blake2_256
from chain.primitives.validation import OutboundHrmpMessage
from chain.relay.block_data import ValidationResult
from chain.scale import FixedBytes, Struct, codec_of
from chain.scale.types import H256, Bytes, Vec, u32

Bytes64 = Annotated[bytes, FixedBytes(64)]
Public = Annotated[bytes, FixedBytes(32)]


class CandidateCommitments(Struct):
    """What a candidate claims its execution gives (§4.4)."""

    upward_messages: Vec[Bytes]
    horizontal_messages: Vec[OutboundHrmpMessage]
    new_validation_code: Bytes | None
    head_data: Bytes
    processed_downward_messages: u32
    hrmp_watermark: u32

    @classmethod
    def of(cls, result: ValidationResult) -> "CandidateCommitments":
        return cls(
            result.upward_messages,
            result.horizontal_messages,
            result.new_validation_code,
            result.head_data,
            result.processed_downward_messages,
            result.hrmp_watermark,
        )

    @property
    def hash(self) -> bytes:
        return blake2_256(COMMITMENTS.encode(self))


COMMITMENTS = codec_of(CandidateCommitments)


class CandidateDescriptor(Struct):
    """292 bytes that name a candidate and everything it stands on (§4.4)."""

    para_id: u32
    relay_parent: H256
    collator: Public
    persisted_validation_data_hash: H256
    pov_hash: H256
    erasure_root: H256
    signature: Bytes64
    para_head: H256
    validation_code_hash: H256


class CandidateReceipt(Struct):
    descriptor: CandidateDescriptor
    commitments_hash: H256

    @property
    def hash(self) -> bytes:
        """The candidate hash."""
        return blake2_256(RECEIPT.encode(self))


RECEIPT = codec_of(CandidateReceipt)


class CommittedCandidateReceipt(Struct):
    descriptor: CandidateDescriptor
    commitments: CandidateCommitments

    @property
    def receipt(self) -> CandidateReceipt:
        return CandidateReceipt(self.descriptor, self.commitments.hash)

    @property
    def hash(self) -> bytes:
        """The candidate hash: of the receipt, also for the committed form."""
        return self.receipt.hash


COMMITTED = codec_of(CommittedCandidateReceipt)
