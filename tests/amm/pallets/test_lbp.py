"""LBP by example: the figures of the specification and of the recordings, and the order of its checks."""

from typing import Any

import pytest
from markets import (
    ALICE,
    BOB,
    BSX,
    CHARLIE,
    EVERYONE,
    FERDIE,
    KSM,
    KUSD,
    TNKR,
    TREASURY,
    UNIT,
    ZOE,
    Markets,
    names,
)

from amm.pallets.lbp import Lbp, Pool, WeightCurveType, pool_account
from chain.primitives.errors import Failure
from chain.scale import EncodeError

U128_MAX = 2**128 - 1
LINEAR = WeightCurveType.Linear
SALE = pool_account(KSM, TNKR)


def launch(
    chain: Markets,
    pair: tuple[int, int] = (KSM, TNKR),
    amounts: tuple[int, int] = (10**15, 5 * 10**16),
    weights: tuple[int, int] = (20_000_000, 80_000_000),
    fee: tuple[int, int] = (2, 1000),
    collector: bytes = FERDIE,
    target: int = 0,
    dates: tuple[int, int] | None = (10, 30),
    now: int | None = None,
) -> None:
    """A sale of the second asset by ALICE, from block `dates[0]` to `dates[1]`; the clock then shows `now`."""
    chain.do(
        None,
        "lbp.create_pool",
        ALICE,
        pair[0],
        amounts[0],
        pair[1],
        amounts[1],
        *weights,
        LINEAR,
        fee,
        collector,
        target,
    )
    if dates:
        update(chain, start=dates[0], end=dates[1], pool_id=pool_account(*pair))
    chain.clock.relay = chain.clock.relay if now is None else now


FIELDS = ("pool_owner", "start", "end", "initial_weight", "final_weight", "fee", "fee_collector", "repay_target")


def changes(**given: Any) -> tuple[Any, ...]:
    """The arguments of `update_pool_data` after the pool's account."""
    return tuple(given.get(field) for field in FIELDS)


def update(chain: Markets, who: bytes = ALICE, pool_id: bytes = SALE, **given: Any) -> list[Any]:
    return chain.do(who, "lbp.update_pool_data", pool_id, *changes(**given))


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


# -- trades --------------------------------------------------------------------------------------------------


def test_trades_as_the_live_runtime_did_them() -> None:
    chain = Markets()
    launch(chain, now=10)
    events = chain.do(BOB, "lbp.buy", TNKR, KSM, 10**14, 10**14)
    assert names(events) == [
        "Tokens.Transfer",
        "Currencies.Transferred",
        "Tokens.Transfer",
        "Currencies.Transferred",
        "System.NewAccount",
        "Tokens.Endowed",
        "Tokens.Transfer",
        "Currencies.Transferred",
        "Tokens.Locked",
        "Tokens.LockSet",
        "LBP.BuyExecuted",
    ]
    paid, fee = 8_024_080_240_677, 16_080_321_122
    assert events[-1] == Lbp.BuyExecuted(BOB, TNKR, KSM, paid, 10**14, KSM, fee)
    assert chain.free(FERDIE, KSM) == (fee,) and chain.locked(FERDIE, KSM) == fee

    for block, path, args, event in [
        (12, "lbp.sell", (KSM, TNKR, UNIT, 0), (998 * 10**9, 17_381_221_308_419, 2 * 10**9)),
        (13, "lbp.sell", (TNKR, KSM, 333 * 10**11, 0), (333 * 10**11, 1_643_943_524_474, 3_294_476_000)),
        (14, "lbp.buy", (KSM, TNKR, 25 * 10**11, 10**16), (58_518_305_511_409, 25 * 10**11, 5 * 10**9)),
    ]:
        chain.clock.relay = block
        done = chain.do(CHARLIE, path, *args)[-1]
        assert (done.amount, getattr(done, "sale_price", None) or done.buy_price, done.fee_amount) == event
        fee += event[2]
    assert fee == 26_374_797_122 == chain.locked(FERDIE, KSM)

    assert chain.refusal(FERDIE, "currencies.transfer", BOB, KSM, 1) == "Tokens.LiquidityRestrictions"
    chain.clock.relay = 31
    assert "Tokens.LockRemoved" in names(chain.do(ALICE, "lbp.remove_liquidity", SALE))
    chain.do(FERDIE, "currencies.transfer", BOB, KSM, fee)


def test_sell_checks_in_order() -> None:
    chain = Markets()
    launch(chain, weights=(99_000_000, 99_000_000), amounts=(3 * 10**15, 3 * 10**15))
    rich = 10**18 + 1
    for args, error in [
        ((KSM, KUSD, 0, U128_MAX), "ZeroAmount"),
        ((KSM, KUSD, rich, U128_MAX), "InsufficientAssetBalance"),
        ((KSM, KUSD, 10**18, U128_MAX), "PoolNotFound"),
        ((KSM, TNKR, 10**18, U128_MAX), "SaleIsNotRunning"),
    ]:
        assert chain.refusal(BOB, "lbp.sell", *args) == f"LBP.{error}", args
    chain.clock.relay = 10
    for args, error in [
        ((KSM, TNKR, 10**15 + 1, U128_MAX), "MaxInRatioExceeded"),
        ((KSM, TNKR, 10**15, U128_MAX), "Overflow"),
        ((KSM, TNKR, 10**14, U128_MAX), "MaxOutRatioExceeded"),
        ((KSM, TNKR, 10**13, U128_MAX), "TradingLimitReached"),
    ]:
        assert chain.refusal(BOB, "lbp.sell", *args) == f"LBP.{error}", args
    chain.clock.relay = 31
    assert chain.refusal(BOB, "lbp.sell", KSM, TNKR, 1, 0) == "LBP.SaleIsNotRunning"


def test_buy_checks_in_order() -> None:
    chain = Markets(EVERYONE | {ZOE: {KSM: 10**6}})
    launch(chain, weights=(50_000_000, 50_000_000), amounts=(3 * 10**15, 3 * 10**15))
    for args, error in [
        ((KUSD, KSM, 0, 0), "ZeroAmount"),
        ((KUSD, KSM, U128_MAX, 0), "PoolNotFound"),
        ((TNKR, KSM, U128_MAX, 0), "SaleIsNotRunning"),
    ]:
        assert chain.refusal(ZOE, "lbp.buy", *args) == f"LBP.{error}", args
    chain.clock.relay = 30
    for args, error in [
        ((TNKR, KSM, 10**15 + 1, 0), "MaxOutRatioExceeded"),
        ((TNKR, KSM, 10**15, 0), "MaxInRatioExceeded"),
        ((TNKR, KSM, 10**14, 0), "InsufficientAssetBalance"),
        ((TNKR, KSM, 1000, 0), "TradingLimitReached"),
    ]:
        assert chain.refusal(ZOE, "lbp.buy", *args) == f"LBP.{error}", args


@pytest.mark.parametrize("args", [(KSM, TNKR, 10**12, 0), (TNKR, KSM, 10**12, 0)])
def test_a_fee_above_the_amount_it_is_taken_from(args: tuple[int, ...]) -> None:
    chain = Markets()
    launch(chain, fee=(10, 1), now=12)
    assert chain.refusal(BOB, "lbp.sell", *args) == "LBP.Overflow"
    assert chain.refusal(BOB, "lbp.buy", TNKR, KSM, 10**12, U128_MAX) == "LBP.Overflow"


def test_fees_too_large_to_calculate() -> None:
    chain = Markets({TREASURY: {BSX: UNIT}, ALICE: {KSM: 2**127, TNKR: 2**127}})
    even = (50_000_000, 50_000_000)
    launch(chain, amounts=(2**125, 2**125), weights=even, fee=(2**32 - 1, 1), now=10)
    for path, args in [
        ("lbp.sell", (KSM, TNKR, 2**110, 0)),
        ("lbp.sell", (TNKR, KSM, 2**110, 0)),
        ("lbp.buy", (TNKR, KSM, 2**110, U128_MAX)),
        ("lbp.buy", (KSM, TNKR, 2**110, U128_MAX)),
    ]:
        assert chain.refusal(ALICE, path, *args) == "LBP.FeeAmountInvalid"
    assert chain.refusal(ALICE, "lbp.buy", KSM, TNKR, 2**96, U128_MAX) == "LBP.Overflow"


@pytest.mark.parametrize("target", [3 * 10**12, 0])
def test_until_the_target_is_collected_the_fee_is_a_fifth(target: int) -> None:
    chain = Markets(EVERYONE | {FERDIE: {KSM: 10**15}})
    launch(chain, target=target, now=11)
    fees = [chain.do(BOB, "lbp.sell", KSM, TNKR, 10**13, 0)[-1].fee_amount for _ in range(3)]
    # What the collector has of his own doesn't count, and the trade that passes the target still pays it.
    assert fees == ([2 * 10**12, 2 * 10**12, 2 * 10**10] if target else [2 * 10**10] * 3)
    assert chain.locked(FERDIE, KSM) == sum(fees)


def test_a_target_met_to_the_last_unit_is_met() -> None:
    chain = Markets()
    launch(chain, weights=(30_000_000, 60_000_000), fee=(3, 1000), target=6 * 10**12, now=11)
    fees = [
        chain.do(BOB, "lbp.sell", KSM, TNKR, amount, 0)[-1].fee_amount
        for amount in (10**13, 10**13, 10**13 - 5, 5, 10, 10**13)
    ]
    assert fees == [2 * 10**12, 2 * 10**12, 2 * 10**12 - 2, 0, 2, 3 * 10**10]


def test_the_largest_share_of_the_pool_counts_the_fee() -> None:
    chain = Markets()
    launch(chain, weights=(20_000_000, 20_000_000), fee=(1, 2), now=11)
    amount, third = 10**16, 10**15 // 3
    assert third // 2 < chain.lbp.calculate_sell(TNKR, KSM, amount) < third
    assert chain.refusal(BOB, "lbp.sell", TNKR, KSM, amount, 0) == "LBP.MaxOutRatioExceeded"
    # What is bought counts without the fee.
    chain.do(BOB, "lbp.buy", KSM, TNKR, 10**14, U128_MAX)


def test_small_trades_pay_no_fee_but_the_lock_is_said_again() -> None:
    chain = Markets()
    launch(chain, now=11)
    assert "Tokens.LockSet" not in names(chain.do(BOB, "lbp.sell", KSM, TNKR, 999, 0))
    chain.do(BOB, "lbp.sell", KSM, TNKR, 10**12, 0)
    events = chain.do(BOB, "lbp.sell", KSM, TNKR, 999, 0)
    assert names(events)[-2:] == ["Tokens.LockSet", "LBP.SellExecuted"]
    assert events[-2].amount == 2 * 10**9
    assert events[-1].fee_amount == 0


def test_the_first_fee_must_keep_the_collector_alive() -> None:
    chain = Markets()
    launch(chain, now=11)
    assert chain.refusal(BOB, "lbp.sell", KSM, TNKR, 49_999, 0) == "Tokens.ExistentialDeposit"
    chain.do(BOB, "lbp.sell", KSM, TNKR, 50_000, 0)
    chain.do(BOB, "lbp.sell", KSM, TNKR, 1000, 0)
    assert chain.free(FERDIE, KSM) == (102,)


def test_fees_in_bsx_are_locked_by_balances() -> None:
    chain = Markets()
    launch(chain, pair=(BSX, TNKR), amounts=(10**16, 10**17), collector=ZOE, now=11)
    events = chain.do(BOB, "lbp.sell", BSX, TNKR, 6 * 10**14, 0)
    assert names(events)[-2:] == ["Balances.Locked", "LBP.SellExecuted"]
    assert chain.locked(ZOE, BSX) == 12 * 10**11
    chain.clock.relay = 31
    assert "Balances.Unlocked" in names(chain.do(ALICE, "lbp.remove_liquidity", pool_account(BSX, TNKR)))
    assert chain.locked(ZOE, BSX) == 0


def test_a_collector_who_trades_pays_himself() -> None:
    chain = Markets(EVERYONE | {FERDIE: {KSM: 10**14}})
    launch(chain, target=UNIT, now=11)
    chain.do(FERDIE, "lbp.sell", KSM, TNKR, 10**13, 0)
    assert chain.free(FERDIE, KSM) == (10**14 - 8 * 10**12,)
    assert chain.locked(FERDIE, KSM) == 2 * 10**12
    locked = chain.refusal(FERDIE, "lbp.sell", KSM, TNKR, 91 * 10**12, 0)
    assert locked == "Tokens.LiquidityRestrictions"


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
