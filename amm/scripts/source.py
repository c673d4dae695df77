"""YAML as composed nodes: every value knows its file, line and column. Source: spec/trade-scripts.md, "YAML".

The nodes are built from the parser's events rather than from its node graph: an alias then has a place of its
own, nesting needs no recursion, and what aliases add up to is counted while it is read.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import yaml

from amm.scripts.errors import Fault, Faults, Mark
from amm.scripts.syntax_errors import syntax_fault, unprintable_fault
from amm.wording import nearest, short

MAX_BYTES = 16 * 2**20
"""The longest file that is read as YAML; bulk trades belong in CSV files."""

MAX_DEPTH = 256
"""How deep mappings and lists may nest."""

MAX_ALIASED = 100_000
"""How many values all aliases of a file may stand for, counted as if they were written out."""

MAX_DIGITS = 1_000

_INTEGER = re.compile(r"[-+]?[0-9][0-9_]*")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Node(msgspec.Struct, frozen=True, gc=False):
    """A value of a YAML file, and where it begins. Nodes hold no circles, so the collector need not look."""

    mark: Mark


class Text(Node, frozen=True, gc=False):
    """A quoted scalar, or a plain one that is nothing else."""

    value: str


class Integer(Node, frozen=True, gc=False):
    """A plain scalar of digits: decimal, of any size."""

    value: int


class Flag(Node, frozen=True, gc=False):
    """`true` or `false`."""

    value: bool


class Nothing(Node, frozen=True, gc=False):
    """`null`, `~` or no value at all."""


class Items(Node, frozen=True, gc=False):
    """A list."""

    items: tuple[Node, ...]


class Mapping(Node, frozen=True, gc=False):
    """Keys and values in the written order; no key comes twice."""

    entries: tuple[tuple[Text | Integer, Node], ...]

    def get(self, name: str) -> Node | None:
        """The value of a text key."""
        return next((value for key, value in self.entries if key.value == name), None)


def describe(node: Node) -> str:
    """What a value is, for messages: `the text 'abc'`, `a list`."""
    match node:
        case Text(value=value):
            return f"the text {short(value)!r}"
        case Integer(value=value):
            return f"the number {short(str(value))}"
        case Flag(value=value):
            return "true" if value else "false"
        case Items():
            return "a list"
        case Mapping():
            return "a mapping"
        case _:
            return "nothing"


def read_text(path: Path, at: Mark | None = None) -> str:
    """The text of a UTF-8 file of at most `MAX_BYTES`. `at` is the place that names the file, if one does.

    Raises Faults if it cannot be read.
    """
    mark = at or Mark(str(path))
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise Faults([unreadable(path, error, mark)]) from None
    if len(data) > MAX_BYTES:
        hint = "put bulk trades into a CSV file (`trades:`)"
        raise Faults([Fault(mark, f"{path} has more than {MAX_BYTES // 2**20} MiB", hint)])
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        column = error.start - data.rfind(b"\n", 0, error.start)
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise Faults([Fault(Mark(str(path), line, column), message, "save the file as UTF-8")]) from None


def unreadable(path: Path, error: OSError | ValueError, mark: Mark) -> Fault:
    """The fault that says why a file cannot be opened."""
    if isinstance(error, FileNotFoundError):
        try:
            siblings = sorted(entry.name for entry in path.parent.iterdir() if entry.suffix == path.suffix)
        except OSError:
            return Fault(mark, f"there is no file {path}", f"there is no folder {path.parent} either")
        hint = nearest(path.name, siblings, f"no file in {path.parent} has a name like that")
        return Fault(mark, f"there is no file {path}", hint)
    if isinstance(error, IsADirectoryError):
        return Fault(mark, f"{path} is a folder", "name a file in it")
    if isinstance(error, PermissionError):
        return Fault(mark, f"{path} may not be read", "change its permissions")
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Fault(mark, f"{str(path)!r} cannot be read: {reason}", "name a readable file")


def compose(text: str, file: str) -> tuple[Node | None, list[Fault]]:
    """The document of a YAML text and what is wrong with it; None if nothing can be made of it."""
    composer = _Composer(file)
    text = text.removeprefix("\ufeff")
    fault = unprintable_fault(text, file)
    if fault:
        return None, [fault]
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            composer.take(event)
    except yaml.YAMLError as error:
        return None, [*composer.faults, syntax_fault(error, text, file)]
    except _HopelessError:
        return None, composer.faults
    return composer.root, composer.faults


class _HopelessError(Exception):
    """A fault after which reading on makes no sense; it is noted already."""


class _Open:
    """A mapping or list whose end has not come yet."""

    __slots__ = ("anchor", "children", "key", "keys", "mark", "size")

    def __init__(self, mark: Mark, anchor: str | None, keys: dict[object, Mark] | None) -> None:
        self.mark, self.anchor = mark, anchor
        self.keys = keys  # None: a list
        self.key: Node | None = None
        self.children: list[object] = []
        self.size = 1


class _Composer:
    """Builds nodes from the parser's events."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.root: Node | None = None
        self._open: list[_Open] = []
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._aliased = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._close(self._scalar(event), 1, event.anchor)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            self._note(event, "a second document begins here", "keep one document a file; take out this ---")
            raise _HopelessError

    def _mark(self, event: yaml.Event) -> Mark:
        start = event.start_mark
        return Mark(self.file, start.line + 1, start.column + 1) if start else Mark(self.file)

    def _note(self, event: yaml.Event, message: str, hint: str) -> None:
        self.faults.append(Fault(self._mark(event), message, hint))

    def _scalar(self, event: yaml.ScalarEvent) -> Node:
        mark, text = self._mark(event), event.value
        if event.tag is not None:
            self._note(event, f"tags are not used here: {short(event.tag)!r}", "take the tag out")
        if not event.implicit[0]:  # quoted, or a block of text
            return Text(mark, text)
        if _INTEGER.fullmatch(text):
            digits = text.replace("_", "")
            if len(digits) <= MAX_DIGITS:
                return Integer(mark, int(digits))
            message = f"a number of {len(digits)} digits"
            self._note(event, message, f"numbers have at most {MAX_DIGITS} digits")
            return Integer(mark, 0)
        if text == "true" or text == "false":
            return Flag(mark, text == "true")
        if text == "null" or text == "~" or text == "":
            return Nothing(mark)
        if text == "<<" and self._open and self._open[-1].keys is not None and self._open[-1].key is None:
            hint = "write the keys out, or use an alias for a whole value"
            self._note(event, "merge keys are not used here", hint)
        return Text(mark, text)

    def _begin(self, event: yaml.CollectionStartEvent) -> None:
        if event.tag is not None:
            self._note(event, f"tags are not used here: {short(event.tag)!r}", "take the tag out")
        if len(self._open) >= MAX_DEPTH:
            self._note(event, f"nested deeper than {MAX_DEPTH} levels", "nest less")
            raise _HopelessError
        keys: dict[object, Mark] | None = {} if isinstance(event, yaml.MappingStartEvent) else None
        self._open.append(_Open(self._mark(event), event.anchor, keys))

    def _end(self) -> None:
        done = self._open.pop()
        children = tuple(done.children)
        node = Items(done.mark, children) if done.keys is None else Mapping(done.mark, children)  # type: ignore[arg-type]
        self._close(node, done.size, done.anchor)

    def _alias(self, event: yaml.AliasEvent) -> None:
        name = event.anchor or ""
        found = self._anchors.get(name)
        if any(outer.anchor == name for outer in self._open):
            self._note(event, f"*{name} stands inside what it names", "a value cannot contain itself")
        elif found is None:
            hint = nearest(name, self._anchors, f"name a value before it, as in &{name}")
            self._note(event, f"unknown alias *{name}", hint)
        else:
            node, size = found
            self._aliased += size
            if self._aliased > MAX_ALIASED:
                message = f"aliases stand for more than {MAX_ALIASED:_} values"
                self._note(event, message, "alias less, or smaller values")
                raise _HopelessError
            self._close(msgspec.structs.replace(node, mark=self._mark(event)), size, None)
            return
        self._close(Nothing(self._mark(event)), 1, None)

    def _close(self, node: Node, size: int, anchor: str | None) -> None:
        """Puts a finished value where it belongs."""
        if anchor is not None:
            self._anchors[anchor] = node, size
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        parent.size += size
        if parent.keys is None:
            parent.children.append(node)
        elif parent.key is None:
            parent.key = node
        else:
            self._entry(parent, parent.key, node)
            parent.key = None

    def _entry(self, parent: _Open, key: Node, value: Node) -> None:
        if not isinstance(key, Text | Integer):
            message = f"a key is text or a number, not {describe(key)}"
            self.faults.append(Fault(key.mark, message, "quote it if it is meant as text"))
            return
        assert parent.keys is not None
        first = parent.keys.setdefault(key.value, key.mark)
        if first is key.mark:
            parent.children.append((key, value))
        else:
            hint = f"it is first given in line {first.line}; keep one of them"
            self.faults.append(Fault(key.mark, f"the key {short(str(key.value))!r} is given twice", hint))


def walk(node: Node) -> Iterator[Node]:
    """A node and all that it holds, keys included, in the written order."""
    yield node
    if isinstance(node, Items):
        for item in node.items:
            yield from walk(item)
    elif isinstance(node, Mapping):
        for key, value in node.entries:
            yield key
            yield from walk(value)
