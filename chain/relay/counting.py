"""How often validate_block ran, and for which candidate. Source: spec/network.md §2."""

from collections.abc import Iterable

from chain.relay.case import Case
from chain.scale import Struct
from chain.scale.types import H256, u32


class Executed(Struct):
    """How often validate_block ran for a candidate while a relay block was made, whatever became of the candidate."""

    candidate: H256
    runs: u32


def count(cases: Iterable[Case]) -> tuple[Executed, ...]:
    """The executions since these candidates were counted last."""
    runs: dict[bytes, int] = {}
    for case in cases:
        ran, case.counted = case.work.executions - case.counted, case.work.executions
        if ran:
            runs[case.hash] = runs.get(case.hash, 0) + ran
    return tuple(Executed(candidate, ran) for candidate, ran in runs.items())


def together(*counts: Iterable[Executed]) -> tuple[Executed, ...]:
    """Several counts in one, candidates in the order in which they come."""
    runs: dict[bytes, int] = {}
    for executed in (each for each_count in counts for each in each_count):
        runs[executed.candidate] = runs.get(executed.candidate, 0) + executed.runs
    return tuple(Executed(candidate, ran) for candidate, ran in runs.items())
