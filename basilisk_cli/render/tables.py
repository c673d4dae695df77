"""Blocks for people at a terminal.

No number, hash or address is ever cut, or broken in two lines while the terminal has room for it. A table that is too
wide makes headings of its groups, hangs its lists below their rows, gives up its extra columns, and is at last shown
as one record a row.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from rich.console import Console
from rich.text import Text

from basilisk_cli.render.blocks import Align, Block, Cell, Column, Facts, Items, Styled, Table, text_of
from basilisk_cli.render.grid import GAP, cell_text, folded, grid, least_width

INDENT = 4
"""Blanks before a list that stands below its row."""


def show(console: Console, blocks: Sequence[Block]) -> None:
    """Print the blocks, an empty line between them."""
    for number, block in enumerate(blocks):
        if number:
            console.print()
        for line in _lines(block, console.width):
            console.print(line, soft_wrap=True)


def _lines(block: Block, width: int) -> Iterator[Text]:
    match block:
        case Table(rows=[]) | Table(rows=()):
            yield Text(block.empty, "dim")
        case Table():
            yield from _table(_shortened(block), width)
        case Facts():
            yield from _facts(block.rows, width)
        case _:
            yield from map(cell_text, block.lines)


def _table(table: Table, width: int) -> Iterator[Text]:
    for narrower in _without_extras(table):
        if least_width(narrower) <= width:
            yield from grid(narrower, width)
            return
        if narrower.grouped and least_width(_without(narrower, 0)) <= width:
            yield from _groups(narrower, width)
            return
        lists = _last_lists(narrower)
        if lists and least_width(_without_last(narrower, lists)) <= width:
            yield from _hung(narrower, lists, width)
            return
    yield from _records(table, width)


def _last_lists(table: Table) -> int:
    """How many list columns a table ends with."""
    kept = [at for at, column in enumerate(table.columns) if column.align is not Align.FOLD]
    return len(table.columns) - 1 - max(kept, default=len(table.columns) - 1)


def _without_last(table: Table, count: int) -> Table:
    for _ in range(count):
        table = _without(table, len(table.columns) - 1)
    return table


def _shortened(table: Table) -> Table:
    """Of too many rows the first and the last, and between them how many are left out."""
    left_out = len(table.rows) - (table.most or len(table.rows))
    if left_out <= 1 or table.most is None:
        return table
    half = table.most // 2
    gap = [Styled(f"… {left_out + 1} more", "dim") if column is _widest(table) else "" for column in table.columns]
    rows = [*table.rows[:half], gap, *table.rows[len(table.rows) - (table.most - half - 1) :]]
    return replace(table, rows=rows)


def _widest(table: Table) -> Column:
    """The column that has most room for a remark."""
    return max(table.columns, key=lambda column: (column.align is Align.FOLD, column.align is Align.LEFT))


def _without_extras(table: Table) -> Iterator[Table]:
    """The table, then with ever fewer of its extra columns; the last ones go first."""
    yield table
    for at in reversed(range(len(table.columns))):
        if table.columns[at].extra:
            table = _without(table, at)
            yield table


def _without(table: Table, at: int) -> Table:
    rows = [[*row[:at], *row[at + 1 :]] for row in table.rows]
    return replace(table, columns=[*table.columns[:at], *table.columns[at + 1 :]], rows=rows)


def _groups(table: Table, width: int) -> Iterator[Text]:
    """The cells of the first column as headings, their rows below them; the columns' widths are common to all."""
    titles, rule, *lines = grid(_without(table, 0), width)
    yield titles
    yield rule
    rows = iter(lines)
    for heading, group in groupby(table.rows, key=lambda row: text_of(row[0])):
        yield Text(heading, "bold")
        for _ in group:
            yield next(rows)


def _hung(table: Table, lists: int, width: int) -> Iterator[Text]:
    """The lists of the last columns below their rows."""
    titles, rule, *lines = grid(_without_last(table, lists), width)
    yield titles
    yield rule
    for line, row in zip(lines, table.rows, strict=True):
        yield line
        for cell in row[len(row) - lists :]:
            items = cell if isinstance(cell, Items) else Items([text_of(cell)])
            for text in folded(items, width - INDENT) if text_of(items) else ():
                yield Text.assemble(" " * INDENT, (text.plain, "dim"))


def _records(table: Table, width: int) -> Iterator[Text]:
    for number, row in enumerate(table.rows):
        if number:
            yield Text()
        yield from _facts([(column.title, cell) for column, cell in zip(table.columns, row, strict=True)], width)


def _facts(rows: Sequence[tuple[str, Cell]], width: int) -> Iterator[Text]:
    """Names and values; a list goes on below its beginning, what else is too long wraps at the terminal's edge."""
    indent = max((len(name) for name, _ in rows), default=0) + GAP
    for name, value in rows:
        lines = folded(value, width - indent) if isinstance(value, Items) else [cell_text(value)]
        for number, line in enumerate(lines):
            row = Text.assemble((("" if number else name).ljust(indent), "cyan"), line)
            row.rstrip()
            yield row
