"""XYK by example: the figures of the specification and of the recordings, and the order of its checks."""

import pytest
from markets import ALICE, BOB, BSX, GEM, KSM, KUSD, TNKR, TREASURY, UNIT, Ears, Markets, names

from amm.pallets import lbp
from amm.pallets.xyk import Xyk, pool_account
from chain.primitives.errors import Failure

U128_MAX = 2**128 - 1
LINEAR = lbp.WeightCurveType.Linear


def markets(**constants: object) -> Markets:
    """A chain with a pool of 100,000 BSX and 500 KSM."""
    found = Markets(**constants)  # type: ignore[arg-type]
    found.do(ALICE, "xyk.create_pool", BSX, 10**17, KSM, 5 * 10**14)
    return found


@pytest.mark.parametrize(
    ("pair", "account"),
    [
        ((0, 1), "f337a3eebfbd82c7d71f5ce8e9dc6fc027d08ec274bc0980206e1dc05f57ce07"),
        ((5, 1), "4bb8c2e3cf7bc0a82ef764bae7907a8a16a1f4b2399d4570063eed9be32d523f"),
        ((1000, 3000), "ef211fb059cfeb1265384331a66399404db71c16378be7c2fbb27e152cab8928"),
    ],
)
def test_the_account_of_a_pool_does_not_depend_on_the_order_of_its_assets(pair: tuple[int, int], account: str) -> None:
    assert pool_account(*pair) == pool_account(*reversed(pair)) == bytes.fromhex(account)


# -- pools come and go ---------------------------------------------------------------------------------------


def test_a_new_pool_says_so_before_anything_moves() -> None:
    chain = Markets()
    events = chain.do(ALICE, "xyk.create_pool", KUSD, 3 * 10**16, KSM, 10**15)
    pool = pool_account(KSM, KUSD)
    assert names(events) == [
        "AssetRegistry.Registered",
        "XYK.PoolCreated",
        "System.NewAccount",
        "Tokens.Endowed",
        "Tokens.Transfer",
        "Currencies.Transferred",
        "Tokens.Endowed",
        "Tokens.Transfer",
        "Currencies.Transferred",
        "Tokens.Endowed",
        "Tokens.Deposited",
        "Currencies.Deposited",
    ]
    # The shares are the amount of the asset with the lower id, the pair keeps the order it came in.
    assert events[1] == Xyk.PoolCreated(ALICE, KUSD, KSM, 10**15, 1_000_001, pool)
    assert chain.xyk.pool_assets.get(pool) == (KUSD, KSM)
    assert chain.xyk.total_liquidity.get(pool) == chain.free(ALICE, 1_000_001)[0] == 10**15
    assert chain.free(pool, KSM, KUSD) == (10**15, 3 * 10**16)
    assert chain.whitelisted(pool)


def test_a_pool_may_hold_less_than_the_deposit_of_a_token_but_not_of_bsx() -> None:
    chain = Markets()
    chain.do(ALICE, "xyk.create_pool", KSM, 1000, TNKR, 1000)
    assert chain.free(pool_account(KSM, TNKR), KSM, TNKR) == (1000, 1000)
    assert chain.refusal(ALICE, "xyk.create_pool", BSX, UNIT - 1, KUSD, 10**12) == "Token.BelowMinimum"


def test_create_pool_checks_in_order() -> None:
    chain = markets()
    rich, shares = 10**19 + 1, 1_000_001
    ladder = [
        ((99, 1, 99, 1), "CannotCreatePool"),
        ((99, 1, KSM, 1), "CannotCreatePool"),
        ((shares, 1, shares, 1), "CannotCreatePool"),
        ((KSM, 999, KSM, rich), "InsufficientLiquidity"),
        ((KSM, rich, KSM, 999), "InsufficientLiquidity"),
        ((KSM, rich, KSM, rich), "CannotCreatePoolWithSameAssets"),
        ((KSM, rich, BSX, rich), "TokenPoolAlreadyExists"),
        ((KSM, rich, KUSD, 1000), "InsufficientAssetBalance"),
        ((KSM, 1000, KUSD, rich), "InsufficientAssetBalance"),
    ]
    for args, error in ladder:
        assert chain.refusal(BOB, "xyk.create_pool", *args) == f"XYK.{error}", args
    assert chain.refusal(None, "xyk.create_pool", 99, 1, 99, 1) == "BadOrigin"
    chain.do(BOB, "xyk.create_pool", KSM, 1000, KUSD, 1000)


def test_no_pool_beside_a_launch_of_the_pair_until_it_is_over() -> None:
    chain = Markets()
    chain.do(None, "lbp.create_pool", ALICE, KSM, 10**15, KUSD, 10**15, 10**7, 10**7, LINEAR, (2, 10), BOB, 0)
    launch = lbp.pool_account(KSM, KUSD)
    create = (BOB, "xyk.create_pool", KUSD, 10**12, KSM, 10**12)
    assert chain.refusal(*create) == "XYK.CannotCreatePool"
    chain.do(ALICE, "lbp.update_pool_data", launch, None, 5, 9, *[None] * 5)
    for block in (1, 5, 9):
        chain.clock.relay = block
        assert chain.refusal(*create) == "XYK.CannotCreatePool"
    chain.clock.relay = 10
    chain.do(*create)


def test_the_last_shares_take_the_pool_with_them_and_the_pair_keeps_its_token() -> None:
    chain = markets()
    pool = pool_account(BSX, KSM)
    chain.do(BOB, "currencies.transfer", pool, KSM, 777)
    held = chain.free(ALICE, BSX, KSM)
    events = chain.do(ALICE, "xyk.remove_liquidity", KSM, BSX, 10**17)
    assert events[-2:] == [
        Xyk.LiquidityRemoved(ALICE, KSM, BSX, 10**17),
        Xyk.PoolDestroyed(ALICE, KSM, BSX, 1_000_001, pool),
    ]
    assert chain.free(ALICE, BSX, KSM) == (held[0] + 10**17, held[1] + 5 * 10**14 + 777)
    for item in (chain.xyk.share_token, chain.xyk.total_liquidity, chain.xyk.pool_assets):
        assert not item.contains(pool)
    assert not chain.whitelisted(pool)
    assert chain.refusal(BOB, "xyk.sell", KSM, BSX, 1000, 0, False) == "XYK.TokenPoolNotFound"

    again = chain.do(BOB, "xyk.create_pool", KSM, 10**12, BSX, 10**15)
    assert again[0] == Xyk.PoolCreated(BOB, KSM, BSX, 10**15, 1_000_001, pool)
    chain.do(BOB, "xyk.create_pool", KSM, 10**12, KUSD, 10**15)
    assert chain.xyk.share_token.get(pool_account(KSM, KUSD)) == 1_000_002


# -- liquidity -----------------------------------------------------------------------------------------------


def test_add_liquidity_rounds_the_second_amount_up_and_the_shares_down() -> None:
    chain = Markets()
    chain.do(ALICE, "xyk.create_pool", KSM, 100_000_000, GEM, 65_400_000)
    events = chain.do(ALICE, "xyk.add_liquidity", KSM, GEM, 400_000, 10**12)
    assert events[-1] == Xyk.LiquidityAdded(ALICE, KSM, GEM, 400_000, 261_601)
    assert chain.xyk.total_liquidity.get(pool_account(KSM, GEM)) == 100_400_000


def test_add_liquidity_checks_in_order() -> None:
    chain = Markets()
    chain.do(ALICE, "xyk.create_pool", KSM, 10**14, KUSD, 2 * 10**17)
    rich = 10**18 + 1
    ladder = [
        ((KSM, TNKR, 999, 0), "TokenPoolNotFound"),
        ((KSM, KUSD, 999, 0), "InsufficientTradingAmount"),
        ((KSM, KUSD, rich, 0), "ZeroLiquidity"),
        ((KSM, KUSD, rich, 1), "InsufficientAssetBalance"),
        ((KSM, KUSD, 10**17, 1), "InsufficientAssetBalance"),
        ((KUSD, KSM, 10**17, 5 * 10**13), "AssetAmountExceededLimit"),
        ((KUSD, KSM, 1999, 1), "InvalidMintedLiquidity"),
        ((KUSD, KSM, 2000 * 999, 1000), "InsufficientLiquidity"),
    ]
    for args, error in ladder:
        assert chain.refusal(BOB, "xyk.add_liquidity", *args) == f"XYK.{error}", args
    chain.do(BOB, "xyk.add_liquidity", KUSD, KSM, 2000 * 1000, 1001)
    assert chain.free(BOB, 1_000_001) == (1000,)


def test_shares_that_nobody_could_count_are_refused() -> None:
    quarter = 2**126
    chain = Markets(
        {TREASURY: {BSX: UNIT}, ALICE: {KSM: quarter, KUSD: 10**9}, BOB: {KSM: 2 * quarter + 2**125, KUSD: 10**9}}
    )
    chain.do(ALICE, "xyk.create_pool", KSM, quarter, KUSD, 9000)
    add = "xyk.add_liquidity"
    assert chain.refusal(BOB, add, KUSD, KSM, 36_000, U128_MAX) == "XYK.AddAssetAmountInvalid"
    for amount in (3000, 4000):
        chain.do(ALICE, "xyk.sell", KUSD, KSM, amount, 0, False)
    # There are as many shares as before, for little more than half of the KSM.
    assert chain.refusal(BOB, add, KUSD, KSM, 64_000, U128_MAX) == "XYK.Overflow"
    assert chain.refusal(BOB, add, KUSD, KSM, 63_000, U128_MAX) == "XYK.InvalidLiquidityAmount"
    chain.do(BOB, "currencies.transfer", ALICE, KSM, 2 * quarter + 2**125)
    assert chain.refusal(ALICE, add, KUSD, KSM, 63_000, U128_MAX) == "XYK.InvalidMintedLiquidity"


def test_remove_liquidity_checks_in_order() -> None:
    chain = markets()
    chain.do(ALICE, "currencies.transfer", BOB, 1_000_001, 5000)
    ladder = [
        ((KSM, TNKR, 0), "ZeroLiquidity"),
        ((KSM, TNKR, 1), "TokenPoolNotFound"),
        ((KSM, BSX, 10**17 + 1), "InsufficientLiquidity"),
        ((KSM, BSX, 5001), "InsufficientAssetBalance"),
        ((KSM, BSX, 4001), "InsufficientLiquidity"),
        ((KSM, BSX, 4999), "InsufficientLiquidity"),
    ]
    for args, error in ladder:
        assert chain.refusal(BOB, "xyk.remove_liquidity", *args) == f"XYK.{error}", args
    events = chain.do(BOB, "xyk.remove_liquidity", BSX, KSM, 4000)
    assert names(events)[-3:] == ["Tokens.Withdrawn", "Currencies.Withdrawn", "XYK.LiquidityRemoved"]
    chain.do(BOB, "xyk.remove_liquidity", BSX, KSM, 1000)
    assert chain.free(BOB, 1_000_001) == (0,)


# -- for other pallets ---------------------------------------------------------------------------------------


def test_quotes_are_what_trades_do() -> None:
    chain = markets()
    assert chain.xyk.calculate_sell(BSX, KSM, 10**15) == 4_935_643_564_357
    assert chain.do(BOB, "xyk.sell", BSX, KSM, 10**15, 0, False)[-1].sale_price == 4_935_643_564_357
    cost = chain.xyk.calculate_buy(BSX, KSM, 10**12)
    bought = chain.do(BOB, "xyk.buy", KSM, BSX, 10**12, cost, False)[-1]
    assert bought.buy_price + bought.fee_amount == cost


def test_quotes_know_no_largest_share_of_the_pool() -> None:
    chain = markets()
    chain.do(ALICE, "xyk.create_pool", GEM, 10**12, KSM, 1000)
    xyk = chain.xyk
    assert xyk.calculate_sell(BSX, KSM, 10**18) == 454_545_454_545_454 - 1_363_636_363_635
    for quote, error in [
        (lambda: xyk.calculate_sell(BSX, KUSD, 1), xyk.TokenPoolNotFound),
        (lambda: xyk.calculate_buy(BSX, KUSD, 1), xyk.TokenPoolNotFound),
        (lambda: xyk.calculate_buy(BSX, KSM, 5 * 10**14), xyk.InsufficientPoolAssetBalance),
        (lambda: xyk.calculate_buy(BSX, KSM, 999), xyk.InsufficientTradingAmount),
        (lambda: xyk.get_liquidity_behind_shares(BSX, KUSD, 1), xyk.RemoveAssetAmountInvalid),
        (lambda: xyk.get_liquidity_behind_shares(GEM, KSM, U128_MAX), xyk.RemoveAssetAmountInvalid),
    ]:
        with pytest.raises(error):
            quote()


def test_prices_and_depth() -> None:
    chain = markets()
    xyk, one = chain.xyk, 10**18
    assert xyk.get_liquidity_depth(KSM, BSX) == 5 * 10**14
    assert xyk.get_liquidity_depth(KUSD, BSX) == 0
    assert xyk.spot_price(BSX, KSM) == 200 * one
    assert xyk.spot_price(KSM, BSX) == one // 200
    assert xyk.spot_price(KSM, KUSD) is None
    # One KSM costs 200 BSX, and 0.3 % of the KSM stays in the pool.
    assert xyk.calculate_spot_price_with_fee(BSX, KSM) == one * one // (one // 200 * 997 // 1000)
    assert xyk.get_liquidity_behind_shares(KSM, BSX, 10**15) == (5 * 10**12, 10**15)
    for pair, error in [((KUSD, KSM), "Arithmetic.Overflow"), ((KSM, KUSD), "Corruption")]:
        # Without a pool there may be something on its account.
        chain.do(BOB, "currencies.transfer", pool_account(KSM, KUSD), KSM, 10**12)
        with pytest.raises(Failure) as raised:
            xyk.calculate_spot_price_with_fee(*pair)
        assert chain.error(raised.value) == error


def test_one_may_buy_for_another() -> None:
    chain = markets()
    bob, alice = chain.free(BOB, BSX, KSM), chain.free(ALICE, KSM)[0]
    chain.xyk.buy_for(BOB, KSM, BSX, 10**12, U128_MAX, False, ALICE)
    assert chain.free(ALICE, KSM) == (alice + 10**12,)
    assert chain.free(BOB, KSM) == (bob[1],) and chain.free(BOB, BSX)[0] < bob[0]


def test_what_the_oracle_is_told() -> None:
    ears, source = Ears(), b"snek/xyk"
    chain = markets(oracle=ears)
    pool = pool_account(BSX, KSM)
    assert ears.heard == []
    chain.do(BOB, "xyk.sell", BSX, KSM, 10**15, 0, False)
    after = chain.free(pool, BSX, KSM)
    assert ears.heard.pop() == ("trade", source, BSX, KSM, 10**15, 4_935_643_564_357, *after, after)

    bought = chain.do(BOB, "xyk.buy", BSX, KSM, 10**15, U128_MAX, False)[-1]
    after = chain.free(pool, KSM, BSX)
    # Amounts against the assets: so the live runtime tells it.
    assert ears.heard.pop() == ("trade", source, KSM, BSX, 10**15, bought.buy_price, *after, after)

    chain.do(BOB, "xyk.add_liquidity", KSM, BSX, 10**13, U128_MAX)
    after = chain.free(pool, KSM, BSX)
    assert ears.heard.pop() == ("liquidity", source, KSM, BSX, *after, after)
    chain.do(ALICE, "xyk.remove_liquidity", BSX, KSM, 10**16)
    after = chain.free(pool, BSX, KSM)
    assert ears.heard == [("liquidity", source, BSX, KSM, *after, after)]
