"""A storage on top of another: reads fall through, writes stay. For trying things out."""

from collections.abc import Iterator

from chain.node.store import Batch, MemoryStorage, Nodes, Storage


class ForkStorage:
    """What was written here, over what the base holds; the base is never touched."""

    def __init__(self, base: Storage) -> None:
        self._base, self._own = base, MemoryStorage()
        self._cut: set[tuple[str, bytes]] = set()

    @property
    def nodes(self) -> Nodes:
        return Nodes(self)

    def get(self, table: str, key: bytes) -> bytes | None:
        found = self._own.get(table, key)
        if found is not None or (table, key) in self._cut:
            return found
        return self._base.get(table, key)

    def scan(self, table: str, start: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        merged = dict(self._base.scan(table, start))
        merged.update(self._own.scan(table, start))
        for key in sorted(merged):
            if (table, key) not in self._cut:
                yield key, merged[key]

    def write(self, batch: Batch) -> None:
        self._own.write(batch)
        for table, keys in batch.cuts.items():
            self._cut.update((table, key) for key in keys)
        for table, entries in batch.puts.items():
            self._cut.difference_update((table, key) for key in entries)

    def sync(self) -> None:
        pass

    def close(self) -> None:
        pass
