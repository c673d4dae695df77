"""Replaying a script: check it, make its chain, run it, report. Source: spec/trade-scripts.md, "Running"."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from amm.assembly import adjusted
from amm.chain_spec import ChainSpec
from amm.local import LocalChain
from amm.scripts.check import check_file, check_script
from amm.scripts.report import Report
from amm.scripts.run import Run, Watch
from amm.scripts.script import Script
from amm.scripts.steps import BlockStep, CallStep, IncludeStep, RepeatStep, Step, TradesStep


def replay_file(
    path: Path,
    *,
    seed: int | None = None,
    verify: str | None = None,
    workers: int | None = None,
    keep: Path | None = None,
    onto: LocalChain | None = None,
    keep_going: bool = False,
    progress: Watch | None = None,
) -> Report:
    """Run the script in a file and say what became of it.

    It runs on a fresh chain in memory, in the directory `keep`, or on the chain `onto`, which has then moved on.
    `seed`, `verify` and `workers` override the chain spec's relay chain. With `keep_going` the rest runs after a
    failure too. `progress` is told of every block. Raises Faults with everything that is wrong in the file, before
    anything runs.
    """
    began = perf_counter()
    _refuse_both(onto, keep, seed, verify, workers)
    script, spec = check_file(Path(path), onto=onto)
    with _chain(adjusted(spec, seed, verify), keep, onto, workers) as chain:
        return _play(script, chain, keep_going, progress, began)


def replay(
    script: Script,
    *,
    seed: int | None = None,
    verify: str | None = None,
    workers: int | None = None,
    keep: Path | None = None,
    onto: LocalChain | None = None,
    keep_going: bool = False,
    progress: Watch | None = None,
) -> Report:
    """Run a script that has been read; as `replay_file`."""
    began = perf_counter()
    _refuse_both(onto, keep, seed, verify, workers)
    spec = check_script(script, onto=onto)
    with _chain(adjusted(spec, seed, verify), keep, onto, workers) as chain:
        return _play(script, chain, keep_going, progress, began)


def _refuse_both(onto: LocalChain | None, *given: object) -> None:
    if onto is not None and any(each is not None for each in given):
        raise ValueError("a chain that exists already can be neither kept elsewhere nor given another relay chain")


@contextmanager
def _chain(
    spec: ChainSpec, keep: Path | None, onto: LocalChain | None, workers: int | None
) -> Iterator[LocalChain]:
    """Where the script runs."""
    if onto is not None:
        yield onto
        return
    with LocalChain(spec, workers=workers) if keep is None else LocalChain.create(keep, spec, workers=workers) as chain:
        yield chain


def _play(script: Script, chain: LocalChain, keep_going: bool, watch: Watch | None, began: float) -> Report:
    report = Report(script.name)
    run = Run(chain, report, keep_going=keep_going, watch=watch, of_calls=planned_calls(script.steps))
    run.play(script.steps)
    report.seconds = perf_counter() - began
    return report


def planned_calls(steps: Sequence[Step]) -> int | None:
    """How many calls the steps send; None if a variable says how often some of them run."""
    total = 0
    for step in steps:
        calls: int | None = 0
        match step:
            case CallStep():
                calls = 1
            case BlockStep():
                calls = len(step.block)
            case TradesStep():
                calls = step.trades.count
            case IncludeStep():
                calls = planned_calls(step.include.steps)
            case RepeatStep():
                inner, times = planned_calls(step.repeat.steps), step.repeat.times.value
                calls = inner * times if inner is not None and isinstance(times, int) else None
            case _:
                pass
        if calls is None:
            return None
        total += calls
    return total
