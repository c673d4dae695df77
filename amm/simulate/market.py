"""Where a sale takes place, and the first of three such places: the pool's math alone, without a chain.

The other two are `pallet_market` (the runtime's pallets, no blocks) and `chain_market` (blocks, proofs, relay chain).
All three give the same fills for the same orders.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

from amm.math import lbp as math
from amm.math.errors import MathError
from amm.simulate.crowd import Fill, Order, Purse, Side
from amm.simulate.launch import Launch


class Reserves(NamedTuple):
    """What the pool holds, in base units."""

    collateral: int
    tokens: int


class Market(Protocol):
    """A pool whose sale has a start, seen block by block."""

    @property
    def reserves(self) -> Reserves: ...

    @property
    def collected(self) -> int:
        """The fees so far."""

    @property
    def executions(self) -> int:
        """How often validators have executed the blocks so far."""

    def move_to(self, block: int) -> None:
        """Let the next orders be in a block with that relay parent."""

    def execute(self, orders: Sequence[Order]) -> list[Fill]:
        """One block with these orders, in this order."""

    def close(self) -> None: ...


class Refusal(Exception):
    """A trade that the pallet would refuse, by the error's name."""


class Ledger:
    """The pool and its traders as integers: the pallet's checks and its arithmetic, nothing else.

    Existential deposits are left out: no account is too poor to exist, and no rest is dust.
    """

    executions = 0

    def __init__(self, launch: Launch, purses: Mapping[str, Purse]) -> None:
        self._terms = launch.terms
        self._collateral, self._tokens = launch.terms.collateral, launch.terms.tokens
        self._money = {who: purse.collateral for who, purse in purses.items()}
        self._bought = {who: purse.tokens for who, purse in purses.items()}
        self.collected = 0
        self._block = launch.terms.start

    @property
    def reserves(self) -> Reserves:
        return Reserves(self._collateral, self._tokens)

    def move_to(self, block: int) -> None:
        self._block = block

    def execute(self, orders: Sequence[Order]) -> list[Fill]:
        return [self._execute(order) for order in orders]

    def close(self) -> None:
        pass

    def _execute(self, order: Order) -> Fill:
        try:
            fill = _TRADES[order.side](self, order)
        except Refusal as refusal:
            return Fill(0, 0, 0, f"LBP.{refusal}")
        self.collected += fill.fee
        return fill

    def _spend(self, order: Order) -> Fill:
        """Sell the accumulated asset; the fee is a part of the amount."""
        amount = order.amount
        self._ensure(amount != 0, "ZeroAmount")
        self._ensure(self._money[order.who] >= amount, "InsufficientAssetBalance")
        collateral_weight, token_weight = self._weights()
        self._ensure(amount <= self._collateral // self._terms.max_in_ratio, "MaxInRatioExceeded")
        fee = self._fee(amount)
        out = _fitting(
            math.calculate_out_given_in, self._collateral, self._tokens, collateral_weight, token_weight, amount
        )
        self._ensure(out <= self._tokens // self._terms.max_out_ratio, "MaxOutRatioExceeded")
        self._ensure(out >= order.limit, "TradingLimitReached")
        return self._bring(order.who, amount, out, fee)

    def _take(self, order: Order) -> Fill:
        """Buy the distributed asset; the fee is a part of the cost."""
        amount = order.amount
        self._ensure(amount != 0, "ZeroAmount")
        collateral_weight, token_weight = self._weights()
        self._ensure(amount <= self._tokens // self._terms.max_out_ratio, "MaxOutRatioExceeded")
        cost = _fitting(
            math.calculate_in_given_out, self._collateral, self._tokens, collateral_weight, token_weight, amount
        )
        fee = self._fee(cost)
        self._ensure(cost <= self._collateral // self._terms.max_in_ratio, "MaxInRatioExceeded")
        self._ensure(self._money[order.who] >= cost, "InsufficientAssetBalance")
        self._ensure(cost <= order.limit, "TradingLimitReached")
        return self._bring(order.who, cost, amount, fee)

    def _give(self, order: Order) -> Fill:
        """Sell the distributed asset; the fee comes off what goes out."""
        amount = order.amount
        self._ensure(amount != 0, "ZeroAmount")
        self._ensure(self._bought[order.who] >= amount, "InsufficientAssetBalance")
        collateral_weight, token_weight = self._weights()
        self._ensure(amount <= self._tokens // self._terms.max_in_ratio, "MaxInRatioExceeded")
        out = _fitting(
            math.calculate_out_given_in, self._tokens, self._collateral, token_weight, collateral_weight, amount
        )
        fee = self._fee(out)
        self._ensure(out <= self._collateral // self._terms.max_out_ratio, "MaxOutRatioExceeded")
        self._ensure(out - fee >= order.limit, "TradingLimitReached")
        self._tokens += amount
        self._collateral -= out
        self._bought[order.who] -= amount
        self._money[order.who] += out - fee
        return Fill(amount, out - fee, fee)

    def _bring(self, who: str, cost: int, out: int, fee: int) -> Fill:
        """Collateral in, tokens out; the fee never reaches the pool, which gave for the whole."""
        self._collateral += cost - fee
        self._tokens -= out
        self._money[who] -= cost
        self._bought[who] += out
        return Fill(cost, out, fee)

    def _weights(self) -> tuple[int, int]:
        self._ensure(self._terms.start <= self._block <= self._terms.end, "SaleIsNotRunning")
        return self._terms.weights_at(self._block)

    def _fee(self, amount: int) -> int:
        return math.calculate_pool_trade_fee(amount, self._terms.fee_rate(self.collected))

    def _ensure(self, holds: bool, error: str) -> None:
        if not holds:
            raise Refusal(error)


_TRADES: Mapping[Side, Callable[[Ledger, Order], Fill]] = {
    Side.SPEND: Ledger._spend,
    Side.TAKE: Ledger._take,
    Side.GIVE: Ledger._give,
}


def _fitting(formula: Callable[..., int], *arguments: int) -> int:
    try:
        return formula(*arguments)
    except MathError:
        raise Refusal("Overflow") from None
