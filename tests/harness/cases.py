"""Cases as they lie in a folder of vectors: one a line in `*.jsonl`, one a file in `scenarios/*.yaml`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec

Data = dict[str, Any]


class Missing(Exception):
    """The code that a case is about does not exist yet."""


@dataclass(frozen=True)
class Case:
    """One measured fact: a JSON object from line `line` of `path`, or the trade script at `path` (line 0)."""

    family: str
    path: Path
    line: int = 0
    data: Data = field(default_factory=dict)

    @property
    def id(self) -> str:
        return f"{self.path.name}:{self.line}" if self.line else self.path.name

    @property
    def refused(self) -> bool:
        """Whether the reference has no result for this case."""
        return self.data.get("err") is True


def read_lines(path: Path) -> Iterator[Case]:
    """The cases of a `.jsonl` file. Raises ValueError naming the line that is no JSON object."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                data = msgspec.json.decode(line, type=Data)
            except msgspec.MsgspecError as error:
                raise ValueError(f"{path}, line {number}: {error}") from None
            yield Case(path.stem, path, number, data)


def read_folder(folder: Path) -> Iterator[Case]:
    """All cases of a folder, family by family: the files in name order, then the scenarios by their prefix.

    A scenario's family is `scenarios/` and its name up to the first hyphen.
    """
    for path in sorted(folder.glob("*.jsonl")):
        yield from read_lines(path)
    for path in sorted((folder / "scenarios").glob("*.yaml"), key=lambda path: (_prefix(path), path.name)):
        yield Case(f"scenarios/{_prefix(path)}", path)


def _prefix(path: Path) -> str:
    return path.stem.split("-", 1)[0]
