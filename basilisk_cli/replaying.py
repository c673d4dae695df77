"""Running a script for the command line, and what is shown of the report. Source: spec/trade-scripts.md, "Running"."""

from collections.abc import Iterator, Sequence
from time import perf_counter

from amm.local import LocalChain
from amm.scripts.fault_facts import FaultFact
from amm.scripts.findings import Progress
from amm.scripts.pools import PoolFact
from amm.scripts.report import Report, StepReport
from amm.scripts.run import Run
from amm.scripts.running import planned_calls
from amm.scripts.script import Script
from basilisk_cli.failure_text import failure_text
from basilisk_cli.lifeline import life_blocks
from basilisk_cli.names import Names
from basilisk_cli.progress import bar
from basilisk_cli.relay_columns import relay_cells, relay_columns
from basilisk_cli.render.blocks import Align, Block, Cell, Column, Facts, Items, Lines, Styled, Table
from basilisk_cli.render.screen import Screen

MOST_LIVES = 5
"""Failed blocks whose lives are told; JSON has all."""

NOT_RUN = "the steps after it were not run: --keep-going runs them too"

NO_FAULT = "give it another `at` or `who`, or take it out"

MOST_STEPS = 40
"""Steps shown at a terminal; what failed is said apart, and a pipe gets all of them."""


def run_script(script: Script, chain: LocalChain, *, keep_going: bool, screen: Screen) -> Report:
    """Run a checked script on its chain, with a progress bar where a person waits."""
    began, report, done = perf_counter(), Report(script.name), 0
    of_calls = planned_calls(script.steps)
    with bar(screen, "trades", of_calls) as step:

        def watch(progress: Progress) -> None:
            nonlocal done
            step(progress.calls - done)
            done = progress.calls

        Run(chain, report, keep_going=keep_going, watch=watch, of_calls=of_calls).play(script.steps)
    report.seconds = perf_counter() - began
    return report


def blocks_of(report: Report, names: Names) -> list[Block]:
    """The report for people: what held, the steps, the pools, the relay validators' part."""
    failed = len(report.failed_expectations)
    if report.ok:
        headline = Styled(f"{report.name}: everything held.", "bold green")
    else:
        headline = Styled(f"{report.name}: {failed} thing{'s' * (failed != 1)} went otherwise.", "bold red")
    pools = list(_pool_rows(report.pools_before, report.pools_after, names))
    return [
        Lines([headline]),
        Table(_STEPS, [_step_row(step, names) for step in report.steps], empty="no steps", most=MOST_STEPS),
        Table(_POOLS, pools, empty="no pools", grouped=True),
        Facts(_relay(report)),
        *([Table(_FAULTS, [_fault_row(fault) for fault in report.faults])] if report.faults else []),
        *_failed_blocks(report),
    ]


def failures(report: Report, names: Names) -> Iterator[tuple[str, str]]:
    """What went otherwise, each with what to do about it."""
    for place, failure in enumerate(report.failed_expectations):
        last = place == len(report.failed_expectations) - 1
        advice = [failure.hint.rstrip(".")] if failure.hint else []
        advice += [NO_FAULT] if failure.kind == "fault" else []
        if last and report.stopped:
            advice.append(NOT_RUN)
        yield failure_text(failure, names), "; ".join(advice)


def _failed_blocks(report: Report) -> Iterator[Block]:
    """The life of each block in which something failed, as `relay show` has it."""
    for life in report.lives[:MOST_LIVES]:
        steps = sorted({failure.step for failure in report.failed_expectations if failure.block == life.number})
        which = f"step{'s' * (len(steps) != 1)} {', '.join(map(str, steps))}"
        yield Lines([Styled(f"The life of block {life.number}, in which {which} failed:", "bold")])
        yield from life_blocks(life)
    if len(report.lives) > MOST_LIVES:
        yield Lines([f"{len(report.lives) - MOST_LIVES} more blocks have failed steps: --json has their lives."])


_STEPS = (
    Column("#", Align.RIGHT),
    Column("block", Align.RIGHT),
    Column("step"),
    Column("by"),
    Column("result"),
    *relay_columns(extra=True),
    Column("label", Align.FOLD),
    Column("figures", Align.FOLD),
)

_POOLS = (
    Column("pool"),
    Column("asset"),
    Column("before", Align.POINT),
    Column("after", Align.POINT),
    Column("change", Align.POINT),
)


_FAULTS = (
    Column("fault"),
    Column("at", Align.RIGHT),
    Column("by"),
    Column("acted"),
    Column("errors named then", Align.FOLD),
)


def _fault_row(fault: FaultFact) -> tuple[Cell, ...]:
    what = " ".join(word for word in (fault.id, fault.do, fault.path) if word)
    acted = Styled("yes", "") if fault.acted else Styled("no", "bold red")
    return what, fault.at, " ".join(map(str, fault.who)), acted, Items(list(fault.errors))


def _step_row(step: StepReport, names: Names) -> tuple[Cell, ...]:
    label = Items([step.label] if step.label else [])
    place: tuple[Cell, ...] = (step.index, step.block, step.call or step.verb, step.signer, _result(step))
    return *place, *relay_cells(step.candidate), label, _figures(step, names)


def _result(step: StepReport) -> Styled:
    """What became of a step; an error that the script expects is as it should be."""
    text = step.error or ("ok" if step.held else "failed")
    return Styled(text, ("yellow" if step.error else "green") if step.held else "bold red")


def _figures(step: StepReport, names: Names) -> Items:
    """The fields of the call's own last event, or what the step counted."""
    pallet = step.call.partition(".")[0] if step.call else None
    for event in reversed(step.events):
        if step.runtime.pallet(event.pallet).key == pallet:
            return names.figures(event)
    return Items([f"{name} {count:_}" for name, count in step.counts.items()])


def _pool_rows(
    before: Sequence[PoolFact], after: Sequence[PoolFact], names: Names
) -> Iterator[tuple[str, str, str | None, str | None, Cell]]:
    old = {(pool.account, held.id): held.reserve for pool in before for held in pool.assets}
    new = {(pool.account, held.id): held.reserve for pool in after for held in pool.assets}
    gone = [pool for pool in before if pool.account not in {each.account for each in after}]
    for pool in (*after, *gone):
        title = f"{pool.kind} {'/'.join(held.symbol or str(held.id) for held in pool.assets)}"
        for held in pool.assets:
            key = pool.account, held.id
            was, now = old.get(key), new.get(key)
            change = (now or 0) - (was or 0)
            sign, style = ("+", "green") if change > 0 else ("", "red" if change else "")
            yield (
                title,
                names.asset(held.id),
                None if was is None else names.number(was, held.id),
                None if now is None else names.number(now, held.id),
                Styled(sign + names.number(change, held.id), style),
            )


def _relay(report: Report) -> list[tuple[str, Cell]]:
    relay, rate = report.relay, report.calls / report.seconds if report.seconds else 0
    return [
        ("blocks", report.blocks),
        ("calls", f"{report.calls} in {report.seconds:.2f} s, {rate:.0f}/s"),
        ("verified", f"{report.verified_blocks} of {report.blocks} blocks, each executed by validators from its proof"),
        ("executions", relay.executions),
        ("proofs", f"{relay.pov_bytes:_} bytes, the largest {relay.largest_pov:_}"),
        ("available", relay.available if relay.available is not None else "nothing"),
        ("approved", relay.approved if relay.approved is not None else "nothing"),
        ("finalized", relay.finalized if relay.finalized is not None else "nothing"),
        ("state root", report.state_root),
        ("block hash", report.block_hash),
    ]
