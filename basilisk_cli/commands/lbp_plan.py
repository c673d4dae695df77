"""`basilisk lbp design` and `basilisk lbp solve`: a launch before it happens. Neither needs a chain."""

from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from basilisk_cli.errors import CliError
from basilisk_cli.output import screen
from basilisk_cli.progress import bar


def design(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(metavar="FILE", help="A design, or the name of a shipped one.")],
    scenario: Annotated[
        list[str] | None, typer.Option("--scenario", metavar="NAME", help="Only this one; may be given again.")
    ] = None,
    model: Annotated[bool, typer.Option("--model", help="In the math alone, without the runtime.")] = False,
    full: Annotated[bool, typer.Option("--full", help="On a whole chain: blocks, proofs, validators, store.")] = False,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", min=0, help="What all chance comes from.")] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", min=1, help="Processes; as many as processors if left out.")
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Save the table, a row a scenario.")] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Save the prices: .png, .svg, .csv or .parquet.")
    ] = None,
) -> None:
    """Try a sale against several demands."""
    from amm.simulate.design import load_design
    from amm.simulate.launch import prepare
    from amm.simulate.run import STEPS, Way
    from amm.simulate.sweep import run_all, tasks_of
    from amm.wording import nearest
    from basilisk_cli import designing
    from basilisk_cli.price_files import check_file, save_prices
    from basilisk_cli.render.datafiles import save_csv
    from basilisk_cli.sale_screen import draw, terminal_width

    if model and full:
        raise CliError("--model and --full do not go together", "give one of them, or neither")
    check_file(out)
    launch = prepare(load_design(file), seed)
    way = Way.FULL if full else Way.MODEL if model else Way.PALLETS
    try:
        tasks = tasks_of(launch, way, scenario or ())
    except KeyError as unknown:
        known = [each.name for each in launch.scenarios]
        raise CliError(f"{launch.name} has no scenario {unknown}", nearest(str(unknown.args[0]), known)) from None
    with bar(screen(ctx), "hundredths of a sale", STEPS * len(tasks)) as step:
        results = run_all(tasks, workers, step)
    axes, curves, scale = designing.axes_of(launch), designing.curves_of(launch, results), designing.scale_of(launch)
    if csv is not None:
        save_csv(csv, designing.fields(), designing.rows_of(results))
        screen(ctx).note(f"Saved {csv}.")
    if out is not None:
        save_prices(out, axes, curves, scale)
        screen(ctx).note(f"Saved {out}.")
    screen(ctx).show(
        designing.document_of(launch, way.value, results), *designing.blocks_of(launch, results, terminal_width())
    )
    draw(screen(ctx), axes, curves, scale, above="\n")
    for warning in designing.warnings(results):
        screen(ctx).note(warning)


def solve(
    ctx: typer.Context,
    sell: Annotated[str | None, typer.Option("--sell", metavar="PERCENT", help="The part to be sold.")] = None,
    raise_: Annotated[str | None, typer.Option("--raise", metavar="AMOUNT", help="What is to come in.")] = None,
    fair_price: Annotated[
        str | None, typer.Option("--fair-price", metavar="AMOUNT", help="What buyers think a token is worth.")
    ] = None,
    supply: Annotated[str | None, typer.Option("--supply", metavar="AMOUNT", help="The tokens in the pool.")] = None,
    seed: Annotated[str | None, typer.Option("--seed", metavar="AMOUNT", help="The collateral to begin with.")] = None,
    weights: Annotated[
        str | None, typer.Option("--weights", metavar="T/C:T/C", help="As in 98/2:20/80; 98/2 or :20/80 give one end.")
    ] = None,
    opening_price: Annotated[
        str | None, typer.Option("--opening-price", metavar="AMOUNT", help="The price of the first block.")
    ] = None,
) -> None:
    """Work out a sale from what is known of it.

    Its buyers hold one price, the fair one. What is left open is chosen, and said.
    """
    from basilisk_cli import solving
    from basilisk_cli.sale_words import quantity, token_weights

    written = {
        "supply": supply,
        "seed": seed,
        "opening_price": opening_price,
        "fair_price": fair_price,
        "raised": raise_,
    }
    quantities = {name: None if text is None else quantity(text) for name, text in written.items()}
    opening, final = token_weights(weights)
    sold: Fraction | None = None
    if sell is not None:
        from amm.simulate.units import parse_percent

        sold = parse_percent(sell if sell.strip().endswith("%") else f"{sell}%")
        if 0 < sold < Fraction(1, 100) and not sell.strip().endswith("%"):
            raise CliError(f"--sell {sell} is less than 1 % of the supply", f"write {sell}% if that is meant")
    figures = {"sold": sold, "opening_weight": opening, "final_weight": final}
    found = solving.answer(figures, quantities)
    screen(ctx).show(solving.document_of(found), *solving.blocks_of(found))
