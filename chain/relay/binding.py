"""Storage items as attributes of the state of one relay block."""

from typing import Any, Generic, Protocol, Self, TypeVar, overload

from chain.state import Overlay

H = TypeVar("H")
H_co = TypeVar("H_co", covariant=True)


class Bindable(Protocol[H_co]):
    """A storage item."""

    def bind(self, state: Overlay, /) -> H_co: ...


class Bindings(Protocol):
    """What is over the state of one block."""

    overlay: Overlay


class Bound(Generic[H]):
    """An attribute that is a storage item's handle, made when first asked for: an empty block needs few of them."""

    def __init__(self, item: Bindable[H]) -> None:
        self._item = item

    def __set_name__(self, owner: type[Bindings], name: str) -> None:
        self._name = name

    @overload
    def __get__(self, state: None, owner: Any = None) -> Self: ...
    @overload
    def __get__(self, state: Bindings, owner: Any = None) -> H: ...
    def __get__(self, state: Bindings | None, owner: Any = None) -> Self | H:
        if state is None:
            return self
        handle = state.__dict__[self._name] = self._item.bind(state.overlay)
        return handle
