"""Worker processes that outlive what happens to them: jobs in, results out. Source: spec/network.md §1, §2.

W executors of one process each, so that a job goes to the one with the least to do, and a worker that dies takes
nothing with it: another is put in its place and does its jobs again. Jobs are functions of modules and plain
arguments; they must give the same whoever runs them, and however often.
"""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread
from types import ModuleType
from typing import Any, Self, TypeVar

T = TypeVar("T")

MOST_DEATHS = 3
"""Workers that may die of one job before it is given up."""


class WorkerLost(Exception):
    """A job has killed every worker that it was given to, for want of memory as a rule."""


class Job:
    """A job under way. `result` waits for it; a worker that dies meanwhile is replaced."""

    def __init__(self, lane: "_Lane", function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        self._lane, self.function, self.arguments = lane, function, arguments
        self.future: Future[Any] = Future()
        self.deaths = 0

    @property
    def broken(self) -> bool:
        """Whether its worker has died."""
        return self.future.done() and not self.future.cancelled() and _died(self.future)

    def result(self) -> Any:
        """What the function gives or raises. Raises WorkerLost."""
        while True:
            try:
                return self.future.result()
            except BrokenExecutor:
                self._lane.revive()
                if self.deaths >= MOST_DEATHS:
                    raise WorkerLost(f"{self.deaths} worker processes have died of one job") from None

    def cancel(self) -> bool:
        """Call it back, if it has not begun."""
        return self.future.cancel()


def _died(future: "Future[Any]") -> bool:
    return isinstance(future.exception(), BrokenExecutor)


class _Lane:
    """One worker and what it has to do, in the order given."""

    def __init__(self) -> None:
        self.jobs: list[Job] = []
        self.executor = _one_process()

    @property
    def queued(self) -> int:
        self.jobs = [job for job in self.jobs if not job.future.done() or job.broken]
        return len(self.jobs)

    def give(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Job:
        job = Job(self, function, arguments)
        self.send(job)
        return job

    def send(self, job: Job) -> None:
        try:
            job.future = self.executor.submit(job.function, *job.arguments)
        except BrokenExecutor:  # it died with nothing to do
            self.revive()
            job.future = self.executor.submit(job.function, *job.arguments)
        self.jobs.append(job)

    def revive(self) -> None:
        """Another worker in the place of one that died: it gets what that one left."""
        left = [job for job in self.jobs if job.broken]
        self.executor.shutdown()
        self.executor = _one_process()
        self.jobs = []
        if left:
            left[0].deaths += 1  # jobs are done in order: the first was the one that ran
        for job in left:
            if job.deaths < MOST_DEATHS:
                self.send(job)

    def close(self) -> None:
        self.executor.shutdown(cancel_futures=True)


class Processes:
    """So many workers, started with the first job; to be closed. Nothing of them is left then."""

    def __init__(self, count: int, preload: Sequence[str] = ()) -> None:
        """`preload` are modules that workers will need: they are imported once for all of them."""
        if count < 1:
            raise ValueError(f"{count} workers are none")
        self.count, self._preload = count, preload
        self._lanes: list[_Lane] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Job:
        """Give a job to the worker with the least to do, of several the first."""
        if not self._lanes:
            get_context("forkserver").set_forkserver_preload(list(self._preload))
            self._lanes = [_Lane() for _ in range(self.count)]
        lane = min(self._lanes, key=lambda each: each.queued)
        return lane.give(fn, args)

    @property
    def pids(self) -> list[int]:
        """The workers' process ids; none before the first job."""
        return self.ask(os.getpid)

    def ask(self, function: Callable[[], T]) -> list[T]:
        """What a function gives in each of the workers; nothing before the first job."""
        return [job.result() for job in [lane.give(function, ()) for lane in self._lanes]]

    def close(self) -> None:
        """Wait for what is being done, and drop the rest."""
        while self._lanes:
            self._lanes.pop().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _one_process() -> ProcessPoolExecutor:
    """An executor whose process is there."""
    executor = ProcessPoolExecutor(1, get_context("forkserver"), _begin, (gc.get_threshold(),))
    with _without_main():
        executor.submit(os.getpid)
    return executor


@contextmanager
def _without_main() -> Iterator[None]:
    """Processes that begin meanwhile do not import this one's `__main__`: a user's script would run once more."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _begin(thresholds: tuple[int, int, int]) -> None:
    """A worker begins: it leaves Ctrl-C to its parent, collects garbage like it, and ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(*thresholds)
    gc.freeze()
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
