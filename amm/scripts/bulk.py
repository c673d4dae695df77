"""Bulk trades: from the rows of a CSV file to calls. Source: spec/trade-scripts.md, "Steps", verb `trades`."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from amm.scopes import Scope
from amm.scripts.errors import Fault, Faults, Mark
from amm.scripts.expectations import Failure
from amm.scripts.moment import past
from amm.scripts.rows import Row
from amm.scripts.sending import Sender, Sent
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
        self.file, self._book, self._runtime = str(path), scope.book, scope.runtime
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
            raise Faults([Fault(Mark(self.file, row.line, 1), error.what, error.hint)]) from None
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
    """Puts rows into blocks, one block after the other, and judges them as the blocks were included."""

    def __init__(
        self,
        node: Node,
        sender: Sender,
        calls: TradeCalls,
        advance: Callable[[int], None],
        sealed: Callable[[Sealed, int], None],
    ) -> None:
        """`sealed` is told of each block, and how many rows are in it."""
        self._node, self._sender, self._calls = node, sender, calls
        self._advance, self._sealed = advance, sealed
        self.rows = self.failed = 0
        self.failures: list[Failure] = []

    def fill(self, number: int, rows: Iterator[tuple[int, Row]]) -> None:
        """Put the rows into block `number`, after as many empty ones as it takes.

        Raises Faults if that block is past, or for a row that means nothing; the rows before it are in the block.
        """
        sent: list[tuple[Row, Sent]] = []
        block: BlockInProgress | None = None
        try:
            for _, row in rows:
                if block is None:
                    block = self._begin(number, Mark(self._calls.file, row.line, 1))
                sent.append((row, self._sender.send(block, self._calls.of(row), row.who)))
        finally:
            if block is not None:
                sealed = block.finish()
                self._sealed(sealed, len(sent))
                self._judge(sealed, sent)

    def _begin(self, number: int, at: Mark) -> BlockInProgress:
        best = self._node.best.number
        if number <= best:
            raise past(at, number, best)
        self._advance(number - best - 1)
        return self._node.open_block()

    def _judge(self, sealed: Sealed, sent: Sequence[tuple[Row, Sent]]) -> None:
        """Which rows did not go as they say; amid faults the block may be another than the one they were put into."""
        for row, first in sent:
            settled = first.settled(sealed, self._node.runtime)
            self.rows += 1
            self.failed += settled.error is not None
            if settled.error != row.error:
                self.failures.append(_row_failure(row, settled, Mark(self._calls.file, row.line, 1), sealed.number))


def by_block(rows: Iterator[Row], best: int) -> Iterator[tuple[int, Iterator[tuple[int, Row]]]]:
    """The rows of each block with its number, from the best block `best` on."""
    return groupby(numbered(rows, best), key=itemgetter(0))


def _row_failure(row: Row, sent: Sent, mark: Mark, block: int) -> Failure:
    trade = f"{row.who} {row.side} {row.asset_in} → {row.asset_out}"
    expected, found = ({"trade": trade, "error": error} for error in (row.error, sent.error))
    return Failure("trade", expected, found, mark, block, sent.meaning, sent.hint)


def numbered(rows: Iterator[Row], best: int) -> Iterator[tuple[int, Row]]:
    """The rows with the block that each is to be in, from the best block `best` on.

    A row without a number is in the block after that of the row before it.
    """
    last = best
    for row in rows:
        last = last + 1 if row.block is None else row.block
        yield last, row
