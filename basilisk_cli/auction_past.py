"""Looking back at an auction: when it was created, who bid when, how it ended. Ids are never used again."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from amm.pallets.auctions import Auctions
from basilisk_cli.auctions import Sale, clock_of, pallet_of, sale_at, unknown_auction
from basilisk_cli.errors import CliError
from basilisk_cli.explorer import Explored
from basilisk_cli.looking_back import changes, first_that
from basilisk_cli.names import Names
from basilisk_cli.session import Session
from chain.crypto import ss58
from chain.frame import Event
from chain.pallets.balances import Balances


class PastBid(NamedTuple):
    """A bid; `block` by the clock of the auction."""

    block: int
    bidder: bytes
    amount: int


@dataclass(frozen=True)
class Ending:
    """How an auction ended, in which block of the chain; `paid` is what the seller got."""

    block: int
    destroyed: bool
    winner: bytes | None
    paid: int


@dataclass(frozen=True)
class Past:
    """The life of an auction so far; `created` and `removed` are blocks of the chain."""

    created: int
    removed: int | None
    ending: Ending | None
    bids: tuple[PastBid, ...]

    def document(self, names: Names) -> dict[str, Any]:
        """In JSON, base units."""
        ending = self.ending
        return {
            "created_in": self.created,
            "removed_in": self.removed,
            "ending": ending
            and {
                "block": ending.block,
                "destroyed": ending.destroyed,
                "winner": ending.winner and ss58.encode(ending.winner),
                "paid": ending.paid,
            },
            "bids": [
                {"block": bid.block, "bidder": ss58.encode(bid.bidder), "name": names.name(bid.bidder)}
                | {"amount": bid.amount}
                for bid in self.bids
            ],
        }


def find_sale(session: Session, id: int, block: int) -> Sale:
    """An auction as of a block, or as it was last before it was removed. Raises CliError if there was none."""
    sale = sale_at(session, id, block)
    if sale is not None:
        return sale
    created = _created(session, id, block)
    removed = _removed(session, id, created, block)
    last = sale_at(session, id, removed - 1, clock_of(session, block)) if removed and removed > created else None
    if last is None:
        raise CliError(f"auction {id} was created and destroyed in block {created}", "nothing else is known of it")
    return replace(last, is_removed=True)


def find_open_sale(session: Session, id: int) -> Sale:
    """An auction that is there now. Raises CliError, for a removed one with the block that it went in."""
    best = session.best.number
    sale = sale_at(session, id, best)
    if sale is None:
        removed = _removed(session, id, _created(session, id, best), best)
        hint = f"`basilisk auction show {id}` tells how it ended"
        raise CliError(f"auction {id} is settled: it was removed in block {removed}", hint)
    return sale


def past_of(session: Session, sale: Sale, block: int) -> Past:
    """The life of an auction up to a block."""
    created = _created(session, sale.id, block)
    removed = _removed(session, sale.id, created, block)
    last = block if removed is None else removed - 1
    return Past(
        created, removed, _ending(session, sale, created, last, removed), _bids(session, sale.id, created, last)
    )


def _created(session: Session, id: int, block: int) -> int:
    """Raises CliError if there was no such auction up to a block."""

    def known(at: int) -> bool:
        return pallet_of(session.read(at)).next_auction_id.get() > id

    if not known(block):
        raise unknown_auction(session, id, block)
    return first_that(known, -1, block)


def _removed(session: Session, id: int, created: int, block: int) -> int | None:
    """In which block, if it was."""

    def gone(at: int) -> bool:
        return not pallet_of(session.read(at)).auctions.contains(id)

    if not gone(block):
        return None
    return created if gone(created) else first_that(gone, created, block)


def _bids(session: Session, id: int, created: int, last: int) -> tuple[PastBid, ...]:
    """Bids only rise: where two states have the same last bid, there was none between them."""

    def highest(block: int) -> int:
        auction = pallet_of(session.read(block)).auctions.get(id) if block >= created else None
        bid = None if auction is None else auction.common_data.last_bid
        return 0 if bid is None else bid[1]

    return tuple(
        PastBid(event.bid.block_number, event.bidder, event.bid.amount)
        for block in changes(highest, created - 1, last)
        for event in _events(session, block)
        if isinstance(event, Auctions.BidPlaced) and event.auction_id == id
    )


def _ending(session: Session, sale: Sale, created: int, last: int, removed: int | None) -> Ending | None:
    """What the close said, or that the auction was called off."""

    def closed(block: int) -> bool:
        auction = pallet_of(session.read(block)).auctions.get(sale.id)
        return auction is not None and auction.common_data.closed

    if not closed(last) and removed is None:
        return None
    block = first_that(closed, created, last) if closed(last) else removed or last
    events = list(_events(session, block))
    for event in events:
        if isinstance(event, Auctions.AuctionClosed) and event.auction_id == sale.id:
            paid = (
                each.amount
                for each in events
                if isinstance(each, Balances.Transfer) and (each.from_, each.to) == (sale.account, sale.data.owner)
            )
            return Ending(block, False, event.auction_winner, sum(paid))
    return Ending(block, True, None, 0)


def _events(session: Session, block: int) -> Iterator[Event]:
    return (record.event for record in Explored(session, session.header(block)).records)
