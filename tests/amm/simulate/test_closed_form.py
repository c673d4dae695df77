"""The sale to buyers who hold one price: solved for any figure, and held against the runtime."""

from fractions import Fraction
from math import isclose

import pytest
from designs import design
from hypothesis import given
from hypothesis import strategies as st

from amm.math.lbp import calculate_in_given_out
from amm.pallets.lbp_data import MAX_WEIGHT
from amm.simulate.closed_form import FIGURES, Solution, SolveError, snipe, solve
from amm.simulate.launch import prepare
from amm.simulate.run import Way
from amm.simulate.sweep import Task, perform

UNIT = 10**12
parts = st.fractions(Fraction(1, 100), Fraction(98, 100), max_denominator=1000)
amounts = st.fractions(Fraction(1, 1000), Fraction(10**9), max_denominator=1000)


@pytest.fixture(scope="module")
def example() -> Solution:
    """80 % of ten million tokens at 0.05 raise 400 000."""
    return solve(sold=Fraction(4, 5), raised=Fraction(400_000), fair_price=Fraction(1, 20), supply=Fraction(10**7))


def test_what_is_left_open_opens_at_98_and_twice_the_price(example: Solution) -> None:
    assert example.opening_weight == Fraction(98, 100)
    assert example.opening_price == Fraction(1, 10)
    assert example.defaults == ("opening_weight", "opening_price")
    assert isclose(example.seed, 10**6 * 2 / 98)
    assert isclose(example.final_weight, 0.2 * 500_000 / (500_000 + example.seed))
    assert 0 < example.reached_after < 1


def test_the_formulas_of_the_sale_hold(example: Solution) -> None:
    c0, w0, w1, w = example.seed, example.opening_weight, example.final_weight, example.reached
    assert example.sold == 1 - w1 / w
    assert example.raised == c0 * ((1 - w1) / (1 - w) - 1)
    assert c0 == example.opening_price * example.supply * (1 - w0) / w0


@pytest.mark.parametrize("unknown", FIGURES)
def test_any_one_figure_follows_from_the_others(example: Solution, unknown: str) -> None:
    given_ = {name: getattr(example, name) for name in FIGURES if name != unknown}
    found = solve(**given_)
    assert getattr(found, unknown) == getattr(example, unknown)
    assert found.defaults == ()


@given(amounts, amounts, st.lists(parts, min_size=3, max_size=3, unique=True), st.sampled_from([*FIGURES]))
def test_every_sale_is_found_again(supply: Fraction, price: Fraction, weights: list[Fraction], unknown: str) -> None:
    final, reached, opening = sorted(weights)
    seed = supply * price * (1 - reached) / reached
    sale = solve(supply=supply, seed=seed, fair_price=price, opening_weight=opening, final_weight=final)
    assert sale.reached == reached
    found = solve(**{name: getattr(sale, name) for name in FIGURES if name != unknown})
    assert all(getattr(found, name) == getattr(sale, name) for name in FIGURES)


def test_figures_that_contradict_each_other_are_named() -> None:
    with pytest.raises(SolveError, match=r"0.8.*make the amount raised 400_000, not 500_000"):
        solve(sold=Fraction(4, 5), raised=Fraction(500_000), fair_price=Fraction(1, 20), supply=Fraction(10**7))


def test_rounded_figures_agree() -> None:
    solve(sold=Fraction("0.333333"), raised=Fraction(1000), fair_price=Fraction(3), supply=Fraction("1000.0005"))


def test_too_few_figures() -> None:
    with pytest.raises(SolveError, match=r"too little is given: .*the share sold"):
        solve(fair_price=Fraction(1), supply=Fraction(1000))


@pytest.mark.parametrize(
    ("figures", "what"),
    [
        ({"sold": "1.5", "fair_price": "1", "supply": "1"}, "the share sold would be 150 %"),
        ({"sold": "0.5", "fair_price": "0", "supply": "1"}, "the fair price would be 0"),
        ({"sold": "0.5", "fair_price": "1", "supply": "1", "opening_price": "0.5"}, "opens below the fair price"),
        ({"raised": "2", "fair_price": "1", "supply": "1"}, "the share sold would be 200 %"),
    ],
)
def test_sales_that_cannot_be(figures: dict[str, str], what: str) -> None:
    with pytest.raises(SolveError, match=what):
        solve(**{name: Fraction(value) for name, value in figures.items()})


@pytest.mark.parametrize("share", ["1/100", "1/20", "1/10", "1/3"])
def test_the_cost_of_sniping_is_the_pools_own_price(share: str) -> None:
    part = Fraction(share)
    tokens, collateral, weight = 10**7 * UNIT, 20_000 * UNIT, 10_000_000
    if part < Fraction(1, 4):
        weight = 2_000_000
    found = snipe(20_000, Fraction(MAX_WEIGHT - weight, MAX_WEIGHT), part)
    exact = calculate_in_given_out(collateral, tokens, weight, MAX_WEIGHT - weight, int(tokens * part))
    assert isclose(found.cost, exact / UNIT, rel_tol=1e-9)


def test_sniping_takes_orders_of_a_third_of_the_reserve() -> None:
    assert snipe(3, Fraction(98, 100), Fraction(1, 1000)).orders == 1
    ten = snipe(3, Fraction(98, 100), Fraction(1, 10))
    assert (4 / 3) ** (ten.orders - 1) < 1 + ten.cost / 3 <= (4 / 3) ** ten.orders


@pytest.mark.parametrize("share", [Fraction(1), Fraction(2), Fraction(10**20 - 1, 10**20)])
def test_not_everything_has_a_price(share: Fraction) -> None:
    with pytest.raises(SolveError):
        snipe(1.0, Fraction(98, 100), share)


@pytest.mark.parametrize(
    ("weights", "price", "seed"), [("98/2:20/80", "0.05", "20_000"), ("90/10:40/60", "0.02", "40_000")]
)
def test_the_runtime_agrees_with_the_closed_form(weights: str, price: str, seed: str) -> None:
    """Buyers who hold the fair price, without fees: within 0.1 %."""
    launch = prepare(
        design(
            f"seed: {seed} KUSD, weights: {weights}, fee: 0%",
            f"{{model: value, price: {price} KUSD, budget: 10_000_000 KUSD, traders: 7, every: 30s}}",
        )
    )
    result = perform(Task(launch, "trial", Way.PALLETS))
    terms = launch.terms
    expected = solve(
        supply=Fraction(terms.tokens, UNIT),
        seed=Fraction(terms.collateral, UNIT),
        fair_price=Fraction(price),
        opening_weight=1 - Fraction(terms.weights.initial, MAX_WEIGHT),
        final_weight=1 - Fraction(terms.weights.final, MAX_WEIGHT),
    )
    assert result.fees == 0
    assert isclose(result.sold / UNIT, expected.sold * expected.supply, rel_tol=1e-3)
    assert isclose(result.raised / UNIT, expected.raised, rel_tol=1e-3)
    assert isclose(result.final.height, expected.fair_price, rel_tol=1e-3)
    assert isclose(result.start.height, expected.opening_price, rel_tol=1e-9)
