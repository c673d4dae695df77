"""Extrinsics that wait for a block. Source: spec/substrate.md §5, spec/network.md §3 (order)."""

from collections.abc import Callable
from dataclasses import dataclass

from chain.blocks.validity import tag
from chain.primitives.extrinsic import Extrinsic
from chain.primitives.validity import ValidTransaction

MOST = 8_192
"""Extrinsics that wait at most."""


class PoolError(Exception):
    """The pool does not take an extrinsic: it is there already, or the pool is full."""


@dataclass(frozen=True)
class Waiting:
    """An extrinsic with the pool's verdict on it; its signature is known to be good."""

    extrinsic: Extrinsic
    valid: ValidTransaction


class Pool:
    """Waiting extrinsics by hash. `judge` validates one against the best state and raises `Refused`."""

    def __init__(self, judge: Callable[[Extrinsic], ValidTransaction]) -> None:
        self._judge = judge
        self._waiting: dict[bytes, Waiting] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def submit(self, extrinsic: Extrinsic) -> bytes:
        """Take an extrinsic in; raises `Refused` or `PoolError`. One with the same tags and a higher tip replaces."""
        if extrinsic.hash in self._waiting:
            raise PoolError("already in the pool")
        if len(self._waiting) >= MOST:
            raise PoolError("the pool is full")
        valid = self._judge(extrinsic)
        for other in list(self._waiting.values()):
            if other.valid.provides == valid.provides:
                if other.valid.priority >= valid.priority:
                    raise PoolError("another extrinsic with this nonce waits, with at least this priority")
                del self._waiting[other.extrinsic.hash]
        self._waiting[extrinsic.hash] = Waiting(extrinsic, valid)
        return extrinsic.hash

    def ready(self) -> list[Extrinsic]:
        """Those that a block could take now: by priority, then nonce, then hash, each after what it requires."""
        provided: set[bytes] = set()
        left = sorted(self._waiting.values(), key=_order)
        found: list[Extrinsic] = []
        progress = True
        while progress:
            progress, later = False, []
            for waiting in left:
                if all(tag in provided for tag in waiting.valid.requires):
                    provided.update(waiting.valid.provides)
                    found.append(waiting.extrinsic)
                    progress = True
                else:
                    later.append(waiting)
            left = later
        return found

    def pending(self) -> list[Extrinsic]:
        """All that waits, those that nothing holds back first."""
        ready = self.ready()
        hashes = {extrinsic.hash for extrinsic in ready}
        return ready + [w.extrinsic for w in self._waiting.values() if w.extrinsic.hash not in hashes]

    def remove(self, extrinsic_hash: bytes) -> None:
        self._waiting.pop(extrinsic_hash, None)

    def included(self, extrinsic: Extrinsic) -> None:
        """A block has taken an extrinsic in: it waits no more, and what required its tag does not any longer."""
        self.remove(extrinsic.hash)
        by = extrinsic.signed
        if by is None:
            return
        given = tag(by.account, by.nonce)
        for extrinsic_hash, waiting in self._waiting.items():
            if given in waiting.valid.requires:
                valid = waiting.valid
                left = tuple(needed for needed in valid.requires if needed != given)
                freed = ValidTransaction(valid.priority, left, valid.provides, valid.longevity, valid.propagate)
                self._waiting[extrinsic_hash] = Waiting(waiting.extrinsic, freed)

    def clear(self) -> None:
        self._waiting.clear()


def _order(waiting: Waiting) -> tuple[int, int, bytes]:
    by = waiting.extrinsic.signed
    return -waiting.valid.priority, by.nonce if by else 0, waiting.extrinsic.hash
