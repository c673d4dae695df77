"""Bulk trades: from the rows of a CSV file to calls. Source: spec/trade-scripts.md, "Steps", verb `trades`."""

from collections.abc import Callable, Iterator
from pathlib import Path

from amm.scopes import Scope
from amm.scripts.errors import Fault, Faults, Mark
from amm.scripts.moment import past
from amm.scripts.rows import Row
from amm.values import WrittenError, parse_amount, parse_asset
from chain.frame import Call
from chain.frame.call import CallSpec
from chain.node.service import BlockInProgress, Node, Sealed

_ASSET_IN, _ASSET_OUT, _AMOUNT, _LIMIT, _NO_DISCOUNT, _NO_ROUTE = range(6)
_PLACES = {
    "asset_in": _ASSET_IN,
    "asset_out": _ASSET_OUT,
    "amount": _AMOUNT,
    "amount_in": _AMOUNT,
    "amount_out": _AMOUNT,
    "max_limit": _LIMIT,
    "min_amount_out": _LIMIT,
    "max_amount_in": _LIMIT,
    "discount": _NO_DISCOUNT,
    "route": _NO_ROUTE,
}
"""What the arguments of `sell` and `buy` mean, whatever the pallet calls them."""


class TradeCalls:
    """Makes the calls of one file's rows; what they name is looked up once."""

    def __init__(self, path: Path, scope: Scope) -> None:
        self._file, self._book, self._runtime = str(path), scope.book, scope.runtime
        self._assets: dict[str, int] = {}
        self._kinds: dict[tuple[str, str], tuple[CallSpec, list[int]]] = {}

    def of(self, row: Row) -> Call:
        """The call of a row. Raises Faults for an asset or an amount that means nothing."""
        spec, places = self._kinds.get((row.pool, row.side)) or self._kind(row.pool, row.side)
        try:
            asset_in, asset_out = self._asset(row.asset_in), self._asset(row.asset_out)
            exact, other = (asset_in, asset_out) if row.side == "sell" else (asset_out, asset_in)
            amount, limit = self._amount(row.amount, exact), self._amount(row.limit, other)
        except WrittenError as error:
            raise Faults([Fault(Mark(self._file, row.line, 1), error.what, error.hint)]) from None
        values = (asset_in, asset_out, amount, limit, False, ())
        return Call(spec, tuple([values[place] for place in places]))

    def _kind(self, pool: str, side: str) -> tuple[CallSpec, list[int]]:
        spec = self._runtime.calls[f"{pool}.{side}"]
        kind = self._kinds[pool, side] = spec, [_PLACES[name] for name, _ in spec.fields]
        return kind

    def _asset(self, text: str) -> int:
        asset = self._assets.get(text)
        if asset is None:
            asset = self._assets[text] = parse_asset(text, self._book)
        return asset

    def _amount(self, written: int | str, asset: int) -> int:
        return written if isinstance(written, int) else parse_amount(written, self._book, asset)


class Filling:
    """The blocks that rows go into, one after the other."""

    def __init__(self, node: Node, advance: Callable[[int], None], sealed: Callable[[Sealed], None]) -> None:
        self._node, self._advance, self._sealed = node, advance, sealed
        self._block: BlockInProgress | None = None
        self.number = 0

    @property
    def block(self) -> BlockInProgress:
        assert self._block is not None
        return self._block

    def begin(self, number: int, at: Mark) -> None:
        """Open block `number`, after as many empty ones as it takes. Raises Faults if it is past."""
        best = self._node.best.number
        if number <= best:
            raise past(at, number, best)
        self._advance(number - best - 1)
        self._block, self.number = self._node.open_block(), number

    def finish(self) -> None:
        """Seal the block that is open, if one is."""
        block, self._block = self._block, None
        if block is not None:
            self._sealed(block.finish())


def numbered(rows: Iterator[Row], best: int) -> Iterator[tuple[int, Row]]:
    """The rows with the block that each is to be in, from the best block `best` on.

    A row without a number is in the block after that of the row before it.
    """
    last = best
    for row in rows:
        last = last + 1 if row.block is None else row.block
        yield last, row
