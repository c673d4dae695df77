"""Between the JSON of the vectors and Python values.

In JSON, integers are decimal strings, bytes are hex, tuples are lists and structs are objects.
"""

import dataclasses
import enum
import re
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Union, get_args, get_origin, get_type_hints

_INTEGER = re.compile(r"-?[0-9]+")
_HEX = re.compile(r"0x([0-9a-f]{2})*")


def unhex(text: str) -> bytes:
    """The bytes of `0x…`."""
    if not _HEX.fullmatch(text):
        raise ValueError(f"{text!r} is no lower-case hex")
    return bytes.fromhex(text[2:])


def arguments(function: Callable[..., Any], args: Mapping[str, Any]) -> dict[str, Any]:
    """A case's `args` as `function` wants them, by the annotations of its parameters."""
    hints = get_type_hints(function)
    return {name: value_of(value, hints.get(name, Any)) for name, value in args.items()}


def value_of(value: Any, hint: Any = Any) -> Any:
    """The Python value that `value` in JSON stands for, where an annotation `hint` wants it."""
    if isinstance(value, list):
        return _sequence(value, hint)
    if isinstance(value, Mapping):
        return _struct(value, hint)
    if not isinstance(value, str) or str in _choices(hint):
        return value
    for choice in _choices(hint):
        if isinstance(choice, type) and issubclass(choice, enum.Enum) and value in choice.__members__:
            return choice[value]
    if _INTEGER.fullmatch(value):
        return int(value)
    return unhex(value) if _HEX.fullmatch(value) else value


def _choices(hint: Any) -> tuple[Any, ...]:
    """The members of a union, or the one annotation."""
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def _sequence(values: Sequence[Any], hint: Any) -> Any:
    for choice in _choices(hint):
        origin, inner = get_origin(choice), get_args(choice)
        if origin is tuple and not (len(inner) == 2 and inner[1] is Ellipsis):
            return tuple(value_of(value, of) for value, of in zip(values, inner, strict=True))
        if origin is not None and inner:
            return tuple(value_of(value, inner[0]) for value in values)
        if isinstance(choice, type) and (fields := _field_hints(choice)):
            return choice(*(value_of(value, of) for value, of in zip(values, fields.values(), strict=True)))
    return tuple(value_of(value) for value in values)


def _struct(values: Mapping[str, Any], hint: Any) -> Any:
    for choice in _choices(hint):
        if isinstance(choice, type) and (fields := _field_hints(choice)):
            return choice(**{name: value_of(value, fields.get(name, Any)) for name, value in values.items()})
    return {name: value_of(value) for name, value in values.items()}


def _field_hints(cls: type) -> dict[str, Any]:
    """The annotated fields of a dataclass, NamedTuple or msgspec struct; nothing for other classes."""
    if dataclasses.is_dataclass(cls) or hasattr(cls, "_fields") or hasattr(cls, "__struct_fields__"):
        return get_type_hints(cls)
    return {}


def plain(value: Any) -> Any:
    """A result as the vectors write it."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, Mapping):
        return {name: plain(member) for name, member in value.items()}
    if hasattr(value, "_asdict"):
        return {name: plain(member) for name, member in value._asdict().items()}
    if isinstance(value, list | tuple):
        return [plain(member) for member in value]
    if dataclasses.is_dataclass(value) or hasattr(value, "__struct_fields__"):
        names = [item.name for item in dataclasses.fields(value)] if dataclasses.is_dataclass(value) else None
        return {name: plain(getattr(value, name)) for name in names or value.__struct_fields__}
    raise TypeError(f"no vector has a value like {value!r}")


def same(found: Any, expected: Any) -> bool:
    """Whether two plain values agree; a struct may stand for the list of its fields."""
    if isinstance(found, Mapping) and isinstance(expected, list):
        found = list(found.values())
    if isinstance(found, Mapping) and isinstance(expected, Mapping):
        return found.keys() == expected.keys() and all(same(found[name], expected[name]) for name in found)
    if isinstance(found, list) and isinstance(expected, list):
        return len(found) == len(expected) and all(map(same, found, expected))
    return bool(found == expected)
