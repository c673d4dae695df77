"""Every measured fact in tests/vectors, some two hundred to a test."""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from cases import Case, read_lines
from registry import run

VECTORS = Path(__file__).parents[1] / "vectors"
GROUP = 200


def groups() -> Iterator[ParameterSet]:
    for path in sorted(VECTORS.glob("*.jsonl")):
        cases = read_lines(path)
        while group := list(islice(cases, GROUP)):
            yield pytest.param(group, id=f"{path.stem}-{group[0].line}-{group[-1].line}")


@pytest.mark.parametrize("group", list(groups()))
def test_the_program_agrees_with_what_was_measured(group: list[Case]) -> None:
    verdicts = [run(case) for case in group]
    wrong = [f"{each.case.id} {each.outcome}: {each.reason}" for each in verdicts if each.outcome != "passed"]
    assert not wrong, f"{len(wrong)} of {len(group)} cases:\n" + "\n".join(wrong)


def test_there_are_vectors() -> None:
    assert {"xyk", "lbp"} <= {path.stem for path in VECTORS.glob("*.jsonl")}
