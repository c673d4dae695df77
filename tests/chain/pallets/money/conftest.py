"""A small runtime of System and the money pallets over an empty trie in memory."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chain.frame import NONE, ROOT, Blueprint, Environment, Event, Origin, Runtime, Signed, WeightTable
from chain.frame.errors import Error
from chain.pallets import asset_registry, balances, currencies, duster, tokens, treasury
from chain.pallets.asset_registry import AssetRegistry
from chain.pallets.asset_types import GenesisAsset
from chain.pallets.balances import Balances
from chain.pallets.currencies import Currencies
from chain.pallets.duster import Duster
from chain.pallets.system import System
from chain.pallets.tokens import Tokens
from chain.pallets.treasury import TREASURY_ACCOUNT, Treasury
from chain.primitives.account import AccountInfo
from chain.primitives.errors import Failure
from chain.primitives.location import RELAY
from chain.state import Overlay
from chain.trie import MemoryStore, Trie

sys.path.insert(0, str(Path(__file__).parent))

BSX = 10**12
KSM, DOT, GEM = 1, 2, 7
ASSETS = (
    GenesisAsset(KSM, b"Kusama", b"KSM", 12, 100, location=RELAY),
    GenesisAsset(DOT, b"Polkadot", b"DOT", 10, 2),
    GenesisAsset(GEM, b"Gem", b"GEM", 6, 1),
)


def who(name: str) -> bytes:
    """The account that tests call by this name."""
    return TREASURY_ACCOUNT if name == "@treasury" else name.encode().ljust(32, b"\0")


def name_of(account: bytes) -> str:
    return "@treasury" if account == TREASURY_ACCOUNT else account.rstrip(b"\0").decode()


class Hooks:
    """Remembers what the tokens pallet told."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, int]] = []

    def on_new_token_account(self, who: bytes, asset: int) -> None:
        self.told.append(("new", name_of(who), asset))

    def on_killed_token_account(self, who: bytes, asset: int) -> None:
        self.told.append(("killed", name_of(who), asset))


def wire(env: Environment) -> None:
    system, money, registry = env[System], env[Balances], env[AssetRegistry]
    door, dust = env[Currencies], env[Duster]
    money.needs = balances.Needs(system, env[Treasury])
    env[Treasury].needs = treasury.Needs(money)
    registry.needs = asset_registry.Needs(money)
    dust.needs = duster.Needs(door, registry)
    door.needs = currencies.Needs(money, env[Tokens])
    env[Tokens].needs = tokens.Needs(system, registry, dust, dust)


BLUEPRINT = Blueprint(
    name="money",
    spec_version=1,
    transaction_version=1,
    state_version=1,
    pallets={
        0: System,
        2: Balances,
        4: Treasury,
        100: AssetRegistry,
        102: Duster,
        150: Currencies,
        151: Tokens,
    },
    wire=wire,
    call_filter=lambda _: lambda _: True,
    filtered=System.CallFiltered,
    weights=WeightTable({}),
)

Said = tuple[str, dict[str, Any]]


class Money:
    """A chain of money pallets, with accounts by name."""

    who = staticmethod(who)

    def __init__(
        self,
        holdings: Mapping[str, Mapping[int, int]] | None = None,
        *,
        constants: Mapping[str, Mapping[str, Any]] | None = None,
        genesis: Mapping[str, Mapping[str, Any]] | None = None,
        assets: Sequence[GenesisAsset] = ASSETS,
    ) -> None:
        self.runtime = Runtime(BLUEPRINT, constants)
        self.state = Overlay(Trie(MemoryStore()))
        self.env = self.runtime.open(self.state)
        self.hooks = Hooks()
        self.system, self.balances = self.env[System], self.env[Balances]
        self.tokens, self.currencies = self.env[Tokens], self.env[Currencies]
        self.registry, self.duster = self.env[AssetRegistry], self.env[Duster]
        self.treasury = self.env[Treasury]
        self.tokens.needs.hooks = self.hooks
        held = [(who(n), asset, v) for n, own in (holdings or {}).items() for asset, v in own.items()]
        config = {
            "balances": {"balances": tuple((a, v) for a, asset, v in held if asset == 0)},
            "tokens": {"balances": tuple((a, asset, v) for a, asset, v in held if asset)},
            "asset_registry": {"registered_assets": tuple(assets)},
        }
        for pallet in self.env:
            defaults = {key: item.default for key, item in pallet.declaration.genesis.items()}
            given = {**config.get(pallet.key, {}), **(genesis or {}).get(pallet.key, {})}
            pallet.build_genesis({**defaults, **given})

    @property
    def events(self) -> list[Event]:
        return [record.event for record in self.env.context.events]

    def named(self, value: Any) -> Any:
        return name_of(value) if isinstance(value, bytes) and len(value) == 32 else value

    def said(self) -> list[Said]:
        """All events since the last time this was asked: name and fields, accounts by their names."""
        events = [
            (
                f"{event.pallet}.{type(event).__name__}",
                {key.rstrip("_"): self.named(v) for key, v in msgspec.structs.asdict(event).items()},
            )
            for event in self.events
        ]
        del self.env.context.events[:]
        return events

    def names(self) -> list[str]:
        """The names of all events since the last time they were asked for."""
        return [name for name, _ in self.said()]

    def call(self, path: str, by: str, *args: Any) -> str | None:
        """Dispatch a call `by` an account, `root` or `nobody`; the name of its error, or None.

        The arguments make the way through their encoding, as those of an extrinsic.
        """
        values = tuple(who(arg) if isinstance(arg, str) else arg for arg in args)
        made = self.runtime.make_call(path, *values)
        made = self.runtime.decode_call(self.runtime.call.encode(made))
        origin = {"root": ROOT, "nobody": NONE}.get(by) or Origin(Signed(who(by)))
        before = dict(self.state.changes())
        try:
            self.env.dispatch(made, origin)
        except Failure as failure:
            assert self.state.changes() == before, "a failed call left something behind"
            return self.error_of(failure)
        return None

    def attempt(self, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """What a function of a pallet returns, or the name of its error, after which nothing has happened."""
        values = tuple(who(arg) if isinstance(arg, str) else arg for arg in args)
        mark = self.env.context.mark()
        try:
            return function(*values, **options)
        except Failure as failure:
            self.env.context.rollback(mark)
            return self.error_of(failure)

    def error_of(self, failure: Failure) -> str:
        if isinstance(failure, Error):
            return failure.name
        assert failure.error is not None
        return self.runtime.error_name(failure.error)

    def account(self, name: str) -> AccountInfo:
        return self.system.account.get(who(name))

    def free(self, name: str, asset: int = 0) -> int:
        return self.currencies.free_balance(asset, who(name))

    def reserved(self, name: str, asset: int = 0) -> int:
        return self.currencies.reserved_balance(asset, who(name))

    def counts(self, name: str) -> tuple[int, int]:
        """Providers and consumers."""
        info = self.account(name)
        return info.providers, info.consumers


@pytest.fixture
def money() -> type[Money]:
    """Makes chains: `money({"zoe": {0: 5 * BSX, KSM: 1000}})`."""
    return Money
