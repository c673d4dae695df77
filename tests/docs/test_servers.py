"""Commands that the documentation shows and that do not end by themselves: nodes, and what is asked of them.

They stand in `sh` fences, a command a line with a comment. Each node is started as it is shown, but on a free port, and
stopped by Ctrl-C; each `curl` is asked of a node that runs.
"""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from console import PAGES, ROOT
from fences import fences

SHOWN = [
    pytest.param(line.split("#")[0].strip(), id=f"{page.stem}: {line.split('#')[0].strip()}")
    for page in PAGES
    for fence in fences(page)
    if fence.language == "sh"
    for line in fence.text.splitlines()
    if line.strip()
]
DEFAULT = "http://127.0.0.1:9944"


def read(text: Any) -> dict[str, Any]:
    """The JSON document that a node begins with: lines up to the closing brace."""
    lines = iter(text.readline, "")
    document = "".join(_up_to_brace(lines))
    found: dict[str, Any] = json.loads(document)
    return found


def _up_to_brace(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line
        if line == "}\n":
            return


@contextmanager
def node(folder: Path, words: list[str]) -> Iterator[str]:
    """A node started with these words, on a free port; its address. It must stop by Ctrl-C with status 0."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("BASILISK_")}
    line = [sys.executable, "-m", "basilisk_cli", *words, "--port", "0", "--json"]
    process = subprocess.Popen(
        line, cwd=folder, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    try:
        yield str(read(process.stdout)["url"]).replace("ws://", "http://")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


@pytest.mark.parametrize("line", SHOWN)
def test_a_shown_command_does_what_it_is_for(line: str, tmp_path: Path) -> None:
    words = shlex.split(line)
    if words[0] == "curl":
        assert words[1].startswith(DEFAULT), "it is asked of the node on the default port"
        with node(tmp_path, ["node", "run"]) as url, urllib.request.urlopen(words[1].replace(DEFAULT, url)) as answer:
            assert answer.status == 200
            assert json.load(answer)
        return
    assert words[:3] == ["basilisk", "node", "run"], "only nodes and what is asked of them stand in an sh fence"
    with node(tmp_path, words[1:]) as url, urllib.request.urlopen(f"{url}/health") as answer:
        assert answer.status == 200


def test_the_default_port_is_the_one_that_pages_name() -> None:
    text = (ROOT / "docs" / "clients.md").read_text()
    assert DEFAULT.rpartition(":")[2] in set(re.findall(r"127\.0\.0\.1:(\d+)", text))
    assert len(SHOWN) >= 5
