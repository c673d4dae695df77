"""What a step has to know of the blocks that are sealed in it, to be judged afterwards."""

from collections.abc import Sequence

from amm.scripts.steps import AdvanceStep, AdvanceToStep, CheckStep, Step
from amm.scripts.unchanged import Shadow
from chain.frame import Event
from chain.node.service import Node, Sealed
from chain.pallets.system import System

EVENTS = System.declaration.storage["events"].prefix


class Witness:
    """Sees the blocks of a step, and keeps of them only what its expectations ask for."""

    def __init__(self, node: Node, step: Step) -> None:
        expect = step.expect
        self._node = node
        self._wanted = bool(step.save or (expect is not None and expect.events))
        self._hooks = isinstance(step, AdvanceStep | AdvanceToStep)
        self.shadow = Shadow(node) if expect is not None and expect.unchanged else None
        self.last: Sealed | None = None
        self._events: list[Event] = []
        if self._wanted and isinstance(step, CheckStep):
            self._events += self._all_events()

    @property
    def events(self) -> Sequence[Event]:
        """Those of the step's extrinsics, in order; of `advance` and, for the best block, of `check` all there are."""
        return self._events

    def see(self, sealed: Sealed) -> None:
        """Take in a block that was just sealed."""
        self.last = sealed
        if self.shadow is not None:
            self.shadow.follow(sealed)
        if not self._wanted:
            return
        if self._hooks:
            self._events += self._all_events()
            return
        for applied in sealed.applied:
            if applied.extrinsic.signed is not None:
                self._events += applied.events

    def _all_events(self) -> list[Event]:
        """The events of the best block, hooks and inherents included."""
        records = self._node.state().read(EVENTS, self._node.runtime.events)
        return [record.event for record in records or ()]
