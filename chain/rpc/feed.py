"""Who is told of a block, and in which order. Source: spec/json-rpc.md, "Smallest useful set", last paragraph."""

from collections.abc import Callable
from enum import IntEnum
from itertools import count
from typing import Any

from chain.node.service import Sealed
from chain.primitives.header import Header


class Stage(IntEnum):
    """The order in which the subscriptions learn of a block."""

    HEADS = 0
    STORAGE = 1
    FOLLOWS = 2
    WATCHES = 3


OnSealed = Callable[[Sealed], None]
OnHeader = Callable[[Header], None]
End = Callable[[], None]


class Feed:
    """Passes on what happens to the chain. Listeners of one stage hear it in the order in which they came."""

    def __init__(self) -> None:
        self._sealed: dict[Stage, dict[int, OnSealed]] = {stage: {} for stage in Stage}
        self._final: dict[Stage, dict[int, OnHeader]] = {stage: {} for stage in Stage}
        self._reverted: dict[int, OnHeader] = {}
        self._numbers = count()

    # -- listening -----------------------------------------------------------------------------------------------

    def on_sealed(self, stage: Stage, listener: OnSealed) -> End:
        """Listen to new best blocks; the result ends it."""
        return self._enter(self._sealed[stage], listener)

    def on_final(self, stage: Stage, listener: OnHeader) -> End:
        """Listen to blocks that become final, each of them, in order; the result ends it."""
        return self._enter(self._final[stage], listener)

    def on_reverted(self, listener: OnHeader) -> End:
        """Listen to the chain going back to an earlier block; the result ends it."""
        return self._enter(self._reverted, listener)

    def _enter(self, listeners: dict[int, Any], listener: Any) -> End:
        number = next(self._numbers)
        listeners[number] = listener

        def end() -> None:
            listeners.pop(number, None)

        return end

    # -- telling -------------------------------------------------------------------------------------------------

    def sealed(self, block: Sealed) -> None:
        """Tell everybody of a block that is stored."""
        for stage in Stage:
            for listener in list(self._sealed[stage].values()):
                listener(block)

    def final(self, header: Header) -> None:
        for stage in Stage:
            for listener in list(self._final[stage].values()):
                listener(header)

    def reverted(self, best: Header) -> None:
        for listener in list(self._reverted.values()):
            listener(best)

    @property
    def listeners(self) -> int:
        """How many there are."""
        staged = sum(len(self._sealed[stage]) + len(self._final[stage]) for stage in Stage)
        return staged + len(self._reverted)
