"""AssetRegistry: which assets there are, by id, name and location. Source: spec/money.md §8.

The declaration is in `asset_registry_declared`; here is what it does, and the calls.
"""


from chain.frame import Origin, call
from chain.frame.constant import Settings
from chain.pallets.asset_registry_declared import AssetRegistryDeclared, Needs
from chain.pallets.asset_types import (
    STRING_LIMIT,
    TOKEN,
    XYK_SHARE,
    AssetDetails,
    AssetLocation,
    AssetMetadata,
    AssetType,
    GenesisAsset,
    Metadata,
)
from chain.pallets.balances_types import MAX_BALANCE
from chain.pallets.genesis import GenesisError, silently
from chain.primitives.errors import Failure
from chain.primitives.location import RELAY, MultiLocation
from chain.scale.types import AssetId, Balance, Bytes, u8

__all__ = ["AssetRegistry", "Needs"]

MAX_ID = (1 << 32) - 1


class AssetRegistry(AssetRegistryDeclared, name="AssetRegistry"):
    """Assets and what is known of them. Ids below a million are given by hand, those above in order."""

    # -- looking -------------------------------------------------------------------------------------------

    def exists(self, asset: int) -> bool:
        return self.assets.contains(asset)

    def details(self, asset: int) -> AssetDetails | None:
        return self.assets.get(asset)

    def existential_deposit(self, asset: int) -> int:
        """The least that an account may hold; 2^128 − 1 for an asset that is not registered."""
        details = self.assets.get(asset)
        return MAX_BALANCE if details is None else details.existential_deposit

    def metadata(self, asset: int) -> AssetMetadata | None:
        return self.asset_metadata_map.get(asset)

    def asset_of_name(self, name: bytes) -> int | None:
        return self.asset_ids.get(name) if len(name) <= STRING_LIMIT else None

    def asset_at(self, location: MultiLocation) -> int | None:
        return self.location_assets.get(location)

    def location_of(self, asset: int) -> MultiLocation | None:
        return self.asset_locations.get(asset)

    def unused_id(self) -> int:
        """The next id, as other pallets ask for it. On a fresh chain that is one which is never given out."""
        return min(MAX_ID, self.sequential_id_start_at + self.next_asset_id.get())

    def relay_asset(self) -> int:
        """The relay chain's own asset, KSM; an unused id if there is none, so that every amount fails."""
        asset = self.location_assets.get(RELAY)
        return self.unused_id() if asset is None else asset

    # -- registering ---------------------------------------------------------------------------------------

    def share_token_name(self, asset_a: int, asset_b: int) -> bytes:
        """The name of the token of XYK shares of two assets, in either order."""
        low, high = sorted((asset_a, asset_b))
        return low.to_bytes(4, "little") + b"HDT" + high.to_bytes(4, "little")

    def get_or_create_share_token(self, asset_a: int, asset_b: int) -> int:
        """The token of XYK shares of two assets; registered in order, with an event, if there is none."""
        name = self.share_token_name(asset_a, asset_b)
        known = self.asset_ids.get(name)
        return self.register_asset(name, XYK_SHARE, 1) if known is None else known

    def register_asset(
        self,
        name: bytes,
        asset_type: AssetType,
        existential_deposit: int,
        asset: int | None = None,
        xcm_rate_limit: int | None = None,
    ) -> int:
        """Register an asset and answer its id, the next in order if none is given.

        Raises `TooLong`, `AssetAlreadyRegistered`, `NotInReservedRange`, `NoIdAvailable`.
        """
        if len(name) > STRING_LIMIT:
            raise self.TooLong
        if self.asset_ids.contains(name):
            raise self.AssetAlreadyRegistered
        if asset is None:
            asset = self._take_next_id()
        elif asset >= self.sequential_id_start_at:
            raise self.NotInReservedRange
        elif self.assets.contains(asset):
            raise self.AssetAlreadyRegistered
        self.asset_ids.insert(name, asset)
        self.assets.insert(asset, AssetDetails(name, asset_type, existential_deposit, xcm_rate_limit))
        self.deposit(self.Registered(asset, name, asset_type))
        return asset

    def _take_next_id(self) -> int:
        counter = self.next_asset_id.get()
        if counter == self.native_asset_id:
            counter += 1
        asset = self.sequential_id_start_at + counter
        if asset > MAX_ID or counter >= MAX_ID:
            raise self.NoIdAvailable
        self.next_asset_id.put(counter + 1)
        return asset

    def _set_metadata(self, asset: int, symbol: bytes, decimals: int) -> None:
        if len(symbol) > STRING_LIMIT:
            raise self.TooLong
        self.asset_metadata_map.insert(asset, AssetMetadata(symbol, decimals))
        self.deposit(self.MetadataSet(asset, symbol, decimals))

    def _set_location(self, asset: int, location: MultiLocation) -> None:
        if self.location_assets.contains(location):
            raise self.LocationAlreadyRegistered
        old = self.asset_locations.get(asset)
        if old is not None:
            self.location_assets.remove(old)
        self.asset_locations.insert(asset, location)
        self.location_assets.insert(location, asset)
        self.deposit(self.LocationSet(asset, location))

    # -- genesis -------------------------------------------------------------------------------------------

    def build_genesis(self, config: Settings) -> None:
        """Register the native asset, then the listed ones in order, each with metadata for the clients.

        Raises GenesisError for one that could not be registered.
        """
        native = self.native_asset_id
        name = config["native_asset_name"]
        with silently(self.context):
            self.asset_ids.insert(name, native)
            deposit = self.needs.native.existential_deposit
            self.assets.insert(native, AssetDetails(name, TOKEN, deposit, None))
            self._set_metadata(native, config["native_asset_symbol"], config["native_asset_decimals"])
            for asset in config["registered_assets"]:
                self._register_first(asset)

    def _register_first(self, asset: GenesisAsset) -> None:
        try:
            id = self.register_asset(asset.name, asset.asset_type, asset.existential_deposit, asset.id)
            self._set_metadata(id, asset.symbol, asset.decimals)
            if asset.location is not None:
                self._set_location(id, asset.location)
        except Failure as failure:
            meaning = (type(failure).__doc__ or str(failure)).rstrip(".")
            raise GenesisError(f"assets: {asset.name!r} (id {asset.id}): {meaning}") from failure

    # -- calls ---------------------------------------------------------------------------------------------

    @call(index=0)
    def register(
        self,
        origin: Origin,
        name: Bytes,
        asset_type: AssetType,
        existential_deposit: Balance,
        asset_id: AssetId | None,
        metadata: Metadata | None,
        location: AssetLocation | None,
        xcm_rate_limit: Balance | None,
    ) -> None:
        """Register a new asset; without an id it gets the next one in order. Root only."""
        origin.ensure_root()
        asset = self.register_asset(name, asset_type, existential_deposit, asset_id, xcm_rate_limit)
        if metadata is not None:
            self._set_metadata(asset, metadata.symbol, metadata.decimals)
        if location is not None:
            if asset == self.native_asset_id:
                raise self.CannotUpdateLocation
            self._set_location(asset, location)

    @call(index=1)
    def update(
        self,
        origin: Origin,
        asset_id: AssetId,
        name: Bytes,
        asset_type: AssetType,
        existential_deposit: Balance | None,
        xcm_rate_limit: Balance | None,
    ) -> None:
        """Update a registered asset; the existential deposit stays if none is given. Root only."""
        origin.ensure_root()
        old = self.assets.get(asset_id)
        if old is None:
            raise self.AssetNotFound
        if len(name) > STRING_LIMIT:
            raise self.TooLong
        if name != old.name:
            if self.asset_ids.contains(name):
                raise self.AssetAlreadyRegistered
            self.asset_ids.remove(old.name)
            self.asset_ids.insert(name, asset_id)
        deposit = old.existential_deposit if existential_deposit is None else existential_deposit
        self.assets.insert(asset_id, AssetDetails(name, asset_type, deposit, xcm_rate_limit))
        self.deposit(self.Updated(asset_id, name, asset_type, deposit, xcm_rate_limit))

    @call(index=2)
    def set_metadata(self, origin: Origin, asset_id: AssetId, symbol: Bytes, decimals: u8) -> None:
        """Set metadata for an asset. Root only."""
        origin.ensure_root()
        if not self.assets.contains(asset_id):
            raise self.AssetNotFound
        self._set_metadata(asset_id, symbol, decimals)

    @call(index=3)
    def set_location(self, origin: Origin, asset_id: AssetId, location: AssetLocation) -> None:
        """Set where an asset is native; the old location is free again. Root only."""
        origin.ensure_root()
        if asset_id == self.native_asset_id:
            raise self.CannotUpdateLocation
        if not self.assets.contains(asset_id):
            raise self.AssetNotRegistered
        self._set_location(asset_id, location)
