"""Commands shown in the documentation: found in ```console fences, run on a terminal, compared or refreshed.

A fence holds lines `$ command` with what each prints below it. The fences of one page run one after another in one
empty folder. A line `…` stands for any number of lines. `python tests/docs/console.py --refresh` writes what is
printed now into the pages.
"""

import os
import pty
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANY = "…"
VARYING = re.compile(r"\b\d+(\.\d+)? (s|ms|trades/s|blocks/s)\b|seconds\s+[\d.]+|│?\s*[\d.]+ seconds")
COLUMNS = "100"


@dataclass
class Command:
    """One command and what the page says it prints."""

    line: str
    shown: list[str] = field(default_factory=list)
    exit_status: int = 0


def commands(fence: str) -> list[Command]:
    found: list[Command] = []
    for line in fence.splitlines():
        if line.startswith("$ "):
            found.append(Command(line[2:]))
        elif found:
            found[-1].shown.append(line)
    return found


def fences(page: Path) -> Iterator[re.Match[str]]:
    return FENCE.finditer(page.read_text())


def run(line: str, folder: Path) -> tuple[int, list[str]]:
    """Run a command as somebody at a terminal would; its exit status and the lines printed."""
    home = str(Path(sys.executable).parent)
    env = {
        **os.environ,
        "PATH": home + os.pathsep + os.environ["PATH"],
        "COLUMNS": COLUMNS,
        "LINES": "40",
        "NO_COLOR": "1",
        "TERM": "xterm",
    }
    master, slave = pty.openpty()
    process = subprocess.Popen(line, shell=True, cwd=folder, env=env, stdout=slave, stderr=slave, stdin=slave)
    os.close(slave)
    printed = b""
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:
            break
        if not part:
            break
        printed += part
    os.close(master)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", printed.decode())
    lines = [shown.rsplit("\r", 1)[-1].rstrip() for shown in text.replace("\r\n", "\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return process.wait(), lines


def same(shown: list[str], printed: list[str]) -> bool:
    """Whether the printed lines are those shown, `…` standing for any number of them; timings may differ."""
    if not shown:
        return not printed
    if shown[0].strip() == ANY:
        return any(same(shown[1:], printed[at:]) for at in range(len(printed) + 1))
    return bool(printed) and _steady(shown[0]) == _steady(printed[0]) and same(shown[1:], printed[1:])


def _steady(line: str) -> str:
    return re.sub(r"\s+", " ", VARYING.sub("T", line)).rstrip()


def folder_for(page: Path, folder: Path) -> Path:
    """An empty folder in which `configs/…` can be named as in a checkout."""
    if not (folder / "configs").exists():
        (folder / "configs").symlink_to(ROOT / "configs")
    return folder


def refresh(page: Path) -> None:
    """Write what the page's commands print now into the page."""
    with tempfile.TemporaryDirectory() as name:
        folder = folder_for(page, Path(name))

        def rewritten(fence: re.Match[str]) -> str:
            out = []
            for command in commands(fence[1]):
                _, printed = run(command.line, folder)
                keep = command.shown if ANY in (line.strip() for line in command.shown) else printed
                out += [f"$ {command.line}", *(command.shown if same(command.shown, printed) else keep)]
            return "```console\n" + "\n".join(out) + "\n```"

        page.write_text(FENCE.sub(rewritten, page.read_text()))


if __name__ == "__main__" and "--refresh" in sys.argv:
    for each in PAGES:
        print(each.relative_to(ROOT))
        refresh(each)
