"""Which variables a step may use: those saved before it, the clock's, and `$i` inside `repeat`.

Source: spec/trade-scripts.md, "Values" and "Steps".
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from amm.scripts.errors import Fault, UnknownName
from amm.scripts.source import Node, Text, walk
from amm.scripts.steps import BlockStep, IncludeStep, RepeatStep, Step
from amm.scripts.variables import CLOCK, COUNTER, names_in


class UnknownVariable(UnknownName, frozen=True):
    """A variable that nothing has been saved to yet."""

    kind = "variable"


def variable_faults(steps: Sequence[Step]) -> list[Fault]:
    """Every use of a variable that has no value there."""
    faults: list[Fault] = []
    _check(steps, set(CLOCK), faults)
    return faults


def _check(steps: Iterable[Step], known: set[str], faults: list[Fault]) -> None:
    """`known` grows by what the steps save."""
    for step in steps:
        saved = {save.name for save in step.save}
        match step:
            case RepeatStep():
                _uses((step.label, step.at, step.repeat.times), known, faults)
                inner = known | {COUNTER}
                _check(step.repeat.steps, inner, faults)
                known |= inner - ({COUNTER} - known)
                _uses(step.expect, known | saved, faults)
            case IncludeStep():
                _uses((step.label, step.at), known, faults)
                _check(step.include.steps, known, faults)
                _uses(step.expect, known | saved, faults)
            case BlockStep():
                _uses((step.label, step.at), known, faults)
                _check(step.block, known, faults)
                _uses(step.expect, known | saved, faults)
            case _:
                _uses(_values(step), known, faults)
                _uses(step.expect, known | saved, faults)
        known |= saved


def _values(step: Step) -> tuple[Any, ...]:
    """What a step holds beside its expectations."""
    names = (name for name in step.__struct_fields__ if name not in ("mark", "expect", "save"))
    return tuple(getattr(step, name) for name in names)


def _uses(value: Any, known: set[str], faults: list[Fault]) -> None:
    for text in _texts(value):
        for name in names_in(text.value):
            if name not in known:
                faults.append(UnknownVariable.at(text.mark, f"${name}", (f"${one}" for one in sorted(known))))


def _texts(value: Any) -> Iterator[Text]:
    """The texts in a value, wherever they stand."""
    if isinstance(value, Node):
        yield from (node for node in walk(value) if isinstance(node, Text))
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _texts(getattr(value, name))
