"""What a trade or a deposit would come to now, by the pool's own formulas. Source: spec/xyk.md, Formulas."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from amm.book import ChainBook
from amm.math import xyk as math
from amm.math.errors import MathError
from amm.pallets.xyk import Xyk
from basilisk_cli.errors import CliError
from basilisk_cli.names import Names
from basilisk_cli.options import fraction_of
from basilisk_cli.pools import Pool, digits, human_price, pool_of
from chain.frame import Environment
from chain.pallets.tokens import Tokens


@dataclass(frozen=True)
class Quote:
    """A trade as it would be now. `amount_in` and `amount_out` are what the trader pays and gets, fee included.

    `before_fee` is the pool's side of the amount that the fee is taken from; the fee is in `fee_asset`.
    """

    side: str
    pool: Pool
    asset_in: int
    asset_out: int
    amount_in: int
    amount_out: int
    fee: int
    fee_asset: int
    before_fee: int

    @property
    def impact(self) -> Fraction:
        """How much worse than the spot price the trade is before the fee: 0 to 1."""
        reserve_in, reserve_out = self.pool.reserve(self.asset_in), self.pool.reserve(self.asset_out)
        if self.side == "sell":
            given, taken = self.amount_in, self.before_fee
        else:
            given, taken = self.before_fee, self.amount_out
        return max(Fraction(0), 1 - Fraction(taken * reserve_in, given * reserve_out)) if given else Fraction(0)

    def limit(self, slippage: str) -> int:
        """The least to get, or the most to pay, if the trade may be this much worse than the quote."""
        part = fraction_of(slippage)
        return int(self.amount_out * (1 - part)) if self.side == "sell" else -int(-self.amount_in * (1 + part) // 1)

    def document(self, slippage: str) -> dict[str, Any]:
        """The quote in JSON, base units."""
        return {
            "side": self.side,
            "via": "xyk",
            "asset_in": self.asset_in,
            "asset_out": self.asset_out,
            "amount_in": self.amount_in,
            "amount_out": self.amount_out,
            "fee": {"asset": self.fee_asset, "amount": self.fee},
            "spot_price": [self.pool.reserve(self.asset_out), self.pool.reserve(self.asset_in)],
            "price_impact": [self.impact.numerator, self.impact.denominator],
            "limit": self.limit(slippage),
        }


def quote_sell(state: Environment, book: ChainBook, asset_in: int, asset_out: int, amount: int) -> Quote:
    """What selling `amount` gives. Raises CliError without a pool, the pallet's errors for what cannot be sold."""
    pool, xyk = pool_of(state, asset_in, asset_out, book), state[Xyk]
    net = xyk.calculate_sell(asset_in, asset_out, amount)
    gross = math.calculate_out_given_in(pool.reserve(asset_in), pool.reserve(asset_out), amount)
    return Quote("sell", pool, asset_in, asset_out, amount, net, gross - net, asset_out, gross)


def quote_buy(state: Environment, book: ChainBook, asset_in: int, asset_out: int, amount: int) -> Quote:
    """What buying `amount` costs. Raises CliError without a pool, the pallet's errors for what cannot be bought."""
    pool, xyk = pool_of(state, asset_in, asset_out, book), state[Xyk]
    total = xyk.calculate_buy(asset_in, asset_out, amount)
    cost = xyk.cost(pool.reserve(asset_in), pool.reserve(asset_out), amount)
    return Quote("buy", pool, asset_in, asset_out, total, amount, total - cost, asset_in, cost)


def doubts(quote: Quote, state: Environment, names: Names) -> list[str]:
    """Why the chain would refuse the trade although there is a quote for it."""
    xyk, found = state[Xyk], []
    given = quote.amount_in if quote.side == "sell" else quote.before_fee
    taken = quote.before_fee if quote.side == "sell" else quote.amount_out
    exact = quote.amount_in if quote.side == "sell" else quote.amount_out
    if exact < xyk.min_trading_limit:
        found.append(f"a trade is of {xyk.min_trading_limit:_} base units at least")
    for amount, asset, ratio, verb in (
        (given, quote.asset_in, xyk.max_in_ratio, "add"),
        (taken, quote.asset_out, xyk.max_out_ratio, "take"),
    ):
        most = quote.pool.reserve(asset) // ratio if ratio else 0
        if amount > most:
            found.append(f"one trade may {verb} {names.amount(most, asset)} at most, a {ratio}th of the reserve")
    return found


def to_add(pool: Pool, asset: int, amount: int, names: Names) -> tuple[int, int]:
    """The other asset, and how much of it goes with `amount` at the present price."""
    if asset not in pool.assets:
        known = " and ".join(map(names.asset, pool.assets))
        raise CliError(f"{names.asset(asset)} is not in this pool", f"it has {known}")
    other = pool.other(asset)
    try:
        return other, math.calculate_liquidity_in(pool.reserve(asset), pool.reserve(other), amount)
    except MathError as error:
        raise CliError(f"no amount of {names.asset(other)} goes with that: {error}", "add less") from None


def shares_of(state: Environment, pool: Pool, who: bytes, written: str) -> int:
    """Shares as people write them: a number, a part of what the account has (`50%`), or `all`."""
    held = state[Tokens].free_balance(pool.share_token, who)
    if written == "all":
        return held
    if written.endswith("%"):
        return int(held * fraction_of(written))
    if not written.replace("_", "").isdecimal():
        raise CliError(f"{written!r} is no number of shares", "write a number, a part such as 50%, or all")
    return int(written.replace("_", ""))


def price_facts(pool: Pool, book: ChainBook) -> tuple[dict[str, Any], list[tuple[str, str, str, str]]]:
    """A pool's price in JSON, and for each asset a row: what one costs, what its seller gets, what its buyer pays."""
    numerator, denominator = pool.fee
    fee = Decimal(numerator) / Decimal(denominator) if denominator else Decimal(0)
    rows = []
    for asset in sorted(pool.assets):
        other = pool.other(asset)
        price = human_price(pool.reserve(other), pool.reserve(asset), other, asset, book)
        if price is not None:
            symbol = book.symbol(other) or str(other)
            shown = (f"{digits(part)} {symbol}" for part in (price, price * (1 - fee), price * (1 + fee)))
            rows.append((f"1 {book.symbol(asset) or asset}", *shown))
    return pool.document(book), rows  # type: ignore[return-value]
