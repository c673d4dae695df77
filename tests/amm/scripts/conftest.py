"""Scripts written in a test, checked and run."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from amm.scripts import Report, check_file, replay_file
from amm.scripts.errors import Faults

Write = Callable[..., Path]
Play = Callable[..., Report]
Wrong = Callable[..., list[str]]

POOL = """\
  - as: alice
    call: xyk.create_pool
    args: {asset_a: BSX, amount_a: 100_000_000_000_000, asset_b: KSM, amount_b: 1_000_000_000_000}
"""
FREE = "setup:\n  runtime: {transaction_payment: {fees: false}}\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a script of these steps; `files` are others beside it."""

    def write_script(steps: str, setup: str = FREE, **files: str) -> Path:
        for name, text in files.items():
            (tmp_path / name.replace("_", ".")).write_text(text)
        path = tmp_path / "s.yaml"
        path.write_text(f"name: s\n{setup}steps:\n{steps}")
        return path

    return write_script


@pytest.fixture
def play(write: Write) -> Play:
    """Runs a script of these steps."""

    def play_steps(steps: str, setup: str = FREE, *, files: dict[str, str] | None = None, **options: Any) -> Report:
        return replay_file(write(steps, setup, **(files or {})), **options)

    return play_steps


@pytest.fixture
def wrong(write: Write) -> Wrong:
    """What is wrong with a script of these steps: the line within the steps, and the message."""

    def wrong_steps(steps: str, setup: str = FREE, **files: str) -> list[str]:
        first = len(f"name: s\n{setup}steps:\n".splitlines())
        with pytest.raises(Faults) as caught:
            check_file(write(steps, setup, **files))
        return [f"{fault.mark.line - first} {fault.message}" for fault in caught.value.faults]

    return wrong_steps
