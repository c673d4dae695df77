"""A small runtime with money and markets, over a state in memory: what the tests of the markets trade in."""

from collections.abc import Mapping
from typing import Any

import pytest

from amm.pallets import lbp, xyk
from chain.frame import ROOT, Blueprint, Environment, Event, Origin, Runtime, Signed, WeightTable
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
UNIT = 10**12

BSX, KSM, KUSD, TNKR, GEM = 0, 1, 2, 3, 7
DEPOSITS = {KSM: 100, KUSD: 10_000, TNKR: 1_000_000_000, GEM: 1}
"""The existential deposits of the recordings, by asset; BSX has its own."""

RICH = {BSX: 10**19, KSM: 10**18, KUSD: 10**18, TNKR: 10**18, GEM: 10**15}
Balances = Mapping[bytes, Mapping[int, int]]
EVERYONE: Balances = dict.fromkeys((ALICE, BOB, CHARLIE), RICH) | {TREASURY: {BSX: UNIT}}

PALLETS = {
    0: System,
    2: balances.Balances,
    4: treasury.Treasury,
    100: asset_registry.AssetRegistry,
    101: xyk.Xyk,
    102: duster.Duster,
    104: lbp.Lbp,
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


class Ears:
    """An oracle that only listens."""

    def __init__(self) -> None:
        self.heard: list[tuple[Any, ...]] = []

    def on_trade(self, *told: Any) -> None:
        self.heard.append(("trade", *told))

    def on_liquidity_changed(self, *told: Any) -> None:
        self.heard.append(("liquidity", *told))


class Markets:
    """One long block: calls go in by their path, events and balances come out."""

    def __init__(
        self,
        balances: Balances = EVERYONE,
        deposits: Mapping[int, int] = DEPOSITS,
        *,
        oracle: Any = None,
        **constants: Mapping[str, Any],
    ) -> None:
        self.clock, self.oracle = TwoClocks(), oracle
        blueprint = Blueprint(
            name="markets",
            spec_version=118,
            transaction_version=1,
            state_version=1,
            pallets=PALLETS,
            wire=self._wire,
            call_filter=lambda _: lambda _: True,
            filtered=System.CallFiltered,
            weights=WeightTable({}),
        )
        self.runtime = Runtime(blueprint, constants)
        self.state = Overlay(Trie(MemoryStore({})))
        self.open = self.runtime.open(self.state)
        self._build(balances, deposits)

    def _wire(self, env: Environment) -> None:
        system, money, tokens_ = env[System], env[balances.Balances], env[tokens.Tokens]
        registry, doors = env[asset_registry.AssetRegistry], env[currencies.Currencies]
        dust = env[duster.Duster]
        money.needs = balances.Needs(system, env[treasury.Treasury])
        env[treasury.Treasury].needs = treasury.Needs(money)
        tokens_.needs = tokens.Needs(system, registry, dust, dust, NoHooks())
        doors.needs = currencies.Needs(money, tokens_)
        registry.needs = asset_registry.Needs(money)
        dust.needs = duster.Needs(doors, registry)
        env[lbp.Lbp].needs = lbp.Needs(doors, self.clock)
        env[xyk.Xyk].needs = xyk.Needs(doors, registry, dust, env[lbp.Lbp], self.oracle)

    def _build(self, given: Balances, deposits: Mapping[int, int]) -> None:
        assets = tuple(
            GenesisAsset(id, f"A{id}".encode(), f"A{id}".encode(), 12, deposit) for id, deposit in deposits.items()
        )
        held = [(who, asset, amount) for who, own in given.items() for asset, amount in own.items() if amount]
        config = {
            "Balances": {"balances": tuple((who, amount) for who, asset, amount in held if asset == BSX)},
            "AssetRegistry": {"registered_assets": assets},
            "Tokens": {"balances": tuple(entry for entry in held if entry[1] != BSX)},
        }
        for name in ("Balances", "AssetRegistry", "Duster", "Tokens"):
            pallet = self.open[self.runtime.pallet(name)]
            defaults = {key: item.default for key, item in pallet.declaration.genesis.items()}
            pallet.build_genesis(defaults | config.get(name, {}))

    # -- acting ----------------------------------------------------------------------------------------------

    @property
    def xyk(self) -> xyk.Xyk:
        return self.open[xyk.Xyk]

    @property
    def lbp(self) -> lbp.Lbp:
        return self.open[lbp.Lbp]

    @property
    def currencies(self) -> currencies.Currencies:
        return self.open[currencies.Currencies]

    def do(self, who: bytes | None, path: str, *args: Any) -> list[Event]:
        """Dispatch a call, of root without a signer; answers its events."""
        origin = ROOT if who is None else Origin(Signed(who))
        before = len(self.open.context.events)
        self.open.dispatch(self.runtime.make_call(path, *args), origin)
        return [record.event for record in self.open.context.events[before:]]

    def refusal(self, who: bytes | None, path: str, *args: Any) -> str:
        """The error that a call fails with, as people write it; nothing may have changed."""
        before, events = _present(self.state.changes()), len(self.open.context.events)
        with pytest.raises(Failure) as raised:
            self.do(who, path, *args)
        assert _present(self.state.changes()) == before
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

    def free(self, who: bytes, *assets: int) -> tuple[int, ...]:
        return tuple(self.currencies.free_balance(asset, who) for asset in assets)

    def issuance(self, asset: int) -> int:
        return self.currencies.issuance(asset)

    def total(self, asset: int) -> int:
        """The sum of all accounts' balances of an asset, reserved ones too."""
        if asset == BSX:
            return sum(info.data.free + info.data.reserved for _, info in self.open[System].account.items())
        held = self.open[tokens.Tokens].accounts.items()
        return sum(entry.total for _, id, entry in held if id == asset)

    def locked(self, who: bytes, asset: int) -> int:
        return self.currencies.locked(lbp.COLLECTED, asset, who)

    def whitelisted(self, who: bytes) -> bool:
        return self.open[duster.Duster].blacklist.contains(who)


def names(events: list[Event]) -> list[str]:
    """Events as people write them: `XYK.SellExecuted`."""
    return [f"{event.pallet}.{type(event).__name__}" for event in events]


def _present(changes: Mapping[bytes, bytes | None]) -> dict[bytes, bytes]:
    return {key: value for key, value in changes.items() if value is not None}
