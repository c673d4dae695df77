"""A launch on the screen: its facts, its chart, its weights as bars."""

import shutil
import sys
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from amm.book import ChainBook
from amm.pallets.lbp_data import MAX_WEIGHT
from amm.simulate.terms import Price
from amm.simulate.units import percent_text, weight_text
from basilisk_cli.launches import Sale, pair, price_text, time_text
from basilisk_cli.names import Names
from basilisk_cli.pools import digits
from basilisk_cli.price_files import PriceCurve, Scale, drawn
from basilisk_cli.render.blocks import Align, Block, Cell, Column, Lines, Table
from basilisk_cli.render.curves import Axes
from basilisk_cli.render.screen import Screen, is_terminal, no_color
from chain.crypto import ss58

BAR = 40
"""Characters of a bar of weights."""

KEPT = 10
"""Lines of the terminal that a chart leaves free."""


def facts(sale: Sale, names: Names, book: ChainBook) -> list[tuple[str, Cell]]:
    """Everything about a launch, weights and prices then, now and at the end."""
    pool, clock, now = sale.pool, sale.clock, sale.clock.now
    end, begin = pool.end if pool.end is not None else now, pool.start if pool.start is not None else now

    def price(block: int) -> str:
        return price_text(sale.price_at(block), sale.accumulated, sale.distributed, book)

    last = sale.price_at(end) if pool.end is not None else _final_price(sale)
    return [
        ("pool", pair(sale, book)),
        ("kind", "lbp"),
        ("account", ss58.encode(sale.account)),
        ("owner", names.account(pool.owner)),
        ("state", f"{sale.state}: {time_text(sale)}"),
        ("dates", None if pool.start is None else f"{clock.unit}s {begin:_} to {end:_}, now {now:_}"),
        ("reserve", names.amount(sale.tokens, sale.distributed)),
        ("reserve", names.amount(sale.collateral, sale.accumulated)),
        *((f"weights {when}", _bar_text(sale, weight, book)) for when, weight in _weights(sale)),
        ("price now", price(now)),
        ("if nobody buys", f"{price_text(last, sale.accumulated, sale.distributed, book)} at the end"),
        ("largest order", names.amount(sale.largest_order, sale.accumulated)),
        ("fee", _fee_text(sale, names)),
        ("fees to", names.account(pool.fee_collector)),
        ("collected", names.amount(sale.collected, sale.accumulated)),
    ]


def chart_blocks(sale: Sale, book: ChainBook) -> list[Block]:
    """The weights then, now and at the end, as bars."""
    return [Lines([f"{when:5} {_bar_text(sale, weight, book)}" for when, weight in _weights(sale)])]


def show_chart(
    screen: Screen, document: Any, axes: Axes, curves: Sequence[PriceCurve], scale: Scale, *below: Block
) -> None:
    """The curves for people, a table of them for programs."""
    if screen.json or not is_terminal(sys.stdout):
        screen.show(document, *below, price_table(curves, scale))
        return
    draw(screen, axes, curves, scale)
    screen.show(document, *below)


def draw(screen: Screen, axes: Axes, curves: Sequence[PriceCurve], scale: Scale, above: str = "") -> None:
    """The curves, for people only; `above` stands before them."""
    if screen.json or not is_terminal(sys.stdout):
        return
    from basilisk_cli.render.curves import terminal_chart

    width, height = shutil.get_terminal_size()
    sys.stdout.write(above + terminal_chart(axes, drawn(curves, scale), width, height - KEPT, not no_color()) + "\n")


def terminal_width() -> int | None:
    """The columns of the terminal; None where nobody looks at one."""
    return shutil.get_terminal_size().columns if is_terminal(sys.stdout) else None


def price_table(curves: Sequence[PriceCurve], scale: Scale) -> Table:
    """A row for each block, a column for each curve."""
    from decimal import Context, Decimal

    blocks = sorted({spot.block: spot.hours for curve in curves for spot in curve.spots}.items())
    prices = [{spot.block: spot.price for spot in curve.spots} for curve in curves]
    context = Context(prec=9)

    def text(price: Price | None) -> str | None:
        if price is None or not price.denominator:
            return None
        up, down = 10 ** max(scale.power, 0), 10 ** max(-scale.power, 0)
        return digits(context.divide(Decimal(price.numerator * up), Decimal(price.denominator * down)))

    columns = [Column("block", Align.RIGHT), Column("hours", Align.POINT)]
    columns += [Column(curve.label, Align.POINT) for curve in curves]
    rows = [(block, f"{hours:.3f}", *(text(known.get(block)) for known in prices)) for block, hours in blocks]
    return Table(columns, rows, empty="no prices")


def _weights(sale: Sale) -> list[tuple[str, int]]:
    now = sale.weight_at(sale.clock.now)
    return [("then", sale.pool.initial_weight), ("now", now), ("end", sale.pool.final_weight)]


def _bar_text(sale: Sale, weight: int, book: ChainBook) -> str:
    """`TKN ███████░░ KUSD  78/22`."""
    tokens = round(Fraction(BAR * (MAX_WEIGHT - weight), MAX_WEIGHT))
    distributed, accumulated = (book.symbol(asset) or str(asset) for asset in (sale.distributed, sale.accumulated))
    return f"{distributed} {'█' * tokens}{'░' * (BAR - tokens)} {accumulated}  {weight_text(weight)}"


def _final_price(sale: Sale) -> Price:
    weight = sale.pool.final_weight
    return Price(sale.collateral * (MAX_WEIGHT - weight), sale.tokens * weight)


def _fee_text(sale: Sale, names: Names) -> str:
    rate = percent_text(Fraction(*sale.pool.fee)) if sale.pool.fee[1] else "none"
    if not sale.repaying:
        return rate
    repay, target = percent_text(Fraction(*sale.repay_fee)), names.amount(sale.pool.repay_target, sale.accumulated)
    return f"{repay} until {target} are collected, then {rate}"
