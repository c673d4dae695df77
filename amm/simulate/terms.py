"""The terms of one sale as the chain keeps them, and the prices that follow from them alone. Source: spec/lbp.md."""

from fractions import Fraction
from typing import NamedTuple

import msgspec

from amm.math.lbp import calculate_linear_weights
from amm.pallets.lbp_data import MAX_WEIGHT
from amm.simulate.units import Weights


class Price(NamedTuple):
    """Base units of the accumulated asset for one base unit of the distributed one, as a fraction, not reduced."""

    numerator: int
    denominator: int

    @property
    def height(self) -> float:
        """For drawing, comparing and for traders, who do not reckon in fractions."""
        return self.numerator / self.denominator if self.denominator else 0.0

    @property
    def exact(self) -> Fraction:
        """Raises ZeroDivisionError where there is nothing left to sell."""
        return Fraction(self.numerator, self.denominator)


class Terms(msgspec.Struct, frozen=True):
    """A sale. `assets` are (accumulated, distributed), `weights` those of the first; blocks are relay blocks.

    `collateral` and `tokens` are what the pool begins with; `repay_fee` is taken until `repay_target` is collected.
    `room` is how many trades fit into a block.
    """

    assets: tuple[int, int]
    collateral: int
    tokens: int
    weights: Weights
    start: int
    end: int
    fee: tuple[int, int]
    repay_fee: tuple[int, int]
    repay_target: int
    max_in_ratio: int
    max_out_ratio: int
    room: int

    def weights_at(self, block: int) -> tuple[int, int]:
        """The weights of collateral and token at a block of the sale; raises MathError at any other."""
        weight = calculate_linear_weights(self.start, self.end, self.weights.initial, self.weights.final, block)
        return weight, MAX_WEIGHT - weight

    def price_at(self, block: int, collateral: int, tokens: int) -> Price:
        """The price at a block, with that much in the pool."""
        collateral_weight, token_weight = self.weights_at(block)
        return Price(collateral * token_weight, tokens * collateral_weight)

    def unsold_price(self, block: int) -> Price:
        """The no-demand curve: the price at a block if nobody has traded."""
        return self.price_at(block, self.collateral, self.tokens)

    def fee_rate(self, collected: int) -> tuple[int, int]:
        """The rate of the next trade, once that much is collected."""
        return self.repay_fee if collected < self.repay_target else self.fee

    @property
    def largest_first_order(self) -> int:
        """What the first order may bring at most: a part of the collateral that the pool begins with."""
        return self.collateral // self.max_in_ratio
