"""LBP: pools whose weights move during a sale, to distribute one asset for another. Source: spec/lbp.md.

One owner provides and takes back all liquidity. The declaration is in `lbp_declared`, the data of a pool in
`lbp_data`, what other pallets ask of pools in `lbp_quotes`; here is all that changes a pool.
"""

from typing import NamedTuple, TypeVar

from amm.math import lbp as math
from amm.pallets.lbp_data import MAX_WEIGHT, MIN_WEIGHT, Pool, WeightCurve, WeightCurveType
from amm.pallets.lbp_declared import Needs
from amm.pallets.lbp_quotes import COLLECTED, LbpQuotes, pool_account
from chain.frame import Origin, call
from chain.scale.types import AccountId, AssetId, Balance, BlockNumber, u32

__all__ = ["COLLECTED", "Lbp", "Needs", "Pool", "WeightCurveType", "pool_account"]

T = TypeVar("T")


class Trade(NamedTuple):
    """A trade that passed every check.

    `paid` goes from the trader into the pool, `received` back; the fee goes to the collector, out of the pool
    or, with `trader_pays_fee`, from the trader.
    """

    account: bytes
    pool: Pool
    paid: int
    received: int
    fee: int
    trader_pays_fee: bool


class Lbp(LbpQuotes, name="LBP"):
    """Creating, dating, filling and emptying pools, trading."""

    # -- calls -----------------------------------------------------------------------------------------------

    @call(index=0)
    def create_pool(
        self,
        origin: Origin,
        pool_owner: AccountId,
        asset_a: AssetId,
        asset_a_amount: Balance,
        asset_b: AssetId,
        asset_b_amount: Balance,
        initial_weight: u32,
        final_weight: u32,
        weight_curve: WeightCurve,
        fee: tuple[u32, u32],
        fee_collector: AccountId,
        repay_target: Balance,
    ) -> None:
        """Create a pool for its owner, with liquidity from the owner; `asset_a` is accumulated."""
        origin.ensure_root()
        if min(asset_a_amount, asset_b_amount) < self.min_pool_liquidity:
            raise self.InsufficientLiquidity
        if asset_a == asset_b:
            raise self.CannotCreatePoolWithSameAssets
        account = pool_account(asset_a, asset_b)
        if self.pool_data.contains(account):
            raise self.PoolAlreadyExists
        self._ensure_collects_nothing(fee_collector, asset_a)
        self._ensure_owns(pool_owner, asset_a, asset_a_amount)
        self._ensure_owns(pool_owner, asset_b, asset_b_amount)
        assets = (asset_a, asset_b)
        weights = (initial_weight, final_weight, weight_curve)
        pool = Pool(pool_owner, None, None, assets, *weights, fee, fee_collector, repay_target)
        self._validate(pool)

        self.pool_data.insert(account, pool)
        self.fee_collector_with_asset.insert(fee_collector, asset_a, True)
        self.deposit(self.PoolCreated(account, pool))
        self._fill(account, pool_owner, (asset_a, asset_a_amount), (asset_b, asset_b_amount))

    @call(index=1)
    def update_pool_data(
        self,
        origin: Origin,
        pool_id: AccountId,
        pool_owner: AccountId | None,
        start: BlockNumber | None,
        end: BlockNumber | None,
        initial_weight: u32 | None,
        final_weight: u32 | None,
        fee: tuple[u32, u32] | None,
        fee_collector: AccountId | None,
        repay_target: Balance | None,
    ) -> None:
        """Change what is given of a pool's data, and leave the rest, before the sale starts."""
        who = origin.signed()
        old = self.data(pool_id)
        if all(v is None for v in (start, end, initial_weight, final_weight, fee, fee_collector, repay_target)):
            raise self.NothingToUpdate
        self._ensure_owner(old, who)
        if old.has_started(self.now()):
            raise self.SaleStarted
        if fee_collector is not None:
            self._ensure_collects_nothing(fee_collector, old.assets[0])
        pool = Pool(
            _given(pool_owner, old.owner),
            _given(start, old.start),
            _given(end, old.end),
            old.assets,
            _given(initial_weight, old.initial_weight),
            _given(final_weight, old.final_weight),
            old.weight_curve,
            _given(fee, old.fee),
            _given(fee_collector, old.fee_collector),
            _given(repay_target, old.repay_target),
        )
        self._validate(pool)

        if fee_collector is not None:
            self.fee_collector_with_asset.remove(old.fee_collector, old.assets[0])
            self.fee_collector_with_asset.insert(fee_collector, old.assets[0], True)
        self.pool_data.insert(pool_id, pool)
        self.deposit(self.PoolUpdated(pool_id, pool))

    @call(index=2)
    def add_liquidity(
        self, origin: Origin, amount_a: tuple[AssetId, Balance], amount_b: tuple[AssetId, Balance]
    ) -> None:
        """Add liquidity in any proportion, at any time."""
        who = origin.signed()
        account = pool_account(amount_a[0], amount_b[0])
        self._ensure_owner(self.data(account), who)
        if amount_a[1] == 0 and amount_b[1] == 0:
            raise self.CannotAddZeroLiquidity
        self._ensure_owns(who, *amount_a)
        self._ensure_owns(who, *amount_b)
        self._fill(account, who, amount_a, amount_b)

    @call(index=3)
    def remove_liquidity(self, origin: Origin, pool_id: AccountId) -> None:
        """Take everything out of a pool, let go of the collected fees and forget the pool."""
        who = origin.signed()
        pool = self.data(pool_id)
        self._ensure_owner(pool, who)
        if pool.is_running(self.now()):
            raise self.SaleNotEnded
        currency, (asset_a, asset_b) = self.needs.currency, pool.assets
        amount_a, amount_b = currency.free_balance(asset_a, pool_id), currency.free_balance(asset_b, pool_id)
        currency.transfer(asset_a, pool_id, who, amount_a)
        currency.transfer(asset_b, pool_id, who, amount_b)
        if self.collected(pool) > 0:
            currency.remove_lock(COLLECTED, asset_a, pool.fee_collector)
        self.fee_collector_with_asset.remove(pool.fee_collector, asset_a)
        self.pool_data.remove(pool_id)
        self.deposit(self.LiquidityRemoved(pool_id, asset_a, asset_b, amount_a, amount_b))

    @call(index=4)
    def sell(self, origin: Origin, asset_in: AssetId, asset_out: AssetId, amount: Balance, max_limit: Balance) -> None:
        """Sell exactly `amount` of `asset_in` for at least `max_limit` of `asset_out`."""
        self.execute_sell(origin.signed(), asset_in, asset_out, amount, max_limit)

    @call(index=5)
    def buy(self, origin: Origin, asset_out: AssetId, asset_in: AssetId, amount: Balance, max_limit: Balance) -> None:
        """Buy exactly `amount` of `asset_out` for at most `max_limit` of `asset_in`."""
        self.execute_buy(origin.signed(), asset_in, asset_out, amount, max_limit)

    # -- trades ----------------------------------------------------------------------------------------------

    def execute_sell(self, who: bytes, asset_in: int, asset_out: int, amount: int, min_out: int) -> None:
        """What the call `sell` does for its signer."""
        trade = self._check_sell(who, asset_in, asset_out, amount, min_out)
        self._settle(who, asset_in, asset_out, trade)
        paid, received, fee = trade.paid, trade.received, trade.fee
        self.deposit(self.SellExecuted(who, asset_in, asset_out, paid, received, trade.pool.assets[0], fee))

    def execute_buy(self, who: bytes, asset_in: int, asset_out: int, amount: int, max_in: int) -> None:
        """What the call `buy` does for its signer."""
        trade = self._check_buy(who, asset_in, asset_out, amount, max_in)
        self._settle(who, asset_in, asset_out, trade)
        paid, received, fee = trade.paid, trade.received, trade.fee
        self.deposit(self.BuyExecuted(who, asset_out, asset_in, paid, received, trade.pool.assets[0], fee))

    def _check_sell(self, who: bytes, asset_in: int, asset_out: int, amount: int, min_out: int) -> Trade:
        if amount == 0:
            raise self.ZeroAmount
        self._ensure_owns(who, asset_in, amount)
        account, pool = self._running(asset_in, asset_out)
        weights, reserves = self.weights(pool, asset_in), self.reserves(asset_in, asset_out)
        if amount > self._part(reserves[0], self.max_in_ratio):
            raise self.MaxInRatioExceeded
        accumulated_sold = asset_in == pool.assets[0]
        fee = self.fee(pool, amount) if accumulated_sold else 0
        out = self.fitting(math.calculate_out_given_in, *reserves, *weights, amount)
        received = out
        if not accumulated_sold:
            fee = self.fee(pool, out)
            received = self.less(out, fee)
        if out > self._part(reserves[1], self.max_out_ratio):
            raise self.MaxOutRatioExceeded
        if received < min_out:
            raise self.TradingLimitReached
        # The pool gives for the whole amount, though the fee of an accumulated asset never reaches it.
        paid = self.less(amount, fee) if accumulated_sold else amount
        return Trade(account, pool, paid, received, fee, accumulated_sold)

    def _check_buy(self, who: bytes, asset_in: int, asset_out: int, amount: int, max_in: int) -> Trade:
        if amount == 0:
            raise self.ZeroAmount
        account, pool = self._running(asset_in, asset_out)
        weights, reserves = self.weights(pool, asset_in), self.reserves(asset_in, asset_out)
        if amount > self._part(reserves[1], self.max_out_ratio):
            raise self.MaxOutRatioExceeded
        accumulated_sold = asset_in == pool.assets[0]
        if accumulated_sold:
            cost = self.fitting(math.calculate_in_given_out, *reserves, *weights, amount)
            fee = self.fee(pool, cost)
            paid = self.less(cost, fee)
        else:
            fee = self.fee(pool, amount)
            wanted = self.plus(amount, fee)
            paid = cost = self.fitting(math.calculate_in_given_out, *reserves, *weights, wanted)
        if cost > self._part(reserves[0], self.max_in_ratio):
            raise self.MaxInRatioExceeded
        self._ensure_owns(who, asset_in, cost)
        if cost > max_in:
            raise self.TradingLimitReached
        return Trade(account, pool, paid, amount, fee, accumulated_sold)

    def _running(self, asset_a: int, asset_b: int) -> tuple[bytes, Pool]:
        """The pool of the two and its account; raises `PoolNotFound`, `SaleIsNotRunning`."""
        account = pool_account(asset_a, asset_b)
        pool = self.data(account)
        if not pool.is_running(self.now()):
            raise self.SaleIsNotRunning
        return account, pool

    def _part(self, reserve: int, ratio: int) -> int:
        """The part of a reserve that one trade may move."""
        if ratio == 0:
            raise self.Overflow
        return reserve // ratio

    def _settle(self, who: bytes, asset_in: int, asset_out: int, trade: Trade) -> None:
        """Move both assets and the fee, and lock the fee with what was collected before."""
        account, pool, fee = trade.account, trade.pool, trade.fee
        currency, accumulated, collector = self.needs.currency, pool.assets[0], pool.fee_collector
        collected = self.collected(pool)
        currency.transfer(asset_in, who, account, trade.paid)
        currency.transfer(asset_out, account, who, trade.received)
        currency.transfer(accumulated, who if trade.trader_pays_fee else account, collector, fee)
        if collected + fee > 0:
            currency.set_lock(COLLECTED, accumulated, collector, collected + fee)

    # -- checks ----------------------------------------------------------------------------------------------

    def _ensure_owner(self, pool: Pool, who: bytes) -> None:
        if pool.owner != who:
            raise self.NotOwner

    def _ensure_owns(self, who: bytes, asset: int, amount: int) -> None:
        if self.needs.currency.free_balance(asset, who) < amount:
            raise self.InsufficientAssetBalance

    def _ensure_collects_nothing(self, collector: bytes, asset: int) -> None:
        if self.fee_collector_with_asset.contains(collector, asset):
            raise self.FeeCollectorWithAssetAlreadyUsed

    def _validate(self, pool: Pool) -> None:
        """What holds of a pool's data whenever they are written (spec/lbp.md, Validation)."""
        start, end = pool.start, pool.end
        if (start is None) != (end is None):
            raise self.InvalidBlockRange
        if start is not None and end is not None:
            if not self.now() < start < end:
                raise self.InvalidBlockRange
            if end - start >= self.max_sale_duration:
                raise self.MaxSaleDurationExceeded
        for weight in (pool.initial_weight, pool.final_weight):
            if not MIN_WEIGHT <= weight < MAX_WEIGHT:
                raise self.InvalidWeight
        if pool.fee[1] == 0:
            raise self.FeeAmountInvalid

    # -- liquidity -------------------------------------------------------------------------------------------

    def _fill(self, account: bytes, owner: bytes, amount_a: tuple[int, int], amount_b: tuple[int, int]) -> None:
        """Move two amounts, (asset, amount) each, from the owner into the pool."""
        self.needs.currency.transfer(amount_a[0], owner, account, amount_a[1])
        self.needs.currency.transfer(amount_b[0], owner, account, amount_b[1])
        self.deposit(self.LiquidityAdded(account, amount_a[0], amount_b[0], amount_a[1], amount_b[1]))


def _given(value: T | None, otherwise: T) -> T:
    return otherwise if value is None else value
