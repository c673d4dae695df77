"""`basilisk lbp`: a launch from the design to the pool that follows."""

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

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


# -- the shipped script --------------------------------------------------------------------------------------------


def test_the_launch_script_holds(run: Run) -> None:
    script = Path(__file__).parents[2] / "configs" / "scripts" / "snek-launch.yaml"
    report = json.loads(run(f"replay {script} --json").stdout)
    assert report["ok"]
    assert report["verified_blocks"] == report["blocks"] == 44
