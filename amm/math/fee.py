"""Fees as the pools take them: a part (n, d) of an amount, or of an 18-digit price.

Source: spec/xyk.md, Formulas; spec/lbp.md, Fee and settlement.
"""

from amm.math.errors import DivisionByZero, OutOfRange
from amm.math.limits import fit_u128

PRICE_ONE = 10**18
"""The price 1: prices are integers with 18 decimal digits (FixedU128)."""


def calculate_pool_trade_fee(amount: int, fee: tuple[int, int]) -> int:
    """The fee on `amount` at the rate n/d, in the amount's own units.

    It divides before it multiplies: below d units there is no fee, and it is always a multiple of n.
    Raises Overflow when the product passes u128 (a rate above one).
    """
    n, d = fee
    if n == 0 or d == 0:
        return 0
    if n == d:
        return amount
    return fit_u128(amount // d * n)


def price_after_fee(price: int, fee: tuple[int, int]) -> int:
    """An 18-digit price less the fee rate n/d.

    Raises DivisionByZero (d = 0) and OutOfRange (a rate above one).
    """
    n, d = fee
    if d == 0:
        raise DivisionByZero("a fee rate with denominator 0")
    rate = PRICE_ONE * n // d
    if rate > PRICE_ONE:
        raise OutOfRange(f"the fee rate {n}/{d} is above one")
    return price * (PRICE_ONE - rate) // PRICE_ONE
