"""Enums whose variants hold nothing, one index byte: Python's own IntEnum classes, marked `@unit_enum`."""

from collections.abc import Callable
from enum import IntEnum
from typing import TypeVar, overload

from chain.scale.codec import Codec
from chain.scale.errors import BadTag, EncodeError, truncated

U = TypeVar("U", bound=IntEnum)


class UnitsOf(Codec[U]):
    """The codec of an IntEnum; the members' values are the indices of the variants."""

    cls: type[U]

    def __init__(self, cls: type[U], notation: str | None = None, path: str = "") -> None:
        self.cls = cls
        self._members = {member.value: member for member in cls}
        super().__init__(notation or cls.__name__, self._encode, self._read, 1, path=path)

    def _encode(self, value: U) -> bytes:
        if not isinstance(value, self.cls):
            raise EncodeError(f"{value!r} is no {self.notation}")
        return bytes((value,))

    def _read(self, data: bytes, at: int) -> tuple[U, int]:
        if at >= len(data):
            raise truncated(self.notation, 1, data, at)
        member = self._members.get(data[at])
        if member is None:
            raise BadTag(f"{self.notation} at offset {at} has no variant {data[at]}")
        return member, at + 1


@overload
def unit_enum(cls: type[U]) -> type[U]: ...


@overload
def unit_enum(*, path: str) -> Callable[[type[U]], type[U]]: ...


def unit_enum(cls: type[U] | None = None, *, path: str = "") -> type[U] | Callable[[type[U]], type[U]]:
    """Give an IntEnum its SCALE codec, and the Rust path that metadata gives."""

    def give(kind: type[U]) -> type[U]:
        kind.__scale__ = UnitsOf(kind, path=path)  # type: ignore[attr-defined]
        return kind

    return give if cls is None else give(cls)
