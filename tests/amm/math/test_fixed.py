"""The fixed-point power against the specification's steps written out literally, and against real numbers."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amm.math import fixed
from amm.math.errors import DivisionByZero, MathError, Overflow
from amm.math.fixed import ONE

U128 = 2**128 - 1

numbers = st.one_of(
    st.integers(0, U128),
    st.integers(ONE // 4, 4 * ONE),
    st.integers(ONE - 3, ONE + 3),
    st.integers(2**64 - 3, 2**64 + 3),
)
exponents = st.one_of(st.integers(0, 50 * ONE), st.integers(0, U128), st.integers(ONE - 2, ONE + 2))


class Refused(Exception):
    """The literal steps have no result."""


def checked(value: int) -> int:
    if value > U128:
        raise Refused
    return value


def literal_pow(x: int, e: int) -> int:
    """spec/lbp.md, Power math, steps 1 to 7: every round run, every intermediate checked."""
    if x == 0:
        return 0
    if e == 0:
        return ONE
    if e == ONE:
        return x
    inverted = x < ONE
    if inverted:
        x = checked((ONE << 96) // x)
    whole = 0
    while x >= 2 * ONE:
        whole += 1
        x = (x >> 1) + (x & 1)
    if x == ONE:
        log = whole << 96
    else:
        log = whole
        for _ in range(96):
            x = checked((x * x) >> 96)
            log <<= 1
            if x >= 2 * ONE:
                log |= 1
                x = (x >> 1) + (x & 1)
    t = checked((log << 96) // fixed.LOG2_E)
    t = checked((t * e) >> 96)
    if t == 0:
        total = ONE
    elif t == ONE and not inverted:
        total = fixed.E
    else:
        total = checked(ONE + t)
        term = t
        for i in range(2, 288):
            term = checked((term * t) >> 96) // i
            total = checked(total + term)
    return checked((ONE << 96) // total) if inverted else total


@given(numbers, exponents)
@example(2 * ONE, 2**96 + 2**95)
@example(4 * ONE - 1, ONE // 3)
@example(2 * ONE - 1, 7 * ONE)
@example(2**64, ONE // 2)
@example(2**64 + 1, ONE // 2)
@example(U128, U128)
@example(1, 0)
@example(1, ONE)
def test_pow_is_the_specification_bit_by_bit(x: int, e: int) -> None:
    try:
        expected: int | None = literal_pow(x, e)
    except Refused:
        expected = None
    try:
        found: int | None = fixed.pow(x, e)
    except MathError:
        found = None
    assert found == expected


@given(st.integers(1, 22 * ONE))
@example(ONE)
def test_exp_is_the_whole_series(t: int) -> None:
    """All 286 rounds with all their refusals: stopping at a term of zero changes nothing."""
    total, term = ONE + t, t
    refused = False
    for i in range(2, 288):
        product = (term * t) >> 96
        term = product // i
        total += term
        refused = refused or product > U128 or total > U128
    if refused:
        with pytest.raises(Overflow):
            fixed.exp(t)
    else:
        assert fixed.exp(t) == total


def real(x: int) -> Decimal:
    return Decimal(x) / Decimal(ONE)


@given(st.integers(ONE, U128))
def test_log2_is_close_to_the_logarithm(x: int) -> None:
    with localcontext() as context:
        context.prec = 60
        exact = real(x).ln() / Decimal(2).ln()
        assert abs(real(fixed.log2(x)) - exact) < Decimal(2) ** -90


@given(st.integers(ONE // 3, 3 * ONE), st.integers(0, 8 * ONE))
def test_pow_is_close_to_the_power(x: int, e: int) -> None:
    with localcontext() as context:
        context.prec = 60
        exact = (real(x).ln() * real(e)).exp()
        assert abs(real(fixed.pow(x, e)) / exact - 1) < Decimal(2) ** -76


@given(st.integers(0, U128), st.integers(1, U128))
def test_ratio_rounds_the_way_it_is_told(n: int, d: int) -> None:
    whole, rest = divmod(n << 96, d)
    for up in (False, True):
        result = whole + (1 if up and rest else 0)
        if result > U128:
            with pytest.raises(Overflow):
                fixed.ratio(n, d, up=up)
        else:
            assert fixed.ratio(n, d, up=up) == result


def test_zero_divisors_are_refused() -> None:
    with pytest.raises(DivisionByZero):
        fixed.div(ONE, 0)
    with pytest.raises(DivisionByZero):
        fixed.ratio(1, 0, up=True)
