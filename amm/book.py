"""What the chain knows of its assets, read from its state. Source: spec/trade-scripts.md, "Values"."""

from collections.abc import Iterable

import msgspec

from chain.frame import Environment
from chain.pallets.asset_registry import AssetRegistry


class AssetInfo(msgspec.Struct, frozen=True):
    """An asset of the registry; `symbol` and `decimals` are None without metadata."""

    id: int
    name: str
    symbol: str | None
    decimals: int | None
    existential_deposit: int
    type: str


class ChainBook:
    """The Book of one state: symbols of `AssetMetadataMap`, the lowest id on a tie; share tokens by their name."""

    def __init__(self, environment: Environment) -> None:
        self._registry = environment[AssetRegistry]
        self._by_id: dict[int, tuple[str, int]] = {}
        self._by_symbol: dict[str, int] = {}
        for asset, metadata in sorted(self._registry.asset_metadata_map.items(), key=lambda entry: entry[0]):
            symbol = metadata.symbol.decode(errors="replace")
            self._by_id[asset] = symbol, metadata.decimals
            self._by_symbol.setdefault(symbol, asset)

    def symbols(self) -> Iterable[str]:
        return self._by_symbol

    def asset(self, symbol: str) -> int | None:
        return self._by_symbol.get(symbol)

    def symbol(self, asset: int) -> str | None:
        found = self._by_id.get(asset)
        return found[0] if found else None

    def decimals(self, asset: int) -> int | None:
        found = self._by_id.get(asset)
        return found[1] if found else None

    def share_asset(self, asset_a: int, asset_b: int) -> int | None:
        return self._registry.asset_ids.get(share_name(asset_a, asset_b))

    def assets(self) -> list[AssetInfo]:
        """All assets, by id."""
        found = []
        for asset, details in sorted(self._registry.assets.items(), key=lambda entry: entry[0]):
            symbol, decimals = self._by_id.get(asset, (None, None))
            kind = getattr(type(details.asset_type), "variant", type(details.asset_type).__name__)
            name = details.name.decode(errors="replace")
            found.append(AssetInfo(asset, name, symbol, decimals, details.existential_deposit, kind))
        return found


def share_name(asset_a: int, asset_b: int) -> bytes:
    """The name under which the share token of a pair is registered (money.md §8)."""
    low, high = sorted((asset_a, asset_b))
    return low.to_bytes(4, "little") + b"HDT" + high.to_bytes(4, "little")
