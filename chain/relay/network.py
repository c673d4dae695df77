"""The relay chain's validators at work, all in one process: block by block, slot by slot. Source: spec/relay.md §8–§12.

`step` makes one relay block with all that goes with it: backing on its parent, bitfields, dispute votes, the block
itself, then chunks, approval checks, disputes and a round of finality on top of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from chain.crypto.hashing import blake2_256
from chain.primitives.header import Header
from chain.relay.approval import Tranches, checkers, sign_approval
from chain.relay.availability import Recovered, check_chunk, chunks_of, recover
from chain.relay.backing import RelayView, Work, back, check
from chain.relay.bitfields import sign_bitfield
from chain.relay.case import Case
from chain.relay.chain import Produced, import_block, open_state, produce
from chain.relay.collator import Collation
from chain.relay.conduct import HONEST, Conduct
from chain.relay.errors import CandidateError, ErasureError, FinalityError, RecoveryError, RelayError
from chain.relay.finality import STALLED, grandpa_key, honest_votes, is_signed, sign_precommit
from chain.relay.offer import Offer
from chain.relay.payloads import dispute_payload
from chain.relay.thresholds import faulty, supermajority
from chain.relay.types import (
    AvailableData,
    BackedCandidate,
    DisputeStatementSet,
    ErasureChunk,
    Justification,
    SaysInvalid,
    SignedBitfield,
    SignedPrecommit,
)
from chain.relay.validate import Load
from chain.relay.validators import ValidatorSet
from chain.relay.workers import Workers
from chain.trie import NodeStore, OverlayStore


@dataclass
class Step:
    """One relay block, what it made final, what was noticed on the way, and which blocks it gave up."""

    produced: Produced
    notes: list[str] = field(default_factory=list)
    justification: Justification | None = None
    abandoned: list[Header] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    """The candidates that were offered in it."""
    finals: list[Case] = field(default_factory=list)
    """The candidates that it made final."""

    @property
    def header(self) -> Header:
        return self.produced.block.header


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
        self.fresh: dict[bytes, bytes] = {}
        self.store: NodeStore = OverlayStore(self.fresh, store)
        self.line = list(line) or [head]
        self.slot = head.slot or 0
        self.cases: dict[bytes, Case] = {}
        self.halted: FinalityError | None = None
        self.backed: dict[bytes, BackedCandidate] = {}
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

    def stored(self) -> None:
        """The store holds what was fresh."""
        self.fresh.clear()

    # -- one relay block -------------------------------------------------------------------------------------------

    def step(self, offers: Sequence[Offer] = (), vote: bool = True) -> Step:
        """Make the next relay block; without `vote` its round of finality is left to a later one.

        Raises `FinalityError` once the network has halted, and where every validator is offline.
        """
        if self.halted is not None:
            raise self.halted
        notes: list[str] = []
        number, parent = self.head.number + 1, self.head
        self.conduct.enter(number)
        cases = [self._backed(offer, notes) for offer in offers if not offer.forced]
        disputes = self._disputes()
        forced = [self.backed[offer.collation.candidate.hash] for offer in offers if offer.forced]
        offered = [*self._offered(cases, notes), *forced]
        produced = self._produce(parent, offered, self._bitfields(), disputes, notes)
        self.fresh.update(produced.nodes)
        self.line.append(produced.block.header)
        step = Step(produced, notes, cases=cases)
        for item, error in produced.left_out:
            notes.append(f"{error.name} ({_what(item)} left out: {error.detail or 'not admissible'})")
        self._follow(produced, notes)
        self._approve(notes)
        self._settle(step)
        if vote:
            self._vote(step)
        return step

    def _backed(self, offer: Offer, notes: list[str]) -> Case:
        """What the group says of a candidate built on the head."""
        view = RelayView(self.validators, self.store, self.head)
        work = Work(self.load, self.validators.parameters.verify == "shared", workers=self.workers)
        if self.conduct.patched():
            work.patch = offer.collation.candidate.commitments
        number = self.head.number + 1
        core = self.validators.core_of(offer.collation.candidate.descriptor.para_id) or 0
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
        return [case.backing.offered for case in cases if case.backing.offered is not None]

    def _bitfields(self) -> list[SignedBitfield]:
        """What validators say on top of the head: one bit for each core whose candidate they hold a chunk of."""
        waiting = [case for case in self.cases.values() if case.backed_in and not case.included_in and not case.lost]
        if not waiting:
            return []
        session, found = self.validators.session_at(self.head.number + 1), []
        for index, key in enumerate(self.validators.keys):
            if self.conduct.offline(index):
                continue
            bits = [False] * self.validators.cores
            for case in waiting:
                bits[case.core] = index in case.chunks or self.conduct.claims(index, case.core)
            if any(bits):
                own = sign_bitfield(tuple(bits), index, key, session, self.head.hash)
                found.append(self.conduct.bitfield(own, self.validators, self.head.parent_hash))
        return found

    def _produce(
        self,
        parent: Header,
        offered: Sequence[BackedCandidate],
        bitfields: Sequence[SignedBitfield],
        disputes: Sequence[DisputeStatementSet],
        notes: list[str],
    ) -> Produced:
        """The block of the next slot whose author is there, and whose block the others import."""
        for _ in range(2 * len(self.validators.keys)):
            self.slot += 1
            author = self.validators.author_at(self.slot)
            if self.conduct.offline(author):
                notes.append(f"slot {self.slot} stays empty: validator {author} is offline")
                continue
            if offered and self.conduct.forces(author):
                lax = self.validators.lax()
                forced = produce(lax, self.store, parent, offered, self.slot, bitfields, disputes)
                try:
                    import_block(self.validators, self.store, parent, forced.block)
                except RelayError as error:
                    notes.append(f"{error.name} (relay block of slot {self.slot} rejected: {error.detail})")
                    continue
            return produce(self.validators, self.store, parent, offered, self.slot, bitfields, disputes)
        raise FinalityError("NobodyOnline", "no validator is there to make a relay block")

    # -- after the block -------------------------------------------------------------------------------------------

    def _follow(self, produced: Produced, notes: list[str]) -> None:
        """Hand out chunks of what was backed; begin the checks of what was included; let go of what was dropped."""
        number = produced.block.header.number
        for backed in produced.backed:
            case = self.cases[backed.candidate.hash]
            case.backed_in = number
            if self.keeps:
                self.backed[case.hash] = backed
            self._hand_out(case, notes)
        for pending in produced.dropped:
            dropped = self.cases.get(pending.candidate.hash)
            if dropped is not None and not dropped.disputed:
                del self.cases[dropped.hash]
            notes.append(f"the candidate of para {pending.candidate.descriptor.para_id} has lost its core")
        for place, pending in enumerate(produced.included):
            case = self.cases[pending.candidate.hash]
            case.included_in, case.place = number, place
            case.available = tuple(index for index, bit in enumerate(pending.availability) if bit)
            ranked = checkers(self.validators, number, case.hash, case.group, case.backers)
            parameters = self.validators.parameters
            case.tranches = Tranches(ranked, min(parameters.approvals, len(ranked)), parameters.no_show_slots)
        for candidate, case in list(self.cases.items()):
            if not case.backed_in:
                del self.cases[candidate]

    def _hand_out(self, case: Case, notes: list[str]) -> None:
        """The seconder gives validator i chunk i, which stores it if its proof is good."""
        collation = case.collation
        data = AvailableData(collation.pov, collation.validation_data)
        chunks = self.conduct.encoded(collation.candidate, chunks_of(data, len(self.validators.keys)))
        for index, chunk in enumerate(chunks):
            if self.conduct.offline(index) or self.conduct.withholds(index, case.core):
                continue
            if self.conduct.claims(index, case.core):
                continue
            try:
                check_chunk(collation.candidate.descriptor.erasure_root, chunk, index)
            except ErasureError as error:
                notes.append(f"{error.name} (validator {index} takes no chunk)")
            else:
                case.chunks[index] = chunk

    # -- approval --------------------------------------------------------------------------------------------------

    def _approve(self, notes: list[str]) -> None:
        """Let the checkers whose turn it is look at what is included; tranche by tranche as slots go by."""
        for case in list(self.cases.values()):
            if case.tranches is None or case.approved or case.lost:
                continue
            absent = len(case.tranches.no_shows)
            case.tranches.call(self.slot)
            if len(case.tranches.no_shows) > absent:
                silent = ", ".join(map(str, sorted(case.tranches.no_shows)))
                notes.append(f"no-shows in the check of para {self._para(case)}: {silent}")
            for index in list(case.tranches.called):
                if index in case.approvals or index in case.votes or self.conduct.offline(index):
                    continue
                if self._finds_valid(case, index, notes):
                    self._give_approval(case, index)
            accusers = [index for index in case.tranches.called if index in case.errors and index not in case.votes]
            if accusers:
                self._accuse(case, accusers, notes)

    def _give_approval(self, case: Case, index: int) -> None:
        block = self._header(case.included_in).hash
        key = self.validators.keys[index]
        case.approvals[index] = sign_approval(block, case.place, case.hash, index, key, case.session)
        assert case.tranches is not None
        case.tranches.voted.add(index)

    def _finds_valid(self, case: Case, index: int, notes: list[str]) -> bool:
        """A checker's judgement, from chunks only; False for a bad candidate, and where it cannot judge."""
        if self.conduct.careless(index):
            return True
        alone = self.conduct.faulty(index) or any(self.conduct.faulty(backer) for backer in case.backers)
        try:
            recovered = self._recovered(case)
            for holder, error in recovered.bad:
                notes.append(f"{error.name} (validator {index} drops the chunk of validator {holder})")
            data = recovered.data
            check(case.view, Collation(case.collation.candidate, data.pov, data.validation_data), case.work, alone)
        except RecoveryError as error:
            notes.append(f"{error.name} (validator {index}: {error.detail})")
            if error.kind == "Invalid":
                case.errors[index] = f"{CandidateError('ErasureRootMismatch').name} ({error.name})"
            return False
        except CandidateError as error:
            notes.append(f"validator {index}: {error}")
            case.errors[index] = error.name
            return False
        except Exception as error:
            notes.append(f"validator {index} abstains: {type(error).__name__}: {error}")
            return False
        return True

    def _recovered(self, case: Case) -> Recovered:
        """The data from chunks; honest validators of one process share it like an execution (network.md §2)."""
        if self.conduct is HONEST and case.recovered is not None and self.validators.parameters.verify == "shared":
            return case.recovered
        asked = _Asked(case, self.conduct)
        case.recovered = recover(case.collation.candidate, len(self.validators.keys), asked)
        return case.recovered

    # -- disputes --------------------------------------------------------------------------------------------------

    def _accuse(self, case: Case, accusers: Sequence[int], notes: list[str]) -> None:
        """Some say invalid: everybody who has not spoken yet recovers the data, judges and votes."""
        barred = set(open_state(self.store, self.head)[1].disabled.get())
        if not case.disputed and all(index in barred for index in accusers):
            notes.append(f"validators {', '.join(map(str, accusers))} are disabled and may start no dispute")
            return
        if not case.disputed:
            notes.append(f"dispute about the candidate of para {self._para(case)}, started by validator {accusers[0]}")
        case.disputed = case.open = True
        for index in range(len(self.validators.keys)):
            if index in case.for_ or index in case.votes or self.conduct.offline(index):
                continue
            known = index in case.errors
            valid = False if known else self._finds_valid(case, index, notes)
            if valid or index in case.errors:
                payload = dispute_payload(valid, case.hash, case.session)
                case.votes[index] = valid, self.validators.keys[index].sign(payload)
        n = len(self.validators.keys)
        verdict = case.concluded(supermajority(n))
        case.open = verdict != "valid"
        case.lost = len(case.against) > faulty(n)
        counted = f"{len(case.for_)} for, {len(case.against)} against"
        notes.append(f"dispute: {counted}: {f'concluded {verdict}' if verdict else 'not concluded'}")

    def dispute(self, candidate: bytes, by: int) -> None:
        """Validator `by` calls an included candidate invalid, whatever it thinks; the others judge at once."""
        self.cases[candidate].errors[by] = "Candidate.Invalid"
        self._accuse(self.cases[candidate], [by], [])

    def _disputes(self) -> list[DisputeStatementSet]:
        """What of the disputes' votes the relay chain does not have yet."""
        found = []
        for case in self.cases.values():
            if not case.disputed:
                continue
            known = open_state(self.store, self.head)[1].disputes.get(case.session, case.hash)
            votes = case.statements()
            if known is not None:
                sides = known.validators_for, known.validators_against
                missing = [each for each in votes.statements if not sides[_against(each[0])][each[1]]]
                votes = DisputeStatementSet(votes.candidate_hash, votes.session, tuple(missing))
            if votes.statements:
                found.append(votes)
        return found

    def _settle(self, step: Step) -> None:
        """Give up the blocks from a lost candidate's inclusion on; nothing final is ever given up."""
        for case in list(self.cases.values()):
            if not case.lost or not case.included_in:
                continue
            if case.included_in <= self.finalized.number:
                step.notes.append("Finality.SafetyViolation: a final candidate is concluded invalid")
                error = FinalityError("SafetyViolation", f"relay block {case.included_in} is final and holds it")
                if self.conclusion_is_known(case):
                    self.halted = error
                continue
            self._revert(case.included_in, step)

    def conclusion_is_known(self, case: Case) -> bool:
        """Whether the relay chain has the votes of a dispute: who lost is slashed then."""
        return open_state(self.store, self.head)[1].disputes.get(case.session, case.hash) is not None

    def _revert(self, number: int, step: Step) -> None:
        """Relay blocks from `number` up are abandoned; the next author builds on the one before."""
        keep = number - self.finalized.number
        step.abandoned += self.line[keep:]
        del self.line[keep:]
        step.notes.append(f"relay blocks from {number} on are abandoned")
        for candidate, case in list(self.cases.items()):
            if case.backed_in > self.head.number and not case.disputed:
                del self.cases[candidate]
            elif case.included_in >= number:
                case.included_in, case.tranches = 0, None
                case.approvals = case.approvals if case.disputed else {}

    # -- finality --------------------------------------------------------------------------------------------------

    def _vote(self, step: Step) -> None:
        """A round: everybody votes for the highest block that is approved with all its ancestors."""
        target, notes = self._approved(), step.notes
        if target.number <= self.finalized.number:
            return
        round_, set_id = self.head.number, self.validators.session_at(self.head.number)
        cast: list[SignedPrecommit] = []
        for index in range(len(self.validators.keys)):
            if not self.conduct.offline(index):
                own = sign_precommit(target, round_, set_id, index)
                cast += self.conduct.precommits(index, own, round_, set_id)
        votes, liars = honest_votes([vote for vote in cast if is_signed(vote, round_, set_id)])
        for index in range(len(self.validators.keys)):
            if liars and grandpa_key(index).public in liars:
                notes.append(f"Finality.Equivocation (validator {index} voted twice in round {round_})")
        good = tuple(vote for vote in votes if vote.precommit.target_hash == target.hash)
        needed = supermajority(len(self.validators.keys))
        if len(good) < needed:
            notes.append(f"finality stalls at {len(good)} of {needed} precommits")
            return
        self._finalize(target, step)
        step.justification = Justification(round_, target.hash, target.number, good, ())

    def _approved(self) -> Header:
        """The highest block such that it and its ancestors hold nothing unapproved or disputed."""
        unsettled = [
            case.included_in
            for case in self.cases.values()
            if case.included_in > self.finalized.number and not case.approved
        ]
        last = min(unsettled, default=self.head.number + 1) - 1
        return self.line[max(0, last - self.finalized.number)]

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

    def _para(self, case: Case) -> int:
        return case.collation.candidate.descriptor.para_id


class _Asked:
    """What validators answer who are asked for their chunks of a candidate."""

    def __init__(self, case: Case, conduct: Conduct) -> None:
        self._case, self._conduct = case, conduct

    def __call__(self, index: int) -> ErasureChunk | None:
        chunk = self._case.chunks.get(index)
        if chunk is None or self._conduct.offline(index):
            return None
        return self._conduct.served(index, chunk)


def _against(statement: object) -> int:
    return int(isinstance(statement, SaysInvalid))


def _what(item: object) -> str:
    if isinstance(item, BackedCandidate):
        return f"candidate of para {item.candidate.descriptor.para_id}"
    if isinstance(item, SignedBitfield):
        return f"bitfield of validator {item.validator_index}"
    return "dispute"
