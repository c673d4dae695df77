"""A node as its users run it: `basilisk node run` in a process of its own, on a port that the system chooses."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
MODULES, PYTHON = HERE / "node_modules", HERE / ".venv" / "bin" / "python"
INSTALL = "run `make clients`, which installs the clients that these tests run"
SECONDS = 240


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "basilisk_cli", "node", "run", "--port", "0", "--json", "--data-dir", "chain"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as node:
        assert node.stdout is not None
        lines = []
        while line := node.stdout.readline():
            lines.append(line)
            if line.rstrip() == "}" or line.startswith('{"'):
                break
        assert lines, node.stderr.read() if node.stderr else ""
        yield json.loads("".join(lines))["url"]
        node.terminate()
        _, log = node.communicate(timeout=20)
    assert node.returncode == 0, log
    assert "error:" not in log, log


@pytest.fixture
def run_node(url: str) -> Callable[[str], Any]:
    """Runs a JavaScript client against the node; what it saw."""
    if shutil.which("node") is None:
        pytest.skip("there is no node (Node.js) here to run this client")

    def run(script: str) -> Any:
        assert MODULES.is_dir(), INSTALL
        return _seen([str(shutil.which("node")), str(HERE / script), url])

    return run


@pytest.fixture
def run_python(url: str) -> Callable[[str], Any]:
    """Runs a Python client in its own environment; what it saw."""

    def run(script: str) -> Any:
        assert PYTHON.exists(), INSTALL
        return _seen([str(PYTHON), str(HERE / script), url])

    return run


def _seen(command: list[str]) -> Any:
    ended = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert ended.returncode == 0, ended.stderr[-4000:]
    return json.loads(ended.stdout.splitlines()[-1])
