"""What LBP answers about its pools, without changing anything. Source: spec/lbp.md, For the router.

Reserves are the free balances of a pool's account. The fees collected so far are the amount of a lock on the
collector's balance; nothing else remembers them.
"""

from collections.abc import Callable
from functools import lru_cache

from amm.math import lbp as math
from amm.math.errors import MathError
from amm.math.fee import PRICE_ONE
from amm.math.limits import U128_MAX
from amm.pallets.clock import now
from amm.pallets.lbp_data import Pool
from amm.pallets.lbp_declared import LbpDeclared
from chain.crypto import accounts
from chain.primitives.errors import OVERFLOW, Corruption, Failure

COLLECTED = b"lbpcllct"
"""The lock on what a collector has got in fees."""


@lru_cache(maxsize=4096)
def pool_account(asset_a: int, asset_b: int) -> bytes:
    """The account of the pool of two assets, in either order."""
    return accounts.pool("lbp", asset_a, asset_b)


class LbpQuotes(LbpDeclared, name="LBP"):
    """The prices and amounts that follow from the pools as they are."""

    def now(self) -> int:
        """The block that sales look at."""
        return now(self.needs.clock, self.block_number_provider)

    def data(self, account: bytes) -> Pool:
        """The data of a pool; raises `PoolNotFound`."""
        pool = self.pool_data.get(account)
        if pool is None:
            raise self.PoolNotFound
        return pool

    def reserves_pair(self, asset_a: int, asset_b: int) -> bool:
        """There is a pool of the two whose sale is not over: undated, announced or running."""
        pool = self.pool_data.get(pool_account(asset_a, asset_b))
        return pool is not None and not pool.has_ended(self.now())

    def get_fee(self, account: bytes) -> tuple[int, int]:
        """The fee rate of a pool, never the repay fee; (0, 0) without a pool."""
        pool = self.pool_data.get(account)
        return (0, 0) if pool is None else pool.fee

    # -- the parts of a trade --------------------------------------------------------------------------------

    def reserves(self, asset_a: int, asset_b: int) -> tuple[int, int]:
        """What the account of the pair holds of each, whether or not there is a pool."""
        account, free_balance = pool_account(asset_a, asset_b), self.needs.currency.free_balance
        return free_balance(asset_a, account), free_balance(asset_b, account)

    def weights(self, pool: Pool, asset: int) -> tuple[int, int]:
        """The weights now of `asset` and of the other one; raises `InvalidWeight` outside the sale."""
        try:
            first, second = pool.weights(self.now())
        except MathError:
            raise self.InvalidWeight from None
        return (first, second) if asset == pool.assets[0] else (second, first)

    def collected(self, pool: Pool) -> int:
        """The fees that the collector got so far."""
        return self.needs.currency.locked(COLLECTED, pool.assets[0], pool.fee_collector)

    def fee_rate(self, pool: Pool) -> tuple[int, int]:
        """The fee rate of the next trade."""
        # Only a pool with a target has to look at the collector's locks.
        repaying = pool.repay_target > 0 and self.collected(pool) < pool.repay_target
        return self.repay_fee if repaying else pool.fee

    def fee(self, pool: Pool, amount: int) -> int:
        """The fee on an amount of the accumulated asset; raises `FeeAmountInvalid`."""
        try:
            return math.calculate_pool_trade_fee(amount, self.fee_rate(pool))
        except MathError:
            raise self.FeeAmountInvalid from None

    def fitting(self, formula: Callable[..., int], *arguments: int) -> int:
        """The result of a trade's formula; raises `Overflow` where it refuses."""
        try:
            return formula(*arguments)
        except MathError:
            raise self.Overflow from None

    # -- quotes: no largest share of the pool ----------------------------------------------------------------

    def calculate_sell(self, asset_in: int, asset_out: int, amount_in: int) -> int:
        """What selling `amount_in` gives, a fee in `asset_out` taken off."""
        pool = self.data(pool_account(asset_in, asset_out))
        weights, reserves = self.weights(pool, asset_in), self.reserves(asset_in, asset_out)
        out = self.fitting(math.calculate_out_given_in, *reserves, *weights, amount_in)
        return out if asset_in == pool.assets[0] else self.less(out, self.fee(pool, out))

    def calculate_buy(self, asset_in: int, asset_out: int, amount_out: int) -> int:
        """What buying `amount_out` costs, with a fee in `asset_out`."""
        pool = self.data(pool_account(asset_in, asset_out))
        weights, reserves = self.weights(pool, asset_in), self.reserves(asset_in, asset_out)
        if asset_out == pool.assets[0]:
            amount_out = self.plus(amount_out, self.fee(pool, amount_out))
        return self.fitting(math.calculate_in_given_out, *reserves, *weights, amount_out)

    def less(self, amount: int, fee: int) -> int:
        """What the fee leaves; raises `Overflow` below zero."""
        if fee > amount:
            raise self.Overflow
        return amount - fee

    def plus(self, amount: int, fee: int) -> int:
        """Amount and fee together; raises `Overflow` above u128."""
        if amount + fee > U128_MAX:
            raise self.Overflow
        return amount + fee

    def get_liquidity_depth(self, asset_a: int, asset_b: int) -> int:
        """What the account of the pair holds of `asset_a`."""
        return self.reserves(asset_a, asset_b)[0]

    # -- prices: FixedU128, units of asset_a for one of asset_b ----------------------------------------------

    def calculate_spot_price_with_fee(self, asset_a: int, asset_b: int) -> int:
        """The price as a buyer of `asset_b` sees it, fee included.

        Raises `PoolNotFound`, `InvalidWeight`, Arithmetic.Overflow and Corruption (a price of zero).
        """
        pool = self.data(pool_account(asset_a, asset_b))
        weights, reserves = self.weights(pool, asset_a), self.reserves(asset_a, asset_b)
        try:
            price = math.calculate_spot_price_with_fee(
                *reserves, *weights, pool.assets[0], asset_b, self.fee_rate(pool)
            )
        except MathError:
            raise Failure(OVERFLOW) from None
        if price == 0:
            raise Failure(Corruption())
        return PRICE_ONE * PRICE_ONE // price

    def spot_price(self, asset_a: int, asset_b: int) -> int | None:
        """The price without fee; None without a pool, outside its sale, or where it is no FixedU128."""
        if asset_a == asset_b:
            return PRICE_ONE
        pool = self.pool_data.get(pool_account(asset_a, asset_b))
        if pool is None:
            return None
        try:
            weight_a, weight_b = self.weights(pool, asset_a)
        except self.InvalidWeight:
            return None
        reserve_a, reserve_b = self.reserves(asset_a, asset_b)
        numerator, denominator = reserve_a * weight_b, reserve_b * weight_a
        if denominator == 0 or max(numerator, denominator) > U128_MAX:
            return None
        price = PRICE_ONE * numerator // denominator
        return price if price <= U128_MAX else None
