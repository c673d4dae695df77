"""Draws docs/images/ksm-pool.png: the price of KSM over the demo script. Needs the extra `plot`.

    python tests/docs/picture.py
"""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

from amm.scripts.check import check_file
from basilisk_cli.history import Point, price_series
from basilisk_cli.render.screen import Screen
from basilisk_cli.replaying import run_script
from basilisk_cli.session import Embedded

ROOT = Path(__file__).parent.parent.parent
SCRIPT = ROOT / "configs" / "scripts" / "ksm-pool.yaml"
IMAGE = ROOT / "docs" / "images" / "ksm-pool.png"
INK, LINE, GRID = "#24292f", "#1a7f5a", "#d8dee4"
EVERY_BLOCK = 1_000_000


def prices() -> list[Point]:
    """The price after each block of the script that had the pool."""
    script, spec = check_file(SCRIPT)
    with Embedded(spec) as chain:
        report = run_script(script, chain, keep_going=False, screen=Screen(quiet=True))
        assert report.ok, report.failed_expectations
        return price_series(chain, "BSX/KSM", 1, chain.best.number, EVERY_BLOCK).points


def draw(points: list[Point], image: Path) -> None:
    figure, axes = plt.subplots(figsize=(9, 4.2), dpi=120)
    blocks, heights = [point.block for point in points], [point.height for point in points]
    axes.step(blocks, heights, where="post", color=LINE, linewidth=2)
    axes.set_title(f"{SCRIPT.name}: a pool of BSX and KSM", loc="left", color=INK)
    axes.set_xlabel("block", color=INK)
    axes.set_ylabel("BSX for 1 KSM", color=INK)
    axes.set_xlim(blocks[0], blocks[-1])
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    axes.margins(y=0.12)
    high, low = (choose(points, key=lambda point: point.height) for choose in (max, min))
    _say(axes, points[0], f"opened at {points[0].height:.0f}", (12, 34))
    _say(axes, high, f"{high.height:.0f}: forty blocks of small orders", (-24, 8), "right")
    _say(axes, low, f"{low.height:.0f}: someone took profit", (-60, 4), "right")
    figure.tight_layout()
    image.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(image, metadata={"Software": None})


def _say(axes: Axes, point: Point, text: str, away: tuple[int, int], align: str = "left") -> None:
    """A remark beside a point of the line."""
    axes.annotate(
        text,
        (point.block, point.height),
        xytext=away,
        textcoords="offset points",
        ha=align,
        color=INK,
        fontsize=9,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 0.6},
    )


if __name__ == "__main__":
    draw(prices(), IMAGE)
    print(IMAGE.relative_to(ROOT))
