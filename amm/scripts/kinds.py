"""The kinds of values that any file has: lists, tables, texts, numbers, words."""

from contextlib import suppress
from typing import Any, TypeVar

from amm.scripts.shapes import Kind, Reader, UnreadableError
from amm.scripts.source import Flag, Integer, Items, Mapping, Node, Text, describe
from amm.wording import nearest

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")


class ListOf(Kind[tuple[T, ...]]):
    """A list of values of one kind."""

    def __init__(self, item: Kind[T], written: str, least: int = 0) -> None:
        self.item, self.written, self.least = item, written, least

    def read(self, node: Node, reader: Reader) -> tuple[T, ...]:
        if not isinstance(node, Items):
            raise self.mismatch(node, reader)
        if len(node.items) < self.least:
            raise reader.refuse(
                node.mark, f"expected {self.written}, found {len(node.items) or 'none'}", self.hint(node)
            )
        values: list[T] = []
        for item in node.items:
            with suppress(UnreadableError):
                values.append(self.item.read(item, reader))
        return tuple(values)

    def plain(self, value: tuple[T, ...]) -> list[Any]:
        return [self.item.plain(item) for item in value]

    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": self.item.schema(), "minItems": self.least}


class TableOf(Kind[tuple[tuple[K, V], ...]]):
    """A mapping whose keys are names of things rather than words of the language; in the written order."""

    def __init__(self, key: Kind[K], value: Kind[V], written: str) -> None:
        self.key, self.value, self.written = key, value, written

    def read(self, node: Node, reader: Reader) -> tuple[tuple[K, V], ...]:
        if not isinstance(node, Mapping):
            raise self.mismatch(node, reader)
        entries: list[tuple[K, V]] = []
        for key, value in node.entries:
            with suppress(UnreadableError):
                entries.append((self.key.read(key, reader), self.value.read(value, reader)))
        return tuple(entries)

    def plain(self, value: tuple[tuple[K, V], ...]) -> dict[str, Any]:
        return {str(self.key.plain(key)): self.value.plain(held) for key, held in value}

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self.value.schema()}


class TextOf(Kind[str]):
    """Text, not empty, that can be shown as it is; on one line unless `lines`."""

    written = "text"

    def __init__(self, lines: bool = False) -> None:
        self.lines = lines

    def read(self, node: Node, reader: Reader) -> str:
        if not isinstance(node, Text) or not node.value.strip():
            raise self.mismatch(node, reader)
        refuse_controls(node, reader, self.lines)
        return node.value

    def hint(self, node: Node) -> str:
        return "put quotes around it" if isinstance(node, Integer | Flag) else f"write {self.written}"

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


def refuse_controls(text: Text, reader: Reader, lines: bool) -> None:
    """Notes a character that a terminal would obey instead of showing, or a line break where there is one line."""
    strange = next((mark for mark in text.value if not mark.isprintable() and not (lines and mark == "\n")), None)
    if strange == "\n":
        reader.refuse(text.mark, "the text has several lines", "write it on one line")
    elif strange is not None:
        reader.refuse(text.mark, f"the text has the control character {strange!r}", "leave it out")


class Whole(Kind[int]):
    """A whole number within bounds."""

    def __init__(self, least: int = 0, most: int = 2**32 - 1) -> None:
        self.least, self.most = least, most
        self.written = f"a whole number of at least {least}"

    def read(self, node: Node, reader: Reader) -> int:
        if not isinstance(node, Integer):
            raise self.mismatch(node, reader)
        if not self.least <= node.value <= self.most:
            hint = f"write a number from {self.least} to {self.most}"
            raise reader.refuse(node.mark, f"{describe(node)} is out of range", hint)
        return node.value

    def hint(self, node: Node) -> str:
        return "take the quotes off" if isinstance(node, Text) and node.value.isdecimal() else super().hint(node)

    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


class OneOf(Kind[str]):
    """One of a few words."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.written = " or ".join(words)

    def read(self, node: Node, reader: Reader) -> str:
        if not isinstance(node, Text) or node.value not in self.words:
            raise self.mismatch(node, reader)
        return node.value

    def hint(self, node: Node) -> str:
        return nearest(node.value, self.words) if isinstance(node, Text) else super().hint(node)

    def schema(self) -> dict[str, Any]:
        return {"enum": list(self.words)}


class Always(Kind[bool]):
    """`true`, or the key is left out."""

    written = "true, or leave the key out"

    def read(self, node: Node, reader: Reader) -> bool:
        if not isinstance(node, Flag) or not node.value:
            raise self.mismatch(node, reader)
        return True

    def schema(self) -> dict[str, Any]:
        return {"const": True}
