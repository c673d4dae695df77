"""The accounts that nobody has a key of: those of pools and auctions, by the names they can be written with."""

from collections.abc import Iterator
from itertools import combinations

from amm.pallets.auctions import Auctions
from amm.pallets.lbp import Lbp
from amm.values import parse_account
from basilisk_cli.session import Session
from chain.crypto import accounts

MOST_ASSETS = 100
MOST_AUCTIONS = 1_000
"""Of more, only the pools that exist and the latest auctions are named."""


def own_accounts(session: Session) -> Iterator[tuple[str, bytes]]:
    """Names and accounts. A pool's is there before the pool and stays when it is gone."""
    state, book = session.read(), session.book
    symbols = {info.id: info.symbol for info in book.assets() if info.symbol}
    if len(symbols) <= MOST_ASSETS:
        for low, high in combinations(sorted(symbols), 2):
            for kind in accounts.POOL_KINDS:
                yield f"@{kind}:{symbols[low]}/{symbols[high]}", accounts.pool(kind, low, high)
    pallets = {pallet.name for pallet in session.runtime.pallets.values()}
    if Lbp.name in pallets:
        for account, pool in state[Lbp].pool_data.items():
            a, b = (symbols.get(asset) or str(asset) for asset in pool.assets)
            yield f"@lbp:{a}/{b}", account
    if Auctions.name in pallets:
        last = state[Auctions].next_auction_id.get()
        for auction in range(max(0, last - MOST_AUCTIONS), last):
            name = f"@auction:{auction}"
            yield name, parse_account(name, book)
