"""`basilisk replay`: running a trade script."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from amm.assembly import adjusted
from amm.chain_spec import ChainSpec
from amm.scripts.check import check_file
from amm.scripts.shipped import find_script
from amm.workers import MOST_WORKERS
from basilisk_cli.errors import REFUSED, CliError, SeveralErrors
from basilisk_cli.grammar import Single
from basilisk_cli.names import Names
from basilisk_cli.output import screen
from basilisk_cli.replaying import blocks_of, failures, run_script
from basilisk_cli.session import Embedded, open_embedded
from basilisk_cli.settings import settings_of
from basilisk_cli.whereabouts import no_node_at

app = Single()

class Verify(StrEnum):
    """Whether honest validators share one execution of a block, or each makes its own."""

    shared = "shared"
    full = "full"


@app.command()
def replay(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A trade script.")],
    keep: Annotated[
        Path | None, typer.Option("--keep", metavar="DIR", help="Keep the chain there, for --data-dir DIR.")
    ] = None,
    onto: Annotated[bool, typer.Option("--onto", help="Run on the current chain, not on a fresh one.")] = False,
    seed: Annotated[int | None, typer.Option("--seed", metavar="N", min=0, help="The relay chain's seed.")] = None,
    verify: Annotated[Verify | None, typer.Option("--verify", help="Who executes: one for all, or each.")] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", metavar="N", min=0, max=MOST_WORKERS, help="Processes that execute.")
    ] = None,
    keep_going: Annotated[bool, typer.Option("--keep-going", help="Run the rest after a failure too.")] = False,
    chart: Annotated[bool, typer.Option("--chart", help="Draw the prices of pools and launches too.")] = False,
) -> None:
    """Run a trade script, check what it expects, and report."""
    no_node_at(settings_of(ctx))
    if onto and any(given is not None for given in (keep, seed, verify, workers)):
        hint = "leave --keep, --seed, --verify and --workers out"
        raise CliError("--onto runs on a chain that exists already", hint)
    with _opened(ctx, onto) as current:
        script, spec = check_file(find_script(file), onto=current)
        chosen = adjusted(spec, seed, None if verify is None else verify.value)
        with _fresh(chosen, keep, workers) if current is None else _borrowed(current) as chain:
            report = run_script(script, chain, keep_going=keep_going, screen=screen(ctx))
            names = Names(chain, report.names)
            screen(ctx).show(report.plain(), *blocks_of(report, names))
            if chart and not settings_of(ctx).json:
                from basilisk_cli.replay_charts import draw_pools

                draw_pools(screen(ctx), chain, report)
            wrong = list(failures(report, names))
    if keep is not None:
        screen(ctx).note(f"The chain is kept: --data-dir {keep} looks at it.")
    if wrong:
        raise SeveralErrors(wrong, REFUSED)


@contextmanager
def _opened(ctx: typer.Context, onto: bool) -> Iterator[Embedded | None]:
    """The current chain, if the script is to run on it."""
    if not onto:
        yield None
        return
    with open_embedded(ctx, write=True) as session:
        yield session


def _fresh(spec: ChainSpec, keep: Path | None, workers: int | None) -> Embedded:
    """A chain for the script alone: in memory, or in a folder."""
    return Embedded(spec, workers=workers) if keep is None else Embedded.create(keep, spec, workers=workers)


@contextmanager
def _borrowed(session: Embedded) -> Iterator[Embedded]:
    """A chain that somebody else closes."""
    yield session
