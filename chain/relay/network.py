"""The relay chain's validators at work, all in one process: block by block, slot by slot. Source: spec/relay.md §8–§12.

`step` makes one relay block with all that goes with it: backing on its parent, bitfields, dispute votes, the block
itself, then chunks, approval checks, disputes and a round of finality on top of it.
"""

from collections.abc import Sequence

from chain.crypto.hashing import blake2_256
from chain.primitives.header import Header
from chain.relay.approval import Tranches, checkers
from chain.relay.authoring import author, left_out
from chain.relay.availability_types import SignedBitfield
from chain.relay.backing import RelayView, Work, back
from chain.relay.backing_types import BackedCandidate
from chain.relay.case import Case
from chain.relay.chain import Produced, open_state
from chain.relay.checking import Checking
from chain.relay.conduct import HONEST, Conduct
from chain.relay.counting import count
from chain.relay.dispute_types import DisputeStatementSet
from chain.relay.disputing import accuse, hear, is_due, unknown_votes
from chain.relay.errors import Halted
from chain.relay.finality import STALLED
from chain.relay.freezing import reverts
from chain.relay.offer import Offer
from chain.relay.step import Step
from chain.relay.thresholds import supermajority
from chain.relay.validate import Load
from chain.relay.validators import ValidatorSet
from chain.relay.voting import highest_approved, hold_round
from chain.relay.workers import Workers
from chain.trie import NodeStore, OverlayStore


class RelayNetwork:
    """The relay chain at `head`, final up to `finalized`, and what its validators know besides.

    What blocks add to the state is kept in `fresh` until `stored` says that the store has it.
    """

    def __init__(
        self,
        validators: ValidatorSet,
        store: NodeStore,
        head: Header,
        load: Load,
        *,
        conduct: Conduct = HONEST,
        line: Sequence[Header] = (),
        workers: Workers | None = None,
    ) -> None:
        """`line` are the headers from the last final one to `head`, both included."""
        self.validators, self.load, self.conduct, self.workers = validators, load, conduct, workers
        self.checking = Checking(validators, conduct)
        self.fresh: dict[bytes, bytes] = {}
        self.store: NodeStore = OverlayStore(self.fresh, store)
        self.line = list(line) or [head]
        self.slot = head.slot or 0
        self.cases: dict[bytes, Case] = {}
        self.halted: Halted | None = None
        self.keeps = conduct is not HONEST
        """Whether candidates are kept after they are final, so that they can still be disputed."""

    @property
    def head(self) -> Header:
        return self.line[-1]

    @property
    def finalized(self) -> Header:
        return self.line[0]

    @property
    def busy(self) -> bool:
        """Whether something is under way that more relay blocks would settle."""
        waiting = any(case.backed_in and not case.included_in and not case.lost for case in self.cases.values())
        return waiting or bool(self._disputes())

    def included_head(self, para: int, at: Header) -> bytes | None:
        """The hash of the parachain block that is the para's head after a relay block."""
        head = open_state(self.store, at)[1].heads.get(para)
        return None if head is None else blake2_256(head)

    def check_going(self) -> None:
        """Raises `Halted` for a network that has come to its end."""
        if self.halted is not None:
            raise self.halted

    def stored(self) -> None:
        """The store holds what was fresh."""
        self.fresh.clear()

    # -- one relay block -------------------------------------------------------------------------------------------

    def step(self, offers: Sequence[Offer] = (), vote: bool = True) -> Step:
        """Make the next relay block; without `vote` its round of finality is left to a later one.

        Raises `Halted`, and `FinalityError` where every validator is offline.
        """
        self.check_going()
        notes: list[str] = []
        known = list(self.cases.values())
        number, parent = self.head.number + 1, self.head
        self.conduct.enter(number)
        cases = [self._backed(offer, notes) for offer in offers if offer.backed is None]
        disputes = self._disputes()
        offered = [*self._offered(cases, notes), *(offer.backed for offer in offers if offer.backed is not None)]
        said, at_hand = self._bitfields(), [case.at_hand for case in cases]
        produced = author(
            self.validators, self.conduct, self.store, parent, self.slot, offered, said, disputes, at_hand, notes
        )
        self.slot = produced.block.header.slot or 0
        self.fresh.update(produced.nodes)
        self.line.append(produced.block.header)
        step = Step(produced, notes, cases=cases)
        notes += left_out(produced)
        notes += [
            f"Relay.ChainFrozen (more than f call invalid what relay block {each} includes)"
            for each in reverts(step.header)
        ]
        self._follow(produced, notes)
        self._approve(notes)
        self._settle(step)
        if vote:
            self._vote(step)
        step.executions = count([*known, *cases])
        self._forget()
        return step

    def _forget(self) -> None:
        """Let go of what was kept for disputes, once it can be disputed no longer."""
        oldest = self.validators.session_at(self.head.number) - self.validators.parameters.dispute_period
        for candidate, case in list(self.cases.items()):
            if case.session < oldest and (case.final_in or case.disputed):
                del self.cases[candidate]

    def _backed(self, offer: Offer, notes: list[str]) -> Case:
        """What the group says of a candidate built on the head."""
        view = RelayView(self.validators, self.store, self.head)
        work = Work(self.load, self.validators.parameters.verify == "shared", workers=self.workers)
        work.patch = self.conduct.patch(offer.collation.candidate)
        number, para = self.head.number + 1, offer.collation.candidate.descriptor.para_id
        core = self.validators.core_of(para)
        if core is None:
            notes.append(f"Inclusion.UnscheduledCandidate (para {para} is not registered: nobody judges its candidate)")
            core = 0
        group = self.validators.group_of_core(core, number)
        members = None if offer.half is None else sorted(group)[offer.half :: 2]
        backing = back(view, offer.collation, self.load, work=work, conduct=self.conduct, members=members)
        notes += [str(refusal) for refusal in backing.refused]
        notes += [f"{error.name} (statement dropped: {error.detail})" for error in backing.dropped]
        return Case(offer.collation, view, work, backing, core, group, self.validators.session_at(number))

    def _offered(self, cases: Sequence[Case], notes: list[str]) -> list[BackedCandidate]:
        """Candidates with their votes, as they reach the author."""
        if self.head.number - self.finalized.number >= STALLED:
            if cases:
                notes.append(f"Relay.FinalityStalled (final is relay block {self.finalized.number})")
            return []
        for case in cases:
            self.cases.setdefault(case.hash, case)
        smuggled = [backed for case in cases for backed in case.backing.smuggled]
        return [*smuggled, *(case.backing.offered for case in cases if case.backing.offered is not None)]

    def _bitfields(self) -> list[SignedBitfield]:
        """What validators say on top of the head."""
        waiting = [case for case in self.cases.values() if case.backed_in and not case.included_in and not case.lost]
        return self.checking.bitfields(waiting, self.head)

    # -- after the block -------------------------------------------------------------------------------------------

    def _follow(self, produced: Produced, notes: list[str]) -> None:
        """Hand out chunks of what was backed; begin the checks of what was included; let go of what was dropped."""
        number = produced.block.header.number
        for backed in produced.backed:
            case = self.cases[backed.candidate.hash]
            case.backed_in = number
            self.checking.hand_out(case, notes)
        for pending in produced.dropped:
            dropped = self.cases.get(pending.candidate.hash)
            if dropped is not None:
                dropped.backed_in = 0
            of = f"the candidate of para {pending.candidate.descriptor.para_id}" if dropped is None else dropped.name
            notes.append(f"{of} has lost its core")
        for place, pending in enumerate(produced.included):
            case = self.cases[pending.candidate.hash]
            case.included_in, case.place = number, place
            case.available = tuple(index for index, bit in enumerate(pending.availability) if bit)
            ranked = checkers(self.validators, number, case.hash, case.group, case.backers)
            parameters = self.validators.parameters
            case.tranches = Tranches(ranked, min(parameters.approvals, len(ranked)), parameters.no_show_slots)
        for candidate, case in list(self.cases.items()):
            if not case.backed_in and not case.disputed:
                del self.cases[candidate]

    # -- approval --------------------------------------------------------------------------------------------------

    def _approve(self, notes: list[str]) -> None:
        """Let the checkers whose turn it is look at what is included; tranche by tranche as slots go by."""
        for case in list(self.cases.values()):
            if case.tranches is None or case.approved or case.lost:
                continue
            accusers = self.checking.approve(case, self.slot, self._header(case.included_in).hash, notes)
            if accusers:
                self._accuse(case, accusers, notes)
        for case, index in self.conduct.accusations(self.cases.values()):
            case.errors[index] = "Candidate.Invalid"
            self._accuse(case, [index], notes)
        for case in list(self.cases.values()):
            if is_due(self.checking, case):
                hear(self.checking, case, notes)

    # -- disputes --------------------------------------------------------------------------------------------------

    def _accuse(self, case: Case, accusers: Sequence[int], notes: list[str]) -> None:
        accuse(self.checking, case, accusers, open_state(self.store, self.head)[1].disabled.get(), notes)

    def dispute(self, candidate: bytes, by: int) -> None:
        """Validator `by` calls an included candidate invalid, whatever it thinks; the others judge at once."""
        self.cases[candidate].errors[by] = "Candidate.Invalid"
        self._accuse(self.cases[candidate], [by], [])

    def _disputes(self) -> list[DisputeStatementSet]:
        """What of the disputes' votes the relay chain does not have yet."""
        disputed = [case for case in self.cases.values() if case.disputed]
        return unknown_votes(disputed, open_state(self.store, self.head)[1]) if disputed else []

    def _settle(self, step: Step) -> None:
        """Give up the blocks from a lost candidate's inclusion on; nothing final is ever given up."""
        for case in list(self.cases.values()):
            if not case.lost or not case.included_in:
                continue
            if case.included_in > self.finalized.number:
                self._revert(case.included_in, step)
            elif case.concluded(supermajority(len(self.validators.keys))) == "invalid":
                step.notes.append("Finality.SafetyViolation: a final candidate is concluded invalid")
                if self.conclusion_is_known(case):
                    shown = f"candidate 0x{case.hash.hex()} of para {case.para}, included in relay block"
                    self.halted = Halted(f"{shown} {case.included_in}, is final and concluded invalid")

    def conclusion_is_known(self, case: Case) -> bool:
        """Whether a dispute is concluded on the relay chain too: who lost is slashed then."""
        known = open_state(self.store, self.head)[1].disputes.get(case.session, case.hash)
        return known is not None and known.concluded_at is not None

    def _revert(self, number: int, step: Step) -> None:
        """Relay blocks from `number` up are abandoned; the next author builds on the one before."""
        keep = number - self.finalized.number
        step.abandoned += self.line[keep:]
        del self.line[keep:]
        given_up = [case for case in self.cases.values() if case.included_in >= number]
        step.notes += [f"{case.name} is included in relay block {case.included_in}, now given up" for case in given_up]
        step.notes.append(f"relay blocks from {number} on are abandoned")
        for candidate, case in list(self.cases.items()):
            if case.included_in >= number:
                case.included_in, case.tranches = 0, None
                case.approvals = case.approvals if case.disputed else {}
            if case.backed_in > self.head.number:
                case.backed_in = 0
            if not case.backed_in and not case.disputed:
                del self.cases[candidate]

    # -- finality --------------------------------------------------------------------------------------------------

    def _vote(self, step: Step) -> None:
        target = highest_approved(self.line, self.cases.values())
        if target.number <= self.finalized.number:
            return
        step.justification = hold_round(self.validators, self.conduct, self.line, target, step.notes)
        if step.justification is not None:
            self._finalize(self._header(step.justification.target_number), step)

    def _finalize(self, target: Header, step: Step) -> None:
        del self.line[: target.number - self.finalized.number]
        for candidate, case in list(self.cases.items()):
            if not case.included_in or case.included_in > target.number:
                continue
            if not case.final_in:
                case.final_in = step.header.number
                step.finals.append(case)
            if not self.keeps:
                del self.cases[candidate]

    def _header(self, number: int) -> Header:
        return self.line[number - self.finalized.number]
