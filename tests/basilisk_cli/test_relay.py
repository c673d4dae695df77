"""`basilisk relay`: only what took place is shown."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import Result

from amm.local import LocalChain
from chain.node.archive import Archive
from chain.node.records import BLOCK_RECORD
from chain.node.store import BLOCKS, Batch, LmdbStorage
from chain.relay.block_data import BLOCK_DATA, PoV

Run = Callable[..., Result]
ReadJson = Callable[..., Any]


def test_status(traded: Path, run: Run, read_json: ReadJson) -> None:
    status = read_json("relay status")
    assert (status["validators"], status["included"]) == (4, 2)
    assert status["finalized"] == {"block": status["block"], "hash": status["hash"]}
    assert [core["para"] for core in status["cores"]] == [2090, None]
    assert status["block"] == read_json("chain status")["relay_block"]
    text = run("relay status").stdout
    assert f"final\trelay block {status['block']}, 0 behind\n" in text
    assert "It is no security" in text
    assert status["justification"] == {"round": status["block"], "precommits": [0, 1, 2, 3]}
    assert (status["session"], status["session_start"], status["session_end"]) == (0, 1, 100)
    assert (status["next_rotation"], status["disabled"]) == (11, [])
    assert (status["halted"], status["frozen"]) == (None, None)
    assert sorted(index for group in status["groups"] for index in group) == [0, 1, 2, 3]
    first, second = status["cores"]
    assert (first["group"], first["next_group"]) == (second["next_group"], second["group"])
    assert status["heads"] == [{"para": 2090, "block": 2, "hash": read_json("chain status")["hash"]}]


def test_groups_rotate_when_status_says(traded: Path, run: Run, read_json: ReadJson) -> None:
    before = read_json("relay status")
    run(f"chain advance --relay {before['next_rotation'] - before['block'] - 2}")
    assert read_json("relay status")["cores"][0]["group"] == before["cores"][0]["group"]
    run("chain advance --relay 1")
    after = read_json("relay status")
    assert after["block"] == before["next_rotation"] - 1
    assert after["cores"][0]["group"] == before["cores"][0]["next_group"]
    assert after["next_rotation"] == before["next_rotation"] + 10
    run("chain advance --relay 90")
    assert read_json("relay status")["next_rotation"] == 111, "the groups of the next session"


def test_a_halted_chain_is_read_and_not_continued(traded: Path, run: Run, read_json: ReadJson) -> None:
    """It says why, with a hint and status 1, and is as it was afterwards; reading goes on."""
    storage = LmdbStorage(traded)
    archive, batch = Archive(storage), Batch()
    why = "candidate 0x12 of para 2090, included in relay block 4, is final and concluded invalid"
    archive.put_memory(batch, msgspec.structs.replace(archive.memory, halted=why))
    storage.write(batch)
    storage.close()
    before = read_json("chain status")
    for line in ("chain advance 1", "chain advance --relay 1", "account fund bob '1 BSX'"):
        said = run(line, 1).stderr
        assert f"Finality.SafetyViolation: {why}" in said
        assert "`basilisk chain reset`" in said
    assert read_json("chain status") == before
    assert read_json("relay disputes") == []
    assert read_json("relay status")["halted"].endswith(why)
    assert f"halted\tFinality.SafetyViolation: {why}\n" in run("relay status").stdout
    run("relay verify")


def test_validators(traded: Path, read_json: ReadJson) -> None:
    found = read_json("relay validators")
    assert [validator["index"] for validator in found] == [0, 1, 2, 3]
    assert len({validator["public"] for validator in found}) == 4
    assert sum(validator["author"] for validator in found) == 1
    assert sorted(validator["core"] for validator in found) == [0, 0, 1, 1]
    assert all(validator["stake_percent"] == 100 and validator["offences"] == [] for validator in found)


def test_candidates_agree_with_their_blocks(traded: Path, read_json: ReadJson) -> None:
    best, first = read_json("relay candidates")
    assert (best["block"], first["block"]) == (2, 1)
    assert best.items() >= read_json("block show 2")["candidate"].items()
    assert best["included_in"] == best["backed_in"] + 1
    assert read_json("relay candidates --last 1") == [best]


def test_show_names_the_candidate_it_backed(traded: Path, run: Run, read_json: ReadJson) -> None:
    candidate = read_json("relay candidates --last 1")[0]
    block = read_json(f"relay show {candidate['backed_in']} --relay")
    assert block["candidates"] == [
        {"para": 2090, "block": 2, "votes": len(candidate["backed_by"]), "candidate": candidate["hash"]}
    ]
    assert (block["finalized"], block["justified"]) == (True, True)
    assert read_json("relay show --relay")["number"] == read_json("relay status")["block"]
    assert read_json("relay show 0 --relay")["author"] is None
    assert "there is no relay block 999" in run("relay show 999 --relay", 2).stderr


def test_show_tells_the_life_of_a_block(traded: Path, run: Run, read_json: ReadJson) -> None:
    candidate = read_json("block show 2")["candidate"]
    life = {each["step"]: each for each in read_json("relay show 2")["life"]}
    assert list(life) == ["built", "backed", "available", "included", "checked", "final"]
    assert [life[step]["relay"] for step in life] == [4, 5, 6, 6, 6, 6]
    assert life["backed"]["validators"] == candidate["backed_by"]
    assert life["available"]["validators"] == [0, 1, 2, 3]
    assert life["checked"]["validators"] == candidate["approved_by"]
    assert len(set(candidate["backed_by"]) & set(candidate["approved_by"])) == 0
    assert (candidate["available"], candidate["finalized"]) == (True, True)
    assert life["final"]["validators"] == [0, 1, 2, 3]
    assert [life[step]["slot"] for step in life] == [4, 5, 6, 6, 6, 6]
    assert "checked\t6\t6\t" in run("relay show").stdout


def test_show_takes_a_number_a_hash_and_best(traded: Path, run: Run, read_json: ReadJson) -> None:
    shown = read_json("relay show 1")
    assert shown["hash"] == read_json("block show 1")["hash"]
    assert read_json(f"relay show {shown['hash']}") == shown
    assert read_json("relay show best") == read_json("relay show 2") == read_json("relay show")
    assert (shown["executions"], shown["slots_to_inclusion"], shown["slots_to_finality"]) == (1, 2, 2)
    relay = read_json("relay show --relay 4")
    assert read_json(f"relay show --relay {relay['hash']}") == relay
    assert (relay["included"], relay["bitfields"]) == ([shown["candidate"]], [0, 1, 2, 3])
    assert (relay["round"], relay["precommits"]) == (4, [0, 1, 2, 3])


@pytest.mark.parametrize(
    ("line", "what", "hint"),
    [
        ("0", "the genesis block is no candidate", "name a block from 1 on"),
        ("77", "there is no block 77", "the best block is 2"),
        ("0x" + "ab" * 32, "there is no block 0xabab", "the best block is 2"),
        ("soon", "'soon' is no block", "write a number, a hash, best or genesis"),
        ("77 --relay", "there is no relay block 77", "the head of the relay chain is 6"),
        ("0x" + "ab" * 32 + " --relay", "there is no relay block 0xabab", "may have abandoned it"),
        ("soon --relay", "'soon' is no relay block", "write a number, a hash, best or genesis"),
    ],
)
def test_show_of_a_block_that_is_not_there(traded: Path, run: Run, line: str, what: str, hint: str) -> None:
    found = run(f"relay show {line}", 2)
    assert found.stdout == ""
    assert what in found.stderr
    assert hint in found.stderr


def test_show_of_a_block_that_was_taken_back(traded: Path, run: Run, read_json: ReadJson) -> None:
    run("chain snapshot here")
    run("chain advance 1")
    gone = read_json("block show best")["hash"]
    run("chain revert here")
    shown = read_json(f"relay show {gone}")
    assert (shown["block"], shown["abandoned"], shown["life"]) == (3, True, [])
    assert "abandoned" in run(f"relay show {gone}").stdout


def test_log(traded: Path, run: Run, read_json: ReadJson) -> None:
    (last,) = read_json("relay log --last 1")
    candidate = read_json("block show 2")["candidate"]["hash"]
    assert (last["block"], last["slot"], last["justified"], last["notes"]) == (6, 6, True, [])
    assert last["happened"] == [
        {
            "kind": "included",
            "what": f"block 2 of para 2090 is available and included, {candidate}",
            "validators": [],
            "candidate": candidate,
            "para": 2090,
        }
    ]
    text = run("relay log").stdout.splitlines()
    assert text[0] == "relay block\tslot\twhat\tvalidators\tin words"
    assert text[1:4] == ["0\t0\tnothing\t\t", "1\t1\tnothing\t\t", "2\t2\tnothing\t\t"]
    backers = " ".join(map(str, read_json("block show 2")["candidate"]["backed_by"]))
    assert f"5\t5\tbacked\t{backers}\tblock 2 of para 2090 is backed, {candidate}" in text


def test_disputes_where_nobody_quarrels(traded: Path, run: Run, read_json: ReadJson) -> None:
    assert read_json("relay disputes") == []
    assert len(run("relay disputes").stdout.splitlines()) == 1


def test_verify_executes_every_block_again(traded: Path, run: Run, read_json: ReadJson) -> None:
    run("chain advance 3")
    found = read_json("relay verify")
    assert found.pop("seconds") > 0
    assert found == {"blocks": 5, "verified": 5, "failed": [], "executions": 5}
    assert read_json("relay verify --from 2 --to 3")["blocks"] == 2


def _forge(data: Path, change: Callable[[Any], Any]) -> None:
    """Change what is stored of block 2."""
    with LocalChain.open(data) as chain:
        block_hash, record = chain.node.best.hash, chain.node.record(2)
        batch = Batch()
        batch.put(BLOCKS, block_hash, BLOCK_RECORD.encode(change(record)))
        chain.node.archive.storage.write(batch)


def _without_last_node(record: Any) -> Any:
    data = BLOCK_DATA.decode(record.pov.block_data)
    shorter = msgspec.structs.replace(data, proof=data.proof[:-1])
    return msgspec.structs.replace(record, pov=PoV(BLOCK_DATA.encode(shorter)))


def _other_body(record: Any) -> Any:
    data = BLOCK_DATA.decode(record.pov.block_data)
    header = msgspec.structs.replace(data.header, state_root=bytes(32))
    return msgspec.structs.replace(record, pov=PoV(BLOCK_DATA.encode(msgspec.structs.replace(data, header=header))))


@pytest.mark.parametrize(
    ("change", "error"),
    [(_without_last_node, "Candidate.PoVHashMismatch"), (_other_body, "Candidate.PoVHashMismatch")],
)
def test_verify_finds_what_was_changed(
    traded: Path, run: Run, read_json: ReadJson, change: Callable[[Any], Any], error: str
) -> None:
    _forge(traded, change)
    found = read_json("relay verify", 1)
    assert (found["blocks"], found["verified"]) == (2, 1)
    assert found["failed"][0]["block"] == 2
    assert error in found["failed"][0]["error"]
    assert "1 of 2 blocks are not what validators would sign for" in run("relay verify", 1).stderr
