"""Properties of the constant-product formulas; the exact figures are in vectors/xyk.jsonl."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from amm.math import xyk
from amm.math.errors import DivisionByZero, MathError, OutOfRange, Overflow

U128 = 2**128 - 1

amounts = st.one_of(st.integers(0, U128), st.integers(0, 2000), st.integers(U128 - 2000, U128))
reserves = st.integers(1, 2**100)


@given(reserves, reserves, st.integers(0, 2**100))
def test_selling_never_lets_the_product_fall(in_reserve: int, out_reserve: int, amount: int) -> None:
    out = xyk.calculate_out_given_in(in_reserve, out_reserve, amount)
    assert 0 <= out <= out_reserve
    assert (in_reserve + amount) * (out_reserve - out) >= in_reserve * out_reserve


@given(reserves, reserves, st.data())
def test_buying_never_lets_the_product_fall(in_reserve: int, out_reserve: int, data: st.DataObject) -> None:
    amount = data.draw(st.integers(0, out_reserve - 1))
    assume(in_reserve * amount // (out_reserve - amount) < U128)
    paid = xyk.calculate_in_given_out(out_reserve, in_reserve, amount)
    assert (in_reserve + paid) * (out_reserve - amount) >= in_reserve * out_reserve


@given(reserves, reserves, st.integers(1, 2**100))
def test_selling_and_selling_back_gains_nothing(in_reserve: int, out_reserve: int, amount: int) -> None:
    out = xyk.calculate_out_given_in(in_reserve, out_reserve, amount)
    back = xyk.calculate_out_given_in(out_reserve - out, in_reserve + amount, out)
    assert back <= amount


@given(reserves, reserves, st.data())
def test_buying_and_selling_back_loses(in_reserve: int, out_reserve: int, data: st.DataObject) -> None:
    amount = data.draw(st.integers(1, max(1, out_reserve // 3)))
    assume(amount < out_reserve)
    paid = xyk.calculate_in_given_out(out_reserve, in_reserve, amount)
    assert xyk.calculate_out_given_in(out_reserve - amount, in_reserve + paid, amount) < paid


@given(reserves, reserves, st.data())
def test_a_purchase_pays_for_itself(in_reserve: int, out_reserve: int, data: st.DataObject) -> None:
    """Selling what a purchase costs gives at least what was bought: neither formula undercuts the other."""
    amount = data.draw(st.integers(0, (out_reserve - 1) // 2))
    paid = xyk.calculate_in_given_out(out_reserve, in_reserve, amount)
    assert xyk.calculate_out_given_in(in_reserve, out_reserve, paid) >= amount


@given(reserves, reserves, st.integers(0, 2**100), st.integers(0, 2**100))
def test_more_in_never_gives_less(in_reserve: int, out_reserve: int, a: int, b: int) -> None:
    less, more = sorted((a, b))
    assert xyk.calculate_out_given_in(in_reserve, out_reserve, less) <= xyk.calculate_out_given_in(
        in_reserve, out_reserve, more
    )


@given(reserves, reserves, st.data())
def test_more_out_never_costs_less(in_reserve: int, out_reserve: int, data: st.DataObject) -> None:
    half = st.integers(0, (out_reserve - 1) // 2)
    less, more = sorted((data.draw(half), data.draw(half)))
    assert xyk.calculate_in_given_out(out_reserve, in_reserve, less) <= xyk.calculate_in_given_out(
        out_reserve, in_reserve, more
    )


@given(reserves, reserves, st.integers(1, 2**80), st.integers(1, 2**90))
def test_adding_and_leaving_gains_nothing(a: int, b: int, amount: int, issuance: int) -> None:
    """A provider who adds and leaves at once gets back no more of either asset than they put in."""
    assume(amount * b // a < 2**127 and issuance * amount // a < 2**127)
    paired = xyk.calculate_liquidity_in(a, b, amount)
    shares = xyk.calculate_shares(a, amount, issuance)
    out_a, out_b = xyk.calculate_liquidity_out(a + amount, b + paired, shares, issuance + shares)
    assert out_a <= amount
    assert out_b <= paired


@given(amounts, amounts, amounts)
def test_out_given_in_is_never_refused(in_reserve: int, out_reserve: int, amount: int) -> None:
    assert 0 <= xyk.calculate_out_given_in(in_reserve, out_reserve, amount) <= out_reserve


@given(amounts, amounts, amounts)
def test_in_given_out_is_refused_just_where_the_spec_says(
    out_reserve: int, in_reserve: int, amount: int
) -> None:
    if amount == 0:
        assert xyk.calculate_in_given_out(out_reserve, in_reserve, amount) == 0
    elif amount >= out_reserve:
        with pytest.raises(OutOfRange):
            xyk.calculate_in_given_out(out_reserve, in_reserve, amount)
    elif (price := in_reserve * amount // (out_reserve - amount) + 1) > U128:
        with pytest.raises(Overflow):
            xyk.calculate_in_given_out(out_reserve, in_reserve, amount)
    else:
        assert xyk.calculate_in_given_out(out_reserve, in_reserve, amount) == price


@given(amounts, amounts, amounts, amounts)
def test_liquidity_and_prices_are_refused_just_where_the_spec_says(a: int, b: int, c: int, d: int) -> None:
    def outcome(formula: object, *args: int) -> int | tuple[int, int] | None:
        assert callable(formula)
        try:
            result: int | tuple[int, int] = formula(*args)
        except MathError:
            return None
        return result

    def fits(value: int) -> int | None:
        return value if value <= U128 else None

    plus_one = 0 if b == 0 or c == 0 else 1
    assert outcome(xyk.calculate_liquidity_in, a, b, c) == (fits(c * b // a + plus_one) if a else None)
    assert outcome(xyk.calculate_shares, a, b, c) == (fits(c * b // a) if a else None)
    assert outcome(xyk.calculate_spot_price, a, b, c) == (fits(b * c // a) if a else None)
    pair = (c * a // d, c * b // d) if d else (U128 + 1, U128 + 1)
    assert outcome(xyk.calculate_liquidity_out, a, b, c, d) == (pair if max(pair) <= U128 else None)


@given(st.integers(1, U128), amounts)
def test_the_spot_price_is_the_nearest_with_a_half_going_down(in_reserve: int, out_reserve: int) -> None:
    exact = Fraction(out_reserve * 10**18, in_reserve)
    assume(exact < U128)
    error = xyk.calculate_spot_price_with_fee(in_reserve, out_reserve, None) - exact
    assert Fraction(-1, 2) <= error < Fraction(1, 2)


@pytest.mark.parametrize(
    ("fee", "refusal"), [((1, 0), DivisionByZero), ((0, 0), DivisionByZero), ((2, 1), OutOfRange)]
)
def test_a_price_with_an_impossible_fee_is_refused(fee: tuple[int, int], refusal: type[MathError]) -> None:
    with pytest.raises(refusal):
        xyk.calculate_spot_price_with_fee(1000, 1000, fee)


@given(amounts, st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_the_fee_is_a_multiple_of_its_numerator_and_nothing_below_its_denominator(
    amount: int, n: int, d: int
) -> None:
    assume(n <= d)
    fee = xyk.calculate_pool_trade_fee(amount, (n, d))
    assert fee <= amount
    if n != d:
        assert fee == 0 if n == 0 else fee % n == 0
        assert fee == 0 or amount >= d
