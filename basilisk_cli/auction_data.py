"""An auction's data, made of what people write. Source: spec/auctions.md §1 and §5, validate.

What can only be wrong is refused here, with the value that would be right; all else is the chain's to judge.
"""

from dataclasses import dataclass

from msgspec.structs import replace

from amm.chain_spec import NATIVE
from amm.pallets.auctions import Auctions
from amm.pallets.auctions_types import (
    Auction,
    Candle,
    CandleData,
    CommonData,
    English,
    EnglishData,
    TopUp,
    TopUpData,
)
from amm.values import parse_amount
from basilisk_cli.auctions import clock_of, pallet_of
from basilisk_cli.blocktimes import LAST_BLOCK, BlockClock, length, moment
from basilisk_cli.errors import CliError
from basilisk_cli.metadata import text_of
from basilisk_cli.pieces import Item
from basilisk_cli.session import Session

NONE = "none"
TWO_HOURS = "2h"


@dataclass(frozen=True)
class Wishes:
    """What is written of an auction; None is what is left out."""

    name: str | None = None
    reserve: str | None = None
    first_bid: str | None = None
    start: str | None = None
    duration: str | None = None


@dataclass(frozen=True)
class Terms:
    """What all new data is made with: the pallet's constants, its clock, and the words for amounts."""

    session: Session
    pallet: Auctions
    clock: BlockClock

    def amount(self, text: str) -> int:
        """Raises AmountError."""
        return parse_amount(text, self.session.book, NATIVE)

    def name(self, text: str) -> bytes:
        """Raises CliError for one that is too long."""
        data, most = text.encode(), self.pallet.auctions_string_limit
        if len(data) > most:
            raise CliError(f"the name has {len(data)} bytes, and {most} are allowed at most", "write a shorter one")
        return data

    def later(self, block: int, blocks: int) -> int:
        """Raises CliError beyond the last block that can be written down."""
        if block + blocks > LAST_BLOCK:
            raise CliError("the auction would end after the last block there can be", "let it start earlier")
        return block + blocks


def terms_of(session: Session) -> Terms:
    """Raises CliError for a chain without auctions."""
    pallet = pallet_of(session.read())
    return Terms(session, pallet, clock_of(session, session.best.number))


def new_auction(kind: type[Auction], owner: bytes, item: Item, wishes: Wishes, terms: Terms) -> Auction:
    """What `auction create` sends. Raises CliError or AmountError."""
    clock = terms.clock
    name = wishes.name if wishes.name is not None else _title(item, terms)
    reserve = None if wishes.reserve in (None, NONE) else terms.amount(wishes.reserve or "")
    start = clock.now + clock.step if wishes.start is None else moment(wishes.start, clock)
    blocks = _candle_length(wishes, terms) if kind is Candle else length(wishes.duration or TWO_HOURS, clock)
    data = CommonData(
        terms.name(name),
        reserve,
        None,
        _first_bid(kind, wishes, reserve, terms, terms.pallet.least_bid()),
        start,
        terms.later(start, blocks),
        False,
        owner,
        item.piece.key,
    )
    return _of_kind(kind, data, terms)


def changed(auction: Auction, wishes: Wishes, terms: Terms) -> Auction:
    """What `auction update` sends: the data there is, but for what is written. Raises CliError or AmountError."""
    old, clock, kind = auction.common_data, terms.clock, type(auction)
    reserve = old.reserve_price
    if wishes.reserve is not None:
        reserve = None if wishes.reserve == NONE else terms.amount(wishes.reserve)
    start = old.start if wishes.start is None else moment(wishes.start, clock)
    if kind is Candle:
        blocks = _candle_length(wishes, terms)
    else:
        blocks = old.end - old.start if wishes.duration is None else length(wishes.duration, clock)
    data = replace(
        old,
        name=old.name if wishes.name is None else terms.name(wishes.name),
        reserve_price=reserve,
        next_bid_min=_first_bid(kind, wishes, reserve, terms, old.next_bid_min),
        start=start,
        end=terms.later(start, blocks),
    )
    return _of_kind(kind, data, terms)


def _of_kind(kind: type[Auction], data: CommonData, terms: Terms) -> Auction:
    if kind is English:
        return English(data, EnglishData())
    if kind is TopUp:
        return TopUp(data, TopUpData())
    closing_start = max(0, data.end - terms.pallet.candle_default_closing_period_duration)
    return Candle(data, CandleData(closing_start, None, None))


def _first_bid(kind: type[Auction], wishes: Wishes, reserve: int | None, terms: Terms, otherwise: int) -> int:
    """The least first bid. That of an English auction is its reserve price, or the least there is."""
    if kind is not English:
        return otherwise if wishes.first_bid is None else terms.amount(wishes.first_bid)
    if wishes.first_bid is not None:
        raise CliError("an English auction begins at its reserve price", f'write --reserve "{wishes.first_bid}"')
    return terms.pallet.least_bid() if reserve is None else reserve


def _candle_length(wishes: Wishes, terms: Terms) -> int:
    blocks = terms.pallet.candle_default_duration
    if wishes.duration is not None and length(wishes.duration, terms.clock) != blocks:
        what = f"Candle auctions last {terms.clock.span(blocks)} on this chain"
        raise CliError(what, "leave --duration out; the chain spec sets auctions.candle_default_duration")
    return blocks


def _title(item: Item, terms: Terms) -> str:
    """The name of an auction that is given none: what is written on the item, or its number."""
    text = text_of(item.metadata)
    return text if text and len(item.metadata) <= terms.pallet.auctions_string_limit else str(item.piece)
