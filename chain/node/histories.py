"""A history to be audited: an exported one, or a chain's own store. Source: spec/network.md §5.

An exported one is checked here for what makes files readable: nothing cut off, dropped, added or swapped.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, Protocol

import msgspec

from chain.node.archive import Archive
from chain.node.errors import StoreError
from chain.node.export import PARA_RECORD, Entry, para_file, record_of, stored_blocks
from chain.node.judging import PREFIX, Judged, read_places, verify_bytes, verify_records
from chain.node.manifest import CHAIN, INDEX, RELAY, Manifest, ManifestError, manifest_of, shown
from chain.node.records import RELAY_RECORD, About, RelayRecord
from chain.relay.errors import RelayError
from chain.relay.validators import ValidatorSet
from chain.scale import DecodeError
from chain.trie import TrieError

Job = tuple[Callable[..., list[Judged]], tuple[Any, ...]]
"""A function of a module and its plain arguments."""


class Unreadable(Exception):
    """The history is not one, or part of it is missing: `what` and where."""


class ArchiveError(RelayError):
    """The records of a history contradict each other, or what the relay chain holds."""

    family = "Archive"


class History(Protocol):
    """What an audit reads."""

    manifest: Manifest

    @property
    def entries(self) -> Sequence[Entry]:
        """The parachain's records, ascending by number from 1 on. Raises Unreadable."""

    def relay(self) -> Iterator[RelayRecord]:
        """The relay chain from block 0 on. Raises Unreadable, and `ArchiveError` at its end for a wrong digest."""

    def job(self, entries: Sequence[Entry], runtimes: str) -> Job:
        """What judges these records, as cheaply as it can be told."""

    def bytes_job(self, entries: Sequence[Entry], runtimes: str) -> Job:
        """The same for a process that cannot read this history. Raises Unreadable."""


class Exported:
    """The files that `export` wrote."""

    def __init__(self, directory: Path) -> None:
        """Raises Unreadable."""
        self.directory = directory
        try:
            self.manifest = Manifest.read((directory / CHAIN).read_bytes().decode())
        except OSError as error:
            raise Unreadable(f"{CHAIN}: {error.strerror or error}") from None
        except (ManifestError, UnicodeDecodeError) as error:
            raise Unreadable(f"{CHAIN}: {error}") from None

    @property
    def file(self) -> Path:
        return self.directory / para_file(self.manifest.para)

    @cached_property
    def entries(self) -> Sequence[Entry]:
        """Checked against the file: record behind record, from its first byte to its last."""
        try:
            text = (self.directory / INDEX).read_bytes().decode()
            size = self.file.stat().st_size
            with self.file.open("rb") as file:
                return list(self._lines(text, file, size))
        except OSError as error:
            raise Unreadable(f"{Path(error.filename or self.file).name}: {error.strerror or error}") from None
        except UnicodeDecodeError as error:
            raise Unreadable(f"{INDEX}: {error}") from None

    def _lines(self, text: str, file: IO[bytes], size: int) -> Iterator[Entry]:
        lines, offset, name = text.splitlines(keepends=True), 0, self.file.name
        if len(lines) != self.manifest.records:
            raise Unreadable(f"{INDEX}: {len(lines)} of {self.manifest.records} lines")
        for number, line in enumerate(lines, 1):
            place = f"{INDEX}, line {number}"
            try:
                entry = msgspec.json.decode(line, type=Entry)
            except msgspec.MsgspecError as error:
                raise Unreadable(f"{place}: {error}") from None
            if entry.line() != line:
                raise Unreadable(f"{place}: it is not as an export writes it")
            if (entry.para, entry.number) != (self.manifest.para, number):
                raise Unreadable(f"{place}: it is of block {entry.number} of para {entry.para}, not {number}")
            if entry.offset != offset:
                raise Unreadable(f"{place}: offset {entry.offset}, where the record before ends at {offset}")
            file.seek(offset)
            if offset + entry.length > size:
                raise Unreadable(f"{name}: it ends at byte {size}, inside block {number}, which begins at {offset}")
            found = int.from_bytes(file.read(PREFIX), "little") + PREFIX
            if found != entry.length:
                raise Unreadable(f"{name}, byte {offset}: block {number} is {found} bytes long, not {entry.length}")
            offset += entry.length
            yield entry
        if offset != size:
            raise Unreadable(f"{name}: {size - offset} bytes more behind the last block")

    def relay(self) -> Iterator[RelayRecord]:
        digest, count, at = blake2b(digest_size=32), self.manifest.relay.blocks, 0
        try:
            with (self.directory / RELAY).open("rb") as file:
                size = (self.directory / RELAY).stat().st_size
                for number in range(count):
                    place = f"{RELAY}, byte {at}: relay block {number}"
                    prefix = file.read(PREFIX)
                    length = int.from_bytes(prefix, "little")
                    at += PREFIX + length
                    if len(prefix) < PREFIX or at > size:
                        raise Unreadable(f"{place} of {count} is cut off, the file has {size} bytes")
                    data = file.read(length)
                    digest.update(prefix + data)
                    try:
                        record = RELAY_RECORD.decode(data)
                    except DecodeError as error:
                        raise Unreadable(f"{place} is none: {error}") from None
                    yield record
        except OSError as error:
            raise Unreadable(f"{RELAY}: {error.strerror or error}") from None
        if at != size:
            raise Unreadable(f"{RELAY}: {size - at} bytes more behind relay block {count - 1}")
        if shown(digest.digest()) != self.manifest.relay.digest:
            raise ArchiveError("WrongDigest", f"{RELAY} was changed where no block covers it: notes, precommits")

    def job(self, entries: Sequence[Entry], runtimes: str) -> Job:
        places = [(entry.offset, entry.length) for entry in entries]
        return verify_records, (str(self.file.absolute()), places, runtimes, self.manifest.parameters.validators)

    def bytes_job(self, entries: Sequence[Entry], runtimes: str) -> Job:
        try:
            records = read_places(str(self.file), [(entry.offset, entry.length) for entry in entries])
        except OSError as error:
            raise Unreadable(f"{self.file.name}: {error.strerror or error}") from None
        return verify_bytes, (records, runtimes, self.manifest.parameters.validators)


class Stored:
    """The chain's own store."""

    def __init__(self, archive: Archive, validators: ValidatorSet, about: About) -> None:
        """Raises Unreadable."""
        self.archive, self.validators, self.about = archive, validators, about
        with _readable():
            self.manifest = manifest_of(archive, validators, about)

    @cached_property
    def entries(self) -> Sequence[Entry]:
        """Their offsets are 0: the store has no file of records."""
        with _readable():
            return [
                Entry(self.manifest.para, number, shown(kept.candidate.hash), 0, kept.pov.size, kept.included_in)
                for number, kept in stored_blocks(self.archive, self.manifest.records)
            ]

    def relay(self) -> Iterator[RelayRecord]:
        for number in range(self.manifest.relay.blocks):
            with _readable():
                record = self.archive.relay(number)
            yield record

    def job(self, entries: Sequence[Entry], runtimes: str) -> Job:
        return self.bytes_job(entries, runtimes)

    def bytes_job(self, entries: Sequence[Entry], runtimes: str) -> Job:
        with _readable():
            records = []
            for entry in entries:
                block_hash = self.archive.hash_of(entry.number)
                kept = self.archive.record(block_hash) if block_hash else None
                if kept is None:
                    raise Unreadable(f"the store lacks block {entry.number}")
                records.append(PARA_RECORD.encode(record_of(self.archive, kept)))
        return verify_bytes, (records, runtimes, self.manifest.parameters.validators)


class _readable:
    """A damaged store is an unreadable history."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (DecodeError, StoreError, TrieError)):
            raise Unreadable(f"the store: {error}") from None
