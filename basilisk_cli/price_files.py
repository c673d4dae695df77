"""Prices over time, as charts and files take them."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from amm.simulate.terms import Price
from basilisk_cli.errors import CliError
from basilisk_cli.render.curves import FIGURES, Axes, Curve, need_matplotlib, save_figure
from basilisk_cli.render.datafiles import DATA, Field, Kind, need_pyarrow, save_data

UNSOLD = "if nobody buys"

FIELDS = (
    Field("curve", Kind.TEXT),
    Field("block", Kind.INTEGER),
    Field("hours", Kind.NUMBER),
    Field("price_numerator", Kind.AMOUNT),
    Field("price_denominator", Kind.AMOUNT),
    Field("price", Kind.NUMBER),
)
"""`price` is in whole units, for drawing; the fraction is exact, in base units."""


class Spot(NamedTuple):
    """A price at a block, so many hours after the start."""

    block: int
    hours: float
    price: Price


class PriceCurve(NamedTuple):
    label: str
    spots: Sequence[Spot]


class Scale(NamedTuple):
    """What a price in base units is in whole ones: times 10 to this power."""

    power: int

    def height(self, price: Price) -> float:
        return price.height * float(10**self.power) if self.power >= 0 else price.height / float(10**-self.power)


def check_file(file: Path | None) -> None:
    """Raises CliError for a file that cannot be written in the end, before anything is worked out."""
    if file is None:
        return
    if file.suffix in FIGURES:
        need_matplotlib()
    elif file.suffix == ".parquet":
        need_pyarrow()
    elif file.suffix not in DATA:
        known = ", ".join((*FIGURES, *DATA))
        raise CliError(f"{file.name} has no ending that says what it is to be", f"end it with one of {known}")
    if not file.parent.is_dir():
        raise CliError(f"there is no folder {file.parent}", "make it first")


def save_prices(file: Path, axes: Axes, curves: Sequence[PriceCurve], scale: Scale) -> None:
    """A chart or a table, by the file's suffix."""
    if file.suffix in FIGURES:
        save_figure(file, axes, drawn(curves, scale))
        return
    rows = [
        (curve.label, spot.block, spot.hours, *spot.price, scale.height(spot.price))
        for curve in curves
        for spot in curve.spots
    ]
    save_data(file, FIELDS, rows)


def drawn(curves: Sequence[PriceCurve], scale: Scale) -> list[Curve]:
    """Curves as numbers."""
    return [
        Curve(
            curve.label,
            [spot.hours for spot in curve.spots],
            [scale.height(spot.price) for spot in curve.spots],
        )
        for curve in curves
    ]
