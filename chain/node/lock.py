"""One writer at a time: a lock file that names its holder. Source: design.md, "On disk"."""

import fcntl
import os
from pathlib import Path
from typing import IO

import msgspec

from chain.node.errors import StoreBusy, StoreError


class Holder(msgspec.Struct):
    """Who writes to a chain: process, and where it listens if it does."""

    pid: int
    url: str = ""


class Lock:
    """The right to write to a data directory, until `release`.

    The operating system drops it with its process, so no stale lock outlives a crash.
    """

    def __init__(self, directory: Path) -> None:
        self.path = directory / "lock"
        self._file: IO[bytes] | None = None

    def acquire(self, url: str = "") -> None:
        """Raises `StoreBusy`, naming the holder, if another process writes here."""
        try:
            file = self.path.open("a+b")
        except OSError as error:
            raise StoreError(f"{self.path.parent} cannot be written: {error.strerror}") from None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = read_holder(file)
            file.close()
            where = f", which listens at {holder.url}" if holder.url else ""
            raise StoreBusy(
                f"{self.path.parent} is in use by process {holder.pid}{where}",
                f"Use --url {holder.url}." if holder.url else "Wait for it to end, or name another --data-dir.",
                pid=holder.pid,
                url=holder.url,
            ) from None
        file.truncate(0)
        file.write(msgspec.json.encode(Holder(os.getpid(), url)))
        file.flush()
        self._file = file

    def release(self) -> None:
        if self._file is not None:
            self._file.truncate(0)
            fcntl.flock(self._file, fcntl.LOCK_UN)
            self._file.close()
            self._file = None


def read_holder(file: IO[bytes]) -> Holder:
    """What a lock file says of its holder; process 0 if nothing."""
    file.seek(0)
    try:
        return msgspec.json.decode(file.read(), type=Holder)
    except msgspec.DecodeError:
        return Holder(0)
