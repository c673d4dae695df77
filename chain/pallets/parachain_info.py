"""ParachainInfo: which parachain this is. Source: spec/fees-and-origins.md §8."""

from chain.frame import Genesis, Pallet, Settings, StorageValue
from chain.primitives.validation import PARA_ID


class ParachainInfo(Pallet):
    """The chain's number on the relay chain."""

    parachain_id = Genesis(PARA_ID, 2090, doc="The chain's number on the relay chain.")

    id_ = StorageValue(PARA_ID, name="ParachainId", default=100)

    def build_genesis(self, config: Settings) -> None:
        self.id_.put(config["parachain_id"])

    def own_id(self) -> int:
        return self.id_.get()
