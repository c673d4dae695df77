"""Where a pair is traded: in which kind of pool, what a trade comes to there, and the call that makes it.

Sources: spec/xyk.md and spec/lbp.md, Calls.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from amm.outcome import Outcome
from amm.pallets.xyk import Xyk
from basilisk_cli import launches, pools
from basilisk_cli.errors import CliError
from basilisk_cli.quotes import Quote
from basilisk_cli.session import Session
from basilisk_cli.venue_lbp import LbpVenue
from basilisk_cli.venue_xyk import XykVenue
from chain.frame import Call


class Via(StrEnum):
    """The kinds of pools, and the router over them."""

    xyk = "xyk"
    lbp = "lbp"
    stableswap = "stableswap"
    router = "router"


class Venue(Protocol):
    """A pool that a pair is traded in, as the next block will find it."""

    via: str
    pair: str
    """`BSX/KSM`, in the pool's own order."""
    account: bytes

    def sell(self, asset_in: int, asset_out: int, amount: int) -> Quote:
        """What selling exactly `amount` gives. Raises the pallet's errors, or CliError, for what cannot be sold."""

    def buy(self, asset_in: int, asset_out: int, amount: int) -> Quote:
        """What buying exactly `amount` costs. Raises likewise."""

    def call(self, side: str, asset_in: int, asset_out: int, amount: int, limit: int, discount: bool) -> Call:
        """The extrinsic's call. Raises CliError for a discount that this kind of pool does not give."""

    def paid(self, outcome: Outcome) -> int:
        """What a purchase cost, the fee included."""

    def facts(self) -> list[tuple[str, str]]:
        """What a quote says of the pool."""

    @property
    def caution(self) -> str:
        """What may move the price before the next block; nothing if only other trades do."""


def venue_of(session: Session, a: int, b: int, via: Via | None) -> Venue:
    """The pool of two assets: of the kind that is named, or the only one. Raises CliError."""
    if via is not None and via not in _KINDS:
        raise CliError(
            f"nothing is traded via {via} on this chain: its runtime has no such pallet",
            f"give --via {' or --via '.join(_KINDS)}, or leave it out where a pair has one pool",
        )
    found = [venue for kind, find in _KINDS.items() if via in (None, kind) and (venue := find(session, a, b))]
    pair = f"{pools.symbol(a, session.book)}/{pools.symbol(b, session.book)}"
    if a == b:
        raise CliError(f"{pools.symbol(a, session.book)} is not traded for itself", "name another asset on one side")
    if not found:
        kind = f"{via.upper()} pool" if via else "pool"
        raise CliError(f"there is no {kind} of {pair}", _other_pools(session, a, b, via))
    if len(found) > 1:
        kinds = [venue.via for venue in found]
        what = f"{pair} has {' and '.join(f'an {kind.upper()} pool' for kind in kinds)}"
        raise CliError(what, f"say which one: --via {' or --via '.join(kinds)}")
    return found[0]


def _other_pools(session: Session, a: int, b: int, via: Via | None) -> str:
    """The pools that there are: of another kind, else with one of the assets, else any."""
    listed = [(pool.assets, "xyk", pools.pair(pool, session.book)) for pool in pools.list_pools(session.read())]
    listed += [(sale.pool.assets, "lbp", launches.pair(sale, session.book)) for sale in launches.list_sales(session)]
    near = [row for row in listed if set(row[0]) == {a, b}] or [row for row in listed if {a, b} & {*row[0]}] or listed
    if not near:
        return launches.HOW_TO_CREATE if via is Via.lbp else 'make one: `basilisk pool create "100 BSX" "1 KSM"`'
    return "there is " + ", ".join(f"{pair} (--via {kind})" for _, kind, pair in near)


def _xyk(session: Session, a: int, b: int) -> Venue | None:
    state = session.read()
    return XykVenue(session, pools.pool_of(state, a, b, session.book)) if state[Xyk].exists(a, b) else None


def _lbp(session: Session, a: int, b: int) -> Venue | None:
    sale = launches.sale_of(session.read(), a, b, launches.clock_of(session))
    return None if sale is None else LbpVenue(session, sale)


_KINDS: dict[Via, Callable[[Session, int, int], Venue | None]] = {Via.xyk: _xyk, Via.lbp: _lbp}
