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
    Integer,
    Mapping,
    Node,
    Nothing,
    Text,
    compose,
    describe,
    read_text,
)

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
