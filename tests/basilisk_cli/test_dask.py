"""An audit on a Dask cluster: a scheduler and two workers, each a process with one thread, on this machine."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket

import pytest
from typer.testing import Result

Run = Callable[..., Result]
ROOT = Path(__file__).parents[2]


@contextmanager
def process(module: str, *arguments: str, path: Path = ROOT) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "PYTHONPATH": str(path)}
    command = [sys.executable, "-m", f"distributed.cli.{module}", *arguments]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet) as started:
        try:
            yield started
        finally:
            started.terminate()


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address."""
    file = tmp_path_factory.mktemp("dask") / "scheduler.json"
    options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(file))
    with process("dask_scheduler", *options):
        for _ in range(300):
            if file.exists() and file.read_text():
                break
            time.sleep(0.1)
        yield json.loads(file.read_text())["address"]


@contextmanager
def workers(scheduler: str, count: int, *more: str, path: Path = ROOT) -> Iterator[subprocess.Popen[bytes]]:
    options = ("--nworkers", str(count), "--nthreads", "1", "--no-dashboard", *more)
    with process("dask_worker", scheduler, *options, path=path) as started:
        yield started


@pytest.fixture
def history(traded: Path, run: Run) -> str:
    run("chain advance 3")
    run("relay export history")
    return "relay audit history"


def test_the_same_bytes_as_inline(scheduler: str, history: str, run: Run) -> None:
    with workers(scheduler, 2):
        told = run(f"{history} --json --engine dask:{scheduler}").stdout
        own = run(f"relay audit --json --engine dask:{scheduler}").stdout
    assert told == run(f"{history} --json").stdout
    assert own == run("relay audit --json").stdout
    assert len(json.loads(told)["verdicts"]) == 5


def test_workers_without_the_program_abstain(scheduler: str, history: str, run: Run, tmp_path: Path) -> None:
    bare = tmp_path / "bare" / "chain"
    bare.mkdir(parents=True)
    (bare / "__init__.py").write_text("raise ModuleNotFoundError('chain is not installed here')")
    with workers(scheduler, 1, path=bare.parent):
        found = run(f"{history} --json --engine dask:{scheduler}", 2)
    document = json.loads(found.stdout)
    assert document["ok"] is None
    assert {(verdict["number"], verdict["ok"]) for verdict in document["verdicts"]} == {(n, None) for n in range(1, 6)}
    assert document["verdicts"][0]["error"].startswith("Candidate.CodeHashMismatch: the worker lacks this program")
    assert "5 of 5 blocks could not be judged" in found.stderr


def test_a_cluster_that_loses_its_workers(
    scheduler: str, history: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The only worker dies of the first job, and no other comes."""
    monkeypatch.setattr("basilisk_cli.cluster.LOOK", 1)
    monkeypatch.setattr("basilisk_cli.cluster.PATIENCE", 2)
    monkeypatch.setattr("basilisk_cli.cluster.CALL", "__import__('os')._exit(1)")
    with workers(scheduler, 1, "--no-nanny"):
        refused = run(f"{history} --engine dask:{scheduler}", 3).stderr
    assert refused.startswith(f"error: the Dask cluster at {scheduler} has lost a batch: ")


def test_a_cluster_without_workers(
    scheduler: str, history: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("basilisk_cli.cluster.TIMEOUT", 1)
    refused = run(f"{history} --engine dask:{scheduler}", 3)
    assert f"error: the Dask cluster at {scheduler} has no workers\n help: start some: `dask worker" in refused.stderr


def test_something_else_listens_there(history: str, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that says nothing is given up in bounded time."""
    monkeypatch.setattr("basilisk_cli.cluster.TIMEOUT", 1)
    with socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        began = time.monotonic()
        refused = run(f"{history} --engine dask:127.0.0.1:{listener.getsockname()[1]}", 3)
    assert refused.stderr.startswith("error: there is no Dask scheduler at 127.0.0.1:")
    assert time.monotonic() - began < 20
