"""`basilisk lbp chart`: prices of a launch on a terminal and in files."""

import csv
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pyarrow import parquet
from typer.testing import Result

Run = Callable[..., Result]
ReadJson = Callable[..., Any]

UNIT = 10**12
KUSD, TKN = 2, 3


@pytest.fixture
def create(run: Run, create_launch: str) -> Run:
    """A fresh chain with a pool that has no dates."""
    run("chain init")
    run(create_launch)
    return run


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
