"""`basilisk relay verify`, `export` and `audit`: what they print, in which words they refuse, with which status."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from chain.node.manifest import Manifest

Run = Callable[..., Result]
ReadJson = Callable[..., Any]


@pytest.fixture
def history(traded: Path, run: Run) -> Path:
    """The market's history, exported."""
    run("chain advance 3")
    run("relay export history")
    return Path("history")


def test_export(history: Path, run: Run, read_json: ReadJson) -> None:
    assert sorted(file.name for file in history.iterdir()) == [
        "chain.json", "index.jsonl", "para-2090.scale", "relay.scale",
    ]
    found = read_json("relay export again")
    assert found == {
        "directory": "again",
        "blocks": 5,
        "relay_blocks": read_json("relay status")["block"] + 1,
        "digest": json.loads((history / "chain.json").read_text())["digest"],
    }
    refused = run("relay export again", 2).stderr
    assert refused.startswith("error: again cannot be written: again is there already, and not an empty folder\n")
    assert "cannot be written: file exists" in run("relay export again/chain.json/x", 2).stderr


def test_audit_of_a_folder_and_of_the_store(history: Path, run: Run, read_json: ReadJson) -> None:
    copied, own = read_json("relay audit history"), read_json("relay audit")
    assert copied["ok"] is own["ok"] is True
    assert [verdict["number"] for verdict in own["verdicts"]] == [1, 2, 3, 4, 5]
    assert copied.pop("digest") == json.loads((history / "chain.json").read_text())["digest"]
    assert own.pop("digest") is None
    assert copied == own
    assert own["relay"] == {"blocks": read_json("relay status")["block"] + 1, "error": None}
    text = run("relay audit history").stdout
    for line in ("blocks\t5", "good\t5", "failed\t0", "not judged\t0", "executions\t5", "relay chain\tgood"):
        assert f"{line}\n" in text
    run("chain advance 1")
    assert len(read_json("relay audit")["verdicts"]) == 6
    assert len(read_json("relay audit history")["verdicts"]) == 5


def test_a_chain_that_is_taken_for_an_archive(run: Run) -> None:
    run("chain init --data-dir mine")
    said = run("relay audit mine", 2).stderr
    assert said.startswith("error: mine cannot be read as a history: chain.json: ")
    assert said.endswith(" help: it is a chain: `basilisk --data-dir mine relay audit`\n")


def test_every_engine_prints_the_same_bytes(history: Path, run: Run) -> None:
    one, two, three = (run(f"relay audit history --json --engine {engine}").stdout for engine in
                       ("inline", "processes:1", "processes:2"))
    assert one == two == three
    assert run("relay audit --json --engine processes:2").stdout == run("relay audit --json").stdout


def test_ranges(history: Path, run: Run, read_json: ReadJson) -> None:
    found = read_json("relay audit history --from 2 --to 3")
    assert (found["from"], found["to"], [verdict["number"] for verdict in found["verdicts"]]) == (2, 3, [2, 3])
    assert read_json("relay audit --from 4")["from"] == 4
    for line, error in (
        ("relay audit history --from 3 --to 2", "block 3 comes after block 2"),
        ("relay audit history --from 6", "there is no block 6: the history has blocks 1 to 5"),
        ("relay audit --to 6", "there is no block 6: the history has blocks 1 to 5"),
        ("relay audit --from 0", "0 is too small: 1 is the least"),
        ("relay verify --from 3 --to 1", "there is nothing to verify from block 3 to block 1"),
        ("relay verify --to genesis", "there is nothing to verify from block 1 to block 0"),
        ("relay verify --from 6", "there is no block 6"),
        ("relay verify --to first", "'first' is no block"),
    ):
        refused = run(line, 2)
        assert error in refused.stderr
        assert " help: " in refused.stderr
        assert refused.stdout == ""


def test_what_is_no_engine_and_no_number_of_workers(history: Path, run: Run) -> None:
    for engine in ("threads:2", "processes", "processes:two", "inline:1", "dask:", "dask:somewhere", "dask:udp://h:1"):
        refused = run(f"relay audit history --engine {engine}", 2).stderr
        assert "help: write inline, processes:2, or dask:tcp://HOST:8786" in refused
    for engine in ("processes:0", "processes:1000", "processes:99999999999999999999"):
        assert "is no number of workers" in run(f"relay audit history --engine {engine}", 2).stderr
    for count in ("two", "-1", "1.5", "257", "''", "٣"):
        assert "is no number of workers\n help: write 0 to 256" in run(f"relay verify --workers={count}", 2).stderr


def test_a_cluster_that_is_not_there(history: Path, run: Run) -> None:
    refused = run("relay audit history --engine dask:tcp://127.0.0.1:1", 3).stderr
    assert refused.startswith("error: there is no Dask scheduler at tcp://127.0.0.1:1: connection refused\n help: ")


def test_an_archive_that_cannot_be_read(history: Path, run: Run) -> None:
    refused = run("relay audit nowhere", 2)
    assert refused.stderr == (
        "error: nowhere cannot be read as a history: chain.json: No such file or directory\n"
        " help: `relay export` makes one\n"
    )
    assert refused.stdout == ""
    (history / "index.jsonl").write_bytes(b"")
    assert "index.jsonl: 0 of 5 lines" in run("relay audit history", 2).stderr


def test_a_history_that_does_not_hold(history: Path, run: Run, read_json: ReadJson) -> None:
    line = json.loads((history / "index.jsonl").read_text().splitlines()[2])
    data = bytearray((history / "para-2090.scale").read_bytes())
    data[line["offset"] + line["length"] - 9] ^= 1
    (history / "para-2090.scale").write_bytes(bytes(data))
    found = read_json("relay audit history", 1)
    assert found["ok"] is False
    assert [verdict["number"] for verdict in found["verdicts"] if not verdict["ok"]] == [3]
    refused = run("relay audit history", 1)
    assert "2090\t3\tCandidate.PoVHashMismatch\n" in refused.stdout
    assert refused.stderr.startswith(
        "error: the history does not hold: para 2090 fails first at block 3: Candidate.PoVHashMismatch\n"
    )
    assert read_json("relay audit history --from 4")["ok"] is True
    relay = bytearray((history / "relay.scale").read_bytes())
    relay[4 + 32 + 1] ^= 1  # in block 0: behind its length, the parent's hash and its number is the state root
    (history / "relay.scale").write_bytes(bytes(relay))
    refused = run("relay audit history", 1)
    assert refused.stderr.startswith("error: the history does not hold: relay chain: relay block 0: Archive.Wrong")


def test_a_runtime_that_is_not_here(history: Path, run: Run, read_json: ReadJson, monkeypatch: Any) -> None:
    """Nobody says that the history is good, nor that it is not."""
    monkeypatch.setattr("basilisk_cli.engines.RUNTIMES", "amm.runtime.elsewhere")
    found = read_json("relay audit history", 2)
    assert found["ok"] is None
    assert {(verdict["ok"], verdict["executions"]) for verdict in found["verdicts"]} == {(None, 0)}
    refused = run("relay audit history", 2)
    assert refused.stderr.startswith("error: 5 of 5 blocks could not be judged\n help: audit it where the runtime")
    assert "2090\t1\tCandidate.CodeHashMismatch: amm.runtime.elsewhere is not here" in refused.stdout


def test_verify_with_workers(traded: Path, run: Run, read_json: ReadJson) -> None:
    run("chain advance 20")
    found = [read_json(f"relay verify --workers {count}") for count in ("0", "1", "2", "auto")]
    assert all(each.pop("seconds") > 0 for each in found)
    assert found[0] == {"blocks": 22, "verified": 22, "failed": [], "executions": 22}
    assert found == found[:1] * 4


def test_a_chain_without_blocks(folder: Path, run: Run, read_json: ReadJson) -> None:
    run("chain init")
    assert read_json("relay verify")["blocks"] == 0
    assert read_json("relay audit")["verdicts"] == []
    run("relay export history")
    assert read_json("relay audit history")["ok"] is True
    assert "no blocks yet" in run("relay audit --from 1", 2).stderr


def test_the_digest_is_what_tells_two_histories_apart(history: Path, run: Run, read_json: ReadJson) -> None:
    """An earlier export of the same chain is whole; it is the digest, and the heads, that are others."""
    run("chain advance 1")
    run("relay export later")
    told = [Manifest.read((Path(name) / "chain.json").read_text()) for name in ("history", "later")]
    assert [each.best.number for each in told] == [5, 6]
    assert told[0].digest != told[1].digest
    audited = [read_json(f"relay audit {name}")["digest"] for name in ("history", "later")]
    assert audited == [each.digest for each in told]
