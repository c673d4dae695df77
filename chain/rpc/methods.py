"""Declaring methods: a group is a class, a method is marked with its names.

    class State(Group):
        @method("state_getStorage", "state_getStorageAt")
        def get_storage(self, key: Hex, at: Hash | None = None) -> str | None: ...

Annotations are the parameters (params.py). A method that subscribes, defers work until its answer is sent, or
belongs to its connection in another way takes a `Caller` first.
"""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from chain.rpc.connection import Caller
from chain.rpc.params import Kind, Parameter

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Method:
    """A method as clients call it, bound to its group."""

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    function: Callable[..., Any]
    wants_caller: bool
    doc: str


class Group:
    """Methods that belong together; bound to what they need by their constructors."""


def method(name: str, *aliases: str) -> Callable[[F], F]:
    """Make a function of a `Group` answer to these names."""

    def mark(function: F) -> F:
        function.__rpc__ = (name, aliases)  # type: ignore[attr-defined]
        return function

    return mark


def methods_of(groups: Iterable[Group]) -> dict[str, Method]:
    """All methods of the groups by name, aliases included."""
    found: dict[str, Method] = {}
    for group in groups:
        for _, function in inspect.getmembers(group, inspect.ismethod):
            names = getattr(function, "__rpc__", None)
            if names is not None:
                made = _method(names[0], names[1], function)
                for name in (made.name, *made.aliases):
                    assert name not in found, f"two methods are called {name}"
                    found[name] = made
    return found


def _method(name: str, aliases: tuple[str, ...], function: Callable[..., Any]) -> Method:
    hints = get_type_hints(function, include_extras=True)
    parameters, wants_caller = [], False
    for parameter in inspect.signature(function).parameters.values():
        hint = hints[parameter.name]
        if hint is Caller:
            wants_caller = True
            continue
        needed = parameter.default is inspect.Parameter.empty and not _optional(hint)
        parameters.append(Parameter(parameter.name, _kind(hint, name), needed))
    return Method(name, aliases, tuple(parameters), function, wants_caller, inspect.getdoc(function) or "")


def _optional(hint: Any) -> bool:
    return get_origin(hint) in (Union, UnionType) and NoneType in get_args(hint)


def _kind(hint: Any, where: str) -> Kind:
    """The kind behind an annotation, `| None` or not."""
    candidates = get_args(hint) if _optional(hint) else (hint,)
    for candidate in candidates:
        if get_origin(candidate) is Annotated:
            for note in get_args(candidate)[1:]:
                if isinstance(note, Kind):
                    return note
    raise TypeError(f"{where}: {hint} is no kind of parameter")
