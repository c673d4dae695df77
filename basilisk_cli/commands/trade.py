"""`basilisk trade`: selling, buying, and asking what it would come to."""

from typing import Annotated

import typer

from amm.outcome import Outcome
from basilisk_cli.errors import CliError
from basilisk_cli.grammar import Noun
from basilisk_cli.names import Names
from basilisk_cli.options import ONE_PER_CENT, As, OfAsset, Slippage
from basilisk_cli.output import screen
from basilisk_cli.pools import price_of_one
from basilisk_cli.quotes import Quote, doubts
from basilisk_cli.receipt import carry_out, field
from basilisk_cli.render.blocks import Facts
from basilisk_cli.session import Session, open_session
from basilisk_cli.venues import Venue, Via, venue_of
from basilisk_cli.written import amount_of

app = Noun("Sell, buy, or ask for a quote.")

Discount = Annotated[bool, typer.Option("--discount", help="Pay a lower fee by burning BSX; XYK pools only.")]
In = Annotated[
    Via | None,
    typer.Option("--via", metavar="KIND", help="xyk, lbp, stableswap or router; default: the pair's only pool."),
]


@app.command()
def sell(
    ctx: typer.Context,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help='What is sold, exactly: "1.5 KSM".')],
    for_: Annotated[str, typer.Option("--for", metavar="ASSET", help="What is wanted for it.")],
    least: Annotated[
        str | None, typer.Option("--min-out", metavar="AMOUNT", help="The least to get for it, after the fee.")
    ] = None,
    slippage: Slippage = ONE_PER_CENT,
    asset: OfAsset = None,
    via: In = None,
    discount: Discount = False,
    signer: As = "alice",
) -> None:
    """Sell exactly this much, for as much as the pool gives."""
    with open_session(ctx, write=True) as session:
        asset_in, units = amount_of(amount, session.book, asset)
        asset_out = _asset(for_, session)
        venue = venue_of(session, asset_in, asset_out, via)
        if least is not None:
            limit = _given_limit(ctx, session, least, asset_out)
        else:
            limit = _say_limit(ctx, session, venue, venue.sell(asset_in, asset_out, units), slippage)

        def sold(outcome: Outcome, names: Names) -> str:
            got = field(outcome, f"{venue.via.upper()}.SellExecuted", "sale_price")
            return f"{signer} sold {names.amount(units, asset_in)} for {names.amount(got, asset_out)}."

        call = venue.call("sell", asset_in, asset_out, units, limit, discount)
        carry_out(ctx, session, call, signer, {f"@{venue.via}:{venue.pair}": venue.account}, sold)


@app.command()
def buy(
    ctx: typer.Context,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help='What is bought, exactly: "500 BSX".')],
    with_: Annotated[str, typer.Option("--with", "--for", metavar="ASSET", help="What it is paid with.")],
    most: Annotated[
        str | None, typer.Option("--max-in", metavar="AMOUNT", help="The most to pay for it, fee included.")
    ] = None,
    slippage: Slippage = ONE_PER_CENT,
    asset: OfAsset = None,
    via: In = None,
    discount: Discount = False,
    signer: As = "alice",
) -> None:
    """Buy exactly this much, for as little as the pool takes."""
    with open_session(ctx, write=True) as session:
        asset_out, units = amount_of(amount, session.book, asset)
        asset_in = _asset(with_, session)
        venue = venue_of(session, asset_in, asset_out, via)
        if most is not None:
            limit = _given_limit(ctx, session, most, asset_in)
        else:
            limit = _say_limit(ctx, session, venue, venue.buy(asset_in, asset_out, units), slippage)

        def bought(outcome: Outcome, names: Names) -> str:
            paid = names.amount(venue.paid(outcome), asset_in)
            return f"{signer} bought {names.amount(units, asset_out)} for {paid}."

        call = venue.call("buy", asset_in, asset_out, units, limit, discount)
        carry_out(ctx, session, call, signer, {f"@{venue.via}:{venue.pair}": venue.account}, bought)


@app.command()
def quote(
    ctx: typer.Context,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help='What is sold, or bought: "1 KSM".')],
    for_: Annotated[str | None, typer.Option("--for", metavar="ASSET", help="Sell the amount for this.")] = None,
    with_: Annotated[str | None, typer.Option("--with", metavar="ASSET", help="Buy the amount with this.")] = None,
    slippage: Slippage = ONE_PER_CENT,
    asset: OfAsset = None,
    via: In = None,
) -> None:
    """What a trade would come to in the next block. Nothing is sent."""
    if (for_ is None) == (with_ is None):
        raise CliError("nothing says what the trade is against", "add --for ASSET to sell, or --with ASSET to buy")
    with open_session(ctx) as session:
        names, (which, units) = Names(session), amount_of(amount, session.book, asset)
        other = _asset(for_ or with_ or "", session)
        venue = venue_of(session, which, other, via)
        found = venue.sell(which, other, units) if for_ is not None else venue.buy(other, which, units)
        for doubt in doubts(found, names):
            screen(ctx).note(f"The chain would refuse this: {doubt}.")
        screen(ctx).show(found.document(slippage), Facts([*_rows(found, slippage, session, names), *venue.facts()]))


def _rows(quote: Quote, slippage: str, session: Session, names: Names) -> list[tuple[str, str]]:
    spot = price_of_one(*quote.spot, quote.asset_out, quote.asset_in, session.book)
    got = price_of_one(quote.amount_out, quote.amount_in, quote.asset_out, quote.asset_in, session.book)
    selling = quote.side == "sell"
    limit = names.amount(quote.limit(slippage), quote.asset_out if selling else quote.asset_in)
    return [
        ("pay", names.amount(quote.amount_in, quote.asset_in)),
        ("get", names.amount(quote.amount_out, quote.asset_out)),
        ("fee", names.amount(quote.fee, quote.fee_asset)),
        ("price", got),
        ("spot price", spot),
        ("price impact", f"{float(quote.impact) * 100:.4f} %"),
        ("at least" if selling else "at most", f"{limit} with a slippage of {slippage}"),
    ]


def _say_limit(ctx: typer.Context, session: Session, venue: Venue, quote: Quote, slippage: str) -> int:
    """No limit was given: the one that is taken, said."""
    names, limit = Names(session), quote.limit(slippage)
    if quote.side == "sell":
        asset, amount, word, sign = quote.asset_out, quote.amount_out, "least", "−"
    else:
        asset, amount, word, sign = quote.asset_in, quote.amount_in, "most", "+"
    quoted = f"the quote {names.amount(amount, asset)} {sign} {slippage}"
    screen(ctx).note(f"At {word} {names.amount(limit, asset)}: {quoted} (--slippage).{venue.caution}")
    return limit


def _given_limit(ctx: typer.Context, session: Session, written: str, asset: int) -> int:
    """The limit that is written; that one without a symbol is in base units is said, as it is rarely what was meant."""
    limit = amount_of(written, session.book, str(asset))[1]
    if written.replace("_", "").isdecimal() and limit:
        screen(ctx).note(f"The limit is {written} base units, {Names(session).amount(limit, asset)}.")
    return limit


def _asset(written: str, session: Session) -> int:
    from amm.values import parse_asset

    return parse_asset(written, session.book)
