"""`basilisk relay`: what the embedded relay chain did, and only that."""

from typing import Annotated, Any

import typer

from amm.lives import ATTEMPTS, Life, life_of, refused_life
from amm.relay_history import listed
from basilisk_cli.commands.relay_audit import audit, export, verify
from basilisk_cli.errors import CliError
from basilisk_cli.explorer import Explored, candidate_document
from basilisk_cli.grammar import Noun
from basilisk_cli.lifeline import NOT_YET, life_blocks
from basilisk_cli.output import screen
from basilisk_cli.relay_block import relay_blocks, relay_document
from basilisk_cli.relay_columns import relay_cells, relay_columns
from basilisk_cli.relay_log import follow_log, show_log
from basilisk_cli.relay_status import Status
from basilisk_cli.render.blocks import Align, Column, Items, Table
from basilisk_cli.session import Session, open_session
from basilisk_cli.written import block_hash_of, header_of, relay_block_of
from chain.node.errors import NodeError
from chain.node.records import BlockRecord
from chain.relay.disputes import outcome, stake_left
from chain.relay.finality import grandpa_key

app = Noun("The relay chain: who verified what.")


@app.command()
def status(ctx: typer.Context) -> None:
    """Heads, cores, groups, session and finality; and what such a relay chain proves."""
    with open_session(ctx) as session:
        found = Status(session.relay_history)
        document = found.document() | {
            "included": session.best.number,
            "finalized_head": _hex(session.finalized) if session.finalized else None,
        }
        screen(ctx).show(document, *found.blocks(document))


@app.command()
def validators(ctx: typer.Context) -> None:
    """The validators: whom they back in the next relay block, their stake, and what they were slashed for."""
    with open_session(ctx) as session:
        found, number = session.validators, session.relay_head.number + 1
        core = {index: core for core in range(found.cores) for index in found.group_of_core(core, number)}
        author = found.author_at((session.relay_head.slot or 0) + 1)
        state = session.relay_history.state(session.relay_head)
        barred = state.disabled.get()
        document: list[dict[str, Any]] = []
        for index, public in enumerate(found.publics):
            offences = state.offences.get(index)
            serves = core.get(index)
            document.append(
                {
                    "index": index,
                    "public": _hex(public),
                    "finality_key": _hex(grandpa_key(index).public),
                    "core": serves,
                    "para": found.paras[serves] if serves is not None and serves < len(found.paras) else None,
                    "author": index == author,
                    "stake_percent": stake_left(offences) / 100,
                    "disabled": index in barred,
                    "offences": [
                        {"candidate": _hex(each.candidate_hash), "session": each.session, "percent": each.percent}
                        for each in offences
                    ],
                }
            )
        columns = (
            Column("#", Align.RIGHT),
            Column("core", Align.RIGHT),
            Column("para", Align.RIGHT),
            Column("next author"),
            Column("stake", Align.RIGHT),
            Column("disabled"),
            Column("offences", Align.FOLD),
            Column("key", extra=True),
        )
        rows = [
            (
                each["index"],
                each["core"],
                each["para"],
                "yes" if each["author"] else "",
                f"{each['stake_percent']:g} %",
                "yes" if each["disabled"] else "",
                Items([f"-{o['percent']} % in session {o['session']}" for o in each["offences"]]),
                each["public"],
            )
            for each in document
        ]
        screen(ctx).show(document, Table(columns, rows))


@app.command()
def disputes(ctx: typer.Context) -> None:
    """Disputes that the relay chain knows: votes, how they ended, and who was slashed."""
    with open_session(ctx) as session:
        state = session.relay_history.state(session.relay_head)
        document: list[dict[str, Any]] = []
        lost: dict[bytes, list[dict[str, int]]] = {}
        for index in range(session.validators.parameters.validators):
            for offence in state.offences.get(index):
                slash = {"validator": index, "percent": offence.percent}
                lost.setdefault(offence.candidate_hash, []).append(slash)
        for in_session, candidate, dispute in state.disputes.items():
            document.append(
                {
                    "candidate": _hex(candidate),
                    "block": session.relay_history.attempt(candidate),
                    "session": in_session,
                    "for": [index for index, bit in enumerate(dispute.validators_for) if bit],
                    "against": [index for index, bit in enumerate(dispute.validators_against) if bit],
                    "started": dispute.start,
                    "concluded": dispute.concluded_at,
                    "outcome": outcome(dispute),
                    "slashed": lost.get(candidate, []),
                }
            )
        columns = (
            Column("block", Align.RIGHT),
            Column("outcome"),
            Column("for"),
            Column("against"),
            Column("session", Align.RIGHT),
            Column("started", Align.RIGHT),
            Column("concluded", Align.RIGHT),
            Column("slashed", Align.FOLD),
            Column("candidate", extra=True),
        )
        rows = [
            (
                each["block"],
                each["outcome"],
                listed(each["for"]),
                listed(each["against"]),
                each["session"],
                each["started"],
                NOT_YET if each["concluded"] is None else each["concluded"],
                Items([f"{one['validator']}: {one['percent']} %" for one in each["slashed"]]),
                each["candidate"],
            )
            for each in document
        ]
        screen(ctx).show(document, Table(columns, rows, empty="no disputes"))


@app.command()
def log(
    ctx: typer.Context,
    count: Annotated[int, typer.Option("--last", metavar="N", min=1, help="How many relay blocks.")] = 20,
    follow: Annotated[
        bool, typer.Option("--follow", help="Go on as the chain goes on, until Ctrl-C; with --json a document a line.")
    ] = False,
    most: Annotated[
        int | None, typer.Option("--count", metavar="N", min=1, help="With --follow: end after so many relay blocks.")
    ] = None,
) -> None:
    """What happened in relay blocks: candidates, refusals, disputes, slashes, and all else that validators noticed."""
    if follow:
        follow_log(ctx, count, most)
        return
    if most is not None:
        raise CliError("--count goes with --follow only", "add --follow, or use --last N")
    with open_session(ctx) as session:
        show_log(ctx, session.relay_history, count)


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
                    "final_in": candidate.relay_final,
                }
            )
            rows.append((number, *relay_cells(candidate), candidate.hash))
        columns = (Column("block", Align.RIGHT), *relay_columns(), Column("candidate", extra=True))
        screen(ctx).show(document, Table(columns, rows, empty="no candidates yet"))


@app.command()
def show(
    ctx: typer.Context,
    block: Annotated[
        str, typer.Argument(metavar="BLOCK", help="A number, its or its candidate's hash, or best; see --relay.")
    ] = "best",
    relay: Annotated[bool, typer.Option("--relay", help="BLOCK is a relay block; the head if left out.")] = False,
) -> None:
    """The life of a block, step by step, with relay numbers; or, with --relay, one relay block."""
    with open_session(ctx) as session:
        if relay:
            document = relay_document(session.relay_history, relay_block_of(session.relay_history, block))
            screen(ctx).show(document, *relay_blocks(document))
            return
        life = _life(session, block)
        screen(ctx).show(life.plain(), *life_blocks(life))


def _life(session: Session, written: str) -> Life:
    """The life of a block that is written. Raises CliError for the genesis block, which has none."""
    history = session.relay_history
    try:
        header = header_of(session, written)
    except NodeError:
        return _attempts(session, written)
    known: BlockRecord | None = session.record(header.hash)
    if known is None:
        raise CliError("the genesis block is no candidate", "name a block from 1 on")
    on_chain = header.number <= session.best.number and session.header(header.number).hash == header.hash
    parent = session.record(header.parent_hash)
    return life_of(history, known, parent.included_in if parent else 0, on_chain)


def _attempts(session: Session, written: str) -> Life:
    """Of a candidate that came to nothing, or a block that never got in. Raises `NodeError` where there was none."""
    named = block_hash_of(written)
    number = session.best.number + 1 if named is None else session.relay_history.attempt(named)
    if number is not None and number <= session.best.number:
        return _life(session, str(number))
    best: BlockRecord | None = session.record(session.best.hash)
    life = refused_life(session.relay_history, session.best.number + 1, best.included_in if best else 0)
    tried = any(moment.step in ATTEMPTS for moment in life.life)
    if not tried or (number if named else int(written.replace("_", ""))) != life.number:
        header_of(session, written)
    return life


def _hex(data: bytes) -> str:
    return "0x" + data.hex()


for verb in (verify, audit, export):
    app.command()(verb)
