"""`basilisk pool`: making pools, and what is in them."""

from typing import Annotated, Any

import typer

from basilisk_cli.grammar import Noun
from basilisk_cli.names import Names
from basilisk_cli.options import ONE_PER_CENT, As, Block, Pair, Slippage, fraction_of
from basilisk_cli.output import screen
from basilisk_cli.pool_words import price_facts, shares_of, to_add
from basilisk_cli.pools import Pool, find_pool, list_pools, pair, parties, price_text
from basilisk_cli.receipt import carry_out, field
from basilisk_cli.render.blocks import Align, Column, Facts, Table
from basilisk_cli.session import Session, open_session
from basilisk_cli.written import amount_of, block_number, signer_of
from chain.crypto import ss58

app = Noun("Liquidity pools: create, fill, price, chart.")


@app.command()
def create(
    ctx: typer.Context,
    first: Annotated[str, typer.Argument(metavar="AMOUNT", help='As in "100_000 BSX".')],
    second: Annotated[str, typer.Argument(metavar="AMOUNT", help='Of another asset, as in "250 KSM".')],
    signer: As = "alice",
) -> None:
    """Create a pool of two assets; the amounts are its first price."""
    with open_session(ctx, write=True) as session:
        (asset_a, a), (asset_b, b) = (amount_of(text, session.book) for text in (first, second))
        call = session.call("xyk.create_pool", asset_a=asset_a, amount_a=a, asset_b=asset_b, amount_b=b)
        carry_out(
            ctx, session, call, signer, parties(session, asset_a, asset_b),
            lambda outcome, names: (
                f"Created the pool {names.asset(asset_a)}/{names.asset(asset_b)} at "
                f"{field(outcome, 'XYK.PoolCreated', 'pool')}."
            ),
        )  # fmt: skip


@app.command("list")
def list_(ctx: typer.Context) -> None:
    """All pools."""
    with open_session(ctx) as session:
        names, book = Names(session), session.book
        pools = list_pools(session.read())
        columns = (
            Column("pool"),
            Column("kind", extra=True),
            Column("first reserve", Align.POINT),
            Column("second reserve", Align.POINT),
            Column("price"),
            Column("account", extra=True),
        )
        rows = [
            (
                pair(pool, book),
                "xyk",
                names.amount(pool.reserves[0], pool.assets[0]),
                names.amount(pool.reserves[1], pool.assets[1]),
                price_text(pool, book),
                ss58.encode(pool.account),
            )
            for pool in pools
        ]
        empty = 'no pools: `basilisk pool create "100_000 BSX" "250 KSM"` makes one'
        screen(ctx).show([pool.document(book) for pool in pools], Table(columns, rows, empty=empty))


@app.command()
def show(ctx: typer.Context, pool: Pair, at: Block = None) -> None:
    """One pool: reserves, price, shares, and who holds them."""
    with open_session(ctx) as session:
        names, book = Names(session), session.book
        state = session.read(block_number(session, at, session.best.number))
        found = find_pool(state, pool, book)
        holders = _holders(session, found)
        document = found.document(book) | {
            "holders": [{"address": ss58.encode(who), "name": names.name(who), "shares": held} for who, held in holders]
        }
        columns = (Column("holder"), Column("shares", Align.POINT), Column("part", Align.RIGHT))
        rows = [
            (names.account(who), names.amount(held, found.share_token), f"{100 * held / found.shares:.4f} %")
            for who, held in holders
        ]
        screen(ctx).show(document, Facts(_facts(found, names, session)), Table(columns, rows, empty="no holders"))


@app.command()
def add(
    ctx: typer.Context,
    pool: Pair,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="How much of one of the assets, exactly.")],
    most: Annotated[
        str | None, typer.Option("--max", metavar="AMOUNT", help="The most of the other asset that may go with it.")
    ] = None,
    slippage: Slippage = ONE_PER_CENT,
    signer: As = "alice",
) -> None:
    """Add liquidity at the present price."""
    with open_session(ctx, write=True) as session:
        names, found = Names(session), find_pool(session.read(), pool, session.book)
        asset, units = amount_of(amount, session.book)
        other, quote = to_add(found, asset, units, names)
        if most is None:
            limit = int(quote * (1 + fraction_of(slippage)))
            screen(ctx).note(f"At most {names.amount(limit, other)} go with it: the present price + {slippage}.")
        else:
            limit = amount_of(most, session.book, str(other))[1]
        call = session.call("xyk.add_liquidity", asset_a=asset, asset_b=other, amount_a=units, amount_b_max_limit=limit)
        carry_out(
            ctx, session, call, signer, parties(session, asset, other),
            lambda outcome, names: (
                f"{signer} added {names.amount(units, asset)} and "
                f"{names.amount(field(outcome, 'XYK.LiquidityAdded', 'amount_b'), other)}."
            ),
        )  # fmt: skip


@app.command()
def remove(
    ctx: typer.Context,
    pool: Pair,
    shares: Annotated[str, typer.Argument(metavar="SHARES", help="How many shares: a number, 50%, or all.")],
    signer: As = "alice",
) -> None:
    """Give shares back for their part of the reserves."""
    with open_session(ctx, write=True) as session:
        found, who = find_pool(session.read(), pool, session.book), signer_of(session, signer)
        units = shares_of(session.read(), found, who, shares)
        a, b = found.assets
        call = session.call("xyk.remove_liquidity", asset_a=a, asset_b=b, liquidity_amount=units)
        carry_out(
            ctx, session, call, signer, parties(session, a, b),
            lambda outcome, names: f"{signer} gave back {units:_} shares of {pair(found, session.book)}.",
        )  # fmt: skip


@app.command()
def price(ctx: typer.Context, pool: Pair, at: Block = None) -> None:
    """The price, both ways round, before and after the fee."""
    with open_session(ctx) as session:
        state = session.read(block_number(session, at, session.best.number))
        found = find_pool(state, pool, session.book)
        document, rows = price_facts(found, session.book)
        columns = (
            Column("of"),
            Column("price", Align.POINT),
            Column("a seller gets", Align.POINT),
            Column("a buyer pays", Align.POINT),
        )
        screen(ctx).show(document, Table(columns, rows))


@app.command()
def chart(
    ctx: typer.Context,
    pool: Pair,
    first: Annotated[str | None, typer.Option("--from", metavar="BLOCK", help="The first block; default: 0.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="BLOCK", help="The last block; default: best.")] = None,
    points: Annotated[
        int, typer.Option("--points", metavar="N", min=2, help="How many blocks are looked at, at most.")
    ] = 200,
) -> None:
    """The price over the blocks."""
    from basilisk_cli.history import price_series

    with open_session(ctx) as session:
        found = find_pool(session.read(), pool, session.book)
        start = block_number(session, first, 0)
        end = block_number(session, last, session.best.number)
        series = price_series(session, found.assets, start, end, points)
        columns = (Column("block", Align.RIGHT), Column("price", Align.POINT))
        table = Table(columns, [(point.block, point.text) for point in series.points], empty="no pool in these blocks")
        heights = [(point.block, point.height) for point in series.points]
        screen(ctx).chart(series.document(), series.title, heights, table)


def _facts(pool: Pool, names: Names, session: Session) -> list[tuple[str, Any]]:
    n, d = pool.fee
    return [
        ("pool", pair(pool, session.book)),
        ("kind", "xyk"),
        ("account", ss58.encode(pool.account)),
        ("reserve", names.amount(pool.reserves[0], pool.assets[0])),
        ("reserve", names.amount(pool.reserves[1], pool.assets[1])),
        ("price", price_text(pool, session.book)),
        ("fee", f"{n}/{d}"),
        ("shares", names.amount(pool.shares, pool.share_token)),
        ("share asset", pool.share_token),
    ]


def _holders(session: Session, pool: Pool) -> list[tuple[bytes, int]]:
    """Who holds shares of a pool, the largest first."""
    from chain.pallets.tokens import Tokens

    entries = session.read()[Tokens].accounts.items()
    held = [(who, entry.free + entry.reserved) for who, asset, entry in entries if asset == pool.share_token]
    return sorted(held, key=lambda holder: (-holder[1], holder[0]))
