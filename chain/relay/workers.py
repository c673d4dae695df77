"""Worker processes that run validate_block: bytes in, bytes or an error out. Source: spec/network.md §1, §2.

A worker keeps nothing between jobs but loaded runtimes, so that it does not matter which one gets a job, nor how many
there are; with none of them the job runs in this process.
"""

from importlib import import_module
from typing import Self

from chain.relay.processes import Job, Processes
from chain.relay.types import VALIDATION_PARAMS, VALIDATION_RESULT, ValidationParams
from chain.relay.validate import STORAGE_OPERATIONS, Load, Validated, validate


def run_job(params: bytes, operations: int, loader: str) -> tuple[bytes, dict[bytes, bytes], bytes]:
    """`validate` in a process that knows nothing else; `loader` is an import path such as `amm.runtime.load`.

    Raises `PvfError` or `UnknownCode`.
    """
    module, _, name = loader.rpartition(".")
    load: Load = getattr(import_module(module), name)
    found = validate(VALIDATION_PARAMS.decode(params), load, operations)
    return VALIDATION_RESULT.encode(found.result), found.nodes, found.code_hash


class Execution:
    """A candidate's execution under way."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def result(self) -> Validated:
        """Raises `PvfError` or `UnknownCode` as `validate` does, and WorkerLost."""
        result, nodes, code_hash = self._job.result()
        return Validated(VALIDATION_RESULT.decode(result), nodes, code_hash)


class Workers:
    """So many processes; to be closed."""

    def __init__(self, count: int, loader: str) -> None:
        self.count, self._loader = count, loader
        self.processes = Processes(count, (__name__, loader.rpartition(".")[0]))

    def begin(self, params: ValidationParams, operations: int = STORAGE_OPERATIONS) -> Execution:
        """Have it executed by whichever worker has the least to do."""
        return Execution(self.processes.submit(run_job, VALIDATION_PARAMS.encode(params), operations, self._loader))

    def run(self, params: ValidationParams, operations: int = STORAGE_OPERATIONS) -> Validated:
        """`validate`, in another process."""
        return self.begin(params, operations).result()

    def close(self) -> None:
        self.processes.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
