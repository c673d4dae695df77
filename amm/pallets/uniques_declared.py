"""What Uniques declares: constants, storage and errors. Source: spec/nft-marketplace.md §1."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from amm.pallets.uniques_events import UniquesEvents
from amm.pallets.uniques_types import (
    COLLECTION_ID,
    ITEM_ID,
    BoundedBytes,
    CollectionDetails,
    CollectionId,
    CollectionMetadata,
    ItemDetails,
    ItemId,
    ItemMetadata,
)
from chain.crypto.hashers import Blake2_128Concat
from chain.frame import Constant, Error, StorageDoubleMap, StorageMap
from chain.frame.storage_nmap import StorageNMap
from chain.pallets.protocols import Fungibles, MultiReservableCurrency
from chain.scale import ACCOUNT_ID, ASSET_ID, BALANCE, U32, UNIT, Codec, OptionOf, codec_of
from chain.scale.types import AccountId, Balance

CURRENCY: Codec[int | None] = OptionOf(ASSET_ID)
THREE = (Blake2_128Concat, Blake2_128Concat, Blake2_128Concat)
HOLDING: Codec[tuple[bytes, int, int]] = codec_of(tuple[AccountId, CollectionId, ItemId])
ATTRIBUTE_KEY: Codec[tuple[int, int | None, bytes]] = codec_of(tuple[CollectionId, ItemId | None, BoundedBytes])
PRICE: Codec[tuple[int, bytes | None]] = codec_of(tuple[Balance, AccountId | None])
ATTRIBUTE: Codec[tuple[bytes, int]] = codec_of(tuple[BoundedBytes, Balance])


class Deposits(MultiReservableCurrency, Fungibles, Protocol):
    """Where deposits are held and prices paid, by asset (Currencies; spec/nft-marketplace.md §0)."""


class References(Protocol):
    """What leans on an account (System; spec/money.md §1.2)."""

    def inc_consumers(self, who: bytes) -> None: ...

    def dec_consumers(self, who: bytes) -> None: ...


class RelayAsset(Protocol):
    """Which asset KSM is (AssetRegistry)."""

    def relay_asset(self) -> int:
        """An id that is never used, if there is none."""


@dataclass
class Needs:
    deposits: Deposits
    registry: RelayAsset
    accounts: References


class Frozen(Error):
    """The item or its collection is frozen."""

    hint: ClassVar[str] = "An item under auction moves again when the auction is closed or destroyed."


class UniquesDeclared(UniquesEvents, name="Uniques"):
    """The declaration of Uniques, without what it does."""

    currency = Constant(CURRENCY, None, doc="What deposits are held in; none: the relay chain's own asset")
    collection_deposit = Constant(BALANCE, 0, metadata="CollectionDeposit", doc="Held for a collection")
    item_deposit = Constant(BALANCE, 0, metadata="ItemDeposit", doc="Held for an item")
    metadata_deposit_base = Constant(BALANCE, 6_709_666_170, metadata="MetadataDepositBase")
    attribute_deposit_base = Constant(BALANCE, 6_666_666_600, metadata="AttributeDepositBase")
    deposit_per_byte = Constant(BALANCE, 333_330, metadata="DepositPerByte")
    string_limit = Constant(U32, 72, metadata="StringLimit", doc="Most bytes of metadata, NFT's included")
    key_limit = Constant(U32, 256, metadata="KeyLimit", doc="Most bytes of an attribute's key")
    value_limit = Constant(U32, 1024, metadata="ValueLimit", doc="Most bytes of an attribute's value")

    class_ = StorageMap(COLLECTION_ID, CollectionDetails, name="Class", doc="Details of a collection.")
    ownership_acceptance = StorageMap(ACCOUNT_ID, COLLECTION_ID, doc="What an account would take over.")
    account = StorageNMap(HOLDING, UNIT, hashers=THREE, doc="The items that an account has.")
    class_account = StorageDoubleMap(ACCOUNT_ID, COLLECTION_ID, UNIT, doc="The collections of an account.")
    asset = StorageDoubleMap(COLLECTION_ID, ITEM_ID, ItemDetails, doc="Details of an item.")
    class_metadata_of = StorageMap(COLLECTION_ID, CollectionMetadata)
    instance_metadata_of = StorageDoubleMap(COLLECTION_ID, ITEM_ID, ItemMetadata)
    attribute = StorageNMap(ATTRIBUTE_KEY, ATTRIBUTE, hashers=THREE)
    item_price_of = StorageDoubleMap(COLLECTION_ID, ITEM_ID, PRICE)
    collection_max_supply = StorageMap(COLLECTION_ID, U32, doc="Most items of a collection.")

    needs: Needs

    class NoPermission(Error):
        """The signer may not do this with the collection or the item."""

        hint: ClassVar[str] = "A collection is destroyed by its owner."

    class UnknownCollection(Error):
        """There is no such collection, or no such item in it."""

    class AlreadyExists(Error):
        """The id has been used for an item of this collection."""

        hint: ClassVar[str] = "Choose another id, or burn the item first."

    class WrongOwner(Error):
        """The item has another owner."""

    class BadWitness(Error):
        """The collection holds more or less than the witness says."""

    class InUse(Error):
        """The id has been used for a collection."""

        hint: ClassVar[str] = "Choose another id."

    FrozenError = Frozen  # the event has the name

    class WrongDelegate(Error):
        """Somebody else is the delegate."""

    class NoDelegate(Error):
        """Nobody is approved to transfer the item."""

    class Unapproved(Error):
        """The signer is not approved to transfer the item."""

    class Unaccepted(Error):
        """The new owner has not said that he would take the collection over."""

    class Locked(Error):
        """The item is locked."""

    class MaxSupplyReached(Error):
        """The collection has all the items that it may have."""

    class MaxSupplyAlreadySet(Error):
        """The largest number of items was set before."""

    class MaxSupplyTooSmall(Error):
        """The collection has more items already."""

    class UnknownItem(Error):
        """There is no such item."""

    class NotForSale(Error):
        """The item has no price in this pallet."""

    class BidTooLow(Error):
        """The bid is below the price."""
