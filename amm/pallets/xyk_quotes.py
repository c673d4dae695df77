"""What XYK answers about its pools, without changing anything. Source: spec/xyk.md, For the router.

A pool exists while its account has a share token; its reserves are simply the free balances of that account.
"""

from functools import lru_cache

from amm.math import xyk as math
from amm.math.errors import MathError
from amm.math.fee import PRICE_ONE
from amm.math.limits import U128_MAX
from amm.pallets.xyk_declared import XykDeclared
from chain.crypto import accounts
from chain.primitives.errors import OVERFLOW, Corruption, Failure


@lru_cache(maxsize=4096)
def pool_account(asset_a: int, asset_b: int) -> bytes:
    """The account of the pool of two assets, in either order."""
    return accounts.pool("xyk", asset_a, asset_b)


class XykQuotes(XykDeclared, name="XYK"):
    """The prices and amounts that follow from the pools as they are."""

    def exists(self, asset_a: int, asset_b: int) -> bool:
        """There is a pool of the two, in either order."""
        return self.share_token.contains(pool_account(asset_a, asset_b))

    def pool(self, asset_a: int, asset_b: int) -> bytes:
        """The account of the pool of the two; raises `TokenPoolNotFound`."""
        pool = pool_account(asset_a, asset_b)
        if not self.share_token.contains(pool):
            raise self.TokenPoolNotFound
        return pool

    def reserves(self, asset_a: int, asset_b: int) -> tuple[int, int]:
        """What the account of the pair holds of each, whether or not there is a pool."""
        pool, free_balance = pool_account(asset_a, asset_b), self.needs.currency.free_balance
        return free_balance(asset_a, pool), free_balance(asset_b, pool)

    # -- quotes: no least amount, no largest share of the pool -----------------------------------------------

    def calculate_sell(self, asset_in: int, asset_out: int, amount_in: int) -> int:
        """What selling `amount_in` gives, the fee taken off."""
        self.pool(asset_in, asset_out)
        in_reserve, out_reserve = self.reserves(asset_in, asset_out)
        out = math.calculate_out_given_in(in_reserve, out_reserve, amount_in)
        if out >= out_reserve:
            raise self.InsufficientPoolAssetBalance
        received = out - self.fee(out, self.exchange_fee)
        if received < 0:
            raise self.SellAssetAmountInvalid
        return received

    def calculate_buy(self, asset_in: int, asset_out: int, amount_out: int) -> int:
        """What buying `amount_out` costs, with the fee."""
        self.pool(asset_in, asset_out)
        in_reserve, out_reserve = self.reserves(asset_in, asset_out)
        if amount_out >= out_reserve:
            raise self.InsufficientPoolAssetBalance
        if amount_out < self.min_trading_limit:
            raise self.InsufficientTradingAmount
        cost = self.cost(in_reserve, out_reserve, amount_out)
        return self.with_fee(cost, self.fee(cost, self.exchange_fee))

    def cost(self, in_reserve: int, out_reserve: int, amount_out: int) -> int:
        """What `amount_out` costs before the fee; raises `BuyAssetAmountInvalid`."""
        try:
            return math.calculate_in_given_out(out_reserve, in_reserve, amount_out)
        except MathError:
            raise self.BuyAssetAmountInvalid from None

    def fee(self, amount: int, rate: tuple[int, int]) -> int:
        """The fee on an amount; raises `FeeAmountInvalid`."""
        try:
            return math.calculate_pool_trade_fee(amount, rate)
        except MathError:
            raise self.FeeAmountInvalid from None

    def with_fee(self, cost: int, fee: int) -> int:
        """Cost and fee together; raises `BuyAssetAmountInvalid` above u128."""
        if cost + fee > U128_MAX:
            raise self.BuyAssetAmountInvalid
        return cost + fee

    def get_liquidity_depth(self, asset_a: int, asset_b: int) -> int:
        """What the pool holds of `asset_a`; 0 without a pool."""
        return self.reserves(asset_a, asset_b)[0] if self.exists(asset_a, asset_b) else 0

    def get_liquidity_behind_shares(self, asset_a: int, asset_b: int, shares: int) -> tuple[int, int]:
        """What the shares are worth in both assets; raises `RemoveAssetAmountInvalid`."""
        reserve_a, reserve_b = self.reserves(asset_a, asset_b)
        total = self.total_liquidity.get(pool_account(asset_a, asset_b))
        try:
            return math.calculate_liquidity_out(reserve_a, reserve_b, shares, total)
        except MathError:
            raise self.RemoveAssetAmountInvalid from None

    # -- prices: FixedU128, units of asset_a for one of asset_b ----------------------------------------------

    def calculate_spot_price_with_fee(self, asset_a: int, asset_b: int) -> int:
        """The price as a buyer of `asset_b` sees it, fee included; raises Arithmetic.Overflow, Corruption."""
        try:
            price = math.calculate_spot_price_with_fee(*self.reserves(asset_a, asset_b), self.exchange_fee)
        except MathError:
            raise Failure(OVERFLOW) from None
        if price == 0:
            raise Failure(Corruption())
        return PRICE_ONE * PRICE_ONE // price

    def spot_price(self, asset_a: int, asset_b: int) -> int | None:
        """The price without fee; None without a pool, or where it is no FixedU128."""
        reserve_a, reserve_b = self.reserves(asset_a, asset_b)
        if reserve_b == 0 or not self.exists(asset_a, asset_b):
            return None
        price = PRICE_ONE * reserve_a // reserve_b
        return price if price <= U128_MAX else None
