"""The figures of a sale, from courses that are easy to reckon by hand."""

from fractions import Fraction

import pytest
from designs import design
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from amm.simulate.crowd import Fill, Order, Purse, Side
from amm.simulate.launch import Launch, prepare
from amm.simulate.market import Reserves
from amm.simulate.result import POINTS, gini, result_of, unsold_curve
from amm.simulate.run import Course, Moment, Settled, Way
from amm.simulate.terms import Price

C, T = 1_000_000, 4_000_000


@pytest.fixture(scope="module")
def launch() -> Launch:
    """A pool of small numbers whose weights stay at a half: the price is collateral over tokens."""
    made = prepare(design("seed: 1 KUSD, weights: 50/50:50/50, duration: 1h, fee: 0%, start: 100"))
    return replace(made, terms=replace(made.terms, collateral=C, tokens=T))


def course(*steps: tuple[int, int, int, Order, Fill], purses: dict[str, Purse] | None = None) -> Course:
    """Blocks with one order each: block, collateral and tokens after it, the order, its fill."""
    moments = [Moment(block, Reserves(collateral, tokens)) for block, collateral, tokens, _, _ in steps]
    settled = [Settled(block, order, fill) for block, _, _, order, fill in steps]
    known = {order.who: Purse() for _, _, _, order, _ in steps} | (purses or {})
    return Course(moments, settled, known, collected=7, executions=0)


def spend(who: str, paid: int, received: int) -> tuple[Order, Fill]:
    return Order(who, Side.SPEND, paid), Fill(paid, received, 0)


def give(who: str, paid: int, received: int) -> tuple[Order, Fill]:
    return Order(who, Side.GIVE, paid), Fill(paid, received, 0)


def test_nothing_happens(launch: Launch) -> None:
    result = result_of(launch, "x", Way.MODEL, course())
    assert result.start.exact == result.low.exact == result.high.exact == result.final.exact == Fraction(1, 4)
    assert (result.average, result.raised, result.sold, result.buyers, result.orders) == (None, 0, 0, 0, 0)
    assert (result.largest_fall, result.gini, result.top_share) == (0, 0, 0)
    assert result.xyk_price == Price(C, T)


def test_up_and_down_again(launch: Launch) -> None:
    result = result_of(
        launch,
        "x",
        Way.MODEL,
        course(
            (110, 2_000_000, 2_000_000, *spend("a", 1_000_000, 2_000_000)),
            (120, 4_000_000, 1_000_000, *spend("b", 2_000_000, 1_000_000)),
            (130, 1_000_000, 2_000_000, *give("a", 1_000_000, 3_000_000)),
            (140, 3_000_000, 1_500_000, *spend("c", 2_000_000, 500_000)),
        ),
    )
    assert [price.exact for price in (result.start, result.low, result.high, result.final)] == [
        Fraction(1, 4), Fraction(1, 4), 4, 2,
    ]  # fmt: skip
    assert result.largest_fall == pytest.approx(1 - 0.5 / 4)
    assert result.average == Price(8_000_000, 4_500_000)
    assert (result.raised, result.sold, result.fees) == (2_000_000, 2_500_000, 7)
    assert result.sold_share == 0.625
    assert (result.collateral_left, result.tokens_left) == (3_000_000, 1_500_000)
    assert result.buyers == 3
    assert result.top_share == pytest.approx(1_000_000 / 2_500_000)
    assert result.gini == pytest.approx(float(gini([1_000_000, 1_000_000, 500_000])))


def test_failures_are_counted_by_error(launch: Launch) -> None:
    failed = Fill(0, 0, 0, "LBP.MaxInRatioExceeded")
    steps = [(110 + 2 * n, C, T, Order("a", Side.SPEND, 5), failed) for n in range(3)]
    late = (900, C, T, Order("b", Side.SPEND, 5), Fill(0, 0, 0, "LBP.SaleIsNotRunning"))
    result = result_of(launch, "x", Way.PALLETS, course(*steps, late))
    assert result.failed == {"LBP.MaxInRatioExceeded": 3, "LBP.SaleIsNotRunning": 1}
    assert (result.failures, result.orders, result.buyers) == (4, 4, 0)
    assert result.way == "pallets"


def test_who_only_sells_is_no_buyer(launch: Launch) -> None:
    steps = ((110, C - 10, T + 40, *give("a", 40, 10)), (112, C, T, *spend("b", 10, 40)))
    result = result_of(launch, "x", Way.MODEL, course(*steps, purses={"a": Purse(0, 1000), "b": Purse(10, 60)}))
    assert (result.buyers, result.top_share) == (1, 1)


def test_the_curve_is_that_of_the_pool(launch: Launch) -> None:
    result = result_of(launch, "x", Way.MODEL, course((400, 2_000_000, 2_000_000, *spend("a", 1_000_000, 2_000_000))))
    assert len(result.curve) == POINTS
    assert [result.curve[0].block, result.curve[-1].block] == [launch.terms.start, launch.terms.end]
    assert all(point.price.exact == (1 if point.block >= 400 else Fraction(1, 4)) for point in result.curve)
    assert {point.price.exact for point in unsold_curve(launch.terms)} == {Fraction(1, 4)}


def test_a_short_sale_has_each_block_once(launch: Launch) -> None:
    short = replace(launch, terms=replace(launch.terms, end=launch.terms.start + 5))
    assert [point.block for point in unsold_curve(short.terms)] == list(range(100, 106))


@given(st.lists(st.integers(0, 10**30), min_size=1, max_size=40))
def test_gini_is_the_mean_difference(held: list[int]) -> None:
    exact = gini(held)
    assert 0 <= exact < 1
    if sum(held):
        differences = sum(abs(a - b) for a in held for b in held)
        assert exact == Fraction(differences, 2 * len(held) * sum(held))


def test_gini_of_equals_and_of_one_alone() -> None:
    assert gini([5, 5, 5]) == 0
    assert gini([0, 0, 0, 9]) == Fraction(3, 4)
    assert gini([]) == gini([0]) == 0
