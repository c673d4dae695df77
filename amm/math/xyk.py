"""The constant-product market: x·y never falls.

Amounts, reserves and shares are u128 base units. What a trader pays and a provider adds is the floor plus
one, always; what a trader or a leaving provider gets is the floor. Intermediate products are exact.
Source: spec/xyk.md, Formulas.
"""

from amm.math.errors import DivisionByZero, OutOfRange
from amm.math.fee import PRICE_ONE, calculate_pool_trade_fee, price_after_fee
from amm.math.limits import fit_u128

__all__ = [
    "calculate_in_given_out",
    "calculate_liquidity_in",
    "calculate_liquidity_out",
    "calculate_liquidity_out_asset_a",
    "calculate_liquidity_out_asset_b",
    "calculate_out_given_in",
    "calculate_pool_trade_fee",
    "calculate_shares",
    "calculate_spot_price",
    "calculate_spot_price_with_fee",
]


def calculate_out_given_in(in_reserve: int, out_reserve: int, amount_in: int) -> int:
    """What the pool gives for `amount_in`, before any fee. Never more than `out_reserve`, never refused."""
    if amount_in == 0:
        return 0
    return out_reserve * amount_in // (in_reserve + amount_in)


def calculate_in_given_out(out_reserve: int, in_reserve: int, amount_out: int) -> int:
    """What the pool asks for `amount_out`, before any fee. The reserve that falls comes first.

    Raises OutOfRange when the pool does not hold more than `amount_out`, Overflow when the price passes u128.
    """
    if amount_out == 0:
        return 0
    if amount_out >= out_reserve:
        raise OutOfRange(f"{amount_out} is not less than the reserve {out_reserve}")
    return fit_u128(in_reserve * amount_out // (out_reserve - amount_out) + 1)


def calculate_liquidity_in(asset_a_reserve: int, asset_b_reserve: int, amount: int) -> int:
    """How much of asset b goes with `amount` of asset a into the pool. Raises DivisionByZero, Overflow."""
    if asset_a_reserve == 0:
        raise DivisionByZero("the pool holds nothing of asset a")
    if amount == 0 or asset_b_reserve == 0:
        return 0
    return fit_u128(amount * asset_b_reserve // asset_a_reserve + 1)


def calculate_shares(asset_reserve: int, asset_amount: int, share_issuance: int) -> int:
    """The shares that adding `asset_amount` to `asset_reserve` earns. Raises DivisionByZero, Overflow."""
    if asset_reserve == 0:
        raise DivisionByZero("the pool holds nothing of the asset")
    return fit_u128(share_issuance * asset_amount // asset_reserve)


def calculate_liquidity_out(
    asset_a_reserve: int, asset_b_reserve: int, amount: int, total_liquidity: int
) -> tuple[int, int]:
    """What `amount` of `total_liquidity` shares is worth, in both assets. Raises DivisionByZero, Overflow."""
    if total_liquidity == 0:
        raise DivisionByZero("the pool has no shares")
    return (
        fit_u128(amount * asset_a_reserve // total_liquidity),
        fit_u128(amount * asset_b_reserve // total_liquidity),
    )


def calculate_liquidity_out_asset_a(
    asset_a_reserve: int, asset_b_reserve: int, amount: int, total_liquidity: int
) -> int:
    """The first of `calculate_liquidity_out`; refused also when only the second has no result."""
    return calculate_liquidity_out(asset_a_reserve, asset_b_reserve, amount, total_liquidity)[0]


def calculate_liquidity_out_asset_b(
    asset_a_reserve: int, asset_b_reserve: int, amount: int, total_liquidity: int
) -> int:
    """The second of `calculate_liquidity_out`; refused also when only the first has no result."""
    return calculate_liquidity_out(asset_a_reserve, asset_b_reserve, amount, total_liquidity)[1]


def calculate_spot_price(in_reserve: int, out_reserve: int, amount: int) -> int:
    """`amount` of the asset going in, in units of the other, at the present reserves.

    Raises DivisionByZero, Overflow.
    """
    if in_reserve == 0:
        raise DivisionByZero("the pool holds nothing of the asset going in")
    return fit_u128(out_reserve * amount // in_reserve)


def calculate_spot_price_with_fee(
    in_reserve: int, out_reserve: int, fee_rate: tuple[int, int] | None
) -> int:
    """The price of the asset going in, in the other, with 18 digits, less the fee rate if there is one.

    The price is rounded to nearest, a half down; the fee part downward.
    Raises DivisionByZero (reserve or fee denominator), OutOfRange (fee above one), Overflow.
    """
    if in_reserve == 0:
        raise DivisionByZero("the pool holds nothing of the asset going in")
    whole, rest = divmod(PRICE_ONE * out_reserve, in_reserve)
    price = fit_u128(whole + (2 * rest > in_reserve))
    return price if fee_rate is None else price_after_fee(price, fee_rate)
