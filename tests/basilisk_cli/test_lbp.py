"""`basilisk lbp`: a launch from the design to the pool that follows."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from typer.testing import Result

from amm.simulate.design import load_design
from amm.simulate.launch import prepare
from amm.simulate.result import unsold_curve
from amm.simulate.run import Way
from amm.simulate.sweep import perform, tasks_of
from chain.crypto import accounts, ss58
from chain.crypto.keys import dev

Run = Callable[..., Result]
ReadJson = Callable[..., Any]

UNIT = 10**12
KUSD, TKN = 2, 3
POOL = ss58.encode(accounts.pool("lbp", KUSD, TKN))


@pytest.fixture
def create(run: Run, create_launch: str) -> Run:
    """A fresh chain with a pool that has no dates."""
    run("chain init")
    run(create_launch)
    return run


# -- creating and dating -------------------------------------------------------------------------------------------


def test_create_says_what_people_might_not_expect(run: Run, create_launch: str) -> None:
    run("chain init")
    result = run(create_launch)
    assert f"Created the pool TKN/KUSD at {POOL}." in result.stdout
    assert "@lbp:TKN/KUSD\tTKN\t0\t10_000_000\t+10_000_000" in result.stdout
    assert "The first order can bring 6_666.666666666666 KUSD at most" in result.stderr
    assert "Until 1_000 KUSD are collected every trade pays 20 %." in result.stderr
    assert "basilisk lbp update TKN/KUSD --start +10m --duration 72h" in result.stderr


def test_people_say_token_weights_the_chain_keeps_the_others(create: Run, read_json: ReadJson) -> None:
    (pool,) = read_json("lbp list")
    assert pool["kind"] == "lbp"
    assert pool["account"] == POOL
    assert pool["assets"] == [
        {"id": KUSD, "symbol": "KUSD", "reserve": 20_000 * UNIT},
        {"id": TKN, "symbol": "TKN", "reserve": 10_000_000 * UNIT},
    ]
    assert pool["weights"] == {"initial": 2_000_000, "now": 2_000_000, "final": 80_000_000}
    assert pool["price"] == [10_000_000 * UNIT * 2_000_000, 20_000 * UNIT * 98_000_000]
    assert (pool["fee"], pool["fee_now"], pool["repay_target"]) == ([1, 500], [2, 10], 1_000 * UNIT)
    assert (pool["state"], pool["start"], pool["end"], pool["collected"]) == ("undated", None, None, 0)
    assert pool["owner"] == ss58.encode(dev("alice").account)
    assert pool["fee_collector"] == ss58.encode(dev("dave").account)


@pytest.mark.parametrize(
    ("line", "what", "help_"),
    [
        ('lbp create "1 TKN" "1 KUSD" --weights 99/1:20/80', "a token weight of 99 % is impossible here", "98/2"),
        ('lbp create "1 TKN" "1 KUSD" --weights 98:20', "are no weights", "98/2"),
        ('lbp create "1 TKN" "1 KUSD" --weights 98/3:20/80', "98/3 adds up to 101 and 20/80 adds up to 100", "of 100"),
        ('lbp create "1 TKN" "1 TKN" --weights 98/2:20/80', "a launch sells one asset for another", "name two assets"),
        ("lbp solve --sell 0.8", "--sell 0.8 is less than 1 %", "0.8%"),
        ('lbp create "1 TKN" "1" --weights 98/2:20/80', "does not say of which asset", "1 KSM"),
        ('lbp create "1 TKN" "1 KUSD" --weights 98/2:20/80 --fee lots', "is no percentage", "0.2%"),
        ('lbp create "1 TKN" "1 KUSD" --weights 98/2:20/80 --repay "1 TKN"', "not an amount of KUSD", "KUSD"),
        ("lbp show TKN/KUSD", "there is no LBP pool of TKN/KUSD", "lbp create"),
        ("lbp update TKN/KUSD --start +1h", "there is no LBP pool of TKN/KUSD", "lbp create"),
    ],
)
def test_what_cannot_be_asked(run: Run, line: str, what: str, help_: str) -> None:
    run("chain init")
    result = run(line, 2)
    assert what in result.stderr
    assert help_ in result.stderr.splitlines()[-1]


def test_weights_of_another_whole_are_said(run: Run, read_json: ReadJson) -> None:
    run("chain init")
    result = run('lbp create "10 TKN" "20 KUSD" --weights 37/3:7/33')
    assert "The weights 37/3:7/33 are parts of 40: 92.5/7.5:17.5/82.5 in per cent." in result.stderr
    assert read_json("lbp show TKN/KUSD")["weights"]["initial"] == 7_500_000
    assert "parts of" not in run("lbp update TKN/KUSD --weights 98/2:20/80").stderr
    assert "in per cent" in run("lbp update TKN/KUSD --weights 9/1:1/9").stderr


def test_only_root_creates(run: Run, create_launch: str) -> None:
    run("chain init")
    assert "BadOrigin" in run(create_launch.replace("--as root", "--as bob"), 1).stderr


def test_dates(create: Run, read_json: ReadJson) -> None:
    text = create("lbp update TKN/KUSD --start +10m --duration 72h").stdout
    assert text.startswith("TKN/KUSD: starts in 00:09:48, lasts 3d 00:00:00.\n")
    pool = read_json("lbp show TKN/KUSD")
    assert (pool["state"], pool["start"], pool["end"], pool["now"]) == ("announced", 104, 104 + 43_200, 6)
    create("lbp update TKN/KUSD --duration 1h")
    assert read_json("lbp show TKN/KUSD")["end"] == 104 + 600
    create("lbp update TKN/KUSD --start 00:30:00 --end '1d 00:00:00 since genesis'")
    pool = read_json("lbp show KUSD/TKN")
    assert (pool["start"], pool["end"]) == (300, 14_400)
    create("lbp update TKN/KUSD --start 1_000 --end 2_000")
    assert read_json("lbp show KUSD/TKN")["start"] == 1000


def test_everything_else_can_be_changed_before_the_start(create: Run, read_json: ReadJson) -> None:
    create('lbp update TKN/KUSD --weights 90/10:50/50 --fee 3/1000 --collector bob --repay "5 KUSD" --owner charlie')
    pool = read_json("lbp show TKN/KUSD")
    assert (pool["weights"]["initial"], pool["weights"]["final"]) == (10_000_000, 50_000_000)
    assert (pool["fee"], pool["repay_target"]) == ([3, 1000], 5 * UNIT)
    assert pool["owner"] == ss58.encode(dev("charlie").account)
    assert pool["fee_collector"] == ss58.encode(dev("bob").account)
    create("lbp update TKN/KUSD --fee 1%")  # signed by the owner, whoever that is
    assert read_json("lbp show TKN/KUSD")["fee"] == [1, 100]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ("--duration 1h", "nothing says when the sale starts"),
        ("--end 5000", "nothing says when the sale starts"),
        ("--start +1h", "nothing says how long the sale lasts"),
        ("--start +1h --end 5000 --duration 1h", "do not go together"),
        ("--start tomorrow --duration 1h", "'tomorrow' is no time"),
        ("--start 00:00:00 --duration 1h", "has passed"),
    ],
)
def test_dates_that_say_too_little(create: Run, options: str, what: str) -> None:
    assert what in create(f"lbp update TKN/KUSD {options}", 2).stderr


def test_the_chain_has_the_last_word(create: Run) -> None:
    assert "LBP.MaxSaleDurationExceeded" in create("lbp update TKN/KUSD --start +1h --duration 2w", 1).stderr
    assert "LBP.NotOwner" in create("lbp update TKN/KUSD --fee 1% --as bob", 1).stderr
    assert "LBP.NothingToUpdate" in create("lbp update TKN/KUSD", 1).stderr


def test_add_and_remove(create: Run, read_json: ReadJson) -> None:
    assert "alice added 5 TKN." in create('lbp add TKN/KUSD "5 TKN"').stdout
    create('lbp add TKN/KUSD "7 KUSD" "1 TKN"')
    reserves = [asset["reserve"] for asset in read_json("lbp show TKN/KUSD")["assets"]]
    assert reserves == [20_007 * UNIT, 10_000_006 * UNIT]
    assert "BSX is not in this pool" in create('lbp add TKN/KUSD "7 BSX"', 2).stderr
    assert "TKN is given twice" in create('lbp add TKN/KUSD "7 TKN" "8 TKN"', 2).stderr
    text = create("lbp remove TKN/KUSD").stdout
    assert "alice took 10_000_006 TKN and 20_007 KUSD out of the launch." in text
    assert read_json("lbp list") == []
    assert "pool\tstate" in create("lbp list").stdout


def test_an_owner_without_a_name_does_not_sign(create: Run) -> None:
    create(f"lbp update TKN/KUSD --fee 1% --owner {ss58.encode(dev('nobody').account)}")
    result = create("lbp remove TKN/KUSD", 2)
    assert "has no name here" in result.stderr
    assert "--as NAME" in result.stderr


# -- looking -------------------------------------------------------------------------------------------------------


def test_show_while_it_runs(launched: Path, run: Run, read_json: ReadJson) -> None:
    lines = dict(line.partition("\t")[::2] for line in run("lbp show TKN/KUSD").stdout.splitlines())
    pool = read_json("lbp show TKN/KUSD")
    assert lines["state"].startswith("running: ")
    assert lines["state"].endswith(" left of 02:00:00")
    assert lines["weights then"] == f"TKN {'█' * 39}░ KUSD  98/2"
    assert lines["weights end"] == f"TKN {'█' * 8}{'░' * 32} KUSD  20/80"
    now = pool["weights"]["now"]
    assert now == 2_000_000 + 78_000_000 * (pool["now"] - pool["start"]) // 1_200
    kusd, tkn = (asset["reserve"] for asset in pool["assets"])
    assert pool["price"] == [tkn * now, kusd * (100_000_000 - now)]
    price = kusd * (100_000_000 - now) / (tkn * now)
    assert float(lines["price now"].split()[3].replace("_", "")) == pytest.approx(price, rel=1e-8)
    unsold = kusd * 20 / (tkn * 80)
    assert float(lines["if nobody buys"].split()[3].replace("_", "")) == pytest.approx(unsold, rel=1e-8)
    assert pool["collected"] == 1_000 * UNIT + pool["collected"] % (1_000 * UNIT)
    assert lines["fee"] == "0.2 %"
    assert lines["fees to"] == "dave"
    assert lines["largest order"].startswith(f"{kusd // 3 // UNIT:_}.")


def test_show_at_a_block(launched: Path, read_json: ReadJson) -> None:
    before, after = read_json("lbp show TKN/KUSD --at 2"), read_json("lbp show TKN/KUSD --at 3")
    assert (before["state"], after["state"]) == ("announced", "running")
    assert before["fee_now"] == [2, 10]
    assert after["assets"][0]["reserve"] == before["assets"][0]["reserve"] + 4_000 * UNIT
    assert after["collected"] == 1_000 * UNIT


def test_list_at_a_pipe(launched: Path, run: Run) -> None:
    header, row = (line.split("\t") for line in run("lbp list").stdout.splitlines())
    assert header[:2] == ["pool", "state"]
    assert row[:2] == ["TKN/KUSD", "running"]


# -- charts --------------------------------------------------------------------------------------------------------


def test_chart_against_the_no_demand_curve(launched: Path, read_json: ReadJson) -> None:
    past, pool = read_json("lbp chart TKN/KUSD"), read_json("lbp show TKN/KUSD")
    unsold, so_far = past["if_nobody_buys"], past["points"]
    assert [unsold[0]["block"], unsold[-1]["block"]] == [pool["start"], pool["end"]]
    for point in unsold:
        weight = 2_000_000 + 78_000_000 * (point["block"] - pool["start"]) // 1_200
        assert point["price"] == [20_000 * UNIT * (100_000_000 - weight), 10_000_000 * UNIT * weight]
    assert so_far[0] == unsold[0]
    assert so_far[-1]["block"] == pool["now"]
    assert so_far[-1]["price"] == pool["price"][::-1]
    heights = [point["price"][0] / point["price"][1] for point in so_far]
    jumps = [later for earlier, later in pairwise(heights) if later > earlier]
    assert 3 <= len(jumps) <= 6  # two orders, two relay blocks apart, may lie on both sides of a point


def test_chart_of_an_announced_sale_is_the_curve_alone(create: Run, read_json: ReadJson) -> None:
    assert "no dates yet" in create("lbp chart TKN/KUSD", 2).stderr
    create("lbp update TKN/KUSD --start +10m --duration 1h")
    past = read_json("lbp chart TKN/KUSD")
    assert past["points"] == []
    assert len(past["if_nobody_buys"]) == 241


def test_chart_of_an_ended_sale_goes_to_its_end(launched: Path, run: Run, read_json: ReadJson) -> None:
    run("chain advance --time 3h")
    past = read_json("lbp chart TKN/KUSD")
    assert past["points"][-1]["block"] == past["end"]
    assert len(past["points"]) == len(past["if_nobody_buys"])


def test_chart_as_a_table(launched: Path, run: Run) -> None:
    lines = run("lbp chart TKN/KUSD").stdout.splitlines()
    assert lines[0].startswith("then  TKN █")
    assert lines[4] == "block\thours\tif nobody buys\tso far"
    assert lines[5].split("\t")[1:] == ["0.000", "0.098", "0.098"]


@pytest.mark.parametrize(("suffix", "begins"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("parquet", b"PAR1")])
def test_chart_in_a_file(launched: Path, run: Run, folder: Path, suffix: str, begins: bytes) -> None:
    first, second = folder / f"one.{suffix}", folder / f"two.{suffix}"
    assert f"Saved {first}." in run(f"lbp chart TKN/KUSD --out {first}").stderr
    run(f"lbp chart TKN/KUSD --out {second}")
    assert first.read_bytes().startswith(begins)
    assert first.read_bytes() == second.read_bytes()
    assert sorted(path.name for path in folder.iterdir() if path.suffix) == [f"one.{suffix}", f"two.{suffix}"]


def test_chart_as_csv(launched: Path, run: Run, read_json: ReadJson, folder: Path) -> None:
    run("lbp chart TKN/KUSD --out prices.csv")
    past = read_json("lbp chart TKN/KUSD")
    with (folder / "prices.csv").open() as opened:
        rows = list(csv.DictReader(opened))
    unsold = [row for row in rows if row["curve"] == "if nobody buys"]
    assert [[int(row["price_numerator"]), int(row["price_denominator"])] for row in unsold] == [
        point["price"] for point in past["if_nobody_buys"]
    ]
    assert float(unsold[0]["price"]) == pytest.approx(0.098)
    assert float(unsold[-1]["hours"]) == 2.0
    assert {row["curve"] for row in rows} == {"if nobody buys", "so far"}


def test_parquet_keeps_every_digit(launched: Path, run: Run, read_json: ReadJson) -> None:
    run("lbp chart TKN/KUSD --out prices.parquet")
    table = parquet.read_table("prices.parquet")
    assert str(table.schema.field("price_numerator").type) == "decimal256(76, 0)"
    row = table.to_pylist()[0]
    assert int(row["price_numerator"]) == 20_000 * UNIT * 98_000_000
    assert row["block"] == read_json("lbp show TKN/KUSD")["start"]


@pytest.mark.parametrize(
    ("file", "missing", "extra"),
    [("x.png", "matplotlib", "plot"), ("x.svg", "matplotlib", "plot"), ("x.parquet", "pyarrow", "data")],
)
@pytest.mark.parametrize("command", ["chart TKN/KUSD", "design launch --model"])
def test_a_missing_extra_says_how_to_install_it(
    run: Run, monkeypatch: pytest.MonkeyPatch, command: str, file: str, missing: str, extra: str
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    result = run(f"lbp {command} --out {file}", 2)
    assert f"needs {missing}" in result.stderr
    assert f"pip install 'basilisk[{extra}]'" in result.stderr


@pytest.mark.parametrize(("file", "what"), [("x.gif", "no ending"), ("x", "no ending"), ("no/x.csv", "no folder")])
def test_files_that_cannot_be_written(run: Run, file: str, what: str) -> None:
    assert what in run(f"lbp design launch --out {file}", 2).stderr


# -- finishing -----------------------------------------------------------------------------------------------------


def test_finish_to_xyk(launched: Path, run: Run, read_json: ReadJson) -> None:
    result = run("lbp finish TKN/KUSD --to-xyk", 2)
    assert "still runs" in result.stderr
    assert "chain advance --time 2h" in result.stderr
    run("chain advance --time 2h")
    kusd, tkn = (asset["reserve"] for asset in read_json("lbp show TKN/KUSD")["assets"])
    outcome = read_json("lbp finish TKN/KUSD --to-xyk")
    assert outcome["ok"]
    assert outcome["included"]
    names = [f"{event['pallet']}.{event['event']}" for event in outcome["events"]]
    assert names.index("LBP.LiquidityRemoved") < names.index("XYK.PoolCreated")
    (pool,) = read_json("pool list")
    assert [(asset["symbol"], asset["reserve"]) for asset in pool["assets"]] == [("TKN", tkn), ("KUSD", kusd)]
    assert read_json("lbp list") == []


def test_finish_says_what_it_did(launched: Path, run: Run) -> None:
    run("chain advance --time 2h")
    first = run("lbp finish TKN/KUSD --to-xyk").stdout.splitlines()[0]
    assert first.startswith("alice took ")
    assert "All of it is in @xyk:TKN/KUSD now: 1 TKN ≈ " in first


def test_finish_beside_an_xyk_pool(launched: Path, run: Run) -> None:
    run("chain advance --time 2h")
    run('pool create "100 TKN" "5 KUSD"')
    assert "there is an XYK pool of TKN/KUSD already" in run("lbp finish TKN/KUSD --to-xyk", 2).stderr
    assert "alice took" in run("lbp finish TKN/KUSD").stdout


# -- design --------------------------------------------------------------------------------------------------------

SMALL = """
name: small
description: for a test
sale: {sell: 10_000_000 TKN, seed: 20_000 KUSD, weights: 95/5:30/70, duration: 1h, fee: 0.2%, repay: 1_000 KUSD}
seed: 3
outcome: {sold: 50%, final_price: 0.02 KUSD, raised: 100_000 KUSD}
scenarios:
  - {name: nobody buys}
  - name: steady
    demand: [{model: uniform, budget: 60_000 KUSD, orders: 30, traders: 5}]
  - name: too greedy
    demand: [{model: whale, budget: 60_000 KUSD, at: 30m}]
"""


@pytest.fixture
def small(folder: Path) -> str:
    (folder / "small.yaml").write_text(SMALL)
    return "small.yaml"


def test_design_shows_a_column_for_each_scenario(small: str, run: Run) -> None:
    result = run(f"lbp design {small}")
    lines = result.stdout.splitlines()
    assert lines[0] == "design\tsmall: for a test"
    assert "fee\t0.2 %; 20 % until 1_000 KUSD are collected" in lines
    assert any(line.startswith("first order\t6_666.667 KUSD at most") for line in lines)
    table = {line.split("\t")[0]: line.split("\t")[1:] for line in lines[lines.index("") + 1 :]}
    assert table["scenario"] == ["nobody buys", "steady", "too greedy", "known"]
    assert table["failed orders"][:3] == ["0", "0", "1"]
    assert table["buyers"][:3] == ["0", "5", "0"]
    assert table["share sold"][3] == "50.00 %"
    assert table["final price"][3] == "0.02"
    assert table["KUSD raised"][3] == "100_000"
    assert table["opening price"][:3] == ["0.038"] * 3
    assert [*table] == [
        "scenario",
        "opening price",
        "low price",
        "high price",
        "final price",
        "average price",
        "KUSD raised",
        "KUSD in fees",
        "TKN sold",
        "share sold",
        "buyers",
        "orders",
        "failed orders",
        "largest fall",
        "Gini of buyers",
        "top buyer",
        "KUSD left",
        "TKN left",
        "XYK would open at",
        "blocks with orders",
    ]
    assert "too greedy: 1 order brought more than a third of the reserve" in result.stderr


def test_design_in_json_is_exact(small: str, read_json: ReadJson) -> None:
    document = read_json(f"lbp design {small}")
    launch = prepare(load_design("small.yaml"))
    steady = perform(tasks_of(launch, Way.PALLETS, ["steady"])[0])
    found = document["scenarios"][1]
    assert (found["name"], document["way"], document["seed"]) == ("steady", "pallets", 3)
    assert (found["raised"], found["sold"], found["fees"]) == (steady.raised, steady.sold, steady.fees)
    assert found["final"] == list(steady.final)
    assert found["xyk_price"] == [steady.collateral_left, steady.tokens_left]
    assert document["scenarios"][2]["failed"] == {"LBP.MaxInRatioExceeded": 1}
    assert document["if_nobody_buys"] == document["scenarios"][0]["curve"]
    assert document["if_nobody_buys"][0]["price"] == list(unsold_curve(launch.terms)[0].price)
    assert document["sale"]["largest_first_order"] == 20_000 * UNIT // 3


@pytest.mark.parametrize("option", ["--model", "--full", "--workers 1", "--workers 3"])
def test_every_way_gives_the_same(small: str, read_json: ReadJson, option: str) -> None:
    ways = {"--model": "model", "--full": "full"}
    plain, other = (read_json(f"lbp design {small} --scenario steady {more}") for more in ("", option))
    assert other.pop("way") == ways.get(option, "pallets")
    assert plain.pop("way") == "pallets"
    executions = other["scenarios"][0].pop("executions")
    assert plain["scenarios"][0].pop("executions") == 0
    assert (executions > 0) == (option == "--full")
    assert other == plain


def test_a_full_run_says_what_the_validators_did(small: str, run: Run) -> None:
    text = run(f"lbp design {small} --full --scenario steady").stdout
    assert "blocks with orders\t29\t" in text
    assert "validators ran them\t31 ×\t" in text  # and the two that made and dated the pool


def test_a_seed_is_the_runs_own(small: str, read_json: ReadJson) -> None:
    first, again, other = (
        read_json(f"lbp design {small} --model --scenario steady {seed}") for seed in ("", "--seed 3", "--seed 4")
    )
    assert first == again
    assert first["scenarios"] != other["scenarios"]
    assert other["seed"] == 4


def test_design_in_files(small: str, run: Run, folder: Path, read_json: ReadJson) -> None:
    run(f"lbp design {small} --csv table.csv --out prices.csv")
    with (folder / "table.csv").open() as opened:
        rows = list(csv.DictReader(opened))
    document = read_json(f"lbp design {small}")
    assert [row["scenario"] for row in rows] == ["nobody buys", "steady", "too greedy"]
    assert [int(row["raised"]) for row in rows] == [scenario["raised"] for scenario in document["scenarios"]]
    assert rows[0]["average_numerator"] == ""
    assert rows[2]["failed"] == "1"
    with (folder / "prices.csv").open() as opened:
        curves = {row["curve"] for row in csv.DictReader(opened)}
    assert curves == {"if nobody buys", "steady", "too greedy"}


def test_a_shipped_design_by_name_and_by_path(run: Run, folder: Path) -> None:
    for name in ("classic", "configs/designs/classic.yaml"):
        assert run(f"lbp design {name} --model --scenario 'nobody buys'").stdout.startswith("design\tclassic: ")


@pytest.mark.parametrize(
    ("options", "what", "help_"),
    [
        ("small.yaml --scenario stedy", "has no scenario 'stedy'", "did you mean steady?"),
        ("small.yaml --model --full", "do not go together", "give one"),
        ("smal.yaml", "there is no file smal.yaml", "did you mean small.yaml?"),
        ("clasic", "unknown design 'clasic'", "did you mean classic?"),
    ],
)
def test_designs_that_cannot_be_run(small: str, run: Run, options: str, what: str, help_: str) -> None:
    result = run(f"lbp design {options}", 2)
    assert what in result.stderr
    assert help_ in result.stderr


def test_an_interrupt_leaves_nothing_behind(tmp_path: Path) -> None:
    """In all its processes, wherever they are: no traceback, no chain in the temporary folder."""
    line = [sys.executable, "-m", "basilisk_cli", "lbp", "design", "launch", "--full", "--workers", "2"]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    process = subprocess.Popen(
        line, start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
    )
    for _ in range(600):
        if list(tmp_path.glob("basilisk-design-*")):
            break
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "Traceback" not in said
    assert list(tmp_path.glob("basilisk-design-*")) == []


def test_faults_have_their_place(run: Run, folder: Path) -> None:
    (folder / "bad.yaml").write_text(SMALL.replace("95/5", "99/1").replace("uniform", "unifrom"))
    lines = run("lbp design bad.yaml", 2).stderr.splitlines()
    assert lines[0].startswith("error: bad.yaml:4:")
    assert lines[2] == "error: bad.yaml:10:22: unknown demand model 'unifrom'"
    assert lines[3] == " help: did you mean uniform?"


# -- solve ---------------------------------------------------------------------------------------------------------

SOLVE = 'lbp solve --sell 80% --raise "400_000 KUSD" --fair-price "0.05 KUSD" --supply "10_000_000 TKN"'


def test_solve(run: Run, read_json: ReadJson) -> None:
    text = run(SOLVE).stdout
    lines = dict(line.partition("\t")[::2] for line in text.splitlines())
    assert lines["seed"] == "20_408.1633 KUSD"
    assert lines["weights"] == "98/2:19.215686/80.784314, TKN/KUSD"
    assert lines["sold"] == "80 %, 8_000_000 TKN"
    assert lines["make it"] == (
        'basilisk lbp create "10_000_000 TKN" "20_408.163265 KUSD" --weights 98/2:19.215686/80.784314'
    )
    assert lines["1 %"].split("\t") == ["12_986.6781", "0.129866781", "2.6 ×", "2"]
    assert {"5 %", "10 %"} <= lines.keys()
    found = read_json(SOLVE)
    assert found["seed"] == [1_000_000, 49]
    assert found["weights"] == {"initial": 2_000_000, "final": 80_784_314, "whole": 100_000_000}
    assert found["chosen"] == ["opening_weight", "opening_price"]
    assert [snipe["share"] for snipe in found["sniping"]] == [[1, 100], [1, 20], [1, 10]]


def test_what_solve_says_can_be_created(run: Run, read_json: ReadJson) -> None:
    line = next(line for line in run(SOLVE).stdout.splitlines() if line.startswith("make it\t"))
    run("chain init")
    run(line.partition("\tbasilisk ")[2])
    (pool,) = read_json("lbp list")
    assert pool["weights"]["final"] == 80_784_314


@pytest.mark.parametrize(
    ("options", "name", "expected"),
    [
        ('--seed "20_000 KUSD"', "opening_price", 0.098),
        ("--weights 95/5", "opening_price", 0.1),
        ('--weights 98/2 --opening-price "0.08 KUSD"', "seed", 0.08 * 10**7 * 2 / 98),
        ('--opening-price "0.08 KUSD" --seed "20_000 KUSD"', "opening_weight", 800_000 / 820_000),
    ],
)
def test_solve_for_something_else(read_json: ReadJson, options: str, name: str, expected: float) -> None:
    numerator, denominator = read_json(f"{SOLVE} {options}")[name]
    assert numerator / denominator == pytest.approx(expected)


def test_solve_for_what_is_raised(read_json: ReadJson) -> None:
    line = 'lbp solve --fair-price "0.05 KUSD" --supply "10_000_000 TKN" --seed "20_000 KUSD" --weights 98/2:20/80'
    found = read_json(line)
    assert found["sold"][0] / found["sold"][1] == pytest.approx(1 - 0.2 / (500 / 520))
    assert found["raised"][0] / found["raised"][1] == pytest.approx(20_000 * (0.8 / (1 - 500 / 520) - 1))
    half = read_json(line.replace("98/2:20/80", ":20/80"))
    assert half["raised"] == found["raised"]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("lbp solve --sell 80%", "too little is given"),
        (f'{SOLVE} --seed "1 TKN"', "the collateral is TKN and KUSD"),
        (SOLVE.replace("400_000", "500_000"), "not 500_000"),
        (f"{SOLVE} --weights 99/1", "a token weight of 99 % is impossible here"),
        (f'{SOLVE} --opening-price "0.04 KUSD"', "opens below the fair price"),
        (SOLVE.replace("80%", "120%"), "120% is too much"),
        (SOLVE.replace("400_000 KUSD", "400_000"), "has no symbol"),
    ],
)
def test_what_cannot_be_solved(run: Run, line: str, what: str) -> None:
    result = run(line, 2)
    assert what in result.stderr
    assert " help: " in result.stderr


# -- the shipped script --------------------------------------------------------------------------------------------


def test_the_launch_script_holds(run: Run) -> None:
    script = Path(__file__).parents[2] / "configs" / "scripts" / "snek-launch.yaml"
    report = json.loads(run(f"replay {script} --json").stdout)
    assert report["ok"]
    assert report["verified_blocks"] == report["blocks"] == 44
