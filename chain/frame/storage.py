"""Storage items: what a pallet keeps, declared once.

A pallet declares `StorageValue`, `StorageMap` and `StorageDoubleMap` as class attributes; when a block opens the
pallet, each becomes a handle (`storage_handles`) of the same name on the instance, bound to that block's state. An
item with a `default` answers it where nothing is stored (FRAME's `ValueQuery`), one without answers `None`
(`OptionQuery`). Keys: spec/substrate.md §2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, overload

from chain.crypto.hashers import Blake2_128Concat, Hasher
from chain.crypto.hashing import twox_128
from chain.frame.names import camel_case
from chain.frame.storage_handles import K2, DoubleMapHandle, K, MapHandle, Q, V, ValueHandle
from chain.scale import Codec, codec_of

if TYPE_CHECKING:
    from chain.state import Overlay

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
