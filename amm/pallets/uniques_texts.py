"""Attributes and metadata that Uniques keeps itself; NFT keeps its own. Behaviour: pallet_uniques.

The call filter bars them from users, so that only root gets here, acting itself or as somebody else: signers act for
their own collections and pay deposits, root acts for any and pays none.
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from amm.pallets.uniques_ledger import UniquesLedger
from amm.pallets.uniques_types import (
    BoundedBytes,
    CollectionDetails,
    CollectionId,
    CollectionMetadata,
    ItemId,
    ItemMetadata,
    ensure_length,
)
from chain.frame import Origin, call
from chain.frame.constant import Settings


def _with_attribute(constants: Mapping[str, Settings], *args: Any) -> None:
    """The key, and the value if there is one, are as long as allowed at most."""
    limits = constants["uniques"]
    for text, limit in zip(args[2:], ("key_limit", "value_limit"), strict=False):
        ensure_length(text, limits[limit])


def _with_metadata(constants: Mapping[str, Settings], *args: Any) -> None:
    """Metadata, the last argument but one, is as long as allowed at most."""
    ensure_length(args[-2], constants["uniques"]["string_limit"])


class UniquesTexts(UniquesLedger, name="Uniques"):
    """What is written on collections and items."""

    # -- calls -----------------------------------------------------------------------------------------------

    @call(index=16, bound=_with_attribute)
    def set_attribute(
        self,
        origin: Origin,
        collection: CollectionId,
        maybe_item: ItemId | None,
        key: BoundedBytes,
        value: BoundedBytes,
    ) -> None:
        """Set an attribute of a collection or of an item."""
        owner = signer_or_root(origin)
        details = self.owned(collection, owner)
        self._ensure_open(collection, maybe_item)
        old = self.attribute.get((collection, maybe_item, key))
        kept = 0 if old is None else old[1]
        deposit = self._price(details, owner, self.attribute_deposit_base, len(key) + len(value))
        count = details.attributes + (old is None)
        self._redeposit(collection, replace(details, attributes=count), kept, deposit)
        self.attribute.insert((collection, maybe_item, key), (value, deposit))
        self.deposit(self.AttributeSet(collection, maybe_item, key, value))

    @call(index=17, bound=_with_attribute)
    def clear_attribute(
        self, origin: Origin, collection: CollectionId, maybe_item: ItemId | None, key: BoundedBytes
    ) -> None:
        """Clear an attribute; nothing happens if there is none."""
        details = self.owned(collection, signer_or_root(origin))
        self._ensure_open(collection, maybe_item)
        old = self.attribute.get((collection, maybe_item, key))
        if old is None:
            return
        self.attribute.remove((collection, maybe_item, key))
        count = max(0, details.attributes - 1)
        self._redeposit(collection, replace(details, attributes=count), old[1], 0)
        self.deposit(self.AttributeCleared(collection, maybe_item, key))

    @call(index=18, bound=_with_metadata)
    def set_metadata(
        self, origin: Origin, collection: CollectionId, item: ItemId, data: BoundedBytes, is_frozen: bool
    ) -> None:
        """Set the metadata of an item."""
        owner = signer_or_root(origin)
        details = self.owned(collection, owner)
        old = self.instance_metadata_of.get(collection, item)
        kept = self._kept(old, owner)
        deposit = self._price(details, owner, self.metadata_deposit_base, len(data))
        count = details.item_metadatas + (old is None)
        self._redeposit(collection, replace(details, item_metadatas=count), kept, deposit)
        self.instance_metadata_of.insert(collection, item, ItemMetadata(deposit, data, is_frozen))
        self.deposit(self.MetadataSet(collection, item, data, is_frozen))

    @call(index=19)
    def clear_metadata(self, origin: Origin, collection: CollectionId, item: ItemId) -> None:
        """Clear the metadata of an item."""
        owner = signer_or_root(origin)
        details = self.owned(collection, owner)
        old = self.instance_metadata_of.get(collection, item)
        kept = self._kept(old, owner)
        if old is None:
            raise self.UnknownCollection
        self.instance_metadata_of.remove(collection, item)
        count = max(0, details.item_metadatas - 1)
        self._redeposit(collection, replace(details, item_metadatas=count), kept, 0)
        self.deposit(self.MetadataCleared(collection, item))

    @call(index=20, bound=_with_metadata)
    def set_collection_metadata(
        self, origin: Origin, collection: CollectionId, data: BoundedBytes, is_frozen: bool
    ) -> None:
        """Set the metadata of a collection."""
        owner = signer_or_root(origin)
        details = self.owned(collection, owner)
        kept = self._kept(self.class_metadata_of.get(collection), owner)
        deposit = self._price(details, owner, self.metadata_deposit_base, len(data))
        self._redeposit(collection, details, kept, deposit)
        self.class_metadata_of.insert(collection, CollectionMetadata(deposit, data, is_frozen))
        self.deposit(self.CollectionMetadataSet(collection, data, is_frozen))

    @call(index=21)
    def clear_collection_metadata(self, origin: Origin, collection: CollectionId) -> None:
        """Clear the metadata of a collection."""
        owner = signer_or_root(origin)
        details = self.owned(collection, owner)
        old = self.class_metadata_of.get(collection)
        kept = self._kept(old, owner)
        if old is None:
            raise self.UnknownCollection
        self.class_metadata_of.remove(collection)
        self._redeposit(collection, details, kept, 0)
        self.deposit(self.CollectionMetadataCleared(collection))

    # -- inside ----------------------------------------------------------------------------------------------

    def owned(self, collection: int, owner: bytes | None) -> CollectionDetails:
        """A collection, which is the owner's if one is given; raises `UnknownCollection`, `NoPermission`."""
        details = self.details(collection)
        if owner is not None and details.owner != owner:
            raise self.NoPermission
        return details

    def _ensure_open(self, collection: int, item: int | None) -> None:
        """Attributes stay as they are where the metadata is frozen; raises `Frozen`."""
        metadata: CollectionMetadata | ItemMetadata | None
        if item is None:
            metadata = self.class_metadata_of.get(collection)
        else:
            metadata = self.instance_metadata_of.get(collection, item)
        if metadata is not None and metadata.is_frozen:
            raise self.FrozenError

    def _kept(self, metadata: CollectionMetadata | ItemMetadata | None, owner: bytes | None) -> int:
        """What is held for metadata that is to change; raises `Frozen` for a signer if it may not."""
        if metadata is None:
            return 0
        if owner is not None and metadata.is_frozen:
            raise self.FrozenError
        return metadata.deposit

    def _price(self, details: CollectionDetails, owner: bytes | None, base: int, size: int) -> int:
        """The deposit for `size` bytes; none from root, nor where holding is free."""
        return 0 if owner is None or details.free_holding else base + self.deposit_per_byte * size

    def _redeposit(self, collection: int, details: CollectionDetails, kept: int, deposit: int) -> None:
        """Hold `deposit` where `kept` was held, and write the collection."""
        needs, asset = self.needs.deposits, self.held_in()
        if deposit > kept:
            needs.reserve(asset, details.owner, deposit - kept)
        elif kept > deposit:
            needs.unreserve(asset, details.owner, kept - deposit)
        total = max(0, details.total_deposit - kept) + deposit
        self.class_.insert(collection, details.holding(details.items, total))


def signer_or_root(origin: Origin) -> bytes | None:
    """The signer; None for root. Raises BadOrigin."""
    return None if origin.is_root else origin.signed()
