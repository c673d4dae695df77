"""`basilisk chain`: making a chain, moving it on, going back."""

from pathlib import Path
from typing import Annotated, Any

import typer

from amm.simulate.units import parse_duration
from basilisk_cli.errors import UNREACHABLE, CliError
from basilisk_cli.grammar import Noun
from basilisk_cli.options import Block, confirm, one_of
from basilisk_cli.output import screen
from basilisk_cli.render.blocks import Align, Cell, Column, Facts, Lines, Styled, Table
from basilisk_cli.session import Embedded, Session, open_session
from basilisk_cli.settings import settings_of
from basilisk_cli.times import chain_time, time_text
from basilisk_cli.whereabouts import DEFAULT_CHAIN, directory_of, is_chain, no_node_at, spelled
from chain.relay.parameters import SLOT_MS

app = Noun("Make, look at, advance, snapshot and revert the chain.")

SnapshotName = Annotated[str, typer.Argument(metavar="NAME", help="The snapshot's name.")]


@app.command()
def init(ctx: typer.Context) -> None:
    """Make a chain from a chain spec, in .basilisk/CHAIN or --data-dir."""
    settings = settings_of(ctx)
    no_node_at(settings)
    directory, which = directory_of(settings), spelled(settings)
    if is_chain(directory):
        hint = f"go on with it, name another --data-dir, or start again with `basilisk chain reset{which}`"
        raise CliError(f"there is a chain in {directory} already", hint, UNREACHABLE)
    with Embedded.create(directory, settings.chain or DEFAULT_CHAIN) as session:
        document = _status(session) | {"data_dir": str(directory), "genesis": _hex(session.header(0).hash)}
        screen(ctx).show(
            document,
            Lines([Styled(f"Made the chain {session.spec.name} in {directory}.", "bold green")]),
            Facts([*_made(session), *([("look at it", f"basilisk{which} chain status")] if which else [])]),
        )


@app.command()
def status(ctx: typer.Context) -> None:
    """Where the chain stands."""
    with open_session(ctx) as session:
        best = session.best
        rows: list[tuple[str, Cell]] = [
            ("chain", session.spec.name),
            ("data", str(directory_of(settings_of(ctx)))),
            ("runtime", f"{session.runtime.name} {session.runtime.spec_version}"),
            ("block", best.number),
            ("hash", _hex(best.hash)),
            ("state root", _hex(best.state_root)),
            ("time", time_text(chain_time(session.read()))),
            ("finalized", _hex(session.finalized) if session.finalized else "not checked"),
            ("relay block", session.relay_head.number),
            ("relay time", time_text((session.relay_head.slot or 0) * SLOT_MS)),
            ("pending", session.pending),
        ]
        screen(ctx).show(_status(session), Facts(rows))


@app.command()
def advance(
    ctx: typer.Context,
    blocks: Annotated[int | None, typer.Argument(metavar="N", min=1, help="Seal this many empty blocks.")] = None,
    to: Annotated[int | None, typer.Option("--to", metavar="N", min=0, help="Seal until the best block is N.")] = None,
    relay: Annotated[
        int | None, typer.Option("--relay", metavar="N", min=1, help="Seal relay blocks only: time moves, we do not.")
    ] = None,
    time: Annotated[
        str | None, typer.Option("--time", metavar="DURATION", help="Let time pass on the relay chain: 72h, 30m, 2d.")
    ] = None,
) -> None:
    """Move the chain on: by blocks, to a block, or by time."""
    from basilisk_cli.advance import by_blocks, by_relay

    one_of({"N": blocks, "--to": to, "--relay": relay, "--time": time})
    duration = None if time is None else parse_duration(time)
    with open_session(ctx, write=True) as session:
        before, relay_before, executions = session.best.number, session.relay_head.number, 0
        if relay is not None or duration is not None:
            by_relay(session, relay if relay is not None else -(-(duration or 0) * 1000 // SLOT_MS), screen(ctx))
        else:
            executions = by_blocks(session, blocks if blocks is not None else (to or 0) - before, screen(ctx))
        after, relay_after = session.best.number, session.relay_head.number
        document = _status(session) | {
            "blocks": after - before,
            "relay_blocks": relay_after - relay_before,
            "executions": executions,
        }
        rows: list[tuple[str, Cell]] = [
            ("blocks sealed", after - before),
            ("block", after),
            ("hash", _hex(session.best.hash)),
            ("relay blocks sealed", relay_after - relay_before),
            ("relay block", relay_after),
            ("relay time", time_text((session.relay_head.slot or 0) * SLOT_MS)),
        ]
        if after > before:
            rows.append(("relay", f"every block included; executed {executions} × from their proofs"))
        screen(ctx).show(document, Facts(rows))


@app.command()
def snapshot(ctx: typer.Context, name: SnapshotName) -> None:
    """Name the present state, to come back to."""
    with open_session(ctx, write=True) as session:
        taken = session.take_snapshot(name)
        document = {"name": name, "block": taken.number, "relay_block": taken.created}
        screen(ctx).show(document, Lines([f"Snapshot {name}: block {taken.number}, relay block {taken.created}."]))


@app.command()
def revert(ctx: typer.Context, name: SnapshotName) -> None:
    """Go back to a snapshot; what came after it is gone."""
    with open_session(ctx, write=True) as session:
        before = session.best.number
        taken = session.go_back(name)
        document = _status(session) | {"from": before}
        text = f"Back at {name}: from block {before} to block {taken.number}."
        screen(ctx).show(document, Lines([Styled(text, "bold green")]), Facts([("hash", _hex(session.best.hash))]))


@app.command()
def snapshots(ctx: typer.Context) -> None:
    """The snapshots there are."""
    with open_session(ctx) as session:
        found = sorted(session.snapshots(), key=lambda each: each.heads.relay)
        document = [{"name": each.name, "block": each.number, "relay_block": each.heads.relay} for each in found]
        columns = (Column("name"), Column("block", Align.RIGHT), Column("relay block", Align.RIGHT), Column("hash"))
        rows = [(each.name, each.number, each.heads.relay, _hex(each.heads.best)) for each in found]
        screen(ctx).show(document, Table(columns, rows, empty="no snapshots: `basilisk chain snapshot NAME` takes one"))


@app.command()
def reset(ctx: typer.Context, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False) -> None:
    """Throw the chain away and make it anew, from the chain spec as it is now."""
    from basilisk_cli.reset import remove_chain, spec_for_reset

    settings = settings_of(ctx)
    no_node_at(settings)
    directory = directory_of(settings)
    spec = spec_for_reset(settings, directory)
    if is_chain(directory):
        confirm(f"Throw away the chain in {directory}?", yes)
        remove_chain(directory)
    with Embedded.create(directory, spec) as session:
        text = f"Made the chain {session.spec.name} in {directory} anew."
        screen(ctx).show(_status(session), Lines([Styled(text, "bold green")]), Facts(_made(session)))


@app.command()
def export(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="Where to; standard output if left out.")] = None,
    at: Block = None,
) -> None:
    """The whole state after a block as a raw chain spec, which other Substrate tools read."""
    from basilisk_cli.export import raw_chain_spec
    from basilisk_cli.written import block_number

    with open_session(ctx) as session:
        number = block_number(session, at, session.best.number)
        document = raw_chain_spec(session, number)
        if file is None:
            screen(ctx).document(document)
            return
        size = screen(ctx).save(file, document)
        keys = len(document["genesis"]["raw"]["top"])
        facts: dict[str, Cell] = {"file": str(file), "block": number, "bytes": size, "keys": keys}
        screen(ctx).show(facts, Facts(list(facts.items())))


def _status(session: Session) -> dict[str, Any]:
    best = session.best
    return {
        "chain": session.spec.name,
        "block": best.number,
        "hash": _hex(best.hash),
        "state_root": _hex(best.state_root),
        "finalized": _hex(session.finalized) if session.finalized else None,
        "relay_block": session.relay_head.number,
        "pending": session.pending,
    }


def _made(session: Session) -> list[tuple[str, str]]:
    parameters = session.validators.parameters
    symbols = ", ".join(session.book.symbols())
    people = ", ".join(account.value for account, _ in session.spec.balances or ())
    return [
        ("genesis", _hex(session.header(0).hash)),
        ("runtime", f"{session.runtime.name} {session.runtime.spec_version}, para {session.spec.para_id}"),
        ("assets", symbols),
        ("accounts", people),
        ("sudo", session.spec.sudo_key.value if session.spec.sudo_key else "none"),
        ("relay", f"{parameters.validators} validators, seed {parameters.seed}, verify {parameters.verify}"),
    ]


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
