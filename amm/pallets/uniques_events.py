"""The events of Uniques. Source: spec/nft-marketplace.md §1. Nothing that users may call emits those after `Thawed`."""

from amm.pallets.uniques_types import BoundedBytes, CollectionId, ItemId
from chain.frame import Event, Pallet
from chain.scale.types import AccountId, Balance, Vec, u32


class UniquesEvents(Pallet, name="Uniques"):
    """What Uniques says of collections and items."""

    class Created(Event):
        """A collection was created."""

        collection: CollectionId
        creator: AccountId
        owner: AccountId

    class ForceCreated(Event):
        """A collection was created by root."""

        collection: CollectionId
        owner: AccountId

    class Destroyed(Event):
        """A collection was destroyed."""

        collection: CollectionId

    class Issued(Event):
        """An item was issued."""

        collection: CollectionId
        item: ItemId
        owner: AccountId

    class Transferred(Event):
        """An item was transferred."""

        collection: CollectionId
        item: ItemId
        from_: AccountId
        to: AccountId

    class Burned(Event):
        """An item was destroyed."""

        collection: CollectionId
        item: ItemId
        owner: AccountId

    class Frozen(Event):
        """An item may not move any more."""

        collection: CollectionId
        item: ItemId

    class Thawed(Event):
        """An item may move again."""

        collection: CollectionId
        item: ItemId

    class CollectionFrozen(Event):
        """No item of a collection may move any more."""

        collection: CollectionId

    class CollectionThawed(Event):
        """The items of a collection may move again."""

        collection: CollectionId

    class OwnerChanged(Event):
        """A collection has another owner."""

        collection: CollectionId
        new_owner: AccountId

    class TeamChanged(Event):
        """Others manage a collection."""

        collection: CollectionId
        issuer: AccountId
        admin: AccountId
        freezer: AccountId

    class ApprovedTransfer(Event):
        """An item may be transferred by somebody besides its owner."""

        collection: CollectionId
        item: ItemId
        owner: AccountId
        delegate: AccountId

    class ApprovalCancelled(Event):
        """An item may be transferred by its owner alone."""

        collection: CollectionId
        item: ItemId
        owner: AccountId
        delegate: AccountId

    class ItemStatusChanged(Event):
        """Root has changed who owns and manages a collection."""

        collection: CollectionId

    class CollectionMetadataSet(Event):
        """New metadata has been set for a collection."""

        collection: CollectionId
        data: BoundedBytes
        is_frozen: bool

    class CollectionMetadataCleared(Event):
        """The metadata of a collection is gone."""

        collection: CollectionId

    class MetadataSet(Event):
        """New metadata has been set for an item."""

        collection: CollectionId
        item: ItemId
        data: BoundedBytes
        is_frozen: bool

    class MetadataCleared(Event):
        """The metadata of an item is gone."""

        collection: CollectionId
        item: ItemId

    class Redeposited(Event):
        """The deposits of items are the current ones."""

        collection: CollectionId
        successful_items: Vec[ItemId]

    class AttributeSet(Event):
        """An attribute of a collection or of an item has a new value."""

        collection: CollectionId
        maybe_item: ItemId | None
        key: BoundedBytes
        value: BoundedBytes

    class AttributeCleared(Event):
        """An attribute of a collection or of an item is gone."""

        collection: CollectionId
        maybe_item: ItemId | None
        key: BoundedBytes

    class OwnershipAcceptanceChanged(Event):
        """An account would take a collection over, or none any more."""

        who: AccountId
        maybe_collection: CollectionId | None

    class CollectionMaxSupplySet(Event):
        """A collection has a largest number of items."""

        collection: CollectionId
        max_supply: u32

    class ItemPriceSet(Event):
        """An item has a price in this pallet."""

        collection: CollectionId
        item: ItemId
        price: Balance
        whitelisted_buyer: AccountId | None

    class ItemPriceRemoved(Event):
        """An item has no price in this pallet any more."""

        collection: CollectionId
        item: ItemId

    class ItemBought(Event):
        """An item was bought in this pallet."""

        collection: CollectionId
        item: ItemId
        price: Balance
        seller: AccountId
        buyer: AccountId
