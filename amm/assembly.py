"""A chain from its spec, or from what a data directory holds. Source: design.md, "On disk"."""

from pathlib import Path
from typing import NamedTuple

import msgspec

from amm.chain_spec import ChainSpec
from amm.genesis import Genesis
from amm.relay_chain import queues_of, validators_of
from amm.relay_faults import conduct_of
from amm.runtime import load
from amm.workers import hired
from chain.node.archive import Archive
from chain.node.errors import StoreDamaged, StoreError, StoreMissing
from chain.node.lock import Lock
from chain.node.service import Keys, Node
from chain.node.store import LmdbStorage, MemoryStorage, Storage
from chain.relay.workers import Workers

STORED = ("data.mdb", "lock.mdb")
"""The files of a chain's folder; one that was not made to its end leaves none."""


class Parts(NamedTuple):
    """What a chain is made of; the lock is None in memory and for reading, `own` are workers that it closes itself."""

    spec: ChainSpec
    node: Node
    storage: Storage
    lock: Lock | None
    own: Workers | None = None


Crew = Workers | int | None
"""Workers that somebody else closes, or how many a chain is to have of its own; None: as its spec says."""


def in_memory(spec: ChainSpec, workers: Crew = None) -> Parts:
    """A fresh chain. Raises Faults for a wrong spec."""
    return _start(spec, MemoryStorage(), None, workers)


def create(directory: Path, spec: ChainSpec, workers: Crew = None) -> Parts:
    """A fresh chain in a directory. Raises `StoreError` if there is one already, Faults if the spec is wrong."""
    if (directory / "data.mdb").exists():
        raise StoreError(
            f"there is a chain in {directory} already",
            "Go on with it, name another --data-dir, or start again with `basilisk chain reset`.",
        )
    Genesis(spec).build()
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{directory} cannot be made: {error.strerror}", "Name another --data-dir.") from None
    lock = Lock(directory)
    lock.acquire()
    storage = LmdbStorage(directory)
    try:
        parts = _start(spec, storage, lock, workers)
    except BaseException:
        storage.close()
        for name in STORED:
            (directory / name).unlink(missing_ok=True)
        lock.release()
        raise
    storage.sync()
    return parts


def reopen(directory: Path, readonly: bool, workers: Crew = None) -> Parts:
    """The chain in a directory. Raises `StoreMissing`, `StoreVersion`, `StoreDamaged` or `StoreBusy`."""
    if not (directory / "data.mdb").exists():
        raise StoreMissing(f"there is no chain in {directory}", "Make one with `basilisk chain init`.")
    lock = None
    if not readonly:
        lock = Lock(directory)
        lock.acquire()
    storage: LmdbStorage | None = None
    try:
        storage = LmdbStorage(directory, readonly=readonly)
        about = Archive(storage).check()
        spec = ChainSpec.from_json(about.spec)
        genesis = Genesis(spec)
        validators = validators_of(spec)
        keys, conduct = Keys(genesis.collators), conduct_of(spec)
        crew, own = _crew(spec, workers)
        node = Node(genesis.runtime, validators, keys, storage, load, about, conduct, crew)
    except BaseException as error:
        if storage is not None:
            storage.close()
        if lock is not None:
            lock.release()
        if isinstance(error, ValueError):
            raise StoreDamaged(f"{directory} is damaged: {error}", "Start again with `basilisk chain reset`.") from None
        raise
    return Parts(spec, node, storage, lock, own)


def _start(spec: ChainSpec, storage: Storage, lock: Lock | None, workers: Crew) -> Parts:
    """Write the genesis of both chains into an empty storage."""
    genesis = Genesis(spec)
    validators = validators_of(spec)
    keys, block = Keys(genesis.collators), genesis.build()
    crew, own = _crew(spec, workers)
    node = Node.create(
        genesis.runtime, validators, keys, storage, load, block, spec.to_json(), spec.para_id, conduct_of(spec),
        queues_of(spec), crew,
    )  # fmt: skip
    return Parts(spec, node, storage, lock, own)


def _crew(spec: ChainSpec, workers: Crew) -> tuple[Workers | None, Workers | None]:
    """The workers of a chain, and those of them that it must close."""
    if isinstance(workers, Workers):
        return workers, None
    own = hired(spec.relay.workers if workers is None else workers)
    return own, own


def adjusted(spec: ChainSpec, seed: int | None, verify: str | None) -> ChainSpec:
    """The spec with the relay's seed and way of verifying replaced, where given."""
    changes = {key: value for key, value in (("seed", seed), ("verify", verify)) if value is not None}
    return msgspec.structs.replace(spec, relay=msgspec.structs.replace(spec.relay, **changes)) if changes else spec
