"""Engines that an audit's jobs run on. Source: spec/network.md §6."""

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context

from basilisk_cli.errors import CliError

RUNTIMES = "amm.runtime.load"
"""What workers make runtimes with."""

HINT = "write inline, processes:2, or dask:tcp://HOST:8786"


@contextmanager
def engine_of(written: str) -> Iterator[Executor | None]:
    """`inline` (None), `processes:W` or `dask:ADDRESS`. Raises CliError."""
    kind, _, rest = written.partition(":")
    if kind == "inline" and not rest:
        yield None
    elif kind == "processes" and rest.isdecimal() and int(rest) > 0:
        with ProcessPoolExecutor(int(rest), get_context("forkserver")) as executor:
            yield executor
    elif kind == "dask" and rest:
        try:
            client_of = import_module("distributed").Client
        except ImportError:
            raise CliError("dask is not installed", "install it with `pip install 'basilisk[dask]'`") from None
        with client_of(rest) as client:
            yield client.get_executor(retries=2, pure=False)
    else:
        raise CliError(f"{written!r} is no engine", HINT)
