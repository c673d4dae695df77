"""`basilisk lbp solve`: the launch that gives what is wanted."""

from collections.abc import Callable
from typing import Any

import pytest
from typer.testing import Result

Run = Callable[..., Result]
ReadJson = Callable[..., Any]


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
