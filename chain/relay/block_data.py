"""A parachain block as validators get it: the block, the proof of the state it reads, and what validating it says.

Source: spec/relay.md §4.1–§4.3. The order of the fields is SCALE's.
"""

from chain.blocks.block import Block
from chain.crypto.hashing import blake2_256
from chain.primitives.header import Header
from chain.primitives.validation import OutboundHrmpMessage
from chain.scale import Codec, DecodeError, Struct, codec_of
from chain.scale.types import H256, Bytes, Vec, u32

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
