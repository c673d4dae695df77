"""`basilisk chain`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from amm.local import LocalChain
from chain.node.lock import Lock

Run = Callable[..., Result]
ReadJson = Callable[..., Any]


def test_init_says_what_was_made(run: Run, folder: Path) -> None:
    text = run("chain init").stdout
    assert text.startswith("Made the chain local in .basilisk/local.\n")
    assert "assets\tBSX, KSM, KUSD, TKN\n" in text
    assert "relay\t4 validators, seed 0, verify shared\n" in text
    assert (folder / ".basilisk" / "local" / "data.mdb").exists()


SPEC = "name: other\npallets: [sudo]\nbalances: {alice: {BSX: '1_000 BSX'}}\n"


def test_a_chain_of_ones_own_file(run: Run, folder: Path) -> None:
    (folder / "my.yaml").write_text(SPEC)
    assert "basilisk chain init --chain ./my.yaml" in run("--chain ./my.yaml pool list", 3).stderr
    assert "basilisk chain init --chain ./my.yaml" in run("--chain my pool list", 3).stderr
    assert "a file is named by its path: did you mean ./my.yaml?" in run("--chain my chain init", 2).stderr
    text = run("--chain ./my.yaml chain init").stdout
    assert text.startswith("Made the chain other in .basilisk/my.\n")
    assert "look at it\tbasilisk --chain ./my.yaml chain status\n" in text
    for named in ("./my.yaml", "my.yaml", "my"):
        assert "chain\tother\ndata\t.basilisk/my\n" in run(f"--chain {named} chain status").stdout
    result = run("--chain ./my.yaml chain init", 3)
    assert "`basilisk chain reset --chain ./my.yaml`" in result.stderr
    assert "there is my: add --chain my" in run("chain status", 3).stderr
    (folder / "my.yaml").write_text(SPEC.replace("1_000", "2_000"))
    result = run("--chain ./my.yaml chain status", 3)
    assert "is not the one that this chain was made from" in result.stderr
    assert "`basilisk chain reset --chain ./my.yaml`" in result.stderr
    run("--chain ./my.yaml chain reset --yes")
    run("--chain ./my.yaml chain status")


def test_a_chain_that_is_nowhere(run: Run, folder: Path) -> None:
    for named in ("nope", "./nope.yaml"):
        result = run(f"--chain {named} chain status", 3)
        assert f"nor is there a file {named}" in result.stderr
        assert "basilisk, local" in result.stderr
    assert "basilisk chain init --chain basilisk" in run("--chain basilisk chain status", 3).stderr
    assert "basilisk chain init --data-dir there" in run("--data-dir there chain status", 3).stderr


def test_init_over_a_chain_is_an_error(traded: Path, run: Run) -> None:
    before = run("chain status").stdout
    result = run("chain init", 3)
    assert "there is a chain in .basilisk/local already" in result.stderr
    assert "basilisk chain reset" in result.stderr
    assert run("chain status").stdout == before


def test_status_in_json(traded: Path, read_json: ReadJson) -> None:
    status = read_json("chain status")
    with LocalChain.open(traded, readonly=True) as chain:
        best = chain.node.best
        assert status == {
            "chain": "local",
            "block": 2,
            "hash": "0x" + best.hash.hex(),
            "state_root": "0x" + best.state_root.hex(),
            "finalized": "0x" + best.hash.hex(),
            "relay_block": chain.node.relay.head.number,
            "pending": 0,
        }


def test_status_tells_what_is_final(traded: Path, run: Run, read_json: ReadJson) -> None:
    assert f"finalized\t{read_json('chain status')['hash']}\n" in run("chain status").stdout


def test_another_chain_by_name(run: Run, read_json: ReadJson) -> None:
    run("chain init --chain basilisk")
    assert read_json("--chain basilisk chain status")["chain"] == "basilisk"
    result = run("chain status", 3)
    assert "there is basilisk: add --chain basilisk" in result.stderr


def test_an_unknown_chain_spec(run: Run) -> None:
    assert "unknown chain spec 'locel'" in run("chain init --chain locel", 2).stderr


def test_a_chain_spec_from_a_file(folder: Path, run: Run, read_json: ReadJson) -> None:
    spec = folder / "tiny.yaml"
    spec.write_text('name: tiny\npallets: [sudo]\nbalances: {alice: {BSX: "100_000 BSX"}}\n')
    run("chain init --chain tiny.yaml")
    assert read_json("chain status --chain tiny.yaml")["chain"] == "tiny"
    spec.write_text('name: tiny\npallets: [sudo]\nbalances: {alice: {BSX: "7 BSX"}}\n')
    result = run("chain status --chain tiny.yaml", 3)
    assert "is not the one that this chain was made from" in result.stderr
    assert "100_000 BSX" in result.stderr
    assert read_json("chain status --data-dir .basilisk/tiny")["chain"] == "tiny"


def test_advance_by_blocks_and_to_a_block(traded: Path, read_json: ReadJson) -> None:
    assert read_json("chain advance 3")["block"] == 5
    done = read_json("chain advance --to 7")
    assert (done["block"], done["blocks"], done["relay_blocks"], done["executions"]) == (7, 2, 4, 2)


@pytest.mark.parametrize(("option", "moved"), [("--relay 10", 10), ("--time 1m", 10), ("--time 61s", 11)])
def test_advance_by_time_moves_the_relay_chain_only(traded: Path, read_json: ReadJson, option: str, moved: int) -> None:
    before = read_json("chain status")
    after = read_json(f"chain advance {option}")
    assert after["block"] == before["block"]
    assert after["relay_block"] == before["relay_block"] + moved


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("", "nothing says how far"),
        ("3 --to 5", "N and --to do not go together"),
        ("--to 1", "block 1 is past"),
        ("--time 72", "is no duration"),
        ("x", "invalid value for"),
    ],
)
def test_advance_says_what_is_wrong(traded: Path, run: Run, arguments: str, said: str) -> None:
    assert said in run(f"chain advance {arguments}", 2).stderr


def test_snapshot_and_revert(traded: Path, run: Run, read_json: ReadJson) -> None:
    before = read_json("chain status")
    assert "Snapshot before: block 2" in run("chain snapshot before").stdout
    run("chain advance 3")
    (snapshot,) = read_json("chain snapshots")
    assert (snapshot["name"], snapshot["block"]) == ("before", 2)
    assert "from block 5 to block 2" in run("chain revert before").stdout
    assert read_json("chain status") == before


def test_snapshot_names(traded: Path, run: Run) -> None:
    run("chain snapshot before")
    assert "there is a snapshot 'before' already" in run("chain snapshot before", 2).stderr
    result = run("chain revert after", 2)
    assert "there is no snapshot 'after'" in result.stderr
    assert "before" in result.stderr.splitlines()[1]


@pytest.mark.parametrize("name", ["''", "' '", "'a\tb'", "$'a\x1b[31mb'"])
def test_snapshots_have_names_that_can_be_read(traded: Path, run: Run, read_json: ReadJson, name: str) -> None:
    result = run(f"chain snapshot {name}".replace("$'a", "'a"), 2)
    assert "name" in result.stderr.splitlines()[0]
    assert "help:" in result.stderr.splitlines()[1]
    assert read_json("chain snapshots") == []


def test_reset_asks_first(traded: Path, run: Run, read_json: ReadJson) -> None:
    assert "add --yes" in run("chain reset", 2).stderr
    assert read_json("chain status")["block"] == 2
    run("chain reset --yes")
    assert read_json("chain status")["block"] == 0


def test_reset_of_a_data_dir_keeps_its_spec(folder: Path, run: Run, read_json: ReadJson) -> None:
    run("chain init --chain basilisk --data-dir here")
    run("chain reset --yes --data-dir here")
    assert read_json("chain status --data-dir here")["chain"] == "basilisk"


def test_reset_mends_a_damaged_store(traded: Path, run: Run, read_json: ReadJson) -> None:
    (traded / "data.mdb").write_bytes(b"not a store")
    assert "cannot be opened as a chain" in run("chain status", 3).stderr
    run("chain reset --yes")
    assert read_json("chain status")["block"] == 0


def test_export_is_a_raw_chain_spec(traded: Path, run: Run, folder: Path) -> None:
    document = json.loads(run("chain export").stdout)
    top = document["genesis"]["raw"]["top"]
    assert list(top) == sorted(top)
    with LocalChain.open(traded, readonly=True) as chain:
        assert top["0x" + b":code".hex()] == "0x" + chain.runtime.code.hex()
    run("chain export state.json --at 1")
    earlier = json.loads((folder / "state.json").read_text())
    assert earlier["block"]["number"] == 1
    assert earlier["genesis"]["raw"]["top"] != top


def test_a_busy_chain_can_be_read_not_written(traded: Path, run: Run, read_json: ReadJson) -> None:
    lock = Lock(traded)
    lock.acquire()
    assert read_json("chain status")["block"] == 2
    for line in ("chain advance 1", "chain reset --yes"):
        assert "is in use by process" in run(line, 3).stderr
    lock.release()
    assert read_json("chain advance 1")["block"] == 3


def test_a_url_is_refused_plainly(traded: Path, run: Run) -> None:
    nowhere = "--url ws://localhost:1"
    for line in ("chain status", "pool list"):
        assert "ws://localhost:1 cannot be reached" in run(f"{line} {nowhere}", 3).stderr
    for line in ("chain init", "chain reset --yes"):
        assert "this command works on a data directory" in run(f"{line} {nowhere}", 3).stderr
