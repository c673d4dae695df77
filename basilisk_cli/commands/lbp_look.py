"""`basilisk lbp list`, `show` and `chart`: how launches stand, and how they came to it."""

from pathlib import Path
from typing import Annotated

import typer

from basilisk_cli.launches import HOW_TO_CREATE, find_sale, list_sales, pair, price_text, time_text, weights_text
from basilisk_cli.names import Names
from basilisk_cli.options import Block, Pair
from basilisk_cli.output import screen
from basilisk_cli.price_files import check_file, save_prices
from basilisk_cli.render.blocks import Align, Column, Facts, Table
from basilisk_cli.sale_screen import chart_blocks, facts, show_chart
from basilisk_cli.session import open_session
from chain.crypto import ss58


def list_(ctx: typer.Context, at: Block = None) -> None:
    """All launches."""
    with open_session(ctx) as session:
        names, book, sales = Names(session), session.book, list_sales(session, at)
        columns = (
            Column("pool"),
            Column("state"),
            Column("tokens", Align.POINT),
            Column("collateral", Align.POINT),
            Column("weights now"),
            Column("price now"),
            Column("time"),
            Column("account", extra=True),
        )
        rows = [
            (
                pair(sale, book),
                sale.state,
                names.amount(sale.tokens, sale.distributed),
                names.amount(sale.collateral, sale.accumulated),
                weights_text(sale, sale.clock.now),
                price_text(sale.price_at(sale.clock.now), sale.accumulated, sale.distributed, book),
                time_text(sale),
                ss58.encode(sale.account),
            )
            for sale in sales
        ]
        empty = f"no launches: {HOW_TO_CREATE}"
        screen(ctx).show([sale.document(book) for sale in sales], Table(columns, rows, empty=empty))


def show(ctx: typer.Context, pool: Pair, at: Block = None) -> None:
    """One launch: weights, price, fees, time left."""
    with open_session(ctx) as session:
        sale = find_sale(session, pool, at)
        screen(ctx).show(sale.document(session.book), Facts(facts(sale, Names(session), session.book)))


def chart(
    ctx: typer.Context,
    pool: Pair,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Save it too: .png, .svg, .csv or .parquet.")
    ] = None,
    at: Block = None,
) -> None:
    """The price so far, and if nobody had bought."""
    from basilisk_cli.sale_past import past_of

    check_file(out)
    with open_session(ctx) as session:
        sale = find_sale(session, pool, at)
        past = past_of(session, sale)
        if out is not None:
            save_prices(out, past.axes, past.curves, past.scale)
            screen(ctx).note(f"Saved {out}.")
        show_chart(screen(ctx), past.document(), past.axes, past.curves, past.scale, *chart_blocks(sale, session.book))
