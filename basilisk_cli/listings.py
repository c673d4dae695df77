"""What the marketplace has on an item: price, royalty, offers. Source: spec/nft-marketplace.md §3."""

from dataclasses import dataclass
from typing import Any

from amm.pallets.marketplace import WHOLE, Marketplace
from amm.pallets.marketplace_declared import Offer, Royalty
from amm.values import parse_amount
from basilisk_cli.errors import CliError
from basilisk_cli.names import Names
from basilisk_cli.options import fraction_of
from basilisk_cli.pieces import Item, Piece, get_item
from basilisk_cli.session import Session
from chain.crypto import ss58
from chain.frame import Environment
from chain.pallets.asset_registry import AssetRegistry


@dataclass(frozen=True)
class Listing:
    """An item on the market. `item` is None where there is no such item: offers and prices need none.

    `next_block` is the one in which an offer would be accepted.
    """

    piece: Piece
    item: Item | None
    price: int | None
    royalty: Royalty | None
    offers: tuple[Offer, ...]
    currency: int
    next_block: int

    @property
    def owner(self) -> bytes | None:
        return None if self.item is None else self.item.owner

    @property
    def best_offer(self) -> Offer | None:
        """The highest that the owner can accept."""
        good = (offer for offer in self.offers if self.is_good(offer) and offer.maker != self.owner)
        return max(good, key=lambda offer: offer.amount, default=None)

    def is_good(self, offer: Offer) -> bool:
        return offer.expires > self.next_block

    def cut(self, price: int) -> int:
        """The author's part of a sale at that price by the present owner."""
        if self.royalty is None or self.royalty.author == self.owner:
            return 0
        return price * self.royalty.royalty // WHOLE

    @property
    def proceeds(self) -> int | None:
        """What the owner gets for the item at its price."""
        return None if self.price is None or self.owner is None else self.price - self.cut(self.price)

    def document(self, names: Names) -> dict[str, Any]:
        """In JSON, base units of the currency; a royalty is in hundredths of a percent."""
        royalty, price = self.royalty, self.price
        return {
            "collection": self.piece.collection,
            "item": self.piece.item,
            "owner": None if self.owner is None else ss58.encode(self.owner),
            "frozen": self.item is not None and self.item.details.is_frozen,
            "auction": None if self.item is None else self.item.auction,
            "currency": {"id": self.currency, "symbol": names.symbol(self.currency)},
            "price": price,
            "author_gets": None if price is None or self.owner is None else self.cut(price),
            "seller_gets": self.proceeds,
            "royalty": royalty and {"author": ss58.encode(royalty.author), "basis_points": royalty.royalty},
            "offers": [
                {
                    "maker": ss58.encode(offer.maker),
                    "name": names.name(offer.maker),
                    "amount": offer.amount,
                    "expires": offer.expires,
                    "good": self.is_good(offer),
                }
                for offer in self.offers
            ],
        }


def listing_of(state: Environment, piece: Piece, next_block: int) -> Listing:
    """What the market has on an item, which may be nothing."""
    market = state[Marketplace]
    offers = (offer for _, _, offer in market.offers.items(piece.key))
    return Listing(
        piece,
        get_item(state, piece),
        market.prices.get(*piece),
        market.marketplace_items.get(*piece),
        tuple(sorted(offers, key=lambda offer: (-offer.amount, offer.maker))),
        market.paid_in(),
        next_block,
    )


def list_market(state: Environment, next_block: int) -> list[Listing]:
    """Every item that has a price, an offer or a royalty."""
    market = state[Marketplace]
    pieces = {Piece(c, i) for entries in (market.prices, market.marketplace_items) for c, i, _ in entries.items()}
    pieces |= {Piece(*piece) for piece, _, _ in market.offers.items()}
    return [listing_of(state, piece, next_block) for piece in sorted(pieces)]


def price_in(text: str, session: Session) -> tuple[int, int]:
    """The currency of the marketplace, and the amount that is written, in it. Raises AmountError or CliError."""
    state = session.read()
    currency = state[Marketplace].paid_in()
    if state[AssetRegistry].assets.get(currency) is None:
        raise CliError(
            "nothing can be paid: this chain has no asset at the relay chain's location",
            "give one `location: relay` in the chain spec, or set `runtime: {marketplace: {currency: …}}`",
        )
    return currency, parse_amount(text, session.book, currency)


def royalty_text(royalty: Royalty | None, names: Names) -> str | None:
    """`5 % to alice`."""
    return None if royalty is None else f"{percent(royalty.royalty)} to {names.account(royalty.author)}"


def percent(basis_points: int) -> str:
    whole, part = divmod(basis_points, 100)
    return f"{whole}{f'.{part:02}'.rstrip('0') if part else ''} %"


def basis_points(text: str) -> int:
    """A royalty in hundredths of a percent: `2.5%` is 250. Raises CliError."""
    points = fraction_of(text) * WHOLE
    if points.denominator != 1:
        raise CliError(f"{text} is too fine for a royalty", "royalties go in steps of 0.01%")
    return points.numerator


def find_offer(listing: Listing, maker: bytes | None, names: Names) -> Offer:
    """The offer of a maker, or the best that is still good. Raises CliError with the offers there are."""
    found = listing.best_offer if maker is None else next((o for o in listing.offers if o.maker == maker), None)
    if found is None:
        offers = ", ".join(
            f"{names.account(offer.maker)} offers {names.amount(offer.amount, listing.currency)}"
            f"{'' if listing.is_good(offer) else ' (expired)'}"
            for offer in listing.offers
        )
        what = "no good offer" if maker is None else f"no offer of {names.account(maker)}"
        hint = offers or f"make one: `basilisk market offer {listing.piece} '1 KSM' --as bob`"
        raise CliError(f"there is {what} for {listing.piece}", hint)
    return found
