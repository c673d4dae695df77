"""`basilisk relay verify`, `audit` and `export`: the history checked again, here or from an archive elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from basilisk_cli.errors import REFUSED, CliError
from basilisk_cli.output import screen
from basilisk_cli.progress import bar
from basilisk_cli.render.blocks import Align, Cell, Column, Facts, Items, Styled, Table
from basilisk_cli.session import Session, open_session
from basilisk_cli.whereabouts import is_chain
from basilisk_cli.written import block_number

if TYPE_CHECKING:
    from chain.node.audit import Report
    from chain.node.histories import History


def verify(
    ctx: typer.Context,
    first: Annotated[str | None, typer.Option("--from", metavar="BLOCK", help="The first block; default: 1.")] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="BLOCK", help="The last block; default: best.")] = None,
    workers: Annotated[
        str, typer.Option("--workers", metavar="N", help="Processes that execute; 0: this one; auto: one a core.")
    ] = "0",
) -> None:
    """Execute stored blocks again from their proofs alone, with every check of a validator."""
    from basilisk_cli.engines import workers_of

    with workers_of(workers) as executors, open_session(ctx) as session:
        start, end = _range(session, first, last)
        began = perf_counter()
        verdicts = []
        with bar(screen(ctx), "blocks", end - start + 1) as step:
            for verdict in session.verify(start, end, executors):
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
    rows_ = [(number, Items([error or ""])) for number, error in failed]
    table = Table((Column("block", Align.RIGHT), Column("error", Align.FOLD)), rows_, empty="no block is refused")
    screen(ctx).show(document, Facts(rows), *([table] if failed else []))
    if failed:
        what = f"{len(failed)} of {len(verdicts)} blocks are not what validators would sign for"
        hint = f"`basilisk relay show {failed[0][0]}` says who signed for it all the same; or the store is damaged"
        raise CliError(what, hint, REFUSED)


def _range(session: Session, first: str | None, last: str | None) -> tuple[int, int]:
    """The blocks from one to the other; the genesis block has nothing to verify. Raises CliError or `NodeError`."""
    start, end = max(1, block_number(session, first, 1)), block_number(session, last, session.best.number)
    if start > end and (first is not None or last is not None):
        raise CliError(
            f"there is nothing to verify from block {start} to block {end}",
            f"--from comes before --to; the chain has blocks 1 to {session.best.number}",
        )
    return start, end


def export(
    ctx: typer.Context, directory: Annotated[Path, typer.Argument(metavar="DIR", help="A folder to be made.")]
) -> None:
    """Write the history as files that `relay audit` reads, here or elsewhere."""
    from chain.node.export import export as write

    with open_session(ctx) as session:
        history, total = session.history(), session.best.number + session.relay_head.number + 1
        try:
            with bar(screen(ctx), "records", total) as step:
                manifest = write(history.archive, history.validators, history.about, directory, step)
        except OSError as error:
            reason = str(error) if error.errno is None else (error.strerror or str(error)).lower()
            raise CliError(f"{directory} cannot be written: {reason}", "name another folder") from None
    document: dict[str, str | int] = {
        "directory": str(directory),
        "blocks": manifest.records,
        "relay_blocks": manifest.relay.blocks,
        "digest": manifest.digest,
    }
    screen(ctx).show(document, Facts([(name.replace("_", " "), value) for name, value in document.items()]))


def audit(
    ctx: typer.Context,
    directory: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="What `relay export` wrote; the chain's own store if left out.")
    ] = None,
    engine: Annotated[str, typer.Option("--engine", help="inline, processes:W or dask:ADDRESS.")] = "inline",
    first: Annotated[int | None, typer.Option("--from", metavar="BLOCK", min=1, help="The first block.")] = None,
    last: Annotated[int | None, typer.Option("--to", metavar="BLOCK", min=1, help="The last block.")] = None,
) -> None:
    """Check a history again: the relay chain, every block from its record alone, and how they hang together."""
    from chain.node.audit import BadRange, Unreadable

    try:
        with history_of(ctx, directory) as history:
            report = _audited(ctx, history, engine, first, last)
    except Unreadable as error:
        where, hint = (directory, "`relay export` makes one") if directory else ("the store", "`basilisk chain reset`")
        if directory and is_chain(directory):
            hint = f"it is a chain: `basilisk --data-dir {directory} relay audit`"
        raise CliError(f"{where} cannot be read as a history: {error}", hint) from None
    except BadRange as error:
        raise CliError(str(error), "--from and --to name its first and its last block to be judged") from None
    screen(ctx).show(report.plain(), Facts(_facts(report)), *_tables(report))
    _judge(report)


@contextmanager
def history_of(ctx: typer.Context, directory: Path | None) -> Iterator["History"]:
    """The exported history in a folder, or the one that the settings mean. Raises Unreadable."""
    from chain.node.histories import Exported

    if directory is not None:
        yield Exported(directory)
        return
    with open_session(ctx) as session:
        yield session.history()


def _audited(
    ctx: typer.Context, history: "History", engine: str, first: int | None, last: int | None
) -> "Report":
    from basilisk_cli.engines import RUNTIMES, engine_of
    from chain.node.audit import audit as run

    total = (last or history.manifest.records) - (first or 1) + 1
    with engine_of(engine) as executor, bar(screen(ctx), "blocks", max(0, total)) as step:
        return run(history, RUNTIMES, executor, first, last, step)


def _facts(report: "Report") -> list[tuple[str, Cell]]:
    verdicts = report.verdicts
    failed, abstained = sum(each.ok is False for each in verdicts), sum(each.ok is None for each in verdicts)
    return [
        ("blocks", len(verdicts)),
        ("good", sum(each.ok is True for each in verdicts)),
        ("failed", Styled(str(failed), "red") if failed else 0),
        ("not judged", abstained),
        ("executions", sum(each.executions for each in verdicts)),
        ("relay blocks", report.relay_blocks),
        ("relay chain", report.relay or "good"),
        *([("digest", report.digest)] if report.digest else []),
    ]


def _tables(report: "Report") -> list[Table]:
    """What is wrong, what could not be judged, and the issuance of assets that changed."""
    silent = [(each.para, each.number, each.error) for each in report.verdicts if each.ok is None]
    wrong = [(each.para, each.number, each.error) for each in report.failures]
    found = []
    if wrong or silent:
        columns = (Column("para", Align.RIGHT), Column("block", Align.RIGHT), Column("error", Align.FOLD))
        found.append(Table(columns, [(para, at, Items([error or ""])) for para, at, error in [*wrong, *silent]]))
    if report.assets:
        names = ("asset", "before", "issued", "burned", "after", "by root")
        rows = [(row.asset, row.first, row.issued, row.burned, row.last, row.beyond) for row in report.assets]
        found.append(Table(tuple(Column(name, Align.RIGHT) for name in names), rows))
    return found


def _judge(report: "Report") -> None:
    """Raises CliError where the history does not hold, or could not be judged as a whole."""
    if report.ok is False:
        first = [f"para {each.para} fails first at block {each.number}: {each.error}" for each in report.first_failures]
        what = "; ".join(([f"relay chain: {report.relay}"] if report.relay else []) + first)
        hint = "the records were changed, or validators let it pass: `relay show` on its chain says who signed for it"
        raise CliError(f"the history does not hold: {what}", hint, REFUSED)
    if report.ok is None:
        count = sum(each.ok is None for each in report.verdicts)
        what = f"{count} of {len(report.verdicts)} blocks could not be judged"
        raise CliError(what, "audit it where the runtime of its blocks is installed")
