"""Blocks for programs: tab-separated rows, without boxes, colours and cuts."""

from collections.abc import Iterator, Sequence

from basilisk_cli.render.blocks import Block, Cell, Facts, Table, text_of


def lines_of(blocks: Sequence[Block]) -> Iterator[str]:
    """The lines of all blocks. A table begins with its titles; an empty line stands between two blocks."""
    for number, block in enumerate(blocks):
        if number:
            yield ""
        match block:
            case Table():
                yield _row([column.title for column in block.columns])
                yield from map(_row, block.rows)
            case Facts():
                yield from map(_row, block.rows)
            case _:
                yield from map(text_of, block.lines)


def _row(cells: Sequence[Cell]) -> str:
    return "\t".join(map(text_of, cells))
