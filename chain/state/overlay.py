"""What a block has read and written so far. Source: design.md, "The overlay"."""

from collections.abc import Iterator
from heapq import merge
from sys import maxsize
from typing import Any, Protocol, TypeVar

from chain.scale.codec import AnyCodec, Codec
from chain.state.errors import StateLimit

T = TypeVar("T")

Entry = tuple[Any, AnyCodec | None, bool]
"""A value, the codec it goes with (None: the key is absent), and whether the block wrote it."""

_ABSENT: Entry = (None, None, False)
_ERASED: Entry = (None, None, True)

ITEM_PREFIX = 32
"""The length of what all keys of a storage item begin with: twox128(pallet) ++ twox128(item)."""


class Reader(Protocol):
    """The state before the block."""

    def get(self, key: bytes, /) -> bytes | None:
        """The encoded value under a key, or None."""

    def keys(self, prefix: bytes, /) -> Iterator[bytes]:
        """The keys that begin with `prefix`, ascending."""


class Overlay:
    """Typed values over the state before the block, with an undo journal.

    Values stay decoded and are handed out as they are: nobody may change one in place. A transaction is a
    `mark` and, if it fails, a `rollback` to it; transactions nest. `operations` counts reads, writes, keys
    erased and keys listed, also those rolled back; one more than `limit` raises StateLimit.

    What touches the state before the block raises TrieError where nodes are missing, and DecodeError where
    a value is none of its codec.
    """

    __slots__ = ("_entries", "_journal", "_limit", "_reader", "_written", "operations")

    def __init__(self, reader: Reader, limit: int | None = None) -> None:
        self.operations = 0
        self._reader = reader
        self._limit = maxsize if limit is None else limit
        self._entries: dict[bytes, Entry] = {}
        self._journal: list[tuple[bytes, Entry | None]] = []
        # Keys ever written, also if rolled back, by storage item: what a listing of keys has to look at.
        self._written: dict[bytes, dict[bytes, None]] = {}

    def read(self, key: bytes, codec: Codec[T]) -> T | None:
        """The value under a key; None if the key is absent."""
        self.operations = count = self.operations + 1
        if count > self._limit:
            raise StateLimit(self._limit)
        entry = self._entries.get(key)
        if entry is not None:
            if entry[1] is codec or entry[1] is None:
                value: T | None = entry[0]
                return value
            if entry[2]:
                return codec.decode(entry[1].encode(entry[0]))
        return self._fetch(key, codec)

    def write(self, key: bytes, value: T, codec: Codec[T]) -> None:
        """Put a value under a key. It is encoded when the block ends."""
        self._set(key, (value, codec, True))

    def erase(self, key: bytes) -> None:
        """Make a key absent."""
        self._set(key, _ERASED)

    def keys(self, prefix: bytes) -> Iterator[bytes]:
        """The keys that begin with `prefix`, ascending, as they are now: later writes do not show."""
        present = []
        changed: dict[bytes, None] = {}
        for key in self._candidates(prefix):
            entry = self._entries.get(key)
            if entry is not None and entry[2] and key.startswith(prefix):
                changed[key] = None
                if entry[1] is not None:
                    present.append(key)
        untouched = (key for key in self._reader.keys(prefix) if key not in changed)
        return self._counted(merge(sorted(present), untouched) if present else untouched)

    def mark(self) -> int:
        """Open a transaction: a point to roll back to."""
        return len(self._journal)

    def rollback(self, mark: int) -> None:
        """Undo every write and erasure since the mark."""
        journal, entries = self._journal, self._entries
        if mark > len(journal):
            raise ValueError(f"the mark {mark} is in a transaction that was rolled back")
        while len(journal) > mark:
            key, before = journal.pop()
            if before is None:
                del entries[key]
            else:
                entries[key] = before

    def changes(self) -> dict[bytes, bytes | None]:
        """The encoded values of all keys written, None for those erased. Nothing is encoded before this."""
        return {
            key: None if codec is None else codec.encode(value)
            for key, (value, codec, written) in self._entries.items()
            if written
        }

    def _set(self, key: bytes, entry: Entry) -> None:
        self._count()
        before = self._entries.get(key)
        self._journal.append((key, before))
        self._entries[key] = entry
        if before is None or not before[2]:
            self._written.setdefault(key[:ITEM_PREFIX], {})[key] = None

    def _fetch(self, key: bytes, codec: Codec[T]) -> T | None:
        """Read what the block has not written, and keep it as this codec decodes it."""
        data = self._reader.get(key)
        if data is None:
            self._entries[key] = _ABSENT
            return None
        value = codec.decode(data)
        self._entries[key] = (value, codec, False)
        return value

    def _candidates(self, prefix: bytes) -> Iterator[bytes]:
        """Keys that were written at some time, among them all that begin with the prefix."""
        if len(prefix) >= ITEM_PREFIX:
            yield from self._written.get(prefix[:ITEM_PREFIX], ())
        else:
            for keys in self._written.values():
                yield from keys

    def _counted(self, keys: Iterator[bytes]) -> Iterator[bytes]:
        for key in keys:
            self._count()
            yield key

    def _count(self) -> None:
        self.operations = count = self.operations + 1
        if count > self._limit:
            raise StateLimit(self._limit)
