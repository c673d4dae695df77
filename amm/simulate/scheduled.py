"""Demand that is settled before the sale starts: it buys at its times, whatever the price."""

from bisect import bisect_right
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Annotated

from amm.scripts.errors import Fault, Faults
from amm.scripts.forms import AMOUNT
from amm.scripts.kinds import OneOf, TableOf
from amm.scripts.shapes import Key
from amm.simulate.crowd import Crowd, Order, Purse, Side, Stage, View, shared
from amm.simulate.demand import ORDERS, TRADERS, Amount, Demand, Scale, Windowed, block_of
from amm.simulate.units import relay_blocks
from amm.simulate.written import DURATION, PERCENT


class Timetable(Crowd):
    """Orders at blocks that are known from the start."""

    def __init__(self, entries: Sequence[tuple[int, Order]]) -> None:
        spent: dict[str, int] = {}
        for _, order in entries:
            spent[order.who] = spent.get(order.who, 0) + order.amount
        super().__init__({who: Purse(amount) for who, amount in spent.items()})
        self._entries = sorted(entries, key=lambda entry: entry[0])
        self._next = 0
        self._wake()

    def orders(self, view: View) -> Sequence[Order]:
        first = self._next
        while self._next < len(self._entries) and self._entries[self._next][0] <= view.block:
            self._next += 1
        self._wake()
        return [order for _, order in self._entries[first : self._next]]

    def _wake(self) -> None:
        self.wakes = self._entries[self._next][0] if self._next < len(self._entries) else None


def spend(who: str, amount: int) -> Order:
    """An order that brings just so much collateral, at any price."""
    return Order(who, Side.SPEND, amount)


class Nobody(Demand, frozen=True, kw_only=True):
    """Nobody buys: the price falls along the no-demand curve."""

    model: Annotated[str, Key(OneOf("none"), "nobody buys")] = "none"

    def crowd(self, stage: Stage, scale: Scale) -> Crowd:
        return Timetable(())


class Uniform(Windowed, frozen=True, kw_only=True):
    """Equal orders at random times."""

    model: Annotated[str, Key(OneOf("uniform"), "equal orders at random times")]
    budget: Annotated[Amount, Key(AMOUNT, "what all of them spend together")]
    orders: Annotated[int, Key(ORDERS, "how many orders")]
    traders: Annotated[int | None, Key(TRADERS, "how many accounts; one for each order if left out")] = None

    def crowd(self, stage: Stage, scale: Scale) -> Crowd:
        first, last = self.window_of(stage)
        names = stage.names(self.traders or self.orders)
        entries = []
        for number, part in enumerate(shared(scale.collateral(self.budget), self.orders)):
            who = names[number] if self.traders is None else stage.random.choice(names)
            entries.append((stage.random.randint(first, last), spend(who, part)))
        return Timetable(entries)


CURVE = TableOf(DURATION, PERCENT, "{duration: percentage}")


class Cumulative(Demand, frozen=True, kw_only=True):
    """Equal orders, so that by each time that share of the budget is spent; even in between."""

    model: Annotated[str, Key(OneOf("cumulative"), "a curve of what is spent by when")]
    budget: Annotated[Amount, Key(AMOUNT, "what all of them spend together")]
    curve: Annotated[tuple[tuple[int, Fraction], ...], Key(CURVE, "the share spent by then, rising")]
    orders: Annotated[int, Key(ORDERS, "how many orders")] = 200
    traders: Annotated[int | None, Key(TRADERS, "how many accounts; one for each order if left out")] = None

    def crowd(self, stage: Stage, scale: Scale) -> Crowd:
        points = [(0, Fraction(0)), *self.curve]
        if any(early[0] > late[0] or early[1] > late[1] for early, late in pairwise(points)) or not points[-1][1]:
            raise Faults([Fault(self.mark, "the curve does not rise", "write times and shares in rising order")])
        blocks = [block_of(seconds, stage, self.mark) for seconds, _ in points]
        reached = [float(share) for _, share in points]
        names = stage.names(self.traders or self.orders)
        total = int(scale.collateral(self.budget) * points[-1][1])
        entries = []
        for number, part in enumerate(shared(total, self.orders)):
            level = (number + stage.random.random()) / self.orders * reached[-1]
            at = min(bisect_right(reached, level), len(reached) - 1)
            inside = (level - reached[at - 1]) / (reached[at] - reached[at - 1])
            block = blocks[at - 1] + int(inside * (blocks[at] - blocks[at - 1]))
            who = names[number] if self.traders is None else stage.random.choice(names)
            entries.append((block, spend(who, part)))
        return Timetable(entries)


class Whale(Demand, frozen=True, kw_only=True):
    """One account that buys a lot, at once or in equal orders."""

    model: Annotated[str, Key(OneOf("whale"), "one large buyer")]
    budget: Annotated[Amount, Key(AMOUNT, "what it spends")]
    at: Annotated[int, Key(DURATION, "when, after the start of the sale")]
    orders: Annotated[int, Key(ORDERS, "in how many orders")] = 1
    every: Annotated[int, Key(DURATION, "how long after each other")] = 600

    def crowd(self, stage: Stage, scale: Scale) -> Crowd:
        (who,) = stage.names(1)
        parts = shared(scale.collateral(self.budget), self.orders)
        return Timetable(
            [
                (block_of(self.at + number * self.every, stage, self.mark), spend(who, part))
                for number, part in enumerate(parts)
            ]
        )


class Regular(Windowed, frozen=True, kw_only=True):
    """Accounts that each buy for the same amount again and again (DCA), out of step with each other."""

    model: Annotated[str, Key(OneOf("regular"), "the same amount again and again")]
    budget: Annotated[Amount, Key(AMOUNT, "what all of them spend together")]
    traders: Annotated[int, Key(TRADERS, "how many accounts")]
    every: Annotated[int, Key(DURATION, "how long after each other")]

    def crowd(self, stage: Stage, scale: Scale) -> Crowd:
        first, last = self.window_of(stage)
        step = max(relay_blocks(self.every), 1)
        names = stage.names(self.traders)
        entries = []
        for who, purse in zip(names, shared(scale.collateral(self.budget), self.traders), strict=True):
            blocks = range(first + stage.random.randrange(min(step, last - first + 1)), last + 1, step)
            entries += [
                (block, spend(who, part)) for block, part in zip(blocks, shared(purse, len(blocks)), strict=True)
            ]
        return Timetable(entries)


class Late(Demand, frozen=True, kw_only=True):
    """A surge towards the end: equal orders, ever denser until the last block."""

    model: Annotated[str, Key(OneOf("late"), "a surge towards the end")]
    budget: Annotated[Amount, Key(AMOUNT, "what all of them spend together")]
    orders: Annotated[int, Key(ORDERS, "how many orders")]
    within: Annotated[int, Key(DURATION, "how long before the end it begins")] = 6 * 3600
    traders: Annotated[int | None, Key(TRADERS, "how many accounts; one for each order if left out")] = None

    def crowd(self, stage: Stage, scale: Scale) -> Crowd:
        terms = stage.terms
        length = min(relay_blocks(self.within), terms.end - terms.start)
        names = stage.names(self.traders or self.orders)
        entries = []
        for number, part in enumerate(shared(scale.collateral(self.budget), self.orders)):
            who = names[number] if self.traders is None else stage.random.choice(names)
            # The root of an even chance is ever denser towards 1.
            before_end = int(length * (1 - stage.random.random() ** 0.5))
            entries.append((terms.end - before_end, spend(who, part)))
        return Timetable(entries)
