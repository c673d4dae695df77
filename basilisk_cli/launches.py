"""LBP pools as commands show them: weights, price, fee phase, and how long there is still. Source: spec/lbp.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from amm.book import ChainBook
from amm.pallets.clock import RELAY
from amm.pallets.lbp import Lbp, Pool, pool_account
from amm.pallets.lbp_data import MAX_WEIGHT
from amm.simulate.terms import Price
from amm.simulate.units import duration_text, weight_text
from amm.values import parse_pair
from basilisk_cli.errors import CliError
from basilisk_cli.pools import digits, human_price
from basilisk_cli.session import Session
from basilisk_cli.written import block_number
from chain.crypto import ss58
from chain.frame import Environment
from chain.pallets.aura import Aura
from chain.relay.parameters import SLOT_MS

HOW_TO_CREATE = '`basilisk lbp create "10_000_000 TKN" "20_000 KUSD" --weights 98/2:20/80` makes one'


@dataclass(frozen=True)
class Ticks:
    """The blocks that sales are dated in. `now` is where the next block will find itself."""

    now: int
    milliseconds: int
    relay: bool

    def blocks(self, seconds: int) -> int:
        """The blocks in which that much time has passed."""
        return -(-seconds * 1000 // self.milliseconds)

    def time(self, blocks: int) -> str:
        """How long blocks take: `2d 03:00:00`."""
        return duration_text(blocks * self.milliseconds // 1000)

    @property
    def unit(self) -> str:
        return "relay block" if self.relay else "block"


def ticks_of(session: Session, written: str | None = None) -> Ticks:
    """The clock of the next block, or of the one that is named."""
    state = session.read(None if written is None else block_number(session, written, 0))
    lbp = state[Lbp]
    relay = lbp.block_number_provider == RELAY
    milliseconds = SLOT_MS if relay else state[Aura].slot_duration
    if written is not None:
        return Ticks(lbp.now(), milliseconds, relay)
    return Ticks(_next_relay_parent(session) if relay else session.best.number + 1, milliseconds, relay)


def _next_relay_parent(session: Session) -> int:
    """The relay chain's head, or the block after it where a candidate would be dropped at a session's end."""
    head = session.relay_head.number
    return head + 1 if (head + 1) % session.validators.parameters.session_length == 0 else head


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
    ticks: Ticks

    @property
    def accumulated(self) -> int:
        return self.pool.assets[0]

    @property
    def distributed(self) -> int:
        return self.pool.assets[1]

    @property
    def state(self) -> str:
        """undated, announced, running or ended."""
        now = self.ticks.now
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
        pool, now = self.pool, self.ticks.now
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
    state, ticks = session.read(None if at is None else block_number(session, at, 0)), ticks_of(session, at)
    return sorted(_sales(state, ticks), key=lambda sale: sorted(sale.pool.assets))


def find_sale(session: Session, text: str, at: str | None = None) -> Sale:
    """The LBP pool of `A/B`, in either order. Raises AssetError, or CliError with the pools there are."""
    a, b = parse_pair(text, session.book)
    found = sale_of(session.read(None if at is None else block_number(session, at, 0)), a, b, ticks_of(session, at))
    if found is None:
        pools = [pair(sale, session.book) for sale in list_sales(session, at)]
        hint = f"there is {', '.join(pools)}" if pools else HOW_TO_CREATE
        raise CliError(f"there is no LBP pool of {text}", hint)
    return found


def sale_of(state: Environment, a: int, b: int, ticks: Ticks) -> Sale | None:
    """The LBP pool of two assets in a state, if there is one."""
    lbp, account = state[Lbp], pool_account(a, b)
    pool = lbp.pool_data.get(account)
    return None if pool is None else _sale(lbp, account, pool, ticks)


def pair(sale: Sale, book: ChainBook) -> str:
    """`TKN/KUSD`: what is sold, then what for."""
    return "/".join(book.symbol(asset) or str(asset) for asset in (sale.distributed, sale.accumulated))


def account_name(sale: Sale, book: ChainBook) -> str:
    """`@lbp:TKN/KUSD`."""
    return f"@lbp:{pair(sale, book)}"


def price_text(price: Price, accumulated: int, distributed: int, book: ChainBook) -> str:
    """`1 TKN = 0.098 KUSD`."""
    shown = human_price(*price, accumulated, distributed, book)
    of, in_ = (book.symbol(asset) or str(asset) for asset in (distributed, accumulated))
    return "none: nothing is left" if shown is None else f"1 {of} = {digits(shown)} {in_}"


def weights_text(sale: Sale, block: int) -> str:
    """`59.3/40.7`, of token and collateral at a block."""
    return weight_text(sale.weight_at(block))


def time_text(sale: Sale) -> str:
    """How long until the sale starts, or ends, or how long ago that was."""
    pool, ticks = sale.pool, sale.ticks
    if pool.start is None or pool.end is None:
        return "no dates yet"
    match sale.state:
        case "announced":
            return f"starts in {ticks.time(pool.start - ticks.now)}, lasts {ticks.time(pool.end - pool.start)}"
        case "running":
            return f"{ticks.time(pool.end - ticks.now)} left of {ticks.time(pool.end - pool.start)}"
        case _:
            return f"ended {ticks.time(ticks.now - pool.end)} ago"


def _sales(state: Environment, ticks: Ticks) -> Iterator[Sale]:
    lbp = state[Lbp]
    for account, pool in lbp.pool_data.items():
        yield _sale(lbp, account, pool, ticks)


def _sale(lbp: Lbp, account: bytes, pool: Pool, ticks: Ticks) -> Sale:
    collateral, tokens = lbp.reserves(*pool.assets)
    return Sale(account, pool, collateral, tokens, lbp.collected(pool), lbp.repay_fee, lbp.max_in_ratio, ticks)
