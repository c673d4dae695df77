"""Bulk trades: a CSV file that a script names. Source: spec/trade-scripts.md, "Steps", verb `trades`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from amm.scripts.errors import Fault, Faults, Mark
from amm.scripts.rows import Row, read_rows
from amm.scripts.shapes import Kind, Reader, UnreadableError
from amm.scripts.source import Node, Text


class Span(NamedTuple):
    """The blocks of a file: how many rows come before the first numbered one, its number, and the last block.

    Without any number `first` and `last` are None and every row is a block of its own.
    """

    unnumbered: int
    first: int | None
    last: int | None


class TradesFile(msgspec.Struct, frozen=True):
    """A file whose rows have been checked; `count` says how many there are."""

    path: Path
    count: int
    span: Span

    def rows(self) -> Iterator[Row]:
        """The rows, one at a time. Raises Faults if the file was changed and is wrong now."""
        faults: list[Fault] = []
        for row in read_rows(self.path, faults):
            if faults:
                break
            yield row
        if faults:
            raise Faults(faults)


class TradesOf(Kind[TradesFile]):
    """A CSV file of trades, which is read once to check it."""

    written = "the path of a CSV file"

    def read(self, node: Node, reader: Reader) -> TradesFile:
        if not isinstance(node, Text):
            raise self.mismatch(node, reader)
        path = reader.path(node)
        before = len(reader.faults)
        count, span = _scan(path, reader.faults, node.mark)
        if len(reader.faults) > before:
            raise UnreadableError
        return TradesFile(path, count, span)

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


TRADES = TradesOf()


def _scan(path: Path, faults: list[Fault], at: Mark) -> tuple[int, Span]:
    """Reads a file through: how many rows it has, in which blocks; also that block numbers do not fall."""
    count = unnumbered = 0
    first = last = None
    for row in read_rows(path, faults, at):
        count += 1
        if last is None:
            if row.block is None:
                unnumbered += 1
            else:
                first = last = row.block
        elif row.block is None:
            last += 1
        elif row.block < last:
            mark = Mark(str(path), row.line, 1)
            faults.append(Fault(mark, f"block {row.block} after block {last}", "sort the rows; numbers do not fall"))
        else:
            last = row.block
    return count, Span(unnumbered, first, last)
