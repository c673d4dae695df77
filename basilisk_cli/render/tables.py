"""Blocks for people at a terminal.

No number, hash or address is ever cut, or broken in two lines while the terminal has room for it. A table that is too
wide gives up its extra columns, then makes headings of its groups, and is at last shown as one record a row.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from basilisk_cli.render.blocks import Align, Block, Cell, Column, Facts, Items, Styled, Table, printable, text_of

ABSENT = "–"
GAP = 2
"""Blanks between two columns."""
INDENT = 2
"""Blanks before the rows of a group."""


def show(console: Console, blocks: Sequence[Block]) -> None:
    """Print the blocks, an empty line between them."""
    for number, block in enumerate(blocks):
        if number:
            console.print()
        match block:
            case Table():
                _show_table(console, block)
            case Facts():
                _show_facts(console, block.rows)
            case _:
                for line in block.lines:
                    console.print(_text(line), soft_wrap=True)


def _show_table(console: Console, table: Table) -> None:
    if not table.rows:
        console.print(Text(table.empty, "dim"), soft_wrap=True)
        return
    for narrower in _without_extras(table):
        if _width(narrower) <= console.width:
            console.print(_grid(narrower, console.width))
            return
    if table.grouped and _width(_headless(narrower)) + INDENT <= console.width:
        _show_groups(console, narrower)
    else:
        _show_records(console, table)


def _without_extras(table: Table) -> Iterator[Table]:
    """The table, then with ever fewer of its extra columns, the last ones going first."""
    yield table
    for at in reversed(range(len(table.columns))):
        if table.columns[at].extra:
            columns = [*table.columns[:at], *table.columns[at + 1 :]]
            rows = [[*row[:at], *row[at + 1 :]] for row in table.rows]
            table = replace(table, columns=columns, rows=rows)
            yield table


def _headless(table: Table) -> Table:
    return replace(table, columns=table.columns[1:], rows=[row[1:] for row in table.rows])


def _show_groups(console: Console, table: Table) -> None:
    """A heading for each value of the first column, its rows below it; all groups share their columns' widths."""
    grid = _grid(_headless(table), console.width - INDENT)
    grid.show_header, grid.box = False, None
    lines = console.render_lines(grid, console.options.update(width=console.width - INDENT), pad=False)
    at = 0
    for heading, rows in groupby(table.rows, key=lambda row: text_of(row[0])):
        console.print(Text(heading, "bold"), soft_wrap=True)
        for _ in rows:
            console.print(" " * INDENT, end="")
            console.print(Text.assemble(*((part.text, part.style or "") for part in lines[at])), soft_wrap=True)
            at += 1


def _show_records(console: Console, table: Table) -> None:
    for number, row in enumerate(table.rows):
        if number:
            console.print()
        _show_facts(console, [(column.title, cell) for column, cell in zip(table.columns, row, strict=True)])


def _show_facts(console: Console, rows: Sequence[tuple[str, Cell]]) -> None:
    """Names and values; lists go on below their beginning, what else does not fit wraps at the terminal's edge."""
    width = max((len(name) for name, _ in rows), default=0) + GAP
    for name, value in rows:
        text = _folded(value, console.width - width) if isinstance(value, Items) else _text(value)
        lines = text.split("\n")
        for number, line in enumerate(lines):
            console.print(Text.assemble(("" if number else name).ljust(width), line, style=""), soft_wrap=True)


def _grid(table: Table, width: int) -> RichTable:
    """The table, its running text folded so that it fits into `width`."""
    grid = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, padding=0, show_edge=False, header_style="bold")
    fixed = sum(_column_width(column, cells) for column, cells in _columns(table) if column.align is not Align.FOLD)
    folds = sum(column.align is Align.FOLD for column in table.columns)
    room = (width - fixed - GAP * (len(table.columns) - 1)) // max(folds, 1)
    laid_out = []
    for place, (column, cells) in enumerate(_columns(table)):
        justify = "right" if column.align is Align.RIGHT else "left"
        title = Text(column.title)
        last = place == len(table.columns) - 1
        grid.add_column(title, justify=justify, no_wrap=True, header_style="bold", overflow="ignore")  # type: ignore[arg-type]
        grid.columns[-1].min_width = 0 if last else None
        laid_out.append(_laid_out(column, cells, room))
    for row in zip(*laid_out, strict=True):
        grid.add_row(*row)
    return grid


def _columns(table: Table) -> list[tuple[Column, list[Cell]]]:
    return [(column, [row[at] for row in table.rows]) for at, column in enumerate(table.columns)]
