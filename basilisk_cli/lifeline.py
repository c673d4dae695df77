"""A block's life on the relay side, from what the store keeps of it. Source: spec/relay.md §12."""

from typing import Any

from basilisk_cli.render.blocks import Align, Cell, Column, Table
from chain.node.records import BlockRecord

PROVES = (
    "A local relay shows the mechanism: every block was executed from its proof alone before it was taken in. "
    "It is no security: one process holds all keys, and anyone can compute who will check what."
)
"""What people should know of it (relay.md §9)."""

NOT_YET = "not yet"


def listed(indexes: Any) -> str:
    return " ".join(map(str, indexes)) or "nobody"


def life(number: int, record: BlockRecord) -> list[dict[str, Any]]:
    """The steps in their order; what has not come to pass has no relay block."""
    approved, parent = record.approved_by, record.backed_in - 1
    steps: list[tuple[str, int | None, list[int], str]] = [
        ("built", parent, [], f"block {number}, {record.pov.size} proof bytes"),
        ("backed", record.backed_in, list(record.backed_by), "checked it and signed"),
        ("available", record.included_in, list(record.available), "hold their chunk"),
        ("included", record.included_in, [], "the head of the parachain"),
        ("checked", record.included_in if approved else None, approved, "recovered it from chunks and approved"),
        ("final", record.final_in, [], f"{record.executions} executions in all"),
    ]
    names = ("step", "relay", "validators", "what")
    return [dict(zip(names, each, strict=True)) for each in steps]


def life_table(number: int, record: BlockRecord) -> Table:
    columns = (Column("step"), Column("relay block", Align.RIGHT), Column("validators"), Column("what"))
    rows: list[tuple[Cell, ...]] = [
        (
            each["step"],
            NOT_YET if each["relay"] is None else each["relay"],
            listed(each["validators"]) if each["validators"] else "",
            each["what"],
        )
        for each in life(number, record)
    ]
    return Table(columns, rows)
