"""What calls of XYK end in: its events and its errors, in the order of their indices. Source: spec/xyk.md."""

from typing import ClassVar

from chain.frame import Error, Event
from chain.scale.types import AccountId, AssetId, Balance


class XykOutcomes:
    """The events and errors of XYK."""

    class LiquidityAdded(Event):
        """New liquidity was provided to the pool."""

        who: AccountId
        asset_a: AssetId
        asset_b: AssetId
        amount_a: Balance
        amount_b: Balance

    class LiquidityRemoved(Event):
        """Liquidity was removed from the pool."""

        who: AccountId
        asset_a: AssetId
        asset_b: AssetId
        shares: Balance

    class PoolCreated(Event):
        """Pool was created."""

        who: AccountId
        asset_a: AssetId
        asset_b: AssetId
        initial_shares_amount: Balance
        share_token: AssetId
        pool: AccountId

    class PoolDestroyed(Event):
        """Pool was destroyed, its last share gone."""

        who: AccountId
        asset_a: AssetId
        asset_b: AssetId
        share_token: AssetId
        pool: AccountId

    class SellExecuted(Event):
        """Asset sale executed; `sale_price` is what the seller got, the fee already taken."""

        who: AccountId
        asset_in: AssetId
        asset_out: AssetId
        amount: Balance
        sale_price: Balance
        fee_asset: AssetId
        fee_amount: Balance
        pool: AccountId

    class BuyExecuted(Event):
        """Asset purchase executed; `buy_price` is what it cost without the fee."""

        who: AccountId
        asset_out: AssetId
        asset_in: AssetId
        amount: Balance
        buy_price: Balance
        fee_asset: AssetId
        fee_amount: Balance
        pool: AccountId

    class CannotCreatePoolWithSameAssets(Error):
        """A pool needs two different assets."""

    class InsufficientLiquidity(Error):
        """Liquidity is below the minimum of a pool or of a position."""

        hint: ClassVar[str] = "Bring in more, or take everything out; the least is min_pool_liquidity."

    class InsufficientTradingAmount(Error):
        """The amount is below the trading limit."""

        hint: ClassVar[str] = "Trade at least min_trading_limit base units."

    class ZeroLiquidity(Error):
        """The amount of liquidity, or its limit, is zero."""

    class ZeroInitialPrice(Error):
        """Initial price is zero."""

    class CreatePoolAssetAmountInvalid(Error):
        """The amount of an asset is invalid for a new pool."""

    class InvalidMintedLiquidity(Error):
        """The shares for this amount would be none, or too many to count."""

    class InvalidLiquidityAmount(Error):
        """The shares of the pool would be too many to count."""

    class AssetAmountExceededLimit(Error):
        """It costs more than the limit that was set."""

        hint: ClassVar[str] = "Raise the limit, or ask for less."

    class AssetAmountNotReachedLimit(Error):
        """It gives less than the limit that was set."""

        hint: ClassVar[str] = "Lower the limit, or sell more."

    class InsufficientAssetBalance(Error):
        """The balance of an asset is not sufficient."""

    class InsufficientPoolAssetBalance(Error):
        """The pool does not hold enough of an asset."""

    class InsufficientNativeCurrencyBalance(Error):
        """Not enough BSX to pay for the discount."""

    class TokenPoolNotFound(Error):
        """There is no pool of these assets."""

        hint: ClassVar[str] = "Create it with xyk.create_pool, or trade by another route."

    class TokenPoolAlreadyExists(Error):
        """There is a pool of these assets already."""

        hint: ClassVar[str] = "Join it with xyk.add_liquidity."

    class AddAssetAmountInvalid(Error):
        """No amount of the second asset matches this one."""

    class RemoveAssetAmountInvalid(Error):
        """The amounts behind these shares cannot be calculated."""

    class SellAssetAmountInvalid(Error):
        """What the sale gives cannot be calculated, or is less than its fee."""

    class BuyAssetAmountInvalid(Error):
        """What the purchase costs cannot be calculated."""

    class FeeAmountInvalid(Error):
        """The fee cannot be calculated."""

    class CannotApplyDiscount(Error):
        """The discount needs a pool of the asset with BSX."""

        hint: ClassVar[str] = "A sell asks for a pool of the asset sold, a buy for one of the asset bought."

    class MaxOutRatioExceeded(Error):
        """The trade takes too large a part of the pool."""

        hint: ClassVar[str] = "Split it: at most a max_out_ratio-th of the reserve at a time."

    class MaxInRatioExceeded(Error):
        """The trade brings in too much for the pool."""

        hint: ClassVar[str] = "Split it: at most a max_in_ratio-th of the reserve at a time."

    class Overflow(Error):
        """An amount is too large to calculate with."""

    class CannotCreatePool(Error):
        """These assets cannot be pooled."""

        hint: ClassVar[str] = (
            "Both must be registered and no share tokens, and no launch of theirs may be on."
        )
