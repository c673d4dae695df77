"""Looking back: a pool's price over the blocks."""

from dataclasses import dataclass
from typing import Any

from amm.book import ChainBook
from basilisk_cli.errors import CliError
from basilisk_cli.pools import Pool, digits, human_price, pool_of
from basilisk_cli.session import Session
from chain.primitives.errors import Failure


@dataclass(frozen=True)
class Point:
    """The price after a block: as a fraction of base units, and as people read it."""

    block: int
    price: tuple[int, int]
    text: str
    height: float
    """For drawing only."""


@dataclass(frozen=True)
class Series:
    """Prices of `of` in `priced_in`, oldest first."""

    title: str
    of: int
    priced_in: int
    points: list[Point]

    def document(self) -> dict[str, Any]:
        """In JSON: base units of `priced_in` for one of `of`."""
        return {
            "of": self.of,
            "in": self.priced_in,
            "points": [{"block": point.block, "price": list(point.price)} for point in self.points],
        }


def price_series(session: Session, assets: tuple[int, int], first: int, last: int, most: int) -> Series:
    """The price after each of at most `most` blocks, evenly spread, that had the pool. Raises CliError."""
    if first > last:
        raise CliError(f"block {first} comes after block {last}", "--from names the earlier one")
    book = session.book
    seen = [(block, _pool_at(session, block, assets, book)) for block in _spread(first, last, most)]
    pools = [(block, pool) for block, pool in seen if pool is not None]
    of, priced_in = _way_round(pools[-1][1], book) if pools else assets
    points = []
    for block, pool in pools:
        price = pool.reserve(priced_in), pool.reserve(of)
        shown = human_price(*price, priced_in, of, book)
        if shown is not None:
            points.append(Point(block, price, f"{digits(shown)} {book.symbol(priced_in) or priced_in}", float(shown)))
    title = f"{book.symbol(priced_in) or priced_in} for 1 {book.symbol(of) or of}, blocks {first} to {last}"
    return Series(title, of, priced_in, points)


def _way_round(pool: Pool, book: ChainBook) -> tuple[int, int]:
    """Asset and the one it is priced in, so that the price is at least one now."""
    a, b = pool.assets
    price = human_price(pool.reserves[1], pool.reserves[0], b, a, book)
    return (a, b) if price is not None and price >= 1 else (b, a)


def _spread(first: int, last: int, most: int) -> list[int]:
    """At most `most` numbers from `first` to `last`, both included."""
    count = last - first + 1
    if count <= most:
        return list(range(first, last + 1))
    return [first + step * (count - 1) // (most - 1) for step in range(most)]


def _pool_at(session: Session, block: int, assets: tuple[int, int], book: ChainBook) -> Pool | None:
    try:
        return pool_of(session.read(block), *assets, book)
    except (CliError, Failure):
        return None
