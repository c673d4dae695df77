"""`basilisk relay`: what the embedded relay chain did, and only that.

Backing and inclusion take place; availability, approval and finality do not yet, and are shown as not checked.
"""

from time import perf_counter
from typing import Annotated, Any

import typer

from basilisk_cli.errors import REFUSED, CliError
from basilisk_cli.explorer import Explored, candidate_document
from basilisk_cli.grammar import Noun
from basilisk_cli.output import screen
from basilisk_cli.progress import bar
from basilisk_cli.render.blocks import Align, Cell, Column, Facts, Styled, Table
from basilisk_cli.session import Session, open_session
from basilisk_cli.times import time_text
from basilisk_cli.written import block_number
from chain.relay.parameters import SLOT_MS

app = Noun("The relay chain: who verified what.")

NOT_CHECKED = "not checked"


@app.command()
def status(ctx: typer.Context) -> None:
    """Where the relay chain stands, and how it verifies."""
    with open_session(ctx) as session:
        head, validators = session.relay_head, session.validators
        parameters = validators.parameters
        document: dict[str, Any] = {
            "block": head.number,
            "hash": _hex(head.hash),
            "state_root": _hex(head.state_root),
            "session": validators.session_at(head.number),
            "validators": parameters.validators,
            "cores": validators.cores,
            "verify": parameters.verify,
            "seed": parameters.seed,
            "para": session.spec.para_id,
            "included": session.best.number,
            "finalized": None,
        }
        rows: list[tuple[str, Cell]] = [
            ("relay block", head.number),
            ("hash", document["hash"]),
            ("state root", document["state_root"]),
            ("time", time_text((head.slot or 0) * SLOT_MS)),
            ("session", f"{document['session']}, of {parameters.session_length} blocks"),
            ("validators", f"{parameters.validators}, on {validators.cores} core{'s' * (validators.cores > 1)}"),
            ("backing", f"{parameters.minimum_backing_votes} votes of the core's group"),
            ("executions", "one for all honest validators" if parameters.verify == "shared" else "one a validator"),
            ("parachain", f"{session.spec.para_id}, included up to block {session.best.number}"),
            ("availability", NOT_CHECKED),
            ("approval", NOT_CHECKED),
            ("finality", NOT_CHECKED),
        ]
        screen(ctx).show(document, Facts(rows))


@app.command()
def validators(ctx: typer.Context) -> None:
    """The validators, and whom they back in the next relay block."""
    with open_session(ctx) as session:
        found, number = session.validators, session.relay_head.number + 1
        core = {index: core for core in range(found.cores) for index in found.group_of_core(core, number)}
        author = found.author_at((session.relay_head.slot or 0) + 1)
        document = [
            {"index": index, "public": _hex(public), "core": core.get(index), "author": index == author}
            for index, public in enumerate(found.publics)
        ]
        columns = (Column("#", Align.RIGHT), Column("core", Align.RIGHT), Column("next author"), Column("key"))
        rows = [(each["index"], each["core"], "yes" if each["author"] else "", each["public"]) for each in document]
        screen(ctx).show(document, Table(columns, rows))


@app.command()
def candidates(
    ctx: typer.Context,
    count: Annotated[int, typer.Option("--last", metavar="N", min=1, help="How many, counted from the best.")] = 20,
) -> None:
    """The parachain's blocks as the relay chain saw them, the best one first."""
    with open_session(ctx) as session:
        best, document, rows = session.best.number, [], []
        for number in range(best, max(0, best - count), -1):
            candidate = Explored(session, session.header(number)).candidate
            if candidate is None:
                continue
            document.append(
                {
                    "block": number,
                    **candidate_document(candidate),
                    "backed_in": candidate.relay_backed,
                    "included_in": candidate.relay_included,
                }
            )
            rows.append(
                (
                    number,
                    candidate.pov_bytes,
                    " ".join(map(str, candidate.backed_by)),
                    candidate.executions,
                    candidate.relay_backed,
                    candidate.relay_included,
                    NOT_CHECKED,
                    candidate.hash,
                )
            )
        columns = (
            Column("block", Align.RIGHT),
            Column("proof bytes", Align.RIGHT),
            Column("backed by"),
            Column("executions", Align.RIGHT),
            Column("backed in", Align.RIGHT),
            Column("included in", Align.RIGHT),
            Column("available, approved, final", extra=True),
            Column("candidate", extra=True),
        )
        screen(ctx).show(document, Table(columns, rows, empty="no candidates yet"))


@app.command()
def show(
    ctx: typer.Context,
    block: Annotated[
        int | None, typer.Argument(metavar="BLOCK", min=0, help="A relay block; the head if left out.")
    ] = None,
) -> None:
    """One relay block: its header and the candidates it backed."""
    with open_session(ctx) as session:
        record = session.relay_record(session.relay_head.number if block is None else block)
        header = record.header
        backed = [] if record.block is None else list(record.block.body.backed_candidates)
        document: dict[str, Any] = {
            "number": header.number,
            "hash": _hex(header.hash),
            "parent": _hex(header.parent_hash),
            "state_root": _hex(header.state_root),
            "author": session.validators.author_at(header.slot or 0) if header.number else None,
            "candidates": [_backed(session, each) for each in backed],
            "finalized": None,
        }
        rows: list[tuple[str, Cell]] = [(name, document[name]) for name in ("number", "hash", "parent", "state_root")]
        rows += [("time", time_text((header.slot or 0) * SLOT_MS)), ("author", document["author"])]
        columns = (
            Column("para", Align.RIGHT),
            Column("block", Align.RIGHT),
            Column("votes", Align.RIGHT),
            Column("candidate"),
        )
        table = Table(columns, [tuple(each.values()) for each in document["candidates"]], empty="no candidate backed")
        screen(ctx).show(document, Facts([(name.replace("_", " "), value) for name, value in rows]), table)


@app.command()
def verify(
    ctx: typer.Context,
    first: Annotated[str | None, typer.Option("--from", metavar="BLOCK", help="The first block; default: 1.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="BLOCK", help="The last block; default: best.")] = None,
) -> None:
    """Execute stored blocks again from their proofs alone, with every check of a validator."""
    with open_session(ctx) as session:
        start, end = max(1, block_number(session, first, 1)), block_number(session, last, session.best.number)
        began = perf_counter()
        verdicts = []
        with bar(screen(ctx), "blocks", end - start + 1) as step:
            for verdict in session.verify(start, end):
                verdicts.append(verdict)
                step(1)
    failed = [(verdict.number, verdict.error) for verdict in verdicts if not verdict.ok]
    document: dict[str, Any] = {
        "blocks": len(verdicts),
        "verified": len(verdicts) - len(failed),
        "failed": [{"block": number, "error": error} for number, error in failed],
        "executions": sum(verdict.executions for verdict in verdicts),
        "seconds": round(perf_counter() - began, 3),
    }
    rows: list[tuple[str, Cell]] = [
        ("blocks", document["blocks"]),
        ("verified", Styled(str(document["verified"]), "" if failed else "green")),
        ("failed", Styled(str(len(failed)), "red") if failed else 0),
        ("executions", document["executions"]),
        ("seconds", f"{document['seconds']:.3f}"),
    ]
    table = Table((Column("block", Align.RIGHT), Column("error")), failed, empty="no block is refused")
    screen(ctx).show(document, Facts(rows), *([table] if failed else []))
    if failed:
        what = f"{len(failed)} of {len(verdicts)} blocks are not what validators would sign for"
        raise CliError(what, "the store was changed or damaged; `basilisk chain reset` starts again", REFUSED)


def _backed(session: Session, backed: Any) -> dict[str, Any]:
    """A candidate in a relay block's body."""
    from chain.primitives.header import HEADER

    candidate = backed.candidate
    header = HEADER.decode(candidate.commitments.head_data)
    return {
        "para": candidate.descriptor.para_id,
        "block": header.number,
        "votes": len(backed.validity_votes),
        "candidate": _hex(candidate.hash),
    }


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
