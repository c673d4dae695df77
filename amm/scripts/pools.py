"""The pools of a chain as a replay shows them, before and after."""

from collections.abc import Iterator

import msgspec

from amm.book import ChainBook
from amm.pallets.lbp import Lbp
from amm.pallets.xyk import Xyk
from chain.crypto import ss58
from chain.frame import Environment
from chain.pallets.currencies import Currencies


class Reserve(msgspec.Struct, frozen=True):
    """What a pool holds of an asset, in base units."""

    id: int
    symbol: str | None
    reserve: int


class PoolFact(msgspec.Struct, frozen=True):
    """A pool and what it holds."""

    kind: str
    account: str
    assets: tuple[Reserve, ...]


def pool_facts(environment: Environment) -> tuple[PoolFact, ...]:
    """All pools of two assets: first those of XYK, then the launches, each by their assets."""
    pairs = [*sorted(_pairs(environment), key=lambda pair: (pair[0] == "lbp", sorted(pair[2])))]
    if not pairs:
        return ()
    book, money = ChainBook(environment), environment[Currencies]

    def reserve(asset: int, pool: bytes) -> Reserve:
        return Reserve(asset, book.symbol(asset), money.free_balance(asset, pool))

    return tuple(
        PoolFact(kind, ss58.encode(pool), tuple(reserve(asset, pool) for asset in assets))
        for kind, pool, assets in pairs
    )


def _pairs(environment: Environment) -> Iterator[tuple[str, bytes, tuple[int, int]]]:
    """Kind, account and assets of every pool."""
    xyk, lbp = environment.find(Xyk), environment.find(Lbp)
    if xyk is not None:
        for pool, pair in xyk.pool_assets.items():
            yield "xyk", pool, pair
    if lbp is not None:
        for pool, data in lbp.pool_data.items():
            yield "lbp", pool, data.assets
