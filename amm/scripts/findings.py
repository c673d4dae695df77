"""The report of a run as it grows. Source: spec/trade-scripts.md, "Running"."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from amm.outcome import candidate_fact
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
        self.report.calls += 1
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
        report, relay, record = self.report, self.report.relay, sealed.record
        size = record.pov.size
        report.blocks += 1
        report.verified_blocks += record.executions > 0
        relay.candidates += 1
        relay.backed += bool(record.backed_by)
        relay.executions += record.executions
        relay.pov_bytes += size
        relay.largest_pov = max(relay.largest_pov, size)
        if self._watch is not None:
            self._watch(Progress(report.blocks, report.calls, self._of_calls))

    def placed(self, entry: StepReport, sealed: Sealed) -> None:
        """Note in which block a step ended."""
        entry.block, entry.candidate = sealed.number, candidate_fact(sealed.record)
