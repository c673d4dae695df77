"""Blocks as they come: looked for again and again, on a data directory or at a node."""

import sys
from collections.abc import Callable, Iterator
from time import sleep

import msgspec
import typer

from basilisk_cli.explorer import Explored
from basilisk_cli.output import screen
from basilisk_cli.session import Session, open_session
from chain.node.errors import NodeError
from chain.primitives.header import Header

SECONDS = 1.0
"""Between two looks: a block comes every six seconds or more rarely, or at a person's command."""


def follow(ctx: typer.Context, first: Callable[[Session], Header], count: int | None) -> None:
    """Print a line for each block from `first` on, for ever or until `count` are printed; JSON ones with --json.

    Raises what opening the session raises: also where the chain goes away while it is followed.
    """
    seen: dict[int, bytes] = {}
    printed, start = 0, -1
    while True:
        with open_session(ctx) as session:  # opened anew: an open store stays as it was
            if start < 0:
                start = first(session).number
            for block in _news(session, seen, start):
                _print(ctx, block)
                printed += 1
                if printed == count:
                    return
        sleep(SECONDS)


def _news(session: Session, seen: dict[int, bytes], start: int) -> Iterator[Explored]:
    """The blocks not yet seen. Those that a revert took back are forgotten: what came in their place is new."""
    while seen and not _has(session, last := max(seen), seen[last]):
        del seen[last]
    for number in range(max(seen) + 1 if seen else min(start, session.best.number + 1), session.best.number + 1):
        header = session.header(number)
        yield Explored(session, header)
        seen[number] = header.hash


def _has(session: Session, number: int, block_hash: bytes) -> bool:
    if number > session.best.number:
        return False
    try:
        return session.header(number).hash == block_hash
    except NodeError:
        return False


def _print(ctx: typer.Context, block: Explored) -> None:
    """One line, at once: a program may be waiting for it."""
    if screen(ctx).json:
        line = msgspec.json.encode(block.document()).decode()
    else:
        signed = [included for included in block.extrinsics if included.signer]
        failed = sum(included.error is not None for included in signed)
        calls = ", ".join(included.call.path for included in signed) or "empty"
        line = f"block {block.header.number}  0x{block.header.hash.hex()}  {calls}"
        line += f"  ({failed} failed)" if failed else ""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
