"""The Basilisk runtime: which pallets, at which index, with which constants, and who needs whom.

Indices and versions are those of the live runtime, spec version 118 (spec/basilisk-runtime-118.json); local additions
take free indices (design.md). The order is the live runtime's: hooks run in it (spec/fees-and-origins.md §8).
"""

import importlib.resources
import json
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from amm.pallets import auctions, lbp, marketplace, nft, uniques, xyk
from amm.pallets.auctions import Auctions
from amm.pallets.lbp import Lbp
from amm.pallets.marketplace import Marketplace
from amm.pallets.nft import Nft
from amm.pallets.uniques import Uniques
from amm.pallets.xyk import Xyk
from chain.frame import Blueprint, Call, CallFilter, Environment, Pallet, Runtime, WeightTable, rebuild
from chain.pallets import (
    asset_registry,
    aura,
    authorship,
    balances,
    collators,
    currencies,
    duster,
    multi_payment,
    parachain_system,
    payment,
    relay_chain_info,
    session,
    sudo,
    timestamp,
    tokens,
    treasury,
    utility,
)
from chain.pallets.asset_registry import AssetRegistry
from chain.pallets.aura import Aura, AuraExt
from chain.pallets.authorship import Authorship
from chain.pallets.balances import Balances
from chain.pallets.collators import CollatorRewards, CollatorSelection
from chain.pallets.currencies import Currencies
from chain.pallets.duster import Duster
from chain.pallets.multi_payment import MultiTransactionPayment
from chain.pallets.parachain_info import ParachainInfo
from chain.pallets.parachain_system import ParachainSystem
from chain.pallets.payment import TransactionPayment
from chain.pallets.relay_chain_info import RelayChainInfo
from chain.pallets.session import Session
from chain.pallets.sudo import Sudo
from chain.pallets.system import System
from chain.pallets.timestamp import Timestamp
from chain.pallets.tokens import Tokens
from chain.pallets.transaction_pause import TransactionPause
from chain.pallets.treasury import TREASURY_ACCOUNT, Treasury
from chain.pallets.utility import Utility

NAME, SPEC_VERSION, TRANSACTION_VERSION, STATE_VERSION = "basilisk", 118, 1, 1

PALLETS: Mapping[int, type[Pallet]] = {
    0: System,
    1: Timestamp,
    2: Balances,
    3: TransactionPayment,
    106: MultiTransactionPayment,
    4: Treasury,
    5: Utility,
    51: ParachainInfo,
    14: Authorship,
    15: CollatorSelection,
    16: Session,
    17: Aura,
    18: AuraExt,
    108: RelayChainInfo,
    50: ParachainSystem,
    100: AssetRegistry,
    101: Xyk,
    102: Duster,
    104: Lbp,
    110: TransactionPause,
    114: CollatorRewards,
    150: Currencies,
    151: Tokens,
    20: Uniques,
    105: Nft,
    109: Marketplace,
}
"""The live runtime's pallets that this program has.

The last three have no hooks. They stand behind Tokens because the first state is built in this order, and holds
deposits for the items in it.
"""

LOCAL: Mapping[int, type[Pallet]] = {255: Sudo, 121: Auctions}
"""Pallets that only local chains have; a chain spec lists those it wants under `pallets:`."""

CLOSED_TO_USERS = frozenset({"Uniques", "PolkadotXcm", "OrmlXcm"})
ALWAYS_OPEN = frozenset({"System", "Timestamp", "ParachainSystem"})


class Clock:
    """Both block numbers, for pallets that may count in either, and the hash that the block stands on."""

    def __init__(self, system: System, parachain: ParachainSystem) -> None:
        self.own_number = system.number.get
        self.relay_number = parachain.relay_block_number
        self.parent_hash = system.parent_hash.get


def wire(env: Environment) -> None:
    """Bind what each pallet needs of others."""
    system, registry, money = env[System], env[AssetRegistry], env[Currencies]
    fees, chain_side = env[MultiTransactionPayment], env[ParachainSystem]
    launches = env.find(Lbp)
    clock = Clock(system, chain_side)
    env[Timestamp].needs = timestamp.Needs(env[Aura])
    env[Balances].needs = balances.Needs(system, env[Treasury])
    env[TransactionPayment].needs = payment.Needs(system, fees)
    env[MultiTransactionPayment].needs = multi_payment.Needs(money, system, TREASURY_ACCOUNT)
    env[Treasury].needs = treasury.Needs(env[Balances])
    env[Utility].needs = utility.Needs(env)
    env[Authorship].needs = authorship.Needs(env[Aura], env[Session], env[CollatorSelection])
    env[CollatorSelection].needs = collators.Needs(system, env[Balances], env[Balances], env[Session])
    env[Session].needs = session.Needs(system, env[CollatorRewards], env[Aura])
    env[Aura].needs = aura.Needs(system)
    env[AuraExt].needs = aura.ExtNeeds(env[Aura])
    env[RelayChainInfo].needs = relay_chain_info.Needs(system)
    env[ParachainSystem].needs = parachain_system.Needs(system, env[ParachainInfo], env[RelayChainInfo])
    env[AssetRegistry].needs = asset_registry.Needs(env[Balances])
    env[Duster].needs = duster.Needs(money, registry)
    env[CollatorRewards].needs = collators.RewardNeeds(env[CollatorSelection], money)
    env[Currencies].needs = currencies.Needs(env[Balances], env[Tokens])
    env[Tokens].needs = tokens.Needs(system, registry, env[Duster], env[Duster], fees)
    env[Xyk].needs = xyk.Needs(money, registry, env[Duster], launches)
    if launches is not None:
        launches.needs = lbp.Needs(money, clock)
    items = env[Uniques]
    items.needs = uniques.Needs(money, registry, system)
    env[Nft].needs = nft.Needs(items)
    env[Marketplace].needs = marketplace.Needs(money, registry, env[Nft], clock)
    sales = env.find(Auctions)
    if sales is not None:
        sales.needs = auctions.Needs(env[Balances], items, env[Nft], clock)
    ruler = env.find(Sudo)
    if ruler is not None:
        ruler.needs = sudo.Needs(env)


def call_filter(env: Environment) -> CallFilter:
    """What users may call (fees-and-origins.md §5.2)."""
    pause = env[TransactionPause]

    def allowed(call: Call) -> bool:
        name = call.spec.pallet_name
        if name in ALWAYS_OPEN:
            return True
        return name not in CLOSED_TO_USERS and not pause.is_paused(name, call.spec.declaration.name)

    return allowed


@cache
def weights() -> WeightTable:
    """The measured weights of the live runtime's calls."""
    text = importlib.resources.files("amm.data").joinpath("weights-118.json").read_text()
    return WeightTable.from_json(json.loads(text))


def local_pallets() -> list[str]:
    """The names that a chain spec may list under `pallets:`."""
    return [pallet.key for pallet in LOCAL.values()]


def blueprint(extra: Sequence[str] = ("sudo",)) -> Blueprint:
    """The runtime before constants are set, with the local pallets named in `extra`; raises KeyError."""
    known = {pallet.key: index for index, pallet in LOCAL.items()}
    added = {known[name]: LOCAL[known[name]] for name in extra}
    return Blueprint(
        NAME,
        SPEC_VERSION,
        TRANSACTION_VERSION,
        STATE_VERSION,
        {**PALLETS, **added},
        wire,
        call_filter,
        System.CallFiltered,
        weights(),
    )


@lru_cache(maxsize=16)
def load(code: bytes) -> Runtime:
    """The runtime that `:code` describes (spec/relay.md §4.4); raises DeclarationError for another program's."""
    return rebuild(code, blueprint(tuple(local_pallets())))
