"""The embedded relay chain as the node drives it: empty blocks, and those that take a candidate in.

Source: spec/relay.md §12, synchronous mode. A candidate built on relay parent N is backed in N + 1 and, where nothing
goes wrong, included, approved and final in N + 2. Where something does, the relay chain goes on until the candidate's
core is free again, and the parachain builds anew.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chain.node.errors import NotIncluded
from chain.relay.case import Case
from chain.relay.collator import Collation
from chain.relay.conduct import HONEST
from chain.relay.errors import FinalityError
from chain.relay.network import RelayNetwork
from chain.relay.offer import Offer
from chain.relay.step import Step

ROUND = 2
"""Relay blocks of a round: one backs, one includes."""

MOST_STEPS = 40
"""Relay blocks after which a candidate that is neither included nor dropped is given up."""


@dataclass(frozen=True)
class Fate:
    """What the relay chain did with candidates of one para: the blocks it made, and the one that it included."""

    steps: tuple[Step, ...]
    included: Case | None
    reasons: tuple[str, ...]
    failed: FinalityError | None = None
    """Why the relay chain could not go on."""


class RelaySide(RelayNetwork):
    """The relay network with one parachain's candidates brought to it round by round."""

    def seal_empty(self, vote: bool = True) -> Step:
        """One relay block without a candidate; without `vote` its round is left out unless it makes a difference."""
        self.conduct.begin(self.head.number)
        return self.step(vote=vote or self.conduct.watched(self.head.number + 1))

    @property
    def ends_session(self) -> bool:
        """Whether the next relay block is the last of its session: a candidate backed there would be dropped."""
        length = self.validators.parameters.session_length
        return (self.head.number + 1) % length == 0

    def include(self, collation: Collation) -> Fate:
        """Have the group check an honest candidate, and seal the blocks that back and include it.

        Raises `NotIncluded` with the validators' reasons; the relay chain stands where it stood then.
        """
        line, slot, cases, fresh = list(self.line), self.slot, dict(self.cases), dict(self.fresh)
        fate = self.attempt([Offer(collation)])
        if fate.failed is not None:
            raise fate.failed
        if fate.included is None:
            self.line[:], self.slot, self.cases = line, slot, cases
            self.fresh.clear()
            self.fresh.update(fresh)
            case = fate.steps[0].cases[0]
            if case.backing.backed is None:
                reasons = tuple(map(str, case.backing.refused))
                raise NotIncluded("not enough validators signed for the block", reasons)
            raise NotIncluded("the relay chain did not include the candidate", fate.reasons)
        return fate

    def attempt(
        self, offers: Sequence[Offer], later: Callable[[], list[Offer]] | None = None, notes: Sequence[str] = ()
    ) -> Fate:
        """One round, longer if the core stays occupied or a dispute is under way: what became of the candidates.

        `later` makes what is offered in its second relay block; `notes` are what there is to say before the first.
        """
        self.conduct.begin(self.head.number)
        steps: list[Step] = []
        failed = None
        try:
            steps.append(self.step(offers))
            steps[0].notes[:0] = notes
            if later is not None and self.halted is None:
                steps.append(self.step(later()))
            while (len(steps) < ROUND or (self.busy and len(steps) < MOST_STEPS)) and self.halted is None:
                steps.append(self.step())
            if self.conduct is not HONEST and self.ends_session and self.halted is None:
                steps.append(self.step())
        except FinalityError as error:
            failed = error
        found = [case for step in steps for case in step.cases if case.included_in and not case.lost]
        reasons = tuple(note for step in steps for note in step.notes)
        return Fate(tuple(steps), found[0] if found else None, reasons, failed)

    def await_verdict(self, case: Case) -> tuple[Step, ...]:
        """Relay blocks until an included candidate is final or given up, as far as patience goes."""
        steps: list[Step] = []
        while case.included_in and not case.final_in and len(steps) < MOST_STEPS and self.halted is None:
            steps.append(self.step())
        return tuple(steps)
