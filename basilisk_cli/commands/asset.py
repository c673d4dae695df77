"""`basilisk asset`: what can be owned and traded."""

from typing import Annotated, Any

import typer

from amm.book import AssetInfo
from basilisk_cli.grammar import Noun
from basilisk_cli.names import Names
from basilisk_cli.output import screen
from basilisk_cli.receipt import carry_out, field
from basilisk_cli.render.blocks import Align, Column, Facts, Table
from basilisk_cli.session import Session, open_session
from chain.pallets.currencies import Currencies

app = Noun("Assets: symbols, decimals, issuance.")


@app.command("list")
def list_(ctx: typer.Context) -> None:
    """All registered assets."""
    with open_session(ctx) as session:
        names = Names(session)
        found = [_document(asset, session, names) for asset in session.book.assets()]
        columns = (
            Column("id", Align.RIGHT),
            Column("symbol"),
            Column("name", extra=True),
            Column("decimals", Align.RIGHT),
            Column("type", extra=True),
            Column("existential deposit", Align.POINT),
            Column("issuance", Align.POINT),
        )
        rows = [
            (
                asset["id"],
                names.asset(asset["id"]),
                asset["name"],
                asset["decimals"],
                asset["type"],
                names.number(asset["existential_deposit"], asset["id"]),
                names.number(asset["issuance"], asset["id"]),
            )
            for asset in found
        ]
        screen(ctx).show(found, Table(columns, rows))


@app.command()
def show(
    ctx: typer.Context,
    asset: Annotated[str, typer.Argument(metavar="ASSET", help="A symbol, an id, or shares:A/B.")],
) -> None:
    """One asset."""
    from amm.values import AssetError, parse_asset
    from amm.wording import nearest

    with open_session(ctx) as session:
        names, book = Names(session), session.book
        wanted = parse_asset(asset, book)
        found = next((info for info in book.assets() if info.id == wanted), None)
        if found is None:
            raise AssetError(f"asset {wanted} is not registered", nearest(asset, book.symbols()))
        document = _document(found, session, names)
        shown = document | {
            "symbol": names.asset(wanted),
            "existential_deposit": names.amount(found.existential_deposit, wanted),
            "issuance": names.amount(document["issuance"], wanted),
        }
        screen(ctx).show(document, Facts([(key.replace("_", " "), value) for key, value in shown.items()]))


@app.command()
def register(
    ctx: typer.Context,
    symbol: Annotated[str, typer.Argument(metavar="SYMBOL", help="What amounts are written with.")],
    decimals: Annotated[
        int, typer.Option("--decimals", metavar="N", min=0, max=255, help="Digits after the point.")
    ] = 12,
    deposit: Annotated[
        int, typer.Option("--ed", metavar="UNITS", min=1, help="Existential deposit in base units: less is dust.")
    ] = 1_000,
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="The registered name; the symbol if left out.")
    ] = None,
    id: Annotated[
        int | None, typer.Option("--id", metavar="N", min=1, help="The id; the next in order if left out.")
    ] = None,
) -> None:
    """Register an asset, as root."""
    with open_session(ctx, write=True) as session:
        call = session.call(
            "asset_registry.register",
            name=name or symbol,
            asset_type="Token",
            existential_deposit=deposit,
            asset_id=id,
            metadata={"symbol": symbol, "decimals": decimals},
            location=None,
            xcm_rate_limit=None,
        )
        carry_out(
            ctx,
            session,
            call,
            "root",
            {},
            lambda outcome, names: (
                f"Registered {symbol} as asset {field(outcome, 'AssetRegistry.Registered', 'asset_id')}."
            ),
        )


def _document(asset: AssetInfo, session: Session, names: Names) -> dict[str, Any]:
    """An asset in JSON."""
    return {
        "id": asset.id,
        "symbol": asset.symbol,
        "name": asset.name if asset.name.isprintable() else names.asset(asset.id),
        "decimals": asset.decimals,
        "type": asset.type,
        "existential_deposit": asset.existential_deposit,
        "issuance": session.read()[Currencies].issuance(asset.id),
    }
