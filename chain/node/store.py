"""Where a chain is kept: tables of bytes, written in whole batches. Source: design.md, "On disk".

A block and all that it brings are one batch, and a batch lands whole or not at all, so that a kill at any moment
leaves the last whole block. `MemoryStorage` is the same for chains that live as long as their process.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from chain.node.errors import StoreDamaged, StoreError

if TYPE_CHECKING:
    pass

FORMAT = b"basilisk-3"
"""Names the layout of the tables; another one is another program's."""

NODES, BLOCKS, NUMBERS, RELAY, META = "nodes", "blocks", "numbers", "relay", "meta"
OFFERS, SETTLED = "offers", "settled"
"""Candidates that validators know, and how those stood that are settled; by candidate hash."""

TABLES = (NODES, BLOCKS, NUMBERS, RELAY, OFFERS, SETTLED, META)

FIRST_MAP = 1 << 28
"""Bytes of the first memory map; it grows when full. The file is sparse."""


@dataclass
class Batch:
    """Writes and removals that land together."""

    puts: dict[str, dict[bytes, bytes]] = field(default_factory=dict)
    cuts: dict[str, list[bytes]] = field(default_factory=dict)

    def put(self, table: str, key: bytes, value: bytes) -> None:
        self.puts.setdefault(table, {})[key] = value

    def put_nodes(self, nodes: dict[bytes, bytes]) -> None:
        self.puts.setdefault(NODES, {}).update(nodes)

    def cut(self, table: str, key: bytes) -> None:
        self.cuts.setdefault(table, []).append(key)


class Storage(Protocol):
    """Tables of bytes. A Storage is also the node store of its tries: `nodes.get(hash)`."""

    @property
    def nodes(self) -> "Nodes": ...

    def get(self, table: str, key: bytes) -> bytes | None: ...

    def scan(self, table: str, start: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """Entries in the order of their keys."""

    def write(self, batch: Batch) -> None: ...

    def sync(self) -> None:
        """Make what was written survive a power cut."""

    def close(self) -> None: ...


class Nodes:
    """Trie nodes by hash."""

    __slots__ = ("_storage",)

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def get(self, hash: bytes) -> bytes | None:
        return self._storage.get(NODES, hash)


class MemoryStorage:
    """A chain that ends with its process."""

    def __init__(self) -> None:
        self._tables: dict[str, dict[bytes, bytes]] = {table: {} for table in TABLES}
        self._tables[META][b"format"] = FORMAT

    @property
    def nodes(self) -> Nodes:
        return Nodes(self)

    def get(self, table: str, key: bytes) -> bytes | None:
        return self._tables[table].get(key)

    def scan(self, table: str, start: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        for key in sorted(key for key in self._tables[table] if key >= start):
            yield key, self._tables[table][key]

    def write(self, batch: Batch) -> None:
        for table, keys in batch.cuts.items():
            for key in keys:
                self._tables[table].pop(key, None)
        for table, entries in batch.puts.items():
            self._tables[table].update(entries)

    def sync(self) -> None:
        pass

    def close(self) -> None:
        pass


class LmdbStorage:
    """A chain on disk, in one LMDB environment. One process writes; any number read beside it."""

    def __init__(self, path: Path, *, readonly: bool = False, first_map: int = FIRST_MAP) -> None:
        import lmdb

        self.path, self._full = path, lmdb.MapFullError
        try:
            self._env: lmdb.Environment = lmdb.open(
                str(path), map_size=_map_size(path, first_map), max_dbs=len(TABLES), subdir=True, sync=False,
                metasync=False, readonly=readonly, lock=True, create=not readonly,
            )
            self._check_whole(path)
            self._tables = {table: self._env.open_db(table.encode(), create=not readonly) for table in TABLES}
        except lmdb.Error as error:
            raise StoreDamaged(
                f"{path} cannot be opened as a chain: {error}", "Name another --data-dir, or remove this one."
            ) from None
        self._reader: lmdb.Transaction | None = None

    def _check_whole(self, path: Path) -> None:
        """A file that was cut off must not be read: the map would end in the middle of a page."""
        needed = (self._env.info()["last_pgno"] + 1) * self._env.stat()["psize"]
        found = (path / "data.mdb").stat().st_size
        if found < needed:
            self._env.close()
            raise StoreDamaged(
                f"{path} is damaged: {needed - found} bytes are missing", "Name another --data-dir, or remove this one."
            )

    @property
    def nodes(self) -> Nodes:
        return Nodes(self)

    def get(self, table: str, key: bytes) -> bytes | None:
        reader = self._reader
        if reader is None:
            reader = self._reader = self._env.begin()
        found = reader.get(key, db=self._tables[table])
        return None if found is None else bytes(found)

    def scan(self, table: str, start: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        with self._env.begin(db=self._tables[table]) as reader:
            cursor = reader.cursor()
            if cursor.set_range(start):
                yield from cursor.iternext()

    def write(self, batch: Batch) -> None:
        self._release()
        while True:
            try:
                with self._env.begin(write=True) as writer:
                    for table, keys in batch.cuts.items():
                        for key in keys:
                            writer.delete(key, db=self._tables[table])
                    for table, entries in batch.puts.items():
                        with writer.cursor(self._tables[table]) as cursor:
                            cursor.putmulti(sorted(entries.items()))
                return
            except self._full:
                self._env.set_mapsize(self._env.info()["map_size"] * 2)
            except OSError as error:
                raise StoreError(f"{self.path} cannot be written: {error}") from None

    def refresh(self) -> None:
        """See what another process has written since."""
        self._release()

    def sync(self) -> None:
        self._env.sync(True)

    def close(self) -> None:
        self._release()
        self._env.close()

    def _release(self) -> None:
        if self._reader is not None:
            self._reader.abort()
            self._reader = None


def _map_size(path: Path, least: int) -> int:
    """The map: at least what the file has, with room."""
    data = path / "data.mdb"
    size = data.stat().st_size if data.exists() else 0
    return max(least, size * 2)
