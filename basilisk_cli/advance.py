"""Moving a chain on, with a progress bar where a person waits for it."""

from basilisk_cli.errors import CliError
from basilisk_cli.progress import bar
from basilisk_cli.render.screen import Screen
from basilisk_cli.session import Session

RELAY_STEP = 500
"""Relay blocks sealed between two looks at the progress bar."""


def by_blocks(session: Session, blocks: int, screen: Screen) -> int:
    """Seal empty blocks; how often validators executed them. Raises CliError if the goal is past."""
    if blocks < 0:
        best = session.best.number
        raise CliError(f"block {best + blocks} is past: the best block is {best}", f"give a number above {best}")
    executions = 0
    with bar(screen, "blocks", blocks) as step:
        for sealed in session.seal_empty(blocks):
            executions += sealed.record.executions
            step(1)
    return executions


def by_relay(session: Session, blocks: int, screen: Screen) -> None:
    """Let the relay chain seal blocks without us."""
    with bar(screen, "relay blocks", blocks) as step:
        while blocks > 0:
            some = min(blocks, RELAY_STEP)
            session.advance_relay(some)
            step(some)
            blocks -= some
