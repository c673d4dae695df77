"""`basilisk extrinsic decode`, `make`, `submit` and `block show --follow`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from amm.local import LocalChain
from chain.crypto import ss58
from chain.crypto.hashing import blake2_256
from chain.crypto.keys import dev
from chain.primitives.extrinsic import Extrinsic

Run = Callable[..., Result]
ReadJson = Callable[..., Any]

VECTORS = Path(__file__).parents[1] / "vectors" / "extrinsics.jsonl"
BSX = 10**12
TRANSFER = "extrinsic make currencies.transfer '{dest: bob, currency_id: BSX, amount: \"5 BSX\"}'"


def recorded(pallet: str, call: str, scheme: str = "sr25519") -> dict[str, Any]:
    lines = (json.loads(line) for line in VECTORS.read_text().splitlines())
    return next(
        line
        for line in lines
        if (line.get("pallet"), line.get("call"), line.get("scheme")) == (pallet, call, scheme)
    )


def test_made_decoded_submitted(traded: Path, read_json: ReadJson) -> None:
    before = read_json("account show bob")
    made = read_json(f'{TRANSFER} --as alice --tip "1.5 BSX" --era 50')
    assert read_json("account show bob") == before
    said = read_json(f"extrinsic decode {made['extrinsic']}")
    assert (said["version"], said["call"], said["hash"]) == (4, "currencies.transfer", made["hash"])
    assert (said["signer"], said["scheme"]) == (ss58.encode(dev("alice").account), "sr25519")
    assert (said["era"], said["nonce"], said["tip"]) == ({"period": 64, "phase": 2}, 1, 15 * BSX // 10)
    assert said["args"] == {"dest": ss58.encode(dev("bob").account), "currency_id": 0, "amount": 5 * BSX}
    assert said["bytes"] == len(made["extrinsic"]) // 2 - 1
    receipt = read_json(f"extrinsic submit {made['extrinsic']}")
    assert (receipt["ok"], receipt["block"], receipt["extrinsic_hash"]) == (True, 3, made["hash"])
    moved = {each["name"]: each["after"] - each["before"] for each in receipt["balances"]}
    assert moved == {"bob": 5 * BSX, "alice": -5 * BSX - receipt["fee"]}
    assert receipt["fee"] > 15 * BSX // 10
    assert read_json(f"extrinsic show {made['hash']}")["args"] == said["args"]


def test_decoded_arguments_make_the_same_again(traded: Path, read_json: ReadJson) -> None:
    made = read_json(TRANSFER)
    args = json.dumps(read_json(f"extrinsic decode {made['extrinsic']}")["args"])
    assert read_json(f"extrinsic make currencies.transfer '{args}'") == made


def test_root_signs_through_sudo(traded: Path, run: Run, read_json: ReadJson) -> None:
    made = read_json("extrinsic make system.remark '{remark: hi}' --as root")
    said = read_json(f"extrinsic decode {made['extrinsic']}")
    assert said["call"] == "sudo.sudo"
    assert said["args"]["call"]["call"] == "system.remark"
    text = run(f"extrinsic submit {made['extrinsic']}").stdout
    assert "sudo.sudo is in block 3." in text


@pytest.mark.parametrize("scheme", ["sr25519", "ed25519", "ecdsa"])
def test_a_recorded_extrinsic(traded: Path, run: Run, read_json: ReadJson, scheme: str) -> None:
    known = recorded("lbp", "addLiquidity", scheme)
    said = read_json(f"extrinsic decode {known['extrinsic']}")
    assert (said["call"], said["scheme"], said["hash"]) == ("lbp.add_liquidity", scheme, known["extrinsic_hash"])
    assert (said["nonce"], said["tip"]) == (known["nonce"], int(known["tip"]))
    assert said["signer"] == ss58.encode(bytes.fromhex(known["account"][2:]))
    assert scheme + " 0x" in run(f"extrinsic decode {known['extrinsic']}").stdout
    run(f"extrinsic submit {known['extrinsic']}", 1)


def test_a_call_by_itself(traded: Path, run: Run, read_json: ReadJson) -> None:
    known = recorded("xyk", "buy")
    said = read_json(f"extrinsic decode {known['method']}")
    assert (said["version"], said["signer"], said["call"]) == (None, None, "xyk.buy")
    assert said["hash"] == "0x" + blake2_256(bytes.fromhex(known["method"][2:])).hex()
    assert "a call by itself" in run(f"extrinsic decode {known['method']}").stdout
    assert "extrinsic make" in run(f"extrinsic submit {known['method']}", 2).stderr


def test_a_bare_extrinsic_is_read_and_refused(traded: Path, run: Run, read_json: ReadJson) -> None:
    call = bytes.fromhex(recorded("xyk", "buy")["method"][2:])
    bare = "0x" + Extrinsic.bare(call).raw.hex()
    said = read_json(f"extrinsic decode {bare}")
    assert (said["version"], said["signer"], said["nonce"], said["call"]) == (4, None, None, "xyk.buy")
    run(f"extrinsic submit {bare}", 1)


@pytest.mark.parametrize("written", ["zz", "0x", "0x123", "0x1234", "''"])
def test_bytes_that_say_nothing(traded: Path, run: Run, written: str) -> None:
    for verb in ("decode", "submit"):
        text = run(f"extrinsic {verb} {written}", 2).stderr
        assert text.startswith("error: ")
        assert " help: " in text


def test_an_extrinsic_that_was_cut_or_changed(traded: Path, run: Run, read_json: ReadJson) -> None:
    made = read_json(TRANSFER)["extrinsic"]
    run(f"extrinsic decode {made[:-2]}", 2)
    changed = made[:-2] + f"{int(made[-2:], 16) ^ 1:02x}"
    assert "Invalid.BadProof" in run(f"extrinsic submit {changed}", 1).stderr
    assert read_json("block show")["number"] == 2


@pytest.mark.parametrize(
    "line",
    [
        "system.nope",
        "remark",
        "system.remark",
        "system.remark '[hi]'",
        "system.remark '{remark: hi'",
        "system.remark '{remark: hi}' --era 3",
        "system.remark '{remark: hi}' --nonce 4294967296",
        "system.remark '{remark: hi}' --tip '1 KSM'",
        "system.remark '{remark: hi}' --as @treasury",
    ],
)
def test_what_cannot_be_made(traded: Path, run: Run, line: str) -> None:
    text = run(f"extrinsic make {line}", 2).stderr
    assert text.startswith("error: ")
    assert " help: " in text


def test_nonces_that_were_used_or_are_not_due(traded: Path, run: Run, read_json: ReadJson) -> None:
    for nonce, name in ((0, "Invalid.Stale"), (7, "Invalid.Future")):
        made = read_json(f"{TRANSFER} --nonce {nonce}")
        assert read_json(f"extrinsic decode {made['extrinsic']}")["nonce"] == nonce
        assert name in run(f"extrinsic submit {made['extrinsic']}", 1).stderr
    assert read_json("block show")["number"] == 2


def test_a_call_that_fails_has_a_receipt(traded: Path, run: Run, read_json: ReadJson) -> None:
    made = read_json(
        "extrinsic make currencies.transfer '{dest: bob, currency_id: KSM, amount: \"999_999_999 KSM\"}'"
    )
    result = run(f"extrinsic submit {made['extrinsic']}", 1)
    assert "currencies.transfer failed" in result.stdout
    assert result.stderr.startswith("error: ")


def test_following_blocks(traded: Path, run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One block comes between two looks; then the chain goes back, and another takes its place."""

    def between(seconds: float) -> None:
        with LocalChain.open(traded) as chain:
            if chain.node.best.number == 2:
                chain.snapshot("here")
            else:
                chain.revert("here")
                chain.advance_relay(3)
            list(chain.advance(1))

    monkeypatch.setattr("basilisk_cli.following.sleep", between)
    lines = run("block show 1 --follow --count 4").stdout.splitlines()
    assert [line.split()[1] for line in lines] == ["1", "2", "3", "3"]
    assert len({line.split()[2] for line in lines}) == 4
    assert [line.split("  ")[2] for line in lines] == ["xyk.create_pool", "xyk.sell", "empty", "empty"]
    every = run("block show 2 --follow --count 2 --json").stdout.splitlines()
    assert [json.loads(line)["number"] for line in every] == [2, 3]
    run("block show --count 1", 2)
    run("block show 99 --follow", 2)
