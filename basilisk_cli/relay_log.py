"""What happened in relay blocks, in words; also as they come. Source: spec/relay.md §8–§12."""

import sys
from collections.abc import Iterator
from time import sleep
from typing import Any

import msgspec
import typer

from amm.relay_history import Happening, RelayHistory, listed
from basilisk_cli.output import screen
from basilisk_cli.render.blocks import Align, Cell, Column, Items, Table, text_of
from basilisk_cli.render.screen import is_terminal
from basilisk_cli.session import open_session
from chain.node.records import RelayRecord

POLL = 0.5
"""Seconds between two looks at a chain that is followed."""

COLUMNS = (
    Column("relay block", Align.RIGHT),
    Column("slot", Align.RIGHT),
    Column("what"),
    Column("validators"),
    Column("in words", Align.FOLD),
)


def logged(history: RelayHistory, number: int) -> dict[str, Any]:
    """One relay block as JSON has it."""
    record = history.block(number)
    document: dict[str, Any] = {
        "block": number,
        "hash": "0x" + record.header.hash.hex(),
        "slot": record.header.slot or 0,
        "author": author_of(history, record),
        "happened": msgspec.to_builtins(history.happenings(record)),
        "notes": list(record.notes),
        "justified": record.justification is not None,
    }
    return document


def author_of(history: RelayHistory, record: RelayRecord) -> int | None:
    """The validator that made a relay block; nobody made the genesis block."""
    return history.validators.author_at(record.header.slot or 0) if record.header.number else None


def rows_of(document: dict[str, Any]) -> list[tuple[Cell, ...]]:
    """The lines of one relay block: one each for what happened, or one that nothing did."""
    happened = [Happening(**each) for each in document["happened"]] or [Happening("nothing", "")]
    place = document["block"], document["slot"]
    return [(*place, each.kind, listed(each.validators) if each.validators else "", _words(each)) for each in happened]


def _words(happening: Happening) -> Items:
    return Items([happening.what] if happening.what else [])


def show_log(ctx: typer.Context, history: RelayHistory, count: int) -> None:
    """Print the last relay blocks."""
    head = history.head.number
    document = [logged(history, number) for number in range(max(0, head - count + 1), head + 1)]
    screen(ctx).show(document, Table(COLUMNS, [row for each in document for row in rows_of(each)]))


def follow_log(ctx: typer.Context, count: int, most: int | None) -> None:
    """Print the last relay blocks and all that come after them, for ever or until `most` are printed.

    With --json each is one document on a line of its own. Raises what opening the session raises.
    """
    seen: dict[int, bytes] = {}
    printed, start = 0, -1
    while True:
        with open_session(ctx) as session:  # opened anew: an open store stays as it was
            head = session.relay_history.head.number
            if start < 0:
                start = max(0, head - count + 1)
                _begin(ctx)
            start = min(start, head + 1)
            for number in _news(session.relay_history, seen, start):
                _print(ctx, logged(session.relay_history, number))
                printed += 1
                if printed == most:
                    return
        sleep(POLL)


def _news(history: RelayHistory, seen: dict[int, bytes], first: int) -> Iterator[int]:
    """The relay blocks not yet seen. Those that were abandoned are forgotten: what came in their place is new."""
    head = history.head.number
    while seen and (max(seen) > head or history.block(max(seen)).header.hash != seen[max(seen)]):
        del seen[max(seen)]
    for number in range(max(seen) + 1 if seen else first, head + 1):
        yield number
        seen[number] = history.block(number).header.hash


def _begin(ctx: typer.Context) -> None:
    """The titles, once, for a program that reads rows."""
    if not screen(ctx).json and not is_terminal(sys.stdout):
        sys.stdout.write("\t".join(column.title for column in COLUMNS) + "\n")


def _print(ctx: typer.Context, document: dict[str, Any]) -> None:
    """A relay block, at once: somebody may be waiting for it."""
    if screen(ctx).json:
        sys.stdout.write(msgspec.json.encode(document).decode() + "\n")
    else:
        between = "  " if is_terminal(sys.stdout) else "\t"
        for row in rows_of(document):
            sys.stdout.write(between.join(map(text_of, row)).rstrip(" ") + "\n")
    sys.stdout.flush()
