"""Charts in the terminal."""

from collections.abc import Sequence

import plotext

LEAST_HEIGHT, MOST_HEIGHT = 10, 24


def line_chart(title: str, xs: Sequence[float], ys: Sequence[float], width: int, height: int, colour: bool) -> str:
    """A line through the points, ready to print: at most `width` columns wide."""
    plotext.clear_figure()
    plotext.theme("pro" if colour else "clear")
    plotext.plotsize(width, max(LEAST_HEIGHT, min(height, MOST_HEIGHT)))
    plotext.title(title)
    plotext.xlabel("block")
    plotext.plot(list(xs), list(ys), marker="braille")
    drawn = str(plotext.build())
    return drawn if colour else "\n".join(line.rstrip() for line in str(plotext.uncolorize(drawn)).splitlines())
