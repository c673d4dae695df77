"""What collators, validators and the relay chain hand each other. Source: spec/relay.md §4.

The order of the fields is SCALE's. What parachain blocks know of all this is in `primitives.validation`.
"""

from typing import Annotated, ClassVar

from chain.blocks.block import Block
from chain.crypto.hashing import blake2_256
from chain.primitives.header import Header
from chain.primitives.validation import OutboundHrmpMessage, PersistedValidationData
from chain.relay.bits import BitVec
from chain.scale import Codec, DecodeError, Enum, FixedBytes, Struct, codec_of
from chain.scale.types import H256, Bytes, Vec, u32, u64

Bytes64 = Annotated[bytes, FixedBytes(64)]
Public = Annotated[bytes, FixedBytes(32)]

VERSIONED = b"VERSIONEDPBD"


class ParachainBlockData(Struct):
    """A block and the compact proof of the state it reads and writes (§4.1)."""

    header: Header
    extrinsics: Vec[Bytes]
    proof: Vec[Bytes]

    @property
    def block(self) -> Block:
        return Block(self.header, self.extrinsics)


BLOCK_DATA: Codec[ParachainBlockData] = codec_of(ParachainBlockData)


class VersionedBlock(Struct):
    blocks: Vec[Block]
    proof: Vec[Bytes]


VERSIONED_DATA: Codec[VersionedBlock] = codec_of(VersionedBlock)


def decode_block_data(data: bytes) -> ParachainBlockData:
    """Either version of the encoding; raises DecodeError."""
    if data[: len(VERSIONED)] != VERSIONED:
        return BLOCK_DATA.decode(data)
    if data[len(VERSIONED) : len(VERSIONED) + 1] != b"\x01":
        raise DecodeError("only version 1 of the versioned block data exists")
    found = VERSIONED_DATA.decode(data[len(VERSIONED) + 1 :])
    if len(found.blocks) != 1:
        raise DecodeError(f"{len(found.blocks)} blocks in one candidate")
    return ParachainBlockData(found.blocks[0].header, found.blocks[0].extrinsics, found.proof)


class PoV(Struct):
    """The proof of validity: all that a validator needs besides the candidate."""

    block_data: Bytes

    @property
    def hash(self) -> bytes:
        """Covers the length prefix too."""
        return blake2_256(POV.encode(self))

    @property
    def size(self) -> int:
        """Bytes as `max_pov_size` counts them."""
        return len(POV.encode(self))


POV = codec_of(PoV)


class ValidationParams(Struct):
    """All that validate_block gets (§4.3)."""

    parent_head: Bytes
    block_data: Bytes
    relay_parent_number: u32
    relay_parent_storage_root: H256


class ValidationResult(Struct):
    """All that validate_block says (§4.3)."""

    head_data: Bytes
    new_validation_code: Bytes | None
    upward_messages: Vec[Bytes]
    horizontal_messages: Vec[OutboundHrmpMessage]
    processed_downward_messages: u32
    hrmp_watermark: u32


VALIDATION_PARAMS = codec_of(ValidationParams)
VALIDATION_RESULT = codec_of(ValidationResult)


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


class Statement(Enum):
    """What a group member says of a candidate (§4.6)."""


class Seconded(Statement):
    index: ClassVar[int] = 1
    positional: ClassVar[bool] = True
    candidate: CommittedCandidateReceipt


class Valid(Statement):
    index: ClassVar[int] = 2
    positional: ClassVar[bool] = True
    candidate_hash: H256


class SignedStatement(Struct):
    """A validator's word on a candidate. The signature covers `payloads.statement_payload`."""

    payload: Statement
    validator_index: u32
    signature: Bytes64


class SentStatement(Struct):
    """A statement on its way to the others, with the context that its signature claims to be made in."""

    session: u32
    relay_parent: H256
    signed: SignedStatement


class ValidityAttestation(Enum):
    """A vote as the relay block carries it."""

    signature: bytes


class Implicit(ValidityAttestation):
    """The seconder's."""

    index: ClassVar[int] = 1
    positional: ClassVar[bool] = True
    signature: Bytes64


class Explicit(ValidityAttestation):
    index: ClassVar[int] = 2
    positional: ClassVar[bool] = True
    signature: Bytes64


class AvailableData(Struct):
    """What the chunks hold together (§4.7)."""

    pov: PoV
    validation_data: PersistedValidationData


AVAILABLE_DATA = codec_of(AvailableData)


class BackedCandidate(Struct):
    """A candidate with the votes for it. `validator_indices` are bits within the group; votes in their order."""

    candidate: CommittedCandidateReceipt
    validity_votes: Vec[ValidityAttestation]
    validator_indices: BitVec


class SignedBitfield(Struct):
    """What a validator holds chunks of, one bit a core."""

    payload: BitVec
    validator_index: u32
    signature: Bytes64


class DisputeStatement(Enum):
    """A validator's word on a disputed candidate (§4.9)."""


class ValidKind(Enum):
    """Why a vote counts as one for the candidate."""


class ExplicitValid(ValidKind):
    index: ClassVar[int] = 0
    notation: ClassVar[str] = "Explicit"


class BackingSeconded(ValidKind):
    index: ClassVar[int] = 1
    positional: ClassVar[bool] = True
    relay_parent: H256


class BackingValid(ValidKind):
    index: ClassVar[int] = 2
    positional: ClassVar[bool] = True
    relay_parent: H256


class ApprovalChecking(ValidKind):
    index: ClassVar[int] = 3


class InvalidKind(Enum):
    """Why a vote counts as one against it."""


class ExplicitInvalid(InvalidKind):
    index: ClassVar[int] = 0
    notation: ClassVar[str] = "Explicit"


class SaysValid(DisputeStatement):
    index: ClassVar[int] = 0
    positional: ClassVar[bool] = True
    kind: ValidKind


class SaysInvalid(DisputeStatement):
    index: ClassVar[int] = 1
    positional: ClassVar[bool] = True
    kind: InvalidKind


class DisputeStatementSet(Struct):
    """Votes on one disputed candidate, each with its validator and signature."""

    candidate_hash: H256
    session: u32
    statements: Vec[tuple[DisputeStatement, u32, Bytes64]]


class DisputeState(Struct):
    """Who voted how on a candidate, and when that was enough; bits by validator."""

    validators_for: BitVec
    validators_against: BitVec
    start: u32
    concluded_at: u32 | None


class ErasureChunk(Struct):
    """A validator's part of the available data, and the trie nodes that lead to it (§4.7)."""

    chunk: Bytes
    index: u32
    proof: Vec[Bytes]


class ApprovalVote(Struct):
    """A checker's word that it recovered a candidate and found it valid. No signature of it is hashed anywhere."""

    block_hash: H256
    candidate_index: u32
    validator: u32
    signature: Bytes64


class CandidateEvent(Enum):
    """What became of a candidate in a relay block (§4.9)."""


class CandidateBacked(CandidateEvent):
    index: ClassVar[int] = 0
    positional: ClassVar[bool] = True
    receipt: CandidateReceipt
    head_data: Bytes
    core: u32
    group: u32


class CandidateIncluded(CandidateEvent):
    index: ClassVar[int] = 1
    positional: ClassVar[bool] = True
    receipt: CandidateReceipt
    head_data: Bytes
    core: u32
    group: u32


class CandidateTimedOut(CandidateEvent):
    index: ClassVar[int] = 2
    positional: ClassVar[bool] = True
    receipt: CandidateReceipt
    head_data: Bytes
    core: u32


class Precommit(Struct):
    """A vote for a relay block and all its ancestors (§11)."""

    target_hash: H256
    target_number: u32


class SignedPrecommit(Struct):
    precommit: Precommit
    signature: Bytes64
    id: Public


class Justification(Struct):
    """At least n − f precommits for one relay block or its descendants: it is final."""

    round: u64
    target_hash: H256
    target_number: u32
    precommits: Vec[SignedPrecommit]
    ancestry: Vec[Header]


class InherentData(Struct):
    """The body of a relay block: what its author puts in (§4.6). Signatures are blanked; see `witness`."""

    bitfields: Vec[SignedBitfield]
    backed_candidates: Vec[BackedCandidate]
    disputes: Vec[DisputeStatementSet]
    parent_header: Header


INHERENT_DATA = codec_of(InherentData)
BLANK = bytes(64)
"""Stands for a validator's signature in a relay block's body (§3.3)."""


class RelayBlock(Struct):
    """A relay block: header, body with blank signatures, and the signatures themselves in the order met."""

    header: Header
    body: InherentData
    witness: Vec[Bytes64]


RELAY_BLOCK = codec_of(RelayBlock)
JUSTIFICATION = codec_of(Justification)
CHUNK = codec_of(ErasureChunk)
