"""Damage of an archive's files, and what is said of it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from chain.node.audit import audit
from chain.node.histories import Exported, Unreadable
from chain.node.manifest import Manifest

LOAD = "amm.runtime.load"
RELAY, PARA, INDEX, CHAIN = FILES = "relay.scale", "para-2090.scale", "index.jsonl", "chain.json"
BLOCKS, RELAY_BLOCKS = 3, 10


def frames(data: bytes) -> list[bytes]:
    """The records of a file, with their lengths."""
    found = []
    while data:
        size = 4 + int.from_bytes(data[:4], "little")
        found.append(data[:size])
        data = data[size:]
    return found


def said(folder: Path) -> str:
    """What is wrong: why it cannot be read, or why it does not hold."""
    try:
        report = audit(Exported(folder), LOAD)
    except Unreadable as error:
        return f"unreadable: {error}"
    assert report.ok is not True
    return "; ".join([f"relay: {report.relay}" if report.relay else "", *map(_told, report.failures)]).strip("; ")


def _told(failure: Any) -> str:
    return f"{failure.number}: {failure.error}"


def rewritten(folder: Path, records: Sequence[bytes], index: str) -> None:
    """Other parachain records, and the index made to fit them."""
    lines = [json.loads(line) for line in index.splitlines()]
    at, made = 0, []
    for line, framed in zip(lines, records, strict=False):
        made.append(json.dumps({**line, "offset": at, "length": len(framed)}) + "\n")
        at += len(framed)
    (folder / PARA).write_bytes(b"".join(records))
    (folder / INDEX).write_text("".join(made))


def resealed(folder: Path, **changes: Any) -> None:
    """Another `chain.json`, as its own program would write it."""
    manifest = Manifest.read((folder / CHAIN).read_text())
    (folder / CHAIN).write_text(msgspec.structs.replace(manifest, **changes).sealed().written())
