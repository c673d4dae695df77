"""A block's life on screen. Source: spec/relay.md §12."""

from collections.abc import Iterable

from amm.lives import Life, Moment
from basilisk_cli.render.blocks import Align, Block, Cell, Column, Facts, Items, Styled, Table
from basilisk_cli.times import duration
from chain.relay.parameters import SLOT_MS

PROVES = (
    "A local relay shows the mechanism, not its strength: every block was executed from its proof alone before "
    "it was taken in. It is no security: one process holds all keys, and anyone can compute who will check what."
)
"""What people should know of it (relay.md §9)."""

NOT_YET = "not yet"

_COLUMNS = (
    Column("step"),
    Column("relay block", Align.RIGHT),
    Column("slot", Align.RIGHT),
    Column("validators"),
    Column("what", Align.FOLD),
)
_GOOD = ("built", "backed", "available", "included", "checked", "final")


def listed(indexes: Iterable[int]) -> str:
    return " ".join(map(str, indexes)) or "nobody"


def life_blocks(life: Life) -> list[Block]:
    """What a block is, then what became of it step by step."""
    return [Facts(_facts(life)), life_table(life)]


def life_table(life: Life) -> Table:
    return Table(_COLUMNS, [_row(moment) for moment in life.life], empty="the relay chain knows nothing of it")


def _facts(life: Life) -> list[tuple[str, Cell]]:
    facts: list[tuple[str, Cell]] = [("block", life.number)]
    if life.hash is None:
        return [*facts, ("state", Styled("in no relay block", "red"))]
    facts += [("hash", life.hash), ("candidate", life.candidate)]
    facts += [("proof bytes", life.pov_bytes), ("executions", life.executions)]
    if life.abandoned:
        return [*facts, ("state", Styled("abandoned: its relay block was given up, or the chain went back", "red"))]
    return [*facts, ("included", _after(life.slots_to_inclusion)), ("final", _after(life.slots_to_finality))]


def _after(slots: int | None) -> str:
    if slots is None:
        return NOT_YET
    return f"{slots} slot{'s' * (slots != 1)} ({duration(slots * SLOT_MS)}) after its relay parent"


def _row(moment: Moment) -> tuple[Cell, ...]:
    step = moment.step if moment.step in _GOOD else Styled(moment.step, "yellow")
    relay = NOT_YET if moment.relay is None else moment.relay
    return step, relay, moment.slot, listed(moment.validators) if moment.validators else "", Items([moment.what])
