"""`basilisk relay verify`, `audit` and `export`: the history checked again, here or from an archive elsewhere."""

import json
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer

from basilisk_cli.errors import REFUSED, CliError
from basilisk_cli.output import screen
from basilisk_cli.progress import bar
from basilisk_cli.render.blocks import Align, Cell, Column, Facts, Styled, Table
from basilisk_cli.session import open_session
from basilisk_cli.written import block_number


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


def export(
    ctx: typer.Context, directory: Annotated[Path, typer.Argument(metavar="DIR", help="A folder to be made.")]
) -> None:
    """Write the history as files that `relay audit` reads, here or elsewhere."""
    with open_session(ctx) as session:
        try:
            blocks = session.export(directory)
        except OSError as error:
            raise CliError(f"{directory} cannot be written: {error}", "name another folder") from None
        document = {"directory": str(directory), "blocks": blocks, "relay_blocks": session.relay_head.number + 1}
        screen(ctx).show(document, Facts([(name.replace("_", " "), str(value)) for name, value in document.items()]))


def audit(
    ctx: typer.Context,
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="What `relay export` wrote.")],
    engine: Annotated[str, typer.Option("--engine", help="inline, processes:W or dask:ADDRESS.")] = "inline",
    first: Annotated[int, typer.Option("--from", metavar="BLOCK", min=1, help="The first block.")] = 1,
    last: Annotated[int | None, typer.Option("--to", metavar="BLOCK", min=1, help="The last block.")] = None,
) -> None:
    """Check an exported history again: the relay chain, and every block from its record alone."""
    from amm.chain_spec import ChainSpec
    from amm.local import relay_parameters
    from basilisk_cli.engines import engine_of
    from chain.node.audit import Unreadable
    from chain.node.audit import audit as run
    from chain.relay.validators import ValidatorSet

    try:
        chain = json.loads((directory / "chain.json").read_text())
        spec = ChainSpec.from_json(json.dumps(chain["spec"]))
        found = ValidatorSet(relay_parameters(spec), (spec.para_id,))
        with engine_of(engine) as executor:
            report = run(directory, found, "amm.runtime.load", executor, first, last)
    except (OSError, ValueError, KeyError, Unreadable) as error:
        raise CliError(f"{directory} is no archive that can be read: {error}", "`relay export` makes one") from None
    document = report.plain()
    failed = [verdict for verdict in report.verdicts if verdict.ok is False]
    abstained = sum(verdict.ok is None for verdict in report.verdicts)
    rows: list[tuple[str, Cell]] = [
        ("blocks", len(report.verdicts)),
        ("good", sum(verdict.ok is True for verdict in report.verdicts)),
        ("failed", len(failed)),
        ("not judged", abstained),
        ("executions", sum(verdict.executions for verdict in report.verdicts)),
        ("relay chain", report.relay or "good"),
    ]
    problems = [(verdict.number, verdict.error) for verdict in failed] + [(None, link) for link in report.links]
    tables = [Table((Column("block", Align.RIGHT), Column("error")), problems)] if problems else []
    screen(ctx).show(document, Facts(rows), *tables)
    if not report.ok:
        raise CliError("the history does not hold", "the first failure is above", REFUSED)
