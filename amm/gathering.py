"""Reading values side by side, so that what is wrong with one does not hide what is wrong with the next."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from amm.scopes import NotYetKnown
from amm.scripts.errors import Fault, Faults
from amm.scripts.source import Node
from amm.values import WrittenError

T = TypeVar("T")


class Gathered:
    """Values and what is wrong with others."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.faults: list[Fault] = []
        self._unknown = False

    def take(self, item: Any, read: Callable[[Any], Any]) -> None:
        """Read an item and keep its value, or what is wrong with it."""
        try:
            self.values.append(read(item))
        except Faults as found:
            self.faults += found.faults
        except NotYetKnown:
            self._unknown = True

    def settle(self) -> list[Any]:
        """All values. Raises Faults, or NotYetKnown if nothing else is wrong."""
        if self.faults:
            raise Faults(self.faults)
        if self._unknown:
            raise NotYetKnown
        return self.values


def all_of(read: Callable[[Any], Any], items: Iterable[Any]) -> list[Any]:
    """Every item read. Raises Faults: those of all of them together."""
    gathered = Gathered()
    for item in items:
        gathered.take(item, read)
    return gathered.settle()


def parsed(node: Node, parse: Callable[[], T]) -> T:
    """What `parse` makes of a node's text. Raises Faults, with the node's place, for what means nothing."""
    try:
        return parse()
    except WrittenError as error:
        raise fault_at(node, error.what, error.hint) from None


def fault_at(node: Node, message: str, hint: str) -> Faults:
    """What is wrong with a value, to be raised."""
    return Faults([Fault(node.mark, message, hint)])
