"""Engines that an audit's jobs run on, and counts of workers. Source: spec/network.md §6."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from basilisk_cli.errors import CliError

if TYPE_CHECKING:
    from chain.node.audit import Engine
    from chain.relay.workers import Workers

RUNTIMES = "amm.runtime.load"
"""What workers make runtimes with."""

HINT = "write inline, processes:2, or dask:tcp://HOST:8786"
MOST_WORKERS = 256
"""Most that a spec may ask for too."""

@contextmanager
def engine_of(written: str) -> Iterator["Engine | None"]:
    """`inline` (None), `processes:W` or `dask:ADDRESS`. Raises CliError."""
    kind, _, rest = written.partition(":")
    if kind == "inline" and not rest:
        yield None
    elif kind == "processes" and rest.isdecimal():
        from chain.relay.processes import Processes

        with Processes(_counted(rest, written), _preloaded()) as processes:
            yield processes
    elif kind == "dask" and rest:
        from basilisk_cli.cluster import cluster_at

        with cluster_at(rest, HINT) as cluster:
            yield cluster
    else:
        raise CliError(f"{written!r} is no engine", HINT)


@contextmanager
def workers_of(written: str) -> Iterator["Workers | None"]:
    """So many workers that execute blocks: None for 0, one for each core for `auto`. Raises CliError."""
    count = (os.cpu_count() or 1) if written == "auto" else _counted(written, written, least=0)
    if not count:
        yield None
        return
    from chain.relay.workers import Workers

    with Workers(count, RUNTIMES) as workers:
        yield workers


def _counted(digits: str, written: str, least: int = 1) -> int:
    if not digits.isascii() or not digits.isdecimal() or not least <= int(digits[:9]) <= MOST_WORKERS:
        hint = f"write {least} to {MOST_WORKERS}, best one for each core"
        raise CliError(f"{written!r} is no number of workers", hint)
    return int(digits)


def _preloaded() -> tuple[str, ...]:
    return "chain.node.judging", RUNTIMES.rpartition(".")[0]
