"""Executions that workers begin ahead: what takes whose result, and what counts. Source: spec/network.md §2."""

from collections.abc import Callable

import pytest
from forgery import Story

from amm.runtime import load
from chain.frame import DeclarationError, Runtime
from chain.relay.backing import Work
from chain.relay.block_data import ValidationParams
from chain.relay.errors import PvfError
from chain.relay.validate import STORAGE_OPERATIONS, Load, UnknownCode, Validated, validate


class Begun:
    """An execution that is done when its result is asked for."""

    def __init__(self, run: Callable[[], Validated]) -> None:
        self.result = run


class Crew:
    """Workers that write down what they were given."""

    def __init__(self, load: Load = load) -> None:
        self.begun: list[ValidationParams] = []
        self._load = load

    def begin(self, params: ValidationParams, operations: int = STORAGE_OPERATIONS) -> Begun:
        self.begun.append(params)
        return Begun(lambda: validate(params, self._load, operations))


@pytest.mark.parametrize(
    ("shared", "alone", "begun"),
    [
        (True, [False, False], 1),
        (True, [True, True], 2),
        (True, [False, True, False], 2),
        (False, [False, True, False], 3),
    ],
)
def test_as_many_as_run(story: Story, shared: bool, alone: list[bool], begun: int) -> None:
    """All at once when the first one runs, and each of them is used: counts are those of one process."""
    crew, collation = Crew(), story.collation(2)
    ahead, inline = Work(load, shared, workers=crew), Work(load, shared)  # type: ignore[arg-type]
    ahead.foresee(alone)
    assert crew.begun == []
    for place, by_itself in enumerate(alone):
        assert ahead.execute(collation, by_itself) == inline.execute(collation, by_itself)
        assert (len(crew.begun), ahead.executions) == (begun, inline.executions), place
    assert ahead.executions == begun


def test_what_is_not_used_does_not_count(story: Story) -> None:
    """One of three validators does not get to execute; the checkers take what was begun for it."""
    crew, collation = Crew(), story.collation(2)
    work = Work(load, False, workers=crew)  # type: ignore[arg-type]
    work.foresee([False, False, False])
    work.execute(collation)
    work.execute(collation)
    assert (len(crew.begun), work.executions) == (3, 2)
    work.foresee([False])
    work.execute(collation)
    assert (len(crew.begun), work.executions) == (3, 3)
    work.execute(collation)
    assert (len(crew.begun), work.executions) == (4, 4)


def test_a_result_is_of_its_own_params(story: Story) -> None:
    """What was begun for one block is dropped when another is executed, good or bad."""
    crew = Crew()
    work = Work(load, False, workers=crew)  # type: ignore[arg-type]
    work.foresee([False, False])
    assert work.execute(story.collation(2)).result == validate(story.params(2), load).result
    assert work.execute(story.collation(3)).result == validate(story.params(3), load).result
    assert [params.parent_head for params in crew.begun] == [story.params(n).parent_head for n in (2, 2, 3)]
    bad = story.recollated(2, b"")
    with pytest.raises(PvfError, match="BadBlockData"):
        work.execute(bad)
    assert work.executions == 3


@pytest.mark.parametrize("with_workers", [False, True])
def test_who_abstains_runs_nothing(story: Story, with_workers: bool) -> None:
    """A program that is not known here is not executed, however many validators try."""

    def none(code: bytes) -> Runtime:
        raise DeclarationError("no such program")

    crew = Crew(none) if with_workers else None
    work = Work(none, True, workers=crew)  # type: ignore[arg-type]
    work.foresee([False, True])
    for alone in (False, True):
        with pytest.raises(UnknownCode):
            work.execute(story.collation(2), alone)
    assert (work.executions, work.known(story.collation(2).candidate.hash)) == (0, None)
