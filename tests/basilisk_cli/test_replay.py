"""`basilisk replay`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

Run = Callable[..., Result]
ReadJson = Callable[..., Any]

SCRIPT = """\
name: small
steps:
  - as: alice
    call: xyk.create_pool
    args: {asset_a: BSX, amount_a: "100_000 BSX", asset_b: KSM, amount_b: "250 KSM"}
  - label: bob sells
    as: bob
    call: xyk.sell
    args: {asset_in: KSM, asset_out: BSX, amount: "1.5 KSM", max_limit: %s, discount: false}
    expect: {balances: {bob: {KSM: %s}}}
  - advance: 2
"""


@pytest.fixture
def good(folder: Path) -> Path:
    (folder / "good.yaml").write_text(SCRIPT % ('"500 BSX"', '"999_998.5 KSM"'))
    return folder


@pytest.fixture
def bad(folder: Path) -> Path:
    (folder / "bad.yaml").write_text(SCRIPT % ('"600 BSX"', '"999_998.5 KSM"'))
    return folder


def test_the_report_for_people(good: Path, run: Run) -> None:
    result = run("replay good.yaml")
    headline, steps, pools, relay = result.stdout.split("\n\n")
    assert headline == "small: everything held."
    assert steps.splitlines()[2] == (
        "1\t2\txyk.sell\tbob\tok\tamount 1.5 KSM, sale_price 594.632206759446 BSX, fee_amount 1.789264413516 BSX"
    )
    assert "xyk BSX/KSM\tKSM\t\t251.5\t+251.5" in pools
    assert "verified\t4 of 4 blocks, each executed by validators from its proof" in relay
    assert "available\tnothing" not in relay
    assert result.stderr == ""
    assert not (good / ".basilisk").exists()


def test_the_report_in_json(good: Path, read_json: ReadJson) -> None:
    report = read_json("replay good.yaml")
    assert (report["name"], report["ok"], report["failed_expectations"]) == ("small", True, [])
    assert (report["blocks"], report["calls"], report["verified_blocks"]) == (4, 2, 4)
    assert [(step["index"], step["call"], step["ok"]) for step in report["steps"]] == [
        (0, "xyk.create_pool", True),
        (1, "xyk.sell", True),
        (2, None, True),
    ]
    sold = [event for event in report["steps"][1]["events"] if event["event"] == "SellExecuted"]
    assert sold[0]["fields"]["amount"] == 1_500_000_000_000


def test_two_replays_end_in_the_same_block(good: Path, read_json: ReadJson) -> None:
    first, second = (read_json("replay good.yaml") for _ in range(2))
    assert first.pop("seconds") > 0
    second.pop("seconds")
    assert first == second


def test_the_seed_decides_who_backs(good: Path, read_json: ReadJson) -> None:
    backers = {
        str(read_json(f"replay good.yaml --seed {seed}")["steps"][0]["candidate"]["backed_by"]) for seed in range(6)
    }
    assert len(backers) > 1


def test_a_failure_names_step_expected_and_found(bad: Path, run: Run, read_json: ReadJson) -> None:
    result = run("replay bad.yaml", 1)
    assert result.stdout.startswith("small: 1 thing went otherwise.\n")
    what, help = result.stderr.splitlines()
    assert what.startswith("error: bad.yaml:")
    assert "step 1 (bob sells): error: expected no error, found XYK.AssetAmountNotReachedLimit" in what
    assert help == " help: the steps after it were not run: --keep-going runs them too"
    report = read_json("replay bad.yaml", 1)
    assert (report["ok"], report["blocks"]) == (False, 2)


def test_keep_going(bad: Path, read_json: ReadJson) -> None:
    assert read_json("replay bad.yaml --keep-going", 1)["blocks"] == 4


def test_a_wrong_file_is_not_run(folder: Path, run: Run) -> None:
    (folder / "wrong.yaml").write_text((SCRIPT % ("0", "0")).replace("xyk.sell", "xyk.sel"))
    result = run("replay wrong.yaml", 2)
    assert "wrong.yaml:8:11" in result.stderr
    assert "did you mean sell" in result.stderr
    assert result.stdout == ""
    assert "there is no file" in run("replay nowhere.yaml", 2).stderr


def test_keep_leaves_a_chain_to_look_at(good: Path, run: Run, read_json: ReadJson) -> None:
    report = read_json("replay good.yaml --keep kept")
    assert read_json("chain status --data-dir kept")["hash"] == report["block_hash"]
    assert read_json("relay verify --data-dir kept")["verified"] == 4
    assert "there is a chain in kept already" in run("replay good.yaml --keep kept", 3).stderr


def test_onto_moves_the_current_chain_on(traded: Path, run: Run, read_json: ReadJson) -> None:
    Path("more.yaml").write_text("name: more\nsteps: [{advance: 3}]\n")
    report = read_json("replay more.yaml --onto")
    assert (read_json("chain status")["block"], report["blocks"]) == (5, 3)
    Path("setup.yaml").write_text("name: more\nsetup: {balances: {}}\nsteps: [{advance: 3}]\n")
    assert "cannot be set up" in run("replay setup.yaml --onto", 2).stderr
    assert "leave --keep, --seed and --verify out" in run("replay more.yaml --onto --seed 3", 2).stderr


def test_verify_full_lets_every_validator_execute(good: Path, read_json: ReadJson) -> None:
    shared, full = (read_json(f"replay good.yaml --verify {how}")["relay"] for how in ("shared", "full"))
    assert (shared["executions"], full["executions"]) == (4, 16), "two backers and two checkers a block"
    assert shared["available"] == shared["approved"] == shared["finalized"] == shared["candidates"]


LAUNCH = """\
name: launch
steps:
  - {as: alice, call: xyk.create_pool, args: {asset_a: BSX, amount_a: "100 BSX", asset_b: KSM, amount_b: "1 KSM"}}
  - as: root
    call: lbp.create_pool
    args: {pool_owner: alice, asset_a: KUSD, asset_a_amount: "20_000 KUSD", asset_b: TKN, asset_b_amount: "1_000 TKN",
           initial_weight: 10_000_000, final_weight: 50_000_000, weight_curve: Linear, fee: [2, 1000],
           fee_collector: alice, repay_target: 0}
    save: {pool: LBP.PoolCreated.pool}
  - {as: alice, call: lbp.update_pool_data, args: {pool_id: $pool, start: 100, end: 200}}
  - advance_relay: 140
  - {as: bob, call: lbp.sell, args: {asset_in: KUSD, asset_out: TKN, amount: "500 KUSD", max_limit: 0}}
  - advance_relay: 100
  - {as: alice, call: xyk.remove_liquidity, args: {asset_a: BSX, asset_b: KSM, liquidity_amount: "100 BSX"}}
  - {as: alice, call: lbp.remove_liquidity, args: {pool_id: $pool}}
  - advance: 2
"""


def test_charts_are_of_launches_too_and_of_pools_that_are_gone(folder: Path, run: Run) -> None:
    (folder / "launch.yaml").write_text(LAUNCH)
    report, xyk, lbp, prices = run("replay launch.yaml --chart").stdout.rsplit("\n\n", 3)
    assert report.startswith("launch: everything held.")
    assert xyk.splitlines()[0] == "xyk: BSX for 1 KSM, blocks 1 to 4; gone after block 4"
    assert xyk.splitlines()[2:] == ["1\t100 BSX", "2\t100 BSX", "3\t100 BSX", "4\t100 BSX"]
    assert lbp.splitlines()[0] == "lbp: KUSD for 1 TKN, TKN/KUSD; gone after block 5"
    rows = [line.split("\t") for line in prices.splitlines()[1:]]
    assert [row[0] for row in rows] == [str(block) for block in range(100, 201)]
    assert rows[0][2:] == ["180", "180"]
    apart = [row[0] for row in rows if row[2] != row[3]]
    assert apart == [str(block) for block in range(int(apart[0]), 201)]  # once bob had bought the price was another
    assert float(rows[-1][3]) > float(rows[-1][2])


def test_a_launch_without_dates_has_no_price_over_time(folder: Path, run: Run) -> None:
    (folder / "undated.yaml").write_text(LAUNCH[: LAUNCH.index("  - {as: alice, call: lbp.update")])
    assert "lbp: TKN/KUSD never had dates" in run("replay undated.yaml --chart").stdout


def test_a_script_without_pools_has_nothing_to_draw(folder: Path, run: Run) -> None:
    (folder / "empty.yaml").write_text("name: empty\nsteps:\n  - advance: 2\n")
    assert "nothing to draw" in run("replay empty.yaml --chart").stderr


def test_charts_of_a_script_onto_a_chain_with_pools(traded: Path, folder: Path, run: Run) -> None:
    (folder / "more.yaml").write_text("name: more\nsteps:\n  - advance: 2\n")
    assert "\n2\t395.249971 BSX\n3\t395.249971 BSX\n4\t" in run("replay more.yaml --onto --chart").stdout


def test_chart_follows_the_report(good: Path, run: Run) -> None:
    assert "block\tprice\n1\t400 BSX\n2\t395.249971 BSX\n" in run("replay good.yaml --chart").stdout


def test_the_script_that_new_writes_runs(folder: Path, run: Run, read_json: ReadJson) -> None:
    run("script new first.yaml")
    assert read_json("replay first.yaml")["ok"]
