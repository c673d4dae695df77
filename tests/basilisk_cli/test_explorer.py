"""`basilisk block`, `event`, `extrinsic`, `storage`: reading the chain back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from amm.local import LocalChain
from chain.crypto import accounts, ss58
from chain.crypto.keys import dev

Run = Callable[..., Result]
ReadJson = Callable[..., Any]

POOL = accounts.pool("xyk", 0, 1)


def test_block_in_json(traded: Path, read_json: ReadJson) -> None:
    block = read_json("block show 2")
    with LocalChain.open(traded, readonly=True) as chain:
        header, record = chain.node.header(2), chain.node.record(2)
    assert record is not None
    assert list(block) == ["number", "hash", "parent", "state_root", "extrinsics_root", "extrinsics", "candidate"]
    assert (block["number"], block["hash"]) == (2, "0x" + header.hash.hex())
    assert block["state_root"] == "0x" + header.state_root.hex()
    assert block["candidate"] == {
        "hash": "0x" + record.candidate.hash.hex(),
        "pov_bytes": record.pov.size,
        "backed_by": list(record.backed_by),
        "executions": 1,
        "available": True,
        "approved_by": [0, 3],
        "finalized": True,
    }
    calls = [(each["call"], each["ok"], each["error"]) for each in block["extrinsics"]]
    assert calls[-1] == ("xyk.sell", True, None)
    assert [call for call, _, _ in calls[:2]] == ["timestamp.set", "parachain_system.set_validation_data"]
    assert block["extrinsics"][0]["signer"] is None
    assert block["extrinsics"][2]["signer"] == ss58.encode(dev("bob").account)
    sold = [event["fields"] for event in block["extrinsics"][2]["events"] if event["event"] == "SellExecuted"]
    assert sold[0]["pool"] == ss58.encode(POOL)


@pytest.mark.parametrize("written", ["2", "best", "hash", ""])
def test_a_block_by_number_hash_or_place(traded: Path, read_json: ReadJson, written: str) -> None:
    block = read_json("block show 2")
    assert read_json(f"block show {block['hash'] if written == 'hash' else written}") == block


def test_genesis_is_no_candidate(traded: Path, run: Run, read_json: ReadJson) -> None:
    block = read_json("block show genesis")
    assert (block["number"], block["extrinsics"], block["candidate"]) == (0, [], None)
    assert "the genesis block is no candidate" in run("block show 0").stdout


def test_what_is_not_looked_at_is_not_claimed(traded: Path, run: Run) -> None:
    text = run("block show 2").stdout
    assert "available\tyes\napproved\tby validators " in text
    assert "finalized\tyes\n" in text


@pytest.mark.parametrize("written", ["99", "0x" + "00" * 32, "x", "-1", "99999999999999999999"])
def test_an_unknown_block(traded: Path, run: Run, written: str) -> None:
    run(f"block show {written}", 2)


def test_a_failed_call_shows_in_its_block(traded: Path, run: Run, read_json: ReadJson) -> None:
    run('trade sell "1 KSM" --for BSX --min-out "9_999 BSX"', 1)
    failed = read_json("block show best")["extrinsics"][2]
    assert (failed["ok"], failed["error"]) == (False, "XYK.AssetAmountNotReachedLimit")
    blocks = read_json("block list --last 2")
    assert [(block["number"], block["failed"]) for block in blocks] == [(3, 1), (2, 0)]


def test_events(traded: Path, read_json: ReadJson) -> None:
    every = read_json("event list")
    assert {event["block"] for event in every} == {2}
    assert every[0]["extrinsic"] == 0
    (sold,) = read_json("event list --from 0 --only xyk.SellExecuted")
    assert (sold["block"], sold["extrinsic"], sold["fields"]["amount"]) == (2, 2, 1_500_000_000_000)
    names = [event["event"] for event in read_json("event list --from 1 --to 2 --only XYK")]
    assert names == ["PoolCreated", "SellExecuted"]
    assert read_json("event list 1 --only XYK")[0]["event"] == "PoolCreated"


@pytest.mark.parametrize(
    ("line", "what", "hint"),
    [
        ("--only Nope", "there is no pallet 'Nope'", "known: System, "),
        ("--only XKY", "there is no pallet 'XKY'", "did you mean XYK?"),
        ("--only xyk.SelExecuted", "the pallet XYK has no event 'SelExecuted'", "did you mean SellExecuted?"),
        ("--only XYK.", "the pallet XYK has no event ''", "known: "),
        ("--from 2 --to 1", "block 2 comes after block 1", "--from names the earlier one"),
        ("2 --from 1", "2 is one block", "leave one or the other out"),
    ],
)
def test_an_event_filter_that_means_nothing(traded: Path, run: Run, line: str, what: str, hint: str) -> None:
    found = run(f"event list {line}", 2)
    assert found.stdout == ""
    assert what in found.stderr
    assert hint in found.stderr


def test_extrinsic_by_place_and_by_hash(traded: Path, run: Run, read_json: ReadJson) -> None:
    found = read_json("extrinsic show 2-2")
    assert found == read_json(f"extrinsic show {found['hash']}")
    assert found["args"]["amount"] == 1_500_000_000_000
    assert (found["nonce"], found["tip"], found["ok"]) == (0, 0, True)
    assert found["bytes"] == (len(found["raw"]) - 2) // 2
    assert "signer\tbob, nonce 0\n" in run("extrinsic show 2-2").stdout
    assert read_json("extrinsic show 2-0")["fee"] is None


@pytest.mark.parametrize("written", ["2-9", "0-0", "0x" + "00" * 32, "nonsense"])
def test_an_unknown_extrinsic(traded: Path, run: Run, written: str) -> None:
    run(f"extrinsic show {written}", 2)


def test_storage_get(traded: Path, run: Run, read_json: ReadJson) -> None:
    stored = read_json("storage get XYK.TotalLiquidity @xyk:KSM/BSX")
    assert (stored["value"], stored["block"]) == (10**17, 2)
    assert stored["raw"] == "0x" + (10**17).to_bytes(16, "little").hex()
    assert read_json(f"storage get {stored['key']}") == stored
    assert read_json("storage get xyk.total_liquidity @xyk:KSM/BSX --at 0")["value"] is None
    assert "value\t0 by default\n" in run("storage get XYK.TotalLiquidity @xyk:KSM/BSX --at 0").stdout
    assert read_json("storage get Tokens.Accounts bob KSM")["value"]["free"] == 999_998_500_000_000_000
    assert read_json("storage get System.Number")["value"] == 2


def test_storage_get_of_events(traded: Path, read_json: ReadJson) -> None:
    names = [event["event"] for event in read_json("storage get System.Events")["value"]]
    assert "SellExecuted" in names


def test_storage_keys(traded: Path, read_json: ReadJson) -> None:
    (entry,) = read_json("storage keys XYK.ShareToken")
    assert (entry["keys"], entry["value"]) == ([ss58.encode(POOL)], 1_000_001)
    of_bob = read_json("storage keys Tokens.Accounts bob")
    assert sorted(entry["keys"][1] for entry in of_bob) == [1, 2, 3]
    assert len(read_json("storage keys Tokens.Accounts --most 2")) == 2


def test_storage_decode(traded: Path, read_json: ReadJson) -> None:
    assert read_json("storage decode XYK.TotalLiquidity 0x" + "01" + "00" * 15)["value"] == 1
    key = read_json("storage keys XYK.ShareToken")[0]["key"]
    assert read_json(f"storage decode {key}") == {"item": "XYK.ShareToken", "type": "u32", "keys": [ss58.encode(POOL)]}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("get XYK.TotalLiq", "did you mean XYK.TotalLiquidity?"),
        ("get XYK.TotalLiquidity", "has 1 key, not 0"),
        ("get XYK.TotalLiquidity alice bob", "has 1 key, not 2"),
        ("get Tokens.Accounts alice NOPE", "unknown asset 'NOPE'"),
        ("get 0x1234", "belongs to no storage item"),
        ("get 0x123", "is not hex"),
        ("decode XYK.TotalLiquidity 0x00", "u128"),
        ("keys Nothing", "there is no storage item"),
    ],
)
def test_storage_says_what_is_wrong(traded: Path, run: Run, line: str, said: str) -> None:
    assert said in run(f"storage {line}", 2).stderr
