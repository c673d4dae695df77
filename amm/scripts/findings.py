"""The report of a run as it grows. Source: spec/trade-scripts.md, "Running"."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from amm.outcome import Candidate, candidate_fact
from amm.scripts.expectations import Failure
from amm.scripts.report import FailedExpectation, Report, StepReport
from amm.scripts.sending import Sent
from amm.scripts.steps import CallStep, Step
from chain.frame import Runtime
from chain.node.service import Sealed


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

    def fail(self, entry: StepReport, failures: Iterable[Failure]) -> None:
        """Note what is not as the script says."""
        for kind, expected, found, mark in failures:
            entry.held = False
            self.report.failed_expectations.append(
                FailedExpectation(entry.index, entry.label, kind, expected, found, mark.line, mark.file)
            )

    def sealed(self, sealed: Sealed) -> None:
        """Count a block, and what the relay chain did with it."""
        report, relay, candidate = self.report, self.report.relay, candidate_fact(sealed.record)
        self._last = sealed, candidate
        report.blocks += 1
        report.verified_blocks += candidate.executions > 0
        relay.candidates += 1
        relay.backed += bool(candidate.backed_by)
        relay.executions += candidate.executions
        relay.pov_bytes += candidate.pov_bytes
        relay.largest_pov = max(relay.largest_pov, candidate.pov_bytes)
        relay.available = _counted(relay.available, candidate.available)
        relay.approved = _counted(relay.approved, candidate.approved_by)
        relay.finalized = _counted(relay.finalized, candidate.finalized)
        if self._watch is not None:
            self._watch(Progress(report.blocks, report.calls, self._of_calls))

    def placed(self, entry: StepReport, sealed: Sealed) -> None:
        """Note in which block a step ended."""
        entry.block = sealed.number
        if self._last is not None and self._last[0] is sealed:
            entry.candidate = self._last[1]
        else:
            entry.candidate = candidate_fact(sealed.record)


def _counted(count: int | None, fact: object) -> int | None:
    """One more if the fact holds; None as long as nobody has established it of any block."""
    return count if fact is None else (count or 0) + bool(fact)
