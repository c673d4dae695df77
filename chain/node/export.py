"""A chain's history as files that can be audited anywhere. Source: spec/network.md §5.

`relay.scale` and `para-<id>.scale` are records one after another, each its length (u32) and its SCALE; `index.jsonl`
says where parachain records are, `chain.json` what chain it is and where it ends (`manifest`).
"""

import json
import os
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import IO, ClassVar

import msgspec

from chain.node.archive import Archive
from chain.node.errors import StoreDamaged
from chain.node.manifest import CHAIN, INDEX, RELAY, Manifest, manifest_of, shown
from chain.node.records import RELAY_RECORD, About, BlockRecord
from chain.primitives.header import HEADER, Header
from chain.primitives.validation import PersistedValidationData
from chain.relay.block_data import PoV
from chain.relay.candidate import CommittedCandidateReceipt
from chain.relay.validators import ValidatorSet
from chain.scale import Struct, codec_of
from chain.scale.types import H256

Progress = Callable[[int], None]
"""Called with how many more records are done."""


class ParaRecord(Struct):
    """All that it takes to judge a block again, wherever that is done."""

    notation: ClassVar[str] = "ParaRecord"
    relay_block: H256
    candidate: CommittedCandidateReceipt
    validation_data: PersistedValidationData
    pov: PoV

    @property
    def number(self) -> int:
        """The parachain block's. Raises DecodeError."""
        header: Header = HEADER.decode(self.candidate.commitments.head_data)
        return header.number


PARA_RECORD = codec_of(ParaRecord)


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a parachain record is, and which: a line of the index."""

    para: int
    number: int
    candidate: str
    offset: int
    length: int
    relay_number: int

    def line(self) -> str:
        return json.dumps(msgspec.structs.asdict(self)) + "\n"


def para_file(para: int) -> str:
    return f"para-{para}.scale"


def export(
    archive: Archive, validators: ValidatorSet, about: About, directory: Path, step: Progress = lambda count: None
) -> Manifest:
    """Write the whole history up to both heads; what `chain.json` says of it.

    The folder appears when all of it is written: an export that is killed leaves none, only a folder beside it that
    is named `.<folder>.…` and may be removed. Raises FileExistsError for a folder that holds anything, OSError, and
    `StoreDamaged`, `TrieError` or DecodeError for a store that is damaged.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise FileExistsError(f"{directory} is there already, and not an empty folder")
    manifest = manifest_of(archive, validators, about)
    directory.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(mkdtemp(prefix=f".{directory.name}.", dir=directory.parent))
    try:
        digest = _write_relay(archive, manifest, unfinished / RELAY, step)
        _write_para(archive, manifest, unfinished, step)
        ends = msgspec.structs.replace(manifest.relay, digest=digest)
        manifest = msgspec.structs.replace(manifest, relay=ends).sealed()
        with (unfinished / CHAIN).open("w") as file:
            file.write(manifest.written())
            _settle(file)
        unfinished.chmod(0o755)
        unfinished.replace(directory)
    except BaseException:
        rmtree(unfinished, ignore_errors=True)
        raise
    return manifest


def _write_relay(archive: Archive, manifest: Manifest, path: Path, step: Progress) -> str:
    """The relay chain; the digest of the file."""
    digest = blake2b(digest_size=32)
    with path.open("wb") as file:
        for number in range(manifest.relay.blocks):
            framed = _framed(RELAY_RECORD.encode(archive.relay(number)))
            file.write(framed)
            digest.update(framed)
            step(1)
        _settle(file)
    return shown(digest.digest())


def _write_para(archive: Archive, manifest: Manifest, folder: Path, step: Progress) -> None:
    """The parachain's records and their index."""
    with (folder / para_file(manifest.para)).open("wb") as paras, (folder / INDEX).open("w") as index:
        offset = 0
        for number, kept in stored_blocks(archive, manifest.records):
            record = record_of(archive, kept)
            framed = _framed(PARA_RECORD.encode(record))
            paras.write(framed)
            candidate = shown(record.candidate.hash)
            index.write(Entry(manifest.para, number, candidate, offset, len(framed), kept.included_in).line())
            offset += len(framed)
            step(1)
        _settle(paras)
        _settle(index)


def stored_blocks(archive: Archive, last: int) -> Iterator[tuple[int, BlockRecord]]:
    """The parachain's blocks from 1 on. Raises `StoreDamaged`."""
    for number in range(1, last + 1):
        block_hash = archive.hash_of(number)
        record = archive.record(block_hash) if block_hash else None
        if record is None:
            raise StoreDamaged(f"the store lacks block {number}", "Start again with `basilisk chain reset`.")
        yield number, record


def record_of(archive: Archive, kept: BlockRecord) -> ParaRecord:
    """What an archive tells of a stored block. Raises `StoreDamaged`."""
    including = archive.relay(kept.included_in).header
    return ParaRecord(including.hash, kept.candidate, kept.validation_data, kept.pov)


def _framed(data: bytes) -> bytes:
    return len(data).to_bytes(4, "little") + data


def _settle(file: IO[bytes] | IO[str]) -> None:
    """On the disk, before a name says that it is whole."""
    file.flush()
    os.fsync(file.fileno())
