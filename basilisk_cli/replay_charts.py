"""The prices of every pool that a replay knew, also of those that are gone at its end."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import typer

from amm.pallets.lbp import Lbp
from amm.scripts.report import Report
from basilisk_cli.history import price_series
from basilisk_cli.launches import clock_of, pair, sale_of
from basilisk_cli.render.blocks import Align, Column, Table
from basilisk_cli.render.screen import Screen, is_terminal
from basilisk_cli.sale_past import past_of
from basilisk_cli.sale_screen import chart_blocks, show_chart
from basilisk_cli.session import Session

POINTS = 200


@dataclass
class Life:
    """A pool of two assets, and the blocks that it was there after, as far as the replay goes."""

    kind: str
    assets: tuple[int, int]
    first: int
    last: int


def lives(report: Report, before: int, last: int) -> list[Life]:
    """The pools of a replay that began after block `before`: those there were, and those that its calls made.

    A pool that was made anew has one life, from its first block to its last.
    """
    there = {
        (pool.kind, frozenset(held.id for held in pool.assets)): Life(
            pool.kind, (pool.assets[0].id, pool.assets[1].id), before, last
        )
        for pool in report.pools_before
    }
    for kind, assets, block, made in _events(report):
        key = kind, frozenset(assets)
        if made:
            there.setdefault(key, Life(kind, assets, block, last)).last = last
        elif key in there:
            there[key].last = block - 1
    return list(there.values())


def _events(report: Report) -> Iterator[tuple[str, tuple[int, int], int, bool]]:
    """Kind and assets of each pool that was made or destroyed, in which block, and which of the two it was."""
    for step in report.steps:
        for event in step.events:
            fields: dict[str, Any] = event.fields
            match event.pallet, event.event:
                case "XYK", "PoolCreated" | "PoolDestroyed" as what:
                    yield "xyk", (fields["asset_a"], fields["asset_b"]), step.block, what == "PoolCreated"
                case "LBP", "PoolCreated":
                    first, second = fields["data"]["assets"]
                    yield "lbp", (first, second), step.block, True
                case "LBP", "LiquidityRemoved":
                    yield "lbp", (fields["asset_a"], fields["asset_b"]), step.block, False
                case _:
                    pass


def draw_pools(screen: Screen, chain: Session, report: Report) -> None:
    """A chart of each pool's price; off a terminal a title and a table."""
    last = chain.best.number
    found = lives(report, last - report.blocks, last)
    if not found:
        screen.note("There were no pools, so there is nothing to draw.")
    for life in found:
        typer.echo()
        if life.kind == "xyk":
            _draw_pool(screen, chain, life)
        else:
            _draw_launch(screen, chain, life)


def _draw_pool(screen: Screen, chain: Session, life: Life) -> None:
    series = price_series(chain, life.assets, life.first, life.last, POINTS)
    heights = [(point.block, point.height) for point in series.points]
    rows = [(point.block, point.text) for point in series.points]
    table = Table((Column("block", Align.RIGHT), Column("price", Align.POINT)), rows)
    _title(f"xyk: {series.title}", last=life.last, gone=life.last < chain.best.number)
    screen.chart(series.document(), series.title, heights, table)


def _draw_launch(screen: Screen, chain: Session, life: Life) -> None:
    """The launch as the last block of its life left it, up to the block that took it away."""
    gone, clock = life.last < chain.best.number, clock_of(chain)
    if gone:
        clock = replace(clock, now=chain.read(life.last + 1)[Lbp].now())
    sale = sale_of(chain.read(life.last), *life.assets, clock)
    assert sale is not None
    name = pair(sale, chain.book)
    if sale.pool.start is None:
        typer.echo(f"lbp: {name} never had dates, and so no price over time")
        return
    past = past_of(chain, sale)
    _title(f"lbp: {past.axes.title}, {name}", last=life.last, gone=gone)
    show_chart(screen, past.document(), past.axes, past.curves, past.scale, *chart_blocks(sale, chain.book))


def _title(text: str, last: int, gone: bool) -> None:
    """What a table is of, where no chart says so; and that a pool is gone, in any case."""
    if gone:
        text += f"; gone after block {last}"
    if gone or not is_terminal(sys.stdout):
        typer.echo(text)
