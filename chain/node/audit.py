"""Auditing a history: what is parallel in it, what is not. Source: spec/network.md §5, §6.

Relay blocks are imported again one by one, every parachain record is judged from itself alone, in any order and in any
process, and what the records say of each other is held together. The report does not depend on the engine.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from chain.node.export import Entry
from chain.node.histories import History, Unreadable
from chain.node.issuance import AssetRow
from chain.node.judging import Judged, RecordVerdict, abstained, batches
from chain.node.relay_line import RelayLine
from chain.node.ties import Problem, assets_of, placed, unrecorded, untied
from chain.relay.processes import WorkerLost

__all__ = ["BadRange", "Problem", "RecordVerdict", "Report", "Unreadable", "audit"]

BATCH_BYTES, BATCH_RECORDS = 4 << 20, 50
LEAST_BATCHES = 16
"""Batches of a short history, so that all workers have some."""

IN_FLIGHT = 32
"""Batches that are sent out before the first has come back: at most 128 MiB where records are sent as bytes."""


class BadRange(ValueError):
    """There are no such blocks in the history."""


class Promise(Protocol):
    """A job's result to come; `concurrent.futures.Future` is one."""

    def result(self) -> Any: ...

    def cancel(self) -> object: ...


class Engine(Protocol):
    """Where jobs run; `concurrent.futures.Executor` is one."""

    def submit(self, fn: Callable[..., Any], /, *args: Any) -> Promise: ...


@dataclass(frozen=True)
class Report:
    """What an audit found: of the relay chain, of each record, and of how they hang together.

    `digest` is the archive's, empty for a store; `relay` says what is wrong with the relay chain, `relay_blocks` how
    many of its blocks are good.
    """

    digest: str
    first: int
    last: int
    relay_blocks: int
    relay: str | None
    verdicts: tuple[RecordVerdict, ...]
    problems: tuple[Problem, ...]
    assets: tuple[AssetRow, ...]

    @property
    def ok(self) -> bool | None:
        """None where nothing is wrong, and some records could not be judged."""
        if self.relay is not None or self.problems or any(verdict.ok is False for verdict in self.verdicts):
            return False
        return None if any(verdict.ok is None for verdict in self.verdicts) else True

    @property
    def failures(self) -> list[Problem]:
        """All that is wrong with blocks, ascending by parachain and number."""
        refused = [Problem(each.para, each.number, each.error or "") for each in self.verdicts if each.ok is False]
        return sorted([*refused, *self.problems], key=lambda each: (each.para, each.number))

    @property
    def first_failures(self) -> list[Problem]:
        """One for each parachain that has any."""
        found: dict[int, Problem] = {}
        for failure in self.failures:
            found.setdefault(failure.para, failure)
        return list(found.values())

    def plain(self) -> dict[str, Any]:
        """The same bytes for every engine and number of workers."""
        return {
            "ok": self.ok,
            "digest": self.digest or None,
            "from": self.first,
            "to": self.last,
            "relay": {"blocks": self.relay_blocks, "error": self.relay},
            "verdicts": [verdict.plain() for verdict in self.verdicts],
            "problems": [asdict(problem) for problem in self.problems],
            "assets": [asdict(row) for row in self.assets],
        }


def audit(
    history: History,
    runtimes: str,
    engine: Engine | None = None,
    first: int | None = None,
    last: int | None = None,
    step: Callable[[int], None] = lambda count: None,
) -> Report:
    """Judge the blocks from `first` to `last`; without an `engine` in this process.

    The relay chain is imported as a whole, and each of its candidates must have a record, whatever the range. `step`
    is called with how many more records are judged. Raises Unreadable and BadRange.
    """
    entries = history.entries
    chosen = _chosen(entries, first, last)
    line = RelayLine(history.manifest)
    judging = _Judging(history, chosen, runtimes, engine)
    try:
        line.follow(history.relay())
        judged = [placed(entry, each) for entry, each in zip(chosen, judging.results(step), strict=True)]
    finally:
        judging.cancel()
    problems = [*unrecorded(entries, line), *untied(history.manifest, chosen, judged, line)]
    assets, wrong = assets_of(history.manifest, judged)
    ends = (chosen[0].number, chosen[-1].number) if chosen else (0, 0)
    verdicts = tuple(each.verdict for each in judged)
    problems = sorted([*problems, *wrong], key=lambda each: (each.para, each.number))
    return Report(history.manifest.digest, *ends, line.blocks, line.error, verdicts, tuple(problems), assets)


def _chosen(entries: Sequence[Entry], first: int | None, last: int | None) -> Sequence[Entry]:
    end = entries[-1].number if entries else 0
    for number in (first, last):
        if number is not None and not 1 <= number <= end:
            raise BadRange(f"there is no block {number}: the history has blocks 1 to {end}" if end else "no blocks yet")
    if first is not None and last is not None and first > last:
        raise BadRange(f"block {first} comes after block {last}")
    return entries[(first or 1) - 1 : last]


class _Judging:
    """The records' way through the engine: batches are sent out ahead, results come in the order of the records."""

    def __init__(self, history: History, entries: Sequence[Entry], runtimes: str, engine: Engine | None) -> None:
        places = [(entry.offset, entry.length) for entry in entries]
        most = min(BATCH_RECORDS, max(1, len(places) // LEAST_BATCHES))
        parts = [entries[part.start : part.stop] for part in batches(places, BATCH_BYTES, most)]
        self._history, self._runtimes, self._engine = history, runtimes, engine
        self._waiting = deque(parts)
        self._sent: deque[tuple[Sequence[Entry], Promise]] = deque()
        self._send()

    def _send(self) -> None:
        while self._engine is not None and self._waiting and len(self._sent) < IN_FLIGHT:
            part = self._waiting.popleft()
            function, arguments = self._history.job(part, self._runtimes)
            self._sent.append((part, self._engine.submit(function, *arguments)))

    def results(self, step: Callable[[int], None]) -> Iterator[Judged]:
        while self._sent or self._waiting:
            found = self._inline() if self._engine is None else self._received(self._engine)
            step(len(found))
            yield from found

    def _inline(self) -> list[Judged]:
        function, arguments = self._history.job(self._waiting.popleft(), self._runtimes)
        return function(*arguments)

    def _received(self, engine: Engine) -> list[Judged]:
        part, promise = self._sent.popleft()
        try:
            found: list[Judged] = promise.result()
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            # Where the job ran the files are not there: it gets the bytes.
            function, arguments = self._history.bytes_job(part, self._runtimes)
            found = engine.submit(function, *arguments).result()
        except ImportError as error:
            why = f"Candidate.CodeHashMismatch: the worker lacks this program: {' '.join(str(error).split())}"
            found = [abstained(why) for _ in part]
        except WorkerLost as error:
            found = [abstained(f"Internal: {error}") for _ in part]
        self._send()
        return found

    def cancel(self) -> None:
        """Call back what has not begun."""
        for _, promise in self._sent:
            promise.cancel()
