"""`basilisk storage`: the state itself."""

from typing import Annotated, Any

import typer

from basilisk_cli.errors import CliError
from basilisk_cli.grammar import Noun
from basilisk_cli.options import Block
from basilisk_cli.output import screen
from basilisk_cli.render.blocks import Align, Column, Facts, Table
from basilisk_cli.session import open_session
from basilisk_cli.stored import find_item, find_place, item_at, plain_keys, plain_value, read_stored
from basilisk_cli.written import block_number

app = Noun("The state itself: items, keys, raw values.")

Item = Annotated[str, typer.Argument(metavar="ITEM", help="Pallet.Item, as in XYK.TotalLiquidity; or a raw 0x key.")]
Keys = Annotated[list[str] | None, typer.Argument(metavar="KEY…", help="Keys of a map, as scripts write them.")]


@app.command()
def get(ctx: typer.Context, item: Item, keys: Keys = None, at: Block = None) -> None:
    """What is stored in an item, or under a key of it."""
    with open_session(ctx) as session:
        number = block_number(session, at, session.best.number)
        if item.startswith("0x"):
            raw, found = _bytes(item), item_at(session, _bytes(item))
            if found is None:
                raise CliError(f"{item} belongs to no storage item of this runtime", "check the key")
            name = f"{found.pallet}.{found.name}"
        else:
            place = find_place(session, item, keys or [])
            raw, found, name = place.raw, place.item, place.name
        data, value = read_stored(session, found, raw, number)
        document = {
            "item": name,
            "block": number,
            "key": "0x" + raw.hex(),
            "raw": None if data is None else "0x" + data.hex(),
            "value": value,
        }
        rows = [
            ("item", name),
            ("key", document["key"]),
            ("raw", document["raw"] if data is not None else "nothing is stored"),
            ("value", _shown(value) if data is not None else _default(session.runtime, found)),
        ]
        screen(ctx).show(document, Facts(rows))


@app.command("keys")
def keys_(
    ctx: typer.Context,
    item: Item,
    keys: Keys = None,
    at: Block = None,
    most: Annotated[int, typer.Option("--most", metavar="N", min=1, help="How many at most.")] = 1_000,
) -> None:
    """The keys of a map, with their values."""
    with open_session(ctx) as session:
        number = block_number(session, at, session.best.number)
        place = find_place(session, item, keys or [], partial=True)
        state = session.read(number).context.state
        document: list[dict[str, Any]] = []
        rows: list[tuple[str, str]] = []
        for raw in state.keys(place.raw):
            if len(rows) == most:
                screen(ctx).note(f"Only the first {most} are shown: add --most.")
                break
            _, value = read_stored(session, place.item, raw, number)
            own = plain_keys(session, place.item, raw)
            document.append({"keys": own, "key": "0x" + raw.hex(), "value": value})
            rows.append((" ".join(map(str, own)), _shown(value)))
        table = Table((Column("keys"), Column("value", Align.FOLD)), rows, empty=f"{place.name} is empty")
        screen(ctx).show(document, table)


@app.command()
def decode(
    ctx: typer.Context,
    item: Item,
    value: Annotated[str | None, typer.Argument(metavar="0x…", help="Bytes of the item's type.")] = None,
) -> None:
    """What a raw key means, or bytes of an item's type."""
    with open_session(ctx) as session:
        if item.startswith("0x"):
            raw = _bytes(item)
            found = item_at(session, raw)
            if found is None:
                raise CliError(f"{item} belongs to no storage item of this runtime", "check the key")
        else:
            raw, found = b"", find_item(session, item)
        document: dict[str, Any] = {"item": f"{found.pallet}.{found.name}", "type": found.value.notation}
        if raw:
            document["keys"] = plain_keys(session, found, raw)
        if value is not None:
            document["value"] = plain_value(session, found, _bytes(value))
        screen(ctx).show(document, Facts([(name, _shown(held)) for name, held in document.items()]))


def _bytes(written: str) -> bytes:
    try:
        return bytes.fromhex(written.removeprefix("0x"))
    except ValueError:
        raise CliError(f"{written!r} is not hex", "write 0x and an even number of hex digits") from None


def _shown(value: Any) -> str:
    """A plain value on one line, as JSON."""
    import msgspec

    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _default(runtime: Any, item: Any) -> str:
    from amm.facts import fact

    if item.optional:
        return "none"
    return f"{_shown(fact(item.default, runtime.codec_of_item(item), runtime))} by default"
