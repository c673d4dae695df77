"""Whole programs: what a person at a terminal sees, what a pipe gets, and how a process ends."""

import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping
from fcntl import ioctl
from pathlib import Path

import pytest

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


def test_a_reader_that_leaves_early_is_no_error(traded: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    process = subprocess.Popen([*BASILISK, "storage", "keys", "Tokens.Accounts"], stdout=write, stderr=subprocess.PIPE)
    os.close(write)
    _, said = process.communicate()
    assert process.returncode == 141
    assert said == b""


def test_an_interrupt_leaves_a_whole_chain(traded: Path) -> None:
    process = subprocess.Popen(
        [*BASILISK, "chain", "advance", "100000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate()
    assert process.returncode == 130, said
    assert b"Traceback" not in said
    verified = piped("relay", "verify", "--quiet")
    assert verified.returncode == 0, verified.stderr


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
