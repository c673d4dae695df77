"""Uniques: collections of items that are one of a kind. Source: spec/nft-marketplace.md §1.

NFT and Auctions stand on `uniques_ledger`. The calls are barred from users by the call filter; only root gets here,
acting itself or as somebody else. Those of the operations that the specification names are below; those about people
are in `uniques_people`, those about texts in `uniques_texts`, and behave as pallet_uniques does.
"""

from amm.pallets.storage_version import put_storage_version
from amm.pallets.uniques_declared import Needs
from amm.pallets.uniques_people import UniquesPeople
from amm.pallets.uniques_texts import signer_or_root
from amm.pallets.uniques_types import (
    CollectionDetails,
    CollectionId,
    DestroyWitness,
    ItemDetails,
    ItemId,
)
from chain.frame import Origin, call
from chain.frame.constant import Settings
from chain.primitives.errors import BadOrigin, Failure
from chain.scale.types import AccountId, Balance, Vec, u32

__all__ = ["Needs", "Uniques"]


class Uniques(UniquesPeople, name="Uniques"):
    """Making, moving, freezing and selling items."""

    def build_genesis(self, config: Settings) -> None:
        put_storage_version(self, 1)

    # -- collections -----------------------------------------------------------------------------------------

    @call(index=0)
    def create(self, origin: Origin, collection: CollectionId, admin: AccountId) -> None:
        """Nobody creates collections here: they are NFT's."""
        raise Failure(BadOrigin())

    @call(index=1)
    def force_create(
        self, origin: Origin, collection: CollectionId, owner: AccountId, free_holding: bool
    ) -> None:
        """Create a collection without a deposit. Root only."""
        origin.ensure_root()
        self._establish(collection, owner, 0, free_holding)
        self.deposit(self.ForceCreated(collection, owner))

    @call(index=2)
    def destroy(self, origin: Origin, collection: CollectionId, witness: DestroyWitness) -> None:
        """Destroy a collection with all its items."""
        self.do_destroy(collection, witness, signer_or_root(origin))

    @call(index=9)
    def freeze_collection(self, origin: Origin, collection: CollectionId) -> None:
        """Keep all items of a collection where they are; by its freezer."""
        who, details = origin.signed(), self.details(collection)
        if details.freezer != who:
            raise self.NoPermission
        self.class_.insert(collection, details.frozen(True))
        self.deposit(self.CollectionFrozen(collection))

    @call(index=10)
    def thaw_collection(self, origin: Origin, collection: CollectionId) -> None:
        """Let the items of a collection move again; by its admin."""
        who, details = origin.signed(), self.details(collection)
        if details.admin != who:
            raise self.NoPermission
        self.class_.insert(collection, details.frozen(False))
        self.deposit(self.CollectionThawed(collection))

    @call(index=23)
    def set_collection_max_supply(self, origin: Origin, collection: CollectionId, max_supply: u32) -> None:
        """Say, once, how many items a collection may have."""
        owner = signer_or_root(origin)
        if self.collection_max_supply.contains(collection):
            raise self.MaxSupplyAlreadySet
        if self.owned(collection, owner).items > max_supply:
            raise self.MaxSupplyTooSmall
        self.collection_max_supply.insert(collection, max_supply)
        self.deposit(self.CollectionMaxSupplySet(collection, max_supply))

    # -- items -----------------------------------------------------------------------------------------------

    @call(index=3)
    def mint(self, origin: Origin, collection: CollectionId, item: ItemId, owner: AccountId) -> None:
        """Make an item; by the collection's issuer."""
        who = origin.signed()

        def issues(of: CollectionDetails) -> None:
            if of.issuer != who:
                raise self.NoPermission

        self.do_mint(collection, item, owner, issues)

    @call(index=4)
    def burn(
        self, origin: Origin, collection: CollectionId, item: ItemId, check_owner: AccountId | None
    ) -> None:
        """Destroy an item; by its owner or the collection's admin."""
        who = origin.signed()

        def burns(of: CollectionDetails, details: ItemDetails) -> None:
            if who not in (of.admin, details.owner):
                raise self.NoPermission
            if check_owner is not None and check_owner != details.owner:
                raise self.WrongOwner

        self.do_burn(collection, item, burns)

    @call(index=5)
    def transfer(self, origin: Origin, collection: CollectionId, item: ItemId, dest: AccountId) -> None:
        """Give an item away; by its owner, the collection's admin or the approved delegate."""
        who = origin.signed()

        def moves(of: CollectionDetails, details: ItemDetails) -> None:
            if who not in (of.admin, details.owner, details.approved):
                raise self.Unapproved

        self.do_transfer(collection, item, dest, moves)

    @call(index=6)
    def redeposit(self, origin: Origin, collection: CollectionId, items: Vec[ItemId]) -> None:
        """Bring the deposits of items to the present amount; those for which it cannot be held are left."""
        details = self.owned(collection, origin.signed())
        due, total = 0 if details.free_holding else self.item_deposit, details.total_deposit
        changed = []
        for item in items:
            each = self.asset.get(collection, item)
            if each is None or each.deposit == due or not self._held(details.owner, each.deposit, due):
                continue
            total += due - each.deposit
            self.asset.insert(collection, item, each.with_deposit(due))
            changed.append(item)
        self.class_.insert(collection, details.holding(details.items, max(0, total)))
        self.deposit(self.Redeposited(collection, tuple(changed)))

    def _held(self, owner: bytes, kept: int, due: int) -> bool:
        """Hold `due` where `kept` was held; False, nothing changed, if it cannot be."""
        if kept > due:
            self.needs.deposits.unreserve(self.held_in(), owner, kept - due)
            return True
        try:
            self.needs.deposits.reserve(self.held_in(), owner, due - kept)
        except Failure:
            return False
        return True

    @call(index=7)
    def freeze(self, origin: Origin, collection: CollectionId, item: ItemId) -> None:
        """Keep an item where it is; by the collection's freezer."""
        who = origin.signed()
        self.item_details(collection, item)
        if self.details(collection).freezer != who:
            raise self.NoPermission
        self.do_freeze(collection, item)

    @call(index=8)
    def thaw(self, origin: Origin, collection: CollectionId, item: ItemId) -> None:
        """Let an item move again; by the collection's admin."""
        who = origin.signed()
        self.item_details(collection, item)
        if self.details(collection).admin != who:
            raise self.NoPermission
        self.do_thaw(collection, item)

    # -- prices of this pallet, which the marketplace knows nothing of ---------------------------------------

    @call(index=24)
    def set_price(
        self,
        origin: Origin,
        collection: CollectionId,
        item: ItemId,
        price: Balance | None,
        whitelisted_buyer: AccountId | None,
    ) -> None:
        """Offer an item at a price, to one buyer or to all; or no longer."""
        who, details = origin.signed(), self.asset.get(collection, item)
        if details is None:
            raise self.UnknownItem
        if details.owner != who:
            raise self.NoPermission
        if price is None:
            self.item_price_of.remove(collection, item)
            self.deposit(self.ItemPriceRemoved(collection, item))
        else:
            self.item_price_of.insert(collection, item, (price, whitelisted_buyer))
            self.deposit(self.ItemPriceSet(collection, item, price, whitelisted_buyer))

    @call(index=25)
    def buy_item(self, origin: Origin, collection: CollectionId, item: ItemId, bid_price: Balance) -> None:
        """Buy an item at its price in this pallet, if that is no more than the bid."""
        who, details = origin.signed(), self.asset.get(collection, item)
        if details is None:
            raise self.UnknownItem
        if details.owner == who:
            raise self.NoPermission
        offer = self.item_price_of.get(collection, item)
        if offer is None:
            raise self.NotForSale
        price, only = offer
        if bid_price < price:
            raise self.BidTooLow
        if only is not None and only != who:
            raise self.NoPermission
        self.needs.deposits.move(self.held_in(), who, details.owner, price, True)
        self.do_transfer(collection, item, who, lambda _of, _item: None)
        self.deposit(self.ItemBought(collection, item, price, details.owner, who))
