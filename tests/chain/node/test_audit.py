"""Exported histories, and what an audit says of them, whatever the engine. Source: spec/network.md §5, §6."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import msgspec
import pytest

from amm.local import LocalChain
from chain.node.archive import number_key
from chain.node.audit import BadRange, audit
from chain.node.export import PARA_RECORD, export
from chain.node.histories import Exported, Stored, Unreadable
from chain.node.issuance import ACCOUNT
from chain.node.judging import batches, verify_bytes, verify_records
from chain.node.manifest import Manifest
from chain.node.records import RELAY_RECORD
from chain.node.store import RELAY, Batch
from chain.pallets.system import System

LOAD = "amm.runtime.load"
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def chain() -> LocalChain:
    made = LocalChain()
    made.submit(made.call("balances.transfer_allow_death", dest="bob", value="5 BSX"), "charlie")
    made.fund("bob", "7 KSM")
    list(made.advance(2))
    made.advance_relay(5)
    return made


@pytest.fixture(scope="module")
def archive(chain: LocalChain, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive") / "history"
    assert exported(chain, folder).records == 4
    return folder


def exported(chain: LocalChain, folder: Path) -> Manifest:
    node = chain.node
    return export(node.archive, node.validators, node.about, folder)


def stored(chain: LocalChain) -> Stored:
    return Stored(chain.node.archive, chain.node.validators, chain.node.about)


def places(archive: Path) -> list[tuple[int, int]]:
    index = [json.loads(line) for line in (archive / "index.jsonl").read_text().splitlines()]
    return [(each["offset"], each["length"]) for each in index]


def test_a_good_history(archive: Path) -> None:
    report = audit(Exported(archive), LOAD)
    assert report.ok
    assert [(verdict.number, verdict.ok, verdict.executions) for verdict in report.verdicts] == [
        (number, True, 1) for number in (1, 2, 3, 4)
    ]
    assert (report.relay, report.problems) == (None, ())
    assert report.digest == json.loads((archive / "chain.json").read_text())["digest"]


def test_the_asset_table(archive: Path) -> None:
    """Seven KSM were issued; what went from hand to hand is no change."""
    (row,) = audit(Exported(archive), LOAD).assets
    assert (row.asset, row.issued, row.burned, row.beyond) == (1, 7 * 10**12, 0, 0)
    assert row.last == (row.first or 0) + 7 * 10**12


def test_money_that_root_wrote_into_the_state_is_told() -> None:
    chain = LocalChain()
    account = chain.account("bob")
    found = chain.state[System].account.get(account)
    richer = msgspec.structs.replace(found, data=msgspec.structs.replace(found.data, free=found.data.free + 11))
    item = f"0x{ACCOUNT.key(account).hex()}", f"0x{ACCOUNT.value.encode(richer).hex()}"
    assert chain.submit(chain.call("system.set_storage", items=[item]), "root").ok
    report = audit(stored(chain), LOAD)
    assert report.ok
    assert [(row.asset, row.issued, row.beyond) for row in report.assets] == [(0, 0, 11)]


def test_the_chains_own_store(chain: LocalChain, archive: Path) -> None:
    own, copied = audit(stored(chain), LOAD).plain(), audit(Exported(archive), LOAD).plain()
    assert own.pop("digest") is None
    copied.pop("digest")
    assert own == copied


def test_every_engine_gives_the_same_bytes(chain: LocalChain, archive: Path) -> None:
    inline = json.dumps(audit(Exported(archive), LOAD).plain())
    with ProcessPoolExecutor(2, get_context("forkserver")) as engine:
        assert json.dumps(audit(Exported(archive), LOAD, engine).plain()) == inline
        assert audit(stored(chain), LOAD, engine).plain() == audit(stored(chain), LOAD).plain()
    assert '"ms"' not in inline


class Far:
    """An engine whose workers see none of the files."""

    def submit(self, fn: Callable[..., object], /, *args: object) -> "Future[object]":
        promise: Future[object] = Future()
        if fn is verify_records:
            promise.set_exception(FileNotFoundError(2, "not here"))
        else:
            promise.set_result(fn(*args))
        return promise


def test_workers_that_cannot_read_the_files_get_the_bytes(archive: Path) -> None:
    assert audit(Exported(archive), LOAD, Far()).plain() == audit(Exported(archive), LOAD).plain()


def test_the_job_is_harmless_to_repeat(archive: Path) -> None:
    backwards = places(archive)[::-1]
    first = verify_records(str(archive / "para-2090.scale"), backwards, LOAD, 4)
    again = verify_records(str(archive / "para-2090.scale"), backwards, LOAD, 4)
    assert [each.verdict.plain() for each in first] == [each.verdict.plain() for each in again]
    assert [each.verdict.number for each in first] == [4, 3, 2, 1]


def test_ranges(archive: Path) -> None:
    history = Exported(archive)
    assert [verdict.number for verdict in audit(history, LOAD, None, 2, 3).verdicts] == [2, 3]
    assert audit(history, LOAD, None, 4).plain()["from"] == 4
    assert audit(history, LOAD, None, None, 1).ok
    parts = [audit(history, LOAD, None, first, last).verdicts for first, last in ((1, 1), (2, 3), (4, 4))]
    told = [verdict.plain() for part in parts for verdict in part]
    assert told == audit(history, LOAD).plain()["verdicts"]
    for first, last in ((3, 2), (5, None), (None, 5), (5, 9)):
        with pytest.raises(BadRange):
            audit(history, LOAD, None, first, last)


def test_who_lacks_the_runtime_abstains(archive: Path) -> None:
    """An abstention is no verdict, and no success."""
    for missing in ("nowhere.at.all", "amm.runtime.nothing", "load"):
        report = audit(Exported(archive), missing)
        assert report.ok is None
        assert {(verdict.ok, verdict.executions) for verdict in report.verdicts} == {(None, 0)}
        assert all((verdict.error or "").startswith("Candidate.CodeHashMismatch") for verdict in report.verdicts)


def test_a_bad_record_names_the_place(archive: Path) -> None:
    offset, length = places(archive)[1]
    data = (archive / "para-2090.scale").read_bytes()[offset + 4 : offset + length]
    error = verify_bytes([data[:-1]], LOAD, 4)[0].verdict.error
    assert re.fullmatch(r"Archive.BadRecord: Vec<u8> needs \d+ bytes at offset \d+, \d+ left", error or "")


def test_batches() -> None:
    def cut(sizes: list[int], most: int) -> list[list[int]]:
        return [list(part) for part in batches([(0, size) for size in sizes], 10, most)]

    assert cut([], 2) == []
    assert cut([4, 4, 4, 4], 9) == [[0, 1], [2, 3]]
    assert cut([1] * 5, 2) == [[0, 1], [2, 3], [4]]
    assert cut([30, 1, 30], 9) == [[0], [1], [2]]


def test_an_empty_chain(tmp_path: Path) -> None:
    chain = LocalChain()
    assert exported(chain, tmp_path / "history").records == 0
    report = audit(Exported(tmp_path / "history"), LOAD)
    assert (report.ok, report.verdicts, report.relay_blocks) == (True, (), 3)
    with pytest.raises(BadRange):
        audit(Exported(tmp_path / "history"), LOAD, None, 1)


def test_after_a_revert(tmp_path: Path) -> None:
    chain = LocalChain()
    list(chain.advance(2))
    chain.snapshot("before")
    list(chain.advance(2))
    chain.revert("before")
    chain.fund("bob", "1 KSM")
    assert audit(stored(chain), LOAD).ok
    exported(chain, tmp_path / "history")
    assert audit(Exported(tmp_path / "history"), LOAD).ok


# -- exporting -------------------------------------------------------------------------------------------------------


def test_records_hold_all_they_need(archive: Path) -> None:
    data = (archive / "para-2090.scale").read_bytes()
    size = int.from_bytes(data[:4], "little")
    record = PARA_RECORD.decode(data[4 : 4 + size])
    assert (record.number, record.validation_data.relay_parent_number) == (1, 2)


def test_an_export_is_the_same_each_time(chain: LocalChain, archive: Path, tmp_path: Path) -> None:
    exported(chain, tmp_path / "again")
    assert {file.name: file.read_bytes() for file in (tmp_path / "again").iterdir()} == {
        file.name: file.read_bytes() for file in archive.iterdir()
    }


def test_an_empty_folder_is_filled_another_one_is_not(chain: LocalChain, archive: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    exported(chain, tmp_path / "empty")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "letter.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for name in ("foreign", "empty", "file"):
        with pytest.raises(FileExistsError):
            exported(chain, tmp_path / name)
    assert [file.name for file in (tmp_path / "foreign").iterdir()] == ["letter.txt"]


def test_an_export_that_fails_leaves_nothing(tmp_path: Path) -> None:
    chain = LocalChain()
    list(chain.advance(2))

    def tired(count: int) -> None:
        raise KeyboardInterrupt

    node = chain.node
    with pytest.raises(KeyboardInterrupt):
        export(node.archive, node.validators, node.about, tmp_path / "history", tired)
    assert list(tmp_path.iterdir()) == []


KILLED = """
import sys, time
from pathlib import Path
from amm.local import LocalChain
from chain.node.export import export

chain = LocalChain()
list(chain.advance(3))
done = 0

def slow(count):
    global done
    done += count
    print(done, flush=True)
    time.sleep(0.05)

node = chain.node
export(node.archive, node.validators, node.about, Path(sys.argv[1]), slow)
"""


def test_a_killed_export_leaves_no_archive(tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", KILLED, str(tmp_path / "history")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == "9":  # of nine relay blocks and three others
                process.send_signal(signal.SIGKILL)
                break
    time.sleep(0.05)
    assert not (tmp_path / "history").exists()
    (left,) = tmp_path.iterdir()
    assert left.name.startswith(".history.")
    with pytest.raises(Unreadable):
        Exported(left)


def test_a_damaged_store_is_unreadable(chain: LocalChain) -> None:
    fork = chain.fork()
    archive, batch = fork.node.archive, Batch()
    record = archive.relay(3)
    archive.put_relay(batch, msgspec.structs.replace(record, block=None))
    archive.storage.write(batch)
    assert audit(stored(fork), LOAD).relay == "relay block 3: Archive.NoBody"
    batch.put(RELAY, number_key(3), RELAY_RECORD.encode(record)[:-3])
    archive.storage.write(batch)
    with pytest.raises(Unreadable, match="the store"):
        audit(stored(fork), LOAD)
