"""`basilisk trade`: selling, buying, and asking what it would come to."""

from typing import Annotated

import typer

from amm.outcome import Outcome
from basilisk_cli.errors import CliError
from basilisk_cli.grammar import Noun
from basilisk_cli.names import Names
from basilisk_cli.options import ONE_PER_CENT, As, OfAsset, Slippage
from basilisk_cli.output import screen
from basilisk_cli.pools import digits, human_price, pair, parties
from basilisk_cli.quotes import Quote, doubts, quote_buy, quote_sell
from basilisk_cli.receipt import carry_out, field
from basilisk_cli.render.blocks import Facts
from basilisk_cli.session import Session, open_session
from basilisk_cli.written import amount_of

app = Noun("Sell, buy, or ask for a quote.")

Discount = Annotated[bool, typer.Option("--discount", help="Pay a lower fee by burning BSX.")]


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
    discount: Discount = False,
    signer: As = "alice",
) -> None:
    """Sell exactly this much, for as much as the pool gives."""
    with open_session(ctx, write=True) as session:
        asset_in, units = amount_of(amount, session.book, asset)
        asset_out, limit = _asset(for_, session), None
        if least is not None:
            limit = amount_of(least, session.book, str(asset_out))[1]
        else:
            quote = quote_sell(session.read(), session.book, asset_in, asset_out, units)
            limit = quote.limit(slippage)
            _say_limit(ctx, session, quote, limit, slippage)
        call = session.call(
            "xyk.sell", asset_in=asset_in, asset_out=asset_out, amount=units, max_limit=limit, discount=discount
        )
        carry_out(
            ctx,
            session,
            call,
            signer,
            parties(session, signer, asset_in, asset_out),
            lambda outcome, names: (
                f"{signer} sold {names.amount(units, asset_in)} for "
                f"{names.amount(field(outcome, 'XYK.SellExecuted', 'sale_price'), asset_out)}."
            ),
        )


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
    discount: Discount = False,
    signer: As = "alice",
) -> None:
    """Buy exactly this much, for as little as the pool takes."""
    with open_session(ctx, write=True) as session:
        asset_out, units = amount_of(amount, session.book, asset)
        asset_in, limit = _asset(with_, session), None
        if most is not None:
            limit = amount_of(most, session.book, str(asset_in))[1]
        else:
            quote = quote_buy(session.read(), session.book, asset_in, asset_out, units)
            limit = quote.limit(slippage)
            _say_limit(ctx, session, quote, limit, slippage)
        call = session.call(
            "xyk.buy", asset_out=asset_out, asset_in=asset_in, amount=units, max_limit=limit, discount=discount
        )
        carry_out(
            ctx,
            session,
            call,
            signer,
            parties(session, signer, asset_in, asset_out),
            lambda outcome, names: (
                f"{signer} bought {names.amount(units, asset_out)} for {names.amount(_paid(outcome), asset_in)}."
            ),
        )


@app.command()
def quote(
    ctx: typer.Context,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help='What is sold, or bought: "1 KSM".')],
    for_: Annotated[str | None, typer.Option("--for", metavar="ASSET", help="Sell the amount for this.")] = None,
    with_: Annotated[str | None, typer.Option("--with", metavar="ASSET", help="Buy the amount with this.")] = None,
    slippage: Slippage = ONE_PER_CENT,
    asset: OfAsset = None,
) -> None:
    """What a trade would come to now. Nothing is sent."""
    if (for_ is None) == (with_ is None):
        raise CliError("nothing says what the trade is against", "add --for ASSET to sell, or --with ASSET to buy")
    with open_session(ctx) as session:
        state, book, names = session.read(), session.book, Names(session)
        which, units = amount_of(amount, book, asset)
        if for_ is not None:
            found = quote_sell(state, book, which, _asset(for_, session), units)
        else:
            found = quote_buy(state, book, _asset(with_ or "", session), which, units)
        for doubt in doubts(found, state, names):
            screen(ctx).note(f"The chain would refuse this: {doubt}.")
        screen(ctx).show(found.document(slippage), Facts(_rows(found, slippage, session, names)))


def _rows(quote: Quote, slippage: str, session: Session, names: Names) -> list[tuple[str, str]]:
    reserve_in, reserve_out = quote.pool.reserve(quote.asset_in), quote.pool.reserve(quote.asset_out)
    spot = human_price(reserve_out, reserve_in, quote.asset_out, quote.asset_in, session.book)
    got = human_price(quote.amount_out, quote.amount_in, quote.asset_out, quote.asset_in, session.book)
    selling, unit = quote.side == "sell", f"1 {names.asset(quote.asset_in)}"
    limit = names.amount(quote.limit(slippage), quote.asset_out if selling else quote.asset_in)
    return [
        ("pay", names.amount(quote.amount_in, quote.asset_in)),
        ("get", names.amount(quote.amount_out, quote.asset_out)),
        ("fee", names.amount(quote.fee, quote.fee_asset)),
        ("price", f"{unit} = {digits(got)} {names.asset(quote.asset_out)}" if got is not None else "none"),
        ("spot price", f"{unit} = {digits(spot)} {names.asset(quote.asset_out)}" if spot is not None else "none"),
        ("price impact", f"{float(quote.impact) * 100:.4f} %"),
        ("at least" if selling else "at most", f"{limit} with a slippage of {slippage}"),
        ("pool", pair(quote.pool, session.book)),
    ]


def _say_limit(ctx: typer.Context, session: Session, quote: Quote, limit: int, slippage: str) -> None:
    """No limit was given: say which one is taken."""
    names = Names(session)
    if quote.side == "sell":
        asset, amount, word, sign = quote.asset_out, quote.amount_out, "least", "−"
    else:
        asset, amount, word, sign = quote.asset_in, quote.amount_in, "most", "+"
    quoted = f"the quote {names.amount(amount, asset)} {sign} {slippage}"
    screen(ctx).note(f"At {word} {names.amount(limit, asset)}: {quoted} (--slippage).")


def _paid(outcome: Outcome) -> int:
    """What a purchase cost, the fee included."""
    price, fee = (field(outcome, "XYK.BuyExecuted", name) for name in ("buy_price", "fee_amount"))
    return int(price + fee)


def _asset(written: str, session: Session) -> int:
    from amm.values import parse_asset

    return parse_asset(written, session.book)
