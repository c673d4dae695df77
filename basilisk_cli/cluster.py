"""A Dask cluster that an audit's jobs run on. Source: spec/network.md §6.

Its client is a `concurrent.futures` executor; what is here is how to reach it, and what to say where that fails.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from socket import create_connection
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from basilisk_cli.errors import UNREACHABLE, CliError

TIMEOUT = 5
"""Seconds to reach a scheduler in, and then to have a worker."""

LOOK = 2
"""Seconds between two looks at whether there are workers."""

RETRIES = 2
"""How often a batch goes to another worker when its own is lost."""


PATIENCE = 60
"""Seconds that a cluster may be without any worker while there is work."""

CALL = "__import__('pkgutil').resolve_name(function)(*arguments)"
"""A job as the cluster gets it. Neither scheduler nor worker needs anything of ours to unpickle it: a worker that lacks
this program says so as the job's result, where it would otherwise fail, and the job be given to the next for ever."""


class Cluster:
    """The executor; what breaks on the way to it or back is the cluster's, and no verdict on any block."""

    def __init__(self, address: str, client: Any) -> None:
        self._address, self._client = address, client
        self._executor = client.get_executor(retries=RETRIES, pure=False)

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> "Remote":
        names = {"function": f"{fn.__module__}:{fn.__qualname__}", "arguments": args}
        return Remote(self, self._executor.submit(eval, CALL, names))

    def result(self, future: Any) -> Any:
        """Raises CliError for a cluster that is lost; an ImportError says that a worker lacks the program."""
        alone = 0
        while True:
            try:
                return future.result(LOOK)
            except TimeoutError:
                alone = 0 if self._client.scheduler_info()["workers"] else alone + LOOK
                if alone >= PATIENCE:
                    raise self._lost(f"it has had no worker for {alone} seconds") from None
            except (ImportError, FileNotFoundError, NotADirectoryError, PermissionError):
                raise
            except Exception as error:
                raise self._lost(_said(error)) from None

    def _lost(self, why: str) -> CliError:
        what = f"the Dask cluster at {self._address} has lost a batch: {why}"
        return CliError(what, "look at its log, and audit again: nothing was changed", UNREACHABLE)


class Remote:
    """A job on the cluster."""

    def __init__(self, cluster: Cluster, future: Any) -> None:
        self._cluster, self._future = cluster, future

    def result(self) -> Any:
        """Raises CliError, or what the function raises."""
        return self._cluster.result(self._future)

    def cancel(self) -> object:
        return self._future.cancel()


@contextmanager
def cluster_at(address: str, hint: str) -> Iterator[Cluster]:
    """The cluster whose scheduler is at `tcp://HOST:PORT`. Raises CliError if there is none, or it has no workers."""
    _knock(address, hint)
    try:
        distributed: Any = import_module("distributed")
    except ImportError:
        raise CliError("dask is not installed", "install it with `pip install 'basilisk[dask]'`") from None
    logging.getLogger("distributed").setLevel(logging.CRITICAL)

    class Client(distributed.Client):  # type: ignore[misc]
        """Closed below, or never connected: when it goes there is nothing to be said."""

        def __del__(self) -> None:
            pass

    client = _within(2 * TIMEOUT, lambda: Client(address, timeout=TIMEOUT, set_as_default=False))
    if isinstance(client, Exception):
        raise _unreachable(address, client)
    try:
        try:
            client.wait_for_workers(1, timeout=TIMEOUT)
        except TimeoutError:
            found = f"start some: `dask worker {address} --nthreads 1`"
            raise CliError(f"the Dask cluster at {address} has no workers", found, UNREACHABLE) from None
        yield Cluster(address, client)
    finally:
        client.close(timeout=TIMEOUT)


def _within(seconds: int, made: Callable[[], Any]) -> Any:
    """What is made, or the exception why not: a client waits for ever for a server that says nothing."""
    found: list[Any] = [TimeoutError(f"no answer within {seconds} seconds")]

    def make() -> None:
        try:
            found[0] = made()
        except Exception as error:  # whatever a server says that is no scheduler
            found[0] = error

    maker = Thread(target=make, daemon=True)
    maker.start()
    maker.join(seconds)
    return found[0]


def _knock(address: str, hint: str) -> None:
    """Something listens there. Raises CliError."""
    try:
        parts = urlsplit(address if "://" in address else f"tcp://{address}")
        place = parts.hostname, parts.port
    except ValueError:
        place = None, None
    if not place[0] or not place[1] or parts.scheme not in ("tcp", "tls"):
        raise CliError(f"{address!r} is no address of a Dask scheduler", hint)
    try:
        create_connection((place[0], place[1]), TIMEOUT).close()
    except OSError as error:
        raise _unreachable(address, error) from None


def _unreachable(address: str, error: Exception) -> CliError:
    reason = _said(error) if isinstance(error, OSError) else "what listens there speaks another language"
    hint = "start one with `dask scheduler`, and workers with `dask worker`"
    return CliError(f"there is no Dask scheduler at {address}: {reason}", hint, UNREACHABLE)


def _said(error: Exception) -> str:
    strerror = getattr(error, "strerror", None)
    return " ".join((strerror or str(error)).split()).lower() or type(error).__name__
