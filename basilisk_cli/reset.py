"""Starting over: what is thrown away, and from which chain spec the new chain is made."""

from pathlib import Path

from amm.chain_spec import ChainSpec
from amm.scripts.errors import StoredSpecError
from basilisk_cli.errors import UNREACHABLE, CliError
from basilisk_cli.settings import Settings
from basilisk_cli.whereabouts import DEFAULT_CHAIN
from chain.node.archive import Archive
from chain.node.errors import StoreError
from chain.node.lock import Lock
from chain.node.store import LmdbStorage

FILES = ("data.mdb", "lock.mdb", "lock")
"""All that a chain's folder holds; nothing else in it is touched."""


def spec_for_reset(settings: Settings, directory: Path) -> str | ChainSpec:
    """The spec that is named; else the one that the chain in the folder was made from; else the default."""
    if settings.chain is not None:
        return settings.chain
    return (_stored_spec(directory) if settings.data_dir is not None else None) or DEFAULT_CHAIN


def remove_chain(directory: Path) -> None:
    """Delete a chain. Raises `StoreBusy` if somebody is writing to it."""
    lock = Lock(directory)
    lock.acquire()
    try:
        for name in FILES:
            (directory / name).unlink(missing_ok=True)
    except OSError as error:
        raise CliError(f"{directory}: {error.strerror}", "check the folder's permissions", UNREACHABLE) from None
    finally:
        lock.release()


def _stored_spec(directory: Path) -> ChainSpec | None:
    """The spec in a data directory, as far as it can still be read."""
    if not (directory / "data.mdb").exists():
        return None
    try:
        storage = LmdbStorage(directory, readonly=True)
    except StoreError:
        return None
    try:
        return ChainSpec.from_json(Archive(storage).check().spec)
    except (StoreError, StoredSpecError, ValueError):
        return None
    finally:
        storage.close()
