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
    titles, _, sold, _ = (line.split("\t") for line in steps.splitlines())
    assert titles[:5] == ["#", "block", "step", "by", "result"]
    assert titles[5:12] == ["backed", "included", "final", "PoV bytes", "backers", "checkers", "executions"]
    assert titles[12:] == ["label", "figures"]
    assert sold[:8] == ["1", "2", "xyk.sell", "bob", "ok", "5", "6", "6"]
    assert (sold[11], sold[12]) == ("1", "bob sells")
    assert sold[13] == "amount 1.5 KSM, sale_price 594.632206759446 BSX, fee_amount 1.789264413516 BSX"
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


def test_each_step_has_what_the_relay_chain_did(good: Path, run: Run, read_json: ReadJson) -> None:
    report = read_json("replay good.yaml --keep kept")
    seen = {each["block"]: each for each in read_json("relay candidates --data-dir kept")}
    for step in report["steps"]:
        candidate, relay = step["candidate"], seen[step["block"]]
        assert (candidate["relay_backed"], candidate["relay_included"]) == (relay["backed_in"], relay["included_in"])
        assert candidate["relay_final"] == relay["final_in"]
        for name in ("pov_bytes", "backed_by", "approved_by", "executions", "finalized"):
            assert candidate[name] == relay[name]
    assert report["failed_blocks"] == []


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
    assert what.startswith("error: bad.yaml:6: step 1 (bob sells): error: expected no error, found ")
    assert what.endswith("found XYK.AssetAmountNotReachedLimit: It gives less than the limit that was set")
    assert help == " help: lower the limit, or sell more; the steps after it were not run: --keep-going runs them too"
    report = read_json("replay bad.yaml", 1)
    assert (report["ok"], report["blocks"]) == (False, 2)


def test_a_failed_call_is_explained_as_a_trade_is(bad: Path, run: Run) -> None:
    found = run("replay bad.yaml --keep kept", 1).stderr
    trade = 'trade sell --as bob "1.5 KSM" --for BSX --min-out "600 BSX" --data-dir kept'
    what, help = run(trade, 1).stderr.splitlines()
    assert what.removeprefix("error: ") in found
    assert help.removeprefix(" help: ") in found


def test_a_failure_shows_the_life_of_its_block(bad: Path, run: Run, read_json: ReadJson) -> None:
    text = run("replay bad.yaml --keep kept", 1).stdout
    shown = run("relay show 2 --data-dir kept").stdout
    assert text.endswith(f"The life of block 2, in which step 1 failed:\n\n{shown}")
    (life,) = read_json("replay bad.yaml", 1)["failed_blocks"]
    assert life == read_json("relay show 2 --data-dir kept")


UNITS = """\
name: units
steps:
  - as: alice
    call: xyk.create_pool
    args: {asset_a: BSX, amount_a: "100_000 BSX", asset_b: KSM, amount_b: "250 KSM"}
    expect:
      balances: {"@xyk:KSM/BSX": {BSX: 5, 1: "1.5 KSM"}}
      issuance: {KSM: 1}
      events: [XYK.PoolCreated: {who: zoe, asset_a: 0}]
  - as: bob
    call: xyk.sell
    args: {asset_in: KSM, asset_out: BSX, amount: "1.5 KSM", max_limit: 1, discount: false}
    expect: {events: [XYK.SellExecuted: {amount: 7, sale_price: "4 BSX"}]}
  - as: alice
    call: balances.transfer_allow_death
    args: {dest: zoe, value: "5 BSX"}
    expect: {events: [Balances.Transfer: {to: zoe, amount: "6 BSX"}], reserved: {zoe: {BSX: 1_000_000_000_000}}}
"""


def test_amounts_of_one_failure_are_in_one_unit(folder: Path, run: Run, read_json: ReadJson) -> None:
    (folder / "units.yaml").write_text(UNITS)
    found = [line for line in run("replay units.yaml --keep-going", 1).stderr.splitlines() if "error:" in line]
    texts = [line.partition(": step ")[2] for line in found]
    assert "0: balances: expected @xyk:KSM/BSX has 0.000000000005 BSX, found @xyk:KSM/BSX has 100_000 BSX" in texts
    assert "0: balances: expected @xyk:KSM/BSX has 1.5 KSM, found @xyk:KSM/BSX has 250 KSM" in texts
    assert "0: issuance: expected 0.000000000001 KSM, found 6_000_000 KSM" in texts
    assert any(text.startswith("0: events: expected XYK.PoolCreated who zoe, asset_a BSX, found ") for text in texts)
    (sold,) = (text for text in texts if "SellExecuted" in text)
    assert "expected XYK.SellExecuted amount 0.000000000007 KSM, sale_price 4 BSX, found" in sold
    assert "amount 1.5 KSM, sale_price 594.632206759446 BSX" in sold
    (paid,) = (text for text in texts if "Balances.Transfer" in text)
    assert "expected Balances.Transfer to zoe, amount 6 BSX, found" in paid
    assert "to zoe, amount 5 BSX" in paid, "a replay knows the names of its script"
    assert "2: reserved: expected zoe has 1 BSX, found zoe has 0 BSX" in texts
    first = read_json("replay units.yaml", 1)["failed_expectations"]
    assert {"@xyk:KSM/BSX": {"BSX": 5}} in [each["expected"] for each in first], "base units in JSON"


FAULTY = "name: faulty\nsetup: {faults: [%s]}\nsteps: [{advance: 2, label: on}]\n"


def test_a_fault_that_does_not_act(folder: Path, run: Run) -> None:
    (folder / "faulty.yaml").write_text(FAULTY % "{id: F01, at: 400}")
    found = run("replay faulty.yaml", 1)
    assert found.stderr == (
        "error: faulty.yaml:2: the fault F01 tamper header.state_root at 400 does not act: "
        "Network.FaultNotTriggered: the run ended at relay block 6\n"
        " help: give it another `at` or `who`, or take it out\n"
    )
    assert "The life of block 2, in which step 0 failed:" in found.stdout


def test_a_block_that_is_not_included(folder: Path, run: Run) -> None:
    (folder / "faulty.yaml").write_text(FAULTY % "{do: offline, who: [0, 1, 2], at: 4}")
    found = run("replay faulty.yaml", 1)
    assert "step 0 (on): relay: expected the relay chain includes the block, found the relay chain does not" in (
        found.stderr
    )
    assert "and 4 more, which the block's life has" in found.stderr
    _, _, life = found.stdout.partition("The life of block 2, in which step 0 failed:")
    assert "state\tin no relay block\n" in life
    assert "empty slot\t5\t7\t1\tslot 5 stays empty: validator 1 is offline\n" in life
    assert "Inclusion.InsufficientBacking (candidate of para 2090 left out: 1 of 2)\n" in life


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
    assert "leave --keep, --seed, --verify and --workers out" in run("replay more.yaml --onto --seed 3", 2).stderr


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


def test_workers_change_nothing(folder: Path, read_json: ReadJson, run: Run) -> None:
    """Every validator executes by itself, in this process or in two others: the same blocks."""
    (folder / "s.yaml").write_text("name: s\nsteps:\n  - {advance: 3}\n")
    for count in ("0", "2"):
        run(f"replay s.yaml --verify full --workers {count} --keep kept{count}")
    one, other = (read_json(f"--data-dir kept{count} block show 3") for count in ("0", "2"))
    assert one == other
    assert one["candidate"]["executions"] == 4
    assert "leave --keep, --seed, --verify and --workers out" in run("replay s.yaml --onto --workers 1", 2).stderr
    assert "257" in run("replay s.yaml --workers 257", 2).stderr
