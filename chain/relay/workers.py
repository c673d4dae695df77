"""Worker processes that run validate_block: bytes in, bytes or an error out. Source: spec/network.md §1, §2.

A worker keeps nothing between jobs but loaded runtimes, so that it does not matter which one gets a job, nor how many
there are; with none of them the job runs in this process.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import Protocol, Self

from chain.relay.block_data import VALIDATION_PARAMS, VALIDATION_RESULT, ValidationParams
from chain.relay.errors import PvfError
from chain.relay.processes import Job, Processes
from chain.relay.validate import STORAGE_OPERATIONS, Load, UnknownCode, Validated, validate

Outcome = tuple[bytes, dict[bytes, bytes], bytes] | PvfError | UnknownCode
"""What `validate` gives, its result encoded, or why it refuses or abstains."""


def run_jobs(params: Sequence[bytes], operations: int, loader: str) -> list[Outcome]:
    """`validate`, for each, in a process that knows nothing else; `loader` is an import path: `amm.runtime.load`."""
    module, _, name = loader.rpartition(".")
    load: Load = getattr(import_module(module), name)
    return [_outcome(each, operations, load) for each in params]


def _outcome(params: bytes, operations: int, load: Load) -> Outcome:
    try:
        found = validate(VALIDATION_PARAMS.decode(params), load, operations)
    except (PvfError, UnknownCode) as error:
        return error
    return VALIDATION_RESULT.encode(found.result), found.nodes, found.code_hash


class Execution:
    """A candidate's execution under way: one of a job's."""

    def __init__(self, job: Job, index: int = 0) -> None:
        self._job, self._index = job, index

    def result(self) -> Validated:
        """Raises `PvfError` or `UnknownCode` as `validate` does, and WorkerLost."""
        outcome: Outcome = self._job.result()[self._index]
        if isinstance(outcome, Exception):
            raise outcome
        result, nodes, code_hash = outcome
        return Validated(VALIDATION_RESULT.decode(result), nodes, code_hash)


class Batch:
    """Executions that one worker does one after another."""

    def __init__(self, job: Job, count: int) -> None:
        self._job = job
        self.executions = [Execution(job, index) for index in range(count)]

    @property
    def done(self) -> bool:
        return self._job.future.done() and not self._job.broken

    def cancel(self) -> None:
        """Call it back, if it has not begun."""
        self._job.cancel()


class Runner(Protocol):
    """Where candidates are executed, if not here."""

    def begin(self, params: ValidationParams, operations: int = ...) -> Execution: ...


class Workers:
    """So many processes; to be closed."""

    def __init__(self, count: int, loader: str) -> None:
        self.count, self._loader = count, loader
        self.processes = Processes(count, (__name__, loader.rpartition(".")[0]))

    def begin(self, params: ValidationParams, operations: int = STORAGE_OPERATIONS) -> Execution:
        """Have it executed by whichever worker has the least to do."""
        return self.begin_all([params], operations).executions[0]

    def begin_all(self, params: Sequence[ValidationParams], operations: int = STORAGE_OPERATIONS) -> Batch:
        """Have these executed by one worker."""
        encoded = [VALIDATION_PARAMS.encode(each) for each in params]
        return Batch(self.processes.submit(run_jobs, encoded, operations, self._loader), len(encoded))

    def run(self, params: ValidationParams, operations: int = STORAGE_OPERATIONS) -> Validated:
        """`validate`, in another process."""
        return self.begin(params, operations).result()

    def close(self) -> None:
        self.processes.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
