"""Looking back at a sale: the price so far, against the one it would have had if nobody had traded."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from amm.book import ChainBook
from amm.pallets.lbp import Lbp
from amm.simulate.terms import Price
from basilisk_cli.errors import CliError
from basilisk_cli.launches import Sale, pair, sale_of
from basilisk_cli.price_files import UNSOLD, PriceCurve, Scale, Spot
from basilisk_cli.render.curves import Axes
from basilisk_cli.session import Session
from chain.crypto import ss58

POINTS = 241


@dataclass(frozen=True)
class Past:
    """A sale's prices at evenly spread blocks: those that were, up to now, and all of the no-demand curve."""

    sale: Sale
    so_far: PriceCurve
    unsold: PriceCurve
    scale: Scale
    axes: Axes

    @property
    def curves(self) -> list[PriceCurve]:
        return [self.unsold, *([self.so_far] if self.so_far.spots else [])]

    def document(self) -> dict[str, Any]:
        """In JSON: base units of the accumulated asset for one of the distributed."""
        sale = self.sale
        return {
            "account": ss58.encode(sale.account),
            "of": sale.distributed,
            "in": sale.accumulated,
            "start": sale.pool.start,
            "end": sale.pool.end,
            "now": sale.clock.now,
            "points": [{"block": spot.block, "price": list(spot.price)} for spot in self.so_far.spots],
            "if_nobody_buys": [{"block": spot.block, "price": list(spot.price)} for spot in self.unsold.spots],
        }


def past_of(session: Session, sale: Sale, points: int = POINTS) -> Past:
    """Raises CliError for a sale without dates."""
    book, start, end = session.book, sale.pool.start, sale.pool.end
    if start is None or end is None:
        name = pair(sale, book)
        raise CliError(
            "this sale has no dates yet", f"give it some: `basilisk lbp update {name} --start +10m --duration 72h`"
        )
    history = _History(session, sale)
    first = history.at(start - 1) or sale
    blocks = [start + step * (end - start) // (points - 1) for step in range(points)]
    unsold = [_spot(sale, block, first.price_at(block)) for block in dict.fromkeys(blocks)]
    passed = [block for block in blocks if block < sale.clock.now]
    if start <= sale.clock.now:
        passed.append(min(sale.clock.now, end))
    so_far = [_spot(sale, block, was.price_at(block)) for block in dict.fromkeys(passed) if (was := history.at(block))]
    names = [book.symbol(asset) or str(asset) for asset in (sale.accumulated, sale.distributed)]
    axes = Axes(f"{names[0]} for 1 {names[1]}", "hours since the start", names[0])
    return Past(sale, PriceCurve("so far", so_far), PriceCurve(UNSOLD, unsold), scale_of(sale, book), axes)


def scale_of(sale: Sale, book: ChainBook) -> Scale:
    """From base units to whole ones."""
    return Scale((book.decimals(sale.distributed) or 0) - (book.decimals(sale.accumulated) or 0))


def _spot(sale: Sale, block: int, price: Price) -> Spot:
    after = block - (sale.pool.start or 0)
    return Spot(block, after * sale.clock.milliseconds / 3_600_000, price)


class _History:
    """The pool as it was, by the clock of its sale."""

    def __init__(self, session: Session, sale: Sale) -> None:
        self._session, self._sale = session, sale
        self._best = session.best.number
        self._clock = cache(self._read_clock)
        self._state = cache(self._read_state)

    def at(self, tick: int) -> Sale | None:
        """The pool after the last block that was not later; None before there was one."""
        low, high = 0, self._best
        if self._clock(high) <= tick:
            return self._state(high)
        while low < high:  # the clock of block `low` is not later, that of the block after `high` is
            middle = (low + high + 1) // 2
            if self._clock(middle) <= tick:
                low = middle
            else:
                high = middle - 1
        return self._state(low)

    def _read_clock(self, block: int) -> int:
        return self._session.read(block)[Lbp].now()

    def _read_state(self, block: int) -> Sale | None:
        return sale_of(self._session.read(block), *self._sale.pool.assets, self._sale.clock)
