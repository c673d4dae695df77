"""What a trade would come to, whichever pool it is made in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

from basilisk_cli.names import Names
from basilisk_cli.options import fraction_of


class Move(NamedTuple):
    """What a trade adds to one reserve of its pool, or takes from it, and how much of it one trade may."""

    verb: str
    asset: int
    amount: int
    reserve: int
    ratio: int

    @property
    def most(self) -> int:
        return self.reserve // self.ratio if self.ratio else 0


@dataclass(frozen=True)
class Quote:
    """A trade as it would be in the next block. `amount_in` and `amount_out` are what the trader pays and gets, fee
    included.

    `given` and `taken` are what the pool's formula is of, before the fee; `spot` is the price of an endlessly small
    trade, base units of `asset_out` for one of `asset_in`.
    """

    side: str
    via: str
    asset_in: int
    asset_out: int
    amount_in: int
    amount_out: int
    fee: int
    fee_asset: int
    given: int
    taken: int
    spot: tuple[int, int]
    moves: tuple[Move, ...]
    least: int = 0
    """The least amount that the pool trades."""
    more: Mapping[str, Any] = field(default_factory=dict)
    """What JSON says besides, for this kind of pool."""

    @property
    def impact(self) -> Fraction:
        """How much worse than the spot price the trade is before the fee: 0 to 1."""
        up, down = self.spot
        return max(Fraction(0), 1 - Fraction(self.taken * down, self.given * up)) if self.given and up else Fraction(0)

    @property
    def exact(self) -> int:
        """The amount that is sold or bought exactly."""
        return self.amount_in if self.side == "sell" else self.amount_out

    def limit(self, slippage: str) -> int:
        """The least to get, or the most to pay, if the trade may be this much worse than the quote."""
        part = fraction_of(slippage)
        return int(self.amount_out * (1 - part)) if self.side == "sell" else -int(-self.amount_in * (1 + part) // 1)

    def document(self, slippage: str) -> dict[str, Any]:
        """The quote in JSON, base units."""
        return {
            "side": self.side,
            "via": self.via,
            "asset_in": self.asset_in,
            "asset_out": self.asset_out,
            "amount_in": self.amount_in,
            "amount_out": self.amount_out,
            "fee": {"asset": self.fee_asset, "amount": self.fee},
            "spot_price": list(self.spot),
            "price_impact": [self.impact.numerator, self.impact.denominator],
            "limit": self.limit(slippage),
            **self.more,
        }


def doubts(quote: Quote, names: Names) -> list[str]:
    """Why the chain would refuse the trade although there is a quote for it."""
    found = []
    if quote.exact < quote.least:
        found.append(f"a trade is of {quote.least:_} base units at least")
    for move in quote.moves:
        if move.amount > move.most:
            most = names.amount(move.most, move.asset)
            found.append(f"one trade may {move.verb} {most} at most: 1/{move.ratio} of the reserve")
    return found
