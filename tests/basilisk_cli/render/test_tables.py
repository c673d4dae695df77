"""Tables at a terminal: nothing is cut, whatever the width."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from basilisk_cli.render.blocks import Align, Block, Column, Facts, Items, Lines, Styled, Table
from basilisk_cli.render.tables import show


def drawn(*blocks: Block, width: int = 80, colour: bool = False) -> list[str]:
    """The lines on a terminal of `width` columns, before the terminal itself wraps any."""
    stream = io.StringIO()
    system = "truecolor" if colour else None
    show(Console(file=stream, width=width, color_system=system, force_terminal=True, highlight=False), blocks)  # type: ignore[arg-type]
    return stream.getvalue().splitlines()


POOLS = Table(
    (
        Column("pool"),
        Column("reserve", Align.POINT),
        Column("trades", Align.RIGHT),
        Column("notes", Align.FOLD),
        Column("account", extra=True),
    ),
    [
        ("BSX/KSM", "98_905.25 BSX", 7, Items(["fee 3/1000", "made by alice"]), "x" * 49),
        ("KSM/TKN", "12 KSM", 12, Items([]), "y" * 49),
    ],
)


def test_a_wide_terminal_shows_every_column() -> None:
    assert drawn(POOLS, width=120) == [
        "pool     reserve        trades  notes                      account",
        "─" * 108,
        f"BSX/KSM  98_905.25 BSX       7  fee 3/1000, made by alice  {'x' * 49}",
        f"KSM/TKN      12    KSM      12                             {'y' * 49}",
    ]


def test_extra_columns_go_first() -> None:
    lines = drawn(POOLS, width=80)
    assert lines[0].split() == ["pool", "reserve", "trades", "notes"]
    assert not any("x" * 49 in line for line in lines)


def test_a_list_folds_between_its_items() -> None:
    table = Table(
        (Column("event"), Column("fields", Align.FOLD)),
        [("XYK.SellExecuted", Items(["who bob", "amount 1.5 KSM", "price 594.632206759446 BSX"]))],
    )
    assert drawn(table, width=46)[2:] == [
        "XYK.SellExecuted  who bob, amount 1.5 KSM,",
        "                  price 594.632206759446 BSX",
    ]


def test_a_table_that_is_too_wide_becomes_records() -> None:
    table = Table((Column("account"), Column("free", Align.POINT)), [("a" * 49, "1_000.5 BSX"), ("b", "2 BSX")])
    assert drawn(table, width=40) == [
        "account  " + "a" * 49,
        "free     1_000.5 BSX",
        "",
        "account  b",
        "free     2 BSX",
    ]


def test_lists_hang_below_their_rows() -> None:
    columns = (Column("step"), Column("result"), Column("figures", Align.FOLD))
    rows = [
        ("xyk.create_pool", "XYK.TokenPoolAlreadyExists", Items(["amount 1.5 KSM", "fee 0.25 BSX", "and more"])),
        ("check", "ok", Items([])),
    ]
    assert drawn(Table(columns, rows), width=46) == [
        "step             result",
        "───────────────────────────────────────────",
        "xyk.create_pool  XYK.TokenPoolAlreadyExists",
        "    amount 1.5 KSM, fee 0.25 BSX, and more",
        "check            ok",
    ]


def test_of_many_rows_the_middle_is_left_out() -> None:
    table = Table((Column("#", Align.RIGHT), Column("step")), [(n, f"s{n}") for n in range(10)], most=5)
    assert drawn(table)[2:] == ["0  s0", "1  s1", "   … 6 more", "8  s8", "9  s9"]
    assert len(drawn(Table(table.columns, table.rows, most=9))) == 12
    assert len(drawn(Table(table.columns, table.rows))) == 12


def test_groups_become_headings() -> None:
    columns = (Column("account"), Column("asset"), Column("before", Align.POINT))
    rows = [("somebody", "BSX", "1_000_000.25"), ("somebody", "KSM", "1"), ("@xyk:BSX/KSM", "BSX", "2")]
    assert drawn(Table(columns, rows, grouped=True), width=24) == [
        "asset  before",
        "───────────────────",
        "somebody",
        "BSX    1_000_000.25",
        "KSM            1",
        "@xyk:BSX/KSM",
        "BSX            2",
    ]


def test_an_empty_table_says_so() -> None:
    assert drawn(Table((Column("pool"),), [], empty="no pools")) == ["no pools"]


def test_facts_stand_in_two_columns() -> None:
    facts = Facts([("block", 2), ("fields", Items(["a 1", "b 2"])), ("finalized", None)])
    assert drawn(facts, width=15) == ["block      2", "fields     a 1,", "           b 2", "finalized  –"]


def test_an_empty_line_stands_between_blocks() -> None:
    assert drawn(Lines(["one"]), Lines(["two"])) == ["one", "", "two"]


def test_colours_are_styles_not_markup() -> None:
    assert drawn(Lines(["[bold]x[/bold]"])) == ["[bold]x[/bold]"]
    assert drawn(Lines([Styled("gone", "red")]), colour=True) == ["\x1b[31mgone\x1b[0m"]
    assert drawn(Lines([Styled("gone", "red")])) == ["gone"]


def test_control_characters_of_the_chain_do_not_reach_the_terminal() -> None:
    assert drawn(Lines(["a\x1b[31mb\nc\td"])) == [r"a\x1b[31mb\nc\td"]


words = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=40)
numbers = st.integers(min_value=0, max_value=2**128).map(lambda number: f"{number:_}")


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(st.tuples(words, numbers, st.lists(words, max_size=4)), min_size=1, max_size=4),
    width=st.integers(min_value=20, max_value=200),
)
def test_no_cell_is_cut_at_any_width(rows: list[tuple[str, str, list[str]]], width: int) -> None:
    columns = (Column("name"), Column("amount", Align.POINT), Column("list", Align.FOLD))
    table = Table(columns, [(name, number, Items(parts)) for name, number, parts in rows])
    lines = drawn(table, width=width)
    text = "\n".join(lines)
    for name, number, parts in rows:
        assert name in text
        assert number in text
        assert all(part in text for part in parts if len(part) < width - 10)
    assert not any(line.endswith(" ") for line in lines)
    if "─" in text:
        assert max(map(len, lines)) <= width


@pytest.mark.parametrize("width", [40, 80, 200])
def test_folded_columns_use_the_room_there_is(width: int) -> None:
    table = Table((Column("a"), Column("b", Align.FOLD)), [("x", Items(["word"] * 60))])
    lines = drawn(table, width=width)[2:]
    assert max(map(len, lines)) > width - 8
    assert max(map(len, lines)) <= width
