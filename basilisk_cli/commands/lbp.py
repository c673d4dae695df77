"""`basilisk lbp`: liquidity bootstrapping pools, from the design to the pool that follows."""

from fractions import Fraction
from typing import Annotated

import typer

from amm.pallets.xyk import Xyk
from amm.simulate.terms import Price
from amm.simulate.units import parse_rate, percent_text
from basilisk_cli.commands.lbp_look import chart, list_, show
from basilisk_cli.commands.lbp_plan import design, solve
from basilisk_cli.errors import CliError
from basilisk_cli.examples import examples
from basilisk_cli.grammar import Noun
from basilisk_cli.launches import (
    Sale,
    account_name,
    find_sale,
    pair,
    price_text,
    time_text,
)
from basilisk_cli.names import Names
from basilisk_cli.options import Pair
from basilisk_cli.output import screen
from basilisk_cli.receipt import carry_out, field
from basilisk_cli.sale_words import chosen_weights, dates_of
from basilisk_cli.session import Session, open_session
from basilisk_cli.written import amount_of
from chain.crypto import accounts, ss58

app = Noun("Launches: pools whose weights move, to sell a token for another.")

OwnerAs = Annotated[
    str | None,
    typer.Option(
        "--as", metavar="NAME", envvar="BASILISK_AS", show_envvar=False, help="Who signs; default: the owner."
    ),
]
WeightsOption = typer.Option(
    "--weights", metavar="T/C:T/C", help="Token and collateral at the start, then at the end, as in 98/2:20/80."
)
FeeOption = typer.Option("--fee", metavar="PERCENT", help="The part of the collateral that each trade pays.")
CollectorOption = typer.Option("--collector", metavar="ACCOUNT", help="Who gets the fees; for a new pool its owner.")
RepayOption = typer.Option("--repay", metavar="AMOUNT", help="The repay fee is taken until this much is collected.")

app.command(epilog=examples("lbp design launch", "lbp design configs/designs/launch.yaml --out prices.svg"))(design)
app.command(
    epilog=examples('lbp solve --sell 80% --raise "400_000 KUSD" --fair-price "0.05 KUSD" --supply "10_000_000 TKN"')
)(solve)
app.command("list")(list_)
app.command(epilog=examples("lbp show TKN/KUSD"))(show)
app.command(epilog=examples("lbp chart TKN/KUSD", "lbp chart TKN/KUSD --out price.png"))(chart)


@app.command(
    epilog=examples(
        'lbp create "10_000_000 TKN" "20_000 KUSD" --weights 98/2:20/80 --collector dave --repay "20_000 KUSD"'
    )
)
def create(
    ctx: typer.Context,
    tokens: Annotated[str, typer.Argument(metavar="TOKENS", help='What is sold, as in "10_000_000 TKN".')],
    collateral: Annotated[str, typer.Argument(metavar="COLLATERAL", help='To begin with, as in "20_000 KUSD".')],
    weights: Annotated[str, WeightsOption],
    owner: Annotated[str, typer.Option("--owner", metavar="ACCOUNT", help="Who provides both assets.")] = "alice",
    fee: Annotated[str, FeeOption] = "0.2%",
    collector: Annotated[str | None, CollectorOption] = None,
    repay: Annotated[str, RepayOption] = "0",
    signer: Annotated[str, typer.Option("--as", metavar="NAME", help="Who signs; only root may.")] = "root",
) -> None:
    """Create a pool for its owner; `update` dates it."""
    initial, final = chosen_weights(weights, screen(ctx).note)
    with open_session(ctx, write=True) as session:
        book = session.book
        (distributed, sold), (accumulated, seed) = (amount_of(text, book) for text in (tokens, collateral))
        if distributed == accumulated:
            raise CliError("a launch sells one asset for another", "name two assets")
        target = amount_of(repay, book, str(accumulated))[1]
        call = session.call(
            "lbp.create_pool",
            pool_owner=owner,
            asset_a=accumulated,
            asset_a_amount=seed,
            asset_b=distributed,
            asset_b_amount=sold,
            initial_weight=initial,
            final_weight=final,
            weight_curve="Linear",
            fee=list(parse_rate(fee)),
            fee_collector=collector or owner,
            repay_target=target,
        )
        symbols = f"{book.symbol(distributed) or distributed}/{book.symbol(accumulated) or accumulated}"
        involved = {owner: session.account(owner), f"@lbp:{symbols}": accounts.pool("lbp", accumulated, distributed)}
        carry_out(
            ctx, session, call, signer, involved,
            lambda outcome, names: f"Created the pool {symbols} at {field(outcome, 'LBP.PoolCreated', 'pool')}.",
        )  # fmt: skip
        _say_what_is_next(ctx, session, find_sale(session, symbols))


@app.command(epilog=examples("lbp update TKN/KUSD --start +10m --duration 72h"))
def update(
    ctx: typer.Context,
    pool: Pair,
    start: Annotated[
        str | None,
        typer.Option("--start", metavar="TIME", help="+10m from now, 2d 03:00:00 since genesis, or a block."),
    ] = None,
    end: Annotated[str | None, typer.Option("--end", metavar="TIME", help="When it ends, written alike.")] = None,
    duration: Annotated[str | None, typer.Option("--duration", metavar="DURATION", help="How long: 72h, 3d.")] = None,
    weights: Annotated[str | None, WeightsOption] = None,
    fee: Annotated[str | None, FeeOption] = None,
    collector: Annotated[str | None, CollectorOption] = None,
    repay: Annotated[str | None, RepayOption] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="ACCOUNT", help="Give the pool away.")] = None,
    signer: OwnerAs = None,
) -> None:
    """Date a sale, or change it before it starts."""
    with open_session(ctx, write=True) as session:
        sale = find_sale(session, pool)
        dates = dates_of(sale, start, end, duration, session)
        given = None if weights is None else chosen_weights(weights, screen(ctx).note)
        target = None if repay is None else amount_of(repay, session.book, str(sale.accumulated))[1]
        call = session.call(
            "lbp.update_pool_data",
            pool_id=ss58.encode(sale.account),
            pool_owner=owner,
            start=dates.start,
            end=dates.end,
            initial_weight=given and given.initial,
            final_weight=given and given.final,
            fee=None if fee is None else list(parse_rate(fee)),
            fee_collector=collector,
            repay_target=target,
        )
        carry_out(
            ctx, session, call, signer or _owner(session, sale), _involved(session, sale),
            lambda outcome, names: f"{pair(sale, session.book)}: {time_text(find_sale(session, pool))}.",
        )  # fmt: skip


@app.command(epilog=examples('lbp add TKN/KUSD "1_000 TKN"'))
def add(
    ctx: typer.Context,
    pool: Pair,
    first: Annotated[str, typer.Argument(metavar="AMOUNT", help='As in "1_000 TKN".')],
    second: Annotated[
        str | None, typer.Argument(metavar="AMOUNT", help="Of the other asset; nothing if left out.")
    ] = None,
    signer: OwnerAs = None,
) -> None:
    """Add liquidity, in any proportion."""
    with open_session(ctx, write=True) as session:
        sale = find_sale(session, pool)
        amounts = [amount_of(text, session.book) for text in (first, second) if text is not None]
        given, names = dict(amounts), Names(session)
        strange = [names.asset(asset) for asset in given if asset not in sale.pool.assets]
        if strange or len(given) < len(amounts):
            what = f"{strange[0]} is not in this pool" if strange else f"{names.asset(amounts[0][0])} is given twice"
            raise CliError(what, f"give one amount of each: {' and '.join(map(names.asset, sale.pool.assets))}")
        by = signer or _owner(session, sale)
        sides = [(asset, given.get(asset, 0)) for asset in sale.pool.assets]
        call = session.runtime.make_call("lbp.add_liquidity", *sides)
        carry_out(
            ctx, session, call, by, _involved(session, sale),
            lambda outcome, names: f"{by} added {' and '.join(names.amount(n, asset) for asset, n in given.items())}.",
        )  # fmt: skip


@app.command()
def remove(ctx: typer.Context, pool: Pair, signer: OwnerAs = None) -> None:
    """Take everything out; the pool is gone then."""
    with open_session(ctx, write=True) as session:
        sale = find_sale(session, pool)
        by = signer or _owner(session, sale)
        call = session.runtime.make_call("lbp.remove_liquidity", sale.account)
        carry_out(ctx, session, call, by, _involved(session, sale), lambda outcome, names: _taken(sale, by, names))


@app.command(epilog=examples("lbp finish TKN/KUSD --to-xyk"))
def finish(
    ctx: typer.Context,
    pool: Pair,
    to_xyk: Annotated[
        bool, typer.Option("--to-xyk", help="Open an XYK pool with all that is taken out, in the same extrinsic.")
    ] = False,
    signer: OwnerAs = None,
) -> None:
    """Take everything out after a sale, and go on."""
    if not to_xyk:
        remove(ctx, pool, signer)
        return
    with open_session(ctx, write=True) as session:
        sale = find_sale(session, pool)
        _ensure_finished(session, sale)
        by, make = signer or _owner(session, sale), session.runtime.make_call
        xyk = make("xyk.create_pool", sale.distributed, sale.tokens, sale.accumulated, sale.collateral)
        call = make("utility.batch_all", (make("lbp.remove_liquidity", sale.account), xyk))
        involved = _involved(session, sale)
        market = f"@xyk:{pair(sale, session.book)}"
        involved[market] = accounts.pool("xyk", *sale.pool.assets)
        price = price_text(Price(sale.collateral, sale.tokens), sale.accumulated, sale.distributed, session.book)
        carry_out(
            ctx, session, call, by, involved,
            lambda outcome, names: f"{_taken(sale, by, names)} All of it is in {market} now: {price}.",
        )  # fmt: skip


def _ensure_finished(session: Session, sale: Sale) -> None:
    """Raises CliError while the sale runs, and where an XYK pool of its assets is in the way."""
    name = pair(sale, session.book)
    if sale.state == "running":
        hours = -(-((sale.pool.end or 0) + 1 - sale.clock.now) * sale.clock.milliseconds // 3_600_000)
        hint = f"let the time pass: `basilisk chain advance --time {hours}h`"
        raise CliError(f"the sale of {name} still runs: {time_text(sale)}", hint)
    if session.read()[Xyk].share_token.contains(accounts.pool("xyk", *sale.pool.assets)):
        hint = f"take the proceeds out with `basilisk lbp finish {name}`, and add them with `basilisk pool add`"
        raise CliError(f"there is an XYK pool of {name} already", hint)


def _owner(session: Session, sale: Sale) -> str:
    """The name of the owner, who signs unless somebody else is to. Raises CliError if it has none."""
    name = Names(session).name(sale.pool.owner)
    if name is None:
        raise CliError(f"the owner {ss58.encode(sale.pool.owner)} has no name here", "say who signs: --as NAME")
    return name


def _involved(session: Session, sale: Sale) -> dict[str, bytes]:
    return {account_name(sale, session.book): sale.account}


def _taken(sale: Sale, by: str, names: Names) -> str:
    tokens, collateral = (
        names.amount(sale.tokens, sale.distributed),
        names.amount(sale.collateral, sale.accumulated),
    )
    return f"{by} took {tokens} and {collateral} out of the launch."


def _say_what_is_next(ctx: typer.Context, session: Session, sale: Sale) -> None:
    """What people might not expect of a sale here."""
    names, say = Names(session), screen(ctx).note
    most = names.amount(sale.largest_order, sale.accumulated)
    say(f"The first order can bring {most} at most: no order brings more than 1/{sale.max_in_ratio} of the reserve.")
    if sale.repaying:
        target = names.amount(sale.pool.repay_target, sale.accumulated)
        rate = percent_text(Fraction(*sale.repay_fee))
        say(f"Until {target} are collected every trade pays {rate}.")
    say(f"It has no dates yet: `basilisk lbp update {pair(sale, session.book)} --start +10m --duration 72h`.")
