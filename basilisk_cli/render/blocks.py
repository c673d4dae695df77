"""What a command has to say, before it is known who reads it: facts, tables, lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple


class Align(Enum):
    """How the cells of a column stand under each other on a terminal."""

    LEFT = "left"
    RIGHT = "right"
    POINT = "point"
    """Amounts: decimal points under each other, symbols in a column of their own."""
    FOLD = "fold"
    """Text that may go on in the next line; everything else stays on one."""


class Styled(NamedTuple):
    """Text with a colour, where there are colours."""

    text: str
    style: str


Cell = str | int | Styled | None
"""None is a fact that is not there, or not established."""


@dataclass(frozen=True)
class Column:
    title: str
    align: Align = Align.LEFT


@dataclass(frozen=True)
class Table:
    """Rows under titles. `empty` is said in place of a table without rows."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    title: str = ""
    empty: str = "nothing"


@dataclass(frozen=True)
class Facts:
    """Names and values, one a line."""

    rows: Sequence[tuple[str, Cell]]
    title: str = ""


@dataclass(frozen=True)
class Lines:
    """Text as it is."""

    lines: Sequence[Cell] = field(default_factory=tuple)


Block = Table | Facts | Lines


def left(*titles: str) -> tuple[Column, ...]:
    return tuple(Column(title) for title in titles)


def text_of(cell: Cell) -> str:
    """A cell as plain text on one line: what is no printable character is written as its escape."""
    text = "" if cell is None else cell.text if isinstance(cell, Styled) else str(cell)
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
