"""Demand that knows a price: snipers, who race to it in the first blocks, and value buyers, who hold it."""

from collections.abc import Sequence
from typing import Annotated

from amm.scripts.forms import AMOUNT
from amm.scripts.kinds import OneOf
from amm.scripts.shapes import Key
from amm.simulate.crowd import SMALLEST, Crowd, Fill, Limits, Order, Purse, Side, Stage, View, shared
from amm.simulate.demand import TRADERS, Amount, Scale, Windowed
from amm.simulate.units import relay_blocks
from amm.simulate.written import DURATION

ROUNDING = 1 - 1e-9
"""A price within that of another is the same to a trader."""


class Bidders(Crowd):
    """Accounts with money left, each of which bids while the pool is cheaper than its price."""

    def __init__(self, purses: dict[str, int], first: int, last: int, every: int, limits: Limits) -> None:
        super().__init__({who: Purse(amount) for who, amount in purses.items()})
        self.left = purses.copy()
        self.limits = limits
        self.wakes = first
        self._last, self._every = last, max(every, 1)

    def sleep(self, block: int) -> None:
        """Look again after a while, if there is money and time left."""
        again = block + self._every
        self.wakes = again if again <= self._last and any(left >= SMALLEST for left in self.left.values()) else None

    def told(self, order: Order, fill: Fill, block: int) -> None:
        self.left[order.who] -= fill.paid


class Snipers(Windowed, frozen=True, kw_only=True):
    """Accounts that each bring the largest order the pool takes, block after block, until their money is spent."""

    model: Annotated[str, Key(OneOf("snipers"), "the largest orders, from the first block on")]
    budget: Annotated[Amount, Key(AMOUNT, "what all of them spend together")]
    until: Annotated[int | None, Key(DURATION, "when they give up; after ten minutes if left out")] = 600
    traders: Annotated[int, Key(TRADERS, "how many accounts")] = 1
    price: Annotated[Amount | None, Key(AMOUNT, "they stop where a token costs more; never if left out")] = None

    def crowd(self, stage: Stage, scale: Scale) -> Crowd:
        first, last = self.window_of(stage)
        purses = dict(zip(stage.names(self.traders), shared(scale.collateral(self.budget), self.traders), strict=True))
        price = None if self.price is None else scale.price(self.price)
        return SniperCrowd(purses, first, last, 1, stage.limits, price)


class SniperCrowd(Bidders):
    def __init__(
        self, purses: dict[str, int], first: int, last: int, every: int, limits: Limits, price: float | None
    ) -> None:
        super().__init__(purses, first, last, every, limits)
        self._price = price

    def orders(self, view: View) -> Sequence[Order]:
        most = self.limits.most_to_spend(view)
        if self._price is not None:
            most = min(most, int(view.to_lift(self._price)))
        self.sleep(view.block)
        if most < SMALLEST:
            return ()
        return [
            Order(who, Side.SPEND, min(left, most), self._least(min(left, most)))
            for who, left in self.left.items()
            if left >= SMALLEST
        ]

    def _least(self, amount: int) -> int:
        """Who was beaten to it would rather not have it at all."""
        return 0 if self._price is None else int(amount / self._price)


class Value(Windowed, frozen=True, kw_only=True):
    """Accounts that know what a token is worth: they buy whatever is cheaper, until their money is spent."""

    model: Annotated[str, Key(OneOf("value"), "buyers who hold a price")]
    price: Annotated[Amount, Key(AMOUNT, "what one token is worth to them")]
    budget: Annotated[Amount, Key(AMOUNT, "what all of them spend together")]
    traders: Annotated[int, Key(TRADERS, "how many accounts")] = 1
    every: Annotated[int, Key(DURATION, "how often they look; every block if left out")] = 0

    def crowd(self, stage: Stage, scale: Scale) -> Crowd:
        first, last = self.window_of(stage)
        purses = dict(zip(stage.names(self.traders), shared(scale.collateral(self.budget), self.traders), strict=True))
        every = relay_blocks(self.every)
        return ValueCrowd(purses, first, last, every, stage.limits, scale.price(self.price))


class ValueCrowd(Bidders):
    """They take turns; each block one of them lifts the price, in as many orders as that takes."""

    def __init__(self, purses: dict[str, int], first: int, last: int, every: int, limits: Limits, price: float) -> None:
        super().__init__(purses, first, last, every, limits)
        self._price, self._turn, self._names = price, 0, list(purses)

    def orders(self, view: View) -> Sequence[Order]:
        self.sleep(view.block)
        if view.price >= self._price * ROUNDING:
            return ()
        wanted, most = int(view.to_lift(self._price)), self.limits.most_to_spend(view)
        orders, left = [], self.left.copy()
        while min(wanted, most) >= SMALLEST and (who := self._next_with_money(left)) is not None:
            piece = min(wanted, most, left[who])
            orders.append(Order(who, Side.SPEND, piece, int(piece / self._price * ROUNDING)))
            wanted, left[who] = wanted - piece, left[who] - piece
        return orders

    def _next_with_money(self, left: dict[str, int]) -> str | None:
        """Whose turn it is among those who can pay."""
        for _ in self._names:
            who = self._names[self._turn]
            self._turn = (self._turn + 1) % len(self._names)
            if left[who] >= SMALLEST:
                return who
        return None
