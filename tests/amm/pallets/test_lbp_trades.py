"""Trading in LBP pools: the figures of the recordings, the order of checks, fees and their lock."""

import pytest
from launches import SALE, launch
from markets import ALICE, BOB, BSX, CHARLIE, EVERYONE, FERDIE, KSM, KUSD, TNKR, TREASURY, UNIT, ZOE, Markets, names

from amm.pallets.lbp import Lbp, pool_account

U128_MAX = 2**128 - 1


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
