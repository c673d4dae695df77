"""Exported histories, and what an audit says of them, whatever the engine. Source: spec/network.md §5, §6."""

import json
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import pytest

from amm.local import LocalChain
from chain.node.audit import Unreadable, audit, verify_records
from chain.node.export import PARA_RECORD, export
from chain.relay.validators import ValidatorSet

LOAD = "amm.runtime.load"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ValidatorSet]:
    chain = LocalChain()
    chain.submit(chain.call("balances.transfer_allow_death", dest="bob", value="5 BSX"), "charlie")
    list(chain.advance(3))
    chain.advance_relay(5)
    folder = tmp_path_factory.mktemp("archive")
    node = chain.node
    assert export(node.archive, node.validators, node.about, node.best.number, folder) == 4
    return folder, node.validators


def copied(archive: Path, to: Path) -> Path:
    for file in archive.iterdir():
        (to / file.name).write_bytes(file.read_bytes())
    return to


def test_a_good_history(archive: tuple[Path, ValidatorSet]) -> None:
    report = audit(*archive, LOAD)
    assert report.ok
    assert [(verdict.number, verdict.ok, verdict.executions) for verdict in report.verdicts] == [
        (number, True, 1) for number in (1, 2, 3, 4)
    ]
    assert [verdict.number for verdict in audit(*archive, LOAD, None, 2, 3).verdicts] == [2, 3]


def test_every_engine_gives_the_same_bytes(archive: tuple[Path, ValidatorSet]) -> None:
    inline = json.dumps(audit(*archive, LOAD).plain())
    with ProcessPoolExecutor(2, get_context("forkserver")) as engine:
        assert json.dumps(audit(*archive, LOAD, engine).plain()) == inline


def test_the_job_is_harmless_to_repeat(archive: tuple[Path, ValidatorSet]) -> None:
    folder, validators = archive
    index = [json.loads(line) for line in (folder / "index.jsonl").read_text().splitlines()]
    places = [(each["offset"], each["length"]) for each in reversed(index)]
    first = verify_records(str(folder / "para-2090.scale"), places, LOAD, len(validators.keys))
    again = verify_records(str(folder / "para-2090.scale"), places, LOAD, len(validators.keys))
    assert [each.plain() for each in first] == [each.plain() for each in again]
    assert [each.number for each in first] == [4, 3, 2, 1]


def test_changed_bytes_are_found(archive: tuple[Path, ValidatorSet], tmp_path: Path) -> None:
    folder, validators = copied(archive[0], tmp_path), archive[1]
    file = folder / "para-2090.scale"
    index = [json.loads(line) for line in (folder / "index.jsonl").read_text().splitlines()]
    data = bytearray(file.read_bytes())
    data[index[1]["offset"] + index[1]["length"] - 40] ^= 1
    file.write_bytes(bytes(data))
    report = audit(folder, validators, LOAD)
    assert not report.ok
    assert [(verdict.number, verdict.error) for verdict in report.verdicts if not verdict.ok] == [
        (2, "Candidate.PoVHashMismatch")
    ]


def test_a_changed_relay_chain_is_found(archive: tuple[Path, ValidatorSet], tmp_path: Path) -> None:
    folder, validators = copied(archive[0], tmp_path), archive[1]
    data = bytearray((folder / "relay.scale").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "relay.scale").write_bytes(bytes(data))
    with suppress(Unreadable):
        assert not audit(folder, validators, LOAD).ok


def test_a_missing_block_breaks_the_line(archive: tuple[Path, ValidatorSet], tmp_path: Path) -> None:
    folder, validators = copied(archive[0], tmp_path), archive[1]
    lines = (folder / "index.jsonl").read_text().splitlines(keepends=True)
    (folder / "index.jsonl").write_text("".join(lines[:1] + lines[2:]))
    assert audit(folder, validators, LOAD).links == ("block 3: Archive.BrokenLine",)


def test_no_archive(tmp_path: Path, archive: tuple[Path, ValidatorSet]) -> None:
    with pytest.raises(Unreadable):
        audit(tmp_path, archive[1], LOAD)
    with pytest.raises(FileExistsError):
        export(None, archive[1], None, 0, archive[0])  # type: ignore[arg-type]


def test_records_hold_all_they_need(archive: tuple[Path, ValidatorSet]) -> None:
    data = (archive[0] / "para-2090.scale").read_bytes()
    size = int.from_bytes(data[:4], "little")
    record = PARA_RECORD.decode(data[4 : 4 + size])
    assert (record.number, record.validation_data.relay_parent_number) == (1, 2)
