"""`basilisk market`: what stays behind when an item moves."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

Run = Callable[..., Result]
ReadJson = Callable[..., Any]

UNIT = 10**12


@pytest.fixture(autouse=True)
def market_place(folder: Path, listed: Path) -> None:
    """A copy of it, where commands look by themselves; the best block is 5."""
    shutil.copytree(listed, folder / ".basilisk" / "local")


def changes(receipt: Any, symbol: str = "KSM") -> dict[str, int]:
    """What a command did to free balances, by name."""
    return {each["name"]: each["after"] - each["before"] for each in receipt["balances"] if each["symbol"] == symbol}


def warnings(read_json: ReadJson, item: str = "1000000/1") -> list[str]:
    return [each["kind"] for each in read_json(f"market show {item}")["warnings"]]


def test_a_price_that_survives_a_transfer(run: Run, read_json: ReadJson) -> None:
    text = (
        "The price of 2 KSM is older than bob's ownership, which began in block 6: anybody can buy 1000000/1 at it "
        "until `basilisk market price 1000000/1 none --as bob` takes it back.\n"
    )
    assert run("nft transfer 1000000/1 bob").stderr == text
    run("chain advance 9")
    assert run("market show 1000000/1").stderr == text
    assert warnings(read_json) == ["old_price"]
    run('market price 1000000/1 "3 KSM" --as bob')
    assert warnings(read_json) == []


def test_a_price_that_is_the_owners_own_does_not_surprise(run: Run, read_json: ReadJson) -> None:
    run("market price 1000000/1 none")
    run("nft transfer 1000000/1 bob")
    run('market price 1000000/1 "2 KSM" --as bob')
    assert warnings(read_json) == []


def test_a_price_that_waits_for_a_former_owner(run: Run, read_json: ReadJson) -> None:
    run("nft transfer 1000000/1 bob")
    assert "older than alice's ownership, which began in block 7" in run("nft transfer 1000000/1 alice --as bob").stderr
    assert warnings(read_json) == ["old_price"]


def test_what_outlives_an_item(run: Run, read_json: ReadJson) -> None:
    run('market offer 1000000/1 "1 KSM" --as bob')
    said = "There is no item 1000000/1; on the market the price, 1 offer and the royalty stay, for when it is minted.\n"
    assert run("nft burn 1000000/1").stderr == said
    assert warnings(read_json) == ["no_item"]
    assert read_json("market show 1000000/1")["owner"] is None
    assert "1000000/1\t\t2 KSM\t\t5 % to alice\t1 KSM\tbob\t1\tno such item" in run("market list").stdout
    run("nft mint 1000000/1")
    assert warnings(read_json) == ["old_price", "price_stays"]
    assert "Marketplace.RoyaltyAlreadySet" in run("market royalty 1000000/1 1%", 1).stderr


def test_a_buyer_whose_own_offer_stays(run: Run, read_json: ReadJson) -> None:
    run('market offer 1000000/1 "1 KSM" --as bob')
    said = "bob's own offer for 1000000/1 stands and still holds 1 KSM"
    assert said in run("market buy 1000000/1 --as bob").stderr
    assert warnings(read_json) == ["own_offer"]
    assert "there is no good offer" in run("market accept 1000000/1 --as bob", 2).stderr
    assert changes(read_json("market withdraw 1000000/1 --as bob")) == {"bob": UNIT}
    assert warnings(read_json, "1000000/1") == []


def test_an_item_in_an_auction(run: Run, read_json: ReadJson) -> None:
    run("auction create english 1000000/1")
    shown = run("market show 1000000/1")
    assert "state\tin auction 0\n" in shown.stdout
    assert "The price outlives the auction" in shown.stderr
    assert warnings(read_json) == ["frozen"]
    assert "Uniques.Frozen" in run("market buy 1000000/1 --as bob", 1).stderr


def test_quiet_and_json_say_nothing_else(run: Run) -> None:
    run("nft transfer 1000000/1 bob --quiet")
    assert run("market show 1000000/1 --quiet").stderr == ""
    assert run("market show 1000000/1 --json").stderr == ""
