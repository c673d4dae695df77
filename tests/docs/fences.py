"""The documentation's examples, as they stand in its fences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
FENCE = re.compile(r"^```(\w+)(?: ([\w./-]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Command:
    """One command and what the page says it prints."""

    line: str
    shown: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Fence:
    """A fenced block: its language, the file it is, or is of, if it names one, and its text."""

    language: str
    name: str | None
    text: str

    @property
    def source(self) -> Path | None:
        """The file of the repository that this is an excerpt of."""
        path = ROOT / self.name if self.name else None
        return path if path is not None and path.is_file() else None

    @property
    def runs(self) -> bool:
        return self.language == "console" or (self.language == "python" and self.name is None)


def fences(page: Path) -> Iterator[Fence]:
    for found in FENCE.finditer(page.read_text()):
        yield fence_of(found)


def fence_of(found: re.Match[str]) -> Fence:
    return Fence(found[1], found[2], found[3])


def commands(text: str) -> list[Command]:
    found: list[Command] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append(Command(line[2:]))
        elif found:
            found[-1].shown.append(line)
    return found
