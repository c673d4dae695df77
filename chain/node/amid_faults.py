"""A collator amid faults: it offers what its faults make of a block, and builds anew until it is included.

Source: spec/relay.md §10.6, §13.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol

from chain.node.errors import NotIncluded
from chain.node.in_progress import BlockInProgress, Proposal, Sealed
from chain.node.ledger import Ledger
from chain.node.relaying import Fate
from chain.primitives.errors import Refused
from chain.primitives.validation import StorageProof
from chain.relay.backing import Work, check
from chain.relay.body import attested
from chain.relay.case import Case
from chain.relay.collator import Collation, take_snapshot
from chain.relay.errors import CandidateError
from chain.relay.faults import Switched
from chain.relay.faults.fault import Fault, cannot
from chain.relay.faults.workshop import Workshop
from chain.relay.offer import Offer
from chain.relay.state import code_hash_key

MOST_ATTEMPTS = 12
"""How often an honest block is offered that the relay chain does not include."""

IN_STEP = 6
"""After so many candidates for one group: if groups rotate in step with blocks, no other would ever have its turn."""

MOST_SPOILT = 100
"""How often besides, while the collator has a fault."""


class Collator(Protocol):
    """Who builds blocks."""

    def open_block(self) -> BlockInProgress:
        """Begin a block on the present head and relay parent."""

    def open_here(self, more: Sequence[bytes] = ()) -> BlockInProgress:
        """The same whatever comes next, with `more` entries of the relay chain's state in the inherent's proof."""


class AmidFaults:
    """One block on its way, with all that is offered in its place or beside it."""

    def __init__(self, ledger: Ledger, conduct: Switched, collator: Collator) -> None:
        self._ledger, self._relay, self._conduct, self._collator = ledger, ledger.relay, conduct, collator
        self._honest: dict[bytes, Proposal] = {}
        """What was really built, by the hash of the head."""

    def take(self, proposal: Proposal) -> Sealed:
        """Have a block included and store it; raises `NotIncluded`, `Finished`, and FinalityError with nobody there."""
        fate = Fate((), None, ())
        honest = spoilt = 0
        groups: list[tuple[int, ...]] = []
        while honest < MOST_ATTEMPTS and spoilt < MOST_SPOILT:
            parent = self._relay.head.number
            honest, spoilt = (honest, spoilt + 1) if self._conduct.spoils(parent) else (honest + 1, spoilt)
            groups.append(self._group(parent))
            self._honest = {proposal.built.block.header.hash: proposal}
            fate = self._attempt(proposal)
            case, steps = fate.included, fate.steps
            if case is not None and self._is_strange(case):
                steps += self._relay.await_verdict(case)
            if case is not None and case.included_in:
                known = self._honest.get(case.collation.candidate.descriptor.para_head)
                if known is not None and (not self._is_strange(case) or self._is_valid(case)):
                    return self._ledger.include(known.built, steps, case)
                self._ledger.include_unknown(steps, case)
            else:
                self._ledger.absorb(steps)
            self._ledger.check_going()
            if fate.failed is not None:
                raise fate.failed
            if honest >= IN_STEP:
                self._fall_out_of_step(groups[-IN_STEP:])
            proposal = self._anew(proposal)
        hint = "Faults are switched on, or validators are disabled: look at `basilisk relay log`."
        raise NotIncluded("the relay chain does not include the block", fate.reasons, hint)

    def _fall_out_of_step(self, groups: Sequence[tuple[int, ...]]) -> None:
        """Let one relay block go by if the same group had the last candidates, and only so another one has the next."""
        parent = self._relay.head.number
        if {*groups} == {self._group(parent)} and self._group(parent + 1) not in groups:
            self._ledger.absorb((self._relay.seal_empty(),))
            self._ledger.check_going()

    def _group(self, parent: int) -> tuple[int, ...]:
        """Who judges a candidate on this relay block."""
        validators = self._relay.validators
        return validators.group_of_core(validators.core_of(self._ledger.about.para_id) or 0, parent + 1)

    def _is_strange(self, case: Case) -> bool:
        """Whether it is no candidate that an honest collator has made: validators may find out yet."""
        known = self._honest.get(case.collation.candidate.descriptor.para_head)
        return known is None or known.collation.candidate != case.collation.candidate

    def _is_valid(self, case: Case) -> bool:
        """What an honest validator would say of a candidate, whatever those said who were asked."""
        work = Work(self._relay.load, shared=False)
        work.patch = self._conduct.patch(case.collation.candidate)
        try:
            check(case.view, case.collation, work)
        except CandidateError:
            return False
        return True

    def _attempt(self, proposal: Proposal) -> Fate:
        """One round with what the collator's faults make of it."""
        parent = self._relay.head.number
        self._conduct.begin(parent)
        offers, notes = [self._conduct.spoilt(self._workshop(proposal), parent)], list[str]()
        for fault in self._conduct.beside(parent, "equivocate"):
            offers = self._twins(fault, proposal, offers, notes)
        offers += [offer for fault in self._conduct.beside(parent, "again") for offer in self._again(fault)]
        seconds = self._conduct.beside(parent, "second")
        return self._relay.attempt(offers, (lambda: self._second(seconds, proposal)) if seconds else None, notes)

    # -- building --------------------------------------------------------------------------------------------------

    def _anew(self, proposal: Proposal) -> Proposal:
        """The same extrinsics in a block on the present head and relay parent.

        Behind those of abandoned blocks, which wait in the pool. Raises `NotIncluded` if one may be in no block now.
        """
        block, own = self._collator.open_block(), proposal.signed
        if proposal.built.block.header.parent_hash != self._ledger.best.hash:
            for extrinsic in self._ledger.pool.ready():
                if extrinsic.hash not in {each.hash for each in own}:
                    with suppress(Refused):
                        block.push(extrinsic)
        try:
            for extrinsic in own:
                block.push(extrinsic)
        except Refused as refused:
            hint = "What it stood on was abandoned: look at `basilisk relay log`, and send it again."
            raise NotIncluded("an extrinsic of the block can be in none any more", (refused.name,), hint) from None
        return block.rebuilt()

    def _beside(self, proposal: Proposal, more: Sequence[bytes] = ()) -> Proposal:
        """The same extrinsics in another block on the same head."""
        block = self._collator.open_here(more)
        for extrinsic in proposal.signed:
            block.push(extrinsic)
        return block.rebuilt()

    # -- beside it -------------------------------------------------------------------------------------------------

    def _twins(self, fault: Fault, proposal: Proposal, offers: Sequence[Offer], notes: list[str]) -> list[Offer]:
        """Two blocks for one slot, each to half the group: they differ in how much of the relay state they prove."""
        twin = self._beside(proposal, (code_hash_key(self._ledger.about.para_id),))
        first = offers[0]
        if twin.collation.candidate == proposal.collation.candidate:
            self._conduct.tally.failed(fault, cannot(fault, "there is no second block for the slot"))
            return list(offers)
        self._honest[twin.built.block.header.hash] = twin
        self._conduct.tally.acted(fault)
        heads = [each.candidate.descriptor.para_head.hex() for each in (first.collation, twin.collation)]
        notes.append(f"the collator equivocates: blocks 0x{heads[0]} and 0x{heads[1]} for one slot")
        return [Offer(first.collation, half=0), Offer(twin.collation, half=1)]

    def _again(self, fault: Fault) -> list[Offer]:
        """The block before, as it was backed."""
        record = self._ledger.archive.record(self._ledger.best.hash)
        block = None if record is None else self._ledger.archive.relay(record.backed_in).block
        if record is None or block is None:
            self._conduct.tally.failed(fault, cannot(fault, "there is no block before it"))
            return []
        self._conduct.tally.acted(fault)
        before = Collation(record.candidate, record.pov, record.validation_data)
        backed = [each for each in attested(block).backed if each.candidate == record.candidate]
        return [Offer(before, backed=each) for each in backed]

    def _second(self, faults: Sequence[Fault], proposal: Proposal) -> list[Offer]:
        """Another candidate on the next relay block, before anything is known of the first."""
        second = self._beside(proposal)
        self._honest[second.built.block.header.hash] = second
        for fault in faults:
            self._conduct.tally.acted(fault)
        return [Offer(second.collation)]

    # -- the workshop ----------------------------------------------------------------------------------------------

    def _workshop(self, proposal: Proposal) -> Workshop:
        validators = len(self._relay.validators.keys)
        return Workshop(proposal.author, proposal.collation, self._previous(), validators, self._other_proof())

    def _previous(self) -> Collation | None:
        record = self._ledger.archive.record(self._ledger.best.hash)
        return None if record is None else Collation(record.candidate, record.pov, record.validation_data)

    def _other_proof(self) -> StorageProof:
        """The relay state that the relay block before the last has."""
        relay, para = self._relay, self._ledger.about.para_id
        other = self._ledger.archive.relay(max(0, relay.head.number - 2)).header
        return take_snapshot(relay.validators, relay.store, other, para).inherent.relay_chain_state
