"""Running a script: steps become calls and blocks, and what they did is held against what the script says.

Source: spec/trade-scripts.md, "Steps", "Expectations" and "Running".
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from amm.arguments import read_amount, read_call, read_value, resolve
from amm.chain_spec import NATIVE
from amm.local import LocalChain, NoSuchSigner
from amm.outcome import candidate_fact
from amm.scopes import Scope
from amm.scripts.bulk import TradeCalls, numbered
from amm.scripts.errors import Fault, Faults, Mark
from amm.scripts.expectations import Failure, Found, judge, judge_events, unreadable
from amm.scripts.heights import best_before
from amm.scripts.moment import Moment
from amm.scripts.names import Saved
from amm.scripts.pools import pool_facts
from amm.scripts.report import FailedExpectation, Report, StepReport
from amm.scripts.rows import Row
from amm.scripts.sending import Sender, Sent
from amm.scripts.source import Integer, Nothing, Text
from amm.scripts.steps import (
    AdvanceRelayStep,
    AdvanceStep,
    AdvanceToStep,
    BlockStep,
    CallStep,
    CheckStep,
    Count,
    IncludeStep,
    RepeatStep,
    Step,
    TradesStep,
)
from amm.scripts.variables import COUNTER
from amm.scripts.witness import Witness
from chain.frame import Event
from chain.node.errors import NotIncluded
from chain.node.service import BlockInProgress, Sealed
from chain.scale import ASSET_ID, StructOf, codec_of


class Progress(NamedTuple):
    """How far a replay is: blocks sealed, calls sent, and how many calls there will be if that is known."""

    blocks: int
    calls: int
    of_calls: int | None


Watch = Callable[[Progress], None]


class Stopped(Exception):
    """Something failed, and the rest of the script is not to run."""


class Run:
    """One run of a script's steps on a chain."""

    def __init__(
        self, chain: LocalChain, report: Report, *, keep_going: bool, watch: Watch | None, of_calls: int | None
    ) -> None:
        self.chain, self.node, self.report = chain, chain.node, report
        self._keep_going, self._watch, self._of_calls = keep_going, watch, of_calls
        self._sender = Sender(chain)
        self._variables: dict[str, Any] = {}
        self._witnesses: list[Witness] = []

    def play(self, steps: Sequence[Step]) -> None:
        """Run the steps, up to the first that fails unless the run is to keep going."""
        self.report.pools_before = pool_facts(self.node.read())
        try:
            self._steps(steps)
        except Stopped:
            pass
        finally:
            best = self.node.best
            self.report.state_root, self.report.block_hash = _hex(best.state_root), _hex(best.hash)
            self.report.pools_after = pool_facts(self.node.read())

    # -- steps -----------------------------------------------------------------------------------------------------

    def _steps(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self._step(step)

    def _step(self, step: Step) -> None:
        """Run a step and judge it. Raises Stopped if it failed and the run is not to keep going."""
        entry, before = self._enter(step), len(self.report.failed_expectations)
        try:
            self._run(step, entry)
        except Faults as faults:
            self._fail(entry, unreadable(faults))
        except NotIncluded as refused:
            expected = "the relay chain includes the block"
            self._fail(entry, [Failure("relay", expected, [str(refused), *refused.reasons], step.mark)])
        finally:
            entry.block = self.node.best.number
            entry.held = len(self.report.failed_expectations) == before
            if not isinstance(step, CallStep):
                entry.ok = entry.held
        if not (entry.held or self._keep_going):
            raise Stopped

    def _run(self, step: Step, entry: StepReport) -> None:
        moment = Moment(self.chain, self._variables)
        if step.at is not None:
            self._seek(step, _count(step.at, moment))
            moment = Moment(self.chain, self._variables)
        witness = Witness(self.node, step)
        self._witnesses.append(witness)
        try:
            as_said = self._act(step, entry, moment)
        finally:
            self._witnesses.remove(witness)
            if witness.last is not None:
                entry.candidate = candidate_fact(witness.last.record)
        if as_said:
            self._settle(step, entry, moment, witness)

    def _act(self, step: Step, entry: StepReport, moment: Moment) -> bool:
        """Do what the verb says; whether it went as the script says, its expectations aside."""
        match step:
            case CallStep():
                return self._call(step, entry, moment)
            case BlockStep():
                self._block(step, moment)
            case AdvanceStep():
                self._advance(_count(step.advance, moment))
            case AdvanceToStep():
                self._advance_to(step.advance_to, moment)
            case AdvanceRelayStep():
                self.chain.advance_relay(_count(step.advance_relay, moment))
            case RepeatStep():
                self._repeat(step, _count(step.repeat.times, moment))
            case IncludeStep():
                self._steps(step.include.steps)
            case TradesStep():
                self._trades(step, entry, moment)
            case CheckStep():
                pass
            case _:
                raise TypeError(f"no such verb: {step.verb}")
        return True

    def _settle(self, step: Step, entry: StepReport, moment: Scope, witness: Witness) -> None:
        """Keep what is to be kept, then judge."""
        self._save(step.save, witness.events, entry)
        if step.expect is not None:
            found = Found(witness.events, self.node.read(), witness.shadow)
            self._fail(entry, judge(step.expect, found, moment))

    def _seek(self, step: Step, at: int) -> None:
        """Seal empty blocks until the step's first block is `at`."""
        best, target = self.node.best.number, best_before(step, at)
        if at <= best:
            assert step.at is not None
            raise _past(step.at.mark, at, best)
        self._advance(target - best)

    # -- verbs -----------------------------------------------------------------------------------------------------

    def _call(self, step: CallStep, entry: StepReport, moment: Moment) -> bool:
        call = self._prepare(step, moment)
        block = self.node.open_block()
        sent = call(block)
        self._sealed(block.finish())
        return self._sent(step, entry, sent)

    def _block(self, step: BlockStep, moment: Moment) -> None:
        """All calls into one block, in order; what one saves the next may use."""
        block = self.node.open_block()
        entries: list[tuple[CallStep, StepReport, Sent]] = []
        for inner in step.block:
            entry, failed = self._enter(inner), len(self.report.failed_expectations)
            try:
                sent = self._prepare(inner, moment)(block)
            except Faults as faults:
                self._fail(entry, unreadable(faults))
            else:
                if self._sent(inner, entry, sent):
                    self._save(inner.save, sent.events, entry)
                    entries.append((inner, entry, sent))
            entry.held = len(self.report.failed_expectations) == failed
        sealed = block.finish()
        self._sealed(sealed)
        for inner, entry, sent in entries:
            if inner.expect is not None:
                self._fail(entry, judge_events(inner.expect.events, sent.events, moment))
        first = len(self.report.steps) - len(step.block)
        for entry in self.report.steps[first:]:
            entry.block, entry.candidate = sealed.number, candidate_fact(sealed.record)

    def _prepare(self, step: CallStep, moment: Moment) -> Callable[[BlockInProgress], Sent]:
        """The call, to be pushed into a block. Raises Faults for what means nothing at this point."""
        args = step.args if step.args is not None else Nothing(step.call.mark)
        call = read_call(Text(step.call.mark, str(step.call)), args, moment)
        signer = resolve(step.signer, moment)
        tip = 0 if step.tip is None else read_amount(step.tip, NATIVE, moment)
        fee_asset = None if step.fee_asset is None else read_value(step.fee_asset, ASSET_ID, moment)

        def push(block: BlockInProgress) -> Sent:
            try:
                return self._sender.send(block, call, str(signer.value), tip=tip, fee_asset=fee_asset)  # type: ignore[attr-defined]
            except NoSuchSigner as error:
                raise Faults([Fault(step.signer.mark, str(error), "write a name, as in alice")]) from None

        return push

    def _sent(self, step: CallStep, entry: StepReport, sent: Sent) -> bool:
        """Note what became of a call; whether that is what the script says."""
        self.report.calls += 1
        entry.error, entry.ok, entry.emitted = sent.error, sent.error is None, sent.events
        expected = step.expect.error if step.expect is not None else None
        wanted = None if expected is None else expected.value
        if sent.error == wanted:
            return True
        mark = step.mark if expected is None else expected.mark
        self._fail(entry, [Failure("error", wanted, sent.error, mark)])
        return False

    def _advance(self, blocks: int) -> None:
        for sealed in self.chain.advance(blocks):
            self._sealed(sealed)

    def _advance_to(self, count: Count, moment: Moment) -> None:
        number, best = _count(count, moment), self.node.best.number
        if number < best:
            raise _past(count.mark, number, best)
        self._advance(number - best)

    def _repeat(self, step: RepeatStep, times: int) -> None:
        outer = self._variables.get(COUNTER)
        for index in range(times):
            self._variables[COUNTER] = index
            self._steps(step.repeat.steps)
        if outer is None:
            self._variables.pop(COUNTER, None)
        else:
            self._variables[COUNTER] = outer

    def _trades(self, step: TradesStep, entry: StepReport, moment: Moment) -> None:
        """Rows into blocks. Stops after a block with a row that did not go as it says, unless the run keeps going."""
        calls, block, number = TradeCalls(step.trades.path, moment), None, 0
        failures: list[Failure] = []
        rows = failed = 0
        for wanted, row in numbered(step.trades.rows(), self.node.best.number):
            if block is None or wanted != number:
                if block is not None:
                    self._sealed(block.finish())
                if failures and not self._keep_going:
                    block = None
                    break
                best = self.node.best.number
                if wanted <= best:
                    raise _past(Mark(str(step.trades.path), row.line, 1), wanted, best)
                self._advance(wanted - best - 1)
                block, number = self.node.open_block(), wanted
            sent = self._sender.send(block, calls.of(row), row.who)
            self.report.calls += 1
            rows += 1
            failed += sent.error is not None
            if sent.error != row.error:
                failures.append(_row_failure(step, row, sent))
        if block is not None:
            self._sealed(block.finish())
        entry.counts = {"trades": rows, "failed": failed}
        self._fail(entry, failures)

    # -- blocks and findings ---------------------------------------------------------------------------------------

    def _sealed(self, sealed: Sealed) -> None:
        """Note a block that was sealed."""
        report, record = self.report, sealed.record
        size = record.pov.size
        report.blocks += 1
        report.verified_blocks += record.executions > 0
        report.relay.candidates += 1
        report.relay.backed += bool(record.backed_by)
        report.relay.executions += record.executions
        report.relay.pov_bytes += size
        report.relay.largest_pov = max(report.relay.largest_pov, size)
        for witness in self._witnesses:
            witness.see(sealed)
        if self._watch is not None:
            self._watch(Progress(report.blocks, report.calls, self._of_calls))

    def _enter(self, step: Step) -> StepReport:
        """Begin the report of a step."""
        label = None
        if step.label is not None:
            try:
                label = str(resolve(step.label, Moment(self.chain, self._variables)).value)  # type: ignore[attr-defined]
            except Faults:
                label = step.label.value
        entry = StepReport(
            index=len(self.report.steps),
            verb=step.verb,
            label=label,
            line=step.mark.line,
            runtime=self.chain.runtime,
        )
        if isinstance(step, CallStep):
            entry.call, entry.signer = str(step.call), step.signer.value
        self.report.steps.append(entry)
        return entry

    def _fail(self, entry: StepReport, failures: Any) -> None:
        for kind, expected, found, mark in failures:
            entry.held = False
            self.report.failed_expectations.append(
                FailedExpectation(entry.index, entry.label, kind, expected, found, mark.line, mark.file)
            )

    def _save(self, saves: Sequence[Saved], events: Sequence[Event], entry: StepReport) -> None:
        """Keep a field of the last event of a kind."""
        for saved in saves:
            name = f"{saved.pallet}.{saved.event}"
            for event in reversed(events):
                if (event.pallet, type(event).__name__) == (saved.pallet, saved.event):
                    self._variables[saved.name] = _field(event, saved.field)
                    break
            else:
                seen = list(dict.fromkeys(f"{event.pallet}.{type(event).__name__}" for event in events))
                self._fail(entry, [Failure("save", name, seen, saved.mark)])


def _count(count: Count, scope: Scope) -> int:
    """A number, or a variable's; raises Faults if that is none."""
    node = resolve(count, scope)
    if isinstance(node, Integer) and node.value >= 0:
        return node.value
    raise Faults([Fault(count.mark, f"{count.value} is no count", "use a variable that holds a whole number")])


def _past(mark: Mark, number: int, best: int) -> Faults:
    return Faults([Fault(mark, f"block {number} is past: the best block is {best}", f"name {best + 1} or a later one")])


def _field(event: Event, name: str) -> Any:
    """A field of an event by SCALE's name."""
    codec = codec_of(type(event))
    assert isinstance(codec, StructOf)
    attribute = next(field.attribute for field in codec.fields if field.name == name)
    return getattr(event, attribute)


def _row_failure(step: TradesStep, row: Row, sent: Sent) -> Failure:
    trade = f"{row.who} {row.side} {row.asset_in} → {row.asset_out}"
    expected, found = ({"trade": trade, "error": error} for error in (row.error, sent.error))
    return Failure("trade", expected, found, Mark(str(step.trades.path), row.line, 1))


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
