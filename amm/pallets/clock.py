"""The block number that a pallet counts in: its own chain's, or that of the relay parent.

Source: spec/trade-scripts.md, Genesis (`block_number_provider`); spec/lbp.md, Block number.
"""

from typing import Protocol

from chain.scale import EncodeError
from chain.scale.sequences import Str

RELAY, SYSTEM = "relay", "system"


class Clock(Protocol):
    """Where both numbers come from."""

    def own_number(self) -> int:
        """The number of the block being built."""

    def relay_number(self) -> int:
        """The number of its relay parent; 0 where there is no validation data."""


class BlockNumberProvider(Str):
    """The setting: the text `relay` or `system`, nothing else."""

    def __init__(self) -> None:
        super().__init__()
        text = self.encode

        def encode(value: str) -> bytes:
            if value not in (RELAY, SYSTEM):
                raise EncodeError(f"{value!r} is no block number provider: it is {RELAY} or {SYSTEM}")
            return text(value)

        self.encode = encode


BLOCK_NUMBER_PROVIDER = BlockNumberProvider()


def now(clock: Clock, provider: str) -> int:
    """The current block number by that provider."""
    return clock.relay_number() if provider == RELAY else clock.own_number()
