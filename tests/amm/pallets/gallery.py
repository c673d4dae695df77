"""A small runtime with items, a marketplace and auctions, over a state in memory."""

from collections.abc import Mapping
from typing import Any

from one_block import ALICE, BOB, BSX, CHARLIE, KSM, TREASURY, UNIT, Balances, OneBlock, TwoClocks

from amm.pallets import auctions, marketplace, nft, uniques
from chain.frame import Environment
from chain.pallets import asset_registry, balances, currencies
from chain.pallets.asset_types import TOKEN, GenesisAsset
from chain.pallets.system import System
from chain.primitives.location import RELAY

DAVE = b"dave".ljust(32, b".")
ED = 500
RICH = {BSX: 10**17, KSM: 10**17}
EVERYONE: Balances = dict.fromkeys((ALICE, BOB, CHARLIE, DAVE), RICH) | {TREASURY: {BSX: UNIT}}
ART = 1_000_000
"""The collection of most tests."""

ITEMS = {20: uniques.Uniques, 105: nft.Nft, 109: marketplace.Marketplace, 121: auctions.Auctions}


class Clocks(TwoClocks):
    """Both block numbers and the parent's hash, set by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.parent = bytes(32)

    def parent_hash(self) -> bytes:
        return self.parent


class Gallery(OneBlock):
    """Items, a marketplace and auctions."""

    def __init__(self, given: Balances = EVERYONE, /, **constants: Mapping[str, Any]) -> None:
        self.clock = Clocks()
        assets = [GenesisAsset(KSM, b"KSM", b"KSM", 12, 100, TOKEN, RELAY)]
        super().__init__(ITEMS, given, assets, {"balances": {"existential_deposit": ED}} | constants)

    def wire(self, env: Environment) -> None:
        super().wire(env)
        registry, doors = env[asset_registry.AssetRegistry], env[currencies.Currencies]
        items = env[uniques.Uniques]
        items.needs = uniques.Needs(doors, registry, env[System])
        env[nft.Nft].needs = nft.Needs(items)
        env[marketplace.Marketplace].needs = marketplace.Needs(doors, registry, env[nft.Nft], self.clock)
        env[auctions.Auctions].needs = auctions.Needs(env[balances.Balances], items, env[nft.Nft], self.clock)

    @property
    def uniques(self) -> uniques.Uniques:
        return self.open[uniques.Uniques]

    @property
    def nft(self) -> nft.Nft:
        return self.open[nft.Nft]

    @property
    def market(self) -> marketplace.Marketplace:
        return self.open[marketplace.Marketplace]

    @property
    def auctions(self) -> auctions.Auctions:
        return self.open[auctions.Auctions]

    def piece(self, owner: bytes = ALICE, item: int = 1, collection: int = ART) -> tuple[int, int]:
        """A new item of a collection that alice has; it is given to `owner`."""
        if self.uniques.collection_owner(collection) is None:
            self.do(ALICE, "nft.create_collection", collection, nft.CollectionType.Marketplace, b"art")
        self.do(ALICE, "nft.mint", collection, item, b"piece")
        self.do(ALICE, "nft.transfer", collection, item, owner)
        return collection, item

    # -- looking ---------------------------------------------------------------------------------------------

    def free(self, who: bytes, asset: int = BSX) -> int:
        return self.currencies.free_balance(asset, who)

    def reserved(self, who: bytes, asset: int = BSX) -> int:
        return self.currencies.reserved_balance(asset, who)

    def held(self, who: bytes, asset: int = BSX) -> tuple[int, int]:
        """Free and reserved."""
        return self.free(who, asset), self.reserved(who, asset)

    def owners(self) -> dict[tuple[int, int], bytes]:
        """Who has which item; checks that both lists of it agree, so that no item is in two hands."""
        by_item = {(c, i): details.owner for c, i, details in self.uniques.asset.items()}
        by_owner = [keys for keys, _ in self.uniques.account.items()]
        assert sorted(by_owner) == sorted((owner, *piece) for piece, owner in by_item.items())
        return by_item
