"""What a call works in: the state of the block, its events, and the phase."""

from chain.frame.event import INITIALIZATION, Event, EventRecord, Phase
from chain.state import Overlay


class Context:
    """The state and the events of one block, undone together."""

    __slots__ = ("events", "phase", "state")

    def __init__(self, state: Overlay) -> None:
        self.state = state
        self.events: list[EventRecord] = []
        self.phase: Phase = INITIALIZATION

    def deposit(self, event: Event) -> None:
        self.events.append(EventRecord(self.phase, event))

    def mark(self) -> tuple[int, int]:
        """Open a storage layer: where `rollback` goes back to."""
        return self.state.mark(), len(self.events)

    def rollback(self, mark: tuple[int, int]) -> None:
        """Undo everything written and said since `mark`."""
        self.state.rollback(mark[0])
        del self.events[mark[1] :]
