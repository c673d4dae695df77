"""RelayChainInfo: says in every block which relay block it stands on. Source: fees-and-origins.md §8."""

from dataclasses import dataclass
from typing import Protocol

from chain.frame import Event, Pallet
from chain.frame.storage_handles import ValueHandle
from chain.primitives.validation import PersistedValidationData
from chain.scale.types import u32


class Numbered(Protocol):
    """The number of the block (System)."""

    @property
    def number(self) -> ValueHandle[int, int]: ...


@dataclass
class Needs:
    system: Numbered


class RelayChainInfo(Pallet):
    """The two block numbers side by side, for those who read events only."""

    needs: Needs

    class CurrentBlockNumbers(Event):
        """This block's number and its relay parent's."""

        parachain_block_number: u32
        relaychain_block_number: u32

    def on_validation_data(self, data: PersistedValidationData) -> None:
        """Called by the parachain system inside its inherent."""
        self.deposit(self.CurrentBlockNumbers(self.needs.system.number.get(), data.relay_parent_number))
