"""Blocks for people at a terminal.

No number, hash or address is ever cut. A table that is wider than the terminal is shown as one record a row, names
beside values, so that nothing wraps in the middle of a row.
"""

from collections.abc import Sequence

from rich import box
from rich.console import Console, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from basilisk_cli.render.blocks import Align, Block, Cell, Column, Facts, Styled, Table, text_of

ABSENT = "–"
GAP = 2
"""Blanks between two columns."""
LEAST_FOLD = 24
"""A column of running text is not folded narrower than this."""


def show(console: Console, blocks: Sequence[Block]) -> None:
    """Print the blocks, an empty line between them."""
    for number, block in enumerate(blocks):
        if number:
            console.print()
        match block:
            case Table():
                _show_table(console, block)
            case Facts():
                _show_facts(console, block.title, block.rows)
            case _:
                for line in block.lines:
                    console.print(_text(line), soft_wrap=True)


def _show_table(console: Console, table: Table) -> None:
    if not table.rows:
        console.print(Text(f"{table.title}: {table.empty}" if table.title else table.empty, "dim"))
        return
    columns = [_laid_out(column, [row[at] for row in table.rows]) for at, column in enumerate(table.columns)]
    if _least_width(table.columns, columns) > console.width:
        _show_records(console, table)
        return
    _title(console, table.title)
    grid = RichTable(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, GAP, 0, 0), show_edge=False, header_style="bold")
    for column in table.columns:
        grid.add_column(
            Text(column.title),
            justify="right" if column.align is Align.RIGHT else "left",
            no_wrap=column.align is not Align.FOLD,
            overflow="fold",
        )
    for row in zip(*columns, strict=True):
        grid.add_row(*row)
    console.print(grid)


def _show_records(console: Console, table: Table) -> None:
    _title(console, table.title)
    for number, row in enumerate(table.rows):
        if number:
            console.print()
        _show_facts(console, "", [(column.title, cell) for column, cell in zip(table.columns, row, strict=True)])


def _show_facts(console: Console, title: str, rows: Sequence[tuple[str, Cell]]) -> None:
    """Names and values; a value that does not fit beside its name wraps at the terminal's edge, uncut."""
    _title(console, title)
    width = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        console.print(Text.assemble((name.ljust(width + GAP), "cyan"), _text(value)), soft_wrap=True)


def _title(console: Console, title: str) -> None:
    if title:
        console.print(Text(title, "bold"), soft_wrap=True)


def _laid_out(column: Column, cells: Sequence[Cell]) -> list[RenderableType]:
    texts = [_text(cell) for cell in cells]
    return list(_at_the_point(texts) if column.align is Align.POINT else texts)


def _text(cell: Cell) -> Text:
    if cell is None:
        return Text(ABSENT, "dim")
    return Text(text_of(cell), cell.style if isinstance(cell, Styled) else "")


def _at_the_point(texts: Sequence[Text]) -> list[Text]:
    """Amounts padded so that their points and symbols stand in columns."""
    parts = [_parts(text.plain) for text in texts]
    before = max(len(whole) for whole, _, _ in parts)
    after = max(len(fraction) for _, fraction, _ in parts)
    return [
        Text(f"{whole.rjust(before)}{fraction.ljust(after)}{symbol and ' '}{symbol}", text.style)
        for (whole, fraction, symbol), text in zip(parts, texts, strict=True)
    ]


def _parts(amount: str) -> tuple[str, str, str]:
    number, _, symbol = amount.partition(" ")
    whole, point, fraction = number.partition(".")
    return whole, point + fraction, symbol


def _least_width(columns: Sequence[Column], cells: Sequence[Sequence[RenderableType]]) -> int:
    """The least width in which nothing but running text has to go on in a second line."""
    widths = []
    for column, texts in zip(columns, cells, strict=True):
        width = max(len(column.title), *(text.cell_len for text in texts if isinstance(text, Text)))
        widths.append(min(width, LEAST_FOLD) if column.align is Align.FOLD else width)
    return sum(widths) + GAP * (len(widths) - 1)

