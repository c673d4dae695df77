"""Models that are their own tables: a field's annotation says its key, how it is written and what it means.

    class Repetition(Record, frozen=True):
        times: Annotated[int, Key(Whole(1), "how often")]

From such a class come the reading of a mapping with all its faults, the JSON form that reads back to the same
value, and the description that `script schema` prints.
"""

from collections.abc import Mapping as Table
from contextlib import suppress
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar, get_type_hints

import msgspec

from amm.scripts.errors import Fault, Faults, Mark, UnknownKey
from amm.scripts.source import (
    Flag,
    Integer,
    Items,
    Mapping,
    Node,
    Nothing,
    Text,
    compose,
    describe,
    read_text,
)
from amm.wording import nearest

T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
R = TypeVar("R", bound="Record")


class UnreadableError(Exception):
    """Nothing can be made of a value; the Reader has noted why.

    The rest is read all the same: a list goes on without the item, a record without the optional key. So a
    file is good only if its Reader has no faults in the end.
    """


class Reader:
    """What is wrong in the file that is being read, and in those that it names.

    `parents` are the files that led here; paths in a file start from its folder. `done` keeps what was read
    of other files, by real path, so that each is read once.
    """

    def __init__(self, file: Path, faults: list[Fault], parent: "Reader | None" = None) -> None:
        self.file, self.faults = file, faults
        self.parents: tuple[Path, ...] = (*parent.parents, parent.file) if parent else ()
        self.done: dict[str, Any] = parent.done if parent else {}

    def refuse(self, mark: Mark, message: str, hint: str) -> UnreadableError:
        """Notes a fault; raise what is returned."""
        self.faults.append(Fault(mark, message, hint))
        return UnreadableError(message)

    def path(self, text: Text) -> Path:
        """A path that the file writes, from the file's folder."""
        if not text.value or "\0" in text.value:
            raise self.refuse(text.mark, f"{describe(text)} is no path", "write the path of a file")
        return self.file.parent / text.value

    def open(self, path: Path, at: Mark) -> tuple[Node, "Reader"]:
        """The document of a file that is named at a place, and a reader for it."""
        reader = Reader(path, self.faults, self)
        return reader.document(at), reader

    def document(self, at: Mark | None = None, text: str | None = None) -> Node:
        """The document of the reader's own file, or of its text if that is at hand.

        Raises UnreadableError after noting why there is none.
        """
        try:
            root, faults = compose(read_text(self.file, at) if text is None else text, str(self.file))
        except Faults as error:
            self.faults.extend(error.faults)
            raise UnreadableError from None
        self.faults.extend(faults)
        if root is not None:
            return root
        if faults:
            raise UnreadableError
        raise self.refuse(Mark(str(self.file)), "the file is empty", "see `basilisk script new`")


class Kind(Generic[T]):
    """A way to write values of one type. `written` says how, in a few words."""

    written: str

    def read(self, node: Node, reader: Reader) -> T:
        """The value of a node. Raises UnreadableError after noting what is wrong."""
        raise NotImplementedError

    def plain(self, value: T) -> Any:
        """The value as JSON has it; reading that gives the value again."""
        return value

    def schema(self) -> dict[str, Any]:
        """The JSON schema of what may be written."""
        raise NotImplementedError

    def mismatch(self, node: Node, reader: Reader) -> UnreadableError:
        return reader.refuse(node.mark, f"expected {self.written}, found {describe(node)}", self.hint(node))

    def hint(self, node: Node) -> str:
        return f"write {self.written}"


class Key(NamedTuple):
    """How a field is written: its value, what it means, and its key where that is not the field's name."""

    kind: Kind[Any]
    doc: str
    name: str | None = None


class Field(NamedTuple):
    """A field of a Record as its annotation declares it."""

    attribute: str
    kind: Kind[Any]
    doc: str
    default: Any
    required: bool


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A mapping with known keys, and where it begins."""

    mark: Mark

    def examine(self, reader: Reader) -> None:
        """Notes what does not go together in this record."""


@cache
def fields_of(model: type[Record]) -> dict[str, Field]:
    """The fields of a model by key."""
    hints = get_type_hints(model, include_extras=True)
    fields: dict[str, Field] = {}
    for field in msgspec.structs.fields(model):
        for key in getattr(hints[field.name], "__metadata__", ()):
            if isinstance(key, Key):
                required = field.required
                default = None if required else field.default
                fields[key.name or field.name] = Field(field.name, key.kind, key.doc, default, required)
    return fields


class RecordOf(Kind[R]):
    """A mapping that is a Record.

    `without` are keys of the model that do not belong here, with what to do instead; `instead` are kinds that
    take the place of the model's.
    """

    def __init__(
        self,
        model: type[R],
        what: str,
        without: Table[str, str] | None = None,
        instead: Table[str, Kind[Any]] | None = None,
    ) -> None:
        self.model, self.what = model, what
        self.without, self.instead = without or {}, instead or {}
        self.written = f"{what} (a mapping)"

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The fields that may be written here, by key."""
        fields = {key: field for key, field in fields_of(self.model).items() if key not in self.without}
        return fields | {key: fields[key]._replace(kind=kind) for key, kind in self.instead.items()}

    def read(self, node: Node, reader: Reader) -> R:
        if not isinstance(node, Mapping):
            raise self.mismatch(node, reader)
        values: dict[str, Any] = {}
        for key, value in node.entries:
            field = self.fields.get(str(key.value))
            if field is None:
                self._refuse_key(key, reader)
            elif field.required or not isinstance(value, Nothing):  # null leaves an optional key out
                with suppress(UnreadableError):
                    values[field.attribute] = field.kind.read(value, reader)
        required = [(name, field) for name, field in self.fields.items() if field.required]
        for name, field in required:
            if node.get(name) is None:
                reader.refuse(node.mark, f"{self.what} needs the key {name!r}", f"{name}: {field.kind.written}")
        if not all(field.attribute in values for _, field in required):
            raise UnreadableError
        record = self.model(mark=node.mark, **values)
        record.examine(reader)
        return record

    def hint(self, node: Node) -> str:
        return f"its keys are {', '.join(self.fields)}"

    def _refuse_key(self, key: Text | Integer, reader: Reader) -> None:
        name = str(key.value)
        if name in self.without:
            reader.refuse(key.mark, f"{name!r} does not belong in {self.what}", self.without[name])
        else:
            reader.faults.append(UnknownKey.at(key.mark, name, self.fields, self.what))

    def plain(self, value: R) -> dict[str, Any]:
        pairs = ((key, field, getattr(value, field.attribute)) for key, field in self.fields.items())
        return {key: field.kind.plain(held) for key, field, held in pairs if held is not None}

    def schema(self) -> dict[str, Any]:
        schema: dict[str, Any] = {
            "type": "object",
            "description": " ".join((self.model.__doc__ or "").split()),
            "properties": {
                key: {**field.kind.schema(), "description": field.doc} for key, field in self.fields.items()
            },
            "additionalProperties": False,
        }
        required = [key for key, field in self.fields.items() if field.required]
        return {**schema, "required": required} if required else schema


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
    """Text, not empty."""

    written = "text"

    def read(self, node: Node, reader: Reader) -> str:
        if not isinstance(node, Text) or not node.value.strip():
            raise self.mismatch(node, reader)
        return node.value

    def hint(self, node: Node) -> str:
        return "put quotes around it" if isinstance(node, Integer | Flag) else f"write {self.written}"

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


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
