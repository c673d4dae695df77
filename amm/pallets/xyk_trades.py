"""Trading in the pools of XYK: checks in the order of the specification, then the movements. Source: spec/xyk.md."""

from typing import NamedTuple

from amm.math import xyk as math
from amm.math.errors import MathError
from amm.pallets.xyk_quotes import XykQuotes


class Trade(NamedTuple):
    """A trade that passed every check: `paid` enters the pool, `received` leaves it, `burnt` BSX is lost."""

    pool: bytes
    paid: int
    received: int
    fee: int
    burnt: int


class XykTrades(XykQuotes, name="XYK"):
    """Selling and buying, for signers and for other pallets."""

    def execute_sell(
        self, who: bytes, asset_in: int, asset_out: int, amount: int, min_out: int, discount: bool = False
    ) -> None:
        """What the call `sell` does for its signer."""
        trade = self._check_sell(who, asset_in, asset_out, amount, min_out, discount)
        currency = self.needs.currency
        if trade.burnt:
            currency.withdraw(self.native_asset_id, who, trade.burnt)
        pool, received, fee = trade.pool, trade.received, trade.fee
        currency.transfer(asset_in, who, pool, amount)
        currency.transfer(asset_out, pool, who, received)
        self._tell_trade(pool, asset_in, asset_out, amount, received)
        self.deposit(self.SellExecuted(who, asset_in, asset_out, amount, received, asset_out, fee, pool))

    def execute_buy(self, who: bytes, asset_in: int, asset_out: int, amount: int, max_in: int) -> None:
        """What the call `buy` does for its signer, without discount."""
        self.buy_for(who, asset_out, asset_in, amount, max_in, False, who)

    def buy_for(
        self,
        who: bytes,
        asset_out: int,
        asset_in: int,
        amount: int,
        max_in: int,
        discount: bool,
        dest: bytes,
    ) -> None:
        """What the call `buy` does, `who` paying and `dest` getting what is bought; events name `who`."""
        trade = self._check_buy(who, asset_out, asset_in, amount, max_in, discount)
        currency = self.needs.currency
        if trade.burnt:
            currency.withdraw(self.native_asset_id, who, trade.burnt)
        pool, fee = trade.pool, trade.fee
        cost = trade.paid - fee
        currency.transfer(asset_out, pool, dest, amount)
        currency.transfer(asset_in, who, pool, trade.paid)
        # The two amounts are exchanged with respect to the assets: a known flaw that the live runtime keeps.
        self._tell_trade(pool, asset_in, asset_out, amount, cost)
        self.deposit(self.BuyExecuted(who, asset_out, asset_in, amount, cost, asset_in, fee, pool))

    def _check_sell(
        self, who: bytes, asset_in: int, asset_out: int, amount: int, min_out: int, discount: bool
    ) -> Trade:
        if amount < self.min_trading_limit:
            raise self.InsufficientTradingAmount
        pool = self.pool(asset_in, asset_out)
        free_balance = self.needs.currency.free_balance
        if free_balance(asset_in, who) < amount:
            raise self.InsufficientAssetBalance
        rate = self._discounted_fee(asset_in) if discount else self.exchange_fee
        in_reserve, out_reserve = free_balance(asset_in, pool), free_balance(asset_out, pool)
        if amount > self._part(in_reserve, self.max_in_ratio):
            raise self.MaxInRatioExceeded
        # Of 128-bit figures this formula refuses none.
        out = math.calculate_out_given_in(in_reserve, out_reserve, amount)
        if out > self._part(out_reserve, self.max_out_ratio):
            raise self.MaxOutRatioExceeded
        fee = self.fee(out, rate)
        received = out - fee
        if received < 0:
            raise self.SellAssetAmountInvalid
        if out >= out_reserve:
            raise self.InsufficientAssetBalance
        if received < min_out:
            raise self.AssetAmountNotReachedLimit
        return Trade(pool, amount, received, fee, self._burnt(who, asset_in, fee) if discount else 0)

    def _check_buy(self, who: bytes, asset_out: int, asset_in: int, amount: int, max_in: int, discount: bool) -> Trade:
        if amount < self.min_trading_limit:
            raise self.InsufficientTradingAmount
        pool = self.pool(asset_in, asset_out)
        free_balance = self.needs.currency.free_balance
        in_reserve, out_reserve = free_balance(asset_in, pool), free_balance(asset_out, pool)
        if amount >= out_reserve:
            raise self.InsufficientPoolAssetBalance
        if amount > self._part(out_reserve, self.max_out_ratio):
            raise self.MaxOutRatioExceeded
        rate = self._discounted_fee(asset_out) if discount else self.exchange_fee
        cost = self.cost(in_reserve, out_reserve, amount)
        if cost > self._part(in_reserve, self.max_in_ratio):
            raise self.MaxInRatioExceeded
        fee = self.fee(cost, rate)
        paid = self.with_fee(cost, fee)
        if paid > max_in:
            raise self.AssetAmountExceededLimit
        if free_balance(asset_in, who) < paid:
            raise self.InsufficientAssetBalance
        return Trade(pool, paid, amount, fee, self._burnt(who, asset_out, fee) if discount else 0)

    def _part(self, reserve: int, ratio: int) -> int:
        """The part of a reserve that one trade may move."""
        if ratio == 0:
            raise self.Overflow
        return reserve // ratio

    def _discounted_fee(self, asset: int) -> tuple[int, int]:
        """The fee rate of a discounted trade; a pool of the asset with BSX has to price the discount."""
        if not self.exists(asset, self.native_asset_id):
            raise self.CannotApplyDiscount
        return self.discounted_fee

    def _burnt(self, who: bytes, asset: int, fee: int) -> int:
        """The BSX that a discounted trade burns: the fee, priced as if it were an amount of `asset`."""
        native = self.native_asset_id
        try:
            burnt = math.calculate_spot_price(*self.reserves(asset, native), fee)
        except MathError:
            raise self.CannotApplyDiscount from None
        if self.needs.currency.free_balance(native, who) < burnt:
            raise self.InsufficientNativeCurrencyBalance
        return burnt

    def _tell_trade(self, pool: bytes, asset_in: int, asset_out: int, amount_in: int, amount_out: int) -> None:
        oracle, total_balance = self.needs.oracle, self.needs.currency.total_balance
        if oracle is not None:
            price = total_balance(asset_in, pool), total_balance(asset_out, pool)
            oracle.on_trade(self.oracle_source, asset_in, asset_out, amount_in, amount_out, *price, price)
