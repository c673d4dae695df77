"""`basilisk auction`: English, TopUp and Candle auctions of items."""

from collections.abc import Iterable
from typing import Annotated

import typer

from amm.outcome import Outcome
from amm.pallets.auctions_types import English
from basilisk_cli.auction_data import TWO_HOURS, Wishes, changed, new_auction, terms_of
from basilisk_cli.auction_past import find_open_sale, find_sale, past_of
from basilisk_cli.auction_words import doubts, ending_text, money, sale_facts, sale_table, tables, time_text, to_do
from basilisk_cli.auctions import Sale, State, list_sales, pallet_of, parse_auction, parse_kind, sale_at
from basilisk_cli.examples import examples
from basilisk_cli.grammar import Noun
from basilisk_cli.names import Names
from basilisk_cli.options import As, Block, ItemName
from basilisk_cli.output import screen
from basilisk_cli.pieces import find_item, parse_piece, say_whose
from basilisk_cli.receipt import carry_out, field
from basilisk_cli.session import Session, open_session
from basilisk_cli.surprises import warn_of_leftovers
from basilisk_cli.written import block_number, signer_of

app = Noun("Auctions of items: English, TopUp, Candle.")

Auction = Annotated[str, typer.Argument(metavar="AUCTION", help="Its number, as in 0.")]
Name = Annotated[
    str | None,
    typer.Option("--name", metavar="TEXT", help="What it is called; if left out, what is written on the item."),
]
Reserve = Annotated[
    str | None,
    typer.Option("--reserve", metavar="AMOUNT", help='The least that the seller sells for: "100 BSX", or none.'),
]
FirstBid = Annotated[str | None, typer.Option("--min", metavar="AMOUNT", help="The least first bid (TopUp, Candle).")]
Start = Annotated[str | None, typer.Option("--start", metavar="WHEN", help="As in +10m from now, or a block's number.")]
Duration = Annotated[
    str | None, typer.Option("--duration", metavar="TIME", help=f"As in 1d12h, or blocks; {TWO_HOURS} if left out.")
]
Me = Annotated[
    str, typer.Option("--as", metavar="NAME", envvar="BASILISK_AS", show_envvar=False, help="Whose part is shown.")
]


@app.command(
    epilog=examples(
        'auction create english 1000000/1 --reserve "100 BSX" --duration 2h',
        'auction create topup 1000000/2 --reserve "500 BSX" --start +10m',
        "auction create candle 1000000/3",
    )
)
def create(
    ctx: typer.Context,
    kind: Annotated[
        str, typer.Argument(metavar="english|topup|candle", help="Who is outbid is repaid; or bids add up; or a draw.")
    ],
    item: ItemName,
    name: Name = None,
    reserve: Reserve = None,
    first_bid: FirstBid = None,
    start: Start = None,
    duration: Duration = None,
    signer: As = "alice",
) -> None:
    """Put an item of one's own up for auction. It cannot move until the auction is closed.

    English: the highest bid wins, and whoever is outbid is repaid at once. TopUp: bids stay, and all go to the seller
    if the last one reaches the reserve price. Candle: bids stay, and who was highest at a moment drawn afterwards wins.
    """
    with open_session(ctx, write=True) as session:
        terms, chosen = terms_of(session), parse_kind(kind)
        found, owner = find_item(session.read(), parse_piece(item)), signer_of(session, signer)
        say_whose(ctx, found, signer, session)
        wishes = Wishes(name, reserve, first_bid, start, duration)
        auction = new_auction(chosen, owner, found, wishes, terms)
        call = session.call("auctions.create", auction=auction)
        carry_out(
            ctx, session, call, signer, {signer: owner},
            lambda outcome, names: _created(outcome, session, names),
        )  # fmt: skip


@app.command(epilog=examples('auction update 0 --reserve "80 BSX"', "auction update 0 --start +1h --duration 3h"))
def update(
    ctx: typer.Context,
    auction: Auction,
    name: Name = None,
    reserve: Reserve = None,
    first_bid: FirstBid = None,
    start: Start = None,
    duration: Annotated[str | None, typer.Option("--duration", metavar="TIME", help="As in 1d12h, or blocks.")] = None,
    signer: As = "alice",
) -> None:
    """Change an auction of one's own before it starts; what is left out stays."""
    with open_session(ctx, write=True) as session:
        terms, sale = terms_of(session), find_open_sale(session, parse_auction(auction))
        data = changed(sale.auction, Wishes(name, reserve, first_bid, start, duration), terms)
        call = session.call("auctions.update", auction_id=sale.id, updated_auction=data)
        carry_out(
            ctx, session, call, signer, {},
            lambda outcome, names: f"Changed auction {sale.id}: {_terms(_now(session, sale.id), names)}.",
        )  # fmt: skip


@app.command(epilog=examples('auction bid 0 "150 BSX" --as bob'))
def bid(
    ctx: typer.Context,
    auction: Auction,
    amount: Annotated[
        str, typer.Argument(metavar="AMOUNT", help='The new total, as in "150 BSX", also where bids add up.')
    ],
    signer: As = "alice",
) -> None:
    """Bid in an auction."""
    with open_session(ctx, write=True) as session:
        sale, units = find_open_sale(session, parse_auction(auction)), terms_of(session).amount(amount)
        doubt = doubts(sale, units, signer_of(session, signer), Names(session))
        if doubt is not None:
            screen(ctx).note(f"The chain would refuse this: {doubt}.")
        call = session.call("auctions.bid", auction_id=sale.id, amount=units)
        involved = {f"@auction:{sale.id}": sale.account}
        if sale.data.last_bid is not None and isinstance(sale.auction, English):
            involved[Names(session).account(sale.data.last_bid[0])] = sale.data.last_bid[0]
        carry_out(
            ctx, session, call, signer, involved,
            lambda outcome, names: _bidden(session, sale, signer, units, names),
        )  # fmt: skip


@app.command(epilog=examples("auction close 0", "auction close 0 --as bob"))
def close(ctx: typer.Context, auction: Auction, signer: As = "alice") -> None:
    """Settle an auction that has ended: item and money change hands. Anybody may."""
    with open_session(ctx, write=True) as session:
        sale, names = find_open_sale(session, parse_auction(auction)), Names(session)
        if sale.state in (State.created, State.running):
            left = sale.clock.span(sale.data.end - sale.clock.now)
            screen(ctx).note(f"The chain would refuse this: auction {sale.id} is over in {left}.")
        call = session.call("auctions.close", auction_id=sale.id)
        involved = {names.account(sale.data.owner): sale.data.owner}
        carry_out(
            ctx, session, call, signer, involved | {f"@auction:{sale.id}": sale.account},
            lambda outcome, names: _closed(session, sale, outcome, names),
        )  # fmt: skip
        warn_of_leftovers(ctx, session, sale.piece)
        _say_refunds(ctx, session, sale.id)


@app.command(epilog=examples("auction claim 1 --as bob", "auction claim 1 charlie"))
def claim(
    ctx: typer.Context,
    auction: Auction,
    bidder: Annotated[
        str | None, typer.Argument(metavar="BIDDER", help="Who gets the money; the signer if left out.")
    ] = None,
    signer: As = "alice",
) -> None:
    """Give back what a bidder had in a closed auction and did not win with. Anybody may."""
    with open_session(ctx, write=True) as session:
        sale, who = find_open_sale(session, parse_auction(auction)), bidder or signer
        account = session.account(who)
        call = session.call("auctions.claim", bidder=account, auction_id=sale.id)
        involved = {who: account, f"@auction:{sale.id}": sale.account}
        carry_out(
            ctx, session, call, signer, involved,
            lambda outcome, names: (
                f"{who} got {money(field(outcome, 'Auctions.BidAmountClaimed', 'amount'), names)} back "
                f"from auction {sale.id}."
            ),
        )  # fmt: skip


@app.command(epilog=examples("auction destroy 0"))
def destroy(ctx: typer.Context, auction: Auction, signer: As = "alice") -> None:
    """Call an auction of one's own off before it starts."""
    with open_session(ctx, write=True) as session:
        sale = find_open_sale(session, parse_auction(auction))
        call = session.call("auctions.destroy", auction_id=sale.id)
        carry_out(
            ctx, session, call, signer, {},
            lambda outcome, names: f"Auction {sale.id} is called off; {sale.piece} can move again.",
        )  # fmt: skip


@app.command("list", epilog=examples("auction list", "auction list --all --as bob"))
def list_(
    ctx: typer.Context,
    all_: Annotated[bool, typer.Option("--all", help="Settled ones too.")] = False,
    me: Me = "alice",
    at: Block = None,
) -> None:
    """Auctions: who leads, what the next bid is, how long there is still, and your part in them."""
    with open_session(ctx) as session:
        number, names, who = block_number(session, at, session.best.number), Names(session), session.account(me)
        sales = list_sales(session, number)
        if all_:
            there = {sale.id for sale in sales}
            past = range(pallet_of(session.read(number)).next_auction_id.get())
            sales = [*sales, *(find_sale(session, id, number) for id in past if id not in there)]
            sales.sort(key=lambda sale: sale.id)
        screen(ctx).show([sale.document(names, who) for sale in sales], sale_table(sales, names, who))
        _say_what_to_do(ctx, sales, who, names)


@app.command(epilog=examples("auction show 0", "auction show 0 --chart", "auction show 0 --json"))
def show(
    ctx: typer.Context,
    auction: Auction,
    chart: Annotated[bool, typer.Option("--chart", help="Draw the bids, and a Candle's closing ranges.")] = False,
    me: Me = "alice",
    at: Block = None,
) -> None:
    """One auction, also a settled one: its terms, its bids, who gets what."""
    with open_session(ctx) as session:
        number, names = block_number(session, at, session.best.number), Names(session)
        sale = find_sale(session, parse_auction(auction), number)
        past = past_of(session, sale, number)
        document = sale.document(names, session.account(me)) | past.document(names)
        screen(ctx).show(document, sale_facts(sale, past, names), *tables(sale, past, names))
        if chart:
            from basilisk_cli.auction_chart import draw

            draw(screen(ctx), session, sale, past, names)
        _say_what_to_do(ctx, [sale], session.account(me), names)


def _now(session: Session, id: int) -> Sale:
    sale = sale_at(session, id, session.best.number)
    assert sale is not None
    return sale


def _created(outcome: Outcome, session: Session, names: Names) -> str:
    sale = _now(session, field(outcome, "Auctions.AuctionCreated", "auction_id"))
    return f"Auction {sale.id}, {sale.kind}, of {sale.piece}: {_terms(sale, names)}."


def _terms(sale: Sale, names: Names) -> str:
    """When it starts, how long it lasts, what the first bid is."""
    lasts = sale.clock.span(sale.data.end - sale.data.start)
    begins = time_text(sale) if sale.state is State.created else "open for bids from the next block on"
    return f"{begins}, lasts {lasts}, first bid {money(sale.next_bid, names)}"


def _bidden(session: Session, before: Sale, signer: str, units: int, names: Names) -> str:
    """A bid, what it took, and what it changed."""
    after = _now(session, before.id)
    added = units - (0 if isinstance(before.auction, English) else before.stake(signer_of(session, signer)))
    text = f"{signer} bids {money(units, names)} in auction {before.id}"
    text += f", {money(added, names)} more than before" if added != units else ""
    if after.data.end != before.data.end:
        text += f"; the end moves to {after.clock.unit} {after.data.end}"
    left = after.clock.span(after.blocks_left or 0)
    return f"{text}. The next bid is {money(after.next_bid, names)} at least; {left} left."


def _closed(session: Session, before: Sale, outcome: Outcome, names: Names) -> str:
    sale = find_sale(session, before.id, outcome.block)
    past = past_of(session, sale, outcome.block)
    return f"Auction {before.id} is {ending_text(sale, past.ending, names)}." if past.ending else ""


def _say_refunds(ctx: typer.Context, session: Session, id: int) -> None:
    """Who can claim something now."""
    sale, names = sale_at(session, id, session.best.number), Names(session)
    for who in sale.stakes if sale is not None else ():
        _say_what_to_do(ctx, [sale], who, names)


def _say_what_to_do(ctx: typer.Context, sales: Iterable[Sale | None], who: bytes, names: Names) -> None:
    for sale in sales:
        text = to_do(sale, who, names) if sale is not None else None
        if text is not None and not screen(ctx).json:
            screen(ctx).note(text)
