"""`basilisk market`: prices, offers and royalties; what stays behind when an item moves."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from basilisk_cli.errors import CliError
from basilisk_cli.listings import basis_points, percent
from chain.crypto import ss58
from chain.crypto.keys import dev

Run = Callable[..., Result]
ReadJson = Callable[..., Any]

UNIT = 10**12


@pytest.fixture(autouse=True)
def market_place(folder: Path, listed: Path) -> None:
    """A copy of it, where commands look by themselves; the best block is 5."""
    shutil.copytree(listed, folder / ".basilisk" / "local")


def address(name: str) -> str:
    return ss58.encode(dev(name).account)


def changes(receipt: Any, symbol: str = "KSM") -> dict[str, int]:
    """What a command did to free balances, by name."""
    return {each["name"]: each["after"] - each["before"] for each in receipt["balances"] if each["symbol"] == symbol}


def warnings(read_json: ReadJson, item: str = "1000000/1") -> list[str]:
    return [each["kind"] for each in read_json(f"market show {item}")["warnings"]]


# -- prices ----------------------------------------------------------------------------------------------------------


def test_an_artist_sells_and_earns_on_the_resale(run: Run, read_json: ReadJson) -> None:
    sold = read_json("market buy 1000000/1 --as bob")
    assert changes(sold) == {"bob": -2 * UNIT, "alice": 2 * UNIT}
    assert run('market price 1000000/1 "4 KSM" --as bob').stdout.startswith("1000000/1 is for sale at 4 KSM.\n")
    listing = read_json("market show 1000000/1")
    assert (listing["price"], listing["author_gets"], listing["seller_gets"]) == (4 * UNIT, UNIT // 5, 19 * UNIT // 5)
    assert "seller gets\t3.8 KSM\nalice gets\t0.2 KSM\n" in run("market show 1000000/1").stdout

    run("chain snapshot before")
    headline = run("market buy 1000000/1 --as charlie").stdout.splitlines()[0]
    assert headline == "charlie bought 1000000/1 for 4 KSM: 3.8 KSM to bob, 0.2 KSM to the author alice."
    assert read_json("nft show 1000000/1")["owner"] == address("charlie")
    run("chain revert before")
    resold = read_json("market buy 1000000/1 --as charlie")
    assert changes(resold) == {"charlie": -4 * UNIT, "bob": 19 * UNIT // 5, "alice": UNIT // 5}
    assert read_json("market show 1000000/1")["price"] is None


def test_show(run: Run, read_json: ReadJson) -> None:
    facts, offers = run("market show 1000000/1").stdout.split("\n\n")
    assert facts.splitlines() == [
        "item\t1000000/1",
        "owner\talice",
        "state\tfree",
        "price\t2 KSM",
        "royalty\t5 % to alice",
    ]
    assert offers == "offer by\tamount\tgood\texpires\n"
    assert read_json("market show 1000000/1") == {
        "collection": 1_000_000,
        "item": 1,
        "owner": address("alice"),
        "frozen": False,
        "auction": None,
        "currency": {"id": 1, "symbol": "KSM"},
        "price": 2 * UNIT,
        "author_gets": 0,
        "seller_gets": 2 * UNIT,
        "royalty": {"author": address("alice"), "basis_points": 500},
        "offers": [],
        "warnings": [],
    }
    assert read_json("market show 1000000/1 --at 4")["price"] is None


def test_list(run: Run, read_json: ReadJson) -> None:
    run('market offer 1000000/2 "1 KSM" --as bob')
    run('market offer 1000000/2 "1.5 KSM" --as charlie')
    assert run("market list").stdout.splitlines() == [
        "item\towner\tprice\tseller gets\troyalty\tbest offer\tof\toffers\tstate",
        "1000000/1\talice\t2 KSM\t2 KSM\t5 % to alice\t\t\t0\tfree",
        "1000000/2\talice\t\t\t\t1.5 KSM\tcharlie\t2\tfree",
    ]
    assert [each["item"] for each in read_json("market list 1000000 --owner alice")] == [1, 2]
    assert read_json("market list --owner bob") == []
    assert "there is 1000000" in run("market list 7", 2).stderr


def test_a_price_is_taken_back(run: Run, read_json: ReadJson) -> None:
    assert "1000000/1 is not for sale at a price any more." in run("market price 1000000/1 none").stdout
    assert read_json("market show 1000000/1")["price"] is None
    assert "Marketplace.NotForSale" in run("market buy 1000000/1 --as bob", 1).stderr


def test_zero_is_a_price(run: Run, read_json: ReadJson) -> None:
    assert "for nothing" in run('market price 1000000/1 "0 KSM"').stderr
    assert warnings(read_json) == ["free"]
    assert changes(read_json("market buy 1000000/1 --as bob")) == {}
    assert read_json("nft show 1000000/1")["owner"] == address("bob")


@pytest.mark.parametrize(
    ("line", "status", "said"),
    [
        ('market price 1000000/1 "1 BSX"', 2, "1 BSX is not an amount of KSM"),
        ("market price 1000000/1 1.5", 2, "1.5 has no symbol"),
        ('market price 1000000/1 "1 KSM" --as bob', 1, "1000000/1 is alice's, not bob's."),
        ('market price 1000000/1 "1 KSM" --as bob', 1, "error: Marketplace.NotTheTokenOwner: "),
        ("market price 1000000/9 none", 2, "there is 1000000/1, 1000000/2"),
        ("market buy 1000000/1", 1, "error: Marketplace.BuyFromSelf: "),
        ("market buy 1000001/1", 2, "error: there is no collection 1000001\n help: there is 1000000\n"),
        ("market show 1000000/9", 2, "error: there is no item 1000000/9\n help: there is 1000000/1, 1000000/2\n"),
    ],
)
def test_what_cannot_be_priced_or_bought(run: Run, line: str, status: int, said: str) -> None:
    assert said in run(line, status).stderr


def test_a_chain_without_the_currency(folder: Path, run: Run) -> None:
    (folder / "poor.yaml").write_text('name: poor\nbalances: {alice: {BSX: "1_000_000 BSX"}}\n')
    for line in ("chain init", "nft create", "nft mint 1000000"):
        run(f"{line} --chain poor.yaml")
    assert "nothing can be paid" in run("market price 1000000/1 5 --chain poor.yaml", 2).stderr


# -- offers ----------------------------------------------------------------------------------------------------------


def test_offers_from_making_to_taking(run: Run, read_json: ReadJson) -> None:
    made = run('market offer 1000000/1 "1.5 KSM" --until +2h --as bob')
    assert made.stdout.startswith("bob offers 1.5 KSM for 1000000/1, good for 600 blocks (2h).\n")
    run('market offer 1000000/1 "1.75 KSM" --as charlie')
    assert [
        (each["name"], each["amount"], each["expires"]) for each in read_json("market show 1000000/1")["offers"]
    ] == [
        ("charlie", 7 * UNIT // 4, 50_408),
        ("bob", 3 * UNIT // 2, 607),
    ]
    run("chain snapshot offers")
    result = run("market accept 1000000/1")
    assert result.stdout.startswith("alice sold 1000000/1 to charlie for 1.75 KSM.\n")
    assert result.stderr.startswith("The highest offer is charlie's.\nThe price of 2 KSM is older than charlie's ")
    run("chain revert offers")
    sold = read_json("market accept 1000000/1 bob")
    assert changes(sold) == {"alice": 3 * UNIT // 2}  # bob's free balance had gone down before
    assert [each["name"] for each in read_json("market show 1000000/1")["offers"]] == ["charlie"]


def test_an_offer_that_expires(run: Run, read_json: ReadJson) -> None:
    run('market offer 1000000/1 "1 KSM" --until 9 --as bob')
    assert "bob\t1 KSM\tfor 2 blocks (24s)\t9\n" in run("market show 1000000/1").stdout
    run("chain advance 1")
    assert warnings(read_json) == ["price_stays"]
    run("chain advance 1")
    shown = run("market show 1000000/1")
    assert "bob\t1 KSM\texpired\t9\n" in shown.stdout
    assert "bob's offer for 1000000/1 has expired and still holds 1 KSM" in shown.stderr
    assert "bob offers 1 KSM (expired)" in run("market accept 1000000/1", 2).stderr
    assert "Marketplace.OfferExpired" in run("market accept 1000000/1 bob", 1).stderr
    assert changes(read_json("market withdraw 1000000/1 --as bob")) == {"bob": UNIT}


def test_an_offer_is_good_until_the_block_before_it_expires(run: Run) -> None:
    run('market offer 1000000/1 "1 KSM" --until 8 --as bob')
    assert run("market accept 1000000/1 bob").stdout.splitlines()[2] == "block\t7"


def test_an_offer_is_turned_down(run: Run, read_json: ReadJson) -> None:
    run('market offer 1000000/1 "1 KSM" --as bob')
    assert "Marketplace.WithdrawNotAuthorized" in run("market withdraw 1000000/1 bob --as charlie", 1).stderr
    assert run("market withdraw 1000000/1 bob").stdout.startswith(
        "bob's offer for 1000000/1 is withdrawn; 1 KSM are free again.\n"
    )
    what, hint = run("market withdraw 1000000/1 --as bob", 2).stderr.splitlines()
    assert what == "error: there is no offer of bob for 1000000/1"
    assert hint == " help: make one: `basilisk market offer 1000000/1 '1 KSM' --as bob`"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('market offer 1000000/1 "2.5 KSM" --as bob', "1000000/1 can be had for 2 KSM: `basilisk market buy"),
        ('market offer 1000000/2 "1 KSM"', "1000000/2 is alice's already."),
        ('market offer 1000000/3 "1 KSM" --as bob', "There is no item 1000000/3 yet: there is 1000000/1, 1000000/2"),
        ('market offer 1000001/3 "1 KSM" --as bob', "there is no collection 1000001; there is 1000000"),
    ],
)
def test_offers_that_are_probably_a_slip_are_made(run: Run, line: str, said: str) -> None:
    assert said in run(line).stderr
    assert run(f"{line} --until +1h", 1).stderr.splitlines()[-2].startswith("error: Marketplace.AlreadyOffered: ")


@pytest.mark.parametrize(
    ("line", "status", "said"),
    [
        ('market offer 1000000/1 "0.001 KSM" --as bob', 1, "Marketplace.OfferTooLow"),
        ('market offer 1000000/1 "9_999_999 KSM" --as bob', 1, "Tokens.BalanceTooLow"),
        ('market offer 1000000/1 "1 KSM" --until soon', 2, "write how long from now, as in +2h"),
        ('market offer 1000000/1 "1 KSM" --until +soon', 2, "'+soon' is no time"),
        ('market offer 1000000/1 "1 KSM" --until 5_000_000_000', 2, "further than blocks are counted"),
        ("market accept 1000000/1 bob", 2, "there is no offer of bob for 1000000/1"),
        ("market accept 1000000/9", 2, "there is no item 1000000/9"),
    ],
)
def test_what_is_no_offer(run: Run, line: str, status: int, said: str) -> None:
    assert said in run(line, status).stderr


# -- royalties -------------------------------------------------------------------------------------------------------


def test_a_royalty_for_somebody_else(run: Run, read_json: ReadJson) -> None:
    result = run("market royalty 1000000/2 0.25% --author dave")
    assert result.stdout.startswith("dave gets 0.25 % of every sale of 1000000/2 by somebody else.\n")
    assert read_json("market show 1000000/2")["royalty"] == {"author": address("dave"), "basis_points": 25}
    run('market price 1000000/2 "100 KSM"')
    assert changes(read_json("market buy 1000000/2 --as bob"))["dave"] == UNIT // 4


@pytest.mark.parametrize(
    ("line", "status", "said"),
    [
        ("market royalty 1000000/1 1%", 1, "Marketplace.RoyaltyAlreadySet"),
        ("market royalty 1000000/2 100%", 1, "Marketplace.NotInRange"),
        ("market royalty 1000000/2 101%", 2, "is no percentage"),
        ("market royalty 1000000/2 0.001%", 2, "royalties go in steps of 0.01%"),
        ("market royalty 1000000/2 1% --as bob", 1, "NFT.NotPermitted"),
        ("market royalty 1000000/2 1% --author @bob", 2, "'@bob' is no account"),
    ],
)
def test_what_is_no_royalty(run: Run, line: str, status: int, said: str) -> None:
    assert said in run(line, status).stderr


def test_percentages() -> None:
    for text, points, shown in (("5%", 500, "5 %"), ("2.5", 250, "2.5 %"), ("0.05%", 5, "0.05 %"), ("0", 0, "0 %")):
        assert (basis_points(text), percent(points)) == (points, shown)
    with pytest.raises(CliError, match="too fine"):
        basis_points("33.333%")
