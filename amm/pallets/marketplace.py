"""Marketplace: items sold at a listed price or to a standing offer, with a share for the author.

Source: spec/nft-marketplace.md §3. A listing outlives everything but `buy` and `set_price`, offers and royalties even
the item: that is how the live pallet behaves.
"""

from amm.math.limits import U128_MAX
from amm.pallets.marketplace_declared import MarketplaceDeclared, Needs, Offer, Royalty
from amm.pallets.storage_version import put_storage_version
from amm.pallets.uniques_types import CollectionId, ItemId
from chain.frame import Origin, call
from chain.frame.constant import Settings
from chain.primitives.errors import OVERFLOW, Failure
from chain.scale.types import AccountId, Balance, BlockNumber, u16

__all__ = ["Marketplace", "Needs", "Offer", "Royalty"]

WHOLE = 10_000
"""All of a price, in the unit of royalties."""


class Marketplace(MarketplaceDeclared, name="Marketplace"):
    """Listings, offers and royalties."""

    def build_genesis(self, config: Settings) -> None:
        put_storage_version(self, 2)

    # -- calls -----------------------------------------------------------------------------------------------

    @call(index=0)
    def buy(self, origin: Origin, collection_id: CollectionId, item_id: ItemId) -> None:
        """Buy an item at its listed price."""
        who = origin.signed()
        owner = self._seller(who, collection_id, item_id)
        price = self.prices.get(collection_id, item_id)
        if price is None:
            raise self.NotForSale
        self.prices.remove(collection_id, item_id)
        self._settle(who, owner, collection_id, item_id, price)

    @call(index=1)
    def set_price(
        self, origin: Origin, collection_id: CollectionId, item_id: ItemId, new_price: Balance | None
    ) -> None:
        """List an item of one's own, or take the listing back. Zero is a price."""
        who = origin.signed()
        if self.needs.items.owner(collection_id, item_id) != who:
            raise self.NotTheTokenOwner
        if new_price is None:
            self.prices.remove(collection_id, item_id)
        else:
            self.prices.insert(collection_id, item_id, new_price)
        self.deposit(self.TokenPriceUpdated(who, collection_id, item_id, new_price))

    @call(index=2)
    def make_offer(
        self,
        origin: Origin,
        collection_id: CollectionId,
        item_id: ItemId,
        amount: Balance,
        expires: BlockNumber,
    ) -> None:
        """Offer an amount for an item, which need not exist; it is held until the offer is gone."""
        who = origin.signed()
        if amount < self.minimum_offer_amount:
            raise self.OfferTooLow
        if self.offers.contains((collection_id, item_id), who):
            raise self.AlreadyOffered
        self.needs.money.reserve(self.paid_in(), who, amount)
        self.offers.insert((collection_id, item_id), who, Offer(who, amount, expires))
        self.deposit(self.OfferPlaced(who, collection_id, item_id, amount, expires))

    @call(index=3)
    def withdraw_offer(
        self, origin: Origin, collection_id: CollectionId, item_id: ItemId, maker: AccountId
    ) -> None:
        """Take an offer back, or as the owner of the item turn it down."""
        who = origin.signed()
        offer = self._offer(collection_id, item_id, maker)
        if who not in (offer.maker, self.needs.items.owner(collection_id, item_id)):
            raise self.WithdrawNotAuthorized
        self.needs.money.unreserve(self.paid_in(), offer.maker, offer.amount)
        self.offers.remove((collection_id, item_id), maker)
        self.deposit(self.OfferWithdrawn(who, collection_id, item_id))

    @call(index=4)
    def accept_offer(
        self, origin: Origin, collection_id: CollectionId, item_id: ItemId, maker: AccountId
    ) -> None:
        """Sell an item of one's own to the maker of an offer."""
        who = origin.signed()
        owner = self.needs.items.owner(collection_id, item_id)
        if owner is None:
            raise self.CollectionOrItemUnknown
        if who != owner:
            raise self.AcceptNotAuthorized
        offer = self._offer(collection_id, item_id, maker)
        if offer.expires <= self.needs.clock.own_number():
            raise self.OfferExpired
        self.needs.money.unreserve(self.paid_in(), maker, offer.amount)
        self._settle(maker, self._seller(maker, collection_id, item_id), collection_id, item_id, offer.amount)
        self.offers.remove((collection_id, item_id), maker)
        self.deposit(self.OfferAccepted(who, collection_id, item_id, offer.amount, maker))

    @call(index=5)
    def add_royalty(
        self,
        origin: Origin,
        collection_id: CollectionId,
        item_id: ItemId,
        author: AccountId,
        royalty: u16,
    ) -> None:
        """Name the author of an item of one's own, once and for all, against a bond."""
        who = origin.signed()
        if self.marketplace_items.contains(collection_id, item_id):
            raise self.RoyaltyAlreadySet
        if royalty >= WHOLE:
            raise self.NotInRange
        self.needs.items.ensure_owner(collection_id, item_id, who)
        self.needs.money.reserve(self.paid_in(), who, self.royalty_bond_amount)
        self.marketplace_items.insert(collection_id, item_id, Royalty(author, royalty))
        self.deposit(self.RoyaltyAdded(collection_id, item_id, author, royalty))

    # -- sales -----------------------------------------------------------------------------------------------

    def paid_in(self) -> int:
        """The asset of all payments."""
        return self.needs.registry.relay_asset() if self.currency is None else self.currency

    def _seller(self, buyer: bytes, collection: int, item: int) -> bytes:
        owner = self.needs.items.owner(collection, item)
        if owner is None:
            raise self.CollectionOrItemUnknown
        if owner == buyer:
            raise self.BuyFromSelf
        return owner

    def _offer(self, collection: int, item: int, maker: bytes) -> Offer:
        offer = self.offers.get((collection, item), maker)
        if offer is None:
            raise self.UnknownOffer
        return offer

    def _settle(self, buyer: bytes, owner: bytes, collection: int, item: int, price: int) -> None:
        """The buyer pays author and owner, the item changes hands. The buyer stays alive."""
        money, asset = self.needs.money, self.paid_in()
        royalty = self.marketplace_items.get(collection, item)
        if royalty is not None:
            if price * royalty.royalty > U128_MAX:
                raise Failure(OVERFLOW)
            if owner != royalty.author and royalty.royalty:
                cut = price * royalty.royalty // WHOLE
                price -= cut
                money.move(asset, buyer, royalty.author, cut, True)
                self.deposit(self.RoyaltyPaid(collection, item, royalty.author, royalty.royalty, cut))
        money.move(asset, buyer, owner, price, True)
        self.needs.items.do_transfer(collection, item, owner, buyer)
        self.deposit(self.TokenSold(owner, buyer, collection, item, price))
