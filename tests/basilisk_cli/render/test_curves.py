"""Several curves in one chart, and tables in files."""

import csv
from pathlib import Path

import pytest
from pyarrow import parquet

from basilisk_cli.errors import CliError
from basilisk_cli.render.curves import Axes, Curve, save_figure, terminal_chart
from basilisk_cli.render.datafiles import Field, Kind, save_csv, save_data, save_parquet
from basilisk_cli.render.whole import whole_file

AXES = Axes("KUSD for 1 TKN", "hours", "KUSD")
CURVES = [Curve("if nobody buys", [0, 1, 2], [3.0, 2.0, 1.0]), Curve("so far", [0, 1], [3.0, 4.0])]

FIELDS = (Field("name", Kind.TEXT), Field("n", Kind.INTEGER), Field("units", Kind.AMOUNT), Field("part", Kind.NUMBER))
ROWS = [["a", 1, 2**128 - 1, 0.5], ["b", 2, None, 0.25], ['ü, "quoted"', 3, 10**75, 0.0]]


@pytest.mark.parametrize("width", [40, 80, 160])
@pytest.mark.parametrize("colour", [True, False])
def test_a_chart_keeps_to_its_width(width: int, colour: bool) -> None:
    drawn = terminal_chart(AXES, CURVES, width, 20, colour)
    assert ("\x1b" in drawn) == colour
    assert AXES.title in drawn
    assert all(curve.label in drawn for curve in CURVES)
    if not colour:
        assert max(map(len, drawn.splitlines())) <= width
        assert 12 <= len(drawn.splitlines()) <= 21


def test_without_colours_curves_differ_by_their_marks() -> None:
    drawn = terminal_chart(AXES, CURVES, 80, 20, False)
    assert "··" in drawn
    assert "**" in drawn


def test_many_curves_and_flat_ones() -> None:
    curves = [Curve(f"number {n}", [0, 1], [0.0, 0.0]) for n in range(12)]
    assert "number 11" in terminal_chart(AXES, curves, 100, 30, False)


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_a_figure_has_the_same_bytes_every_time(tmp_path: Path, suffix: str) -> None:
    files = [tmp_path / f"{name}.{suffix}" for name in ("one", "two")]
    for file in files:
        save_figure(file, AXES, CURVES)
    assert files[0].read_bytes() == files[1].read_bytes()
    if suffix == "svg":
        text = files[0].read_text()
        assert all(curve.label in text for curve in CURVES)
        assert str(tmp_path) not in text


def test_csv(tmp_path: Path) -> None:
    save_data(tmp_path / "x.csv", FIELDS, ROWS)
    with (tmp_path / "x.csv").open(encoding="utf-8", newline="") as opened:
        header, *rows = csv.reader(opened)
    assert header == ["name", "n", "units", "part"]
    assert rows[0] == ["a", "1", str(2**128 - 1), "0.5"]
    assert rows[1][2] == ""
    assert rows[2][0] == ROWS[2][0]


def test_parquet(tmp_path: Path) -> None:
    save_data(tmp_path / "x.parquet", FIELDS, ROWS)
    table = parquet.read_table(tmp_path / "x.parquet")
    assert [str(field.type) for field in table.schema] == ["string", "int64", "decimal256(76, 0)", "double"]
    assert [list(row.values()) for row in table.to_pylist()] == ROWS


def test_an_empty_table(tmp_path: Path) -> None:
    save_csv(tmp_path / "x.csv", FIELDS, [])
    assert (tmp_path / "x.csv").read_text() == "name,n,units,part\n"
    save_parquet(tmp_path / "x.parquet", FIELDS, [])
    assert parquet.read_table(tmp_path / "x.parquet").num_rows == 0


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("before")

    def fail() -> None:
        with whole_file(tmp_path / "x") as unfinished:
            unfinished.write_text("half")
            raise CliError("no more")

    with pytest.raises(CliError):
        fail()
    assert (tmp_path / "x").read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["x"]
    with whole_file(tmp_path / "x") as unfinished:
        unfinished.write_text("after")
    assert (tmp_path / "x").read_text() == "after"
