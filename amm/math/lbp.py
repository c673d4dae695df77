"""The weighted market of a liquidity bootstrapping pool, whose weights move linearly during the sale.

Amounts and reserves are u128 base units, weights and block numbers u32 (100_000_000 = 100 %). The pool keeps
every rounding. Source: spec/lbp.md, Weights and Power math.
"""

from amm.math import fixed
from amm.math.errors import DivisionByZero, OutOfRange, Overflow
from amm.math.fee import PRICE_ONE, calculate_pool_trade_fee, price_after_fee
from amm.math.limits import U32_MAX, U128_MAX, U256_MAX, fit_u128

__all__ = [
    "calculate_in_given_out",
    "calculate_linear_weights",
    "calculate_out_given_in",
    "calculate_pool_trade_fee",
    "calculate_spot_price",
    "calculate_spot_price_with_fee",
]


def calculate_linear_weights(start_x: int, end_x: int, start_y: int, end_y: int, at: int) -> int:
    """The weight at block `at` on the line from (start_x, start_y) to (end_x, end_y), rounded down.

    Raises OutOfRange outside the blocks or for an empty range of them, Overflow above u32.
    """
    if not start_x <= at <= end_x:
        raise OutOfRange(f"block {at} is not between {start_x} and {end_x}")
    if start_x == end_x:
        raise OutOfRange(f"the weights start and end in the same block {start_x}")
    weight = (start_y * (end_x - at) + end_y * (at - start_x)) // (end_x - start_x)
    if weight > U32_MAX:
        raise Overflow(f"the weight {weight} does not fit into 32 bits")
    return weight


def calculate_out_given_in(
    in_reserve: int, out_reserve: int, in_weight: int, out_weight: int, amount: int
) -> int:
    """What the pool gives for `amount`, before any fee:

        out_reserve · (1 - (in_reserve / (in_reserve + amount)) ^ (in_weight / out_weight))

    Raises DivisionByZero (no out_weight) and Overflow (the new reserve, or a step of the power).
    """
    if amount == 0:
        return 0
    exponent = fixed.ratio(in_weight, out_weight, up=False)
    base = fixed.ratio(in_reserve, fit_u128(in_reserve + amount), up=True)
    kept = -(-(out_reserve * fixed.pow(base, exponent)) >> fixed.FRACTION_BITS)
    if kept > out_reserve:
        raise OutOfRange("the pool would have to keep more than its reserve")
    return out_reserve - kept


def calculate_in_given_out(
    in_reserve: int, out_reserve: int, in_weight: int, out_weight: int, amount: int
) -> int:
    """What the pool asks for `amount`, before any fee:

        in_reserve · ((out_reserve / (out_reserve - amount)) ^ (out_weight / in_weight) - 1)

    rounded up, and one more (the largest u128 stays as it is).
    Raises OutOfRange (`amount` above the reserve), DivisionByZero (all of the reserve; no in_weight) and
    Overflow (a step of the power, the rounded price).
    """
    if amount > out_reserve:
        raise OutOfRange(f"{amount} is more than the reserve {out_reserve}")
    exponent = fixed.ratio(out_weight, in_weight, up=False)
    base = fixed.ratio(out_reserve, out_reserve - amount, up=True)
    growth = fixed.pow(base, exponent) - fixed.ONE
    if growth < 0:
        raise OutOfRange("the power of a base of at least one came out below one")
    price = fit_u128(-(-(in_reserve * growth) >> fixed.FRACTION_BITS))
    return min(price + 1, U128_MAX)


def calculate_spot_price(
    in_reserve: int, out_reserve: int, in_weight: int, out_weight: int, amount: int
) -> int:
    """`amount` of the asset going in, in units of the other, at the present reserves and weights.

    Raises DivisionByZero and Overflow (the result above u128, or the product of the three above 256 bits).
    """
    if in_reserve == 0:
        raise DivisionByZero("the pool holds nothing of the asset going in")
    if amount == 0 or out_reserve == 0:
        return 0
    if out_weight == 0:
        raise DivisionByZero("the asset going out has no weight")
    numerator = amount * out_reserve * in_weight
    if numerator > U256_MAX:
        raise Overflow("amount · reserve · weight does not fit into 256 bits")
    return fit_u128(numerator // (in_reserve * out_weight))


def calculate_spot_price_with_fee(
    in_reserve: int,
    out_reserve: int,
    in_weight: int,
    out_weight: int,
    fee_asset: int,
    asset_out: int,
    fee: tuple[int, int] | None,
) -> int:
    """The price of the asset going in, in the other, 18 digits; less `fee` if that is taken of asset_out.

    Raises DivisionByZero (reserve, weight, the fee's denominator where it applies), OutOfRange (a fee above
    one) and Overflow (a reserve times its weight, or the price, above u128).
    """
    numerator = fit_u128(out_reserve * in_weight)
    denominator = fit_u128(in_reserve * out_weight)
    if denominator == 0:
        raise DivisionByZero("the asset going in has no reserve, or the one going out no weight")
    price = fit_u128(PRICE_ONE * numerator // denominator)
    if fee is None or fee_asset != asset_out:
        return price
    return price_after_fee(price, fee)
