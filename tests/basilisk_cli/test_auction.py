"""`basilisk auction`: three kinds from create to claim, looked at while they run and afterwards."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from auction_house import BEGIN, HOUSE, UNIT, ReadJson, address, changes, owner, said
from typer.testing import Result

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def house(folder: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of it, which commands take by themselves."""
    shutil.copytree(built, folder, dirs_exist_ok=True)
    monkeypatch.setenv("BASILISK_CHAIN", "house.yaml")


def test_an_english_auction(run: Run, read_json: ReadJson) -> None:
    made = run('auction create english 1000000/1 --reserve "100 BSX" --duration 15')
    lasts = "lasts 15 blocks (3m), first bid 100 BSX."
    assert said(made) == f"Auction 0, english, of 1000000/1: open for bids from the next block on, {lasts}"
    assert said(run('auction bid 0 "100 BSX" --as bob')) == (
        "bob bids 100 BSX in auction 0. The next bid is 110 BSX at least; 14 blocks (2m48s) left."
    )
    outbid = read_json('auction bid 0 "120 BSX" --as charlie')
    assert changes(outbid) == {"charlie": -120 * UNIT, "bob": 100 * UNIT, "@auction:0": 20 * UNIT}

    sale = read_json("auction show 0 --as charlie")
    assert (sale["kind"], sale["state"], sale["name"], sale["owner"]) == (
        "english",
        "running",
        "Lion",
        address("alice"),
    )
    assert (sale["start"], sale["end"], sale["now"], sale["blocks_left"], sale["seconds_left"]) == (5, 20, 7, 13, 156)
    assert sale["last_bid"] == {"bidder": address("charlie"), "name": "charlie", "amount": 120 * UNIT}
    assert (sale["next_bid"], sale["pot"], sale["yours"]["reserved"]) == (132 * UNIT, 120 * UNIT, 120 * UNIT)
    assert [(bid["name"], bid["block"], bid["amount"]) for bid in sale["bids"]] == [
        ("bob", 5, 100 * UNIT),
        ("charlie", 6, 120 * UNIT),
    ]
    shown = run("auction show 0").stdout
    assert "runs\tblocks 5 to 19; the next one is 7\nreserve price\t100 BSX, the first bid\n" in shown
    assert "bob\t100 BSX\t0 BSX\twas paid back\n" in shown
    assert "charlie\t120 BSX\t120 BSX\tleads\n" in shown

    run("chain advance --to 19")
    assert run("auction list").stderr == "Auction 0 is over: `basilisk auction close 0` settles it.\n"
    closed = read_json("auction close 0 --as dave")
    assert changes(closed) == {"dave": 0, "alice": 120 * UNIT, "@auction:0": -120 * UNIT}
    assert owner(read_json, 1) == address("charlie")
    assert read_json("auction list") == []

    (sale,) = read_json("auction list --all")
    assert (sale["auction"], sale["state"], sale["blocks_left"]) == (0, "removed", None)
    sale = read_json("auction show 0")
    assert (sale["created_in"], sale["removed_in"]) == (4, 20)
    assert sale["ending"] == {
        "block": 20,
        "destroyed": False,
        "winner": address("charlie"),
        "paid": 120 * UNIT,
    }
    assert [each["reserved"] for each in sale["bidders"]] == [0]
    assert "ending\tclosed in block 20: charlie got 1000000/1, alice 120 BSX\n" in run("auction show 0").stdout
    assert read_json("auction show 0 --at 6")["state"] == "running"
    what, hint = run('auction bid 0 "1 BSX"', 2).stderr.splitlines()
    assert what == "error: auction 0 is settled: it was removed in block 20"
    assert hint == " help: `basilisk auction show 0` tells how it ended"


def test_a_top_up_auction_that_misses_its_reserve_price(run: Run, read_json: ReadJson) -> None:
    run('auction create topup 1000000/1 --name "Last lion" --reserve "500 BSX" --min "50 BSX" --duration 11')
    run('auction bid 0 "200 BSX" --as bob')
    run('auction bid 0 "250 BSX" --as charlie')
    raised = run('auction bid 0 "300 BSX" --as bob')
    assert said(raised).startswith(
        "bob bids 300 BSX in auction 0, 100 BSX more than before; the end moves to block 17. "
    )
    assert "@auction:0\tBSX\t450\t550\t+100" in raised.stdout
    shown = run("auction show 0").stdout
    assert "name\tLast lion\n" in shown
    assert "reserve price\t500 BSX, not reached by the last bid\n" in shown
    assert "held\t550 BSX on @auction:0\n" in shown
    assert "bob\t300 BSX\t300 BSX\tleads; comes back, as it stands\n" in shown

    run("chain advance --to 16")
    closed = run("auction close 0")
    end = "the reserve price was not reached, alice keeps 1000000/1."
    assert said(closed) == f"Auction 0 is closed in block 17: {end}"
    assert sorted(closed.stderr.splitlines()) == [
        "bob can claim 300 BSX: `basilisk auction claim 0 bob`.",
        "charlie can claim 250 BSX: `basilisk auction claim 0 charlie`.",
    ]
    (sale,) = read_json("auction list --as charlie")
    assert (sale["state"], sale["yours"]) == (
        "closed",
        {"bidder": address("charlie"), "name": "charlie", "reserved": 250 * UNIT, "refund": 250 * UNIT},
    )
    row = run("auction list --as charlie").stdout.splitlines()[1].split("\t")
    assert row == ["0", "topup", "1000000/1", "alice", "closed", "300 BSX", "bob", "", "", "250 BSX back"]
    assert changes(read_json("auction claim 0 --as charlie"))["charlie"] == 250 * UNIT
    assert "charlie\t250 BSX\t0 BSX\twas paid back\n" in run("auction show 0").stdout
    assert "Auctions.NoReservedAmountAvailableToClaim" in run("auction claim 0 --as charlie", 1).stderr
    assert said(run("auction claim 0 bob")) == "bob got 300 BSX back from auction 0."
    sale = read_json("auction show 0")
    assert (sale["ending"]["winner"], sale["ending"]["block"], sale["removed_in"]) == (None, 17, 20)
    assert owner(read_json, 1) == address("alice")


def test_a_top_up_auction_that_is_won(run: Run, read_json: ReadJson) -> None:
    run('auction create topup 1000000/1 --reserve "250 BSX" --duration 11')
    run('auction bid 0 "200 BSX" --as bob')
    run('auction bid 0 "250 BSX" --as charlie')
    assert "reached by the last bid" in run("auction show 0").stdout
    run("chain advance 12")
    closed = run("auction close 0")
    assert said(closed).endswith(": charlie got 1000000/1, alice 450 BSX.")
    assert closed.stderr == ""
    shown = run("auction show 0").stdout
    assert "charlie\t250 BSX\t0 BSX\twon 1000000/1\n" in shown
    assert "bob\t200 BSX\t0 BSX\twent to the seller\n" in shown


def test_a_candle_auction(run: Run, read_json: ReadJson, monkeypatch: pytest.MonkeyPatch) -> None:
    made = run("auction create candle 1000000/1")
    assert said(made).endswith("lasts 30 blocks (6m), first bid 1 BSX.")  # blocks 5 to 34, closing from 15 on
    run('auction bid 0 "10 BSX" --as bob')  # block 5
    assert read_json("auction show 0")["candle"]["range_now"] == 1
    run("chain advance --to 22")
    run('auction bid 0 "20 BSX" --as charlie')  # block 23: range 4
    run("chain advance --to 32")
    run('auction bid 0 "30 BSX" --as bob')  # block 33: range 9; the end moves to 43
    shown = run("auction show 0").stdout
    assert "closes\tfrom block 15 on, in 9 ranges; a bid now is in range 9\n" in shown
    assert shown.endswith(
        "if drawn in\tblocks\twins\tchance\n"
        "ranges 1–3\t5–22\tbob\t33.3 %\n"
        "ranges 4–8\t23–32\tcharlie\t55.6 %\n"
        "range 9\t33–42\tbob\t11.1 %\n"
    )
    assert [(each["from"], each["to"], each["name"]) for each in read_json("auction show 0")["candle"]["highest"]] == [
        (1, 3, "bob"),
        (4, 8, "charlie"),
        (9, 9, "bob"),
    ]

    run("chain advance --to 42")
    closed = run("auction close 0")
    assert said(closed) == "Auction 0 is closed in block 43: charlie got 1000000/1, alice 20 BSX."
    assert closed.stderr == "bob can claim 30 BSX: `basilisk auction claim 0 bob`.\n"
    candle = read_json("auction show 0")["candle"]
    assert (candle["drawn"], candle["winner"]) == (7, address("charlie"))
    assert "drawn\trange 7: charlie was highest\n" in run("auction show 0").stdout
    run("auction claim 0 --as bob")
    assert read_json("auction show 0")["ending"]["winner"] == address("charlie")

    monkeypatch.setattr("basilisk_cli.auction_chart.is_terminal", lambda stream: True)
    monkeypatch.setenv("NO_COLOR", "1")
    drawn = run("auction show 0 --chart").stdout
    assert "Bids in auction 0" in drawn
    assert re.search(r"charlie┤ +█+ +│? +", drawn)
    assert "Who wins auction 0, by the range that is drawn" in drawn
    assert "\x1b" not in drawn
    assert "Bids in" not in run("auction show 0 --chart --json").stdout


def test_an_auction_that_is_changed_and_called_off(run: Run, read_json: ReadJson) -> None:
    made = run('auction create english 1000000/1 --reserve "100 BSX" --start +10m')
    assert ": starts in 49 blocks (9m48s), lasts 600 blocks (2h), first bid 100 BSX." in said(made)
    changed = run('auction update 0 --reserve "80 BSX" --name Leo')
    assert said(changed) == ("Changed auction 0: starts in 48 blocks (9m36s), lasts 600 blocks (2h), first bid 80 BSX.")
    run("auction update 0 --start 20 --duration 1h --reserve none")
    sale = read_json("auction show 0")
    assert (sale["name"], sale["state"], sale["start"], sale["end"]) == ("Leo", "created", 20, 320)
    assert (sale["reserve_price"], sale["next_bid"]) == (None, UNIT)
    assert read_json("nft show 1000000/1")["auction"] == 0
    assert "state\tin auction 0\n" in run("nft show 1000000/1").stdout
    assert said(run("auction destroy 0")) == "Auction 0 is called off; 1000000/1 can move again."
    sale = read_json("auction show 0")
    assert (sale["state"], sale["ending"]["destroyed"], sale["removed_in"]) == ("removed", True, 7)
    assert "ending\tcalled off by alice in block 7\n" in run("auction show 0").stdout
    assert "auction 0 is settled" in run("auction destroy 0", 2).stderr
    assert read_json("nft show 1000000/1")["auction"] is None


def test_a_candle_auction_keeps_its_length_when_it_is_moved(run: Run, read_json: ReadJson) -> None:
    run("auction create candle 1000000/1 --start 40")
    run('auction update 0 --start 50 --min "5 BSX"')
    sale = read_json("auction show 0")
    assert (sale["start"], sale["end"], sale["candle"]["closing_start"], sale["next_bid"]) == (50, 80, 60, 5 * UNIT)


def test_an_auction_without_bids(run: Run, read_json: ReadJson) -> None:
    run("auction create english 1000000/1 --duration 11")
    run("chain advance 12")
    assert said(run("auction close 0")).endswith(": nobody bid, alice keeps 1000000/1.")
    assert run("auction show 0").stdout.endswith("block\tbid by\tamount\tabove the last\n")


def test_a_price_outlives_an_auction(folder: Path, run: Run) -> None:
    (folder / "two.yaml").write_text(
        HOUSE.replace("house", "two")
        + "assets: [{id: 1, symbol: KSM, name: Kusama, decimals: 12, existential_deposit: 1, location: relay}]\n"
    )
    for line in (
        *BEGIN,
        'market price 1000000/1 "1 KSM"',
        "auction create english 1000000/1 --duration 11",
        'auction bid 0 "5 BSX" --as bob',
        "chain advance 11",
    ):
        run(f"{line} --chain two.yaml")
    assert "The price of 1 KSM is older than bob's ownership" in run("auction close 0 --chain two.yaml").stderr


def test_auctions_by_the_relay_chains_blocks(folder: Path, run: Run, read_json: ReadJson) -> None:
    (folder / "relay.yaml").write_text(
        HOUSE.replace("house", "relay").replace("auctions:", "auctions:\n    block_number_provider: relay")
    )
    for line in (*BEGIN, "auction create english 1000000/1 --duration 2m"):
        run(f"{line} --chain relay.yaml")
    sale = read_json("auction show 0 --chain relay.yaml")
    assert (sale["end"] - sale["start"], sale["now"], sale["seconds_left"]) == (20, 10, 120)
    assert sale["start"] == sale["now"]
    run('auction bid 0 "1 BSX" --as bob --chain relay.yaml')
    run("chain advance --relay 30 --chain relay.yaml")
    run("auction close 0 --chain relay.yaml")
    assert [bid["block"] for bid in read_json("auction show 0 --chain relay.yaml")["bids"]] == [10]
    assert "runs\trelay blocks 10 to 29\n" in run("auction show 0 --chain relay.yaml").stdout
