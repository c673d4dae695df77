"""The sums behind the demand models: shares, and the largest order that a limit allows."""

from random import Random

import pytest
from designs import design
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from amm.simulate.crowd import Crowd, Limits, Order, Purse, Side, Stage, View, by_share, shared
from amm.simulate.launch import Launch, prepare
from amm.simulate.market import Ledger
from amm.simulate.units import Weights

SALE = "seed: 200_000 KUSD, weights: 90/10:20/80"
HOUR = 600
START, END = 100, 100 + 72 * HOUR


def launch_of(*demand: str) -> Launch:
    return prepare(design(SALE, *demand))


@given(st.integers(0, 10**30), st.integers(1, 1000))
def test_shared_is_the_whole(total: int, count: int) -> None:
    parts = shared(total, count)
    assert sum(parts) == total
    assert max(parts) - min(parts) <= 1


@given(st.integers(0, 10**30), st.lists(st.floats(0.01, 1e9), min_size=1, max_size=50))
def test_shares_never_come_to_more(total: int, shares: list[float]) -> None:
    parts = by_share(total, shares)
    assert all(part >= 0 for part in parts)
    assert total - len(parts) - total // 10**12 <= sum(parts) <= total


reserve = st.integers(10**9, 10**27)


@settings(max_examples=60)
@given(reserve, reserve, st.integers(2_000_000, 98_000_000), st.sampled_from([Side.SPEND, Side.GIVE]))
def test_the_largest_order_is_taken(collateral: int, tokens: int, weight: int, side: Side) -> None:
    launch = launch_of("{model: whale, budget: 1_000 KUSD, at: 1h}")
    view = View(START, collateral, tokens, weight, 10**8 - weight)
    limits = Limits(3, 3)
    amount = limits.most_to_spend(view) if side is Side.SPEND else limits.most_to_give(view)
    assert refusal(launch, view, side, amount) is None
    assert refusal(launch, view, side, int(amount * 1.01) + 1) is not None


def refusal(launch: Launch, view: View, side: Side, amount: int) -> str | None:
    """The error of an order in a pool that is just like the view."""
    terms = replace(
        launch.terms,
        collateral=view.collateral,
        tokens=view.tokens,
        weights=Weights(view.collateral_weight, view.collateral_weight),
    )
    ledger = Ledger(replace(launch, terms=terms), {"x": Purse(10**30, 10**30)})
    return ledger.execute([Order("x", side, amount)])[0].error


@given(st.floats(0.1, 10), reserve, reserve, st.integers(2_000_000, 98_000_000))
def test_lifting_and_pushing_meet_the_price(factor: float, collateral: int, tokens: int, weight: int) -> None:
    view = View(START, collateral, tokens, weight, 10**8 - weight)
    target = view.price * factor
    exponent = view.collateral_weight / view.token_weight
    if factor >= 1:
        brought = view.to_lift(target)
        after = view._replace(
            collateral=collateral + brought, tokens=tokens * (collateral / (collateral + brought)) ** exponent
        )
    else:
        brought = view.to_push(target)
        after = view._replace(
            tokens=tokens + brought, collateral=collateral * (tokens / (tokens + brought)) ** (1 / exponent)
        )
    assert after.price == pytest.approx(target, rel=1e-6)


def test_a_stage_names_its_traders() -> None:
    stage = Stage(launch_of().terms, "early", Random(1))
    assert stage.names(2) == ["early-1", "early-2"]
    with pytest.raises(NotImplementedError):
        Crowd({}).orders(View(1, 1, 1, 1, 1))
