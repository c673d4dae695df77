"""Storage items: what a pallet keeps, declared once, and the handles by which it reads and writes.

A pallet declares `StorageValue`, `StorageMap` and `StorageDoubleMap` as class attributes; when a block opens the
pallet, each becomes a handle of the same name on the instance, bound to that block's state. An item with a
`default` answers it where nothing is stored (FRAME's `ValueQuery`), one without answers `None` (`OptionQuery`).
Keys: spec/substrate.md §2.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from chain.crypto.hashers import Blake2_128Concat, Hasher
from chain.crypto.hashing import twox_128
from chain.frame.names import camel_case
from chain.scale import Codec, codec_of

if TYPE_CHECKING:
    from chain.state import Overlay

K = TypeVar("K")
K2 = TypeVar("K2")
V = TypeVar("V")
Q = TypeVar("Q")  # what a query answers: V, or V | None for an item without a default

_NOTHING: Any = object()


class StorageItem:
    """One declared item: where it lives in the state, how its keys are hashed, what its value is.

    `prefix` is the raw key of the item: given (relay chain, well-known keys), or made of the pallet's and the
    item's name when the pallet class is created.
    """

    hashers: tuple[Hasher, ...] = ()
    keys: tuple[Codec[Any], ...] = ()

    def __init__(self, value: Any, default: Any, *, name: str | None, raw: bytes | None, doc: str | None) -> None:
        self.value: Codec[Any] = codec_of(value)
        self.optional = default is _NOTHING
        self.default: Any = None if self.optional else default
        self.name = name or ""
        self.prefix = raw or b""
        self.doc = doc or ""
        self.pallet = ""
        self.attribute = ""

    def __set_name__(self, owner: type, attribute: str) -> None:
        self.attribute = attribute
        self.name = self.name or camel_case(attribute)

    if not TYPE_CHECKING:  # a type checker sees the handle that the subclass declares

        def __get__(self, pallet: Any, owner: type) -> Any:
            """The handle on the block's state: made when a pallet first uses the item, and kept on the instance."""
            if pallet is None:
                return self
            handle = pallet.__dict__[self.attribute] = self.bind(pallet.context.state)
            return handle

    def place(self, pallet_prefix: str) -> None:
        """Fix the raw key: twox128(pallet) ‖ twox128(item), unless the item was declared with a raw key."""
        self.pallet = pallet_prefix
        if not self.prefix:
            self.prefix = twox_128(pallet_prefix.encode()) + twox_128(self.name.encode())

    def key(self, *keys: Any) -> bytes:
        """The raw storage key of `keys`; fewer keys than the item has make the prefix of a partial key."""
        if len(keys) > len(self.keys):
            raise TypeError(f"{self.pallet}.{self.name} has {len(self.keys)} keys, not {len(keys)}")
        parts = [
            hasher(codec.encode(key))
            for hasher, codec, key in zip(self.hashers, self.keys, keys, strict=False)
        ]
        return self.prefix + b"".join(parts)

    def key_of(self, raw: bytes) -> tuple[Any, ...]:
        """The keys inside a raw storage key of this item (every hasher keeps its key)."""
        at, found = len(self.prefix), []
        for hasher, codec in zip(self.hashers, self.keys, strict=True):
            value, at = codec.read(raw, at + hasher.size)
            found.append(value)
        return tuple(found)

    def bind(self, state: Overlay) -> Any:
        raise NotImplementedError


class StorageValue(StorageItem, Generic[V, Q]):
    """A single value."""

    @overload
    def __init__(
        self: StorageValue[V, V],
        value: Codec[V] | type[V],
        *,
        default: V,
        name: str | None = ...,
        raw: bytes | None = ...,
        doc: str | None = ...,
    ) -> None: ...

    @overload
    def __init__(
        self: StorageValue[V, V | None],
        value: Codec[V] | type[V],
        *,
        name: str | None = ...,
        raw: bytes | None = ...,
        doc: str | None = ...,
    ) -> None: ...

    def __init__(
        self,
        value: Any,
        *,
        default: Any = _NOTHING,
        name: str | None = None,
        raw: bytes | None = None,
        doc: str | None = None,
    ) -> None:
        super().__init__(value, default, name=name, raw=raw, doc=doc)

    if TYPE_CHECKING:

        def __get__(self, instance: object, owner: type) -> ValueHandle[V, Q]: ...

    def bind(self, state: Overlay) -> ValueHandle[V, Q]:
        return ValueHandle(self, state)


class StorageMap(StorageItem, Generic[K, V, Q]):
    """One value for each key."""

    @overload
    def __init__(
        self: StorageMap[K, V, V],
        key: Codec[K] | type[K],
        value: Codec[V] | type[V],
        *,
        hasher: Hasher = ...,
        default: V,
        name: str | None = ...,
        raw: bytes | None = ...,
        doc: str | None = ...,
    ) -> None: ...

    @overload
    def __init__(
        self: StorageMap[K, V, V | None],
        key: Codec[K] | type[K],
        value: Codec[V] | type[V],
        *,
        hasher: Hasher = ...,
        name: str | None = ...,
        raw: bytes | None = ...,
        doc: str | None = ...,
    ) -> None: ...

    def __init__(
        self,
        key: Any,
        value: Any,
        *,
        hasher: Hasher = Blake2_128Concat,
        default: Any = _NOTHING,
        name: str | None = None,
        raw: bytes | None = None,
        doc: str | None = None,
    ) -> None:
        super().__init__(value, default, name=name, raw=raw, doc=doc)
        self.keys = (codec_of(key),)
        self.hashers = (hasher,)

    if TYPE_CHECKING:

        def __get__(self, instance: object, owner: type) -> MapHandle[K, V, Q]: ...

    def bind(self, state: Overlay) -> MapHandle[K, V, Q]:
        return MapHandle(self, state)


class StorageDoubleMap(StorageItem, Generic[K, K2, V, Q]):
    """One value for each pair of keys; all of one first key can be walked."""

    @overload
    def __init__(
        self: StorageDoubleMap[K, K2, V, V],
        first: Codec[K] | type[K],
        second: Codec[K2] | type[K2],
        value: Codec[V] | type[V],
        *,
        hashers: tuple[Hasher, Hasher] = ...,
        default: V,
        name: str | None = ...,
        raw: bytes | None = ...,
        doc: str | None = ...,
    ) -> None: ...

    @overload
    def __init__(
        self: StorageDoubleMap[K, K2, V, V | None],
        first: Codec[K] | type[K],
        second: Codec[K2] | type[K2],
        value: Codec[V] | type[V],
        *,
        hashers: tuple[Hasher, Hasher] = ...,
        name: str | None = ...,
        raw: bytes | None = ...,
        doc: str | None = ...,
    ) -> None: ...

    def __init__(
        self,
        first: Any,
        second: Any,
        value: Any,
        *,
        hashers: tuple[Hasher, Hasher] = (Blake2_128Concat, Blake2_128Concat),
        default: Any = _NOTHING,
        name: str | None = None,
        raw: bytes | None = None,
        doc: str | None = None,
    ) -> None:
        super().__init__(value, default, name=name, raw=raw, doc=doc)
        self.keys = (codec_of(first), codec_of(second))
        self.hashers = hashers

    if TYPE_CHECKING:

        def __get__(self, instance: object, owner: type) -> DoubleMapHandle[K, K2, V, Q]: ...

    def bind(self, state: Overlay) -> DoubleMapHandle[K, K2, V, Q]:
        return DoubleMapHandle(self, state)


class Handle:
    """A storage item bound to the state of one block."""

    __slots__ = ("_codec", "_default", "_erase", "_keys", "_read", "_state", "_write", "item")

    def __init__(self, item: StorageItem, state: Overlay) -> None:
        self.item = item
        self._state = state
        self._read, self._write, self._erase = state.read, state.write, state.erase
        self._codec, self._default = item.value, item.default
        self._keys: dict[Any, bytes] = {}


class ValueHandle(Handle, Generic[V, Q]):
    """Reads and writes one value."""

    __slots__ = ()

    def get(self) -> Q:
        value = self._read(self.item.prefix, self._codec)
        return self._default if value is None else value  # type: ignore[no-any-return]

    def put(self, value: V) -> None:
        self._write(self.item.prefix, value, self._codec)

    def kill(self) -> None:
        self._erase(self.item.prefix)

    def take(self) -> Q:
        value = self.get()
        self.kill()
        return value

    def exists(self) -> bool:
        return self._read(self.item.prefix, self._codec) is not None


class MapHandle(Handle, Generic[K, V, Q]):
    """Reads and writes the values of one map."""

    __slots__ = ("_encode", "_hash", "_prefix")

    def __init__(self, item: StorageItem, state: Overlay) -> None:
        super().__init__(item, state)
        self._prefix, self._encode, self._hash = item.prefix, item.keys[0].encode, item.hashers[0].hash

    def key(self, key: K) -> bytes:
        """The raw storage key; made once a block."""
        raw = self._keys.get(key)
        if raw is None:
            raw = self._keys[key] = self._prefix + self._hash(self._encode(key))
        return raw

    def get(self, key: K) -> Q:
        value = self._read(self._keys.get(key) or self.key(key), self._codec)
        return self._default if value is None else value  # type: ignore[no-any-return]

    def insert(self, key: K, value: V) -> None:
        self._write(self._keys.get(key) or self.key(key), value, self._codec)

    def remove(self, key: K) -> None:
        self._erase(self.key(key))

    def take(self, key: K) -> Q:
        value = self.get(key)
        self.remove(key)
        return value

    def contains(self, key: K) -> bool:
        return self._read(self._keys.get(key) or self.key(key), self._codec) is not None

    def items(self) -> Iterator[tuple[K, V]]:
        """All entries, in the order of their raw keys."""
        for raw in self._state.keys(self.item.prefix):
            value: Any = self._read(raw, self._codec)
            yield self.item.key_of(raw)[0], value


class DoubleMapHandle(Handle, Generic[K, K2, V, Q]):
    """Reads and writes the values of one double map."""

    __slots__ = ()

    def key(self, first: K, second: K2) -> bytes:
        """The raw storage key; made once a block."""
        raw = self._keys.get((first, second))
        if raw is None:
            raw = self._keys[(first, second)] = self.item.key(first, second)
        return raw

    def get(self, first: K, second: K2) -> Q:
        value = self._read(self._keys.get((first, second)) or self.key(first, second), self._codec)
        return self._default if value is None else value  # type: ignore[no-any-return]

    def insert(self, first: K, second: K2, value: V) -> None:
        self._write(self._keys.get((first, second)) or self.key(first, second), value, self._codec)

    def remove(self, first: K, second: K2) -> None:
        self._erase(self.key(first, second))

    def take(self, first: K, second: K2) -> Q:
        value = self.get(first, second)
        self.remove(first, second)
        return value

    def contains(self, first: K, second: K2) -> bool:
        return self._read(self.key(first, second), self._codec) is not None

    def items(self, first: K | None = None) -> Iterator[tuple[K, K2, V]]:
        """The entries of one first key, or all, in the order of their raw keys."""
        prefix = self.item.prefix if first is None else self.item.key(first)
        for raw in self._state.keys(prefix):
            one, two = self.item.key_of(raw)
            value: Any = self._read(raw, self._codec)
            yield one, two, value
