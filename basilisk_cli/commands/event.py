"""`basilisk event`: what happened."""

from typing import Annotated

import typer

from amm.wording import nearest
from basilisk_cli.errors import CliError
from basilisk_cli.explorer import Explored, event_document
from basilisk_cli.grammar import Noun
from basilisk_cli.names import Names
from basilisk_cli.output import screen
from basilisk_cli.render.blocks import Align, Column, Table
from basilisk_cli.session import open_session
from basilisk_cli.written import block_number, header_of
from chain.frame import Runtime

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
    if block is not None and (first is not None or last is not None):
        raise CliError(f"{block} is one block, --from and --to name several", "leave one or the other out")
    with open_session(ctx) as session:
        wanted = None if only is None else known_events(session.runtime, only)
        names, best = Names(session), session.best.number
        start = header_of(session, block or "best").number if first is None else block_number(session, first, best)
        end = block_number(session, last, best if first is not None else start)
        if start > end:
            raise CliError(f"block {start} comes after block {end}", "--from names the earlier one")
        document, rows = [], []
        for number in range(start, end + 1):
            explored = Explored(session, session.header(number))
            for index in [*range(len(explored.extrinsics)), None]:
                for event in explored.events_of(index):
                    name = f"{event.pallet}.{event.event}"
                    if wanted is not None and name not in wanted:
                        continue
                    document.append({"block": number, "extrinsic": index, **event_document(event)})
                    rows.append((number, "hook" if index is None else f"{number}-{index}", name, names.event(event)))
        columns = (Column("block", Align.RIGHT), Column("by"), Column("event"), Column("fields", Align.FOLD))
        screen(ctx).show(document, Table(columns, rows, empty="no events"))


def known_events(runtime: Runtime, written: str) -> set[str]:
    """The events that a pallet's name, or `Pallet.Event`, means, in any spelling. Raises CliError for neither."""
    by_pallet = {
        pallet.name: [f"{pallet.name}.{event.__name__}" for event in pallet.declaration.events]
        for pallet in runtime.pallets.values()
    }
    known = {name.casefold(): {name} for names in by_pallet.values() for name in names}
    known |= {pallet.casefold(): set(names) for pallet, names in by_pallet.items()}
    found = known.get(written.casefold())
    if found is not None:
        return found
    of, _, event = written.partition(".")
    pallet = next((name for name in by_pallet if name.casefold() == of.casefold()), None)
    if pallet is None:
        raise CliError(f"there is no pallet {of!r}", nearest(of, by_pallet))
    events = [name.partition(".")[2] for name in by_pallet[pallet]]
    what = f"the pallet {pallet} has no event {event!r}"
    raise CliError(what, nearest(event, events, "it emits none"))
