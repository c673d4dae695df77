"""What programs read: TSV and JSON."""

import json

from hypothesis import given
from hypothesis import strategies as st

from basilisk_cli.render.blocks import Align, Column, Facts, Items, Lines, Styled, Table
from basilisk_cli.render.json import written
from basilisk_cli.render.tsv import lines_of


def test_rows_are_separated_by_tabs_and_blocks_by_empty_lines() -> None:
    table = Table(
        (Column("pool"), Column("reserve", Align.POINT)), [("A/B", Styled("1_000.5 A", "red")), ("C/D", None)]
    )
    assert [*lines_of([table, Facts([("block", 2), ("list", Items(["a", "b"]))]), Lines(["done"])])] == [
        "pool\treserve",
        "A/B\t1_000.5 A",
        "C/D\t",
        "",
        "block\t2",
        "list\ta, b",
        "",
        "done",
    ]


def test_a_cell_cannot_break_a_row() -> None:
    assert [*lines_of([Facts([("name", "a\tb\nc")])])] == [r"name	a\tb\nc"]


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**256), 2**256) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(values)
def test_json_is_exact(value: object) -> None:
    text = written(value)
    assert text.endswith("\n")
    assert json.loads(text) == value
