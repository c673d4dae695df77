"""The first state of the money pallets. Source: spec/money.md §8, §12."""

from typing import Any

import pytest

from chain.pallets.asset_types import TOKEN, AssetDetails, AssetMetadata, GenesisAsset
from chain.pallets.balances_types import MAX_BALANCE
from chain.pallets.genesis import GenesisError
from chain.primitives.account import AccountData, AccountInfo
from chain.primitives.location import RELAY

BSX = 10**12
KSM = 1


def test_balances(money: Any) -> None:
    m = money({"zoe": {0: 5 * BSX, KSM: 1000}, "yan": {KSM: 100}, "@treasury": {0: 2 * BSX}})
    assert m.said() == []
    assert m.account("zoe") == AccountInfo(providers=2, data=AccountData(free=5 * BSX))
    assert m.account("yan") == AccountInfo(providers=1)
    assert m.balances.total_issuance.get() == 7 * BSX
    assert m.tokens.total_issuance.get(KSM) == 1100
    assert m.hooks.told == [("new", "zoe", KSM), ("new", "yan", KSM)]


def test_assets_have_metadata_for_the_clients(money: Any) -> None:
    m = money()
    assert m.registry.details(0) == AssetDetails(b"BSX", TOKEN, BSX, None)
    assert m.registry.metadata(0) == AssetMetadata(b"BSX", 12)
    assert m.registry.details(KSM) == AssetDetails(b"Kusama", TOKEN, 100, None)
    assert m.registry.metadata(KSM) == AssetMetadata(b"KSM", 12)
    assert (m.registry.asset_at(RELAY), m.registry.location_of(KSM)) == (KSM, RELAY)
    assert m.registry.next_asset_id.get() == 0


def test_an_asset_without_an_id_gets_the_next(money: Any) -> None:
    m = money(assets=[GenesisAsset(None, b"Gold", b"GLD", 6, 5)])
    assert m.registry.asset_of_name(b"Gold") == 1_000_001


def test_the_native_deposit_is_that_of_balances(money: Any) -> None:
    m = money(constants={"balances": {"existential_deposit": 500}})
    assert m.registry.existential_deposit(0) == 500
    assert m.free("@treasury") == 500


def zoe(*amounts: int) -> tuple[tuple[bytes, int], ...]:
    return tuple((b"zoe".ljust(32, b"\0"), amount) for amount in amounts)


def tokens(*entries: tuple[int, int]) -> tuple[tuple[bytes, int, int], ...]:
    return tuple((b"zoe".ljust(32, b"\0"), asset, amount) for asset, amount in entries)


@pytest.mark.parametrize(
    ("pallet", "entries", "says"),
    [
        ("balances", zoe(BSX - 1), "less than the deposit"),
        ("balances", zoe(BSX, BSX), "listed twice"),
        ("balances", (*zoe(MAX_BALANCE), (b"y" * 32, BSX)), "does not fit"),
        ("tokens", tokens((KSM, 99)), "less than the deposit 100"),
        ("tokens", tokens((99, 10**9)), "not registered"),
        ("tokens", tokens((KSM, 100), (KSM, 100)), "listed twice"),
        ("tokens", (*tokens((KSM, MAX_BALANCE)), (b"y" * 32, KSM, 100)), "does not fit"),
    ],
)
def test_impossible_holdings(money: Any, pallet: str, entries: Any, says: str) -> None:
    with pytest.raises(GenesisError, match=says):
        money(genesis={pallet: {"balances": entries}})


@pytest.mark.parametrize(
    ("asset", "says"),
    [
        (GenesisAsset(0, b"Gold", b"GLD", 6, 5), "already registered"),
        (GenesisAsset(1_000_000, b"Gold", b"GLD", 6, 5), "out of reserved range"),
        (GenesisAsset(5, b"BSX", b"GLD", 6, 5), "already registered"),
        (GenesisAsset(5, b"g" * 33, b"GLD", 6, 5), "Invalid asset name"),
        (GenesisAsset(5, b"Gold", b"g" * 33, 6, 5), "Invalid asset name or symbol"),
    ],
)
def test_impossible_assets(money: Any, asset: GenesisAsset, says: str) -> None:
    with pytest.raises(GenesisError, match=says):
        money(assets=[asset])


def test_two_assets_at_one_place(money: Any) -> None:
    both = [GenesisAsset(id, bytes([id]), b"X", 6, 5, TOKEN, RELAY) for id in (5, 6)]
    with pytest.raises(GenesisError, match="Location already registered"):
        money(assets=both)


def test_something_must_be_held_to_exist(money: Any) -> None:
    with pytest.raises(GenesisError, match="must hold something"):
        money(constants={"balances": {"existential_deposit": 0}})
