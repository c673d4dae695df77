"""Bulk trades: from a row of a CSV file to a call. Source: spec/trade-scripts.md, "Steps", verb `trades`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from amm.scopes import Scope
from amm.scripts.errors import Fault, Faults, Mark
from amm.scripts.trades import Row
from amm.values import WrittenError, parse_amount, parse_asset
from chain.frame import Call
from chain.frame.call import CallSpec

Filled = Callable[[Row, int, int, int, int], Any]
"""An argument of a trade, from its row, both assets, the amount and the limit."""

_ARGUMENTS: dict[str, Filled] = {
    "asset_in": lambda row, asset_in, asset_out, amount, limit: asset_in,
    "asset_out": lambda row, asset_in, asset_out, amount, limit: asset_out,
    "amount": lambda row, asset_in, asset_out, amount, limit: amount,
    "amount_in": lambda row, asset_in, asset_out, amount, limit: amount,
    "amount_out": lambda row, asset_in, asset_out, amount, limit: amount,
    "max_limit": lambda row, asset_in, asset_out, amount, limit: limit,
    "min_amount_out": lambda row, asset_in, asset_out, amount, limit: limit,
    "max_amount_in": lambda row, asset_in, asset_out, amount, limit: limit,
    "discount": lambda row, asset_in, asset_out, amount, limit: False,
    "route": lambda row, asset_in, asset_out, amount, limit: (),
}


class TradeCalls:
    """Makes the calls of one file's rows; assets are looked up once."""

    def __init__(self, path: Path, scope: Scope) -> None:
        self._file, self._book, self._runtime = str(path), scope.book, scope.runtime
        self._assets: dict[str, int] = {}
        self._kinds: dict[tuple[str, str], tuple[CallSpec, tuple[Filled, ...]]] = {}

    def of(self, row: Row) -> Call:
        """The call of a row. Raises Faults for an asset or amount that means nothing."""
        try:
            spec, arguments = self._kinds.get((row.pool, row.side)) or self._kind(row.pool, row.side)
            asset_in, asset_out = self._asset(row.asset_in), self._asset(row.asset_out)
            sold, bought = row.amount, row.limit
            if row.side == "buy":
                sold, bought = bought, sold
            sold = sold if isinstance(sold, int) else parse_amount(sold, self._book, asset_in)
            bought = bought if isinstance(bought, int) else parse_amount(bought, self._book, asset_out)
        except WrittenError as error:
            raise Faults([Fault(Mark(self._file, row.line, 1), error.what, error.hint)]) from None
        amount, limit = (bought, sold) if row.side == "buy" else (sold, bought)
        return Call(spec, tuple([fill(row, asset_in, asset_out, amount, limit) for fill in arguments]))

    def _kind(self, pool: str, side: str) -> tuple[CallSpec, tuple[Filled, ...]]:
        spec = self._runtime.calls[f"{pool}.{side}"]
        kind = self._kinds[pool, side] = spec, tuple(_ARGUMENTS[name] for name, _ in spec.fields)
        return kind

    def _asset(self, text: str) -> int:
        asset = self._assets.get(text)
        if asset is None:
            asset = self._assets[text] = parse_asset(text, self._book)
        return asset
