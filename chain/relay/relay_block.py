"""A relay block, what its author puts in, and what becomes of candidates by it. Source: spec/relay.md §4.6, §4.9.

The order of the fields is SCALE's.
"""

from typing import TYPE_CHECKING, ClassVar

from chain.primitives.header import Header
from chain.relay.availability_types import SignedBitfield
from chain.relay.backing_types import BackedCandidate
from chain.relay.candidate import Bytes64, CandidateReceipt
from chain.relay.dispute_types import DisputeStatementSet
from chain.scale import Enum, Struct, codec_of
from chain.scale.types import Bytes, Vec, u32


class CandidateEvent(Enum):
    """What became of a candidate in a relay block (§4.9). Each of them begins with these two fields."""

    if TYPE_CHECKING:
        receipt: CandidateReceipt
        head_data: Bytes


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
