"""Bulk trades: rows as they stream, and every fault with its place."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from amm.scripts.errors import Fault, Faults, Mark
from amm.scripts.rows import Row, read_rows
from amm.scripts.script import load_script
from amm.scripts.steps import TradesStep
from amm.scripts.trades import Span, TradesFile

HEADER = "block,who,side,asset_in,asset_out,amount,limit,pool"

Trades = Callable[[str], TradesFile]


@pytest.fixture
def trades(tmp_path: Path) -> Trades:
    """The trades of a script that names a file with this text."""

    def load(text: str) -> TradesFile:
        (tmp_path / "t.csv").write_text(text, encoding="utf-8")
        script = load_script(tmp_path / "s.yaml", text="name: a\nsteps: [{trades: t.csv}]\n")
        (step,) = script.steps
        assert isinstance(step, TradesStep)
        return step.trades

    return load


def complaint(trades: Trades, text: str) -> str:
    with pytest.raises(Faults) as caught:
        trades(text)
    return str(caught.value).replace(f"{caught.value.faults[0].mark.file}", "t.csv")


def test_rows(trades: Trades) -> None:
    file = trades(
        f"{HEADER},error\n"
        "7,alice,sell,BSX,KSM,1_000,,xyk,\n"
        "\n"
        '7, bob ,buy,1,"shares:BSX/KSM",1.5 KSM,,lbp,LBP.NotOwner\r\n'
        ",carol,sell,KSM,0,2,2 BSX,router,BadOrigin\n"
    )
    assert list(file.rows()) == [
        Row(2, 7, "alice", "sell", "BSX", "KSM", 1000, 0, "xyk", None),
        Row(4, 7, "bob", "buy", "1", "shares:BSX/KSM", "1.5 KSM", 2**128 - 1, "lbp", "LBP.NotOwner"),
        Row(5, None, "carol", "sell", "KSM", "0", 2, "2 BSX", "router", "BadOrigin"),
    ]
    assert (file.count, file.span) == (3, Span(0, 7, 8))


def test_columns_may_come_in_any_order(trades: Trades) -> None:
    (row,) = trades("pool,limit,amount,asset_out,asset_in,side,who,block\nxyk,3,2,B,A,sell,bob,1\n").rows()
    assert row == Row(2, 1, "bob", "sell", "A", "B", 2, 3, "xyk", None)


@pytest.mark.parametrize(
    ("blocks", "span"),
    [
        ([], Span(0, None, None)),
        (["", ""], Span(2, None, None)),
        (["", "", "5", "5", "", "9"], Span(2, 5, 9)),
        (["3", "", "4"], Span(0, 3, 4)),
    ],
)
def test_spans(trades: Trades, blocks: list[str], span: Span) -> None:
    rows = "".join(f"{block},alice,sell,BSX,KSM,1,,xyk\n" for block in blocks)
    assert trades(f"{HEADER}\n{rows}").span == span


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", f"t.csv:1:1: the file has no header\n    {HEADER}"),
        (
            f"{HEADER.replace('side', 'sid')}\n",
            f"t.csv:1:1: the header lacks side\n    {HEADER}\nt.csv:1:11: unknown column 'sid'\n    did you mean side?",
        ),
        (f"{HEADER},who\n", "t.csv:1:7: the column 'who' is given twice\n    keep one of them"),
        (
            f"{HEADER}\n1,alice\n",
            "t.csv:2:1: the row has 2 fields, the header 8\n    leave none out; empty ones count",
        ),
        (
            f"{HEADER}\n5,alice,sell,BSX,KSM,1,,xyk\n4,alice,sell,BSX,KSM,1,,xyk\n",
            "t.csv:3:1: block 4 after block 5\n    sort the rows; numbers do not fall",
        ),
        (
            f"{HEADER}\n0,alice,sell,BSX,KSM,1,,xyk\n",
            "t.csv:2:1: a block '0'\n    write the block's number, or nothing for the next one",
        ),
        (
            f'{HEADER}\n,"@treasury",sell,BSX,KSM,1,,xyk\n',
            "t.csv:2:2: @treasury cannot sign: its key is not known\n    write a name, as in alice",
        ),
        (f"{HEADER}\n,bob,sold,BSX,KSM,1,,xyk\n", "t.csv:2:6: a side 'sold'\n    write sell or buy"),
        (
            f"{HEADER}\n,bob,buy,BSX,,1,,xyk\n",
            "t.csv:2:14: no asset_out\n    write an asset: its symbol or its id",
        ),
        (f"{HEADER}\n,bob,buy,BSX,KSM,-1,,xyk\n", "t.csv:2:18: -1 is negative\n    amounts are 0 or more"),
        (
            f"{HEADER}\n,bob,buy,BSX,KSM,1,1.5,xyk\n",
            't.csv:2:20: 1.5 has no symbol\n    name the asset, as in "1.5 KSM"',
        ),
        (f"{HEADER}\n,bob,buy,BSX,KSM,1,,amm\n", "t.csv:2:21: a pool 'amm'\n    write xyk, lbp, router"),
        (
            f"{HEADER},error\n,bob,buy,BSX,KSM,1,,xyk,oops\n",
            "t.csv:2:25: 'oops' is no error\n    write an error, as in XYK.TokenPoolNotFound or BadOrigin",
        ),
        (
            f'{HEADER}\n,"bob,buy,BSX,KSM,1,,xyk\n',
            "t.csv:2:1: not CSV: unexpected end of data\n    check the quotes of this line",
        ),
    ],
)
def test_what_is_refused(trades: Trades, text: str, expected: str) -> None:
    assert complaint(trades, text) == expected


def test_all_faults_come_at_once_up_to_a_limit(trades: Trades) -> None:
    with pytest.raises(Faults) as caught:
        trades(f"{HEADER}\nx,@a,hold,,KSM,1.5,,amm\n")
    assert [fault.mark.column for fault in caught.value.faults] == [1, 3, 6, 11, 16, 21]
    with pytest.raises(Faults) as caught:
        trades(f"{HEADER}\n" + "0,bob,sell,BSX,KSM,1,,xyk\n" * 1000)
    assert len(caught.value.faults) == 51
    assert str(caught.value.faults[-1]).endswith(
        "t.csv:51:1: only the first 50 faults of the file are shown\n    mend these first"
    )


def test_what_is_not_text(trades: Trades, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(HEADER.encode() + b"\n,alice,sell,BSX,KSM,1,,xyk\n,b\xff")
    faults: list[Fault] = []
    assert len(list(read_rows(path, faults))) == 1
    assert [(fault.mark, fault.message) for fault in faults] == [(Mark(str(path), 3, 3), "byte 0xff is not UTF-8")]


def test_missing_files_are_reported_where_they_are_named(tmp_path: Path) -> None:
    (tmp_path / "swaps.csv").touch()
    with pytest.raises(Faults) as caught:
        load_script(tmp_path / "s.yaml", text="name: a\nsteps:\n  - trades: swap.csv\n  - trades: .\n")
    assert str(caught.value) == (
        f"{tmp_path}/s.yaml:3:13: there is no file {tmp_path}/swap.csv\n    did you mean swaps.csv?\n"
        f"{tmp_path}/s.yaml:4:13: {tmp_path} is a folder\n    name a file in it"
    )


def test_rows_stream(tmp_path: Path) -> None:
    """The first rows come before a fault in a later one is met."""
    path = tmp_path / "t.csv"
    path.write_text(f"{HEADER}\n" + ",alice,sell,BSX,KSM,1,,xyk\n" * 30_000 + "broken\n")
    faults: list[Fault] = []
    rows = read_rows(path, faults)
    assert [row.line for row in islice(rows, 20_000)] == list(range(2, 20_002))
    assert faults == []
    assert sum(1 for _ in rows) == 10_000
    assert [fault.mark.line for fault in faults] == [30_002]


def test_a_file_that_was_changed_since(trades: Trades) -> None:
    file = trades(f"{HEADER}\n,alice,sell,BSX,KSM,1,,xyk\n")
    file.path.write_text(f"{HEADER}\n,alice,sell,BSX,KSM,1,,xyk\n,alice,hold,BSX,KSM,1,,xyk\n")
    rows = file.rows()
    assert next(rows).who == "alice"
    with pytest.raises(Faults, match="a side 'hold'"):
        next(rows)
