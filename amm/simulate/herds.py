"""Demand that watches the price: buyers who fear to miss a rise, and agents with a wealth and an opinion each."""

from collections import deque
from collections.abc import Sequence
from fractions import Fraction
from heapq import heapify, heappop, heappush
from math import exp
from random import Random
from typing import Annotated

from amm.scripts.forms import AMOUNT
from amm.scripts.kinds import OneOf
from amm.scripts.shapes import Key
from amm.simulate.crowd import SMALLEST, Crowd, Fill, Limits, Order, Purse, Side, Stage, View, by_share, shared
from amm.simulate.demand import TRADERS, Amount, Scale, Windowed
from amm.simulate.holders import ROUNDING, Bidders
from amm.simulate.units import relay_blocks
from amm.simulate.written import ANY_PERCENT, DURATION

TYPICAL_PARETO = Fraction(116, 100)
"""The exponent at which a fifth of all people have four fifths of all money."""


RISE = 1e-6
"""Less than this is no rise."""


class Fomo(Windowed, frozen=True, kw_only=True):
    """Accounts that buy because the price has risen, the more the steeper; while it falls they wait."""

    model: Annotated[str, Key(OneOf("fomo"), "buyers who fear to miss a rise")]
    budget: Annotated[Amount, Key(AMOUNT, "what all of them spend together")]
    traders: Annotated[int, Key(TRADERS, "how many accounts")] = 100
    every: Annotated[int, Key(DURATION, "how often they look")] = 600
    window: Annotated[int, Key(DURATION, "how long a rise they look at")] = 3600
    gain: Annotated[Fraction, Key(ANY_PERCENT, "the share of what is left that they spend when the price doubles")] = (
        Fraction(1, 2)
    )

    def crowd(self, stage: Stage, scale: Scale) -> Crowd:
        first, last = self.window_of(stage)
        purses = dict(zip(stage.names(self.traders), shared(scale.collateral(self.budget), self.traders), strict=True))
        memory = max(relay_blocks(self.window), 1)
        return FomoCrowd(
            purses, first, last, relay_blocks(self.every), stage.limits, memory, float(self.gain), stage.random
        )


class FomoCrowd(Bidders):
    def __init__(
        self,
        purses: dict[str, int],
        first: int,
        last: int,
        every: int,
        limits: Limits,
        memory: int,
        gain: float,
        random: Random,
    ) -> None:
        super().__init__(purses, first, last, every, limits)
        self._memory, self._gain, self._random = memory, gain, random
        self._seen: deque[tuple[int, float]] = deque()

    def orders(self, view: View) -> Sequence[Order]:
        self.sleep(view.block)
        self._seen.append((view.block, view.price))
        while self._seen[0][0] < view.block - self._memory:
            self._seen.popleft()
        rise = view.price / self._seen[0][1] - 1
        money = {who: left for who, left in self.left.items() if left >= SMALLEST}
        if rise <= RISE or not money:
            return ()
        excited = self._random.sample(list(money), max(1, int(len(money) * min(rise, 1.0))))
        budget = min(int(sum(money.values()) * min(self._gain * rise, 1.0)), sum(money[who] for who in excited))
        most = self.limits.most_to_spend(view)
        amounts = [min(part, money[who], most) for who, part in zip(excited, shared(budget, len(excited)), strict=True)]
        return [
            Order(who, Side.SPEND, amount) for who, amount in zip(excited, amounts, strict=True) if amount >= SMALLEST
        ]


class Agents(Windowed, frozen=True, kw_only=True):
    """Accounts that come at random times, with a Pareto share of the budget and a price each (log-normal)."""

    model: Annotated[str, Key(OneOf("agents"), "people with a wealth and an opinion each")]
    budget: Annotated[Amount, Key(AMOUNT, "what all of them have together")]
    traders: Annotated[int, Key(TRADERS, "how many accounts")]
    price: Annotated[Amount, Key(AMOUNT, "what half of them think a token is worth at least")]
    spread: Annotated[Fraction, Key(ANY_PERCENT, "how far opinions differ: sigma of the price's logarithm")] = Fraction(
        3, 10
    )
    wealth: Annotated[Fraction, Key(ANY_PERCENT, "the Pareto exponent of their wealth; less is more unequal")] = (
        TYPICAL_PARETO
    )
    every: Annotated[int, Key(DURATION, "how often each looks again")] = 3600

    def crowd(self, stage: Stage, scale: Scale) -> Crowd:
        first, last = self.window_of(stage)
        random, names = stage.random, stage.names(self.traders)
        shares = [random.paretovariate(float(self.wealth)) for _ in names]
        purses = dict(zip(names, by_share(scale.collateral(self.budget), shares), strict=True))
        middle, sigma = scale.price(self.price), float(self.spread)
        worth = {who: middle * exp(random.gauss(0, sigma)) for who in names}
        arrivals = {who: random.randint(first, last) for who in names}
        return AgentCrowd(purses, worth, arrivals, last, relay_blocks(self.every), stage.limits)


class AgentCrowd(Crowd):
    """Each buys up to its price when it looks, with all it has left."""

    def __init__(
        self,
        purses: dict[str, int],
        worth: dict[str, float],
        arrivals: dict[str, int],
        last: int,
        every: int,
        limits: Limits,
    ) -> None:
        super().__init__({who: Purse(amount) for who, amount in purses.items()})
        self._left, self._worth, self._limits = purses.copy(), worth, limits
        self._last, self._every = last, max(every, 1)
        self._looks = [(block, number, who) for number, (who, block) in enumerate(arrivals.items())]
        heapify(self._looks)
        self.wakes = self._looks[0][0] if self._looks else None

    def orders(self, view: View) -> Sequence[Order]:
        orders, most, price = [], self._limits.most_to_spend(view), view.price
        while self._looks and self._looks[0][0] <= view.block:
            _, number, who = heappop(self._looks)
            worth, left = self._worth[who], self._left[who]
            if price < worth * ROUNDING:
                amount = min(left, most, int(view.to_lift(worth)))
                if amount >= SMALLEST:
                    orders.append(Order(who, Side.SPEND, amount, int(amount / worth * ROUNDING)))
            again = view.block + self._every
            if left >= SMALLEST and again <= self._last:
                heappush(self._looks, (again, number, who))
        self.wakes = self._looks[0][0] if self._looks else None
        return orders

    def told(self, order: Order, fill: Fill, block: int) -> None:
        self._left[order.who] -= fill.paid
