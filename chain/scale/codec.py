"""The base of every SCALE codec. Source: spec/substrate.md §1."""

from collections.abc import Callable
from typing import Any, Generic, NamedTuple, Self, TypeVar

from chain.scale.errors import TrailingBytes

T = TypeVar("T")


class Leaf(NamedTuple):
    """How a fixed-width value looks to `struct`, so that neighbours can be read and written in one go.

    `join` and `split` are Python expressions of `{0}`: from what `struct` yields to the value and back.
    `refuse_read` and `refuse_write` are conditions under which what was read, or the value, does not fit.
    """

    format: str
    join: str = "{0}"
    split: str = "{0}"
    refuse_read: str = ""
    refuse_write: str = ""


class Codec(Generic[T]):
    """A SCALE type that encodes, decodes and describes itself.

    `encode(value)` gives the bytes of a value and raises EncodeError. `read(data, at)` gives the value that
    begins at `at` and where it ends; it raises DecodeError and never looks past the end. Both are closures
    chosen when the codec is made. `notation` is the type as the runtime's JSON writes it, `alias` what people
    mean by it ("AssetId"), `minimum` the fewest bytes that a value takes.
    """

    notation: str
    alias: str | None
    path: str
    minimum: int
    leaf: Leaf | None
    encode: Callable[[T], bytes]
    read: Callable[[bytes, int], tuple[T, int]]

    def __init__(
        self,
        notation: str,
        encode: Callable[[T], bytes],
        read: Callable[[bytes, int], tuple[T, int]],
        minimum: int,
        leaf: Leaf | None = None,
        path: str = "",
    ) -> None:
        self.notation = notation
        self.alias = None
        self.path = path
        self.minimum = minimum
        self.leaf = leaf
        self.encode = encode
        self.read = read

    def decode(self, data: bytes) -> T:
        """The value that the whole of `data` is; bytes left over are refused with TrailingBytes."""
        value, at = self.read(data, 0)
        if at != len(data):
            raise TrailingBytes(f"{len(data) - at} bytes left over after {self.notation} of {at} bytes")
        return value

    def named(self, alias: str) -> Self:
        """The same type under the name that people know it by."""
        twin = self.__class__.__new__(self.__class__)
        twin.__dict__.update(self.__dict__)
        twin.alias = alias
        return twin

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.alias or self.notation}>"


AnyCodec = Codec[Any]


class NewtypeOf(Codec[T]):
    """A struct around one unnamed field: its value is the field's value, its bytes are the field's bytes."""

    inner: Codec[T]

    def __init__(self, inner: Codec[T], notation: str, path: str = "") -> None:
        super().__init__(notation, inner.encode, inner.read, inner.minimum, inner.leaf, path)
        self.inner = inner


def bare(codec: AnyCodec) -> AnyCodec:
    """The codec inside any number of newtypes."""
    while isinstance(codec, NewtypeOf):
        codec = codec.inner
    return codec
