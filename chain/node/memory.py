"""What the store keeps of the validators' knowledge that no block tells, in SCALE, so that a restart changes nothing.

A candidate in their hands is two records: the offer, which never changes, and the standing, which does until the
candidate is settled. Source: spec/relay.md §8.6, §9, §10.
"""

from chain.primitives.header import Header
from chain.primitives.validation import PersistedValidationData
from chain.relay.availability_types import ErasureChunk
from chain.relay.backing_types import BackedCandidate, SentStatement
from chain.relay.block_data import PoV, ValidationResult
from chain.relay.candidate import Bytes64, CandidateCommitments, CommittedCandidateReceipt
from chain.relay.counting import Executed
from chain.relay.finality_types import ApprovalVote
from chain.scale import Struct, codec_of
from chain.scale.types import H256, Bytes, Text, Vec, u32, u64


class Found(Struct):
    """What the honest validators' common execution of a candidate gave, with the program that ran."""

    result: ValidationResult
    code_hash: H256


class Refused(Struct):
    """… or how it ended: a `PvfError` in its parts."""

    kind: Text
    detail: Text
    argument: Text


class OfferRecord(Struct):
    """A candidate as it came to its group, what they said of it, and the chunks that were handed out and kept.

    `relay_parent` is the block that it was built on, which may have been abandoned since. `patch` is what
    its runtime gives where it is patched alike for all.
    """

    candidate: CommittedCandidateReceipt
    pov: PoV
    validation_data: PersistedValidationData
    relay_parent: Header
    core: u32
    group: Vec[u32]
    session: u32
    statements: Vec[SentStatement]
    offered: BackedCandidate | None
    patch: CandidateCommitments | None
    chunks: Vec[ErasureChunk]


class Standing(Struct):
    """How far a candidate has come. Relay numbers are 0 until it happened; `votes` are explicit ones in a dispute.

    `called`, `voted` and `no_shows` are of its tranches: checkers with the slots in which they were called, and in
    which it was noticed that they are silent.
    """

    candidate: H256
    backed_in: u32
    included_in: u32
    final_in: u32
    place: u32
    available: Vec[u32]
    approvals: Vec[ApprovalVote]
    votes: Vec[tuple[u32, bool, Bytes64]]
    errors: Vec[tuple[u32, Text]]
    heard: Vec[u32]
    disputed: bool
    lost: bool
    open: bool
    called: Vec[tuple[u32, u64]]
    voted: Vec[u32]
    no_shows: Vec[tuple[u32, u64]]
    executions: u32
    found: Found | None
    refused: Refused | None


class Memory(Struct):
    """All of it: the last slot that was tried, why the network has halted if it has, what the conduct remembers.

    `notes` and `executions` are of abandoned relay blocks whose place no other block has taken yet. `cases` are those
    under way, in the order in which they came; `settled` are final ones kept for disputes, whose standing is a record
    of its own, as it does not change any more.
    """

    slot: u64
    halted: Text | None
    conduct: Bytes
    notes: Vec[Text]
    executions: Vec[Executed]
    settled: Vec[H256]
    cases: Vec[Standing]


NOTHING = Memory(0, None, b"", (), (), (), ())
MEMORY = codec_of(Memory)
OFFER_RECORD = codec_of(OfferRecord)
STANDING = codec_of(Standing)
