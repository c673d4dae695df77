"""NFT: typed collections, whose type says what users may do in them. Source: spec/nft-marketplace.md §2.

Uniques keeps who has what; here are the calls that people use, their rights, and metadata.
"""

from collections.abc import Mapping
from typing import Any

from amm.pallets.nft_declared import Needs, NftDeclared
from amm.pallets.nft_types import CollectionInfo, CollectionType, GenesisCollection, ItemInfo, Type
from amm.pallets.storage_version import put_storage_version
from amm.pallets.uniques_types import (
    BoundedBytes,
    CollectionDetails,
    CollectionId,
    ItemDetails,
    ItemId,
    ensure_length,
)
from chain.frame import Error, Origin, call
from chain.frame.constant import Settings
from chain.pallets.genesis import GenesisError, silently
from chain.primitives.errors import Failure
from chain.scale.types import AccountId

__all__ = ["CollectionType", "Needs", "Nft"]


def _with_metadata(constants: Mapping[str, Settings], *args: Any) -> None:
    """Metadata, the last argument, is as long as Uniques allows at most."""
    ensure_length(args[-1], constants["uniques"]["string_limit"])


class Nft(NftDeclared, name="NFT"):
    """Creating collections, minting, moving and burning items."""

    # -- looking ---------------------------------------------------------------------------------------------

    def owner(self, collection: int, item: int) -> bytes | None:
        """Who has an item; None if there is none."""
        return self.needs.uniques.owner(collection, item)

    def ensure_owner(self, collection: int, item: int, who: bytes) -> None:
        """Raises `CollectionUnknown` if there is no such item, `NotPermitted` if it is not `who`'s."""
        owner = self.owner(collection, item)
        if owner is None:
            raise self.CollectionUnknown
        if owner != who:
            raise self.NotPermitted

    # -- for other pallets: no rights, no reserved ids -------------------------------------------------------

    def create_typed(self, owner: bytes, collection: int, type_: CollectionType, metadata: bytes = b"") -> None:
        """Create a collection; its type decides on the deposit. Raises what Uniques' `create` raises."""
        uniques = self.needs.uniques
        deposit = uniques.collection_deposit if type_.is_users else 0
        uniques.do_create(collection, owner, deposit, not type_.is_users)
        self.collections.insert(collection, CollectionInfo(type_, metadata))
        self.deposit(self.CollectionCreated(owner, collection, type_, metadata))

    def mint_into(self, collection: int, item: int, owner: bytes, metadata: bytes = b"") -> None:
        """Make an item for `owner`; raises `CollectionUnknown`, and what Uniques' `mint` raises."""
        self._info(collection)
        self.needs.uniques.do_mint(collection, item, owner)
        self.items.insert(collection, item, ItemInfo(metadata))
        self.deposit(self.ItemMinted(owner, collection, item, metadata))

    def do_transfer(self, collection: int, item: int, from_: bytes, to: bytes) -> None:
        """Give an item of `from_` to `to`; to oneself this is neither checked nor reported.

        Raises `CollectionUnknown`, `ItemUnknown`, `NotPermitted`, `Uniques.Frozen`.
        """
        self._info(collection)  # items of every type may be transferred
        if from_ == to:
            return
        self._ensure_has(from_, collection, item)

        def report(_of: CollectionDetails, _item: ItemDetails) -> None:
            self.deposit(self.ItemTransferred(from_, to, collection, item))

        self.needs.uniques.do_transfer(collection, item, to, report)

    def do_burn(self, collection: int, item: int, owner: bytes) -> None:
        """Destroy an item of `owner`; raises `ItemUnknown`, `NotPermitted`, `Uniques.Frozen`.

        A frozen item is under auction: without it the auction could never be closed.
        """
        self._ensure_has(owner, collection, item)
        self.needs.uniques.ensure_not_frozen(collection, item)
        self.needs.uniques.do_burn(collection, item)
        self.items.remove(collection, item)
        self.deposit(self.ItemBurned(owner, collection, item))

    def do_destroy(self, collection: int, owner: bytes) -> None:
        """Destroy an empty collection of `owner`.

        Raises `CollectionUnknown`, `TokenCollectionNotEmpty`, `Uniques.NoPermission`.
        """
        items = self.needs.uniques.items_of(collection)
        if items is None:
            raise self.CollectionUnknown
        if items:
            raise self.TokenCollectionNotEmpty
        self.needs.uniques.do_destroy(collection, None, owner)
        self.collections.remove(collection)
        self.deposit(self.CollectionDestroyed(owner, collection))

    # -- genesis ---------------------------------------------------------------------------------------------

    def build_genesis(self, config: Settings) -> None:
        """Lay the listed collections and items in, deposits included; raises GenesisError."""
        put_storage_version(self, 1)
        with silently(self.context):
            for collection in config["nfts"]:
                self._lay(collection)

    def _lay(self, given: GenesisCollection) -> None:
        most = self.needs.uniques.string_limit
        place = f"nfts: collection {given.collection}"
        try:
            if max(len(text) for text in (given.metadata, *(item.metadata for item in given.items))) > most:
                raise GenesisError(f"{place}: metadata has at most {most} bytes")
            self.create_typed(given.owner, given.collection, given.collection_type, given.metadata)
            for item in given.items:
                place = f"nfts: item {item.item} of collection {given.collection}"
                self.mint_into(given.collection, item.item, item.owner, item.metadata)
        except Failure as failure:
            meaning = (type(failure).__doc__ or "").rstrip(".") if isinstance(failure, Error) else repr(failure.error)
            raise GenesisError(f"{place}: {meaning}") from failure

    # -- calls -----------------------------------------------------------------------------------------------

    @call(index=0, bound=_with_metadata)
    def create_collection(
        self, origin: Origin, collection_id: CollectionId, collection_type: Type, metadata: BoundedBytes
    ) -> None:
        """Create a collection of one's own."""
        who = origin.signed()
        if collection_id <= self.reserve_collection_id_up_to:
            raise self.IdReserved
        if not collection_type.is_users:
            raise self.NotPermitted
        self.create_typed(who, collection_id, collection_type, metadata)

    @call(index=1, bound=_with_metadata)
    def mint(
        self, origin: Origin, collection_id: CollectionId, item_id: ItemId, metadata: BoundedBytes
    ) -> None:
        """Make an item in a collection of one's own."""
        who = origin.signed()
        self._ensure_users(collection_id)
        owner = self.needs.uniques.collection_owner(collection_id)
        if owner is None:
            raise self.CollectionUnknown
        if owner != who:
            raise self.NotPermitted
        self.mint_into(collection_id, item_id, who, metadata)

    @call(index=2)
    def transfer(
        self, origin: Origin, collection_id: CollectionId, item_id: ItemId, dest: AccountId
    ) -> None:
        """Give an item away; to oneself this succeeds whatever the item."""
        self.do_transfer(collection_id, item_id, origin.signed(), dest)

    @call(index=3)
    def burn(self, origin: Origin, collection_id: CollectionId, item_id: ItemId) -> None:
        """Destroy an item of one's own."""
        who = origin.signed()
        self._ensure_users(collection_id)
        self.do_burn(collection_id, item_id, who)

    @call(index=4)
    def destroy_collection(self, origin: Origin, collection_id: CollectionId) -> None:
        """Destroy an empty collection of one's own."""
        who = origin.signed()
        self._ensure_users(collection_id)
        self.do_destroy(collection_id, who)

    # -- inside ----------------------------------------------------------------------------------------------

    def _info(self, collection: int) -> CollectionInfo:
        info = self.collections.get(collection)
        if info is None:
            raise self.CollectionUnknown
        return info

    def _ensure_users(self, collection: int) -> None:
        """Raises `CollectionUnknown`, or `NotPermitted` for a collection of the chain itself."""
        if not self._info(collection).collection_type.is_users:
            raise self.NotPermitted

    def _ensure_has(self, who: bytes, collection: int, item: int) -> None:
        owner = self.owner(collection, item)
        if owner is None:
            raise self.ItemUnknown
        if owner != who:
            raise self.NotPermitted
