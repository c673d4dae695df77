"""What the markets ask of other pallets, beyond `chain.pallets.protocols`; `amm/runtime.py` binds them.

Amounts are u128 base units, assets u32 ids, accounts 32 bytes. What fails raises a
`chain.primitives.errors.Failure`.
"""

from typing import Protocol

from chain.pallets.asset_types import AssetDetails
from chain.pallets.protocols import MultiCurrency, MultiLockableCurrency

Price = tuple[int, int]
"""A price as a fraction of two u128, not reduced: units of a pair's first asset for one of the second."""


class LockableCurrency(MultiCurrency, MultiLockableCurrency, Protocol):
    """Balances, transfers and locks of every asset (Currencies; spec/money.md §7)."""


class ShareTokens(Protocol):
    """The part of the asset registry that pools need (AssetRegistry; spec/money.md §8)."""

    def details(self, asset: int) -> AssetDetails | None:
        """What is registered; None for an asset that is not."""

    def get_or_create_share_token(self, asset_a: int, asset_b: int) -> int:
        """The share token of a pair; a new one, with an event, if the pair never had any."""


class Launches(Protocol):
    """What an XYK pool must know of launches (LBP; spec/lbp.md, Lifecycle)."""

    def reserves_pair(self, asset_a: int, asset_b: int) -> bool:
        """The pair has a launch that is not over: undated, announced or running."""


class Oracle(Protocol):
    """What the price oracle is told (EmaOracle; spec/router-oracle.md §2.2).

    Liquidity and price are those after the trade or the change.
    """

    def on_trade(
        self,
        source: bytes,
        asset_in: int,
        asset_out: int,
        amount_in: int,
        amount_out: int,
        liquidity_in: int,
        liquidity_out: int,
        price: Price,
    ) -> None: ...

    def on_liquidity_changed(
        self, source: bytes, asset_a: int, asset_b: int, liquidity_a: int, liquidity_b: int, price: Price
    ) -> None: ...
