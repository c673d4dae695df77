"""What a relay block does to the relay chain's state, step by step. Source: spec/relay.md §8.2, steps 3 to 7.

The author leaves out what is not admissible, by name; an importer that meets such a thing refuses the whole block.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chain.primitives.header import Consensus, Header
from chain.relay.availability_types import SignedBitfield
from chain.relay.backing_types import BackedCandidate
from chain.relay.bitfields import check_bitfield
from chain.relay.body import Attested
from chain.relay.dispute_types import DisputeStatementSet
from chain.relay.disputes import import_dispute
from chain.relay.errors import BadBit, BadVote, DisputeError, InclusionError, RelayBlockError, RelayError
from chain.relay.freezing import check_not_frozen, forget_included, freeze, note_included
from chain.relay.inclusion import check_candidate, include, occupy
from chain.relay.relay_block import CandidateBacked, CandidateEvent, CandidateIncluded, CandidateTimedOut
from chain.relay.state import Pending, RelayState
from chain.relay.thresholds import faulty, supermajority
from chain.relay.validators import ValidatorSet

Item = BackedCandidate | SignedBitfield | DisputeStatementSet


@dataclass
class Effects:
    """What was taken of what was offered, what was left out and why, and what became of candidates."""

    bitfields: list[SignedBitfield] = field(default_factory=list)
    backed: list[BackedCandidate] = field(default_factory=list)
    disputes: list[DisputeStatementSet] = field(default_factory=list)
    left_out: list[tuple[Item, RelayError]] = field(default_factory=list)
    included: list[Pending] = field(default_factory=list)
    dropped: list[Pending] = field(default_factory=list)
    """Timed out, freed by a dispute, or lost at the end of the session."""
    events: list[CandidateEvent] = field(default_factory=list)
    logs: list[Consensus] = field(default_factory=list)
    """What the header says besides slot and seal."""

    @property
    def taken(self) -> Attested:
        return Attested(tuple(self.bitfields), tuple(self.backed), tuple(self.disputes))


class Transition:
    """One relay block on `parent`, being enacted on the state after it."""

    def __init__(
        self, validators: ValidatorSet, state: RelayState, parent: Header, refuse: Callable[[RelayError], None] | None
    ) -> None:
        """`refuse` is called with what an importer must not accept; an author has none."""
        self.validators, self.state, self.parent = validators, state, parent
        self.number = parent.number + 1
        self._refuse = refuse
        self.effects = Effects()

    def run(self, slot: int, offered: Attested) -> Effects:
        self.state.slot.put(slot)
        self.state.upgrades.begin(self.number)
        self.state.upward.serve()
        self.state.queues.deliver(self.number)
        for votes in offered.disputes:  # 3
            self._dispute(votes)
        try:
            check_not_frozen(self.state)
        except RelayBlockError as frozen:
            items: tuple[Item, ...] = (*offered.bitfields, *offered.backed)
            for item in items:
                self._leave_out(item, frozen)
        else:
            freed = self._free_disputed()  # 4
            self._count(offered.bitfields, freed)  # 5
            self._time_out()  # 6
            self._back(offered.backed)  # 7
        self._end_session()
        return self.effects

    def _leave_out(self, item: Item, error: RelayError) -> None:
        if self._refuse is not None:
            self._refuse(error)
        self.effects.left_out.append((item, error))

    def _dispute(self, votes: DisputeStatementSet) -> None:
        try:
            import_dispute(self.state, self.validators, self.number, votes)
        except DisputeError as error:
            self._leave_out(votes, error)
        else:
            self.effects.disputes.append(votes)
            log = freeze(self.state, self.validators, votes.session, votes.candidate_hash)
            if log is not None:
                self.effects.logs.append(log)

    def _waiting(self) -> list[Pending]:
        found = (self.state.pending.get(para) for para in self.validators.paras)
        return [pending for pending in found if pending is not None]

    def _free_disputed(self) -> set[int]:
        """Cores of candidates concluded invalid, or with more than f votes against them."""
        freed = set()
        for pending in self._waiting() if self.effects.disputes else ():
            session = self.validators.session_at(pending.backed_in)
            dispute = self.state.disputes.get(session, pending.candidate.hash)
            most = faulty(self.validators.parameters.validators)
            if dispute is not None and sum(dispute.validators_against) > most:
                self._drop(pending)
                freed.add(pending.core)
        return freed

    def _drop(self, pending: Pending) -> None:
        self.state.pending.remove(pending.candidate.descriptor.para_id)
        self.effects.dropped.append(pending)

    def _count(self, bitfields: Sequence[SignedBitfield], freed: set[int]) -> None:
        """Set the votes; include what n − f validators hold their chunk of."""
        last: int | None = None
        for bitfield in bitfields:
            try:
                check_bitfield(self.validators, self.parent, bitfield, last, freed)
            except InclusionError as error:
                self._leave_out(bitfield, error)
            else:
                last = bitfield.validator_index
                self.effects.bitfields.append(bitfield)
        if not self.effects.bitfields:
            return
        needed = supermajority(self.validators.parameters.validators)
        for pending in self._waiting():
            votes = list(pending.availability)
            for bitfield in self.effects.bitfields:
                votes[bitfield.validator_index] |= bitfield.payload[pending.core]
            pending = Pending(pending.candidate, pending.core, pending.group, pending.backed_in, tuple(votes))
            if sum(votes) < needed:
                self.state.pending.insert(pending.candidate.descriptor.para_id, pending)
                continue
            include(self.state, pending, self.number, self.validators.parameters)
            session = self.validators.session_at(pending.backed_in)
            note_included(self.state, session, pending.candidate.hash, self.number)
            self.effects.included.append(pending)
            head = pending.candidate.commitments.head_data
            self.effects.events.append(CandidateIncluded(pending.candidate.receipt, head, pending.core, pending.group))

    def _time_out(self) -> None:
        for pending in self._waiting():
            if self.number - pending.backed_in >= self.validators.parameters.paras_availability_period:
                self._drop(pending)
                head = pending.candidate.commitments.head_data
                self.effects.events.append(CandidateTimedOut(pending.candidate.receipt, head, pending.core))

    def _back(self, offered: Sequence[BackedCandidate]) -> None:
        last_core: int | None = None
        for backed in offered:
            try:
                last_core = check_candidate(self.state, self.validators, self.parent, backed, last_core)
            except InclusionError as error:
                self._leave_out(backed, error)
                continue
            pending = occupy(self.state, self.validators, last_core, self.number, backed.candidate)
            self.effects.backed.append(backed)
            head = backed.candidate.commitments.head_data
            event = CandidateBacked(backed.candidate.receipt, head, pending.core, pending.group)
            self.effects.events.append(event)

    def _end_session(self) -> None:
        """A session ends with its last block: what still waits must be backed anew, nobody is disabled (§5, §10)."""
        if self.number % self.validators.parameters.session_length:
            return
        self.state.session.put(self.state.session.get() + 1)
        forget_included(self.state, self.validators)
        for pending in self._waiting():
            self._drop(pending)
        if self.state.disabled.get():
            self.state.disabled.kill()


def refuse(error: RelayError) -> None:
    """An importer's answer: a signature that does not verify is a bad witness, all else has its own name."""
    if isinstance(error, BadVote | BadBit) or error.name == "Disputes.InvalidSignature":
        raise RelayBlockError("BadWitness", error.detail)
    raise error
