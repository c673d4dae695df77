"""`basilisk auction`: several at once, and what is refused."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from auction_house import ReadJson
from typer.testing import Result

from basilisk_cli.auctions import Span

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def house(folder: Path, built: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy of it, which commands take by themselves."""
    shutil.copytree(built, folder, dirs_exist_ok=True)
    monkeypatch.setenv("BASILISK_CHAIN", "house.yaml")


# -- several at once -------------------------------------------------------------------------------------------------


def test_list(run: Run, read_json: ReadJson) -> None:
    assert read_json("auction list") == []
    run("auction create english 1000000/1 --duration 20")
    run("auction create topup 1000000/2 --start 100 --duration 20")
    run('auction bid 0 "3 BSX" --as bob')
    assert run("auction list").stdout.splitlines() == [
        "id\tkind\titem\tseller\tstate\tleading bid\tby\tnext bid\ttime left\tyour part",
        "0\tenglish\t1000000/1\talice\trunning\t3 BSX\tbob\t3.3 BSX\t18 blocks (3m36s)\tyou sell",
        "1\ttopup\t1000000/2\talice\tcreated\t\t\t1 BSX\tstarts in 93 blocks (18m36s)\tyou sell",
    ]
    assert run("auction list --as bob").stdout.splitlines()[1].endswith("\t3 BSX in")
    assert [sale["auction"] for sale in read_json("auction list --at 4")] == [0]
    assert read_json("auction list --at 3 --all") == []
    said = "error: there is no auction 2\n help: there is 0, 1\n"
    for line in ("show 2", 'bid 2 "1 BSX"', "close 2", "claim 2", "destroy 2", "update 2 --name x"):
        assert run(f"auction {line}", 2).stderr == said


def test_spans_of_ranges() -> None:
    from basilisk_cli.auctions import spans_of

    a, b = b"a", b"b"
    assert spans_of({}, 10) == [Span(1, 9, None)]
    assert spans_of({1: a, 2: a, 5: b, 9: a}, 10) == [Span(1, 4, a), Span(5, 8, b), Span(9, 9, a)]
    assert spans_of({3: a}, 10) == [Span(1, 2, None), Span(3, 9, a)]
    assert spans_of({1: a}, 2) == [Span(1, 1, a)]


# -- what is wrong ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "status", "said"),
    [
        ("create english 1000000/9", 2, "there is no item 1000000/9\n help: there is 1000000/1, 1000000/2"),
        ("create englsh 1000000/1", 2, "'englsh' is no kind of auction\n help: did you mean english?"),
        ("create english 1000000", 2, "'1000000' is no item"),
        ("create english 1000000/1 --as bob", 1, "1000000/1 is alice's, not bob's.\nerror: Auctions.NotATokenOwner: "),
        ("create english 1000000/1 --duration 10", 1, "Auctions.InvalidTimeConfiguration"),
        ("create english 1000000/1 --duration 4294967295", 2, "end after the last block"),
        ("create english 1000000/1 --duration soon", 2, "write a time such as 2h or 1d12h, or a number of blocks"),
        ("create english 1000000/1 --start 2", 1, "Auctions.AuctionStartTimeAlreadyPassed"),
        ("create english 1000000/1 --start soon", 2, "write how long from now, as in +2h, or the number of a block"),
        ("create english 1000000/1 --name ''", 1, "Auctions.EmptyAuctionName"),
        (f"create english 1000000/1 --name {'x' * 129}", 2, "the name has 129 bytes, and 128 are allowed at most"),
        ('create english 1000000/1 --min "5 BSX"', 2, 'write --reserve "5 BSX"'),
        ('create english 1000000/1 --reserve "5 KSM"', 2, "unknown asset 'KSM'"),
        ('create topup 1000000/1 --min "0.5 BSX"', 1, "Auctions.InvalidNextBidMin"),
        ("create candle 1000000/1 --duration 2h", 2, "Candle auctions last 30 blocks (6m) on this chain"),
        ('create candle 1000000/1 --reserve "5 BSX"', 1, "Auctions.CandleAuctionDoesNotSupportReservePrice"),
        ('bid one "5 BSX"', 2, "'one' is no auction\n help: write its number, as in 0"),
        (f"show {2**64}", 2, "an auction id out of range"),
        (f"show {2**64 - 1}", 2, f"there is no auction {2**64 - 1}"),
        ("close 0", 2, "there is no auction 0\n help: make one: `basilisk auction create"),
    ],
)
def test_bad_input(run: Run, line: str, status: int, said: str) -> None:
    assert said in run(f"auction {line}", status).stderr


@pytest.mark.parametrize(
    ("line", "doubt", "error"),
    [
        ('bid 0 "99 BSX" --as bob', "the next bid is 100 BSX at least", "InvalidBidPrice"),
        ('bid 0 "100 BSX"', "the seller cannot bid", "CannotBidOnOwnAuction"),
        ('bid @auction:1 "1 BSX" --as bob', "auction 1 starts in 94 blocks (18m48s)", "AuctionNotStarted"),
        ("close 0", "auction 0 is over in 19 blocks (3m48s)", "AuctionEndTimeNotReached"),
    ],
)
def test_what_the_chain_refuses_is_said_before(run: Run, line: str, doubt: str, error: str) -> None:
    run('auction create english 1000000/1 --reserve "100 BSX" --duration 20')
    run("auction create topup 1000000/2 --start 100")
    result = run(f"auction {line}", 1)
    first, second = result.stderr.splitlines()[:2]
    assert first == f"The chain would refuse this: {doubt}."
    assert second.startswith(f"error: Auctions.{error}: ")


def test_what_a_running_auction_does_not_allow(run: Run) -> None:
    run("auction create english 1000000/1 --duration 20")
    assert "'5x' is no amount" in run("auction bid 0 5x --as bob", 2).stderr
    for line, error in (
        ("auction create topup 1000000/1", "Auctions.TokenFrozen"),
        ("auction destroy 0", "Auctions.AuctionAlreadyStarted"),
        ("auction update 0 --name Leo", "Auctions.AuctionStartTimeAlreadyPassed"),
        ("auction claim 0 --as bob", "Auctions.NoReservedAmountAvailableToClaim"),
        ("nft transfer 1000000/1 bob", "Uniques.Frozen"),
        ("nft burn 1000000/1", "Uniques.Frozen"),
    ):
        assert error in run(line, 1).stderr


def test_a_chain_without_auctions(run: Run) -> None:
    run("chain init --chain basilisk")
    for line in ("auction list", "auction show 0", "auction close 0", "auction create english 1/1"):
        result = run(f"{line} --chain basilisk", 2)
        assert result.stderr.startswith("error: this chain has no auctions\n help: list auctions under `pallets:`")
