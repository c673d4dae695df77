"""Auctions as commands show them: who leads, how long there is still, who gets what back. Source: spec/auctions.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from amm.pallets.auctions import Auctions
from amm.pallets.auctions_candle import closing_range
from amm.pallets.auctions_types import Auction, Candle, CommonData, English, TopUp
from amm.values import MAX_AUCTION
from amm.wording import nearest, short
from basilisk_cli.blocktimes import BlockClock, clock_by
from basilisk_cli.errors import CliError
from basilisk_cli.names import Names
from basilisk_cli.pieces import Piece, there_is
from basilisk_cli.session import Session
from chain.crypto import ss58
from chain.frame import Environment
from chain.pallets.balances import Balances

KINDS: Mapping[str, type[Auction]] = {"english": English, "topup": TopUp, "candle": Candle}
_MOST_DIGITS = 20


class State(StrEnum):
    """Where in its life an auction is (spec §4)."""

    created = "created"
    running = "running"
    ended = "ended"
    closed = "closed"
    removed = "removed"


class Span(NamedTuple):
    """Closing ranges, `first` to `last`, in which a bidder was highest; None: nobody had bid yet."""

    first: int
    last: int
    bidder: bytes | None


@dataclass(frozen=True)
class CandleRules:
    """What the chain says of its Candle auctions, in blocks."""

    duration: int
    period: int
    ranges: int


@dataclass(frozen=True)
class Sale:
    """An auction at one moment; one that is removed is shown as it was last.

    `stakes` is what the bidders have on its account by the pallet's books, `records` who was highest in which closing
    range, `pot` what the account holds.
    """

    id: int
    auction: Auction
    account: bytes
    pot: int
    stakes: Mapping[bytes, int]
    records: Mapping[int, bytes]
    candle: CandleRules
    clock: BlockClock
    is_removed: bool = False

    @property
    def data(self) -> CommonData:
        return self.auction.common_data

    @property
    def piece(self) -> Piece:
        return Piece(*self.data.token)

    @property
    def name(self) -> str:
        return self.data.name.decode(errors="replace")

    @property
    def kind(self) -> str:
        return next(name for name, kind in KINDS.items() if isinstance(self.auction, kind))

    @property
    def state(self) -> State:
        now = self.clock.now
        if self.is_removed:
            return State.removed
        if self.data.closed:
            return State.closed
        if now < self.data.start:
            return State.created
        return State.running if now < self.data.end else State.ended

    @property
    def blocks_left(self) -> int | None:
        """Until it starts, or until it ends; None afterwards."""
        match self.state:
            case State.created:
                return self.data.start - self.clock.now
            case State.running:
                return self.data.end - self.clock.now
        return None

    @property
    def next_bid(self) -> int:
        """The least that the next bid can be."""
        last = 0 if self.data.last_bid is None else self.data.last_bid[1]
        return max(self.data.next_bid_min, last + 1)

    @property
    def reserve_is_reached(self) -> bool:
        """Whether the seller would sell to the last bidder."""
        reserve, last = self.data.reserve_price, self.data.last_bid
        return last is not None and (reserve is None or last[1] >= reserve)

    def stake(self, who: bytes) -> int:
        """What an account has in the auction: nothing, when it was paid out."""
        return 0 if self.is_removed else self.stakes.get(who, 0)

    def refund(self, who: bytes) -> int:
        """What an account can claim now."""
        return self.stake(who) if self.state is State.closed and not isinstance(self.auction, English) else 0

    # -- the draw of a Candle auction ------------------------------------------------------------------------

    @property
    def range_now(self) -> int | None:
        """The closing range that a bid would fall into now."""
        if not isinstance(self.auction, Candle) or self.state is not State.running:
            return None
        start = self.auction.specific_data.closing_start
        return closing_range(self.clock.now, start, self.candle.period, self.candle.ranges)

    @property
    def spans(self) -> list[Span]:
        """Who wins if which range is drawn, so far; nothing for other auctions."""
        return spans_of(self.records, self.candle.ranges) if isinstance(self.auction, Candle) else []

    def blocks_of(self, span: Span) -> tuple[int, int]:
        """The blocks whose bids fall into these ranges; late bids can move the end of the last."""
        assert isinstance(self.auction, Candle)
        start, period, ranges = self.auction.specific_data.closing_start, self.candle.period, self.candle.ranges
        first = self.data.start if span.first == 1 else start - (-span.first * period // ranges)
        if span.last == ranges - 1:
            return first, self.data.end - 1
        return first, start - (-(span.last + 1) * period // ranges) - 1

    # -- for programs ----------------------------------------------------------------------------------------

    def document(self, names: Names, me: bytes) -> dict[str, Any]:
        """In JSON: base units of the native currency, blocks of the clock that auctions count in."""
        data, left = self.data, self.blocks_left
        return {
            "auction": self.id,
            "kind": self.kind,
            "state": self.state.value,
            "name": self.name,
            "collection": self.piece.collection,
            "item": self.piece.item,
            "owner": ss58.encode(data.owner),
            "reserve_price": data.reserve_price,
            "last_bid": data.last_bid and {**_person(data.last_bid[0], names), "amount": data.last_bid[1]},
            "next_bid": self.next_bid,
            "start": data.start,
            "end": data.end,
            "now": self.clock.now,
            "blocks_left": left,
            "seconds_left": None if left is None else self.clock.seconds(left),
            "account": ss58.encode(self.account),
            "pot": self.pot,
            "candle": self._candle_document(names),
            "bidders": [
                {**_person(who, names), "reserved": self.stake(who), "refund": self.refund(who)}
                for who in sorted(self.stakes)
            ],
            "yours": {**_person(me, names), "reserved": self.stake(me), "refund": self.refund(me)},
        }

    def _candle_document(self, names: Names) -> dict[str, Any] | None:
        if not isinstance(self.auction, Candle):
            return None
        drawn = self.auction.specific_data
        return {
            "closing_start": drawn.closing_start,
            "ranges": self.candle.ranges,
            "range_now": self.range_now,
            "drawn": drawn.winning_closing_range,
            "winner": drawn.winner and ss58.encode(drawn.winner),
            "highest": [
                {"from": span.first, "to": span.last, **_person(span.bidder, names)}
                for span in self.spans
                if span.bidder is not None
            ],
        }


def spans_of(records: Mapping[int, bytes], ranges: int) -> list[Span]:
    """All closing ranges, 1 to `ranges` − 1, by who wins if one of them is drawn."""
    spans = [Span(1, ranges - 1, None)]
    for first, bidder in sorted(records.items()):
        last = spans.pop()
        if last.bidder != bidder and last.first < first:
            spans.append(last._replace(last=first - 1))
        spans.append(Span(last.first if last.bidder == bidder else first, ranges - 1, bidder))
    return spans


def _person(who: bytes, names: Names) -> dict[str, str | None]:
    return {"bidder": ss58.encode(who), "name": names.name(who)}


# -- looking ---------------------------------------------------------------------------------------------------------


def pallet_of(state: Environment) -> Auctions:
    """Raises CliError for a chain without auctions."""
    pallet = state.find(Auctions)
    if pallet is None:
        raise CliError(
            "this chain has no auctions", "list auctions under `pallets:` in its spec, as the local chain does"
        )
    return pallet


def parse_auction(text: str) -> int:
    """The id of an auction, also as `@auction:0`. Raises CliError."""
    digits = text.removeprefix("@auction:").replace("_", "")
    if not digits.isdecimal() or not digits.isascii() or len(digits) > _MOST_DIGITS:
        raise CliError(f"{short(text)!r} is no auction", "write its number, as in 0")
    if int(digits) > MAX_AUCTION:
        raise CliError(f"{digits}: an auction id out of range", f"ids go from 0 to {MAX_AUCTION}")
    return int(digits)


def parse_kind(text: str) -> type[Auction]:
    """Raises CliError with the nearest kind."""
    kind = KINDS.get(text.casefold())
    if kind is None:
        raise CliError(f"{short(text)!r} is no kind of auction", nearest(text, KINDS))
    return kind


def clock_of(session: Session, after: int) -> BlockClock:
    """The clock that auctions count in. Raises CliError for a chain without auctions."""
    return clock_by(session, pallet_of(session.read(after)).block_number_provider, after)


def sale_at(session: Session, id: int, block: int, clock: BlockClock | None = None) -> Sale | None:
    """An auction as the state after a block has it."""
    state = session.read(block)
    pallet = pallet_of(state)
    auction = pallet.auctions.get(id)
    if auction is None:
        return None
    account = pallet.account_of(id)
    return Sale(
        id,
        auction,
        account,
        state[Balances].free_balance(account),
        {who: amount for who, of, amount in pallet.reserved_amounts.items() if of == id},
        {range_: who for _, range_, who in pallet.highest_bidders_by_auction_closing_range.items(id)},
        CandleRules(
            pallet.candle_default_duration,
            pallet.candle_default_closing_period_duration,
            pallet.candle_default_closing_ranges_count,
        ),
        clock or clock_of(session, block),
    )


def list_sales(session: Session, block: int) -> list[Sale]:
    """The auctions that are there after a block, by their ids."""
    ids = sorted(id for id, _ in pallet_of(session.read(block)).auctions.items())
    found = (sale_at(session, id, block) for id in ids)
    return [sale for sale in found if sale is not None]


def unknown_auction(session: Session, id: int, block: int) -> CliError:
    """There never was such an auction; which there are."""
    known = [each for each, _ in pallet_of(session.read(block)).auctions.items()]
    hint = there_is(id, known) or "make one: `basilisk auction create english 1000000/1`"
    return CliError(f"there is no auction {id}", hint)
