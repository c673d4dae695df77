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
    """Amounts: decimal points under each other."""
    FOLD = "fold"
    """Lists that may go on in the next line, between two items; everything else stays on one."""


class Styled(NamedTuple):
    """Text with a colour, where there are colours."""

    text: str
    style: str


class Items(NamedTuple):
    """A list of things, none of which is broken in two."""

    parts: Sequence[str]


Cell = str | int | Styled | Items | None
"""None is a fact that is not there, or not established."""


@dataclass(frozen=True)
class Column:
    """`extra` columns are left out on a terminal that is too narrow for them; other commands say the same."""

    title: str
    align: Align = Align.LEFT
    extra: bool = False


@dataclass(frozen=True)
class Table:
    """Rows under titles. `empty` is said in place of a table without rows.

    `grouped`: equal cells of the first column stand together, so that it can become headings where room is scarce.
    `most`: of more rows a terminal shows the first and the last; a pipe gets all.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    empty: str = "nothing"
    grouped: bool = False
    most: int | None = None


@dataclass(frozen=True)
class Facts:
    """Names and values, one a line."""

    rows: Sequence[tuple[str, Cell]]


@dataclass(frozen=True)
class Lines:
    """Text as it is."""

    lines: Sequence[Cell] = field(default_factory=tuple)


Block = Table | Facts | Lines


def text_of(cell: Cell) -> str:
    """A cell as plain text on one line: what is no printable character is written as its escape."""
    match cell:
        case None:
            text = ""
        case Styled(text=text):
            pass
        case Items(parts=parts):
            text = ", ".join(parts)
        case _:
            text = str(cell)
    return text if text.isprintable() else printable(text)


def printable(text: str) -> str:
    """Symbols and names come from the chain: whoever put control characters there does not reach the terminal."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
