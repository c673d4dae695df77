"""Powers in unsigned fixed point of 128 bits, 96 of them fractional (U32F96), bit by bit as the reference's.

A number x stands for x / 2^96, below 2^32. Rounding is part of the result: the order of the steps and the
direction of each rounding decide the last bits of a trade, so nothing here may be rearranged.
Source: spec/lbp.md, Power math, bit by bit.
"""

from amm.math.errors import DivisionByZero, Overflow
from amm.math.limits import U128_MAX, fit_u128

FRACTION_BITS = 96
ONE = 1 << FRACTION_BITS
TWO = 2 * ONE

LOG2_E = 0x171547652B82FE1777D0FFDA0
E = 0x2B7E151628AED2A6ABF715880

LAST_TERM = 287
"""The reference sums the terms 2 … 287 of the exponential series."""


def mul(x: int, y: int) -> int:
    """x·y rounded down. Raises Overflow."""
    return fit_u128((x * y) >> FRACTION_BITS)


def div(x: int, y: int) -> int:
    """x / y rounded down. Raises DivisionByZero, Overflow."""
    if y == 0:
        raise DivisionByZero("fixed-point division by zero")
    return fit_u128((x << FRACTION_BITS) // y)


def ratio(n: int, d: int, *, up: bool) -> int:
    """The fixed-point number n / d of two u128 integers. Raises DivisionByZero, Overflow."""
    if d == 0:
        raise DivisionByZero("fixed-point ratio to zero")
    return fit_u128(((n << FRACTION_BITS) + (d - 1 if up else 0)) // d)


def log2(x: int) -> int:
    """The binary logarithm of x >= ONE, rounded down to 96 fractional bits, one squaring a bit."""
    whole = 0
    while x >= TWO:
        whole += 1
        x = (x + 1) >> 1
    if x == ONE:
        return whole << FRACTION_BITS
    # x stays at or below TWO (just TWO after rounding up), so its square fits and cannot be refused.
    bits = whole
    for _ in range(FRACTION_BITS):
        x = (x * x) >> FRACTION_BITS
        if x < TWO:
            bits += bits
        else:
            bits += bits + 1
            x = (x + 1) >> 1
    return bits


def ln(x: int) -> int:
    """The natural logarithm of x >= ONE."""
    return div(log2(x), LOG2_E)


def exp(t: int) -> int:
    """e^t by its power series. Raises Overflow when a product or the sum passes 128 bits.

    The products pass first: the largest t is about 21.5623, though e^t would fit up to 22.18.
    """
    if t == 0:
        return ONE
    total = ONE + t
    term = t
    for i in range(2, LAST_TERM + 1):
        product = (term * t) >> FRACTION_BITS
        if product > U128_MAX:
            raise Overflow(f"e^({t} / 2^96) does not fit")
        term = product // i
        # A term of zero makes every later product, and so every later term, zero: the remaining rounds
        # add nothing and cannot be refused.
        if term == 0:
            break
        total += term
    # Terms are not negative, so some partial sum passes 128 bits exactly when the last one does.
    return fit_u128(total)


def pow(x: int, e: int) -> int:
    """x^e for x, e >= 0, as e^(ln(x)·e); below one as the inverse of (1/x)^e. Raises Overflow.

    Also refused when only the inverse on the way is too large, and where the reference panics
    (x at most 2^64, with e neither 0 nor ONE): its inverse passes 128 bits.
    """
    if x == 0:
        return 0
    if e == 0:
        return ONE
    if e == ONE:
        return x
    if x < ONE:
        return div(ONE, exp(mul(ln(div(ONE, x)), e)))
    t = mul(ln(x), e)
    # The reference answers e^1 from its constant, but only for bases of one and above.
    return E if t == ONE else exp(t)
