"""What a demand model is while a sale runs: a crowd that is shown the pool, and answers with orders.

Amounts are integers in base units. Floats are at home in what traders think of prices, and become amounts by
rounding down only. All chance comes from a `random.Random` that the seed determines.
"""

import math
from collections.abc import Mapping, Sequence
from enum import Enum
from random import Random
from typing import NamedTuple

import msgspec

from amm.simulate.terms import Terms

SMALLEST = 1_000
"""Base units below which no trader bothers."""

CAUTION = 0.999
"""What traders who fill an order to the brim leave of it, so that rounding does not refuse it."""


class Side(Enum):
    """What is exact in an order, and which way it goes."""

    SPEND = "spend"
    """Sell exactly `amount` of the accumulated asset."""
    TAKE = "take"
    """Buy exactly `amount` of the distributed asset."""
    GIVE = "give"
    """Sell exactly `amount` of the distributed asset."""


class Order(NamedTuple):
    """An order as a trader signs it. `limit` is the least to receive, or with TAKE the most to pay."""

    who: str
    side: Side
    amount: int
    limit: int = 0


class Fill(NamedTuple):
    """What became of an order: what left the trader (fee included) and what arrived; or the error's name."""

    paid: int
    received: int
    fee: int
    error: str | None = None


class Purse(NamedTuple):
    """What a trader has when the sale starts, in the accumulated and in the distributed asset."""

    collateral: int = 0
    tokens: int = 0


class View(NamedTuple):
    """The pool as traders see it at a block, before its orders."""

    block: int
    collateral: int
    tokens: int
    collateral_weight: int
    token_weight: int

    @property
    def price(self) -> float:
        return self.collateral * self.token_weight / (self.tokens * self.collateral_weight)

    def to_lift(self, price: float) -> float:
        """What somebody has to spend at once to lift the price to that; negative if it is higher."""
        share = self.token_weight / (self.token_weight + self.collateral_weight)
        return self.collateral * (math.pow(price / self.price, share) - 1)

    def to_push(self, price: float) -> float:
        """The tokens that somebody has to sell at once to push the price down to that; negative if it is lower."""
        share = self.collateral_weight / (self.token_weight + self.collateral_weight)
        return self.tokens * (math.pow(self.price / price, share) - 1)


class Limits(NamedTuple):
    """How much one order may move the pool."""

    max_in_ratio: int
    max_out_ratio: int

    def most_to_spend(self, view: View) -> int:
        """The most collateral that one order may bring."""
        return self._most(view.collateral, view.token_weight / view.collateral_weight)

    def most_to_give(self, view: View) -> int:
        """The most tokens that one order may bring."""
        return self._most(view.tokens, view.collateral_weight / view.token_weight)

    def _most(self, reserve: int, exponent: float) -> int:
        """Neither more than a part of the reserve, nor so much that too large a part of the other goes out."""
        grown = math.log1p(1 / self.max_in_ratio)
        if self.max_out_ratio > 1:
            grown = min(grown, -math.log1p(-1 / self.max_out_ratio) * exponent)
        return int(reserve * math.expm1(grown) * CAUTION)


class Stage(msgspec.Struct, frozen=True):
    """The sale as a crowd is introduced to it. `name` is what its accounts are called after."""

    terms: Terms
    name: str
    random: Random

    @property
    def limits(self) -> Limits:
        return Limits(self.terms.max_in_ratio, self.terms.max_out_ratio)

    def names(self, count: int) -> list[str]:
        """Accounts for so many traders."""
        return [f"{self.name}-{number}" for number in range(1, count + 1)]


class Crowd:
    """Traders of one demand model. `wakes` is the next relay block in which they want to look; None for never."""

    wakes: int | None = None

    def __init__(self, purses: Mapping[str, Purse]) -> None:
        self.purses = purses

    def orders(self, view: View) -> Sequence[Order]:
        """What they order in a block; sets `wakes` to a later one."""
        raise NotImplementedError

    def told(self, order: Order, fill: Fill, block: int) -> None:
        """What became of an order of theirs."""


def shared(total: int, count: int) -> list[int]:
    """A total in so many equal parts; the remainder goes to the first ones."""
    part, rest = divmod(total, count)
    return [part + (number < rest) for number in range(count)]


def by_share(total: int, shares: Sequence[float]) -> list[int]:
    """A total in parts of that proportion, which never come to more."""
    scale = total / sum(shares)
    parts = [min(int(share * scale), total) for share in shares]
    while sum(parts) > total:
        parts[parts.index(max(parts))] -= sum(parts) - total
    return parts
