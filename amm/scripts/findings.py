"""The report of a run as it grows. Source: spec/trade-scripts.md, "Running"."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from amm.lives import Life, life_of, refused_life
from amm.outcome import Candidate, candidate_fact
from amm.relay_history import RelayHistory
from amm.scripts.errors import Mark
from amm.scripts.expectations import Failure
from amm.scripts.fault_facts import fault_facts
from amm.scripts.report import FailedExpectation, Report, StepReport
from amm.scripts.sending import Sent
from amm.scripts.steps import CallStep, Step
from chain.frame import Runtime
from chain.node.service import Node, Sealed
from chain.relay.faults import Switched

ACTS = "every fault acts"


class Progress(NamedTuple):
    """How far a replay is: blocks sealed, calls sent, and how many calls there will be if that is known."""

    blocks: int
    calls: int
    of_calls: int | None


Watch = Callable[[Progress], None]


class Findings:
    """Writes a report: what steps there were, what failed, and what became of the blocks."""

    def __init__(self, report: Report, runtime: Runtime, watch: Watch | None, of_calls: int | None) -> None:
        self.report = report
        self._runtime, self._watch, self._of_calls = runtime, watch, of_calls
        self._last: tuple[Sealed, Candidate] | None = None
        self._open: list[bytes] = []
        """Blocks that were not final when they were sealed."""

    @property
    def failures(self) -> int:
        """How much has failed so far."""
        return len(self.report.failed_expectations)

    def enter(self, step: Step, label: str | None) -> StepReport:
        """Begin the entry of a step. A call is not done before it is sent."""
        entry = StepReport(
            index=len(self.report.steps), verb=step.verb, label=label, line=step.mark.line, runtime=self._runtime
        )
        if isinstance(step, CallStep):
            entry.call, entry.signer, entry.ok = str(step.call), step.signer.value, False
        self.report.steps.append(entry)
        return entry

    def sent(self, entry: StepReport, sent: Sent) -> None:
        """Note what became of a step's call."""
        entry.error, entry.ok, entry.emitted = sent.error, sent.error is None, sent.events
        entry.meaning, entry.hint = sent.meaning, sent.hint

    def fail(self, entry: StepReport, failures: Iterable[Failure]) -> None:
        """Note what is not as the script says."""
        for failure in failures:
            entry.held = False
            self.fail_at(entry.index, entry.label, failure)

    def fail_at(self, index: int, label: str | None, failure: Failure) -> None:
        """The same for the step of an index."""
        kind, expected, found, mark = failure[:4]
        self.report.failed_expectations.append(
            FailedExpectation(
                index, label, kind, expected, found, mark.line, mark.file, failure.block, failure.meaning, failure.hint
            )
        )

    def sealed(self, sealed: Sealed) -> None:
        """Count a block, and what the relay chain did with it."""
        report, candidate = self.report, candidate_fact(sealed.record)
        self._last = sealed, candidate
        report.blocks += 1
        report.verified_blocks += candidate.executions > 0
        if candidate.finalized:
            self._count(candidate)
        else:
            self._open.append(sealed.hash)
        if self._watch is not None:
            self._watch(Progress(report.blocks, report.calls, self._of_calls))

    def _count(self, candidate: Candidate) -> None:
        relay = self.report.relay
        relay.candidates += 1
        relay.backed += bool(candidate.backed_by)
        relay.executions += candidate.executions
        relay.pov_bytes += candidate.pov_bytes
        relay.largest_pov = max(relay.largest_pov, candidate.pov_bytes)
        relay.available = _counted(relay.available, candidate.available)
        relay.approved = _counted(relay.approved, candidate.approved_by)
        relay.finalized = _counted(relay.finalized, candidate.finalized)

    def placed(self, entry: StepReport, sealed: Sealed) -> None:
        """Note in which block a step ended."""
        entry.block, entry.block_hash = sealed.number, sealed.hash
        if self._last is not None and self._last[0] is sealed:
            entry.candidate = self._last[1]
        else:
            entry.candidate = candidate_fact(sealed.record)

    def look_at_faults(self, node: Node) -> None:
        """A fault that has had no chance to act is an error, not silence; in a run cut short, if its time is over."""
        conduct, last = node.conduct, max(0, len(self.report.steps) - 1)
        if isinstance(conduct, Switched):
            for fault, error in conduct.tally.report(over_only=not self.report.ok):
                mark = fault.place if isinstance(fault.place, Mark) else Mark("the chain spec")
                failure = Failure("fault", f"{fault} acts", str(error), mark, node.best.number)
                self.fail_at(last, None, failure)

    def settle(self, node: Node) -> None:
        """At the end of a run: what has become of blocks since they were sealed, and of those that failed."""
        for block_hash in self._open:
            record = node.archive.record(block_hash)
            if record is not None:
                self._count(candidate_fact(record))
        for entry in self.report.steps:
            if entry.candidate is not None and not entry.candidate.finalized:
                record = node.archive.record(entry.block_hash)
                entry.candidate = entry.candidate if record is None else candidate_fact(record)
        self.report.faults = tuple(fault_facts(node))
        self._tell_lives(node)

    def _tell_lives(self, node: Node) -> None:
        """The life of every block in which something failed."""
        failed, steps = self.report.failed_expectations, self.report.steps
        for place, failure in enumerate(failed):
            block = failure.block or steps[failure.step].block
            failed[place] = msgspec.structs.replace(failure, block=block)
        numbers = dict.fromkeys(failure.block for failure in failed)
        self.report.lives = [life for number in numbers if (life := _life(node, number)) is not None]


def _life(node: Node, number: int) -> Life | None:
    """A block's life, or what became of the attempts to make it; None for the genesis block."""
    history, best = RelayHistory(node), node.best.number
    if number == 0:
        return None
    parent = node.record(min(number - 1, best))
    since = 0 if parent is None else parent.included_in
    record = node.record(number) if number <= best else None
    return refused_life(history, number, since) if record is None else life_of(history, record, since)


def _counted(count: int | None, fact: object) -> int | None:
    """One more if the fact holds; None as long as nobody has established it of any block."""
    return count if fact is None else (count or 0) + bool(fact)
