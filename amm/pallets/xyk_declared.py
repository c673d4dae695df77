"""What XYK declares: constants, storage, events and errors. Source: spec/xyk.md."""

from dataclasses import dataclass
from typing import ClassVar

from amm.pallets.protocols import Launches, Oracle, ShareTokens
from chain.crypto.hashers import Blake2_128Concat
from chain.frame import Constant, Error, Event, Pallet, StorageMap
from chain.pallets.protocols import DustRemovalWhitelist, MultiCurrency
from chain.scale import Codec, codec_of
from chain.scale.sequences import FixedBytes
from chain.scale.types import ACCOUNT_ID, ASSET_ID, BALANCE, AccountId, AssetId, Balance, u32

FEE: Codec[tuple[int, int]] = codec_of(tuple[u32, u32])
PAIR: Codec[tuple[int, int]] = codec_of(tuple[AssetId, AssetId])
SOURCE: Codec[bytes] = FixedBytes(8)


@dataclass
class Needs:
    """`launches` and `oracle` are None where the chain has no such pallet."""

    currency: MultiCurrency
    registry: ShareTokens
    whitelist: DustRemovalWhitelist
    launches: Launches | None = None
    oracle: Oracle | None = None


class XykDeclared(Pallet, name="XYK"):
    """The declaration of XYK, without what it does."""

    native_asset_id = Constant(ASSET_ID, 0, metadata="NativeAssetId", doc="The chain's own asset")
    exchange_fee = Constant(FEE, (3, 1000), metadata="GetExchangeFee", doc="Trading fee rate")
    min_trading_limit = Constant(BALANCE, 1000, metadata="MinTradingLimit", doc="Least amount of a trade")
    min_pool_liquidity = Constant(BALANCE, 1000, metadata="MinPoolLiquidity", doc="Least position in a pool")
    max_in_ratio = Constant(BALANCE, 3, metadata="MaxInRatio", doc="A trade adds at most 1/n of a reserve")
    max_out_ratio = Constant(BALANCE, 3, metadata="MaxOutRatio", doc="A trade takes at most 1/n of a reserve")
    oracle_source = Constant(SOURCE, b"snek/xyk", metadata="OracleSource", doc="Who tells the oracle")
    discounted_fee = Constant(FEE, (7, 10_000), doc="Fee rate of trades that burn BSX for a discount")

    share_token = StorageMap(ACCOUNT_ID, ASSET_ID, hasher=Blake2_128Concat, default=0, doc="The share token of a pool")
    total_liquidity = StorageMap(ACCOUNT_ID, BALANCE, hasher=Blake2_128Concat, default=0, doc="All shares of a pool")
    pool_assets = StorageMap(ACCOUNT_ID, PAIR, hasher=Blake2_128Concat, doc="The assets of a pool")

    needs: Needs

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

        hint: ClassVar[str] = "Name another asset on one side."

    class InsufficientLiquidity(Error):
        """Liquidity is below the minimum of a pool or of a position."""

        hint: ClassVar[str] = "Bring in more, or take everything out; the least is min_pool_liquidity."

    class InsufficientTradingAmount(Error):
        """The amount is below the trading limit."""

        hint: ClassVar[str] = "Trade at least min_trading_limit base units."

    class ZeroLiquidity(Error):
        """The amount of liquidity, or its limit, is zero."""

        hint: ClassVar[str] = "Give an amount, and a limit, above zero."

    class ZeroInitialPrice(Error):
        """Initial price is zero."""

        hint: ClassVar[str] = "This runtime does not raise it."

    class CreatePoolAssetAmountInvalid(Error):
        """The amount of an asset is invalid for a new pool."""

        hint: ClassVar[str] = "This runtime does not raise it."

    class InvalidMintedLiquidity(Error):
        """The shares for this amount would be none, or too many to count."""

        hint: ClassVar[str] = "Add more: the amount is worth less than one share."

    class InvalidLiquidityAmount(Error):
        """The shares of the pool would be too many to count."""

        hint: ClassVar[str] = "Add less: the pool has room for 2^128 − 1 shares."

    class AssetAmountExceededLimit(Error):
        """It costs more than the limit that was set."""

        hint: ClassVar[str] = "Raise the limit, or ask for less."

    class AssetAmountNotReachedLimit(Error):
        """It gives less than the limit that was set."""

        hint: ClassVar[str] = "Lower the limit, or sell more."

    class InsufficientAssetBalance(Error):
        """The balance of an asset is not sufficient."""

        hint: ClassVar[str] = "Use at most what the account holds; a buy takes its cost and the fee."

    class InsufficientPoolAssetBalance(Error):
        """The pool does not hold enough of an asset."""

        hint: ClassVar[str] = "Ask for less than the pool holds."

    class InsufficientNativeCurrencyBalance(Error):
        """Not enough BSX to pay for the discount."""

        hint: ClassVar[str] = "The discount burns BSX; get some, or trade with discount false."

    class TokenPoolNotFound(Error):
        """There is no pool of these assets."""

        hint: ClassVar[str] = "Create it with xyk.create_pool, or trade by another route."

    class TokenPoolAlreadyExists(Error):
        """There is a pool of these assets already."""

        hint: ClassVar[str] = "Join it with xyk.add_liquidity."

    class AddAssetAmountInvalid(Error):
        """No amount of the second asset matches this one."""

        hint: ClassVar[str] = "Add less, or start from the other asset."

    class RemoveAssetAmountInvalid(Error):
        """The amounts behind these shares cannot be calculated."""

        hint: ClassVar[str] = "Remove fewer shares at a time."

    class SellAssetAmountInvalid(Error):
        """What the sale gives cannot be calculated, or is less than its fee."""

        hint: ClassVar[str] = "Sell another amount; see that exchange_fee is below 1."

    class BuyAssetAmountInvalid(Error):
        """What the purchase costs cannot be calculated."""

        hint: ClassVar[str] = "Buy less at a time."

    class FeeAmountInvalid(Error):
        """The fee cannot be calculated."""

        hint: ClassVar[str] = "Trade less at a time; see that exchange_fee is below 1."

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

        hint: ClassVar[str] = "Use a smaller amount; max_in_ratio and max_out_ratio must not be 0."

    class CannotCreatePool(Error):
        """These assets cannot be pooled."""

        hint: ClassVar[str] = "Both must be registered and no share tokens, and no launch of theirs may be on."
