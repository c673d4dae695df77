"""Running a script: steps become calls and blocks, and what they did is held against what the script says.

Source: spec/trade-scripts.md, "Steps", "Expectations" and "Running".
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from amm.arguments import read_amount, read_call, read_value, resolve
from amm.chain_spec import NATIVE
from amm.declared import field_value
from amm.local import LocalChain
from amm.scripts.bulk import Filling, TradeCalls, by_block
from amm.scripts.errors import Fault, Faults
from amm.scripts.expectations import Failure, Found, judge, judge_events, unreadable
from amm.scripts.findings import ACTS, Findings, Progress, Watch
from amm.scripts.heights import best_before
from amm.scripts.moment import Moment, count_of, past
from amm.scripts.names import Saved
from amm.scripts.people import names_in
from amm.scripts.pools import pool_facts
from amm.scripts.report import Report, StepReport
from amm.scripts.sending import Pending, Sender, Sent
from amm.scripts.source import Nothing, Text
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
from chain.node.errors import Finished, NodeError
from chain.node.service import Sealed
from chain.relay.errors import RelayError
from chain.relay.faults import FaultError
from chain.scale import ASSET_ID

__all__ = ["Progress", "Run", "Watch"]


INCLUDES = "the relay chain includes the block"


class Stopped(Exception):
    """Something failed, and the rest of the script is not to run."""


class Run:
    """One run of a script's steps on a chain."""

    def __init__(
        self, chain: LocalChain, report: Report, *, keep_going: bool, watch: Watch | None, of_calls: int | None
    ) -> None:
        self._chain, self._node = chain, chain.node
        self._findings = Findings(report, chain.runtime, watch, of_calls)
        self._keep_going = keep_going
        self._sender = Sender(chain)
        self._variables: dict[str, Any] = {}
        self._witnesses: list[Witness] = []

    def play(self, steps: Sequence[Step]) -> None:
        """Run the steps, up to the first that fails unless the run is to keep going."""
        report = self._findings.report
        report.pools_before = pool_facts(self._node.read())
        try:
            try:
                self._steps(steps)
            except Stopped:
                report.stopped = True
            self._findings.look_at_faults(self._node)
        finally:
            best = self._node.best
            report.state_root, report.block_hash = "0x" + best.state_root.hex(), "0x" + best.hash.hex()
            report.pools_after = pool_facts(self._node.read())
            report.names = {**names_in(steps, self._chain.book), **self._sender.names}
            self._findings.settle(self._node)

    # -- steps -----------------------------------------------------------------------------------------------------

    def _steps(self, steps: Sequence[Step]) -> None:
        for step in steps:
            self._step(step)

    def _step(self, step: Step) -> None:
        """Run a step and judge it. Raises Stopped if it failed and the run is not to keep going."""
        findings, before = self._findings, self._findings.failures
        entry = self._enter(step)
        try:
            self._run(step, entry)
        except Faults as faults:
            findings.fail(entry, unreadable(faults))
        except FaultError as error:
            findings.fail(entry, [Failure("fault", ACTS, str(error), step.mark, self._node.best.number)])
        except (NodeError, RelayError) as error:
            reasons = [str(error), *getattr(error, "reasons", ())]
            failed = self._node.best.number + (not isinstance(error, Finished))  # which finishes the chain is its best
            findings.fail(entry, [Failure("relay", INCLUDES, reasons, step.mark, failed)])
        finally:
            entry.block = self._node.best.number
            entry.held = findings.failures == before
            if not isinstance(step, CallStep):
                entry.ok = entry.held
        if not (entry.held or self._keep_going):
            raise Stopped

    def _run(self, step: Step, entry: StepReport) -> None:
        moment = self._moment()
        if step.at is not None:
            self._seek(step, step.at, moment)
            moment = self._moment()
        witness = Witness(self._node, step)
        self._witnesses.append(witness)
        try:
            as_said = self._act(step, entry, moment)
        finally:
            self._witnesses.remove(witness)
            if witness.last is not None:
                self._findings.placed(entry, witness.last)
        if as_said:
            self._save(step.save, witness.events, entry)
            if step.expect is not None:
                found = Found(witness.events, self._node.read(), witness.shadow)
                self._findings.fail(entry, judge(step.expect, found, moment))

    def _act(self, step: Step, entry: StepReport, moment: Moment) -> bool:
        """Do what the verb says; whether a call did what the script says of it."""
        match step:
            case CallStep():
                return self._call(step, entry, moment)
            case BlockStep():
                self._block(step, moment)
            case AdvanceStep():
                self._advance(count_of(step.advance, moment))
            case AdvanceToStep():
                self._advance_to(step.advance_to, moment)
            case AdvanceRelayStep():
                self._chain.advance_relay(count_of(step.advance_relay, moment))
            case RepeatStep():
                self._repeat(step, count_of(step.repeat.times, moment))
            case IncludeStep():
                self._steps(step.include.steps)
            case TradesStep():
                self._trades(step, entry, moment)
            case CheckStep():
                pass
            case _:
                raise TypeError(f"no such verb: {step.verb}")
        return True

    # -- verbs -----------------------------------------------------------------------------------------------------

    def _call(self, step: CallStep, entry: StepReport, moment: Moment) -> bool:
        pending = self._read(step, moment)
        block = self._node.open_block()
        sent = pending.into(block)
        self._findings.report.calls += 1
        sealed = block.finish()
        self._sealed(sealed)
        return self._judge_sent(step, entry, sent.settled(sealed, self._chain.runtime))

    def _block(self, step: BlockStep, moment: Moment) -> None:
        """All calls into one block, in order; what one saves the next may use."""
        findings, block = self._findings, self._node.open_block()
        calls: list[tuple[CallStep, StepReport, Sent | None]] = []
        for inner in step.block:
            entry, sent = self._enter(inner), None
            try:
                sent = self._read(inner, moment).into(block)
            except Faults as faults:
                findings.fail(entry, unreadable(faults))
            if sent is not None:
                findings.report.calls += 1
                if sent.error == _wanted(inner):
                    self._save(inner.save, sent.events, entry)
            calls.append((inner, entry, sent))
        sealed = block.finish()
        self._sealed(sealed)
        for inner, entry, sent in calls:
            findings.placed(entry, sealed)
            settled = sent.settled(sealed, self._chain.runtime) if sent is not None else None
            if settled is not None and self._judge_sent(inner, entry, settled) and inner.expect is not None:
                findings.fail(entry, judge_events(inner.expect.events, settled.events, moment))

    def _advance(self, blocks: int) -> None:
        for sealed in self._chain.seal_empty(blocks):
            self._sealed(sealed)

    def _advance_to(self, count: Count, moment: Moment) -> None:
        number, best = count_of(count, moment), self._node.best.number
        if number < best:
            raise past(count.mark, number, best)
        self._advance(number - best)

    def _seek(self, step: Step, count: Count, moment: Moment) -> None:
        """Seal empty blocks until the step's first block is the one of its `at`."""
        at, best = count_of(count, moment), self._node.best.number
        if at <= best:
            raise past(count.mark, at, best)
        self._advance(best_before(step, at) - best)

    def _repeat(self, step: RepeatStep, times: int) -> None:
        outer = self._variables.get(COUNTER)
        for index in range(times if step.repeat.steps else 0):
            self._variables[COUNTER] = index
            self._steps(step.repeat.steps)
        self._variables.pop(COUNTER, None)
        if outer is not None:
            self._variables[COUNTER] = outer

    def _trades(self, step: TradesStep, entry: StepReport, moment: Moment) -> None:
        """Rows into blocks. Ends after a block with a row that did not go as it says, unless the run keeps going."""
        calls = TradeCalls(step.trades.path, moment)
        filling = Filling(self._node, self._sender, calls, self._advance, self._sealed)
        try:
            for number, rows in by_block(step.trades.rows(), self._node.best.number):
                filling.fill(number, rows)
                if filling.failures and not self._keep_going:
                    break
        finally:
            entry.counts = {"trades": filling.rows, "failed": filling.failed}
            self._findings.fail(entry, filling.failures)

    # -- calls and blocks ------------------------------------------------------------------------------------------

    def _read(self, step: CallStep, moment: Moment) -> Pending:
        """A call as it is to be sent. Raises Faults for what means nothing at this point."""
        args = step.args if step.args is not None else Nothing(step.call.mark)
        call = read_call(Text(step.call.mark, str(step.call)), args, moment)
        signer = resolve(step.signer, moment)
        if not isinstance(signer, Text):
            raise Faults([Fault(step.signer.mark, f"{step.signer.value} is no name", "write a name, as in alice")])
        tip = 0 if step.tip is None else read_amount(step.tip, NATIVE, moment)
        fee_asset = None if step.fee_asset is None else read_value(step.fee_asset, ASSET_ID, moment)
        return Pending(self._sender, call, signer, tip, fee_asset)

    def _judge_sent(self, step: CallStep, entry: StepReport, sent: Sent) -> bool:
        """Note what became of a call; whether that is what the script says."""
        self._findings.sent(entry, sent)
        wanted = _wanted(step)
        if sent.error == wanted:
            return True
        expected = step.expect.error if step.expect is not None else None
        mark = step.mark if expected is None else expected.mark
        self._findings.fail(entry, [Failure("error", wanted, sent.error, mark, 0, sent.meaning, sent.hint)])
        return False

    def _sealed(self, sealed: Sealed, calls: int = 0) -> None:
        """Note a block that was sealed, and calls in it that have not been counted."""
        self._findings.report.calls += calls
        for witness in self._witnesses:
            witness.see(sealed)
        self._findings.sealed(sealed)

    # -- helpers ---------------------------------------------------------------------------------------------------

    def _moment(self) -> Moment:
        return Moment(self._chain, self._variables)

    def _enter(self, step: Step) -> StepReport:
        """Begin the report of a step; a label with a variable that has no value stays as it is written."""
        label = None if step.label is None else step.label.value
        if step.label is not None:
            with suppress(Faults):
                written = resolve(step.label, self._moment())
                label = str(getattr(written, "value", label))
        return self._findings.enter(step, label)

    def _save(self, saves: Sequence[Saved], events: Sequence[Event], entry: StepReport) -> None:
        """Keep a field of the last event of a kind."""
        for saved in saves:
            name = f"{saved.pallet}.{saved.event}"
            for event in reversed(events):
                if (event.pallet, type(event).__name__) == (saved.pallet, saved.event):
                    self._variables[saved.name] = field_value(event, saved.field)
                    break
            else:
                seen = list(dict.fromkeys(f"{event.pallet}.{type(event).__name__}" for event in events))
                self._findings.fail(entry, [Failure("save", name, seen, saved.mark)])


def _wanted(step: CallStep) -> str | None:
    """The error that a call is to fail with."""
    expected = step.expect.error if step.expect is not None else None
    return None if expected is None else expected.value

