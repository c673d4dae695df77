"""What AssetRegistry declares: constants, storage, events and errors. Source: spec/money.md §8."""

from dataclasses import dataclass
from typing import ClassVar

from chain.crypto.hashers import Blake2_128Concat, Twox64Concat
from chain.frame import Constant, Error, Event, Genesis, Pallet, StorageMap, StorageValue
from chain.pallets.asset_types import (
    ASSET_LOCATION,
    BOUNDED_STRING,
    AssetDetails,
    AssetLocation,
    AssetMetadata,
    AssetType,
    BoundedString,
    GenesisAsset,
)
from chain.pallets.protocols import NativeCurrency
from chain.scale import BYTES, U8, U32, codec_of
from chain.scale.types import ASSET_ID, AssetId, Balance, Vec, u8


@dataclass
class Needs:
    """Whose existential deposit the first asset has."""

    native: NativeCurrency


class AssetRegistryDeclared(Pallet, name="AssetRegistry"):
    """The declaration of AssetRegistry, without what it does."""

    needs: Needs

    sequential_id_start_at = Constant(
        ASSET_ID, 1_000_000, metadata="SequentialIdStartAt", doc="The first id that is given in order."
    )
    native_asset_id = Constant(ASSET_ID, 0, metadata="NativeAssetId", doc="The chain's own asset.")

    native_asset_name = Genesis(BYTES, b"BSX")
    native_asset_symbol = Genesis(BYTES, b"BSX")
    native_asset_decimals = Genesis(U8, 12)
    registered_assets = Genesis(codec_of(Vec[GenesisAsset]), (), doc="Assets of the first state, in order.")

    assets = StorageMap(ASSET_ID, AssetDetails, hasher=Twox64Concat, doc="What is known of an asset.")
    next_asset_id = StorageValue(U32, default=0, doc="How many ids were given in order.")
    asset_ids = StorageMap(BOUNDED_STRING, ASSET_ID, hasher=Blake2_128Concat, doc="Assets by name.")
    asset_locations = StorageMap(ASSET_ID, ASSET_LOCATION, hasher=Twox64Concat, doc="Where an asset is native.")
    location_assets = StorageMap(
        ASSET_LOCATION, ASSET_ID, hasher=Blake2_128Concat, doc="Assets by where they are native."
    )
    asset_metadata_map = StorageMap(
        ASSET_ID, AssetMetadata, hasher=Twox64Concat, doc="How people write amounts of an asset."
    )

    class Registered(Event):
        """Asset was registered."""

        asset_id: AssetId
        asset_name: BoundedString
        asset_type: AssetType

    class Updated(Event):
        """Asset was updated."""

        asset_id: AssetId
        asset_name: BoundedString
        asset_type: AssetType
        existential_deposit: Balance
        xcm_rate_limit: Balance | None

    class MetadataSet(Event):
        """Metadata set for an asset."""

        asset_id: AssetId
        symbol: BoundedString
        decimals: u8

    class LocationSet(Event):
        """Native location set for an asset."""

        asset_id: AssetId
        location: AssetLocation

    class NoIdAvailable(Error):
        """Asset ID is not available. This only happens when it reaches the MAX value of given id type."""

        hint: ClassVar[str] = "Give an id below the sequential ones."

    class AssetNotFound(Error):
        """Invalid asset name or asset id."""

        hint: ClassVar[str] = "Register the asset first; `asset list` shows those that exist."

    class TooLong(Error):
        """Invalid asset name or symbol."""

        hint: ClassVar[str] = "A name or symbol has at most 32 bytes."

    class AssetNotRegistered(Error):
        """Asset ID is not registered in the asset-registry."""

        hint: ClassVar[str] = "Register the asset first; `asset list` shows those that exist."

    class AssetAlreadyRegistered(Error):
        """Asset is already registered."""

        hint: ClassVar[str] = "Names and ids are given once; choose another."

    class InvalidSharedAssetLen(Error):
        """Incorrect number of assets provided to create shared asset."""

        hint: ClassVar[str] = "A share token is of two assets."

    class CannotUpdateLocation(Error):
        """Cannot update asset location."""

        hint: ClassVar[str] = "The native asset has no location in the registry."

    class NotInReservedRange(Error):
        """Selected asset id is out of reserved range."""

        hint: ClassVar[str] = "Give an id below 1,000,000, or none to get the next one in order."

    class LocationAlreadyRegistered(Error):
        """Location already registered with different asset."""

        hint: ClassVar[str] = "One location stands for one asset."
