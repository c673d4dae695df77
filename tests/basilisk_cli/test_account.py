"""`basilisk account` and `basilisk asset`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from chain.crypto import ss58
from chain.crypto.keys import Keypair, dev

Run = Callable[..., Result]
ReadJson = Callable[..., Any]

UNIT = 10**12


def free(document: dict[str, Any], symbol: str) -> int:
    (balance,) = (held for held in document["balances"] if held["symbol"] == symbol)
    return int(balance["free"])


def test_show_in_json(traded: Path, read_json: ReadJson) -> None:
    bob = read_json("account show bob")
    assert bob["address"] == ss58.encode(dev("bob").account)
    assert (bob["name"], bob["nonce"]) == ("bob", 1)
    assert free(bob, "KSM") == 999_998_500_000_000_000
    assert {"asset": 3, "symbol": "TKN", "free": 100_000_000 * UNIT, "reserved": 0} in bob["balances"]


def test_show_takes_every_form_of_an_account(traded: Path, read_json: ReadJson) -> None:
    bob = read_json("account show bob")
    assert read_json(f"account show {bob['address']}") == bob
    assert read_json(f"account show 0x{dev('bob').account.hex()}") == bob
    pool = read_json("account show @xyk:KSM/BSX")
    assert pool["name"] == "@xyk:BSX/KSM"
    assert free(pool, "KSM") == 251_500_000_000_000


def test_show_of_an_earlier_block(traded: Path, read_json: ReadJson) -> None:
    assert free(read_json("account show bob --at 1"), "KSM") == 1_000_000 * UNIT


def test_show_numbers_line_up_with_their_asset(traded: Path, run: Run) -> None:
    assert "KSM\t999_998.5\t0\n" in run("account show bob").stdout


def test_a_slip_in_a_name_gets_the_nearest(traded: Path, run: Run) -> None:
    result = run("account show bbo")
    assert "bbo does not exist yet: nobody has paid to it; did you mean bob?" in result.stderr


@pytest.mark.parametrize(
    ("written", "said"),
    [("0x12", "64 hex digits"), ("bX" + "1" * 47, "copy the address again"), ("@xyk:BSX", "write @xyk:A/B")],
)
def test_what_is_no_account(traded: Path, run: Run, written: str, said: str) -> None:
    assert said in run(f"account show {written}", 2).stderr


def test_list_has_everybody(traded: Path, read_json: ReadJson) -> None:
    accounts = {account["name"]: account for account in read_json("account list")}
    assert {"alice", "ferdie", "@treasury", "@xyk:BSX/KSM"} <= accounts.keys()
    assert accounts["bob"] == read_json("account show bob")


def test_new_shows_a_key_that_its_phrase_gives(run: Run, read_json: ReadJson) -> None:
    made = read_json("account new")
    key = Keypair.from_suri(made["phrase"])
    assert made["address"] == ss58.encode(key.account)
    assert len(made["phrase"].split()) == 12
    assert read_json("account new")["phrase"] != made["phrase"]


def test_transfer(traded: Path, run: Run, read_json: ReadJson) -> None:
    result = run('account transfer zoe "2.5 KSM" --as bob')
    assert result.stdout.startswith("bob sent 2.5 KSM to zoe.\n")
    assert "\nzoe\tKSM\t0\t2.5\t+2.5\n" in result.stdout
    assert free(read_json("account show zoe"), "KSM") == 2_500_000_000_000


def test_transfer_in_base_units(traded: Path, run: Run, read_json: ReadJson) -> None:
    run("account transfer zoe 2_500_000_000_000 --asset KSM --as bob")
    assert free(read_json("account show zoe"), "KSM") == 2_500_000_000_000
    run("account transfer zoe 1_000 --asset shares:BSX/KSM --as alice")


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("5", "does not say of which asset"),
        ('"5 KSN"', "did you mean KSM?"),
        ('"1.0000000000001 KSM"', "12 decimals"),
        ('"lots of KSM"', "is no amount"),
        ('"5 KSM" --asset BSX', "is not an amount of BSX"),
    ],
)
def test_amounts_that_are_none(traded: Path, run: Run, amount: str, said: str) -> None:
    assert said in run(f"account transfer bob {amount}", 2).stderr


def test_a_failed_call_is_shown_and_exits_with_1(traded: Path, run: Run, read_json: ReadJson) -> None:
    result = run('account transfer zoe "2_000_000 KSM" --as bob', 1)
    assert result.stdout.startswith("currencies.transfer failed: Tokens.BalanceTooLow\n")
    assert result.stderr.startswith("error: Tokens.BalanceTooLow: ")
    document = read_json('account transfer zoe "2_000_000 KSM" --as bob', 1)
    assert (document["ok"], document["error"]) == (False, "Tokens.BalanceTooLow")


def test_a_refused_call_is_in_no_block(traded: Path, run: Run, read_json: ReadJson) -> None:
    result = run('account transfer bob "1 KSM" --as alicia', 1)
    assert result.stdout == ""
    assert "Invalid.Payment: alicia does not exist on this chain" in result.stderr
    assert "did you mean alice?" in result.stderr
    assert read_json("chain status")["block"] == 2


def test_an_address_cannot_sign(traded: Path, run: Run) -> None:
    address = ss58.encode(dev("bob").account)
    assert "cannot sign" in run(f'account transfer bob "1 KSM" --as {address}', 2).stderr


def test_fund(traded: Path, run: Run, read_json: ReadJson) -> None:
    assert run('account fund zoe "10_000 BSX"').stdout.startswith("zoe got 10_000 BSX.\n")
    assert free(read_json("account show zoe"), "BSX") == 10_000 * UNIT
    run('account transfer bob "1 BSX" --as zoe')


def test_assets(traded: Path, run: Run, read_json: ReadJson) -> None:
    assets = {asset["symbol"]: asset for asset in read_json("asset list")}
    assert assets["BSX"]["existential_deposit"] == UNIT
    assert assets["KSM"]["issuance"] == 6_000_000 * UNIT
    assert read_json("asset show KSM") == assets["KSM"] == read_json("asset show 1")
    assert "1000001\tshares:BSX/KSM\t" in run("asset list").stdout


def test_an_unknown_asset(traded: Path, run: Run) -> None:
    assert "did you mean KUSD?" in run("asset show KUDS", 2).stderr
    assert "asset 77 is not registered" in run("asset show 77", 2).stderr


def test_register_and_use(traded: Path, run: Run, read_json: ReadJson) -> None:
    result = run("asset register DOT --decimals 10 --ed 1000000")
    assert result.stdout.startswith("Registered DOT as asset 1000002.\n")
    assert read_json("asset show DOT")["decimals"] == 10
    assert read_json('account fund bob "1.5 DOT"')["balances"][0]["after"] == 15_000_000_000
    assert "AssetRegistry.AssetAlreadyRegistered" in run("asset register DOT", 1).stderr


def test_accounts_of_pools_and_auctions_are_named(folder: Path, run: Run) -> None:
    run("chain init")
    run('lbp create "1_000 TKN" "10 KUSD" --weights 98/2:20/80')
    assert "to @lbp:KUSD/TKN" in run("event list --only Tokens").stdout
    run('account transfer "@xyk:BSX/TKN" "5 BSX"')
    assert "to @xyk:BSX/TKN" in run("event list --only Balances").stdout, "before there is a pool, too"
    run('account transfer @treasury "5 BSX"')
    assert "to @treasury" in run("event list --only Balances.Transfer").stdout
    for line in ("nft create next Zoo", "nft mint 1000000 Lion", "auction create topup 1000000/1 --start 10"):
        run(line)
    run("chain advance --to 10")
    run('auction bid 0 "10 BSX" --as bob')
    assert "from bob, to @auction:0" in run("event list --only Balances.Transfer").stdout
