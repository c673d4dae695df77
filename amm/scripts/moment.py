"""What names and variables mean at one moment of a run. Source: spec/trade-scripts.md, "Values"."""

from collections.abc import Mapping
from typing import Any

from amm.local import LocalChain
from amm.scopes import Scope, resolve
from amm.scripts.errors import Fault, Faults, Mark
from amm.scripts.source import Integer
from amm.scripts.steps import Count
from amm.scripts.variables import CLOCK
from amm.values import Book
from chain.frame import Runtime

MOST = 2**32 - 1
"""The highest number of a block."""


class Moment:
    """The scope of a step: symbols are those of the best block, the clock stands where the step begins."""

    def __init__(self, chain: LocalChain, variables: Mapping[str, Any]) -> None:
        self._chain, self._variables = chain, variables
        number, relay_parent = chain.node.best.number + 1, chain.node.relay.head.number
        if chain.node.relay.ends_session:
            relay_parent += 1  # the session's last relay block is passed over (Node.open_block)
        self._clock = dict(zip(CLOCK, (number, relay_parent), strict=True))

    @property
    def runtime(self) -> Runtime:
        return self._chain.runtime

    @property
    def book(self) -> Book:
        return self._chain.book

    def variable(self, name: str) -> Any:
        """A value that was saved, or the clock; raises KeyError."""
        found = self._clock.get(name)
        return self._variables[name] if found is None else found


def count_of(count: Count, scope: Scope) -> int:
    """A number, or a variable's; raises Faults if that is none."""
    node = resolve(count, scope)
    if isinstance(node, Integer) and 0 <= node.value <= MOST:
        return node.value
    raise Faults([Fault(count.mark, f"{count.value} is no count", f"use a variable that holds a number up to {MOST}")])


def past(mark: Mark, number: int, best: int) -> Faults:
    """What is wrong with the number of a block that there is already."""
    return Faults([Fault(mark, f"block {number} is past: the best block is {best}", f"name {best + 1} or a later one")])
