"""XYK: constant-product pools of two assets, which anyone may create. Source: spec/xyk.md.

Shares in a pool are ordinary tokens, and the trading fee stays in the pool. The declaration is in
`xyk_declared`, what other pallets ask of pools in `xyk_quotes`, trading in `xyk_trades`; here are the calls, and
how liquidity comes and goes.
"""

from amm.math import xyk as math
from amm.math.errors import MathError
from amm.math.limits import U128_MAX
from amm.pallets.xyk_declared import Needs
from amm.pallets.xyk_quotes import pool_account
from amm.pallets.xyk_trades import XykTrades
from chain.frame import Origin, call
from chain.pallets.asset_types import XykType
from chain.scale.types import AssetId, Balance

__all__ = ["Needs", "Xyk", "pool_account"]


class Xyk(XykTrades, name="XYK"):
    """Creating pools, adding and removing liquidity, trading."""

    # -- calls -----------------------------------------------------------------------------------------------

    @call(index=0)
    def create_pool(
        self, origin: Origin, asset_a: AssetId, amount_a: Balance, asset_b: AssetId, amount_b: Balance
    ) -> None:
        """Create a pool of two assets with their initial amounts."""
        who = origin.signed()
        if not self._may_be_pooled(asset_a, asset_b):
            raise self.CannotCreatePool
        if min(amount_a, amount_b) < self.min_pool_liquidity:
            raise self.InsufficientLiquidity
        if asset_a == asset_b:
            raise self.CannotCreatePoolWithSameAssets
        pool = pool_account(asset_a, asset_b)
        if self.share_token.contains(pool):
            raise self.TokenPoolAlreadyExists
        self._ensure_owns(who, asset_a, amount_a)
        self._ensure_owns(who, asset_b, amount_b)

        shares = amount_a if asset_a < asset_b else amount_b
        share_token = self.needs.registry.get_or_create_share_token(asset_a, asset_b)
        self.needs.whitelist.add_account(pool)
        self.share_token.insert(pool, share_token)
        self.pool_assets.insert(pool, (asset_a, asset_b))
        self.deposit(self.PoolCreated(who, asset_a, asset_b, shares, share_token, pool))
        currency = self.needs.currency
        currency.transfer(asset_a, who, pool, amount_a)
        currency.transfer(asset_b, who, pool, amount_b)
        currency.deposit_into(share_token, who, shares)
        self.total_liquidity.insert(pool, shares)

    @call(index=1)
    def add_liquidity(
        self,
        origin: Origin,
        asset_a: AssetId,
        asset_b: AssetId,
        amount_a: Balance,
        amount_b_max_limit: Balance,
    ) -> None:
        """Add liquidity: `amount_a` exactly, and as much of `asset_b` as its price asks for."""
        who = origin.signed()
        pool = self.pool(asset_a, asset_b)
        if amount_a < self.min_trading_limit:
            raise self.InsufficientTradingAmount
        if amount_b_max_limit == 0:
            raise self.ZeroLiquidity
        self._ensure_owns(who, asset_a, amount_a)
        currency = self.needs.currency
        reserve_a = currency.free_balance(asset_a, pool)
        try:
            amount_b = math.calculate_liquidity_in(reserve_a, currency.free_balance(asset_b, pool), amount_a)
        except MathError:
            raise self.AddAssetAmountInvalid from None
        self._ensure_owns(who, asset_b, amount_b)
        if amount_b > amount_b_max_limit:
            raise self.AssetAmountExceededLimit
        share_token, total = self.share_token.get(pool), self.total_liquidity.get(pool)
        shares = self._shares_for(who, share_token, reserve_a, amount_a, total)

        currency.transfer(asset_a, who, pool, amount_a)
        currency.transfer(asset_b, who, pool, amount_b)
        currency.deposit_into(share_token, who, shares)
        self.total_liquidity.insert(pool, total + shares)
        self._tell_liquidity(pool, asset_a, asset_b)
        self.deposit(self.LiquidityAdded(who, asset_a, asset_b, amount_a, amount_b))

    @call(index=2)
    def remove_liquidity(self, origin: Origin, asset_a: AssetId, asset_b: AssetId, liquidity_amount: Balance) -> None:
        """Give shares back for their part of both reserves; the last shares take the whole pool with them."""
        who = origin.signed()
        if liquidity_amount == 0:
            raise self.ZeroLiquidity
        pool = self.pool(asset_a, asset_b)
        share_token, total = self.share_token.get(pool), self.total_liquidity.get(pool)
        if total < liquidity_amount:
            raise self.InsufficientLiquidity
        currency = self.needs.currency
        left = currency.free_balance(share_token, who) - liquidity_amount
        if left < 0:
            raise self.InsufficientAssetBalance
        if 0 < left < self.min_pool_liquidity:
            raise self.InsufficientLiquidity
        # No more than all shares are given back, so no more than the reserves is paid out.
        amount_a, amount_b = self.get_liquidity_behind_shares(asset_a, asset_b, liquidity_amount)

        currency.transfer(asset_a, pool, who, amount_a)
        currency.transfer(asset_b, pool, who, amount_b)
        currency.withdraw(share_token, who, liquidity_amount)
        self.total_liquidity.insert(pool, total - liquidity_amount)
        self._tell_liquidity(pool, asset_a, asset_b)
        self.deposit(self.LiquidityRemoved(who, asset_a, asset_b, liquidity_amount))
        if total == liquidity_amount:
            self._destroy(pool)
            self.deposit(self.PoolDestroyed(who, asset_a, asset_b, share_token, pool))

    @call(index=3)
    def sell(
        self,
        origin: Origin,
        asset_in: AssetId,
        asset_out: AssetId,
        amount: Balance,
        max_limit: Balance,
        discount: bool,
    ) -> None:
        """Sell exactly `amount` of `asset_in` for at least `max_limit` of `asset_out`."""
        self.execute_sell(origin.signed(), asset_in, asset_out, amount, max_limit, discount)

    @call(index=4)
    def buy(
        self,
        origin: Origin,
        asset_out: AssetId,
        asset_in: AssetId,
        amount: Balance,
        max_limit: Balance,
        discount: bool,
    ) -> None:
        """Buy exactly `amount` of `asset_out` for at most `max_limit` of `asset_in`."""
        who = origin.signed()
        self.buy_for(who, asset_out, asset_in, amount, max_limit, discount, who)

    # -- liquidity -------------------------------------------------------------------------------------------

    def _may_be_pooled(self, asset_a: int, asset_b: int) -> bool:
        """Both are registered, neither is a share token, and no launch of the pair is on or to come."""
        registry, launches = self.needs.registry, self.needs.launches
        for asset in (asset_a, asset_b):
            details = registry.details(asset)
            if details is None or isinstance(details.asset_type, XykType):
                return False
        return launches is None or not launches.reserves_pair(asset_a, asset_b)

    def _ensure_owns(self, who: bytes, asset: int, amount: int) -> None:
        if self.needs.currency.free_balance(asset, who) < amount:
            raise self.InsufficientAssetBalance

    def _shares_for(self, who: bytes, share_token: int, reserve: int, amount: int, total: int) -> int:
        """The shares that adding `amount` to `reserve` earns, if both holder and pool can count them."""
        try:
            shares = math.calculate_shares(reserve, amount, total)
        except MathError:
            raise self.Overflow from None
        held = self.needs.currency.free_balance(share_token, who) + shares
        if shares == 0 or held > U128_MAX:
            raise self.InvalidMintedLiquidity
        if held < self.min_pool_liquidity:
            raise self.InsufficientLiquidity
        if total + shares > U128_MAX:
            raise self.InvalidLiquidityAmount
        return shares

    def _destroy(self, pool: bytes) -> None:
        """Forget a pool without shares; its share token stays registered for the next pool of the pair."""
        self.share_token.remove(pool)
        self.total_liquidity.remove(pool)
        self.pool_assets.remove(pool)
        self.needs.whitelist.remove_account(pool)

    def _tell_liquidity(self, pool: bytes, asset_a: int, asset_b: int) -> None:
        oracle, total_balance = self.needs.oracle, self.needs.currency.total_balance
        if oracle is not None:
            price = total_balance(asset_a, pool), total_balance(asset_b, pool)
            oracle.on_liquidity_changed(self.oracle_source, asset_a, asset_b, *price, price)
