"""A candidate in the validators' hands, until it is final or given up. Source: spec/relay.md §8.6, §9, §10."""

from dataclasses import dataclass, field

from chain.primitives.header import HEADER
from chain.relay.approval import Tranches
from chain.relay.availability import Recovered
from chain.relay.availability_types import ErasureChunk
from chain.relay.backing import Backing, RelayView, Work
from chain.relay.backing_types import BackedCandidate, Seconded
from chain.relay.collator import Collation
from chain.relay.dispute_types import (
    ApprovalChecking,
    BackingSeconded,
    BackingValid,
    DisputeStatement,
    DisputeStatementSet,
    ExplicitInvalid,
    ExplicitValid,
    SaysInvalid,
    SaysValid,
)
from chain.relay.finality_types import ApprovalVote


@dataclass
class Case:
    """One backed candidate with all that validators keep of it.

    `votes` are explicit ones in a dispute: valid or not, with the signature. Relay numbers are 0 until it happened.
    """

    collation: Collation
    view: RelayView
    work: Work
    backing: Backing
    core: int
    group: tuple[int, ...]
    session: int
    backed_in: int = 0
    included_in: int = 0
    final_in: int = 0
    place: int = 0
    available: tuple[int, ...] = ()
    chunks: dict[int, ErasureChunk] = field(default_factory=dict)
    recovered: Recovered | None = None
    tranches: Tranches | None = None
    approvals: dict[int, ApprovalVote] = field(default_factory=dict)
    votes: dict[int, tuple[bool, bytes]] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    """Why a validator found it invalid."""
    counted: int = 0
    """Executions that a relay block's count holds already."""
    heard: set[int] = field(default_factory=set)
    """Who was asked in a dispute."""
    disputed: bool = False
    lost: bool = False
    """More than f votes against it: it is never taken again."""
    open: bool = False
    """A dispute is on, and not settled for the candidate."""

    @property
    def hash(self) -> bytes:
        return self.collation.candidate.hash

    @property
    def relay_parent(self) -> int:
        """The number of the relay block that it is built on."""
        return self.view.relay_parent.number

    @property
    def para(self) -> int:
        return self.collation.candidate.descriptor.para_id

    @property
    def name(self) -> str:
        """The block that it is, by the number in its header; heads of other kinds have none."""
        try:
            number = HEADER.decode(self.collation.candidate.commitments.head_data).number
        except ValueError:
            return f"a candidate of para {self.para}"
        return f"block {number} of para {self.para}"

    @property
    def backers(self) -> tuple[int, ...]:
        return self.backing.voters

    @property
    def at_hand(self) -> BackedCandidate:
        """The candidate with the votes that there are, if any."""
        nobody = BackedCandidate(self.collation.candidate, (), (False,) * len(self.group))
        return self.backing.offered or nobody

    @property
    def approved(self) -> bool:
        return self.tranches is not None and self.tranches.approved and not self.lost and not self.open

    @property
    def for_(self) -> set[int]:
        """Who vouches for it: by backing, by approving, or in so many words."""
        return {*self.backers, *self.approvals, *(index for index, (valid, _) in self.votes.items() if valid)}

    @property
    def against(self) -> set[int]:
        return {index for index, (valid, _) in self.votes.items() if not valid}

    def concluded(self, needed: int) -> str:
        """`valid`, `invalid`, or nothing as long as fewer than `needed` are of one mind."""
        return "invalid" if len(self.against) >= needed else "valid" if len(self.for_) >= needed else ""

    def statements(self) -> DisputeStatementSet:
        """All votes that there are, in the order of the validators' numbers, backing votes first."""
        parent = self.collation.candidate.descriptor.relay_parent
        found: list[tuple[DisputeStatement, int, bytes]] = []
        for sent in self.backing.statements:
            signed = sent.signed
            seconded = isinstance(signed.payload, Seconded)
            kind = BackingSeconded(parent) if seconded else BackingValid(parent)
            found.append((SaysValid(kind), signed.validator_index, signed.signature))
        for index, vote in sorted(self.approvals.items()):
            if index not in self.backers:
                found.append((SaysValid(ApprovalChecking()), index, vote.signature))
        for index, (valid, signature) in sorted(self.votes.items()):
            word = SaysValid(ExplicitValid()) if valid else SaysInvalid(ExplicitInvalid())
            found.append((word, index, signature))
        return DisputeStatementSet(self.hash, self.session, tuple(found))
