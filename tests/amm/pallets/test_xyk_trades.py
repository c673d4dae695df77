"""Trading in XYK pools: the figures of the recordings, the order of checks, discounts, dust."""

import pytest
from markets import ALICE, BOB, BSX, CHARLIE, KSM, KUSD, TNKR, TREASURY, UNIT, Markets, names

from amm.pallets.xyk import Xyk, pool_account

U128_MAX = 2**128 - 1


def markets(**constants: object) -> Markets:
    """A chain with a pool of 100,000 BSX and 500 KSM."""
    found = Markets(**constants)  # type: ignore[arg-type]
    found.do(ALICE, "xyk.create_pool", BSX, 10**17, KSM, 5 * 10**14)
    return found


def test_sell_and_buy_as_the_live_runtime_did_them() -> None:
    chain, pool = markets(), pool_account(BSX, KSM)
    events = chain.do(BOB, "xyk.sell", BSX, KSM, 10**15, 0, False)
    assert names(events) == [
        "Balances.Transfer",
        "Currencies.Transferred",
        "Tokens.Transfer",
        "Currencies.Transferred",
        "XYK.SellExecuted",
    ]
    assert events[-1] == Xyk.SellExecuted(BOB, BSX, KSM, 10**15, 4_935_643_564_357, KSM, 14_851_485_147, pool)
    chain.do(BOB, "xyk.sell", KSM, BSX, 3_700_000_000_000, 0, False)
    events = chain.do(BOB, "xyk.buy", KSM, BSX, 2 * UNIT, 10**15, False)
    assert names(events) == [
        "Tokens.Transfer",
        "Currencies.Transferred",
        "Balances.Transfer",
        "Currencies.Transferred",
        "XYK.BuyExecuted",
    ]
    assert events[-1] == Xyk.BuyExecuted(BOB, KSM, BSX, 2 * UNIT, 403_623_951_035_067, BSX, 1_210_871_853_105, pool)
    assert chain.free(pool, BSX, KSM) == (100_252_996_138_973_144 + 404_834_822_888_172, 496_764_356_435_643)


def test_sell_checks_in_order() -> None:
    chain = markets()
    rich = 10**18 + 1
    ladder = [
        ((KUSD, TNKR, 999, U128_MAX, True), "InsufficientTradingAmount"),
        ((KUSD, TNKR, rich, U128_MAX, True), "TokenPoolNotFound"),
        ((KSM, BSX, rich, U128_MAX, True), "InsufficientAssetBalance"),
        ((BSX, KSM, 10**18, U128_MAX, True), "CannotApplyDiscount"),
        ((BSX, KSM, 10**17 // 3 + 1, U128_MAX, False), "MaxInRatioExceeded"),
        ((BSX, KSM, 10**17 // 3, U128_MAX, False), "AssetAmountNotReachedLimit"),
    ]
    for args, error in ladder:
        assert chain.refusal(BOB, "xyk.sell", *args) == f"XYK.{error}", args


def test_buy_checks_in_order() -> None:
    chain = markets()
    reserve = 5 * 10**14
    ladder = [
        ((KUSD, TNKR, 999, 0, True), "InsufficientTradingAmount"),
        ((KUSD, TNKR, 1000, 0, True), "TokenPoolNotFound"),
        ((KSM, BSX, reserve, 0, True), "InsufficientPoolAssetBalance"),
        ((KSM, BSX, reserve // 3 + 1, 0, True), "MaxOutRatioExceeded"),
        ((BSX, KSM, 10**17 // 3, 0, True), "CannotApplyDiscount"),
        ((KSM, BSX, reserve // 3, 0, False), "MaxInRatioExceeded"),
        ((KSM, BSX, reserve // 4 - 1, 0, False), "AssetAmountExceededLimit"),
    ]
    for args, error in ladder:
        assert chain.refusal(BOB, "xyk.buy", *args) == f"XYK.{error}", args
    poor = (CHARLIE, "xyk.buy", KSM, BSX, reserve // 4 - 1, U128_MAX, False)
    chain.do(CHARLIE, "currencies.transfer", BOB, BSX, 10**19 - 10**16)
    assert chain.refusal(*poor) == "XYK.InsufficientAssetBalance"


@pytest.mark.parametrize(
    ("constants", "path", "args", "error"),
    [
        ({"max_in_ratio": 0}, "xyk.sell", (BSX, KSM, 10**12, 0, False), "Overflow"),
        ({"max_out_ratio": 0}, "xyk.buy", (KSM, BSX, 10**12, 0, False), "Overflow"),
        ({"max_out_ratio": 5}, "xyk.sell", (BSX, KSM, 10**17 // 3, 0, False), "MaxOutRatioExceeded"),
        ({"exchange_fee": (10, 1)}, "xyk.sell", (BSX, KSM, 10**12, 0, False), "SellAssetAmountInvalid"),
        ({"exchange_fee": (2**32 - 1, 1)}, "xyk.sell", (BSX, KSM, 10**12, 0, False), "SellAssetAmountInvalid"),
    ],
)
def test_constants_come_from_the_chain_spec(
    constants: dict[str, object], path: str, args: tuple[object, ...], error: str
) -> None:
    assert markets(xyk=constants).refusal(BOB, path, *args) == f"XYK.{error}"


@pytest.mark.parametrize(
    ("rate", "path", "args", "error"),
    [
        ((1000, 1), "xyk.sell", (KSM, KUSD, 2**125, 0, False), "FeeAmountInvalid"),
        ((1000, 1), "xyk.buy", (KUSD, KSM, 2**124, U128_MAX, False), "FeeAmountInvalid"),
        ((1000, 1), "xyk.buy", (KUSD, KSM, 2**118, U128_MAX, False), "InsufficientAssetBalance"),
        ((7, 2), "xyk.buy", (KUSD, KSM, 2**125 - 1, U128_MAX, False), "BuyAssetAmountInvalid"),
        ((0, 1), "xyk.buy", (KUSD, KSM, 2**126 - 1, U128_MAX, False), "BuyAssetAmountInvalid"),
        ((0, 1), "xyk.sell", (KSM, KUSD, 2**124, 0, True), "CannotApplyDiscount"),
    ],
)
def test_figures_too_large_to_calculate_with_are_refused(
    rate: tuple[int, int], path: str, args: tuple[object, ...], error: str
) -> None:
    chain = Markets(
        {TREASURY: {BSX: UNIT}, ALICE: {BSX: 2**100, KSM: 2**127, KUSD: 2**127}},
        xyk={"exchange_fee": rate, "max_in_ratio": 1, "max_out_ratio": 1},
    )
    chain.do(ALICE, "xyk.create_pool", KSM, 2**126, KUSD, 2**126)
    chain.do(ALICE, "xyk.create_pool", BSX, 2**99, KSM, 1000)
    assert chain.refusal(ALICE, path, *args) == f"XYK.{error}"


def test_a_discount_burns_the_fee_priced_in_bsx() -> None:
    chain = Markets()
    chain.do(ALICE, "xyk.create_pool", KSM, 10**15, KUSD, 5 * 10**16)
    sell = (BOB, "xyk.sell", KSM, KUSD, 10**13, 0, True)
    assert chain.refusal(*sell) == "XYK.CannotApplyDiscount"
    chain.do(ALICE, "xyk.create_pool", BSX, 2 * 10**17, KSM, 4 * 10**14)
    issued, native_pool = chain.issuance(BSX), pool_account(BSX, KSM)
    events = chain.do(*sell)
    assert names(events)[:2] == ["Balances.Withdraw", "Currencies.Withdrawn"]
    assert events[-1] == Xyk.SellExecuted(
        BOB, KSM, KUSD, 10**13, 494_702_970_297_030, KUSD, 346_534_653_465, pool_account(KSM, KUSD)
    )
    assert issued - chain.issuance(BSX) == 173_267_326_732_500
    assert chain.free(native_pool, BSX, KSM) == (2 * 10**17, 4 * 10**14)

    assert chain.refusal(BOB, "xyk.buy", KUSD, KSM, 10**14, 10**15, True) == "XYK.CannotApplyDiscount"
    chain.do(BOB, "xyk.buy", KSM, KUSD, 10**12, 10**17, True)
    chain.do(BOB, "currencies.transfer", ALICE, BSX, chain.free(BOB, BSX)[0] - UNIT)
    assert chain.refusal(*sell) == "XYK.InsufficientNativeCurrencyBalance"


def test_locked_funds_pass_the_check_and_fail_in_the_transfer() -> None:
    chain = markets()
    chain.currencies.set_lock(b"keepsake", KSM, BOB, 10**18)
    assert chain.refusal(BOB, "xyk.sell", KSM, BSX, UNIT, 0, False) == "Tokens.LiquidityRestrictions"


def test_what_a_seller_leaves_behind_may_be_dust() -> None:
    chain = markets()
    chain.do(CHARLIE, "currencies.transfer", BOB, KSM, 10**18 - 10**12)
    events = chain.do(CHARLIE, "xyk.sell", KSM, BSX, 10**12 - 99, 0, False)
    assert "Tokens.DustLost" in names(events)
    assert chain.free(CHARLIE, KSM) == (0,)
    assert chain.free(TREASURY, KSM) == (99,)


def test_a_pool_whose_bsx_became_dust_sells_none() -> None:
    chain = Markets()
    chain.do(ALICE, "xyk.create_pool", BSX, UNIT, KSM, UNIT)
    assert "Balances.DustLost" in names(chain.do(BOB, "xyk.buy", BSX, KSM, 1000, UNIT, False))
    assert chain.free(pool_account(BSX, KSM), BSX) == (0,)
    assert chain.refusal(BOB, "xyk.sell", KSM, BSX, 1000, 0, False) == "XYK.InsufficientAssetBalance"
    with pytest.raises(chain.xyk.InsufficientPoolAssetBalance):
        chain.xyk.calculate_sell(KSM, BSX, 1000)
