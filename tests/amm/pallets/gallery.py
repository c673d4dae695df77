"""A small runtime with items, a marketplace and auctions, over a state in memory."""

from collections.abc import Mapping
from typing import Any

import pytest
from markets import ALICE, BOB, BSX, CHARLIE, KSM, TREASURY, UNIT, Balances, NoHooks, TwoClocks

from amm.pallets import auctions, marketplace, nft, uniques
from chain.frame import ROOT, Blueprint, Environment, Event, Origin, Runtime, Signed, WeightTable
from chain.pallets import asset_registry, balances, currencies, duster, tokens, treasury
from chain.pallets.asset_types import TOKEN, GenesisAsset
from chain.pallets.system import System
from chain.primitives.errors import Failure
from chain.primitives.location import RELAY
from chain.state import Overlay
from chain.trie import MemoryStore, Trie

DAVE = b"dave".ljust(32, b".")
ED = 500
RICH = {BSX: 10**17, KSM: 10**17}
EVERYONE: Balances = dict.fromkeys((ALICE, BOB, CHARLIE, DAVE), RICH) | {TREASURY: {BSX: UNIT}}
ART = 1_000_000
"""The collection of most tests."""

PALLETS = {
    0: System,
    2: balances.Balances,
    4: treasury.Treasury,
    20: uniques.Uniques,
    100: asset_registry.AssetRegistry,
    102: duster.Duster,
    105: nft.Nft,
    109: marketplace.Marketplace,
    121: auctions.Auctions,
    150: currencies.Currencies,
    151: tokens.Tokens,
}


class Clocks(TwoClocks):
    """Both block numbers and the parent's hash, set by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.parent = bytes(32)

    def parent_hash(self) -> bytes:
        return self.parent


class Gallery:
    """One long block: calls go in by their path, events and balances come out."""

    def __init__(self, given: Balances = EVERYONE, /, **constants: Mapping[str, Any]) -> None:
        self.clock = Clocks()
        blueprint = Blueprint(
            name="gallery",
            spec_version=118,
            transaction_version=1,
            state_version=1,
            pallets=PALLETS,
            wire=self._wire,
            call_filter=lambda _: lambda _: True,
            filtered=System.CallFiltered,
            weights=WeightTable({}),
        )
        self.runtime = Runtime(blueprint, {"balances": {"existential_deposit": ED}} | constants)
        self.state = Overlay(Trie(MemoryStore({})))
        self.open = self.runtime.open(self.state)
        self._build(given)

    def _wire(self, env: Environment) -> None:
        system, money, tokens_ = env[System], env[balances.Balances], env[tokens.Tokens]
        registry, doors = env[asset_registry.AssetRegistry], env[currencies.Currencies]
        dust, items = env[duster.Duster], env[uniques.Uniques]
        money.needs = balances.Needs(system, env[treasury.Treasury])
        env[treasury.Treasury].needs = treasury.Needs(money)
        tokens_.needs = tokens.Needs(system, registry, dust, dust, NoHooks())
        doors.needs = currencies.Needs(money, tokens_)
        registry.needs = asset_registry.Needs(money)
        dust.needs = duster.Needs(doors, registry)
        items.needs = uniques.Needs(doors, registry, system)
        env[nft.Nft].needs = nft.Needs(items)
        env[marketplace.Marketplace].needs = marketplace.Needs(doors, registry, env[nft.Nft], self.clock)
        env[auctions.Auctions].needs = auctions.Needs(money, items, env[nft.Nft], self.clock)

    def _build(self, given: Balances) -> None:
        held = [(who, asset, amount) for who, own in given.items() for asset, amount in own.items() if amount]
        config: dict[str, dict[str, Any]] = {
            "Balances": {"balances": tuple((who, amount) for who, asset, amount in held if asset == BSX)},
            "AssetRegistry": {"registered_assets": (GenesisAsset(KSM, b"KSM", b"KSM", 12, 100, TOKEN, RELAY),)},
            "Tokens": {"balances": tuple(entry for entry in held if entry[1] != BSX)},
        }
        for name in ("Balances", "AssetRegistry", "Duster", "Tokens"):
            pallet = self.open[self.runtime.pallet(name)]
            defaults = {key: item.default for key, item in pallet.declaration.genesis.items()}
            pallet.build_genesis(defaults | config.get(name, {}))

    # -- acting ----------------------------------------------------------------------------------------------

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

    @property
    def money(self) -> currencies.Currencies:
        return self.open[currencies.Currencies]

    def do(self, who: bytes | None, path: str, *args: Any) -> list[Event]:
        """Dispatch a call, of root without a signer; answers its events."""
        origin = ROOT if who is None else Origin(Signed(who))
        before = len(self.open.context.events)
        self.open.dispatch(self.runtime.make_call(path, *args), origin)
        return [record.event for record in self.open.context.events[before:]]

    def refusal(self, who: bytes | None, path: str, *args: Any) -> str:
        """The error that a call fails with, as people write it; nothing may have changed."""
        before, events = self.present(), len(self.open.context.events)
        with pytest.raises(Failure) as raised:
            self.do(who, path, *args)
        assert self.present() == before
        assert len(self.open.context.events) == events
        return self.runtime.error_name(self.open.error(raised.value))

    def piece(self, owner: bytes = ALICE, item: int = 1, collection: int = ART) -> tuple[int, int]:
        """A new item of a collection that alice has; it is given to `owner`."""
        if self.uniques.collection_owner(collection) is None:
            self.do(ALICE, "nft.create_collection", collection, nft.CollectionType.Marketplace, b"art")
        self.do(ALICE, "nft.mint", collection, item, b"piece")
        self.do(ALICE, "nft.transfer", collection, item, owner)
        return collection, item

    # -- looking ---------------------------------------------------------------------------------------------

    def present(self) -> dict[bytes, bytes]:
        """The state, absent keys left out."""
        return {key: value for key, value in self.state.changes().items() if value is not None}

    def free(self, who: bytes, asset: int = BSX) -> int:
        return self.money.free_balance(asset, who)

    def reserved(self, who: bytes, asset: int = BSX) -> int:
        return self.money.reserved_balance(asset, who)

    def held(self, who: bytes, asset: int = BSX) -> tuple[int, int]:
        """Free and reserved."""
        return self.free(who, asset), self.reserved(who, asset)

    def total(self, asset: int = BSX) -> int:
        """The sum of all accounts' balances of an asset, reserved ones too."""
        if asset == BSX:
            return sum(info.data.free + info.data.reserved for _, info in self.open[System].account.items())
        return sum(entry.total for _, id, entry in self.open[tokens.Tokens].accounts.items() if id == asset)

    def owners(self) -> dict[tuple[int, int], bytes]:
        """Who has which item; checks that both lists of it agree, so that no item is in two hands."""
        by_item = {(c, i): details.owner for c, i, details in self.uniques.asset.items()}
        by_owner = [keys for keys, _ in self.uniques.account.items()]
        assert sorted(by_owner) == sorted((owner, *piece) for piece, owner in by_item.items())
        return by_item
