"""Named places of both chains to go back to. Source: design.md, "On disk"."""

from chain.node.archive import Archive
from chain.node.errors import SnapshotError
from chain.node.ledger import Ledger
from chain.node.records import Snapshot
from chain.node.store import Batch

LONGEST = 100
"""Characters of a name."""


def check_name(name: str) -> None:
    """Raises `SnapshotError` for a name that nobody could read back from a list, or type."""
    if not name.strip():
        raise SnapshotError("a snapshot needs a name", "Give it one, as in `basilisk chain snapshot before`.")
    if not name.isprintable() or name != name.strip():
        raise SnapshotError(
            f"{name[:LONGEST]!r} is no name for a snapshot",
            "Leave out line breaks and other control characters, and spaces around it.",
        )
    if len(name) > LONGEST:
        raise SnapshotError(f"the name of a snapshot has {len(name)} characters", f"Give it at most {LONGEST}.")


def take(ledger: Ledger, name: str) -> Snapshot:
    """Name the present state of both chains and the pool; raises `SnapshotError` if the name is taken or none."""
    check_name(name)
    archive = ledger.archive
    if archive.snapshot(name) is not None:
        raise SnapshotError(f"there is a snapshot {name!r} already", "Choose another name.")
    snapshot = Snapshot(name, ledger.heads, ledger.best.number, ledger.relay.head.number, archive.memory)
    batch = Batch()
    archive.put_snapshot(batch, snapshot)
    archive.storage.write(batch)
    return snapshot


def go_back(archive: Archive, name: str) -> Snapshot:
    """Make a snapshot's heads the chain's: numbers above are cut, later snapshots go, old states stay readable.

    Raises `SnapshotError` for a name that there is not.
    """
    snapshot = archive.snapshot(name)
    if snapshot is None:
        raise SnapshotError(f"there is no snapshot {name!r}", _hint(archive))
    batch = Batch()
    archive.cut_above(batch, snapshot.number, snapshot.heads.relay)
    for other in archive.snapshots():
        if other.heads.relay > snapshot.heads.relay:
            archive.cut_snapshot(batch, other.name)
    archive.put_heads(batch, snapshot.heads)
    archive.put_memory(batch, snapshot.memory)
    archive.storage.write(batch)
    return snapshot


def _hint(archive: Archive) -> str:
    names = [snapshot.name for snapshot in archive.snapshots()]
    return f"There are: {', '.join(names)}." if names else "Make one with `basilisk chain snapshot NAME`."
