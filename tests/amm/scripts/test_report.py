"""The report in JSON, and that it is the same every time."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from amm.scripts import Report, replay_file

Play = Callable[..., Report]

SCENARIOS = Path(__file__).parents[2] / "vectors" / "scenarios"
ALICE = "bXmPf7DcVmFuHEmzH3UX8t6AUkfNQW8pnTeXGhFhqbfngjAak"

REPLAY = """\
import json
import sys
from pathlib import Path
from amm.scripts import replay_file
print(json.dumps({**replay_file(Path(sys.argv[1]), seed=int(sys.argv[2])).plain(), "seconds": 0}))
"""


def document(report: Report) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(report.to_json())
    return found


def test_the_document(play: Play) -> None:
    found = document(
        play(
            "  - label: made\n    as: alice\n    call: xyk.create_pool\n"
            "    args: {asset_a: BSX, amount_a: '100 BSX', asset_b: KSM, amount_b: '1 KSM'}\n"
            "  - {as: bob, call: xyk.remove_liquidity, args: {asset_a: 0, asset_b: 1, liquidity_amount: 0},"
            " expect: {error: XYK.ZeroLiquidity}}\n"
        )
    )
    assert list(found)[:10] == [
        "name", "ok", "blocks", "calls", "failed_expectations", "verified_blocks", "state_root", "block_hash",
        "seconds", "steps",
    ]  # fmt: skip
    assert (found["name"], found["ok"], found["blocks"], found["calls"], found["verified_blocks"]) == (
        "s",
        True,
        2,
        2,
        2,
    )
    assert len(found["state_root"]) == len(found["block_hash"]) == 66 and found["seconds"] > 0
    made, refused = found["steps"]
    assert list(made)[:6] == ["index", "block", "call", "ok", "error", "events"]
    assert (made["index"], made["block"], made["call"], made["ok"], made["error"]) == (
        0,
        1,
        "xyk.create_pool",
        True,
        None,
    )
    assert (made["label"], made["signer"], made["held"], made["line"]) == ("made", "alice", True, 5)
    assert made["figures"]["initial_shares_amount"] == 100_000_000_000_000
    created = next(event for event in made["events"] if event["event"] == "PoolCreated")
    assert created["pallet"] == "XYK" and created["fields"]["who"] == ALICE
    candidate = made["candidate"]
    assert {"available", "approved_by", "finalized"} < set(candidate)
    assert candidate["executions"] >= 1 and len(candidate["backed_by"]) == 2 and candidate["pov_bytes"] > 1_000
    assert found["relay"]["executions"] == sum(step["candidate"]["executions"] for step in found["steps"])
    assert (refused["ok"], refused["held"], refused["error"]) == (False, True, "XYK.ZeroLiquidity")
    assert found["pools"]["before"] == []
    (pool,) = found["pools"]["after"]
    assert (pool["kind"], [held["symbol"] for held in pool["assets"]]) == ("xyk", ["BSX", "KSM"])
    assert [held["reserve"] for held in pool["assets"]] == [100_000_000_000_000, 1_000_000_000_000]


def test_a_failed_expectation(play: Play) -> None:
    found = document(play("  - {label: none, as: zoe, call: system.remark, args: {remark: a}}\n"))
    (failed,) = found["failed_expectations"]
    assert found["ok"] is False
    assert {key: failed[key] for key in ("step", "label", "kind", "expected", "found", "line")} == {
        "step": 0, "label": "none", "kind": "error", "expected": None, "found": "Invalid.Payment", "line": 5
    }  # fmt: skip


def test_launches_are_pools_too() -> None:
    report = replay_file(SCENARIOS / "lbp-create-pool.yaml")
    assert {pool.kind for pool in report.pools_after} == {"lbp"}


@pytest.mark.parametrize("name", ["money-fee-currency", "lbp-sequence-1"])
def test_two_replays_are_the_same(name: str) -> None:
    first, second = (document(replay_file(SCENARIOS / f"{name}.yaml")) for _ in range(2))
    assert first.pop("seconds") > 0 and second.pop("seconds") > 0
    assert first == second


def test_another_process_gives_the_same() -> None:
    """Whatever Python's hash seed is."""
    script = SCENARIOS / "runtime118-xyk-trades.yaml"
    lines = []
    for seed in ("0", "1", "4711"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", REPLAY, str(script), "3"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        lines.append(done.stdout)
    assert len(set(lines)) == 1 and json.loads(lines[0])["ok"] is True
