"""`basilisk lbp design`: a launch tried out before it is made."""

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from amm.simulate.design import load_design
from amm.simulate.launch import prepare
from amm.simulate.result import unsold_curve
from amm.simulate.run import Way
from amm.simulate.sweep import perform, tasks_of

Run = Callable[..., Result]
ReadJson = Callable[..., Any]

UNIT = 10**12


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
