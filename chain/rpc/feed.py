"""Who is told of a block, and in which order. Source: spec/json-rpc.md, "Smallest useful set", last paragraph."""

from collections.abc import Callable
from enum import IntEnum
from itertools import count

from chain.node.service import Sealed
from chain.primitives.header import Header


class Stage(IntEnum):
    """The order in which the subscriptions learn of a block."""

    HEADS = 0
    STORAGE = 1
    FOLLOWS = 2
    WATCHES = 3
    FINALIZED_HEADS = 4
    FINALIZED_FOLLOWS = 5
    FINALIZED_WATCHES = 6


OnSealed = Callable[[Sealed], None]
OnReverted = Callable[[Header], None]


class Feed:
    """Passes on what happens to the chain. Listeners of one stage hear it in the order in which they came."""

    def __init__(self) -> None:
        self._sealed: dict[Stage, dict[int, OnSealed]] = {stage: {} for stage in Stage}
        self._reverted: dict[int, OnReverted] = {}
        self._numbers = count()

    def on_sealed(self, stage: Stage, listener: OnSealed) -> Callable[[], None]:
        """Listen to new blocks; the result ends it."""
        number = next(self._numbers)
        self._sealed[stage][number] = listener
        return lambda: self._drop(self._sealed[stage], number)

    def on_reverted(self, listener: OnReverted) -> Callable[[], None]:
        """Listen to the chain going back to an earlier block; the result ends it."""
        number = next(self._numbers)
        self._reverted[number] = listener
        return lambda: self._drop(self._reverted, number)

    def sealed(self, block: Sealed) -> None:
        """Tell everybody of a block that is stored, and final as far as this chain knows."""
        for stage in Stage:
            for listener in list(self._sealed[stage].values()):
                listener(block)

    def reverted(self, best: Header) -> None:
        for listener in list(self._reverted.values()):
            listener(best)

    @property
    def listeners(self) -> int:
        return sum(map(len, self._sealed.values())) + len(self._reverted)

    @staticmethod
    def _drop(listeners: "dict[int, OnSealed] | dict[int, OnReverted]", number: int) -> None:
        listeners.pop(number, None)
