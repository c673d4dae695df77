"""A small runtime with money over a state in memory: what the tests of pallets about markets and items stand on."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from chain.frame import ROOT, Blueprint, Environment, Event, Origin, Pallet, Runtime, Signed, WeightTable
from chain.pallets import asset_registry, balances, currencies, duster, tokens, treasury
from chain.pallets.asset_types import GenesisAsset
from chain.pallets.system import System
from chain.primitives.errors import Failure
from chain.state import Overlay
from chain.trie import MemoryStore, Trie

ALICE, BOB, CHARLIE, FERDIE, ZOE = (
    name.encode().ljust(32, b".") for name in ("alice", "bob", "charlie", "ferdie", "zoe")
)
TREASURY = treasury.TREASURY_ACCOUNT
BSX, KSM = 0, 1
UNIT = 10**12

Balances = Mapping[bytes, Mapping[int, int]]

MONEY: dict[int, type[Pallet]] = {
    0: System,
    2: balances.Balances,
    4: treasury.Treasury,
    100: asset_registry.AssetRegistry,
    102: duster.Duster,
    150: currencies.Currencies,
    151: tokens.Tokens,
}


class TwoClocks:
    """Both block numbers, set by hand."""

    def __init__(self) -> None:
        self.own = 1
        self.relay = 1

    def own_number(self) -> int:
        return self.own

    def relay_number(self) -> int:
        return self.relay


class NoHooks:
    """Nobody to tell about accounts of tokens."""

    def on_new_token_account(self, who: bytes, asset: int) -> None:
        pass

    def on_killed_token_account(self, who: bytes, asset: int) -> None:
        pass


class OneBlock:
    """One long block: calls go in by their path, events and balances come out."""

    def __init__(
        self,
        pallets: Mapping[int, type[Pallet]],
        given: Balances,
        assets: Iterable[GenesisAsset],
        constants: Mapping[str, Mapping[str, Any]],
    ) -> None:
        blueprint = Blueprint(
            name="one-block",
            spec_version=118,
            transaction_version=1,
            state_version=1,
            pallets=dict(sorted({**MONEY, **pallets}.items())),
            wire=self.wire,
            call_filter=lambda _: lambda _: True,
            filtered=System.CallFiltered,
            weights=WeightTable({}),
        )
        self.runtime = Runtime(blueprint, constants)
        self.state = Overlay(Trie(MemoryStore({})))
        self.open = self.runtime.open(self.state)
        self._build(given, tuple(assets))

    def wire(self, env: Environment) -> None:
        """What the pallets of money need of each other."""
        system, money, tokens_ = env[System], env[balances.Balances], env[tokens.Tokens]
        registry, doors, dust = env[asset_registry.AssetRegistry], env[currencies.Currencies], env[duster.Duster]
        money.needs = balances.Needs(system, env[treasury.Treasury])
        env[treasury.Treasury].needs = treasury.Needs(money)
        tokens_.needs = tokens.Needs(system, registry, dust, dust, NoHooks())
        doors.needs = currencies.Needs(money, tokens_)
        registry.needs = asset_registry.Needs(money)
        dust.needs = duster.Needs(doors, registry)

    def _build(self, given: Balances, assets: tuple[GenesisAsset, ...]) -> None:
        held = [(who, asset, amount) for who, own in given.items() for asset, amount in own.items() if amount]
        config: dict[str, dict[str, Any]] = {
            "Balances": {"balances": tuple((who, amount) for who, asset, amount in held if asset == BSX)},
            "AssetRegistry": {"registered_assets": assets},
            "Tokens": {"balances": tuple(entry for entry in held if entry[1] != BSX)},
        }
        for name in ("Balances", "AssetRegistry", "Duster", "Tokens"):
            pallet = self.open[self.runtime.pallet(name)]
            defaults = {key: item.default for key, item in pallet.declaration.genesis.items()}
            pallet.build_genesis(defaults | config.get(name, {}))

    # -- acting ----------------------------------------------------------------------------------------------

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
        return self.error(raised.value)

    def error(self, failure: Failure) -> str:
        return self.runtime.error_name(self.open.error(failure))

    def undone(self, *steps: tuple[Any, ...]) -> list[Event]:
        """The events of some calls, each given as for `do`, whose effects are then undone."""
        mark = self.open.context.mark()
        try:
            return [event for step in steps for event in self.do(*step)]
        finally:
            self.open.context.rollback(mark)

    # -- looking ---------------------------------------------------------------------------------------------

    @property
    def currencies(self) -> currencies.Currencies:
        return self.open[currencies.Currencies]

    def present(self) -> dict[bytes, bytes]:
        """The state, absent keys left out."""
        return {key: value for key, value in self.state.changes().items() if value is not None}

    def total(self, asset: int = BSX) -> int:
        """The sum of all accounts' balances of an asset, reserved ones too."""
        if asset == BSX:
            return sum(info.data.free + info.data.reserved for _, info in self.open[System].account.items())
        return sum(entry.total for _, id, entry in self.open[tokens.Tokens].accounts.items() if id == asset)
