"""`basilisk market`: prices, offers and royalties of items."""

from typing import Annotated

import typer

from basilisk_cli.blocktimes import LAST_BLOCK, moment, own_clock
from basilisk_cli.errors import CliError
from basilisk_cli.examples import examples
from basilisk_cli.grammar import Noun
from basilisk_cli.listings import (
    Listing,
    basis_points,
    find_offer,
    list_market,
    listing_of,
    price_in,
)
from basilisk_cli.market_words import currency_text, good_for, listing_facts, market_table, offer_table, paid_text
from basilisk_cli.names import Names
from basilisk_cli.options import As, Block, ItemName
from basilisk_cli.output import screen
from basilisk_cli.pieces import (
    Piece,
    find_collection,
    find_item,
    get_item,
    other_items,
    parse_collection,
    parse_piece,
    say_whose,
)
from basilisk_cli.receipt import carry_out
from basilisk_cli.session import Session, open_session
from basilisk_cli.strangers import note_stranger
from basilisk_cli.surprises import surprises_of, warn_of_leftovers
from basilisk_cli.written import block_number, signer_of
from chain.frame import Call

app = Noun("Sell items at a price or to an offer; royalties.")

WEEK = "+7d"


@app.command(epilog=examples("market price 1000000/1 '1.5 KSM'", "market price 1000000/1 none --as bob"))
def price(
    ctx: typer.Context,
    item: ItemName,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help='As in "1.5 KSM"; `none` takes the item back.')],
    signer: As = "alice",
) -> None:
    """Put an item up for sale at a price, or no longer."""
    with open_session(ctx, write=True) as session:
        found = find_item(session.read(), parse_piece(item))
        say_whose(ctx, found, signer, session)
        piece = found.piece
        currency, units = (0, None) if amount == "none" else price_in(amount, session)
        call = _call(session, "set_price", piece, new_price=units)
        carry_out(
            ctx, session, call, signer, {},
            lambda outcome, names: (
                f"{piece} is not for sale at a price any more."
                if units is None
                else f"{piece} is for sale at {names.amount(units, currency)}."
            ),
        )  # fmt: skip
        if units == 0:
            screen(ctx).note(f"Zero is a price: whoever comes first gets {piece} for nothing.")


@app.command(epilog=examples("market buy 1000000/1 --as bob"))
def buy(ctx: typer.Context, item: ItemName, signer: As = "alice") -> None:
    """Buy an item at its price."""
    with open_session(ctx, write=True) as session:
        piece = find_item(session.read(), parse_piece(item)).piece
        call = _call(session, "buy", piece)
        involved = _sellers(session, piece)
        carry_out(
            ctx, session, call, signer, involved,
            lambda outcome, names: f"{signer} bought {piece} for {paid_text(outcome, session, names)}.",
        )  # fmt: skip
        warn_of_leftovers(ctx, session, piece)


@app.command(epilog=examples("market offer 1000000/1 '2 KSM' --as bob", "market offer 1000000/1 '2 KSM' --until +12h"))
def offer(
    ctx: typer.Context,
    item: ItemName,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help='As in "1.5 KSM"; held until the offer is gone.')],
    until: Annotated[
        str, typer.Option("--until", metavar="WHEN", help="How long it is good: +12h from now, or a block's number.")
    ] = WEEK,
    signer: As = "alice",
) -> None:
    """Offer an amount for an item, whether it is for sale or not."""
    with open_session(ctx, write=True) as session:
        piece, clock = parse_piece(item), own_clock(session, session.best.number)
        (currency, units), expires = price_in(amount, session), moment(until, clock)
        if until.startswith("+"):
            expires = min(expires + 1, LAST_BLOCK)  # in the block in which it expires it is not good any more
        _advise(ctx, session, piece, units, signer)
        call = _call(session, "make_offer", piece, amount=units, expires=expires)
        carry_out(
            ctx, session, call, signer, {},
            lambda outcome, names: (
                f"{signer} offers {names.amount(units, currency)} for {piece}, "
                f"good {good_for(expires, own_clock(session, outcome.block))}."
            ),
        )  # fmt: skip


@app.command(epilog=examples("market accept 1000000/1", "market accept 1000000/1 bob --as alice"))
def accept(
    ctx: typer.Context,
    item: ItemName,
    maker: Annotated[
        str | None, typer.Argument(metavar="MAKER", help="Whose offer; if left out, the highest that is still good.")
    ] = None,
    signer: As = "alice",
) -> None:
    """Sell an item of one's own to the maker of an offer. Its price, if it has one, stays."""
    with open_session(ctx, write=True) as session:
        item_, names = find_item(session.read(), parse_piece(item)), Names(session)
        say_whose(ctx, item_, signer, session)
        piece = item_.piece
        found = find_offer(_listing(session, piece), None if maker is None else session.account(maker), names)
        if maker is None:
            screen(ctx).note(f"The highest offer is {names.account(found.maker)}'s.")
        buyer = maker or names.account(found.maker)
        call = _call(session, "accept_offer", piece, maker=found.maker)
        involved = {buyer: found.maker} | _sellers(session, piece)
        carry_out(
            ctx, session, call, signer, involved,
            lambda outcome, names: f"{signer} sold {piece} to {buyer} for {paid_text(outcome, session, names)}.",
        )  # fmt: skip
        warn_of_leftovers(ctx, session, piece)


@app.command(epilog=examples("market withdraw 1000000/1 --as bob", "market withdraw 1000000/1 bob --as alice"))
def withdraw(
    ctx: typer.Context,
    item: ItemName,
    maker: Annotated[
        str | None, typer.Argument(metavar="MAKER", help="Whose offer; the signer's own if left out.")
    ] = None,
    signer: As = "alice",
) -> None:
    """Take an offer back, or as the owner of the item turn one down."""
    with open_session(ctx, write=True) as session:
        piece, who = parse_piece(item), maker or signer
        found = find_offer(_listing(session, piece), session.account(who), Names(session))
        call = _call(session, "withdraw_offer", piece, maker=found.maker)
        carry_out(
            ctx, session, call, signer, {who: found.maker},
            lambda outcome, names: (
                f"{who}'s offer for {piece} is withdrawn; {currency_text(found.amount, session, names)} are free again."
            ),
        )  # fmt: skip


@app.command(epilog=examples("market royalty 1000000/1 5%", "market royalty 1000000/1 2.5% --author bob"))
def royalty(
    ctx: typer.Context,
    item: ItemName,
    part: Annotated[str, typer.Argument(metavar="PERCENT", help="The author's part of every sale: 5%, 0.25%.")],
    author: Annotated[
        str | None, typer.Option("--author", metavar="ACCOUNT", help="Who gets it; the signer if left out.")
    ] = None,
    signer: As = "alice",
) -> None:
    """Name the author of an item of one's own, who gets a part of every sale; once, and for all."""
    with open_session(ctx, write=True) as session:
        found, points = find_item(session.read(), parse_piece(item)), basis_points(part)
        say_whose(ctx, found, signer, session)
        piece = found.piece
        who = author or signer
        call = _call(session, "add_royalty", piece, author=session.account(who), royalty=points)
        carry_out(
            ctx, session, call, signer, {},
            lambda outcome, names: f"{who} gets {part.rstrip(' %')} % of every sale of {piece} by somebody else.",
        )  # fmt: skip


@app.command("list", epilog=examples("market list", "market list 1000000", "market list --owner alice"))
def list_(
    ctx: typer.Context,
    collection: Annotated[
        str | None, typer.Argument(metavar="COLLECTION", help="Its items only; all if left out.")
    ] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="ACCOUNT", help="Only what this account has.")] = None,
    at: Block = None,
) -> None:
    """Items that have a price, an offer or a royalty."""
    with open_session(ctx) as session:
        number, names = block_number(session, at, session.best.number), Names(session)
        state = session.read(number)
        id = None if collection is None else find_collection(state, parse_collection(collection)).id
        who = None if owner is None else session.account(owner)
        if owner is not None and who is not None:
            note_stranger(ctx, session, owner, who, names)
        found = [
            each
            for each in list_market(state, number + 1)
            if id in (None, each.piece.collection) and who in (None, each.owner)
        ]
        screen(ctx).show([each.document(names) for each in found], market_table(found, names))


@app.command(epilog=examples("market show 1000000/1", "market show 1000000/1 --json"))
def show(ctx: typer.Context, item: ItemName, at: Block = None) -> None:
    """One item on the market: what it costs, who gets what, the offers, and what may surprise."""
    with open_session(ctx) as session:
        number, names, piece = block_number(session, at, session.best.number), Names(session), parse_piece(item)
        state = session.read(number)
        found, clock = listing_of(state, piece, number + 1), own_clock(session, number)
        if found.item is None and not (found.price is not None or found.offers or found.royalty):
            raise CliError(f"there is no item {piece}", other_items(state, piece))
        surprises = surprises_of(found, session, names)
        document = found.document(names) | {"warnings": [each.document() for each in surprises]}
        screen(ctx).show(document, listing_facts(found, names), offer_table(found, clock, names))
        if not screen(ctx).json:
            for surprise in surprises:
                screen(ctx).note(surprise.text)


def _call(session: Session, name: str, piece: Piece, **args: object) -> Call:
    return session.call(f"marketplace.{name}", collection_id=piece.collection, item_id=piece.item, **args)


def _listing(session: Session, piece: Piece) -> Listing:
    return listing_of(session.read(), piece, session.best.number + 1)


def _sellers(session: Session, piece: Piece) -> dict[str, bytes]:
    """Who gets money when the item is sold now: its owner, and its author."""
    listing, names = _listing(session, piece), Names(session)
    people = [listing.owner, listing.royalty and listing.royalty.author]
    return {names.account(who): who for who in people if who}


def _advise(ctx: typer.Context, session: Session, piece: Piece, units: int, signer: str) -> None:
    """The chain takes any offer; say where it is probably a slip."""
    state, listing = session.read(), _listing(session, piece)
    if get_item(state, piece) is None:
        try:
            hint = other_items(state, piece)
        except CliError as error:
            hint = f"{error.what}; {error.hint}"
        screen(ctx).note(f"There is no item {piece} yet: {hint}")
    elif listing.owner == signer_of(session, signer):
        screen(ctx).note(f"{piece} is {signer}'s already.")
    elif listing.price is not None and listing.price <= units:
        price = currency_text(listing.price, session, Names(session))
        screen(ctx).note(f"{piece} can be had for {price}: `basilisk market buy {piece} --as {signer}`.")
