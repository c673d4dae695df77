"""Storage maps of more than two keys (FRAME's `StorageNMap`). Keys: spec/substrate.md §2."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from chain.crypto.hashers import Hasher
from chain.frame.storage import StorageItem
from chain.frame.storage_handles import Handle
from chain.scale import Codec, TupleOf

if TYPE_CHECKING:
    from chain.state import Overlay

K = TypeVar("K", bound=tuple[Any, ...])
V = TypeVar("V")
Q = TypeVar("Q")  # what a query answers: V, or V | None for an item without a default

_NOTHING: Any = object()


class StorageNMap(StorageItem, Generic[K, V, Q]):
    """One value for each tuple of keys; all that begin with the same keys can be walked.

    Declared with the codec of the tuple and a hasher for each of its parts.
    """

    @overload
    def __init__(
        self: StorageNMap[K, V, V],
        keys: Codec[K],
        value: Codec[V] | type[V],
        *,
        hashers: tuple[Hasher, ...],
        default: V,
        name: str | None = ...,
        doc: str | None = ...,
    ) -> None: ...

    @overload
    def __init__(
        self: StorageNMap[K, V, V | None],
        keys: Codec[K],
        value: Codec[V] | type[V],
        *,
        hashers: tuple[Hasher, ...],
        name: str | None = ...,
        doc: str | None = ...,
    ) -> None: ...

    def __init__(
        self,
        keys: Codec[K],
        value: Any,
        *,
        hashers: tuple[Hasher, ...],
        default: Any = _NOTHING,
        name: str | None = None,
        doc: str | None = None,
    ) -> None:
        if not isinstance(keys, TupleOf) or len(keys.items) != len(hashers):
            raise TypeError(f"{len(hashers)} hashers for keys of type {keys.notation}")
        super().__init__(value, None, name=name, raw=None, doc=doc)
        self.optional = default is _NOTHING
        self.default = None if self.optional else default
        self.keys = keys.items
        self.hashers = hashers

    if TYPE_CHECKING:

        def __get__(self, instance: object, owner: type) -> NMapHandle[K, V, Q]: ...

    def bind(self, state: Overlay) -> NMapHandle[K, V, Q]:
        return NMapHandle(self, state)


class NMapHandle(Handle, Generic[K, V, Q]):
    """Reads and writes the values of one map; keys are given as one tuple."""

    __slots__ = ()

    def key(self, keys: K) -> bytes:
        """The raw storage key; made once a block."""
        raw = self._keys.get(keys)
        if raw is None:
            raw = self._keys[keys] = self.item.key(*keys)
        return raw

    def get(self, keys: K) -> Q:
        value = self._read(self.key(keys), self._codec)
        return self._default if value is None else value  # type: ignore[no-any-return]

    def insert(self, keys: K, value: V) -> None:
        self._write(self.key(keys), value, self._codec)

    def remove(self, keys: K) -> None:
        self._erase(self.key(keys))

    def contains(self, keys: K) -> bool:
        return self._read(self.key(keys), self._codec) is not None

    def items(self, *first: Any) -> Iterator[tuple[K, V]]:
        """The entries whose keys begin with `first`, in the order of their raw keys."""
        for raw in self._state.keys(self.item.key(*first)):
            value: Any = self._read(raw, self._codec)
            keys: Any = self.item.key_of(raw)
            yield keys, value
