"""`basilisk nft`: collections and items."""

from pathlib import Path
from typing import Annotated

import typer

from amm.pallets.uniques import Uniques
from basilisk_cli.errors import CliError
from basilisk_cli.examples import examples
from basilisk_cli.grammar import Noun
from basilisk_cli.metadata import described, metadata_of
from basilisk_cli.names import Names
from basilisk_cli.options import As, Block, ItemName
from basilisk_cli.output import screen
from basilisk_cli.pieces import (
    NEXT,
    Collection,
    Item,
    Piece,
    find_collection,
    find_item,
    list_collections,
    list_items,
    next_collection,
    next_item,
    parse_collection,
    parse_piece,
    say_whose,
)
from basilisk_cli.receipt import carry_out
from basilisk_cli.render.blocks import Align, Cell, Column, Facts, Items, Table
from basilisk_cli.session import Session, open_session
from basilisk_cli.strangers import note_stranger
from basilisk_cli.surprises import warn_of_leftovers
from basilisk_cli.written import block_number, signer_of
from chain.crypto import ss58

app = Noun("Collections and items: create, mint, transfer, burn.")

CollectionId = Annotated[str, typer.Argument(metavar="COLLECTION", help="A number, as in 1000000.")]
Metadata = Annotated[
    str, typer.Argument(metavar="METADATA", help="A text, 0x and hex, or the path of a file, also as @PATH.")
]


@app.command(epilog=examples("nft create", "nft create 1000000 Zoo", "nft create next ipfs://bafy… --as bob"))
def create(
    ctx: typer.Context,
    collection: Annotated[
        str, typer.Argument(metavar="COLLECTION", help="A number that is not reserved; `next` takes the next one.")
    ] = NEXT,
    metadata: Metadata = "",
    signer: As = "alice",
) -> None:
    """Create a collection of one's own."""
    with open_session(ctx, write=True) as session:
        state = session.read()
        id = next_collection(state) if collection == NEXT else parse_collection(collection)
        data = _metadata(ctx, session, metadata)
        call = session.call("nft.create_collection", collection_id=id, collection_type="Marketplace", metadata=data)
        carry_out(ctx, session, call, signer, {}, lambda outcome, names: f"{signer} created the collection {id}.")


@app.command(epilog=examples("nft mint 1000000", "nft mint 1000000/7 'Sad clown'", "nft mint 1000000/8 @clown.svg"))
def mint(
    ctx: typer.Context,
    item: Annotated[
        str, typer.Argument(metavar="COLLECTION[/ITEM]", help="As in 1000000/1; without ITEM, the next number.")
    ],
    metadata: Metadata = "",
    signer: As = "alice",
) -> None:
    """Make an item in a collection of one's own."""
    with open_session(ctx, write=True) as session:
        state = session.read()
        if "/" in item:
            piece = parse_piece(item)
        else:
            collection = parse_collection(item)
            piece = Piece(collection, next_item(state, collection))
        owner = find_collection(state, piece.collection).details.owner
        data = _metadata(ctx, session, metadata)
        call = session.call("nft.mint", collection_id=piece.collection, item_id=piece.item, metadata=data)
        involved = {Names(session).account(owner): owner}
        carry_out(ctx, session, call, signer, involved, lambda outcome, names: f"{signer} minted {piece}.")


@app.command(epilog=examples("nft transfer 1000000/1 bob", "nft transfer 1000000/1 alice --as bob"))
def transfer(
    ctx: typer.Context,
    item: ItemName,
    to: Annotated[str, typer.Argument(metavar="ACCOUNT", help="A name, an address or 0x….")],
    signer: As = "alice",
) -> None:
    """Give an item away. Its price on the market, if it has one, stays."""
    with open_session(ctx, write=True) as session:
        piece, receiver, giver = parse_piece(item), session.account(to), signer_of(session, signer)
        say_whose(ctx, find_item(session.read(), piece), signer, session)
        call = session.call("nft.transfer", collection_id=piece.collection, item_id=piece.item, dest=receiver)
        text = f"{signer} gave {piece} to {to}."
        if receiver == giver:
            text = f"Nothing happened: {to} is the one who gives."
        carry_out(ctx, session, call, signer, {signer: giver, to: receiver}, lambda outcome, names: text)
        warn_of_leftovers(ctx, session, piece)


@app.command(epilog=examples("nft burn 1000000/1 --as bob"))
def burn(ctx: typer.Context, item: ItemName, signer: As = "alice") -> None:
    """Destroy an item of one's own, for good."""
    with open_session(ctx, write=True) as session:
        piece, names = parse_piece(item), Names(session)
        say_whose(ctx, find_item(session.read(), piece), signer, session)
        owner = find_collection(session.read(), piece.collection).details.owner
        call = session.call("nft.burn", collection_id=piece.collection, item_id=piece.item)
        involved = {names.account(owner): owner}
        carry_out(ctx, session, call, signer, involved, lambda outcome, names: f"{signer} burned {piece}.")
        warn_of_leftovers(ctx, session, piece)


@app.command(epilog=examples("nft destroy 1000000"))
def destroy(ctx: typer.Context, collection: CollectionId, signer: As = "alice") -> None:
    """Destroy an empty collection of one's own."""
    with open_session(ctx, write=True) as session:
        id = find_collection(session.read(), parse_collection(collection)).id
        call = session.call("nft.destroy_collection", collection_id=id)
        involved: dict[str, bytes] = {}
        carry_out(
            ctx, session, call, signer, involved, lambda outcome, names: f"{signer} destroyed the collection {id}."
        )


@app.command("list", epilog=examples("nft list", "nft list 1000000", "nft list --owner bob"))
def list_(
    ctx: typer.Context,
    collection: Annotated[
        str | None, typer.Argument(metavar="COLLECTION", help="Its items; the collections if left out.")
    ] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="ACCOUNT", help="Only what this account has.")] = None,
    at: Block = None,
) -> None:
    """The collections, or the items of a collection or of an owner."""
    with open_session(ctx) as session:
        state, names = session.read(block_number(session, at, session.best.number)), Names(session)
        if collection is None and owner is None:
            collections = list_collections(state)
            screen(ctx).show([each.document() for each in collections], _collections(collections, names, session))
            return
        id = None if collection is None else find_collection(state, parse_collection(collection)).id
        who = None if owner is None else session.account(owner)
        if owner is not None and who is not None:
            note_stranger(ctx, session, owner, who, names)
        items = [each for each in list_items(state, id) if who in (None, each.owner)]
        screen(ctx).show([each.document() for each in items], _items(items, names))


@app.command(epilog=examples("nft show 1000000", "nft show 1000000/1", "nft show 1000000/1 --save clown.svg"))
def show(
    ctx: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="COLLECTION[/ITEM]", help="A collection, or an item of it: 1000000/1.")
    ],
    save: Annotated[
        Path | None, typer.Option("--save", metavar="FILE", help="Write the metadata, as it is, to a new file.")
    ] = None,
    at: Block = None,
) -> None:
    """One collection, or one item: whose it is, what is written on it, whether it may move."""
    with open_session(ctx) as session:
        state, names = session.read(block_number(session, at, session.best.number)), Names(session)
        currency = state[Uniques].held_in()
        found: Collection | Item
        if "/" in name:
            found = find_item(state, parse_piece(name))
            facts = _item_facts(found, find_collection(state, found.piece.collection), names, currency)
        else:
            found = find_collection(state, parse_collection(name))
            facts = _collection_facts(found, names, currency)
        if save is not None:
            _write_new(save, found.metadata)
            screen(ctx).note(f"Wrote {save}.")
        screen(ctx).show(found.document(), Facts(facts))


def _metadata(ctx: typer.Context, session: Session, written: str) -> bytes:
    data, remark = metadata_of(written, session.read()[Uniques].string_limit)
    if remark:
        screen(ctx).note(remark)
    return data


def _write_new(file: Path, data: bytes) -> None:
    """Raises CliError for a file that is there already."""
    try:
        with file.open("xb") as opened:
            opened.write(data)
    except FileExistsError:
        raise CliError(f"{file} is there already", "choose another name") from None


def _collections(found: list[Collection], names: Names, session: Session) -> Table:
    currency = session.read()[Uniques].held_in()
    columns = (
        Column("collection"),
        Column("owner"),
        Column("items", Align.RIGHT),
        Column("type", extra=True),
        Column("deposit", Align.POINT, extra=True),
        Column("metadata", Align.FOLD),
    )
    rows = [
        (
            str(each.id),
            names.account(each.details.owner),
            each.details.items,
            each.type,
            names.amount(each.details.total_deposit, currency),
            Items([described(each.metadata)]),
        )
        for each in found
    ]
    return Table(columns, rows, empty="no collections: `basilisk nft create` makes one")


def _items(found: list[Item], names: Names) -> Table:
    columns = (Column("item"), Column("owner"), Column("state"), Column("metadata", Align.FOLD))
    rows = [
        (str(each.piece), names.account(each.owner), _state(each, None), Items([described(each.metadata)]))
        for each in found
    ]
    return Table(columns, rows, empty="no items: `basilisk nft mint COLLECTION` makes one")


def _collection_facts(found: Collection, names: Names, currency: int) -> list[tuple[str, Cell]]:
    return [
        ("collection", str(found.id)),
        ("owner", names.account(found.details.owner)),
        ("address", ss58.encode(found.details.owner)),
        ("type", found.type or "none: NFT does not know it"),
        ("items", found.details.items),
        ("deposits held", names.amount(found.details.total_deposit, currency)),
        ("state", "frozen: no item may move" if found.details.is_frozen else "free"),
        ("metadata", described(found.metadata)),
    ]


def _item_facts(found: Item, of: Collection, names: Names, currency: int) -> list[tuple[str, Cell]]:
    return [
        ("item", str(found.piece)),
        ("owner", names.account(found.owner)),
        ("address", ss58.encode(found.owner)),
        ("collection", f"{of.id}, {names.account(of.details.owner)}'s"),
        ("deposit held", f"{names.amount(found.details.deposit, currency)}, of {names.account(of.details.owner)}"),
        ("state", _state(found, of)),
        ("metadata", described(found.metadata)),
    ]


def _state(item: Item, of: Collection | None) -> str:
    """Whether an item may move."""
    if item.auction is not None:
        return f"in auction {item.auction}"
    frozen = item.details.is_frozen or (of is not None and of.details.is_frozen)
    return "frozen" if frozen else "free"
