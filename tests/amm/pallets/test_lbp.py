"""LBP by example: the figures of the specification and of the recordings, and the order of its checks."""

from typing import Any

import pytest
from launches import LINEAR, SALE, changes, launch, update
from markets import ALICE, BOB, BSX, CHARLIE, FERDIE, KSM, KUSD, TNKR, TREASURY, UNIT, ZOE, Markets, names

from amm.pallets.lbp import Lbp, Pool, pool_account
from chain.primitives.errors import Failure
from chain.scale import EncodeError


@pytest.mark.parametrize(
    ("pair", "account"),
    [
        ((0, 1), "5f6df23d135610e3100cf79cc7b98637728840383cd037c41cc6deb509f91571"),
        ((3000, 2000), "b5190e0a8c20f56b61607e842aae490938db21f939a87456b55efae9b3fbd7fe"),
    ],
)
def test_the_account_of_a_pool_does_not_depend_on_the_order_of_its_assets(pair: tuple[int, int], account: str) -> None:
    assert pool_account(*pair) == pool_account(*reversed(pair)) == bytes.fromhex(account)


# -- pools ---------------------------------------------------------------------------------------------------


def test_a_new_pool_is_the_owners_and_undated() -> None:
    chain = Markets()
    events = chain.do(
        None, "lbp.create_pool", ALICE, TNKR, UNIT, KSM, UNIT, 10**7, 2 * 10**7, LINEAR, (1, 100), FERDIE, 5
    )
    pool = Pool(ALICE, None, None, (TNKR, KSM), 10**7, 2 * 10**7, LINEAR, (1, 100), FERDIE, 5)
    assert events[0] == Lbp.PoolCreated(SALE, pool)
    assert events[-1] == Lbp.LiquidityAdded(SALE, TNKR, KSM, UNIT, UNIT)
    assert names(events)[1:-1] == [
        "System.NewAccount",
        "Tokens.Endowed",
        "Tokens.Transfer",
        "Currencies.Transferred",
        "Tokens.Endowed",
        "Tokens.Transfer",
        "Currencies.Transferred",
    ]
    assert chain.lbp.data(SALE) == pool
    assert chain.lbp.fee_collector_with_asset.get(FERDIE, TNKR)
    assert not chain.whitelisted(SALE)


def test_create_pool_checks_in_order() -> None:
    chain = Markets()
    launch(chain, dates=None)
    rich = 10**18 + 1
    ladder = [
        ((ALICE, KSM, 999, KSM, 0, 0, 0, LINEAR, (0, 0), FERDIE, 0), "InsufficientLiquidity"),
        ((ALICE, KSM, rich, KSM, 999, 0, 0, LINEAR, (0, 0), FERDIE, 0), "InsufficientLiquidity"),
        ((ALICE, KSM, rich, KSM, rich, 0, 0, LINEAR, (0, 0), FERDIE, 0), "CannotCreatePoolWithSameAssets"),
        ((ALICE, KSM, rich, TNKR, rich, 0, 0, LINEAR, (0, 0), FERDIE, 0), "PoolAlreadyExists"),
        ((ALICE, TNKR, rich, KSM, rich, 0, 0, LINEAR, (0, 0), BOB, 0), "PoolAlreadyExists"),
        ((ALICE, KSM, rich, KUSD, rich, 0, 0, LINEAR, (0, 0), FERDIE, 0), "FeeCollectorWithAssetAlreadyUsed"),
        ((ALICE, KSM, rich, KUSD, rich, 0, 0, LINEAR, (0, 0), BOB, 0), "InsufficientAssetBalance"),
        ((ALICE, KSM, UNIT, KUSD, rich, 0, 0, LINEAR, (0, 0), BOB, 0), "InsufficientAssetBalance"),
        ((ALICE, KSM, UNIT, KUSD, UNIT, 1_999_999, 10**8, LINEAR, (0, 0), BOB, 0), "InvalidWeight"),
        ((ALICE, KSM, UNIT, KUSD, UNIT, 2_000_000, 10**8, LINEAR, (0, 0), BOB, 0), "InvalidWeight"),
        ((ALICE, KSM, UNIT, KUSD, UNIT, 2_000_000, 99_999_999, LINEAR, (0, 0), BOB, 0), "FeeAmountInvalid"),
    ]
    for args, error in ladder:
        assert chain.refusal(None, "lbp.create_pool", *args) == f"LBP.{error}", args
        assert chain.refusal(ALICE, "lbp.create_pool", *args) == "BadOrigin"
    good = (ALICE, KSM, UNIT, KUSD, UNIT, 2_000_000, 99_999_999, LINEAR, (3, 2), BOB, 0)
    assert chain.refusal(BOB, "lbp.create_pool", *good) == "BadOrigin"
    chain.do(None, "lbp.create_pool", *good)


def test_existential_deposits_apply_to_pools() -> None:
    chain = Markets()
    for asset, amount, error in [
        (BSX, UNIT - 1, "Token.BelowMinimum"),
        (TNKR, 10**9 - 1, "Tokens.ExistentialDeposit"),
    ]:
        args = (ALICE, asset, amount, KSM, UNIT, 10**7, 10**7, LINEAR, (1, 1), FERDIE, 0)
        assert chain.refusal(None, "lbp.create_pool", *args) == error


def test_update_checks_in_order() -> None:
    chain = Markets()
    launch(chain, dates=None)
    launch(chain, pair=(KSM, KUSD), collector=ZOE, dates=None)
    path = "lbp.update_pool_data"
    assert chain.refusal(BOB, path, KSM.to_bytes(32, "little"), *changes()) == "LBP.PoolNotFound"
    assert chain.refusal(BOB, path, SALE, *changes(pool_owner=BOB)) == "LBP.NothingToUpdate"
    bad = {"start": 1, "end": 10**9, "initial_weight": 0, "fee": (1, 0), "fee_collector": ZOE}
    assert chain.refusal(BOB, path, SALE, *changes(**bad)) == "LBP.NotOwner"
    ladder: list[tuple[dict[str, Any], str]] = [
        ({}, "FeeCollectorWithAssetAlreadyUsed"),
        ({"fee_collector": FERDIE}, "FeeCollectorWithAssetAlreadyUsed"),
        ({"fee_collector": BOB}, "InvalidBlockRange"),
        ({"start": None}, "InvalidBlockRange"),
        ({"start": 10**9}, "InvalidBlockRange"),
        ({"start": 2, "end": None}, "InvalidBlockRange"),
        ({"end": 201_602}, "MaxSaleDurationExceeded"),
        ({"end": 201_601}, "InvalidWeight"),
        ({"initial_weight": 2_000_000, "final_weight": 10**8}, "InvalidWeight"),
        ({"final_weight": None}, "FeeAmountInvalid"),
    ]
    for mended, error in ladder:
        bad |= mended
        assert chain.refusal(ALICE, path, SALE, *changes(**bad)) == f"LBP.{error}", bad
    bad["fee"] = (1, 3)
    assert names(update(chain, **bad)) == ["LBP.PoolUpdated"]

    chain.clock.relay = 2
    assert chain.refusal(ALICE, path, SALE, *changes(**bad)) == "LBP.SaleStarted"
    chain.clock.relay = 201_602
    assert chain.refusal(ALICE, path, SALE, *changes(end=10**8)) == "LBP.SaleStarted"


def test_given_values_replace_the_old_ones() -> None:
    chain = Markets()
    launch(chain, dates=None)
    given = {"fee": (5, 100), "fee_collector": BOB, "repay_target": 7, "start": 15, "end": 18}
    events = update(chain, **given, pool_owner=CHARLIE)
    data = Pool(CHARLIE, 15, 18, (KSM, TNKR), 20_000_000, 80_000_000, LINEAR, (5, 100), BOB, 7)
    assert events == [Lbp.PoolUpdated(SALE, data)] and chain.lbp.data(SALE) == data
    used = chain.lbp.fee_collector_with_asset
    assert used.get(BOB, KSM) and not used.contains(FERDIE, KSM)
    assert chain.refusal(ALICE, "lbp.update_pool_data", SALE, *changes(end=20)) == "LBP.NotOwner"


def test_add_liquidity_at_any_time_in_any_proportion() -> None:
    chain = Markets()
    path, rich = "lbp.add_liquidity", 10**18
    assert chain.refusal(BOB, path, (KSM, 0), (TNKR, 0)) == "LBP.PoolNotFound"
    launch(chain)
    assert chain.refusal(BOB, path, (KSM, 0), (TNKR, 0)) == "LBP.NotOwner"
    assert chain.refusal(ALICE, path, (KSM, 0), (TNKR, 0)) == "LBP.CannotAddZeroLiquidity"
    assert chain.refusal(ALICE, path, (KSM, rich), (TNKR, 0)) == "LBP.InsufficientAssetBalance"
    assert chain.refusal(ALICE, path, (KSM, 0), (TNKR, rich)) == "LBP.InsufficientAssetBalance"
    for block in (1, 10, 31):
        chain.clock.relay = block
        events = chain.do(ALICE, path, (TNKR, 1), (KSM, 0))
        assert names(events) == ["Tokens.Transfer", "Currencies.Transferred", "LBP.LiquidityAdded"]
        assert events[-1] == Lbp.LiquidityAdded(SALE, TNKR, KSM, 1, 0)


def test_liquidity_is_removed_before_or_after_the_sale() -> None:
    chain = Markets()
    assert chain.refusal(ALICE, "lbp.remove_liquidity", SALE) == "LBP.PoolNotFound"
    for block in (9, 31):
        chain.clock.relay = 1
        launch(chain)
        chain.clock.relay = 20
        assert chain.refusal(BOB, "lbp.remove_liquidity", SALE) == "LBP.NotOwner"
        for running in (10, 30):
            chain.clock.relay = running
            assert chain.refusal(ALICE, "lbp.remove_liquidity", SALE) == "LBP.SaleNotEnded"
        chain.clock.relay = block
        events = chain.do(ALICE, "lbp.remove_liquidity", SALE)
        assert events[-1] == Lbp.LiquidityRemoved(SALE, KSM, TNKR, 10**15, 5 * 10**16)
        assert chain.free(ALICE, KSM, TNKR) == (10**18, 10**18)
        assert not chain.lbp.pool_data.contains(SALE)
        assert not chain.lbp.fee_collector_with_asset.contains(FERDIE, KSM)


# -- the clock -----------------------------------------------------------------------------------------------


def test_sales_are_dated_in_relay_blocks_unless_the_chain_spec_says_otherwise() -> None:
    for provider, own, relay in [("relay", 99, 10), ("system", 10, 99)]:
        chain = Markets(lbp={"block_number_provider": provider})
        launch(chain)
        chain.clock.own, chain.clock.relay = own, relay
        chain.do(BOB, "lbp.sell", KSM, TNKR, 10**12, 0)
    with pytest.raises(EncodeError, match="'rely' is no block number provider: it is relay or system"):
        Markets(lbp={"block_number_provider": "rely"})


# -- for other pallets ---------------------------------------------------------------------------------------


def test_quotes_are_what_trades_do() -> None:
    chain = Markets()
    launch(chain, now=17)
    lbp = chain.lbp
    for one, other in [(KSM, TNKR), (TNKR, KSM)]:
        out, cost = lbp.calculate_sell(one, other, 10**13), lbp.calculate_buy(one, other, 10**12)
        assert chain.undone((BOB, "lbp.sell", one, other, 10**13, 0))[-1].sale_price == out
        bought = chain.undone((BOB, "lbp.buy", other, one, 10**12, cost))[-1]
        assert bought.amount + (bought.fee_amount if one == KSM else 0) == cost
        assert chain.refusal(BOB, "lbp.buy", other, one, 10**12, cost - 1) == "LBP.TradingLimitReached"


def test_quotes_need_a_pool_in_its_sale() -> None:
    chain = Markets()
    lbp = chain.lbp
    quotes = (lbp.calculate_sell, lbp.calculate_buy, lambda a, b, _: lbp.calculate_spot_price_with_fee(a, b))
    for quote in quotes:
        with pytest.raises(lbp.PoolNotFound):
            quote(KSM, TNKR, 10**12)
    launch(chain)
    for block in (9, 31):
        chain.clock.relay = block
        assert lbp.spot_price(KSM, TNKR) is None
        for quote in quotes:
            with pytest.raises(lbp.InvalidWeight):
                quote(KSM, TNKR, 10**12)
    chain.clock.relay = 10
    # No largest share of the pool, but a power that fits.
    assert lbp.calculate_sell(TNKR, KSM, 10**17) > 10**15 // 2
    with pytest.raises(lbp.Overflow):
        lbp.calculate_sell(KSM, TNKR, 10**18 * 10**18)


def test_prices_depth_and_fee() -> None:
    chain = Markets()
    launch(chain, now=10)
    lbp, one = chain.lbp, 10**18
    assert lbp.get_liquidity_depth(TNKR, KSM) == 5 * 10**16
    assert lbp.get_fee(SALE) == (2, 1000) and lbp.get_fee(BOB) == (0, 0)
    # 20 % of the value is 10^15 KSM, 80 % is 5·10^16 TNKR: one KSM for 12.5 TNKR.
    assert lbp.spot_price(KSM, TNKR) == one * 4 // 50
    assert lbp.spot_price(TNKR, KSM) == one * 25 // 2
    assert lbp.spot_price(KSM, KSM) == one
    assert lbp.spot_price(KSM, KUSD) is None
    assert lbp.calculate_spot_price_with_fee(KSM, TNKR) == one * 4 // 50
    assert lbp.calculate_spot_price_with_fee(TNKR, KSM) == one * one // (one * 4 // 50 * 998 // 1000)


@pytest.mark.parametrize(("reserve", "error"), [(2**100, "Corruption"), (2**110, "Arithmetic.Overflow")])
def test_prices_that_are_no_fixed_u128(reserve: int, error: str) -> None:
    chain = Markets({TREASURY: {BSX: UNIT}, ALICE: {KSM: 2**120, TNKR: 10**18}})
    launch(chain, amounts=(reserve, 10**9), now=10)
    assert chain.lbp.spot_price(KSM, TNKR) is None
    for pair, found in [((KSM, TNKR), error), ((TNKR, KSM), "Arithmetic.Overflow")]:
        with pytest.raises(Failure) as raised:
            chain.lbp.calculate_spot_price_with_fee(*pair)
        assert chain.error(raised.value) == found
