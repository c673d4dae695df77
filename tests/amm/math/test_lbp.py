"""Properties of the weighted pool's formulas; the exact figures are in vectors/lbp.jsonl."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from amm.math import lbp
from amm.math.errors import DivisionByZero, MathError, OutOfRange, Overflow

U32 = 2**32 - 1
U128 = 2**128 - 1
FULL_WEIGHT = 100_000_000

# Far beyond any pool, yet the last bits of the fixed point (about 2^-90 of a reserve) stay below a unit.
reserves = st.integers(1000, 2**80)
weights = st.integers(2_000_000, 98_000_000)
blocks = st.integers(0, U32)
u32s = st.integers(0, U32)
u128s = st.one_of(st.integers(0, U128), st.integers(0, 2000), st.integers(U128 - 2000, U128))


@given(reserves, reserves, weights, st.data())
def test_selling_and_selling_back_gains_nothing(
    in_reserve: int, out_reserve: int, weight: int, data: st.DataObject
) -> None:
    amount = data.draw(st.integers(1, in_reserve // 3))
    other = FULL_WEIGHT - weight
    out = lbp.calculate_out_given_in(in_reserve, out_reserve, weight, other, amount)
    assume(out < out_reserve // 3)
    back = lbp.calculate_out_given_in(out_reserve - out, in_reserve + amount, other, weight, out)
    assert back <= amount


@given(reserves, reserves, weights, st.data())
def test_buying_and_selling_back_gains_nothing(
    in_reserve: int, out_reserve: int, weight: int, data: st.DataObject
) -> None:
    """Up to a price of 2^90: from 2^97 on the last bits of a steep power are whole units, for either side."""
    amount = data.draw(st.integers(1, out_reserve // 3))
    other = FULL_WEIGHT - weight
    paid = lbp.calculate_in_given_out(in_reserve, out_reserve, weight, other, amount)
    assume(paid < 2**90)
    back = lbp.calculate_out_given_in(out_reserve - amount, in_reserve + paid, other, weight, amount)
    assert back <= paid


@given(reserves, reserves, weights, st.data())
def test_selling_matches_the_real_formula_and_never_exceeds_it(
    in_reserve: int, out_reserve: int, weight: int, data: st.DataObject
) -> None:
    amount = data.draw(st.integers(0, in_reserve // 3))
    with localcontext() as context:
        context.prec = 60
        base = Decimal(in_reserve) / Decimal(in_reserve + amount)
        exponent = Decimal(weight) / Decimal(FULL_WEIGHT - weight)
        exact = out_reserve * (1 - (base.ln() * exponent).exp())
        out = lbp.calculate_out_given_in(in_reserve, out_reserve, weight, FULL_WEIGHT - weight, amount)
        assert -Decimal(1) - Decimal(2) ** -6 < out - exact < Decimal(2) ** -6


@given(reserves, reserves, weights, st.data())
def test_buying_matches_the_real_formula_and_never_undercuts_it(
    in_reserve: int, out_reserve: int, weight: int, data: st.DataObject
) -> None:
    amount = data.draw(st.integers(0, out_reserve // 3))
    with localcontext() as context:
        context.prec = 60
        base = Decimal(out_reserve) / Decimal(out_reserve - amount)
        exponent = Decimal(FULL_WEIGHT - weight) / Decimal(weight)
        power = (base.ln() * exponent).exp()
        paid = lbp.calculate_in_given_out(in_reserve, out_reserve, weight, FULL_WEIGHT - weight, amount)
        excess = paid - in_reserve * (power - 1)
        blur = in_reserve * power * Decimal(2) ** -76
        assert 1 - blur - Decimal(2) ** -6 < excess < 2 + blur + Decimal(2) ** -6


@given(reserves, reserves, weights, st.data())
def test_the_value_function_never_falls(
    in_reserve: int, out_reserve: int, weight: int, data: st.DataObject
) -> None:
    """in_reserve^w_in · out_reserve^w_out, the invariant of a weighted pool, compared as logarithms."""
    other = FULL_WEIGHT - weight

    def value(x: int, y: int) -> Decimal:
        return Decimal(x).ln() * weight + Decimal(y).ln() * other

    amount = data.draw(st.integers(0, in_reserve // 3))
    out = lbp.calculate_out_given_in(in_reserve, out_reserve, weight, other, amount)
    assume(out < out_reserve)
    with localcontext() as context:
        context.prec = 60
        gain = value(in_reserve + amount, out_reserve - out) - value(in_reserve, out_reserve)
        assert gain >= -(Decimal(2) ** -60)


@given(reserves, reserves, weights, st.data())
def test_trades_are_monotone_in_the_amount(
    in_reserve: int, out_reserve: int, weight: int, data: st.DataObject
) -> None:
    other = FULL_WEIGHT - weight
    less, more = sorted(data.draw(st.tuples(*[st.integers(0, in_reserve // 3)] * 2)))
    assert lbp.calculate_out_given_in(
        in_reserve, out_reserve, weight, other, less
    ) <= lbp.calculate_out_given_in(in_reserve, out_reserve, weight, other, more)
    less, more = sorted(data.draw(st.tuples(*[st.integers(0, out_reserve // 3)] * 2)))
    assert lbp.calculate_in_given_out(
        in_reserve, out_reserve, weight, other, less
    ) <= lbp.calculate_in_given_out(in_reserve, out_reserve, weight, other, more)


@given(blocks, blocks, u32s, u32s, blocks)
def test_weights_stay_between_their_ends_and_exist_just_within_the_sale(
    start_x: int, end_x: int, start_y: int, end_y: int, at: int
) -> None:
    if start_x <= at <= end_x and start_x < end_x:
        weight = lbp.calculate_linear_weights(start_x, end_x, start_y, end_y, at)
        assert min(start_y, end_y) <= weight <= max(start_y, end_y)
    else:
        with pytest.raises(OutOfRange):
            lbp.calculate_linear_weights(start_x, end_x, start_y, end_y, at)


@given(st.integers(0, 1000), st.integers(1, 1000), weights, weights)
def test_weights_meet_their_ends_and_move_one_way(start: int, length: int, first: int, last: int) -> None:
    points = sorted({0, min(1, length), length // 3, length // 2, length})
    line = [
        lbp.calculate_linear_weights(start, start + length, first, last, start + step) for step in points
    ]
    assert (line[0], line[-1]) == (first, last)
    assert line == sorted(line, reverse=first > last)


@given(u128s, u128s, u32s, u32s, u128s)
def test_trades_of_any_size_have_a_result_in_range_or_are_refused(
    in_reserve: int, out_reserve: int, in_weight: int, out_weight: int, amount: int
) -> None:
    try:
        out = lbp.calculate_out_given_in(in_reserve, out_reserve, in_weight, out_weight, amount)
    except MathError:
        assert amount > 0
    else:
        assert 0 <= out <= out_reserve
    try:
        paid = lbp.calculate_in_given_out(in_reserve, out_reserve, in_weight, out_weight, amount)
    except MathError:
        pass
    else:
        assert amount < out_reserve
        assert 1 <= paid <= U128


def test_the_refusals_of_the_trades() -> None:
    with pytest.raises(DivisionByZero):
        lbp.calculate_out_given_in(10, 10, 1, 0, 1)
    with pytest.raises(Overflow):
        lbp.calculate_out_given_in(U128, 10, 1, 1, 1)
    with pytest.raises(DivisionByZero):
        lbp.calculate_in_given_out(10, 10, 0, 1, 1)
    with pytest.raises(DivisionByZero):
        lbp.calculate_in_given_out(10, 10, 1, 1, 10)
    with pytest.raises(OutOfRange):
        lbp.calculate_in_given_out(10, 10, 1, 1, 11)


def test_the_largest_price_stays_and_a_larger_one_is_refused() -> None:
    assert lbp.calculate_in_given_out(U128, 10, 1, 1, 5) == U128
    with pytest.raises(Overflow):
        lbp.calculate_in_given_out(U128, 10, 1, 1, 6)


def test_the_ratio_limits_at_98_percent() -> None:
    """A third of the reserve works at 98 %; 0.4 of it, which the repay fee can ask for, does not."""
    reserve = 3 * 10**15
    assert lbp.calculate_in_given_out(10**12, reserve, 2_000_000, 98_000_000, reserve // 3) > 0
    with pytest.raises(Overflow):
        lbp.calculate_in_given_out(10**12, reserve, 2_000_000, 98_000_000, reserve * 2 // 5)


@given(u128s, u128s, u32s, u32s, u128s)
def test_the_spot_price_is_refused_just_where_the_spec_says(
    in_reserve: int, out_reserve: int, in_weight: int, out_weight: int, amount: int
) -> None:
    numerator = amount * out_reserve * in_weight
    if in_reserve == 0:
        expected: int | None = None
    elif amount == 0 or out_reserve == 0:
        expected = 0
    elif out_weight == 0 or numerator >= 2**256 or numerator // (in_reserve * out_weight) > U128:
        expected = None
    else:
        expected = numerator // (in_reserve * out_weight)
    try:
        found: int | None = lbp.calculate_spot_price(in_reserve, out_reserve, in_weight, out_weight, amount)
    except MathError:
        found = None
    assert found == expected


def test_the_price_fee_applies_to_the_asset_it_is_taken_of() -> None:
    args = (1000, 2000, 1000, 2000)
    assert lbp.calculate_spot_price_with_fee(*args, 1, 5, (1, 0)) == 10**18
    with pytest.raises(DivisionByZero):
        lbp.calculate_spot_price_with_fee(*args, 5, 5, (1, 0))
    with pytest.raises(OutOfRange):
        lbp.calculate_spot_price_with_fee(*args, 5, 5, (2, 1))
    with pytest.raises(Overflow):
        lbp.calculate_spot_price_with_fee(1, U128, 2, 1, 0, 0, None)
