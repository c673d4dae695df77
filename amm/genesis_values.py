"""Assets and balances of a genesis in ids, bytes and base units.

Sources: spec/trade-scripts.md, "Genesis" and "Values"; spec/money.md §8 and §12.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from amm.scripts.errors import Fault, Mark
from amm.scripts.setup import AssetSetup, Holdings
from amm.scripts.source import Integer, Node, Text
from amm.values import TREASURY, WrittenError, parse_account, parse_amount, parse_asset


class GenesisAsset(msgspec.Struct, frozen=True):
    """An asset to register; the existential deposit is in base units."""

    id: int
    symbol: str
    name: str
    decimals: int
    existential_deposit: int
    type: Node | None
    location: Node | None


class GenesisBook:
    """The assets of a genesis as a Book: symbols are known, pools do not exist yet."""

    def __init__(self, assets: Sequence[AssetSetup]) -> None:
        self._by_id = {asset.id: asset for asset in assets}
        self._by_symbol: dict[str, int] = {}
        for asset in sorted(assets, key=lambda asset: asset.id):
            self._by_symbol.setdefault(asset.symbol.value, asset.id)

    def symbols(self) -> Iterable[str]:
        return self._by_symbol

    def asset(self, symbol: str) -> int | None:
        return self._by_symbol.get(symbol)

    def symbol(self, asset: int) -> str | None:
        return self._by_id[asset].symbol.value if asset in self._by_id else None

    def decimals(self, asset: int) -> int | None:
        return self._by_id[asset].decimals if asset in self._by_id else None

    def share_asset(self, asset_a: int, asset_b: int) -> int | None:
        return None


def read_assets(assets: Sequence[AssetSetup], faults: list[Fault]) -> tuple[GenesisAsset, ...]:
    """The assets with their existential deposits as numbers; what is wrong goes to `faults`."""
    book = GenesisBook(assets)
    read: list[GenesisAsset] = []
    for asset in assets:
        deposit = _amount(asset.existential_deposit, book, asset.id, faults)
        symbol, name = asset.symbol.value, asset.name or asset.symbol.value
        read.append(GenesisAsset(asset.id, symbol, name, asset.decimals, deposit, asset.type, asset.location))
    return tuple(read)


def read_balances(
    balances: Holdings, assets: Sequence[AssetSetup], deposits: dict[int, int], faults: list[Fault]
) -> dict[bytes, dict[int, int]]:
    """Balances by account and asset, both in the written order; zeros are left out.

    `deposits` are the existential deposits: less than that is a fault, except for the treasury, which is
    raised to it. What is wrong goes to `faults`.
    """
    book = GenesisBook(assets)
    treasury = parse_account(TREASURY, book)
    read: dict[bytes, dict[int, int]] = {}
    places: dict[tuple[bytes, int], Mark] = {}
    for account, asset, written in _resolved(balances, book, faults):
        amount = _amount(written, book, asset, faults)
        first = places.setdefault((account, asset), written.mark)
        least = deposits.get(asset)
        if first is not written.mark:
            hint = f"line {first.line} gives it under another name; keep one of them"
            faults.append(Fault(written.mark, "this balance is given twice", hint))
        elif least is None:
            hint = f"list it under `assets`; there are {', '.join(book.symbols())}"
            faults.append(Fault(written.mark, f"asset {asset} is not registered at genesis", hint))
        elif 0 < amount < least and account != treasury:
            hint = f"write {least} or more base units, or 0"
            faults.append(Fault(written.mark, "less than the existential deposit", hint))
        elif amount:
            read.setdefault(account, {})[asset] = amount
    return read


def _resolved(
    balances: Holdings, book: GenesisBook, faults: list[Fault]
) -> Iterator[tuple[bytes, int, Text | Integer]]:
    for account, held in balances:
        who = resolve_account(account, book, faults)
        for asset, amount in held:
            which = resolve_asset(asset, book, faults)
            if who is not None and which is not None:
                yield who, which, amount


def resolve_account(account: Text, book: GenesisBook, faults: list[Fault]) -> bytes | None:
    """The account that is written; None after noting why there is none."""
    try:
        return parse_account(account.value, book)
    except WrittenError as error:
        faults.append(Fault(account.mark, error.what, error.hint))
        return None


def resolve_asset(asset: Text | Integer, book: GenesisBook, faults: list[Fault]) -> int | None:
    """The asset that is written; None after noting why there is none."""
    try:
        return parse_asset(asset.value, book)
    except WrittenError as error:
        faults.append(Fault(asset.mark, error.what, error.hint))
        return None


def _amount(written: Text | Integer, book: GenesisBook, asset: int, faults: list[Fault]) -> int:
    """The amount in base units; 0 after noting what is wrong."""
    try:
        return parse_amount(written.value, book, asset)
    except WrittenError as error:
        faults.append(Fault(written.mark, error.what, error.hint))
        return 0
