"""A book of a few assets, for what is written and shown."""

from collections.abc import Iterable

from amm.values import Book


class Ledger:
    """A Book of a few assets; 7 has the symbol of 1, and 9 has none."""

    assets = {0: ("BSX", 12), 1: ("KSM", 12), 2: ("USDT", 6), 3: ("ETH", 18), 4: ("ONE", 0), 7: ("KSM", 10)}
    shares = {(0, 1): 1_000_001}

    def symbols(self) -> Iterable[str]:
        return dict.fromkeys(symbol for symbol, _ in self.assets.values())

    def asset(self, symbol: str) -> int | None:
        return min((id for id, (name, _) in self.assets.items() if name == symbol), default=None)

    def symbol(self, asset: int) -> str | None:
        return self.assets[asset][0] if asset in self.assets else None

    def decimals(self, asset: int) -> int | None:
        return self.assets[asset][1] if asset in self.assets else None

    def share_asset(self, asset_a: int, asset_b: int) -> int | None:
        return self.shares.get((min(asset_a, asset_b), max(asset_a, asset_b)))


BOOK: Book = Ledger()
