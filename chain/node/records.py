"""What the store keeps, in SCALE: blocks with their candidates, relay blocks, heads and snapshots."""

from typing import ClassVar

from chain.blocks.block import Block
from chain.node.memory import Memory
from chain.primitives.header import HEADER, Header
from chain.primitives.validation import PersistedValidationData
from chain.relay.block_data import PoV, decode_block_data
from chain.relay.candidate import CommittedCandidateReceipt
from chain.relay.counting import Executed
from chain.relay.finality_types import ApprovalVote, Justification
from chain.relay.relay_block import CandidateEvent, RelayBlock
from chain.scale import Struct, codec_of
from chain.scale.types import H256, Bytes, Text, Vec, u32


class BlockRecord(Struct):
    """A parachain block as its candidate carried it, and what the relay side did with it.

    `backed_by` are validators; `executions` says how often validate_block ran, for backing, approval and disputes
    together. The relay numbers are of the blocks that backed and included it. `available` are the validators that
    said they hold their chunk, `approvals` the checkers' votes, `final_in` the round that made it final: None as long
    as none did.
    """

    candidate: CommittedCandidateReceipt
    pov: PoV
    validation_data: PersistedValidationData
    backed_by: Vec[u32]
    executions: u32
    backed_in: u32
    included_in: u32
    available: Vec[u32]
    approvals: Vec[ApprovalVote]
    final_in: u32 | None

    @property
    def approved_by(self) -> list[int]:
        """The checkers, ascending."""
        return sorted(vote.validator for vote in self.approvals)

    @property
    def header(self) -> Header:
        """The head that the relay chain has included."""
        header: Header = HEADER.decode(self.candidate.commitments.head_data)
        return header

    @property
    def block(self) -> Block:
        """Raises `DecodeError` for what an invalid candidate may have instead of a block."""
        return decode_block_data(self.pov.block_data).block


class RelayRecord(Struct):
    """A relay block; the genesis block has only its header.

    `justification` makes it final by itself, where a later one does not. `events` are what became of candidates in it,
    `notes` what validators noticed while it was made: refusals by name, empty slots, disputes. `executions` are those
    that served it: of the candidates offered in it, of those checked and disputed in it. The first block in the place
    of abandoned ones has their notes and executions before its own.
    """

    header: Header
    block: RelayBlock | None
    justification: Justification | None
    events: Vec[CandidateEvent]
    notes: Vec[Text]
    executions: Vec[Executed]


class Heads(Struct):
    """Where the chains stand, best and final. `finalized` is None as long as nothing says what is final."""

    best: H256
    relay: u32
    finalized: H256 | None
    relay_finalized: u32
    pending: Vec[Bytes]


class Snapshot(Struct):
    """A named place to go back to: where both chains stood, and what the validators knew."""

    name: Text
    heads: Heads
    number: u32
    created: u32
    memory: Memory


class About(Struct):
    """What chain a store holds: its para id, genesis header, and the chain spec as it was made from."""

    notation: ClassVar[str] = "About"
    para_id: u32
    genesis: Header
    spec: Text


BLOCK_RECORD = codec_of(BlockRecord)
RELAY_RECORD = codec_of(RelayRecord)
HEADS = codec_of(Heads)
SNAPSHOT = codec_of(Snapshot)
ABOUT = codec_of(About)
