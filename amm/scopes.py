"""What names and variables mean where a value is read. Source: spec/trade-scripts.md, "Values"."""

from enum import IntEnum
from typing import Any, Protocol

from amm.people import Person
from amm.scripts.errors import Fault, Faults, Mark
from amm.scripts.source import Flag, Integer, Items, Node, Nothing, Text
from amm.scripts.source import Mapping as Table
from amm.scripts.variables import fill_in, names_in, variable
from amm.values import Book
from chain.frame import Call, Runtime

CODE = Mark("the command")
"""The place of a value that did not come from a file."""


class NotYetKnown(Exception):
    """What is written depends on the run: a Scope that looks ahead raises it instead of giving a value."""


class Scope(Protocol):
    """What names mean where a value is read. One that looks ahead may raise NotYetKnown for any of them."""

    @property
    def runtime(self) -> Runtime: ...

    @property
    def book(self) -> Book: ...

    def variable(self, name: str) -> Any:
        """The value that `save:` kept, a typed value; raises KeyError."""


class Plain:
    """A scope without variables."""

    def __init__(self, runtime: Runtime, book: Book) -> None:
        self.runtime, self.book = runtime, book

    def variable(self, name: str) -> Any:
        raise KeyError(name)


class Value(Node, frozen=True):
    """A value that is already of the runtime's type: what a variable holds."""

    value: Any


def to_node(value: Any, mark: Mark = CODE) -> Node:
    """A Python value as the node that a file would give: for calls made in Python or on the command line."""
    match value:
        case Node():
            return value
        case None:
            return Nothing(mark)
        case bool():
            return Flag(mark, value)
        case int():
            return Integer(mark, value)
        case str():
            return Text(mark, value)
        case bytes() | Call():
            return Value(mark, value)
        case Person():
            return Value(mark, value.account)
        case dict():
            return Table(mark, tuple((Text(mark, str(key)), to_node(item, mark)) for key, item in value.items()))
        case list() | tuple():
            return Items(mark, tuple(to_node(item, mark) for item in value))
        case _:
            return Value(mark, value)


def resolve(node: Node, scope: Scope) -> Node:
    """The node with its variables replaced, or the node itself. Raises Faults for a variable without a value."""
    if not isinstance(node, Text) or not names_in(node.value):
        return node
    whole = variable(node.value)
    if whole is not None:
        value = _look_up(node, whole, scope)
        if isinstance(value, bool | IntEnum) or not isinstance(value, int):
            return Value(node.mark, value)
        return Integer(node.mark, value)
    return Text(node.mark, fill_in(node.value, lambda name: _as_text(_look_up(node, name, scope))))


def _look_up(node: Text, name: str, scope: Scope) -> Any:
    try:
        return scope.variable(name)
    except KeyError:
        fault = Fault(node.mark, f"${name} is not known here", "keep it with `save:` in an earlier step")
        raise Faults([fault]) from None


def _as_text(value: Any) -> str:
    return "0x" + value.hex() if isinstance(value, bytes) else str(value)
