"""ParachainInfo: which parachain this is. Source: spec/fees-and-origins.md §8."""

from chain.frame import Genesis, Pallet, Settings, StorageValue
from chain.primitives.validation import PARA_ID


class ParachainInfo(Pallet):
    """The chain's number on the relay chain."""

    parachain_id_ = Genesis(PARA_ID, 2090, doc="The chain's number on the relay chain.")

    parachain_id = StorageValue(PARA_ID, default=100, doc="The chain's number on the relay chain.")

    def build_genesis(self, config: Settings) -> None:
        self.parachain_id.put(config["parachain_id"])

    def own_id(self) -> int:
        return self.parachain_id.get()
