"""What the registry knows of an asset. Source: spec/money.md §8."""

from typing import Annotated, ClassVar

from chain.primitives.location import MultiLocation
from chain.scale import BytesOf, Enum, NewtypeOf, Struct, codec_of
from chain.scale.types import AssetId, Balance, Bytes, u8, u32

STRING_LIMIT = 32

BOUNDED_STRING = BytesOf(STRING_LIMIT)
BoundedString = Annotated[bytes, BOUNDED_STRING]

ASSET_LOCATION = NewtypeOf(codec_of(MultiLocation), "AssetLocation", "basilisk_runtime::xcm::AssetLocation")
AssetLocation = Annotated[MultiLocation, ASSET_LOCATION]


class AssetType(Enum):
    """What kind of asset it is."""

    notation: ClassVar[str] = "AssetType<u32>"
    path: ClassVar[str] = "pallet_asset_registry::types::AssetType"


class TokenType(AssetType):
    variant: ClassVar[str] = "Token"
    index: ClassVar[int] = 0


class PoolShareType(AssetType):
    """A share of the pool of two assets; XYK shares are `XYK` now."""

    variant: ClassVar[str] = "PoolShare"
    index: ClassVar[int] = 1
    positional: ClassVar[bool] = True
    asset_a: AssetId
    asset_b: AssetId


class XykType(AssetType):
    variant: ClassVar[str] = "XYK"
    index: ClassVar[int] = 2


class StableSwapType(AssetType):
    variant: ClassVar[str] = "StableSwap"
    index: ClassVar[int] = 3


class BondType(AssetType):
    variant: ClassVar[str] = "Bond"
    index: ClassVar[int] = 4


class ExternalType(AssetType):
    variant: ClassVar[str] = "External"
    index: ClassVar[int] = 5


TOKEN, XYK_SHARE, STABLESWAP_SHARE, EXTERNAL = TokenType(), XykType(), StableSwapType(), ExternalType()


class AssetDetails(Struct):
    """An asset as it is registered; `existential_deposit` in its base units."""

    notation: ClassVar[str] = "AssetDetails<u32, u128, BoundedVec<u8>>"
    path: ClassVar[str] = "pallet_asset_registry::types::AssetDetails"
    name: BoundedString
    asset_type: AssetType
    existential_deposit: Balance
    xcm_rate_limit: Balance | None


class AssetMetadata(Struct):
    """How people write amounts of an asset."""

    notation: ClassVar[str] = "AssetMetadata<BoundedVec<u8>>"
    path: ClassVar[str] = "pallet_asset_registry::types::AssetMetadata"
    symbol: BoundedString
    decimals: u8


class Metadata(Struct):
    """Metadata as an argument of `register`."""

    path: ClassVar[str] = "pallet_asset_registry::types::Metadata"
    symbol: Bytes
    decimals: u8


class GenesisAsset(Struct):
    """An asset of the first block; without an `id` it gets the next one in order."""

    id: u32 | None
    name: Bytes
    symbol: Bytes
    decimals: u8
    existential_deposit: Balance
    asset_type: AssetType = TOKEN
    location: AssetLocation | None = None
