"""What Uniques keeps of collections and items. Source: spec/nft-marketplace.md §1.

The lengths of texts are bounded by constants of the runtime, not by these types.
"""

from typing import Annotated, ClassVar

from msgspec.structs import replace

from chain.scale import U128, BytesOf, Struct
from chain.scale.errors import TooLong
from chain.scale.types import AccountId, Balance, Compact, u32

COLLECTION_ID = U128.named("CollectionId")
ITEM_ID = U128.named("ItemId")
BOUNDED_BYTES = BytesOf(2**32 - 1)

CollectionId = Annotated[int, COLLECTION_ID]
ItemId = Annotated[int, ITEM_ID]
BoundedBytes = Annotated[bytes, BOUNDED_BYTES]


def ensure_length(data: bytes, maximum: int) -> None:
    """Raises TooLong for more bytes than a constant allows: such a value does not decode."""
    if len(data) > maximum:
        raise TooLong(f"{len(data)} bytes, at most {maximum} are allowed")


class CollectionDetails(Struct):
    """A collection: whose it is, who acts in it, and what is reserved of its owner for it and its items."""

    notation: ClassVar[str] = "CollectionDetails<AccountId32, u128>"
    path: ClassVar[str] = "pallet_uniques::types::CollectionDetails"
    owner: AccountId
    issuer: AccountId
    admin: AccountId
    freezer: AccountId
    total_deposit: Balance
    free_holding: bool
    items: u32
    item_metadatas: u32
    attributes: u32
    is_frozen: bool

    def holding(self, items: int, total_deposit: int) -> "CollectionDetails":
        """The collection with another number of items and another deposit."""
        return replace(self, items=items, total_deposit=total_deposit)

    def frozen(self, is_frozen: bool) -> "CollectionDetails":
        """The collection, frozen or thawed."""
        return replace(self, is_frozen=is_frozen)


class ItemDetails(Struct):
    """An item: who has it, who else may move it, and what is reserved of the collection's owner for it."""

    notation: ClassVar[str] = "ItemDetails<AccountId32, u128>"
    path: ClassVar[str] = "pallet_uniques::types::ItemDetails"
    owner: AccountId
    approved: AccountId | None
    is_frozen: bool
    deposit: Balance

    def of(self, owner: bytes) -> "ItemDetails":
        """The item in other hands; nobody is approved to move it any more."""
        return ItemDetails(owner, None, self.is_frozen, self.deposit)

    def frozen(self, is_frozen: bool) -> "ItemDetails":
        """The item, frozen or thawed."""
        return ItemDetails(self.owner, self.approved, is_frozen, self.deposit)

    def with_deposit(self, deposit: int) -> "ItemDetails":
        """The item with another amount held for it."""
        return ItemDetails(self.owner, self.approved, self.is_frozen, deposit)


class CollectionMetadata(Struct):
    """Metadata of a collection, in this pallet's own storage."""

    notation: ClassVar[str] = "CollectionMetadata<u128>"
    path: ClassVar[str] = "pallet_uniques::types::CollectionMetadata"
    deposit: Balance
    data: BoundedBytes
    is_frozen: bool


class ItemMetadata(Struct):
    """Metadata of an item, in this pallet's own storage."""

    notation: ClassVar[str] = "ItemMetadata<u128>"
    path: ClassVar[str] = "pallet_uniques::types::ItemMetadata"
    deposit: Balance
    data: BoundedBytes
    is_frozen: bool


class DestroyWitness(Struct):
    """How much goes with a collection, as whoever destroys it knows."""

    path: ClassVar[str] = "pallet_uniques::types::DestroyWitness"
    items: Compact[u32]
    item_metadatas: Compact[u32]
    attributes: Compact[u32]
