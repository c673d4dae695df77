"""A small runtime with money and markets, over a state in memory: what the tests of the markets trade in."""

from collections.abc import Mapping
from typing import Any

from one_block import ALICE, BOB, BSX, CHARLIE, FERDIE, KSM, TREASURY, UNIT, ZOE, Balances, OneBlock, TwoClocks

from amm.pallets import lbp, xyk
from chain.frame import Environment, Event
from chain.pallets import asset_registry, currencies, duster
from chain.pallets.asset_types import GenesisAsset

__all__ = [
    "ALICE", "BOB", "BSX", "CHARLIE", "DEPOSITS", "EVERYONE", "FERDIE", "GEM", "KSM", "KUSD", "RICH", "TNKR",
    "TREASURY", "UNIT", "ZOE", "Balances", "Ears", "Markets", "TwoClocks", "names",
]  # fmt: skip

KUSD, TNKR, GEM = 2, 3, 7
DEPOSITS = {KSM: 100, KUSD: 10_000, TNKR: 1_000_000_000, GEM: 1}
"""The existential deposits of the recordings, by asset; BSX has its own."""

RICH = {BSX: 10**19, KSM: 10**18, KUSD: 10**18, TNKR: 10**18, GEM: 10**15}
EVERYONE: Balances = dict.fromkeys((ALICE, BOB, CHARLIE), RICH) | {TREASURY: {BSX: UNIT}}


class Ears:
    """An oracle that only listens."""

    def __init__(self) -> None:
        self.heard: list[tuple[Any, ...]] = []

    def on_trade(self, *told: Any) -> None:
        self.heard.append(("trade", *told))

    def on_liquidity_changed(self, *told: Any) -> None:
        self.heard.append(("liquidity", *told))


class Markets(OneBlock):
    """Pools and launches."""

    def __init__(
        self,
        balances: Balances = EVERYONE,
        deposits: Mapping[int, int] = DEPOSITS,
        *,
        oracle: Any = None,
        **constants: Mapping[str, Any],
    ) -> None:
        self.clock, self.oracle = TwoClocks(), oracle
        assets = (GenesisAsset(id, b"A%d" % id, b"A%d" % id, 12, deposit) for id, deposit in deposits.items())
        super().__init__({101: xyk.Xyk, 104: lbp.Lbp}, balances, assets, constants)

    def wire(self, env: Environment) -> None:
        super().wire(env)
        registry, doors = env[asset_registry.AssetRegistry], env[currencies.Currencies]
        env[lbp.Lbp].needs = lbp.Needs(doors, self.clock)
        env[xyk.Xyk].needs = xyk.Needs(doors, registry, env[duster.Duster], env[lbp.Lbp], self.oracle)

    @property
    def xyk(self) -> xyk.Xyk:
        return self.open[xyk.Xyk]

    @property
    def lbp(self) -> lbp.Lbp:
        return self.open[lbp.Lbp]

    # -- looking ---------------------------------------------------------------------------------------------

    def free(self, who: bytes, *assets: int) -> tuple[int, ...]:
        return tuple(self.currencies.free_balance(asset, who) for asset in assets)

    def issuance(self, asset: int) -> int:
        return self.currencies.issuance(asset)

    def locked(self, who: bytes, asset: int) -> int:
        return self.currencies.locked(lbp.COLLECTED, asset, who)

    def whitelisted(self, who: bytes) -> bool:
        return self.open[duster.Duster].blacklist.contains(who)


def names(events: list[Event]) -> list[str]:
    """Events as people write them: `XYK.SellExecuted`."""
    return [f"{event.pallet}.{type(event).__name__}" for event in events]
