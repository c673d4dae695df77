"""Where the live marketplace may surprise. Source: spec/nft-marketplace.md §3, "Live behaviour that surprises"."""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

import typer

from amm.pallets.marketplace import Marketplace
from amm.pallets.uniques import Uniques
from basilisk_cli.listings import Listing, listing_of
from basilisk_cli.looking_back import begun
from basilisk_cli.names import Names
from basilisk_cli.output import screen
from basilisk_cli.pieces import Piece
from basilisk_cli.session import Session


class Kind(StrEnum):
    """What a surprise is about."""

    no_item = "no_item"
    old_price = "old_price"
    free = "free"
    price_stays = "price_stays"
    frozen = "frozen"
    own_offer = "own_offer"
    expired_offer = "expired_offer"


class Surprise(NamedTuple):
    kind: Kind
    text: str

    def document(self) -> dict[str, str]:
        return {"kind": self.kind.value, "text": self.text}


AFTER_A_MOVE = (Kind.no_item, Kind.old_price, Kind.own_offer)
"""What one should know when an item has just changed hands, or been burned."""


def surprises_of(listing: Listing, session: Session, names: Names) -> list[Surprise]:
    """What may surprise about an item on the market, the gravest first."""
    found = (_of_absence(listing), _of_the_price(listing, session, names), _of_freezing(listing))
    return [Surprise(*each) for kinds in (*found, _of_offers(listing, names)) for each in kinds]


def warn_of_leftovers(ctx: typer.Context, session: Session, piece: Piece) -> None:
    """Say on standard error what stays on the market of an item that has just moved."""
    listing = listing_of(session.read(), piece, session.best.number + 1)
    for surprise in surprises_of(listing, session, Names(session)):
        if surprise.kind in AFTER_A_MOVE:
            screen(ctx).note(surprise.text)


Found = Iterator[tuple[Kind, str]]


def _of_absence(listing: Listing) -> Found:
    left = [
        *(["the price"] if listing.price is not None else []),
        *([_count(len(listing.offers), "offer")] if listing.offers else []),
        *(["the royalty"] if listing.royalty is not None else []),
    ]
    if listing.item is None and left:
        stay = " and ".join([", ".join(left[:-1]), left[-1]] if len(left) > 1 else left)
        yield Kind.no_item, f"There is no item {listing.piece}; on the market {stay} stay, for when it is minted."


def _of_the_price(listing: Listing, session: Session, names: Names) -> Found:
    if listing.price is None or listing.owner is None:
        return
    piece, owner, price = listing.piece, names.account(listing.owner), names.amount(listing.price, listing.currency)
    since = price_older_than_ownership(listing, session)
    if since is not None:
        text = f"The price of {price} is older than {owner}'s ownership, which began in block {since}: "
        take_back = f"`basilisk market price {piece} none --as {_signer(names, listing.owner)}`"
        yield Kind.old_price, f"{text}anybody can buy {piece} at it until {take_back} takes it back."
    if listing.price == 0:
        yield Kind.free, f"Zero is a price: whoever comes first gets {piece} for nothing."
    if listing.offers:
        yield Kind.price_stays, f"Accepting an offer leaves the price in place: the buyer can lose {piece} at it."


def _of_freezing(listing: Listing) -> Found:
    item = listing.item
    if item is None or not item.details.is_frozen:
        return
    why = "its collection or the item is frozen" if item.auction is None else f"auction {item.auction} holds it"
    text = f"{listing.piece} cannot move, {why}: buying it and accepting offers fail with Uniques.Frozen."
    if listing.price is not None and item.auction is not None:
        text += " The price outlives the auction: the winner can lose the item at it."
    yield Kind.frozen, text


def _of_offers(listing: Listing, names: Names) -> Found:
    for offer in listing.offers:
        maker, amount = names.account(offer.maker), names.amount(offer.amount, listing.currency)
        command = f"`basilisk market withdraw {listing.piece} --as {_signer(names, offer.maker)}`"
        free = f"and still holds {amount}; {command} frees them."
        if offer.maker == listing.owner:
            yield Kind.own_offer, f"{maker}'s own offer for {listing.piece} stands {free}"
        elif not listing.is_good(offer):
            yield Kind.expired_offer, f"{maker}'s offer for {listing.piece} has expired {free}"


def price_older_than_ownership(listing: Listing, session: Session) -> int | None:
    """The block in which the owner got the item, if the item had its present price before."""
    piece, owner, price = listing.piece, listing.owner, listing.price
    if price is None:
        return None
    got = begun(lambda block: session.read(block)[Uniques].owner(*piece) == owner, listing.next_block - 1)
    if got is None or session.read(got - 1)[Marketplace].prices.get(*piece) != price:
        return None
    return got


def _signer(names: Names, who: bytes) -> str:
    """Who to sign as; `OWNER` stands for a name that is not known."""
    return names.name(who) or "OWNER"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
