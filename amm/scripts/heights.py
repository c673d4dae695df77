"""The blocks that steps seal, as far as the file alone tells. Source: spec/trade-scripts.md, "Steps".

Every call seals one block whatever becomes of it, so the numbers follow from the file; only a count that is a
variable hides them.
"""

from collections.abc import Sequence

from amm.scripts.errors import Fault, Mark
from amm.scripts.source import Integer
from amm.scripts.steps import (
    AdvanceRelayStep,
    AdvanceStep,
    AdvanceToStep,
    CheckStep,
    Count,
    IncludeStep,
    RepeatStep,
    Step,
    TradesStep,
)
from amm.scripts.trades import Span

_AGAIN = "in a `repeat` use `advance`, which counts from where the chain is"


def height_faults(steps: Sequence[Step], best: int) -> list[Fault]:
    """What is wrong with `at`, `advance_to` and the numbers of bulk trades, from the best block `best` on."""
    walk = _Walk(best)
    walk.steps(steps)
    return walk.faults


def best_before(step: Step, at: int) -> int:
    """The block that must be the best one before a step with `at` begins: the one before its first block.

    A check has no block: it looks at the block `at`. For `repeat` and `include` the first inner step decides.
    """
    return at if isinstance(_first(step), CheckStep) else at - 1


def _first(step: Step) -> Step | None:
    match step:
        case RepeatStep(repeat=repetition):
            return _first(repetition.steps[0]) if repetition.steps else None
        case IncludeStep(include=included):
            return _first(included.steps[0]) if included.steps else None
        case _:
            return step


class _Walk:
    """Goes through steps; `best` is None from where it cannot be known."""

    def __init__(self, best: int) -> None:
        self.best: int | None = best
        self.faults: list[Fault] = []
        self._rounds = 0
        self._absolute = False

    def steps(self, steps: Sequence[Step]) -> None:
        for step in steps:
            if step.at is not None:
                self._begin(step, step.at)
            self._step(step)

    def _begin(self, step: Step, at: Count) -> None:
        self._absolute = True
        if not isinstance(at, Integer):
            self.best = None
            return
        if self.best is not None and at.value <= self.best:
            hint = _AGAIN if self._rounds else f"write {self.best + 1} or more, or leave `at` out"
            self._note(at.mark, f"block {at.value} is past: the best block is {self.best} here", hint)
        self.best = best_before(step, at.value)

    def _step(self, step: Step) -> None:
        match step:
            case AdvanceToStep(advance_to=number):
                self._advance_to(number)
            case AdvanceStep(advance=count):
                self._seal(count.value)
            case RepeatStep():
                self._repeat(step)
            case IncludeStep(include=included):
                self.steps(included.steps)
            case TradesStep(trades=trades):
                self._trades(step, trades.span)
            case AdvanceRelayStep() | CheckStep():
                pass
            case _:
                self._seal(1)

    def _seal(self, count: int | str) -> None:
        self.best = self.best + count if self.best is not None and isinstance(count, int) else None

    def _advance_to(self, number: Count) -> None:
        self._absolute = True
        if not isinstance(number, Integer):
            self.best = None
            return
        if self.best is not None and number.value < self.best:
            hint = _AGAIN if self._rounds else f"write {self.best} or more"
            self._note(number.mark, f"block {number.value} is past: the best block is {self.best} here", hint)
        self.best = number.value

    def _trades(self, step: Step, span: Span) -> None:
        if span.first is None or span.last is None:
            self._seal(span.unnumbered)
            return
        self._absolute = True
        self._seal(span.unnumbered)
        least = None if self.best is None else self.best + (0 if span.unnumbered else 1)
        if least is not None and span.first < least:
            hint = _AGAIN if self._rounds else f"number the rows from {least} on, or leave the numbers out"
            self._note(step.mark, f"the trades begin in block {span.first}, which is past", hint)
        self.best = span.last

    def _repeat(self, step: RepeatStep) -> None:
        """A second round shows whether numbers are asked for twice; the others are like it."""
        times = step.repeat.times.value
        if times == 0:
            return
        outer, self._absolute = self._absolute, False
        before = self.best
        self.steps(step.repeat.steps)
        if not isinstance(times, int):
            self.best = None
        elif times > 1 and self._absolute:
            self._rounds += 1
            self.steps(step.repeat.steps)
            self._rounds -= 1
        elif before is not None and self.best is not None:
            self.best = before + times * (self.best - before)
        self._absolute = self._absolute or outer

    def _note(self, mark: Mark, message: str, hint: str) -> None:
        if all(fault.mark != mark for fault in self.faults):
            self.faults.append(Fault(mark, message, hint))
