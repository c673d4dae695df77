"""Stored blocks executed before their turn, by workers, so that a walk along the chain finds the results there.

Source: spec/network.md §5: what costs is parallel, what ties blocks together is serial and cheap.
"""

from collections import deque
from collections.abc import Sequence

from chain.node.archive import Archive
from chain.node.errors import StoreError
from chain.relay.backing import params_of
from chain.relay.block_data import ValidationParams
from chain.relay.validate import STORAGE_OPERATIONS
from chain.relay.workers import Batch, Execution, Workers
from chain.scale import DecodeError

BATCH_BYTES, BATCH_BLOCKS = 1 << 20, 16
AHEAD = 3 * BATCH_BLOCKS
"""Blocks for each worker that are executed or under way before their turn: it never waits, and little is held."""


class Ahead:
    """The blocks of a range, given to workers in batches as the walk comes near them."""

    def __init__(self, archive: Archive, workers: Workers, numbers: Sequence[int]) -> None:
        self._archive, self._workers = archive, workers
        self._numbers = deque(numbers)
        self._batches: deque[Batch] = deque()
        self._found: dict[int, Execution] = {}

    def of(self, number: int) -> "Turn":
        """The block whose turn it is; the results of blocks before it are let go."""
        while self._batches and self._batches[0].done:
            self._batches.popleft()
        while self._numbers and len(self._found) < AHEAD * self._workers.count:
            self._send()
        return Turn(self._workers, self._found.pop(number, None))

    def _send(self) -> None:
        numbers: list[int] = []
        batch: list[ValidationParams] = []
        share = len(self._numbers) // (2 * self._workers.count)  # less towards the end, so that all end at once
        size, most = 0, min(BATCH_BLOCKS, max(1, share))
        while self._numbers and len(numbers) < most and size < BATCH_BYTES:
            number = self._numbers.popleft()
            params = self._params(number)
            if params is not None:
                numbers.append(number)
                batch.append(params)
                size += len(params.block_data)
        sent = self._workers.begin_all(batch)
        self._batches.append(sent)
        self._found.update(zip(numbers, sent.executions, strict=True))

    def _params(self, number: int) -> ValidationParams | None:
        """None for a block that the walk will refuse before it would be executed."""
        try:
            block_hash = self._archive.hash_of(number)
            record = self._archive.record(block_hash) if block_hash else None
        except (DecodeError, StoreError):
            return None
        return None if record is None else params_of(record.pov, record.validation_data)

    def close(self) -> None:
        """Call back what has not begun."""
        for batch in self._batches:
            batch.cancel()


class Turn:
    """One block's execution for whoever judges it."""

    def __init__(self, workers: Workers, execution: Execution | None) -> None:
        self._workers, self._execution = workers, execution

    def begin(self, params: ValidationParams, operations: int = STORAGE_OPERATIONS) -> Execution:
        return self._execution or self._workers.begin(params, operations)
