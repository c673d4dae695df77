"""Several curves in one chart: in the terminal, as PNG or SVG. Takes plain numbers."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from basilisk_cli.errors import CliError
from basilisk_cli.render.whole import whole_file

LEAST_HEIGHT, MOST_HEIGHT = 12, 30
COLOURS = ("gray", "green", "blue", "orange", "magenta", "cyan", "red", "yellow")
MARKERS = "·*o+x#%@&$"
"""Where there are no colours, curves differ by these."""

FIGURES = (".png", ".svg")


class Curve(NamedTuple):
    """A curve and what it is called; the first of a chart is the one that others are held against."""

    label: str
    xs: Sequence[float]
    ys: Sequence[float]


class Axes(NamedTuple):
    title: str
    x: str
    y: str


def terminal_chart(axes: Axes, curves: Sequence[Curve], width: int, height: int, colour: bool) -> str:
    """The curves, ready to print: at most `width` columns wide."""
    import plotext

    plotext.clear_figure()
    plotext.theme("pro" if colour else "clear")
    plotext.plotsize(width, max(LEAST_HEIGHT, min(height, MOST_HEIGHT)))
    plotext.title(axes.title)
    plotext.xlabel(axes.x)
    plotext.ylabel(axes.y)
    plotext.ylim(0, max(y for curve in curves for y in curve.ys) * 1.02 or 1)
    for number, curve in enumerate(curves):
        place = number % len(COLOURS)
        marker = "braille" if colour else MARKERS[number % len(MARKERS)]
        plotext.plot(list(curve.xs), list(curve.ys), marker=marker, label=curve.label, color=COLOURS[place])
    drawn = str(plotext.build())
    return drawn if colour else "\n".join(line.rstrip() for line in str(plotext.uncolorize(drawn)).splitlines())


def save_figure(file: Path, axes: Axes, curves: Sequence[Curve]) -> None:
    """The curves as a PNG or SVG file, the same bytes for the same curves. Raises CliError without matplotlib."""
    need_matplotlib()
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context({"svg.hashsalt": axes.title, "svg.fonttype": "none"}):
        figure = Figure(figsize=(10, 6), layout="constrained")
        plot = figure.subplots()
        plot.set(title=axes.title, xlabel=axes.x, ylabel=axes.y)
        for number, curve in enumerate(curves):
            colour, dashes = ("0.6", "--") if number == 0 else (None, "-")
            plot.plot(curve.xs, curve.ys, label=curve.label, linewidth=1.4, color=colour, linestyle=dashes)
        plot.set_ylim(bottom=0)
        plot.grid(alpha=0.3)
        plot.legend()
        kind = file.suffix.removeprefix(".")
        metadata = {"Date": None, "Creator": "basilisk"} if kind == "svg" else {"Software": "basilisk"}
        with whole_file(file) as unfinished:
            figure.savefig(unfinished, format=kind, metadata=metadata, dpi=120)


def need_matplotlib() -> None:
    """Raises CliError if it is not installed."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise CliError("a chart in a file needs matplotlib", "install it: pip install 'basilisk[plot]'") from None
