"""What a sale came to: the figures that a launch is judged by, exact, from its course."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

import msgspec

from amm.simulate.crowd import Side
from amm.simulate.launch import Launch
from amm.simulate.market import Reserves
from amm.simulate.run import Course, Moment, Settled, Way
from amm.simulate.terms import Price, Terms

POINTS = 241
"""How many prices are kept for a chart, evenly over the sale, both ends included."""


class PricePoint(NamedTuple):
    """The price after a relay block."""

    block: int
    price: Price


class Result(msgspec.Struct, frozen=True):
    """One scenario's outcome. Amounts are base units, prices those of a token in collateral.

    `raised` is what the pool has gained, `fees` went to the collector. `average` is weighted by volume, None without
    a trade. `buyers` are accounts that bought; `gini` and `top_share` are of what they hold at the end, from 0 to 1.
    An XYK pool of what is left would open at `xyk_price`. `blocks` are those with orders.
    """

    scenario: str
    seed: int
    way: str
    start: Price
    low: Price
    high: Price
    final: Price
    average: Price | None
    raised: int
    fees: int
    sold: int
    sold_share: float
    buyers: int
    orders: int
    failed: dict[str, int]
    largest_fall: float
    gini: float
    top_share: float
    collateral_left: int
    tokens_left: int
    blocks: int
    executions: int
    curve: tuple[PricePoint, ...]

    @property
    def xyk_price(self) -> Price:
        return Price(self.collateral_left, self.tokens_left)

    @property
    def failures(self) -> int:
        return sum(self.failed.values())


def result_of(launch: Launch, scenario: str, way: Way, course: Course) -> Result:
    """The figures of a course."""
    terms = launch.terms
    first = Reserves(terms.collateral, terms.tokens)
    last = course.moments[-1].reserves if course.moments else first
    prices = list(_prices(terms, course.moments))
    held = _holdings(course)
    sold = first.tokens - last.tokens
    return Result(
        scenario=scenario,
        seed=launch.seed,
        way=way.value,
        start=prices[0],
        low=min(prices, key=_height),
        high=max(prices, key=_height),
        final=prices[-1],
        average=_average(course.settled),
        raised=last.collateral - first.collateral,
        fees=course.collected,
        sold=sold,
        sold_share=float(Fraction(sold, first.tokens)),
        buyers=len(held),
        orders=len(course.settled),
        failed=_failures(course.settled),
        largest_fall=_largest_fall(prices),
        gini=float(gini(held)),
        top_share=float(Fraction(max(held), sum(held))) if sum(held) else 0.0,
        collateral_left=last.collateral,
        tokens_left=last.tokens,
        blocks=len(course.moments),
        executions=course.executions,
        curve=tuple(_curve(terms, course.moments, POINTS)),
    )


def unsold_curve(terms: Terms, points: int = POINTS) -> list[PricePoint]:
    """The no-demand curve."""
    return list(_curve(terms, (), points))


def gini(held: Sequence[int]) -> Fraction:
    """How unequal amounts are: 0 if all are the same, near 1 if one has everything; 0 of nothing."""
    total, count = sum(held), len(held)
    if not total:
        return Fraction(0)
    below = sum(accumulate(sorted(held)))
    return Fraction(count + 1, count) - Fraction(2 * below, count * total)


# -- prices --------------------------------------------------------------------------------------------------------


def _prices(terms: Terms, moments: Sequence[Moment]) -> Iterator[Price]:
    """The price wherever it turns: at both ends of the sale, before and after each block with orders."""
    reserves = Reserves(terms.collateral, terms.tokens)
    yield terms.price_at(terms.start, *reserves)
    for block, after in moments:
        if block <= terms.end:
            yield terms.price_at(block, *reserves)
            yield terms.price_at(block, *after)
        reserves = after
    yield terms.price_at(terms.end, *reserves)


def _curve(terms: Terms, moments: Sequence[Moment], points: int) -> Iterator[PricePoint]:
    """Prices at evenly spread blocks, each once."""
    reserves, at = Reserves(terms.collateral, terms.tokens), 0
    length = terms.end - terms.start
    for block in dict.fromkeys(terms.start + step * length // (points - 1) for step in range(points)):
        while at < len(moments) and moments[at].block <= block:
            reserves, at = moments[at].reserves, at + 1
        yield PricePoint(block, terms.price_at(block, *reserves))


def _height(price: Price) -> float:
    return price.height


def _largest_fall(prices: Sequence[Price]) -> float:
    """The largest part of a price that was lost until a later one."""
    worst, peak = (prices[0], prices[0]), prices[0]
    for price in prices:
        if price.height > peak.height:
            peak = price
        if price.height * worst[0].height < worst[1].height * peak.height:
            worst = peak, price
    return float(1 - worst[1].exact / worst[0].exact)


def _average(settled: Sequence[Settled]) -> Price | None:
    """All collateral that moved over all tokens that moved."""
    collateral = tokens = 0
    for _, order, fill in settled:
        if order.side is Side.GIVE:
            collateral, tokens = collateral + fill.received, tokens + fill.paid
        else:
            collateral, tokens = collateral + fill.paid, tokens + fill.received
    return Price(collateral, tokens) if tokens else None


# -- traders -------------------------------------------------------------------------------------------------------


def _holdings(course: Course) -> list[int]:
    """The tokens that each account that bought has at the end."""
    held: dict[str, int] = {}
    for _, order, fill in course.settled:
        if fill.error is not None:
            continue
        if order.side is Side.GIVE:
            if order.who in held:
                held[order.who] -= fill.paid
        else:
            held[order.who] = held.get(order.who, course.purses[order.who].tokens) + fill.received
    return list(held.values())


def _failures(settled: Sequence[Settled]) -> dict[str, int]:
    """How many orders failed, by error."""
    counted: dict[str, int] = {}
    for _, _, fill in settled:
        if fill.error is not None:
            counted[fill.error] = counted.get(fill.error, 0) + 1
    return dict(sorted(counted.items()))
