"""What the relay chain did with a block, in columns that several tables share."""

from amm.outcome import Candidate
from basilisk_cli.lifeline import NOT_YET, listed
from basilisk_cli.render.blocks import Align, Cell, Column


def relay_columns(extra: bool = False) -> tuple[Column, ...]:
    """The relay blocks that backed, included and finalised it, and who worked on it how much."""
    titles = ("backed", "included", "final", "PoV bytes", "executions")
    numbers = [Column(title, Align.RIGHT, extra) for title in titles]
    return (*numbers[:4], Column("backers", extra=extra), Column("checkers", extra=extra), numbers[4])


def relay_cells(candidate: Candidate | None) -> tuple[Cell, ...]:
    """Their cells; None for what is in no block."""
    if candidate is None:
        return (None,) * len(relay_columns())
    return (
        candidate.relay_backed,
        candidate.relay_included,
        NOT_YET if candidate.relay_final is None else candidate.relay_final,
        candidate.pov_bytes,
        listed(candidate.backed_by),
        NOT_YET if candidate.approved_by is None else listed(candidate.approved_by),
        candidate.executions,
    )
