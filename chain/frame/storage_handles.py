"""Handles: storage items bound to the state of one block, by which a pallet reads and writes.

Source: spec/substrate.md §2. What is declared is in `storage`; a handle keeps the raw keys that it has made.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar

if TYPE_CHECKING:
    from chain.frame.storage import StorageItem
    from chain.state import Overlay

K = TypeVar("K")
K2 = TypeVar("K2")
V = TypeVar("V")
Q = TypeVar("Q")  # what a query answers: V, or V | None for an item without a default


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
