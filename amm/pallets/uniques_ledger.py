"""Who has which item: what NFT and Auctions use of Uniques. Source: spec/nft-marketplace.md §1, Operations.

Rights are the caller's business: an operation here does not ask who wants it.
"""

from collections.abc import Callable

from amm.pallets.uniques_declared import UniquesDeclared
from amm.pallets.uniques_types import CollectionDetails, DestroyWitness, ItemDetails
from chain.primitives.errors import OVERFLOW, Failure

MAX_ITEMS = 2**32 - 1


class UniquesLedger(UniquesDeclared, name="Uniques"):
    """Collections, items and the deposits held for them."""

    # -- looking ---------------------------------------------------------------------------------------------

    def owner(self, collection: int, item: int) -> bytes | None:
        """Who has an item; None if there is none."""
        details = self.asset.get(collection, item)
        return None if details is None else details.owner

    def collection_owner(self, collection: int) -> bytes | None:
        """Who has a collection; None if there is none."""
        details = self.class_.get(collection)
        return None if details is None else details.owner

    def ensure_not_frozen(self, collection: int, item: int) -> None:
        """Raises `Frozen` for an item that may not move by itself."""
        details = self.asset.get(collection, item)
        if details is not None and details.is_frozen:
            raise self.FrozenError

    def can_transfer(self, collection: int, item: int) -> bool:
        """Both are there and neither is frozen."""
        details, of = self.asset.get(collection, item), self.class_.get(collection)
        return details is not None and of is not None and not details.is_frozen and not of.is_frozen

    def items_of(self, collection: int) -> int | None:
        """How many items a collection has; None if there is no such collection."""
        details = self.class_.get(collection)
        return None if details is None else details.items

    def held_in(self) -> int:
        """The asset that deposits are held in."""
        return self.needs.registry.relay_asset() if self.currency is None else self.currency

    def details(self, collection: int) -> CollectionDetails:
        """A collection; raises `UnknownCollection`."""
        details = self.class_.get(collection)
        if details is None:
            raise self.UnknownCollection
        return details

    def item_details(self, collection: int, item: int) -> ItemDetails:
        """An item; raises `UnknownCollection`."""
        details = self.asset.get(collection, item)
        if details is None:
            raise self.UnknownCollection
        return details

    # -- collections -----------------------------------------------------------------------------------------

    def do_create(self, collection: int, owner: bytes, deposit: int, free_holding: bool) -> None:
        """Create a collection that its owner manages; raises `InUse`, and what `reserve` raises."""
        self._establish(collection, owner, deposit, free_holding)
        self.deposit(self.Created(collection, owner, owner))

    def _establish(self, collection: int, owner: bytes, deposit: int, free_holding: bool) -> None:
        if self.class_.contains(collection):
            raise self.InUse
        self.needs.deposits.reserve(self.held_in(), owner, deposit)
        self.class_.insert(
            collection, CollectionDetails(owner, owner, owner, owner, deposit, free_holding, 0, 0, 0, False)
        )
        self.class_account.insert(owner, collection, ())

    def do_destroy(self, collection: int, witness: DestroyWitness | None, owner: bytes | None) -> None:
        """Destroy a collection with all that is in it, and give its owner the deposits back.

        `witness` and `owner` are checked where they are given. Raises `UnknownCollection`, `NoPermission`,
        `BadWitness`.
        """
        details = self.details(collection)
        if owner is not None and details.owner != owner:
            raise self.NoPermission
        held = DestroyWitness(details.items, details.item_metadatas, details.attributes)
        if witness is not None and witness != held:
            raise self.BadWitness
        for _, item, each in list(self.asset.items(collection)):
            self.asset.remove(collection, item)
            self.account.remove((each.owner, collection, item))
        for _, item, _ in list(self.instance_metadata_of.items(collection)):
            self.instance_metadata_of.remove(collection, item)
        for _, item, _ in list(self.item_price_of.items(collection)):
            self.item_price_of.remove(collection, item)
        for keys, _ in list(self.attribute.items(collection)):
            self.attribute.remove(keys)
        self.class_metadata_of.remove(collection)
        self.class_.remove(collection)
        self.class_account.remove(details.owner, collection)
        self.needs.deposits.unreserve(self.held_in(), details.owner, details.total_deposit)
        self.collection_max_supply.remove(collection)
        self.deposit(self.Destroyed(collection))

    # -- items -----------------------------------------------------------------------------------------------

    def do_mint(
        self,
        collection: int,
        item: int,
        owner: bytes,
        check: Callable[[CollectionDetails], None] | None = None,
    ) -> None:
        """Make an item for `owner`; the deposit is the collection owner's.

        Raises `AlreadyExists`, `UnknownCollection`, what `check` raises, `MaxSupplyReached`,
        `Arithmetic.Overflow`, and what `reserve` raises.
        """
        if self.asset.contains(collection, item):
            raise self.AlreadyExists
        details = self.details(collection)
        if check is not None:
            check(details)
        most = self.collection_max_supply.get(collection)
        if most is not None and details.items >= most:
            raise self.MaxSupplyReached
        if details.items == MAX_ITEMS:
            raise Failure(OVERFLOW)
        deposit = 0 if details.free_holding else self.item_deposit
        self.needs.deposits.reserve(self.held_in(), details.owner, deposit)
        self.class_.insert(collection, details.holding(details.items + 1, details.total_deposit + deposit))
        self.account.insert((owner, collection, item), ())
        self.asset.insert(collection, item, ItemDetails(owner, None, False, deposit))
        self.deposit(self.Issued(collection, item, owner))

    def do_transfer(
        self,
        collection: int,
        item: int,
        to: bytes,
        check: Callable[[CollectionDetails, ItemDetails], None],
    ) -> None:
        """Give an item to `to`; its deposit stays as it is.

        Raises `UnknownCollection`, `Frozen`, and what `check` raises, which is called when all else is well.
        """
        of = self.details(collection)
        if of.is_frozen:
            raise self.FrozenError
        details = self.item_details(collection, item)
        if details.is_frozen:
            raise self.FrozenError
        check(of, details)
        self.account.remove((details.owner, collection, item))
        self.account.insert((to, collection, item), ())
        self.asset.insert(collection, item, details.of(to))
        self.item_price_of.remove(collection, item)
        self.deposit(self.Transferred(collection, item, details.owner, to))

    def do_burn(
        self,
        collection: int,
        item: int,
        check: Callable[[CollectionDetails, ItemDetails], None] | None = None,
    ) -> None:
        """Destroy an item, frozen or not; its deposit goes back to the collection's owner.

        Raises `UnknownCollection`, and what `check` raises.
        """
        of, details = self.details(collection), self.item_details(collection, item)
        if check is not None:
            check(of, details)
        self.needs.deposits.unreserve(self.held_in(), of.owner, details.deposit)
        left = max(0, of.total_deposit - details.deposit)
        self.class_.insert(collection, of.holding(max(0, of.items - 1), left))
        self.asset.remove(collection, item)
        self.account.remove((details.owner, collection, item))
        self.item_price_of.remove(collection, item)
        self.deposit(self.Burned(collection, item, details.owner))

    def do_freeze(self, collection: int, item: int) -> None:
        """Keep an item where it is, again if it is frozen already; raises `UnknownCollection`."""
        self.asset.insert(collection, item, self.item_details(collection, item).frozen(True))
        self.deposit(self.Frozen(collection, item))

    def do_thaw(self, collection: int, item: int) -> None:
        """Let an item move again; raises `UnknownCollection`."""
        self.asset.insert(collection, item, self.item_details(collection, item).frozen(False))
        self.deposit(self.Thawed(collection, item))
