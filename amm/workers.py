"""How many processes execute blocks for validators: it changes no result. Source: spec/network.md §2, §7."""

import os
from typing import TYPE_CHECKING, Any

from amm.scripts.shapes import Kind, Reader
from amm.scripts.source import Integer, Node, Text

if TYPE_CHECKING:
    from chain.relay.workers import Workers

AUTO = "auto"
MOST_WORKERS = 256
LOADER = "amm.runtime.load"


class WorkersOf(Kind[int | str]):
    """A number of processes, or `auto`."""

    written = f"auto or a whole number from 0 to {MOST_WORKERS}"

    def read(self, node: Node, reader: Reader) -> int | str:
        if isinstance(node, Text) and node.value == AUTO:
            return AUTO
        if not isinstance(node, Integer) or not 0 <= node.value <= MOST_WORKERS:
            raise self.mismatch(node, reader)
        return node.value

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"const": AUTO}, {"type": "integer", "minimum": 0, "maximum": MOST_WORKERS}]}


WORKERS = WorkersOf()


def worker_count(setting: int | str, parachains: int = 1) -> int:
    """What a setting means: `auto` is one for each core or parachain, whichever are fewer, and none for one parachain.

    One parachain's blocks are made one by one; workers help only where validators execute each by itself.
    """
    if isinstance(setting, int):
        return setting
    return 0 if parachains == 1 else min(os.cpu_count() or 1, parachains)


def hired(setting: int | str) -> "Workers | None":
    """The workers of a setting, to be closed; they start when they are first needed."""
    from chain.relay.workers import Workers

    count = worker_count(setting)
    return Workers(count, LOADER) if count else None
