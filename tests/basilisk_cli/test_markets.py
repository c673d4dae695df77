"""`basilisk pool` and `basilisk trade`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from amm.math import xyk
from amm.values import format_amount
from chain.crypto import accounts, ss58

Run = Callable[..., Result]
ReadJson = Callable[..., Any]

UNIT = 10**12
BSX, KSM = 99_405_367_793_240_554, 251_500_000_000_000
"""The reserves of the market: 100,000 BSX and 250 KSM after a sale of 1.5 KSM."""

GROSS = xyk.calculate_out_given_in(KSM, BSX, 1_500_000_000_000)
SOLD = GROSS - xyk.calculate_pool_trade_fee(GROSS, (3, 1000))
"""What selling 1.5 KSM gives there."""


def bsx(amount: int) -> str:
    return format_amount(amount, 12, "BSX")


def test_the_market_is_what_the_formulas_say() -> None:
    out = xyk.calculate_out_given_in(250 * UNIT, 100_000 * UNIT, 1_500_000_000_000)
    assert 100_000 * UNIT - (out - xyk.calculate_pool_trade_fee(out, (3, 1000))) == BSX


def test_list_in_json(traded: Path, read_json: ReadJson) -> None:
    assert read_json("pool list") == [
        {
            "kind": "xyk",
            "account": ss58.encode(accounts.pool("xyk", 0, 1)),
            "assets": [{"id": 0, "symbol": "BSX", "reserve": BSX}, {"id": 1, "symbol": "KSM", "reserve": KSM}],
            "price": [KSM, BSX],
            "share_asset": 1_000_001,
            "shares": 100_000 * UNIT,
            "fee": [3, 1000],
        }
    ]


def test_list_without_pools_says_how_to_make_one(run: Run, read_json: ReadJson) -> None:
    run("chain init")
    assert read_json("pool list") == []
    assert run("pool list").stdout == "pool\tkind\tfirst reserve\tsecond reserve\tprice\taccount\n"


def test_show(traded: Path, run: Run, read_json: ReadJson) -> None:
    text = run("pool show KSM/BSX").stdout
    assert "reserve\t99_405.367793240554 BSX\nreserve\t251.5 KSM\n" in text
    assert "price\t1 KSM ≈ 395.249971 BSX\n" in text
    pool = read_json("pool show BSX/KSM")
    assert [(holder["name"], holder["shares"]) for holder in pool["holders"]] == [("alice", 100_000 * UNIT)]
    assert read_json("pool show BSX/KSM --at 1")["price"] == [250 * UNIT, 100_000 * UNIT]


@pytest.mark.parametrize(
    ("pair", "said"),
    [("BSX/TKN", "there is no pool of BSX/TKN"), ("BSXKSM", "is no pair"), ("BSX/KSN", "did you mean KSM?")],
)
def test_an_unknown_pool(traded: Path, run: Run, pair: str, said: str) -> None:
    result = run(f"pool show {pair}", 2)
    assert said in result.stderr


def test_an_unknown_pool_gets_the_known_ones(traded: Path, run: Run) -> None:
    assert "there is BSX/KSM" in run("pool show BSX/TKN", 2).stderr


def test_create(traded: Path, run: Run, read_json: ReadJson) -> None:
    result = run('pool create --as bob "1_000 KUSD" "10 KSM"')
    assert result.stdout.startswith("Created the pool KUSD/KSM at bX")
    assert [pool["price"] for pool in read_json("pool list")][1] == [10 * UNIT, 1_000 * UNIT]


def test_create_of_a_pair_that_has_a_pool(traded: Path, run: Run) -> None:
    assert "XYK.TokenPoolAlreadyExists" in run('pool create "1 KSM" "400 BSX"', 1).stderr


def test_add_takes_what_the_price_asks_for(traded: Path, run: Run, read_json: ReadJson) -> None:
    other = xyk.calculate_liquidity_in(BSX, KSM, 100 * UNIT)
    result = run('pool add BSX/KSM "100 BSX"')
    assert "the present price + 1%" in result.stderr
    assert read_json("pool show BSX/KSM")["assets"][1]["reserve"] == KSM + other
    assert "XYK.AssetAmountExceededLimit" in run('pool add BSX/KSM "100 BSX" --max 1000', 1).stderr
    assert "TKN is not in this pool" in run('pool add BSX/KSM "100 TKN"', 2).stderr


@pytest.mark.parametrize(("shares", "left"), [("50%", 50_000), ("40_000_000_000_000_000", 60_000), ("25%", 75_000)])
def test_remove_a_part(traded: Path, run: Run, read_json: ReadJson, shares: str, left: int) -> None:
    run(f"pool remove BSX/KSM {shares}")
    assert read_json("pool show BSX/KSM")["shares"] == left * UNIT


def test_remove_all(traded: Path, run: Run, read_json: ReadJson) -> None:
    run("pool remove BSX/KSM all")
    assert read_json("pool list") == []


def test_price_both_ways(traded: Path, run: Run) -> None:
    rows = run("pool price BSX/KSM").stdout.splitlines()
    assert rows[2].split("\t") == ["1 KSM", "395.249971 BSX", "394.064221087 BSX", "396.435720913 BSX"]


def test_chart_is_a_series_for_programs(traded: Path, run: Run, read_json: ReadJson) -> None:
    run("chain advance 10")
    series = read_json("pool chart BSX/KSM")
    assert [point["block"] for point in series["points"]] == list(range(1, 13))
    assert series["points"][0]["price"] == [100_000 * UNIT, 250 * UNIT]
    assert series["points"][-1]["price"] == [BSX, KSM]
    few = read_json("pool chart BSX/KSM --from 2 --to 12 --points 3")
    assert [point["block"] for point in few["points"]] == [2, 7, 12]
    assert "--from names the earlier one" in run("pool chart BSX/KSM --from 5 --to 4", 2).stderr


# -- trades ----------------------------------------------------------------------------------------------------------


def test_quote_is_what_a_sale_then_gives(traded: Path, run: Run, read_json: ReadJson) -> None:
    quote = read_json('trade quote "1.5 KSM" --for BSX')
    assert (quote["amount_out"], quote["fee"]) == (SOLD, {"asset": 0, "amount": GROSS - SOLD})
    assert quote["limit"] == quote["amount_out"] * 99 // 100
    sold = read_json('trade sell "1.5 KSM" --for BSX --as bob')
    (event,) = (event["fields"] for event in sold["events"] if event["event"] == "SellExecuted")
    assert event["sale_price"] == quote["amount_out"]


def test_quote_of_a_purchase(traded: Path, run: Run, read_json: ReadJson) -> None:
    quote = read_json('trade quote "500 BSX" --with KSM --slippage 2%')
    cost = xyk.calculate_in_given_out(BSX, KSM, 500 * UNIT)
    total = cost + xyk.calculate_pool_trade_fee(cost, (3, 1000))
    assert quote["amount_in"] == total
    assert quote["limit"] == -(-total * 102 // 100)
    assert "get\t500 BSX\n" in run('trade quote "500 BSX" --with KSM').stdout


def test_quote_warns_of_what_the_chain_refuses(traded: Path, run: Run) -> None:
    result = run('trade quote "100 KSM" --for BSX')
    assert "The chain would refuse this: one trade may add 83.833333333333 KSM at most" in result.stderr


def test_quote_needs_a_side(traded: Path, run: Run) -> None:
    assert "--for ASSET to sell, or --with ASSET to buy" in run('trade quote "1 KSM"', 2).stderr


def test_sell_prints_a_receipt(traded: Path, run: Run) -> None:
    result = run('trade sell --as bob "1.5 KSM" --for BSX --min-out "500 BSX"')
    headline, _, rest = result.stdout.partition("\n\n")
    assert headline == f"bob sold 1.5 KSM for {bsx(SOLD)}."
    facts, events, balances = rest.split("\n\n")
    assert facts.startswith("block\t3\nblock hash\t0x")
    assert "relay\tincluded in relay block 8; executed 1 × from its proof, backed by validators " in facts
    assert "XYK.SellExecuted\twho bob, asset_in KSM, asset_out BSX, amount 1.5 KSM, " in events
    assert "@xyk:BSX/KSM\tKSM\t251.5\t253\t+1.5" in balances
    assert result.stderr == ""


def test_receipt_in_json(traded: Path, read_json: ReadJson) -> None:
    receipt = read_json('trade sell --as bob "1.5 KSM" --for BSX --min-out "500 BSX"')
    assert (receipt["ok"], receipt["error"], receipt["block"], receipt["included"]) == (True, None, 3, True)
    assert receipt["candidate"]["available"] is True
    assert receipt["candidate"]["finalized"] is True
    assert receipt["candidate"]["executions"] == 1
    changes = {(change["name"], change["symbol"]): change["after"] - change["before"] for change in receipt["balances"]}
    assert changes["bob", "KSM"] == -1_500_000_000_000 == -changes["@xyk:BSX/KSM", "KSM"]
    assert changes["bob", "BSX"] == -changes["@xyk:BSX/KSM", "BSX"] - receipt["fee"]


def test_sell_without_a_limit_says_which_it_takes(traded: Path, run: Run) -> None:
    result = run('trade sell "1.5 KSM" --for BSX')
    said = f"At least {bsx(SOLD * 99 // 100)}: the quote {bsx(SOLD)} − 1% (--slippage).\n"
    assert result.stderr == said
    assert run('trade sell "1.5 KSM" --for BSX --quiet').stderr == ""


def test_a_limit_that_is_not_reached(traded: Path, run: Run) -> None:
    result = run('trade sell "1.5 KSM" --for BSX --min-out "600 BSX"', 1)
    assert "XYK.AssetAmountNotReachedLimit" in result.stderr.splitlines()[0]
    assert result.stderr.splitlines()[1].startswith(" help: ")


@pytest.mark.parametrize("option", ["--with KSM", "--for KSM"])
def test_buy(traded: Path, run: Run, option: str) -> None:
    result = run(f'trade buy "500 BSX" {option} --max-in "1.3 KSM"')
    assert result.stdout.startswith("alice bought 500 BSX for 1.275231595756 KSM.\n")
    assert "XYK.AssetAmountExceededLimit" in run(f'trade buy "500 BSX" {option} --max-in 1000', 1).stderr


def test_buy_with_its_own_limit(traded: Path, run: Run) -> None:
    assert "At most 1.287983911714 KSM" in run('trade buy "500 BSX" --with KSM').stderr


def test_base_units_with_a_known_asset(traded: Path, run: Run) -> None:
    text = run("trade sell 1_500_000_000_000 --asset KSM --for BSX --min-out 500_000_000_000_000").stdout
    assert text.startswith(f"alice sold 1.5 KSM for {bsx(SOLD)}.")


def test_signer_and_slippage_from_the_environment(traded: Path, run: Run) -> None:
    environment = {"BASILISK_AS": "charlie", "BASILISK_SLIPPAGE": "5%"}
    result = run('trade sell "1 KSM" --for BSX', env=environment)
    assert result.stdout.startswith("charlie sold 1 KSM")
    assert "− 5%" in result.stderr


def test_a_trade_without_a_pool(traded: Path, run: Run) -> None:
    assert "there is no pool of KSM/TKN" in run('trade sell "1 KSM" --for TKN', 2).stderr
