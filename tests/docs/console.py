"""The documentation's examples: found in fences, run on a terminal, compared or refreshed.

The fences of a page are taken in order, in one empty folder:

    ```console          lines `$ command`, each with what it prints below it
    ```yaml pool.yaml   a file, written into the folder for the commands after it
    ```python           a program without a name: it must run
    ```python amm/x.py  a file of the repository: each part of the excerpt stands there

Where something is shown, a line `…` stands for any number of lines, and `…` inside a line for any text; in an excerpt
a line `…` or `# …` leaves code out. `python tests/docs/console.py --refresh` writes what is printed now, and the
generated tables, into the pages; what is left out stays left out.
"""

import multiprocessing
import os
import pty
import re
import select
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import cache
from multiprocessing import connection
from pathlib import Path

from fences import FENCE, ROOT, Fence, commands, fence_of

from basilisk_cli.app import SECTIONS

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
ANY = "…"
CUT = re.compile(r"^[ \t]*(?:# )?…\n", re.MULTILINE)
HASH = re.compile(r"0x[0-9a-f]{64}")
SHORT_HASH = "0x" + ANY
VARYING = re.compile(r"\b\d+(\.\d+)? ?(s|ms)\b|\b\d+/s\b|seconds\"?:?\s+[\d.]+|│?\s*[\d.]+ seconds")
SHELL = re.compile(r"[;|&<>$*`]")
COLUMNS = "100"
PROGRAM = [f"basilisk_cli.commands.{noun}" for nouns in SECTIONS.values() for noun in nouns]
"""What a command imports, but for the libraries that draw."""


# -- running ---------------------------------------------------------------------------------------------------------


def run(line: str, folder: Path) -> tuple[int, list[str]]:
    """Run a command as somebody at a terminal would; its exit status and the lines printed."""
    env = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("BASILISK_", "PYTEST_"))},
        "PATH": str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"],
        "COLUMNS": COLUMNS,
        "LINES": "40",
        "NO_COLOR": "1",
        "TERM": "xterm",
    }
    master, slave = pty.openpty()
    if line.startswith("basilisk ") and not SHELL.search(line):
        status, printed = _run_forked(shlex.split(line), folder, env, master, os.ttyname(slave))
    else:
        status, printed = _run_shell(line, folder, env, master, slave)
    os.close(slave)
    os.close(master)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", printed.decode())
    lines = [shown.rsplit("\r", 1)[-1].rstrip() for shown in text.replace("\r\n", "\n").split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return status, lines


def _run_shell(line: str, folder: Path, env: dict[str, str], master: int, slave: int) -> tuple[int, bytes]:
    process = subprocess.Popen(line, shell=True, cwd=folder, env=env, stdout=slave, stderr=slave, stdin=slave)
    printed = b""
    while process.poll() is None or _readable(master):
        if _readable(master, 0.02):
            printed += os.read(master, 65536)
    return process.returncode, printed


def _readable(fd: int, seconds: float = 0) -> bool:
    return bool(select.select([fd], [], [], seconds)[0])


def _run_forked(
    words: list[str], folder: Path, env: dict[str, str], master: int, terminal: str
) -> tuple[int, bytes]:
    """The program in a process of its own, forked from one that has imported it: that saves most of the time."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["__main__", *PROGRAM])
    process = context.Process(target=_program, args=(words, folder, env, terminal))
    process.start()
    printed = b""
    while master in (ready := connection.wait([process.sentinel, master])) or not ready:
        printed += os.read(master, 65536)
    process.join()
    return process.exitcode or 0, printed


def _program(words: list[str], folder: Path, env: dict[str, str], terminal: str) -> None:
    """`basilisk`, on a terminal."""
    descriptor = os.open(terminal, os.O_RDWR | os.O_NOCTTY)
    for place in range(3):
        os.dup2(descriptor, place)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = words
    from basilisk_cli.__main__ import main

    main()


def write_file(fence: Fence, folder: Path) -> None:
    """The file that a fence is, for the commands after it."""
    path = folder / (fence.name or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(fence.text)


def folder_for(page: Path, folder: Path) -> Path:
    """An empty folder; for the README, which is read in a checkout, one in which `configs/…` can be named."""
    if page.name == "README.md" and not (folder / "configs").exists():
        shutil.copytree(ROOT / "configs", folder / "configs", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


# -- comparing -------------------------------------------------------------------------------------------------------


def same(shown: list[str], printed: list[str]) -> bool:
    """Whether the printed lines are those shown, `…` standing for any number of them; timings may differ."""
    parts = _parts(shown)
    if len(parts) == 1:
        return len(shown) == len(printed) and all(map(_alike, shown, printed))
    first, last = parts[0], parts[-1]
    end = len(printed) - len(last)
    if len(first) > end or not _at(first, printed, 0) or not _at(last, printed, end):
        return False
    at = len(first)
    for part in parts[1:-1]:
        at = next((place for place in range(at, end - len(part) + 1) if _at(part, printed, place)), -1) + len(part)
        if at < len(part):
            return False
    return True


def _parts(shown: list[str]) -> list[list[str]]:
    """The lines between the `…`: one part more than there are of those."""
    parts: list[list[str]] = [[]]
    for line in shown:
        if line.strip() == ANY:
            parts.append([])
        else:
            parts[-1].append(line)
    return parts


def _at(part: list[str], printed: list[str], place: int) -> bool:
    return len(printed) - place >= len(part) and all(
        _alike(line, printed[place + offset]) for offset, line in enumerate(part)
    )


def _alike(shown: str, printed: str) -> bool:
    return _pattern(shown).fullmatch(_steady(printed)) is not None


@cache
def _pattern(shown: str) -> re.Pattern[str]:
    return re.compile(".*".join(map(re.escape, _steady(shown).split(ANY))))


def _steady(line: str) -> str:
    return re.sub(r"\s+", " ", VARYING.sub("T", line)).rstrip()


def excerpt_faults(fence: Fence) -> Iterator[str]:
    """The parts of an excerpt that do not stand in its file, indented as they may be."""
    source = fence.source
    text = _flat(source.read_text()) if source else ""
    for part in CUT.split(fence.text):
        if part.strip() and _flat(part).strip() not in text:
            yield part


def _flat(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines())


# -- refreshing ------------------------------------------------------------------------------------------------------


def refreshed(shown: list[str], printed: list[str]) -> list[str]:
    """What the page is to show of the printed lines: what it left out, it leaves out again."""
    if same(shown, printed):
        return shown
    if any(SHORT_HASH in line for line in shown):
        printed = [HASH.sub(SHORT_HASH, line) for line in printed]
    first, *parts = _parts(shown)
    if not parts:
        return _kept(first, printed)
    *middle, last = parts
    lines, at, end = _kept(first, printed[: len(first)]), len(first), len(printed) - len(last)
    for part in middle:
        at = max(range(at, end - len(part) + 1), key=lambda place: _likeness(part, printed, place), default=at)
        lines += [ANY, *_kept(part, printed[at : at + len(part)])]
        at += len(part)
    return [*lines, ANY, *_kept(last, printed[max(at, end) :])] if last else [*lines, ANY]


def _kept(shown: list[str], printed: list[str]) -> list[str]:
    """The printed lines, those that are as shown in the way in which they are shown."""
    kept = [line if _alike(line, other) else other for line, other in zip(shown, printed, strict=False)]
    return kept + printed[len(kept) :]


def _likeness(part: list[str], printed: list[str], place: int) -> float:
    pairs = zip(part, printed[place : place + len(part)], strict=True)
    return sum(_nearness(line, other) for line, other in pairs)


def _nearness(shown: str, printed: str) -> float:
    if _alike(shown, printed):
        return 2.0
    return SequenceMatcher(None, _steady(shown), _steady(printed)).ratio()


def refresh(page: Path) -> None:
    """Write what the page's commands print now into the page, and the generated tables."""
    from generated import with_tables

    with tempfile.TemporaryDirectory() as name:
        folder = folder_for(page, Path(name))

        def rewritten(found: re.Match[str]) -> str:
            fence = fence_of(found)
            if fence.language != "console":
                if fence.name and fence.source is None:
                    write_file(fence, folder)
                return found[0]
            lines = []
            for command in commands(fence.text):
                _, printed = run(command.line, folder)
                lines += [f"$ {command.line}", *refreshed(command.shown, printed)]
            return "```console\n" + "\n".join(lines) + "\n```"

        page.write_text(FENCE.sub(rewritten, with_tables(page.read_text())))


if __name__ == "__main__" and "--refresh" in sys.argv:
    named = [Path(name).resolve() for name in sys.argv[1:] if not name.startswith("--")]
    for each in named or PAGES:
        print(each.relative_to(ROOT))
        refresh(each)
