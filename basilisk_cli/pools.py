"""Pools as commands show them: who holds what, and the price that follows."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from amm.book import ChainBook
from amm.pallets.xyk import Xyk
from amm.values import parse_pair
from basilisk_cli.errors import CliError
from basilisk_cli.session import Session
from chain.crypto import accounts, ss58
from chain.frame import Environment

DIGITS = 9
"""Significant digits of a price on screen; JSON has the exact fraction."""


@dataclass(frozen=True)
class Pool:
    """An XYK pool: its assets in the order in which it was created with them."""

    account: bytes
    assets: tuple[int, int]
    reserves: tuple[int, int]
    share_token: int
    shares: int
    fee: tuple[int, int]

    @property
    def price(self) -> tuple[int, int]:
        """Base units of the second asset for one of the first: numerator and denominator."""
        return self.reserves[1], self.reserves[0]

    def reserve(self, asset: int) -> int:
        return self.reserves[self.assets.index(asset)]

    def other(self, asset: int) -> int:
        return self.assets[1 - self.assets.index(asset)]

    def document(self, book: ChainBook) -> dict[str, Any]:
        """The pool in JSON; `price` is exact."""
        return {
            "kind": "xyk",
            "account": ss58.encode(self.account),
            "assets": [
                {"id": asset, "symbol": book.symbol(asset), "reserve": reserve}
                for asset, reserve in zip(self.assets, self.reserves, strict=True)
            ],
            "price": list(self.price),
            "share_asset": self.share_token,
            "shares": self.shares,
            "fee": list(self.fee),
        }


def list_pools(environment: Environment) -> list[Pool]:
    """All pools, by their assets."""
    return sorted(_pools(environment[Xyk]), key=lambda pool: sorted(pool.assets))


def find_pool(environment: Environment, text: str, book: ChainBook) -> Pool:
    """The pool of `A/B`, in either order. Raises AssetError, or CliError with the pools there are."""
    a, b = parse_pair(text, book)
    return pool_of(environment, a, b, book)


def pool_of(environment: Environment, a: int, b: int, book: ChainBook) -> Pool:
    """The pool of two assets; raises CliError with the pools there are."""
    xyk = environment[Xyk]
    try:
        return _pool(xyk, xyk.pool(a, b))
    except xyk.TokenPoolNotFound:
        pools = [pair(pool, book) for pool in list_pools(environment)]
        names = f"{symbol(a, book)}/{symbol(b, book)}"
        hint = f"there is {', '.join(pools)}" if pools else 'make one: `basilisk pool create "100 BSX" "1 KSM"`'
        raise CliError(f"there is no pool of {names}", hint) from None


def pair(pool: Pool, book: ChainBook) -> str:
    """`BSX/KSM`."""
    return "/".join(symbol(asset, book) for asset in pool.assets)


def parties(session: Session, a: int, b: int) -> dict[str, bytes]:
    """Who takes part in a call to a pool besides its signer: the pool, by name."""
    name = f"@xyk:{symbol(a, session.book)}/{symbol(b, session.book)}"
    return {name: accounts.pool("xyk", a, b)}


def price_text(pool: Pool, book: ChainBook) -> str:
    """What one of an asset costs in the other, the way round that gives a number of at least one."""
    (a, b), (reserve_a, reserve_b) = pool.assets, pool.reserves
    forth = human_price(reserve_b, reserve_a, b, a, book)
    if not forth or not reserve_b:
        return "none: a reserve is empty"
    if forth >= 1:
        return price_of_one(reserve_b, reserve_a, b, a, book)
    return price_of_one(reserve_a, reserve_b, a, b, book)


def price_of_one(numerator: int, denominator: int, priced_in: int, of: int, book: ChainBook) -> str:
    """`1 KSM = 400 BSX`, or `1 KSM ≈ 396.421471 BSX` where that is not all of the number."""
    shown = human_price(numerator, denominator, priced_in, of, book)
    if shown is None:
        return "none"
    scale = (book.decimals(of) or 0) - (book.decimals(priced_in) or 0)
    exact = Fraction(numerator, denominator) * Fraction(10) ** scale
    return f"1 {symbol(of, book)} {'=' if exact == Fraction(shown) else '≈'} {digits(shown)} {symbol(priced_in, book)}"


def human_price(numerator: int, denominator: int, priced_in: int, of: int, book: ChainBook) -> Decimal | None:
    """Human units of `priced_in` for one of `of`, from reserves in base units, to `DIGITS` digits."""
    if denominator == 0:
        return None
    scale = (book.decimals(of) or 0) - (book.decimals(priced_in) or 0)
    up, down = 10 ** max(scale, 0), 10 ** max(-scale, 0)
    return Context(prec=DIGITS).divide(Decimal(numerator * up), Decimal(denominator * down))


def digits(number: Decimal) -> str:
    """A number without exponent and trailing zeros: `1_234.5`."""
    whole, _, fraction = f"{number:f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{int(whole):_}{'.' if fraction else ''}{fraction}"


def _pools(xyk: Xyk) -> Iterator[Pool]:
    for account, _ in xyk.share_token.items():
        yield _pool(xyk, account)


def _pool(xyk: Xyk, account: bytes) -> Pool:
    assets = xyk.pool_assets.get(account)
    assert assets is not None
    token, shares = xyk.share_token.get(account), xyk.total_liquidity.get(account)
    return Pool(account, assets, xyk.reserves(*assets), token, shares, xyk.exchange_fee)


def symbol(asset: int, book: ChainBook) -> str:
    """An asset's symbol, or its id."""
    return book.symbol(asset) or str(asset)
