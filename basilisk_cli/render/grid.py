"""Laying out the cells of a table: widths, decimal points, folded lists. Lines carry no blanks at their end."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from basilisk_cli.render.blocks import Align, Cell, Column, Items, Styled, Table, text_of

ABSENT = "–"
GAP = 2
"""Blanks between two columns."""
LEAST_FOLD = 28
"""A column of lists is not made narrower than this, unless its lists are; nor than its longest word."""

Lines = list[Text]
"""A cell as it is printed: one line, or several below each other."""


def least_width(table: Table) -> int:
    """The width in which nothing but lists has to go on in a second line."""
    return _gaps(table) + sum(_least(column, cells) for column, cells in _columns(table))


def grid(table: Table, room: int, *, header: bool = True) -> list[Text]:
    """The table's lines, in `room` columns if that is no less than its least width."""
    columns = _columns(table)
    left = room - _gaps(table) - sum(_natural(c, cells) for c, cells in columns if c.align is not Align.FOLD)
    rooms = _rooms(columns, left)
    laid_out = [_laid_out(column, cells, at) for (column, cells), at in zip(columns, rooms, strict=True)]
    widths = [
        max(len(column.title) if header else 0, *(line.cell_len for cell in cells for line in cell))
        for column, cells in zip(table.columns, laid_out, strict=True)
    ]
    lines: list[Text] = []
    if header:
        titles = [[Text(column.title, "bold")] for column in table.columns]
        lines += _row(table.columns, titles, widths)
        lines.append(Text("─" * (sum(widths) + _gaps(table)), "dim"))
    for row in zip(*laid_out, strict=True):
        lines += _row(table.columns, row, widths)
    return lines


def folded(items: Items, room: int) -> Lines:
    """A list in lines that break between its items; an item that is wider than `room` is broken at blanks."""
    lines = [""]
    for place, part in enumerate(items.parts):
        ending = "" if place == len(items.parts) - 1 else ","
        for piece in _pieces(text_of(part) + ending, room):
            joined = f"{lines[-1]} {piece}" if lines[-1] else piece
            if len(joined) <= room:
                lines[-1] = joined
            else:
                lines.append(piece)
    return [Text(line) for line in lines]


def cell_text(cell: Cell) -> Text:
    if cell is None:
        return Text(ABSENT, "dim")
    return Text(text_of(cell), cell.style if isinstance(cell, Styled) else "")


def _pieces(item: str, room: int) -> Iterator[str]:
    """An item whole, or if it is too wide, word by word, and words that are too wide in parts."""
    if len(item) <= room:
        yield item
        return
    for word in item.split(" "):
        yield from (word[at : at + room] for at in range(0, len(word), room))


def _columns(table: Table) -> list[tuple[Column, list[Cell]]]:
    return [(column, [row[at] for row in table.rows]) for at, column in enumerate(table.columns)]


def _rooms(columns: Sequence[tuple[Column, list[Cell]]], left: int) -> list[int]:
    """The width of each list column: what it needs at least, and of the room that is left an even share."""
    rooms = [_least(column, cells) if column.align is Align.FOLD else 0 for column, cells in columns]
    wanted = {at: _natural(*columns[at]) - rooms[at] for at in range(len(columns)) if rooms[at]}
    spare = left - sum(rooms)
    for done, (at, more) in enumerate(sorted(wanted.items(), key=lambda each: each[1])):
        taken = max(0, min(more, spare // (len(wanted) - done)))
        rooms[at], spare = rooms[at] + taken, spare - taken
    return rooms


def _gaps(table: Table) -> int:
    return GAP * (len(table.columns) - 1)


def _natural(column: Column, cells: Sequence[Cell]) -> int:
    return max(len(column.title), *(line.cell_len for lines in _laid_out(column, cells, 10**6) for line in lines))


def _least(column: Column, cells: Sequence[Cell]) -> int:
    if column.align is not Align.FOLD:
        return _natural(column, cells)
    words = (word for cell in cells for word in text_of(cell).split(" "))
    return min(_natural(column, cells), max(LEAST_FOLD, *map(len, words), 0))


def _laid_out(column: Column, cells: Sequence[Cell], room: int) -> list[Lines]:
    if column.align is Align.FOLD:
        return [folded(cell, room) if isinstance(cell, Items) else [cell_text(cell)] for cell in cells]
    texts = [cell_text(cell) for cell in cells]
    if column.align is Align.POINT:
        texts = _at_the_point(texts)
    return [[text] for text in texts]


def _at_the_point(texts: Sequence[Text]) -> list[Text]:
    """Amounts padded so that their points and symbols stand below each other."""
    parts = [_parts(text.plain) for text in texts]
    before = max(len(whole) for whole, _, _ in parts)
    after = max(len(fraction) for _, fraction, _ in parts)
    return [
        Text(f"{whole.rjust(before)}{fraction.ljust(after)} {symbol}".rstrip(), text.style)
        for (whole, fraction, symbol), text in zip(parts, texts, strict=True)
    ]


def _parts(amount: str) -> tuple[str, str, str]:
    number, _, symbol = amount.partition(" ")
    whole, point, fraction = number.partition(".")
    return whole, point + fraction, symbol


def _row(columns: Sequence[Column], cells: Sequence[Lines], widths: Sequence[int]) -> Iterator[Text]:
    """One row; a cell of several lines makes it as high."""
    for height in range(max(map(len, cells))):
        line = Text()
        for column, cell, width in zip(columns, cells, widths, strict=True):
            text = cell[height] if height < len(cell) else Text()
            blanks = " " * (width - text.cell_len)
            parts = (blanks, text) if column.align is Align.RIGHT else (text, blanks)
            line = Text.assemble(line, " " * GAP if line.cell_len or column is not columns[0] else "", *parts)
        line.rstrip()
        yield line
