"""`basilisk event`: what happened."""

from typing import Annotated

import typer

from basilisk_cli.explorer import Explored, event_document
from basilisk_cli.grammar import Noun
from basilisk_cli.names import Names
from basilisk_cli.output import screen
from basilisk_cli.render.blocks import Align, Column, Table
from basilisk_cli.session import open_session
from basilisk_cli.written import block_number, header_of

app = Noun("What happened, block by block.")


@app.command("list")
def list_(
    ctx: typer.Context,
    block: Annotated[str | None, typer.Argument(metavar="BLOCK", help="One block; the best if left out.")] = None,
    first: Annotated[str | None, typer.Option("--from", metavar="BLOCK", help="The first block of several.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="BLOCK", help="The last block of several.")] = None,
    only: Annotated[
        str | None, typer.Option("--only", metavar="NAME", help="A pallet, or Pallet.Event: XYK.SellExecuted.")
    ] = None,
) -> None:
    """Events, in the order in which they were emitted."""
    with open_session(ctx) as session:
        names, best = Names(session), session.best.number
        start = header_of(session, block or "best").number if first is None else block_number(session, first, best)
        end = block_number(session, last, best if first is not None else start)
        document, rows = [], []
        for number in range(start, end + 1):
            explored = Explored(session, session.header(number))
            for index in [*range(len(explored.extrinsics)), None]:
                for event in explored.events_of(index):
                    name = f"{event.pallet}.{event.event}"
                    if only is not None and only.lower() not in (name.lower(), event.pallet.lower()):
                        continue
                    document.append({"block": number, "extrinsic": index, **event_document(event)})
                    rows.append((number, "hook" if index is None else f"{number}-{index}", name, names.event(event)))
        columns = (Column("block", Align.RIGHT), Column("by"), Column("event"), Column("fields", Align.FOLD))
        screen(ctx).show(document, Table(columns, rows, empty="no events"))
