"""Whole programs: what a person at a terminal sees, what a pipe gets, and how a process ends."""

import json
import os
import pty
import re
import shlex
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from fcntl import ioctl
from pathlib import Path

import pytest
from typer.testing import Result

from chain.node.service import Node

Run = Callable[..., Result]

BASILISK = [sys.executable, "-m", "basilisk_cli"]
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


def piped(*line: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*BASILISK, *line], capture_output=True, text=True, env={**os.environ, **(environment or {})})


def at_terminal(*line: str, columns: int, environment: Mapping[str, str] | None = None) -> str:
    """What a terminal of so many columns gets, standard error included; fails unless the status is 0."""
    child, master = pty.fork()
    if child == 0:
        os.execve(BASILISK[0], [*BASILISK, *line], {**os.environ, "TERM": "xterm-256color", **(environment or {})})
    ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    written = b""
    while True:
        try:
            more = os.read(master, 65_536)
        except OSError:  # the other end is closed
            break
        if not more:
            break
        written += more
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, written.decode()
    return written.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("columns", [60, 80, 140])
def test_a_table_at_a_terminal(traded: Path, columns: int) -> None:
    text = at_terminal("pool", "show", "BSX/KSM", columns=columns)
    assert "\x1b[" in text
    lines = ESCAPE.sub("", text).splitlines()
    assert "reserve      99_405.367793240554 BSX" in lines
    assert max(map(len, lines)) <= columns + 10
    assert "…" not in text


REPLAYED = """\
name: wide
steps:
  - label: ten thousand words are not needed here
    as: alice
    call: xyk.create_pool
    args: {asset_a: BSX, amount_a: "100_000 BSX", asset_b: KSM, amount_b: "250 KSM"}
  - {as: bob, call: xyk.sell, args: {asset_in: KSM, asset_out: BSX, amount: "1.5 KSM", max_limit: 1, discount: false}}
"""


@pytest.mark.parametrize("columns", [60, 80, 120, 150, 220])
def test_the_steps_of_a_replay_at_a_terminal(folder: Path, columns: int) -> None:
    (folder / "wide.yaml").write_text(REPLAYED)
    lines = ESCAPE.sub("", at_terminal("replay", "wide.yaml", "--quiet", columns=columns)).splitlines()
    steps = lines[2 : lines.index("", 2)]
    assert max(map(len, steps)) <= columns
    text = "\n".join(steps)
    for whole in ("594.632206759446 BSX", "100_000_000_000_000_000", "1.789264413516 BSX"):
        assert whole in text
    assert "backed" in steps[0]
    assert ("executions" in steps[0]) == (columns >= 120)
    assert ("figures" in steps[0]) == (columns == 220), "lists go below their rows where room is scarce"


def test_no_color_means_no_escapes(traded: Path) -> None:
    text = at_terminal("pool", "list", columns=100, environment={"NO_COLOR": "1"})
    assert "\x1b" not in text
    assert "─" * 20 in text
    assert "\x1b" not in at_terminal("chain", "advance", "3", columns=100, environment={"NO_COLOR": "1"})


def test_a_progress_bar_is_for_terminals(traded: Path) -> None:
    assert "3/3" in at_terminal("chain", "advance", "3", columns=100)
    assert "3/3" not in at_terminal("chain", "advance", "3", "--quiet", columns=100)


def test_a_chart_fits_the_terminal(traded: Path) -> None:
    text = at_terminal("pool", "chart", "BSX/KSM", columns=70, environment={"NO_COLOR": "1"})
    assert "BSX for 1 KSM, blocks 0 to 2" in text
    assert max(map(len, text.splitlines())) <= 70
    assert "\x1b" not in text


def test_a_pipe_gets_tabs_only(traded: Path) -> None:
    found = piped("pool", "list", environment={"FORCE_COLOR": "1", "COLUMNS": "20"})
    assert found.returncode == 0
    header, row = found.stdout.splitlines()
    assert header.split("\t")[0] == "pool"
    assert row.split("\t")[2] == "99_405.367793240554 BSX"
    assert not re.search(r"[\x1b─│…]", found.stdout)


@pytest.mark.parametrize(
    "line", ["storage keys Tokens.Accounts", "--help", "relay --help", "relay log", "chain status --json", "relay show"]
)
def test_a_reader_that_leaves_early_is_no_error(traded: Path, line: str) -> None:
    read, write = os.pipe()
    os.close(read)
    process = subprocess.Popen([*BASILISK, *line.split()], stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    _, said = process.communicate()
    assert process.returncode == 141
    assert said == b""


def test_a_closed_stream_is_no_mistake(traded: Path) -> None:
    line = shlex.join(BASILISK)
    for command, status in ((f"{line} relay log >&-", 0), (f"{line} relay log --lst >&- 2>&-", 2)):
        found = subprocess.run(command, shell=True, capture_output=True, text=True)
        assert (found.returncode, found.stdout, found.stderr) == (status, "", "")


def interrupted(*line: str, begun: Callable[[], bool] | None = None) -> tuple[int, str]:
    """Exit status and standard error of a command that gets a Ctrl-C: once it has `begun`, or printed a line."""
    process = subprocess.Popen(
        [*BASILISK, *line],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # not ignored, as in a background
    )
    assert process.stdout is not None
    if begun is None:
        assert process.stdout.readline()
    while begun is not None and not begun():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    return process.returncode, said


@pytest.mark.parametrize("after", [0, 0.5])
def test_an_interrupt_leaves_a_whole_chain(traded: Path, after: float) -> None:
    def begun() -> bool:
        time.sleep(after)
        return bool((traded / "lock").read_bytes())  # it names the process that writes

    assert interrupted("chain", "advance", "100000", begun=begun) == (130, "interrupted\n")
    verified = piped("relay", "verify", "--quiet")
    assert verified.returncode == 0, verified.stderr


@pytest.mark.parametrize("line", ["relay log --follow", "block show --follow"])
def test_an_interrupt_ends_what_follows(traded: Path, line: str) -> None:
    assert interrupted(*line.split()) == (130, "interrupted\n")


def test_a_trade_that_is_interrupted_does_not_wait_in_the_pool(
    traded: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(node: Node, extrinsics: object = None) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as changed:
        changed.setattr(Node, "seal", interrupt)
        found = run('trade sell "1 KSM" --for BSX', 130)
    assert found.stderr.endswith("interrupted\n")
    assert json.loads(run("chain status --json").stdout)["pending"] == 0


def test_a_chain_that_is_interrupted_while_it_is_made_is_none(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(node: Node, blocks: int) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as changed:
        changed.setattr(Node, "advance_relay", interrupt)
        run("chain init", 130)
    assert "there is no chain" in run("chain status", 3).stderr
    run("chain init")


def test_an_interrupt_answers_a_question(traded: Path) -> None:
    child, master = pty.fork()
    if child == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # where the tests run in a background it is ignored
        os.execve(BASILISK[0], [*BASILISK, "chain", "reset"], {**os.environ, "TERM": "dumb"})
    written = b""
    while b"[y/N]" not in written:
        written += os.read(master, 1024)
    ended = 0
    while not ended:  # a terminal drops what is typed while its mode changes: type it until it is heard
        os.write(master, b"\x03")
        time.sleep(0.1)
        ended, status = os.waitpid(child, os.WNOHANG)
    assert os.waitstatus_to_exitcode(status) == 130
    assert b"interrupted" in os.read(master, 1024)
    assert piped("chain", "status").returncode == 0


def test_exit_status_of_a_process(traded: Path) -> None:
    assert piped("chain", "status").returncode == 0
    assert piped("trade", "sell", "1 KSM", "--for", "BSX", "--min-out", "9_999 BSX").returncode == 1
    assert piped("trade", "sell", "1 KSX", "--for", "BSX").returncode == 2
    assert piped("chain", "status", "--data-dir", "nowhere").returncode == 3


def test_the_same_commands_give_the_same_block(folder: Path) -> None:
    hashes = set()
    for name in ("one", "two"):
        for line in (["chain", "init"], ["pool", "create", "100_000 BSX", "250 KSM"]):
            assert piped(*line, "--data-dir", name).returncode == 0
        hashes.add(piped("chain", "status", "--json", "--data-dir", name).stdout)
    assert len(hashes) == 1
