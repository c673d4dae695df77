"""Many runs at once, over processes. What comes out does not depend on how many there are."""

import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from typing import NamedTuple

from amm.simulate.launch import Launch
from amm.simulate.result import Result, result_of
from amm.simulate.run import Way, run

Step = Callable[[int], None]

POLL_SECONDS = 0.1


class Task(NamedTuple):
    """One scenario of one launch, by its name."""

    launch: Launch
    scenario: str
    way: Way


def tasks_of(launch: Launch, way: Way, names: Sequence[str] = ()) -> list[Task]:
    """A task for each scenario, or for those that are named. Raises KeyError."""
    chosen = [launch.scenario(name).name for name in names] or [scenario.name for scenario in launch.scenarios]
    return [Task(launch, name, way) for name in chosen]


def run_all(tasks: Sequence[Task], workers: int | None = None, step: Step = lambda steps: None) -> list[Result]:
    """The results in the tasks' order; `step` is told how many more of `STEPS` steps a task are done."""
    count = min(workers or os.cpu_count() or 1, len(tasks))
    if count <= 1:
        return [perform(task, step) for task in tasks]
    # A spawned process begins clean: nothing that is open here is open there.
    context = get_context("spawn")
    steps: SimpleQueue[int] = context.SimpleQueue()
    with ProcessPoolExecutor(count, context, _begin, (steps,)) as executor:
        try:
            with _uninterrupted():
                futures = [executor.submit(_perform_there, task) for task in tasks]
            for done in _progress(futures, steps):
                step(done)
            return [future.result() for future in futures]
        except BaseException:
            executor.shutdown(cancel_futures=True)
            raise


def perform(task: Task, step: Step = lambda steps: None) -> Result:
    """Run one task here."""
    scenario = task.launch.scenario(task.scenario)
    return result_of(task.launch, scenario.name, task.way, run(task.launch, scenario, task.way, step))


def _progress(futures: Sequence[Future[Result]], steps: "SimpleQueue[int]") -> Iterator[int]:
    """What the processes tell of their progress, until all are done or one has failed."""
    pending = set(futures)
    while pending:
        done, pending = wait(pending, POLL_SECONDS)
        while not steps.empty():
            yield steps.get()
        for future in done:
            future.result()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold an interrupt back, also in the processes that are started here, until they can answer to it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


# -- in a worker process -------------------------------------------------------------------------------------------


class _Worker:
    """Where this process tells its progress, and whether it was interrupted: a terminal interrupts all at once."""

    def __init__(self, steps: "SimpleQueue[int]") -> None:
        self.steps = steps
        self.busy = self.interrupted = False

    def interrupt(self, *_: object) -> None:
        """End the task, so that it cleans up, and begin no other one."""
        self.interrupted = True
        if self.busy:
            sys.exit(130)

    def perform(self, task: Task) -> Result:
        self.busy = True
        try:
            if self.interrupted:
                sys.exit(130)
            return perform(task, self.steps.put)
        finally:
            self.busy = False


_worker: _Worker | None = None


def _begin(steps: "SimpleQueue[int]") -> None:
    global _worker
    _worker = _Worker(steps)
    signal.signal(signal.SIGINT, _worker.interrupt)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _perform_there(task: Task) -> Result:
    assert _worker is not None
    return _worker.perform(task)
