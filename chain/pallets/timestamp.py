"""Timestamp: the time of a block in milliseconds, told once in each. Source: spec/fees-and-origins.md §8."""

from dataclasses import dataclass
from typing import Protocol

from chain.frame import Constant, Origin, Pallet, StorageValue, call
from chain.primitives.errors import InherentError
from chain.scale.types import BOOL, U64, Compact, u64

UNTRUE = "InherentCheckFailed"


class Clock(Protocol):
    """Who checks the time against something else (Aura)."""

    def on_timestamp_set(self, now: int) -> None:
        """Raises InherentError if the time cannot be."""


@dataclass
class Needs:
    clock: Clock | None = None


class Timestamp(Pallet):
    """Milliseconds since the relay chain's slot 0."""

    needs: Needs

    minimum_period = Constant(U64, 6_000, metadata="MinimumPeriod", doc="Least time between two blocks.")

    now = StorageValue(U64, default=0, doc="The time of the block in milliseconds.")
    did_update = StorageValue(BOOL, default=False, doc="Whether the block has told its time.")

    @call(index=0)
    def set(self, origin: Origin, now: Compact[u64]) -> None:
        """Tell the time: once in every block, a minimum period after the last; else the block is invalid."""
        origin.ensure_none()
        if self.did_update.exists():
            raise InherentError(UNTRUE, "the time is told twice")
        last = self.now.get()
        if last and now < last + self.minimum_period:
            raise InherentError(UNTRUE, f"time {now} is not {self.minimum_period} after {last}")
        self.now.put(now)
        self.did_update.put(True)
        if self.needs.clock is not None:
            self.needs.clock.on_timestamp_set(now)

    def on_finalize(self, number: int) -> None:
        """Make sure that the time was told."""
        if not self.did_update.take():
            raise InherentError(UNTRUE, "the time is not told")
