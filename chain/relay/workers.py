"""Worker processes that run validate_block: bytes in, bytes or an error out. Source: spec/network.md §1, §2.

A worker keeps nothing between jobs but loaded runtimes, so that it does not matter which one gets a job, nor how many
there are; with none of them the job runs in this process.
"""

from concurrent.futures import Executor, ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from typing import Self

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


class Workers:
    """So many processes; to be closed."""

    def __init__(self, count: int, loader: str) -> None:
        self.count, self._loader = count, loader
        self._executor: Executor = ProcessPoolExecutor(count, get_context("forkserver"))

    def run(self, params: ValidationParams, operations: int = STORAGE_OPERATIONS) -> Validated:
        """`validate`, by whichever worker is free."""
        job = self._executor.submit(run_job, VALIDATION_PARAMS.encode(params), operations, self._loader)
        result, nodes, code_hash = job.result()
        return Validated(VALIDATION_RESULT.decode(result), nodes, code_hash)

    def close(self) -> None:
        self._executor.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
