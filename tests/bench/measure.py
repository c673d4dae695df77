"""Timing: the best of several runs, beside the floor it is compared with, measured in the same minute.

What one process does by itself is measured in processor time, which others on the machine change little.
"""

import gc
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from chain.crypto.keys import dev, verify


@dataclass(frozen=True)
class Figure:
    """One line of the report: `value` is a ratio, `of` says what over what."""

    name: str
    value: str
    of: str
    target: str = ""


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes, once, with the garbage of before out of the way."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def used(work: Callable[[], object]) -> float:
    """Seconds of the processor that `work` takes in this process, once."""
    gc.collect()
    start = time.process_time()
    work()
    return time.process_time() - start


def best(work: Callable[[], object], runs: int = 5) -> float:
    return min(seconds(work) for _ in range(runs))


def verification(clock: Callable[[Callable[[], object]], float] = used) -> float:
    """Seconds of one bare sr25519 verification: the floor of everything that takes signed extrinsics.

    The clock is the one that reads what stands above it: `used`, or `seconds` where other processes work too.
    """
    key, message = dev("alice"), bytes(range(120))
    signature = key.sign(message)

    def many() -> None:
        for _ in range(1_000):
            assert verify(1, signature, message, key.account)

    return min(clock(many) for _ in range(3)) / 1_000


def process(*arguments: str, cwd: str | None = None) -> float:
    """Seconds until a child process is done, the best of ten."""

    def run() -> None:
        subprocess.run([sys.executable, *arguments], check=True, capture_output=True, cwd=cwd)

    run()
    return best(run, 10)
