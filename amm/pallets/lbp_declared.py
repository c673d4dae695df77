"""What LBP declares: constants, storage, events and errors. Source: spec/lbp.md."""

from dataclasses import dataclass
from typing import ClassVar

from amm.pallets.clock import BLOCK_NUMBER_PROVIDER, RELAY, Clock
from amm.pallets.lbp_data import Pool
from amm.pallets.protocols import LockableCurrency
from chain.crypto.hashers import Blake2_128Concat
from chain.frame import Constant, Error, Event, Pallet, StorageDoubleMap, StorageMap
from chain.scale import BOOL, U32, Codec, codec_of
from chain.scale.types import ACCOUNT_ID, ASSET_ID, BALANCE, AccountId, AssetId, Balance, u32

FEE: Codec[tuple[int, int]] = codec_of(tuple[u32, u32])


@dataclass
class Needs:
    currency: LockableCurrency
    clock: Clock


class LbpDeclared(Pallet, name="LBP"):
    """The declaration of LBP, without what it does."""

    min_trading_limit = Constant(BALANCE, 1000, metadata="MinTradingLimit", doc="Declared, but never asked")
    min_pool_liquidity = Constant(BALANCE, 1000, metadata="MinPoolLiquidity", doc="Least amount of a new pool")
    max_in_ratio = Constant(BALANCE, 3, metadata="MaxInRatio", doc="A trade adds at most 1/n of a reserve")
    max_out_ratio = Constant(BALANCE, 3, metadata="MaxOutRatio", doc="A trade takes at most 1/n of a reserve")
    repay_fee = Constant(FEE, (2, 10), metadata="repay_fee", doc="Fee rate until the target is collected")
    max_sale_duration = Constant(U32, 201_600, doc="A sale lasts fewer blocks")
    block_number_provider = Constant(BLOCK_NUMBER_PROVIDER, RELAY, doc="Whose blocks sales are dated in")

    pool_data = StorageMap(ACCOUNT_ID, Pool, hasher=Blake2_128Concat, doc="What is known of a pool")
    fee_collector_with_asset = StorageDoubleMap(
        ACCOUNT_ID, ASSET_ID, BOOL, default=False, doc="Whether an account collects the fees of a pool in an asset"
    )

    needs: Needs

    class PoolCreated(Event):
        """Pool was created by the `CreatePool` origin."""

        pool: AccountId
        data: Pool

    class PoolUpdated(Event):
        """Pool data were updated; `data` is all of them."""

        pool: AccountId
        data: Pool

    class LiquidityAdded(Event):
        """New liquidity was provided to the pool, whose account is `who`."""

        who: AccountId
        asset_a: AssetId
        asset_b: AssetId
        amount_a: Balance
        amount_b: Balance

    class LiquidityRemoved(Event):
        """Liquidity was removed from the pool, whose account is `who`, and the pool has been destroyed."""

        who: AccountId
        asset_a: AssetId
        asset_b: AssetId
        amount_a: Balance
        amount_b: Balance

    class SellExecuted(Event):
        """Sale executed: `amount` went into the pool, `sale_price` to the seller."""

        who: AccountId
        asset_in: AssetId
        asset_out: AssetId
        amount: Balance
        sale_price: Balance
        fee_asset: AssetId
        fee_amount: Balance

    class BuyExecuted(Event):
        """Purchase executed: `amount` of asset_in went to the pool, `buy_price` of asset_out to the buyer."""

        who: AccountId
        asset_out: AssetId
        asset_in: AssetId
        amount: Balance
        buy_price: Balance
        fee_asset: AssetId
        fee_amount: Balance

    class CannotCreatePoolWithSameAssets(Error):
        """A pool needs two different assets."""

        hint: ClassVar[str] = "Name another asset on one side."

    class NotOwner(Error):
        """The account is not the owner of the pool."""

        hint: ClassVar[str] = "Sign as the owner that the pool data name."

    class SaleStarted(Error):
        """The sale has started already, or is over."""

        hint: ClassVar[str] = "Pool data may change only before the start; a new sale needs a new pool."

    class SaleNotEnded(Error):
        """The sale is still running."""

        hint: ClassVar[str] = "Liquidity can be removed before the start and after the end."

    class SaleIsNotRunning(Error):
        """The sale has not started, or is over."""

        hint: ClassVar[str] = "Trade from the start block to the end block, both included."

    class MaxSaleDurationExceeded(Error):
        """The sale would last too long."""

        hint: ClassVar[str] = "It has to end fewer than max_sale_duration blocks after its start."

    class CannotAddZeroLiquidity(Error):
        """Liquidity being added should not be zero."""

        hint: ClassVar[str] = "Give at least one amount above zero."

    class InsufficientAssetBalance(Error):
        """The balance of an asset is not sufficient."""

        hint: ClassVar[str] = "Use at most what the account holds; for a new pool the owner pays."

    class PoolNotFound(Error):
        """There is no such pool."""

        hint: ClassVar[str] = "Create it with lbp.create_pool (root); an account must be that of a pool."

    class PoolAlreadyExists(Error):
        """There is a pool of these assets already."""

        hint: ClassVar[str] = "Add to it, or wait until its owner has removed it."

    class InvalidBlockRange(Error):
        """The sale's blocks are wrong."""

        hint: ClassVar[str] = "Give a start after the current block and an end after the start, or neither."

    class WeightCalculationError(Error):
        """The current weight cannot be calculated."""

        hint: ClassVar[str] = "This runtime raises InvalidWeight instead."

    class InvalidWeight(Error):
        """The weight is out of bounds, or has no value at this block."""

        hint: ClassVar[str] = "Weights go from 2_000_000 (2 %) to 99_999_999; 100_000_000 is all of the pool."

    class ZeroAmount(Error):
        """The amount should not be zero."""

        hint: ClassVar[str] = "Trade an amount above zero."

    class MaxInRatioExceeded(Error):
        """The trade brings in too much for the pool."""

        hint: ClassVar[str] = "Split it: at most a max_in_ratio-th of the reserve at a time."

    class MaxOutRatioExceeded(Error):
        """The trade takes too large a part of the pool."""

        hint: ClassVar[str] = "Split it: at most a max_out_ratio-th of the reserve at a time."

    class FeeAmountInvalid(Error):
        """The fee rate has no denominator, or the fee cannot be calculated."""

        hint: ClassVar[str] = "Give a fee as (part, whole) with whole above 0; trade less at a time."

    class TradingLimitReached(Error):
        """It gives less, or costs more, than the limit that was set."""

        hint: ClassVar[str] = "Lower the least amount of a sell, raise the most of a buy, or trade less."

    class Overflow(Error):
        """An amount or a power is too large to calculate with."""

        hint: ClassVar[str] = "Trade less at a time: the weights are too far apart for this amount."

    class NothingToUpdate(Error):
        """Nothing to update."""

        hint: ClassVar[str] = "Give at least one value besides the owner."

    class InsufficientLiquidity(Error):
        """Liquidity has not reached the required minimum."""

        hint: ClassVar[str] = "Both amounts have to reach min_pool_liquidity."

    class InsufficientTradingAmount(Error):
        """The amount is less than the trading limit."""

        hint: ClassVar[str] = "This runtime does not raise it."

    class FeeCollectorWithAssetAlreadyUsed(Error):
        """This account collects the fees of another pool in the same asset, or of this one."""

        hint: ClassVar[str] = "A fee collector serves one pool for each accumulated asset; name another."
