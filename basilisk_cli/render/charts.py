"""Charts in the terminal."""

from collections.abc import Sequence

import plotext

from basilisk_cli.render.curves import Axes

LEAST_HEIGHT, MOST_HEIGHT = 10, 24
SIGNS = "●■▲◆○□△◇"
TICKS = 6


def line_chart(title: str, xs: Sequence[float], ys: Sequence[float], width: int, height: int, colour: bool) -> str:
    """A line through the points, ready to print: at most `width` columns wide."""
    _begin(title, width, max(LEAST_HEIGHT, min(height, MOST_HEIGHT)), colour)
    plotext.xlabel("block")
    plotext.plot(list(xs), list(ys), marker="braille")
    return _drawn(colour)


def bid_chart(
    axes: Axes, bids: Sequence[tuple[str, int, float]], lines: Sequence[int], width: int, height: int, colour: bool
) -> str:
    """Bids as (who, block, amount), each bidder with a sign of his own; upright lines at some blocks."""
    _begin(axes.title, width, max(LEAST_HEIGHT, min(height, MOST_HEIGHT)), colour)
    plotext.xlabel(axes.x)
    plotext.ylabel(axes.y)
    for number, who in enumerate(dict.fromkeys(who for who, _, _ in bids)):
        xs, ys = zip(*((block, amount) for bidder, block, amount in bids if bidder == who), strict=True)
        plotext.scatter(list(xs), list(ys), marker=SIGNS[number % len(SIGNS)], label=who)
    for block in lines:
        plotext.vline(block)
    blocks = [*lines, *(block for _, block, _ in bids)]
    plotext.xticks(_whole(min(blocks), max(blocks)))
    return _drawn(colour)


def range_chart(
    axes: Axes, spans: Sequence[tuple[str, int, int]], drawn: int | None, last: int, width: int, colour: bool
) -> str:
    """Who wins in which ranges, as (who, first, last): a bar a bidder. An upright line at the range that was drawn."""
    people = list(dict.fromkeys(who for who, _, _ in spans))
    _begin(axes.title, width, 2 * len(people) + 5, colour)
    plotext.xlabel(axes.x)
    plotext.xlim(0.5, last + 0.5)
    plotext.xticks(_whole(1, last))
    plotext.ylim(0.5, len(people) + 0.5)
    for place, who in enumerate(people, start=1):
        bars = [x for bidder, first, to in spans if bidder == who for x in _filled(first - 0.5, to + 0.5, last / width)]
        plotext.scatter(bars, [place] * len(bars), marker="█")
    plotext.yticks(list(range(1, len(people) + 1)), people)
    if drawn is not None:
        plotext.vline(drawn)
    return _drawn(colour)


def _whole(first: int, last: int) -> list[int]:
    """Whole numbers to write below an axis."""
    return sorted({first + step * (last - first) // TICKS for step in range(TICKS + 1)})


def _filled(first: float, last: float, step: float) -> list[float]:
    """Numbers so close that no gap is seen between them."""
    return [first + place * step for place in range(int((last - first) / step) + 1)]


def _begin(title: str, width: int, height: int, colour: bool) -> None:
    plotext.clear_figure()
    plotext.theme("pro" if colour else "clear")
    plotext.plotsize(width, height)
    plotext.title(title)


def _drawn(colour: bool) -> str:
    drawn = str(plotext.build())
    return drawn if colour else "\n".join(line.rstrip() for line in str(plotext.uncolorize(drawn)).splitlines())
