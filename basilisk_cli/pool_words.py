"""What people write about liquidity, and prices as rows. Source: spec/xyk.md, Formulas."""

from decimal import Decimal
from typing import Any

from amm.book import ChainBook
from amm.math import xyk as math
from amm.math.errors import MathError
from basilisk_cli.errors import CliError
from basilisk_cli.names import Names
from basilisk_cli.options import fraction_of
from basilisk_cli.pools import Pool, digits, human_price
from chain.frame import Environment
from chain.pallets.tokens import Tokens


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
            costs, gives, takes = (f"{digits(part)} {symbol}" for part in (price, price * (1 - fee), price * (1 + fee)))
            rows.append((f"1 {book.symbol(asset) or asset}", costs, gives, takes))
    return pool.document(book), rows
