"""What NFT declares: constants, storage, events and errors. Source: spec/nft-marketplace.md §2."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from amm.pallets.nft_types import CollectionInfo, GenesisCollection, ItemInfo, Type
from amm.pallets.uniques_types import (
    COLLECTION_ID,
    ITEM_ID,
    BoundedBytes,
    CollectionDetails,
    CollectionId,
    DestroyWitness,
    ItemDetails,
    ItemId,
)
from chain.crypto.hashers import Twox64Concat
from chain.frame import Constant, Error, Event, Genesis, Pallet, StorageDoubleMap, StorageMap
from chain.scale import Codec, codec_of
from chain.scale.types import AccountId, Vec

GENESIS: Codec[tuple[GenesisCollection, ...]] = codec_of(Vec[GenesisCollection])

Check = Callable[[CollectionDetails, ItemDetails], None]


class Ownership(Protocol):
    """Who has which item, and the deposits (Uniques; spec/nft-marketplace.md §1)."""

    @property
    def collection_deposit(self) -> int: ...

    @property
    def string_limit(self) -> int: ...

    def owner(self, collection: int, item: int) -> bytes | None: ...

    def collection_owner(self, collection: int) -> bytes | None: ...

    def items_of(self, collection: int) -> int | None: ...

    def ensure_not_frozen(self, collection: int, item: int) -> None:
        """Raises `Uniques.Frozen`."""

    def do_create(self, collection: int, owner: bytes, deposit: int, free_holding: bool) -> None: ...

    def do_mint(self, collection: int, item: int, owner: bytes) -> None: ...

    def do_transfer(self, collection: int, item: int, to: bytes, check: Check) -> None: ...

    def do_burn(self, collection: int, item: int) -> None: ...

    def do_destroy(self, collection: int, witness: DestroyWitness | None, owner: bytes | None) -> None: ...


@dataclass
class Needs:
    uniques: Ownership


class NftDeclared(Pallet, name="NFT"):
    """The declaration of NFT, without what it does."""

    reserve_collection_id_up_to = Constant(
        COLLECTION_ID, 999_999, metadata="ReserveCollectionIdUpTo", doc="Ids that users cannot take"
    )

    nfts = Genesis(GENESIS, (), doc="Collections of the first state, in order.")

    collections = StorageMap(COLLECTION_ID, CollectionInfo, hasher=Twox64Concat)
    items = StorageDoubleMap(COLLECTION_ID, ITEM_ID, ItemInfo, hashers=(Twox64Concat, Twox64Concat))

    needs: Needs

    class CollectionCreated(Event):
        """A collection was created."""

        owner: AccountId
        collection_id: CollectionId
        collection_type: Type
        metadata: BoundedBytes

    class ItemMinted(Event):
        """An item was minted."""

        owner: AccountId
        collection_id: CollectionId
        item_id: ItemId
        metadata: BoundedBytes

    class ItemTransferred(Event):
        """An item was transferred."""

        from_: AccountId
        to: AccountId
        collection_id: CollectionId
        item_id: ItemId

    class ItemBurned(Event):
        """An item was burned."""

        owner: AccountId
        collection_id: CollectionId
        item_id: ItemId

    class CollectionDestroyed(Event):
        """A collection was destroyed."""

        owner: AccountId
        collection_id: CollectionId

    class NoAvailableItemId(Error):
        """The item ids are used up."""

    class NoAvailableCollectionId(Error):
        """The collection ids are used up."""

    class TokenCollectionNotEmpty(Error):
        """There are still items in the collection."""

        hint: ClassVar[str] = "Their owners have to burn them first."

    class CollectionUnknown(Error):
        """There is no such collection."""

    class ItemUnknown(Error):
        """There is no such item in the collection."""

    class NotPermitted(Error):
        """The signer has no right to do this, or collections of this type do not allow it."""

        hint: ClassVar[str] = (
            "Items are moved and burned by their owner and minted by the collection's; "
            "in a LiquidityMining collection they can only be transferred."
        )

    class IdReserved(Error):
        """Collection ids up to reserve_collection_id_up_to are reserved."""

        hint: ClassVar[str] = "Choose a higher id; on the live chain they begin with 1,000,000."
