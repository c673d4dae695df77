"""`basilisk trade --via`: launches from the terminal, and which pool a pair is traded in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

Run = Callable[..., Result]
ReadJson = Callable[..., Any]

UNIT = 10**12
BSX, KSM, KUSD, TKN = 0, 1, 2, 3


@pytest.fixture
def both(launched: Path, run: Run) -> Run:
    """TKN/KUSD has a launch and, by the back door, an XYK pool: the pallet does not mind one that was there before."""
    run("chain advance --time 4h")  # after the sale an XYK pool may be created
    run('pool create "1_000 TKN" "100 KUSD"')
    return run


# -- launches --------------------------------------------------------------------------------------------------------

TRADES = {
    "collateral sold": ('sell "500 KUSD" --for TKN', 'quote "500 KUSD" --for TKN'),
    "token sold": ('sell "9_000 TKN" --for KUSD', 'quote "9_000 TKN" --for KUSD'),
    "token bought": ('buy "9_000 TKN" --with KUSD', 'quote "9_000 TKN" --with KUSD'),
    "collateral bought": ('buy "500 KUSD" --with TKN', 'quote "500 KUSD" --with TKN'),
}


@pytest.mark.parametrize("repaying", [False, True])
@pytest.mark.parametrize("trade", TRADES)
def test_a_quote_is_what_the_next_block_then_gives(
    launched: Path, run: Run, read_json: ReadJson, trade: str, repaying: bool
) -> None:
    if repaying:  # the very first trade, with the fee of a fifth: as it was before bob's
        run("chain reset --yes")
        run('lbp create "10_000_000 TKN" "20_000 KUSD" --weights 90/10:20/80 --collector dave --repay "1_000 KUSD"')
        run("lbp update TKN/KUSD --start +10m --duration 2h")
        run("chain advance --time 40m")
    act, ask = TRADES[trade]
    quote = read_json(f"trade {ask}")
    assert quote["via"] == "lbp"
    done = read_json(f"trade {act} --as eve")
    (event,) = (event["fields"] for event in done["events"] if event["pallet"] == "LBP")
    change = {
        each["asset"]: each["after"] - each["before"] for each in done["balances"] if each["name"] == "eve"
    }
    assert change[quote["asset_in"]] == -quote["amount_in"]
    assert change[quote["asset_out"]] == quote["amount_out"]
    assert event["fee_amount"] == quote["fee"]["amount"]
    assert quote["fee"]["asset"] == KUSD
    if repaying:
        assert quote["fee"]["amount"] * 4 >= quote["amount_in" if quote["asset_in"] == KUSD else "amount_out"] // 2


def test_a_sale_is_told_like_any_other(launched: Path, run: Run, read_json: ReadJson) -> None:
    quote = read_json('trade quote "500 KUSD" --for TKN')
    result = run('trade sell "500 KUSD" --for TKN --as bob')
    assert result.stdout.startswith("bob sold 500 KUSD for ")
    assert "LBP.SellExecuted" in result.stdout
    assert "@lbp:TKN/KUSD\tTKN\t" in result.stdout
    assert "(--slippage). The weights are the next block's (relay block" in result.stderr
    assert f"relay block {quote['now']:_}" in result.stderr
    bought = run('trade buy "9_000 TKN" --with KUSD')
    assert bought.stdout.startswith("alice bought 9_000 TKN for ")


def test_a_quote_says_whose_weights_they_are(launched: Path, run: Run, read_json: ReadJson) -> None:
    lines = dict(line.partition("\t")[::2] for line in run('trade quote "500 KUSD" --for TKN').stdout.splitlines())
    sale, quote = read_json("lbp show TKN/KUSD"), read_json('trade quote "500 KUSD" --for TKN')
    assert quote["weights"] == [sale["weights"]["now"], 100_000_000 - sale["weights"]["now"]]
    assert lines["weights"].endswith(f" at relay block {sale['now']:_}, the next block's")
    assert (lines["kind"], lines["fee rate"]) == ("lbp", "0.2 %")
    assert quote["spot_price"][0] * sale["price"][1] == quote["spot_price"][1] * sale["price"][0]


def test_the_limit_is_the_next_blocks_quote_less_the_slippage(launched: Path, run: Run, read_json: ReadJson) -> None:
    quote = read_json('trade quote "500 KUSD" --for TKN --slippage 2%')
    assert quote["limit"] == quote["amount_out"] * 98 // 100
    assert "LBP.TradingLimitReached" in run('trade sell "500 KUSD" --for TKN --min-out "9_999_999 TKN"', 1).stderr
    result = run('trade buy "9_000 TKN" --with KUSD --max-in "1 KUSD"', 1)
    assert "LBP.TradingLimitReached" in result.stderr
    assert "raise the most of a buy" in result.stderr


@pytest.mark.parametrize(
    ("trade", "verb"),
    [
        ('"30_000 KUSD" --for TKN', "add"),
        ('"6_000_000 TKN" --with KUSD', "take"),
        ('"5_000_000 TKN" --for KUSD', "add"),
    ],
)
def test_what_the_chain_refuses_is_said_before(launched: Path, run: Run, trade: str, verb: str) -> None:
    result = run(f"trade quote {trade}")
    assert f"The chain would refuse this: one trade may {verb} " in result.stderr
    assert "1/3 of the reserve" in result.stderr


def test_more_than_there_is(launched: Path, run: Run) -> None:
    result = run('trade quote "99_000_000 TKN" --with KUSD', 1)
    assert "LBP.MaxOutRatioExceeded: The trade takes too large a part of the pool" in result.stderr


def test_outside_the_sale(run: Run, create_launch: str) -> None:
    run("chain init")
    run(create_launch)
    for command in ("quote", "sell"):
        result = run(f'trade {command} "1 KUSD" --for TKN', 1)
        assert "LBP.SaleIsNotRunning" in result.stderr
        assert "no dates yet" in result.stderr
        assert "basilisk lbp update TKN/KUSD --start" in result.stderr
    run("lbp update TKN/KUSD --start +10m --duration 1h")
    announced = run('trade buy "1 TKN" --with KUSD', 1)
    assert "starts in 00:09:" in announced.stderr
    hint = announced.stderr.splitlines()[-1]
    run(hint[hint.index("chain advance") :].rstrip("`"))
    run('trade buy "1 TKN" --with KUSD')
    run("chain advance --time 2h")
    over = run('trade buy "1 TKN" --with KUSD', 1)
    assert "ended 01:00:" in over.stderr
    assert "lbp finish TKN/KUSD" in over.stderr


def test_a_launch_gives_no_discount(launched: Path, run: Run) -> None:
    assert "gives no discount" in run('trade sell "1 KUSD" --for TKN --discount', 2).stderr


# -- which pool ------------------------------------------------------------------------------------------------------


def test_a_pair_with_two_pools_asks_which(both: Run, read_json: ReadJson) -> None:
    result = both('trade quote "1 KUSD" --for TKN', 2)
    assert "TKN/KUSD has an XYK pool and an LBP pool" in result.stderr.replace("KUSD/TKN", "TKN/KUSD")
    assert result.stderr.splitlines()[-1].endswith("--via xyk or --via lbp")
    assert read_json('trade quote "1 KUSD" --for TKN --via xyk')["via"] == "xyk"
    assert "LBP.SaleIsNotRunning" in both('trade sell "1 KUSD" --for TKN --via lbp', 1).stderr
    assert "XYK.SellExecuted" in both('trade sell "1 KUSD" --for TKN --via xyk').stdout


def test_the_other_kind_is_named(launched: Path, run: Run) -> None:
    result = run('trade sell "1 KUSD" --for TKN --via xyk', 2)
    assert "there is no XYK pool of KUSD/TKN" in result.stderr
    assert "there is TKN/KUSD (--via lbp)" in result.stderr


def test_a_pair_without_a_pool_gets_those_with_one_of_its_assets(launched: Path, run: Run) -> None:
    run('pool create "100 BSX" "1 KSM"')
    run('pool create "100 KUSD" "1 KSM"')
    hint = run('trade quote "1 BSX" --for KUSD', 2).stderr.splitlines()[-1]
    assert "BSX/KSM (--via xyk)" in hint
    assert "TKN/KUSD (--via lbp)" in hint
    assert "KUSD/KSM (--via xyk)" in hint
    hint = run('trade quote "1 BSX" --for TKN', 2).stderr.splitlines()[-1]
    assert "KUSD/KSM" not in hint


def test_without_any_pool_it_says_how_to_make_one(run: Run) -> None:
    run("chain init")
    assert "basilisk pool create" in run('trade sell "1 BSX" --for KSM', 2).stderr
    assert "basilisk lbp create" in run('trade sell "1 BSX" --for KSM --via lbp', 2).stderr


@pytest.mark.parametrize("via", ["stableswap", "router"])
def test_what_this_runtime_does_not_have(traded: Path, run: Run, via: str) -> None:
    result = run(f'trade quote "1 KSM" --for BSX --via {via}', 2)
    assert f"nothing is traded via {via} on this chain" in result.stderr
    assert "--via xyk or --via lbp" in result.stderr


def test_via_is_one_of_four(traded: Path, run: Run) -> None:
    assert "'xyk', 'lbp', 'stableswap', 'router'" in run('trade quote "1 KSM" --for BSX --via uniswap', 2).stderr


def test_an_asset_is_not_traded_for_itself(traded: Path, run: Run) -> None:
    assert "KSM is not traded for itself" in run('trade quote "1 KSM" --for KSM', 2).stderr


@pytest.mark.parametrize(("limit", "said"), [("500", "The limit is 500 base units, 0.0000000005 BSX."), ("0", "")])
def test_a_limit_without_a_symbol_is_in_base_units(traded: Path, run: Run, limit: str, said: str) -> None:
    assert run(f'trade sell "1 KSM" --for BSX --min-out {limit}').stderr == (f"{said}\n" if said else "")
    assert run('trade sell "1 KSM" --for BSX --min-out "300 BSX"').stderr == ""
