"""Typed collections, and what is written on collections and items. Source: spec/nft-marketplace.md §2."""

from enum import IntEnum
from typing import Annotated, ClassVar

from amm.pallets.uniques_types import BoundedBytes, CollectionId, ItemId
from chain.scale import Struct
from chain.scale.types import AccountId, Vec
from chain.scale.units import UnitsOf


class CollectionType(IntEnum):
    """What a collection is for; it decides what users may do in it."""

    Marketplace = 0
    LiquidityMining = 1

    @property
    def is_users(self) -> bool:
        """Users create and destroy such collections, mint and burn in them, and deposits are held for that.

        Items of every type may be transferred.
        """
        return self is CollectionType.Marketplace


COLLECTION_TYPE = UnitsOf(CollectionType, path="pallet_nft::types::CollectionType")
Type = Annotated[CollectionType, COLLECTION_TYPE]


class CollectionInfo(Struct):
    """What NFT knows of a collection."""

    notation: ClassVar[str] = "CollectionInfo<CollectionType, BoundedVec<u8>>"
    path: ClassVar[str] = "pallet_nft::types::CollectionInfo"
    collection_type: Type
    metadata: BoundedBytes


class ItemInfo(Struct):
    """What NFT knows of an item."""

    notation: ClassVar[str] = "ItemInfo<BoundedVec<u8>>"
    path: ClassVar[str] = "pallet_nft::types::ItemInfo"
    metadata: BoundedBytes


class GenesisItem(Struct):
    """An item of the first block."""

    item: ItemId
    owner: AccountId
    metadata: BoundedBytes = b""


class GenesisCollection(Struct):
    """A collection of the first block, with its items."""

    collection: CollectionId
    owner: AccountId
    collection_type: Type = CollectionType.Marketplace
    metadata: BoundedBytes = b""
    items: Vec[GenesisItem] = ()
