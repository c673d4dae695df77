"""Auctions in words and tables: who leads, how long there is still, who gets what back."""

from collections.abc import Sequence

from amm.chain_spec import NATIVE
from amm.pallets.auctions_types import Candle, English, TopUp
from basilisk_cli.auction_past import Ending, Past
from basilisk_cli.auctions import Sale, State
from basilisk_cli.names import Names
from basilisk_cli.render.blocks import Align, Block, Cell, Column, Facts, Styled, Table

_STYLES = {State.running: "green", State.ended: "yellow"}
_BIDS = (Column("block", Align.RIGHT), Column("bid by"), Column("amount", Align.POINT), Column("above the last"))
_RANGES = (Column("if drawn in"), Column("blocks"), Column("wins"), Column("chance", Align.RIGHT))
MOST_BIDS = 30


def money(units: int, names: Names) -> str:
    """An amount of what auctions are paid with."""
    return names.amount(units, NATIVE)


def sale_table(sales: Sequence[Sale], names: Names, me: bytes) -> Table:
    """Auctions, one a row."""
    columns = (
        Column("id", Align.RIGHT),
        Column("kind", extra=True),
        Column("item"),
        Column("seller", extra=True),
        Column("state", extra=True),
        Column("leading bid", Align.POINT),
        Column("by"),
        Column("next bid", Align.POINT),
        Column("time left"),
        Column("your part"),
    )
    rows = [
        (
            sale.id,
            sale.kind,
            str(sale.piece),
            names.account(sale.data.owner),
            Styled(sale.state.value, _STYLES.get(sale.state, "")),
            sale.data.last_bid and money(sale.data.last_bid[1], names),
            sale.data.last_bid and names.account(sale.data.last_bid[0]),
            money(sale.next_bid, names) if sale.state in (State.created, State.running) else None,
            time_text(sale),
            part_text(sale, me, names),
        )
        for sale in sales
    ]
    empty = "no auctions: `basilisk auction create english 1000000/1` makes one"
    return Table(columns, rows, empty=empty)


def time_text(sale: Sale) -> str | None:
    """How long until it starts or ends; None when it is closed."""
    left = sale.clock.span(sale.blocks_left or 0)
    match sale.state:
        case State.created:
            return f"starts in {left}"
        case State.running:
            return left
        case State.ended:
            return "over, to be closed"
    return None


def part_text(sale: Sale, who: bytes, names: Names) -> str | None:
    """What somebody has in an auction, or gets back of it."""
    if sale.refund(who):
        return f"{money(sale.refund(who), names)} back"
    if sale.data.owner == who:
        return None if sale.is_removed else "you sell"
    return f"{money(sale.stake(who), names)} in" if sale.stake(who) else None


def to_do(sale: Sale, who: bytes, names: Names) -> str | None:
    """What somebody may want to do about an auction now."""
    if sale.state is State.ended:
        return f"Auction {sale.id} is over: `basilisk auction close {sale.id}` settles it."
    if sale.refund(who):
        claim = f"`basilisk auction claim {sale.id} {names.account(who)}`"
        return f"{names.account(who)} can claim {money(sale.refund(who), names)}: {claim}."
    return None


def doubts(sale: Sale, bid: int, who: bytes, names: Names) -> str | None:
    """Why the chain would refuse a bid."""
    match sale.state:
        case State.created:
            return f"auction {sale.id} {time_text(sale)}"
        case State.ended | State.closed:
            return f"auction {sale.id} is over"
    if sale.data.owner == who:
        return "the seller cannot bid"
    return f"the next bid is {money(sale.next_bid, names)} at least" if bid < sale.next_bid else None


def sale_facts(sale: Sale, past: Past, names: Names) -> Facts:
    """All that is known of an auction."""
    data, unit = sale.data, sale.clock.unit
    rows: list[tuple[str, Cell]] = [
        ("auction", f"{sale.id}, {sale.kind}"),
        ("name", sale.name),
        ("item", str(sale.piece)),
        ("seller", names.account(data.owner)),
        ("state", Styled(sale.state.value, _STYLES.get(sale.state, ""))),
        *([("time left", time_text(sale))] if time_text(sale) else []),
        ("runs", f"{unit}s {data.start} to {data.end - 1}{_next(sale)}"),
    ]
    if isinstance(sale.auction, Candle):
        rows += _candle_facts(sale, names)
    else:
        rows.append(("reserve price", _reserve(sale, names)))
    if data.last_bid is not None:
        rows.append(("leading bid", f"{money(data.last_bid[1], names)} by {names.account(data.last_bid[0])}"))
    if sale.state in (State.created, State.running):
        rows.append(("next bid", f"{money(sale.next_bid, names)} at least"))
    if not sale.is_removed:
        rows.append(("held", f"{money(sale.pot, names)} on @auction:{sale.id}"))
    if past.ending is not None:
        rows.append(("ending", ending_text(sale, past.ending, names)))
    return Facts(rows)


def _next(sale: Sale) -> str:
    return f"; the next one is {sale.clock.now}" if sale.state in (State.created, State.running) else ""


def _candle_facts(sale: Sale, names: Names) -> list[tuple[str, Cell]]:
    assert isinstance(sale.auction, Candle)
    drawn, last = sale.auction.specific_data, sale.candle.ranges - 1
    now = "" if sale.range_now is None else f"; a bid now is in range {sale.range_now}"
    rows: list[tuple[str, Cell]] = [
        ("closes", f"from {sale.clock.unit} {drawn.closing_start} on, in {last} ranges{now}"),
    ]
    if drawn.winning_closing_range is not None:
        winner = "nobody had bid by then" if drawn.winner is None else f"{names.account(drawn.winner)} was highest"
        rows.append(("drawn", f"range {drawn.winning_closing_range}: {winner}"))
    return rows


def _reserve(sale: Sale, names: Names) -> str:
    if sale.data.reserve_price is None:
        return "none"
    price = money(sale.data.reserve_price, names)
    if isinstance(sale.auction, English):
        return f"{price}, the first bid"
    return f"{price}, {'reached' if sale.reserve_is_reached else 'not reached'} by the last bid"


def ending_text(sale: Sale, ending: Ending, names: Names) -> str:
    """How an auction ended."""
    seller = names.account(sale.data.owner)
    if ending.destroyed:
        return f"called off by {seller} in block {ending.block}"
    if ending.winner is not None:
        winner = names.account(ending.winner)
        return f"closed in block {ending.block}: {winner} got {sale.piece}, {seller} {money(ending.paid, names)}"
    why = "nobody bid"
    if sale.data.last_bid is not None:
        why = "the reserve price was not reached" if isinstance(sale.auction, TopUp) else "nobody had bid by the draw"
    return f"closed in block {ending.block}: {why}, {seller} keeps {sale.piece}"


def tables(sale: Sale, past: Past, names: Names) -> list[Block]:
    """The bids, the bidders, and of a Candle auction the ranges."""
    found: list[Block] = [bid_table(past, names)]
    if past.bids:
        found.append(bidder_table(sale, past, names))
    if isinstance(sale.auction, Candle) and past.bids:
        found.append(range_table(sale, names))
    return found


def bid_table(past: Past, names: Names) -> Table:
    """The bids in their order."""
    rows, last = [], 0
    for bid in past.bids:
        above = f"+{money(bid.amount - last, names)}" if last else None
        rows.append((bid.block, names.account(bid.bidder), money(bid.amount, names), above))
        last = bid.amount
    return Table(_BIDS, rows, empty="no bids", most=MOST_BIDS)


def bidder_table(sale: Sale, past: Past, names: Names) -> Table:
    """What each bidder bid, has in the auction, and gets back."""
    highest = {bid.bidder: bid.amount for bid in past.bids}
    columns = (
        Column("bidder"),
        Column("highest bid", Align.POINT),
        Column("held", Align.POINT),
        Column("and then"),
    )
    rows = [
        (names.account(who), money(amount, names), money(sale.stake(who), names), _fate(sale, past, who, names))
        for who, amount in sorted(highest.items(), key=lambda entry: -entry[1])
    ]
    return Table(columns, rows)


def _fate(sale: Sale, past: Past, who: bytes, names: Names) -> str:
    """What becomes of a bidder's money, or became of it."""
    ending, leads = past.ending, sale.data.last_bid is not None and sale.data.last_bid[0] == who
    if ending is not None:
        if ending.winner == who:
            return f"won {sale.piece}"
        if ending.winner is not None and isinstance(sale.auction, TopUp):
            return "went to the seller"
        if sale.refund(who):
            return f"`basilisk auction claim {sale.id} {names.name(who) or 'BIDDER'}`"
        return "was paid back"
    match sale.auction:
        case English():
            return "leads" if leads else "was paid back"
        case TopUp():
            sold = "goes to the seller" if sale.reserve_is_reached else "comes back, as it stands"
            return f"leads; {sold}" if leads else sold
    return "leads; the draw decides" if leads else "the draw decides"


def range_table(sale: Sale, names: Names) -> Table:
    """Who wins a Candle auction if the draw falls where."""
    rows = []
    for span in sale.spans:
        first, last = sale.blocks_of(span)
        part = 100 * (span.last - span.first + 1) / (sale.candle.ranges - 1)
        winner = "nobody" if span.bidder is None else names.account(span.bidder)
        ranges = f"range {span.first}" if span.first == span.last else f"ranges {span.first}–{span.last}"
        rows.append((ranges, f"{first}–{last}", winner, f"{part:.1f} %"))
    return Table(_RANGES, rows)
