"""The market in words and tables: what a sale came to, what is for sale, which offers there are."""

from collections.abc import Sequence
from typing import Any

from amm.outcome import Outcome
from amm.pallets.marketplace import Marketplace
from amm.pallets.marketplace_declared import Offer
from basilisk_cli.blocktimes import BlockClock
from basilisk_cli.listings import Listing, royalty_text
from basilisk_cli.names import Names
from basilisk_cli.receipt import field
from basilisk_cli.render.blocks import Align, Cell, Column, Facts, Styled, Table
from basilisk_cli.session import Session

_MARKET = (
    Column("item"),
    Column("owner"),
    Column("price", Align.POINT),
    Column("seller gets", Align.POINT, extra=True),
    Column("royalty"),
    Column("best offer", Align.POINT),
    Column("of"),
    Column("offers", Align.RIGHT, extra=True),
    Column("state"),
)
_OFFERS = (Column("offer by"), Column("amount", Align.POINT), Column("good"), Column("expires", Align.RIGHT))


def currency_text(units: int, session: Session, names: Names) -> str:
    """An amount of what items are paid with."""
    return names.amount(units, session.read()[Marketplace].paid_in())


def paid_text(outcome: Outcome, session: Session, names: Names) -> str:
    """What a sale cost in all, and who got how much of it if the author did."""
    net = field(outcome, "Marketplace.TokenSold", "price")
    cuts: list[dict[str, Any]] = [fact.fields for fact in outcome.events if fact.event == "RoyaltyPaid"]
    if not cuts:
        return currency_text(net, session, names)
    (cut,) = cuts
    seller = names.account(field(outcome, "Marketplace.TokenSold", "owner"))
    total, parts = (currency_text(units, session, names) for units in (net + cut["royalty_amount"], net))
    royalty = f"{currency_text(cut['royalty_amount'], session, names)} to the author {names.account(cut['author'])}"
    return f"{total}: {parts} to {seller}, {royalty}"


def good_for(expires: int, clock: BlockClock) -> str:
    """Until when an offer can be accepted: the blocks that are left, not counting the one it expires in."""
    left = expires - clock.now
    return f"for {clock.span(left)}" if left > 0 else "no longer"


def market_table(listings: Sequence[Listing], names: Names) -> Table:
    """What is on the market, an item a row."""
    empty = "nothing is on the market: `basilisk market price COLLECTION/ITEM '1 KSM'` puts an item there"
    return Table(_MARKET, [_row(each, names) for each in listings], empty=empty)


def offer_table(listing: Listing, clock: BlockClock, names: Names) -> Table:
    """The offers for an item, the highest first."""
    rows = [
        (
            names.account(offer.maker),
            names.amount(offer.amount, listing.currency),
            good_for(offer.expires, clock) if listing.is_good(offer) else Styled("expired", "yellow"),
            offer.expires,
        )
        for offer in listing.offers
    ]
    return Table(_OFFERS, rows, empty="no offers")


def _row(listing: Listing, names: Names) -> tuple[Cell, ...]:
    best, price, currency = listing.best_offer, listing.price, listing.currency
    return (
        str(listing.piece),
        None if listing.owner is None else names.account(listing.owner),
        None if price is None else names.amount(price, currency),
        None if listing.proceeds is None else names.amount(listing.proceeds, currency),
        royalty_text(listing.royalty, names),
        None if best is None else names.amount(best.amount, currency),
        None if best is None else names.account(best.maker),
        len(listing.offers),
        _state(listing),
    )


def listing_facts(listing: Listing, names: Names) -> Facts:
    """An item on the market: state, price, who gets what of it."""
    price, royalty, currency = listing.price, listing.royalty, listing.currency
    rows: list[tuple[str, Cell]] = [
        ("item", str(listing.piece)),
        ("owner", None if listing.owner is None else names.account(listing.owner)),
        ("state", _state(listing)),
        ("price", "not for sale at a price" if price is None else names.amount(price, currency)),
        ("royalty", royalty_text(royalty, names) or "none"),
    ]
    if price is not None and royalty is not None and listing.proceeds not in (None, price):
        author = names.account(royalty.author)
        rows.append(("seller gets", names.amount(price - listing.cut(price), currency)))
        rows.append((f"{author} gets", names.amount(listing.cut(price), currency)))
    best: Offer | None = listing.best_offer
    if best is not None:
        rows.append(("best offer", f"{names.amount(best.amount, currency)} by {names.account(best.maker)}"))
    return Facts(rows)


def _state(listing: Listing) -> str:
    if listing.item is None:
        return "no such item"
    if listing.item.auction is not None:
        return f"in auction {listing.item.auction}"
    return "frozen" if listing.item.details.is_frozen else "free"
