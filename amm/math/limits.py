"""The widths that results must fit, and the refusal when they do not."""

from amm.math.errors import Overflow

U32_MAX = 2**32 - 1
U128_MAX = 2**128 - 1
U256_MAX = 2**256 - 1


def fit_u128(value: int) -> int:
    """`value`, if it is a u128. Raises Overflow."""
    if value > U128_MAX:
        raise Overflow(f"{value} does not fit into 128 bits")
    return value
