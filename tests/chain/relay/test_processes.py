"""Worker processes: who gets a job, what becomes of it when its worker dies, and that nothing is left."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chain.relay.processes import MOST_DEATHS, Processes, WorkerLost

ROOT = Path(__file__).parents[3]


@pytest.fixture
def two() -> Iterator[Processes]:
    with Processes(2) as made:
        yield made


def gone(pid: int) -> bool:
    """Whether the process has ended, or ends within some seconds."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_results_and_refusals(two: Processes) -> None:
    jobs = [two.submit(divmod, 17, number) for number in (5, 0, 4)]
    assert jobs[2].result() == (4, 1)
    with pytest.raises(ZeroDivisionError):
        jobs[1].result()
    assert jobs[0].result() == jobs[0].result() == (3, 2)


def test_none_is_started_before_it_is_needed_and_none_left_after(two: Processes) -> None:
    assert two.pids == []
    two.submit(os.getpid).result()
    pids = two.pids
    assert len(set(pids)) == 2
    assert os.getpid() not in pids
    two.close()
    assert all(map(gone, pids))
    assert two.pids == []
    assert two.submit(len, "abc").result() == 3


def test_the_least_queued_gets_the_job(two: Processes) -> None:
    busy = two.submit(time.sleep, 0.5)
    others = {two.submit(os.getpid).result() for _ in range(5)}
    assert len(others) == 1
    busy.result()
    assert two.submit(os.getpid).result() in two.pids


def test_no_workers() -> None:
    with pytest.raises(ValueError, match="0 workers"):
        Processes(0)


def test_a_job_is_repeated_when_its_worker_dies(two: Processes) -> None:
    jobs = [two.submit(time.sleep, 0.4) for _ in range(2)] + [two.submit(divmod, 9, number) for number in (4, 5)]
    pids = [lane.executor._processes for lane in two._lanes]
    time.sleep(0.1)
    for processes in pids:
        for pid in list(processes or {}):
            os.kill(pid, signal.SIGKILL)
    assert [job.result() for job in jobs] == [None, None, (2, 1), (1, 4)]


def test_an_idle_worker_that_dies(two: Processes) -> None:
    two.submit(os.getpid).result()
    for _ in range(2):
        killed = two.pids
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        assert all(map(gone, killed))
        assert [two.submit(divmod, 9, 4).result() for _ in range(4)] == [(2, 1)] * 4
        assert not set(killed) & set(two.pids)


def test_a_job_that_kills_every_worker(two: Processes) -> None:
    """It is given up; those behind it in the line are not."""
    deadly = two.submit(os._exit, 1)
    behind = [two.submit(divmod, 9, 4) for _ in range(4)]
    with pytest.raises(WorkerLost, match=f"{MOST_DEATHS} worker processes"):
        deadly.result()
    assert [job.result() for job in behind] == [(2, 1)] * 4


SCRIPT = """
import os, sys, time
print("script", flush=True)
from chain.relay.processes import Processes
processes = Processes(2, ("chain.relay.workers",))
jobs = [processes.submit(time.sleep, 0.2) for _ in range(4)]
print(*[pid for lane in processes._lanes for pid in lane.executor._processes], flush=True)
try:
    jobs[-1].result()
    time.sleep(60)
except KeyboardInterrupt:
    processes.close()
    print("closed", flush=True)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_nothing_is_left_when_the_program_ends(tmp_path: Path, how: signal.Signals) -> None:
    """By Ctrl-C, which the whole group gets; or however else. The script runs once, though it has no guard."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True,
        start_new_session=True,
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "script\n"
        pids = [int(word) for word in program.stdout.readline().split()]
        assert len(pids) == 2
        time.sleep(0.1)
        if how is signal.SIGINT:
            os.killpg(program.pid, how)
        else:
            program.send_signal(how)
        out, err = program.communicate(timeout=20)
    assert out == ("closed\n" if how is signal.SIGINT else "")
    if how is signal.SIGINT:
        assert err == ""
    assert "Traceback" not in err  # Python's own resource tracker tidies up after a kill, and says so
    assert all(map(gone, pids))
