"""LBP pools as commands show them: weights, price, fee phase, and how long there is still. Source: spec/lbp.md."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from amm.book import ChainBook
from amm.pallets.lbp import Lbp, Pool, pool_account
from amm.pallets.lbp_data import MAX_WEIGHT
from amm.simulate.terms import Price
from amm.simulate.units import weight_text
from amm.values import parse_pair
from basilisk_cli.blocktimes import BlockClock, clock_by
from basilisk_cli.errors import CliError
from basilisk_cli.pools import price_of_one
from basilisk_cli.session import Session
from basilisk_cli.written import block_number
from chain.crypto import ss58
from chain.frame import Environment

HOW_TO_CREATE = '`basilisk lbp create "10_000_000 TKN" "20_000 KUSD" --weights 98/2:20/80` makes one'


def clock_of(session: Session, written: str | None = None) -> BlockClock:
    """The clock that sales are dated by: as the next block finds it, or as the one that is named had it."""
    at = block_number(session, written, session.best.number)
    lbp = session.read(at)[Lbp]
    clock = clock_by(session, lbp.block_number_provider, at)
    return clock if written is None else replace(clock, now=lbp.now())


@dataclass(frozen=True)
class Sale:
    """An LBP pool at one moment. The price is that of the distributed asset in the accumulated one."""

    account: bytes
    pool: Pool
    collateral: int
    tokens: int
    collected: int
    repay_fee: tuple[int, int]
    max_in_ratio: int
    clock: BlockClock

    @property
    def accumulated(self) -> int:
        return self.pool.assets[0]

    @property
    def distributed(self) -> int:
        return self.pool.assets[1]

    @property
    def state(self) -> str:
        """undated, announced, running or ended."""
        now = self.clock.now
        if self.pool.start is None:
            return "undated"
        if self.pool.has_ended(now):
            return "ended"
        return "running" if self.pool.has_started(now) else "announced"

    def weight_at(self, block: int) -> int:
        """The accumulated asset's weight at a block; before the sale its first, after it its last."""
        start, end = self.pool.start, self.pool.end
        if start is None or end is None or block <= start:
            return self.pool.initial_weight
        return self.pool.final_weight if block >= end else self.pool.weights(block)[0]

    def price_at(self, block: int) -> Price:
        """The price at a block, if nobody trades until then."""
        weight = self.weight_at(block)
        return Price(self.collateral * (MAX_WEIGHT - weight), self.tokens * weight)

    @property
    def fee(self) -> tuple[int, int]:
        """The rate of the next trade."""
        return self.repay_fee if self.repaying else self.pool.fee

    @property
    def repaying(self) -> bool:
        return self.collected < self.pool.repay_target

    @property
    def largest_order(self) -> int:
        """The most of the accumulated asset that one order may bring now."""
        return self.collateral // self.max_in_ratio if self.max_in_ratio else 0

    def document(self, book: ChainBook) -> dict[str, Any]:
        """The pool in JSON. `price` is exact, as for other pools: of assets[1] for one of assets[0]."""
        pool, now = self.pool, self.clock.now
        price = self.price_at(now)
        return {
            "kind": "lbp",
            "account": ss58.encode(self.account),
            "assets": [
                {"id": asset, "symbol": book.symbol(asset), "reserve": reserve}
                for asset, reserve in zip(pool.assets, (self.collateral, self.tokens), strict=True)
            ],
            "price": [price.denominator, price.numerator],
            "state": self.state,
            "owner": ss58.encode(pool.owner),
            "start": pool.start,
            "end": pool.end,
            "now": now,
            "weights": {"initial": pool.initial_weight, "now": self.weight_at(now), "final": pool.final_weight},
            "fee": list(pool.fee),
            "fee_now": list(self.fee),
            "fee_collector": ss58.encode(pool.fee_collector),
            "repay_target": pool.repay_target,
            "collected": self.collected,
        }


def list_sales(session: Session, at: str | None = None) -> list[Sale]:
    """All LBP pools, by their assets."""
    state, clock = session.read(None if at is None else block_number(session, at, 0)), clock_of(session, at)
    return sorted(_sales(state, clock), key=lambda sale: sorted(sale.pool.assets))


def find_sale(session: Session, text: str, at: str | None = None) -> Sale:
    """The LBP pool of `A/B`, in either order. Raises AssetError, or CliError with the pools there are."""
    a, b = parse_pair(text, session.book)
    found = sale_of(session.read(None if at is None else block_number(session, at, 0)), a, b, clock_of(session, at))
    if found is None:
        pools = [pair(sale, session.book) for sale in list_sales(session, at)]
        hint = f"there is {', '.join(pools)}" if pools else HOW_TO_CREATE
        raise CliError(f"there is no LBP pool of {text}", hint)
    return found


def sale_of(state: Environment, a: int, b: int, clock: BlockClock) -> Sale | None:
    """The LBP pool of two assets in a state, if there is one."""
    lbp, account = state[Lbp], pool_account(a, b)
    pool = lbp.pool_data.get(account)
    return None if pool is None else _sale(lbp, account, pool, clock)


def pair(sale: Sale, book: ChainBook) -> str:
    """`TKN/KUSD`: what is sold, then what for."""
    return "/".join(book.symbol(asset) or str(asset) for asset in (sale.distributed, sale.accumulated))


def account_name(sale: Sale, book: ChainBook) -> str:
    """`@lbp:TKN/KUSD`."""
    return f"@lbp:{pair(sale, book)}"


def price_text(price: Price, accumulated: int, distributed: int, book: ChainBook) -> str:
    """`1 TKN = 0.098 KUSD`."""
    return price_of_one(*price, accumulated, distributed, book) if price[1] else "none: nothing is left"


def weights_text(sale: Sale, block: int) -> str:
    """`59.3/40.7`, of token and collateral at a block."""
    return weight_text(sale.weight_at(block))


def time_text(sale: Sale) -> str:
    """How long until the sale starts, or ends, or how long ago that was."""
    pool, clock = sale.pool, sale.clock
    if pool.start is None or pool.end is None:
        return "no dates yet"
    match sale.state:
        case "announced":
            return f"starts in {clock.time(pool.start - clock.now)}, lasts {clock.time(pool.end - pool.start)}"
        case "running":
            return f"{clock.time(pool.end - clock.now)} left of {clock.time(pool.end - pool.start)}"
        case _:
            return f"ended {clock.time(clock.now - pool.end)} ago"


def _sales(state: Environment, clock: BlockClock) -> Iterator[Sale]:
    lbp = state[Lbp]
    for account, pool in lbp.pool_data.items():
        yield _sale(lbp, account, pool, clock)


def _sale(lbp: Lbp, account: bytes, pool: Pool, clock: BlockClock) -> Sale:
    collateral, tokens = lbp.reserves(*pool.assets)
    return Sale(account, pool, collateral, tokens, lbp.collected(pool), lbp.repay_fee, lbp.max_in_ratio, clock)
