"""`basilisk block`: the blocks and what is in them."""

from typing import Annotated, Any

import typer

from basilisk_cli.errors import CliError
from basilisk_cli.explorer import Explored, candidate_document
from basilisk_cli.following import follow as follow_blocks
from basilisk_cli.grammar import Noun
from basilisk_cli.lifeline import listed
from basilisk_cli.names import Names
from basilisk_cli.output import screen
from basilisk_cli.receipt import relay_text
from basilisk_cli.render.blocks import Align, Cell, Column, Facts, Styled, Table
from basilisk_cli.session import open_session
from basilisk_cli.written import header_of

app = Noun("Blocks, with their extrinsics and candidates.")


@app.command("list")
def list_(
    ctx: typer.Context,
    count: Annotated[int, typer.Option("--last", metavar="N", min=1, help="How many, counted from the best.")] = 20,
) -> None:
    """The latest blocks, the best one first."""
    with open_session(ctx) as session:
        best = session.best.number
        blocks = [Explored(session, session.header(number)) for number in range(best, max(-1, best - count), -1)]
        document, rows = [], []
        for block in blocks:
            signed = [included for included in block.extrinsics if included.signer]
            failed = sum(included.error is not None for included in signed)
            candidate = block.candidate
            document.append(
                {
                    "number": block.header.number,
                    "hash": "0x" + block.header.hash.hex(),
                    "extrinsics": len(signed),
                    "failed": failed,
                    "candidate": candidate_document(candidate) if candidate else None,
                }
            )
            rows.append(
                (
                    block.header.number,
                    "0x" + block.header.hash.hex(),
                    len(signed),
                    Styled(str(failed), "red") if failed else 0,
                    candidate.pov_bytes if candidate else None,
                    candidate.relay_included if candidate else None,
                )
            )
        columns = (
            Column("block", Align.RIGHT),
            Column("hash", extra=True),
            Column("calls", Align.RIGHT),
            Column("failed", Align.RIGHT),
            Column("proof bytes", Align.RIGHT),
            Column("relay block", Align.RIGHT),
        )
        screen(ctx).show(document, Table(columns, rows))


@app.command()
def show(
    ctx: typer.Context,
    block: Annotated[str, typer.Argument(metavar="BLOCK", help="A number, a hash, best or genesis.")] = "best",
    follow: Annotated[
        bool, typer.Option("--follow", help="A line for it and for each block that comes after it, until Ctrl-C.")
    ] = False,
    count: Annotated[
        int | None, typer.Option("--count", metavar="N", min=1, help="With --follow: end after so many blocks.")
    ] = None,
) -> None:
    """One block: header, extrinsics, and what the relay validators did with it."""
    if follow:
        follow_blocks(ctx, lambda session: header_of(session, block), count)
        return
    if count is not None:
        raise CliError("--count goes with --follow only", "add --follow, or use `basilisk block list --last N`")
    with open_session(ctx) as session:
        found, names = Explored(session, header_of(session, block)), Names(session)
        document = found.document()
        rows: list[tuple[Cell, ...]] = [
            (
                included.index,
                included.call.path,
                names.account(included.signer) if included.signer else None,
                Styled(included.error, "red") if included.error else Styled("ok", "green"),
                len(included.events),
                "0x" + included.extrinsic.hash.hex(),
            )
            for included in found.extrinsics
        ]
        columns = (
            Column("#", Align.RIGHT),
            Column("call"),
            Column("signer"),
            Column("result"),
            Column("events", Align.RIGHT),
            Column("hash", extra=True),
        )
        screen(ctx).show(document, Facts(_facts(found, document)), Table(columns, rows, empty="no extrinsics"))


def _facts(block: Explored, document: dict[str, Any]) -> list[tuple[str, Cell]]:
    facts: list[tuple[str, Cell]] = [
        ("block", document["number"]),
        ("hash", document["hash"]),
        ("parent", document["parent"]),
        ("state root", document["state_root"]),
        ("extrinsics root", document["extrinsics_root"]),
    ]
    candidate = block.candidate
    if candidate is None:
        return [*facts, ("relay", "the genesis block is no candidate")]
    return [
        *facts,
        ("candidate", candidate.hash),
        ("proof of validity", f"{candidate.pov_bytes:_} bytes"),
        ("relay", relay_text(candidate)),
        ("available", "yes" if candidate.available else "not yet"),
        ("approved", f"by validators {listed(candidate.approved_by)}" if candidate.approved_by else "not yet"),
        ("finalized", "yes" if candidate.finalized else "not yet"),
    ]
