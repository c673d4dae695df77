"""`basilisk relay`: what the embedded relay chain did, and only that."""

from time import sleep
from typing import Annotated, Any

import typer

from basilisk_cli.commands.relay_audit import audit, export, verify
from basilisk_cli.errors import CliError
from basilisk_cli.explorer import Explored, candidate_document
from basilisk_cli.grammar import Noun
from basilisk_cli.lifeline import NOT_YET, PROVES, life, life_table, listed
from basilisk_cli.output import screen
from basilisk_cli.render.blocks import Align, Cell, Column, Facts, Table
from basilisk_cli.session import Session, open_session
from basilisk_cli.times import time_text
from chain.relay.disputes import outcome, stake_left
from chain.relay.parameters import SLOT_MS
from chain.relay.state import RelayState
from chain.relay.thresholds import faulty, supermajority
from chain.relay.types import CandidateReceipt

app = Noun("The relay chain: who verified what.")

POLL = 0.5
"""Seconds between two looks at a chain that is followed."""


@app.command()
def status(ctx: typer.Context) -> None:
    """Heads, cores, groups, session and finality; and what such a relay chain proves."""
    with open_session(ctx) as session:
        head, validators = session.relay_head, session.validators
        parameters, final = validators.parameters, session.relay_finalized
        state = session.relay_state()
        number = head.number + 1
        cores = [_core(session, core, number, state) for core in range(validators.cores)]
        document: dict[str, Any] = {
            "block": head.number,
            "hash": _hex(head.hash),
            "state_root": _hex(head.state_root),
            "session": validators.session_at(number),
            "validators": parameters.validators,
            "cores": cores,
            "verify": parameters.verify,
            "seed": parameters.seed,
            "para": session.spec.para_id,
            "included": session.best.number,
            "finalized": {"block": final.number, "hash": _hex(final.hash)},
            "finalized_head": _hex(session.finalized) if session.finalized else None,
        }
        rows: list[tuple[str, Cell]] = [
            ("relay block", head.number),
            ("hash", document["hash"]),
            ("state root", document["state_root"]),
            ("final", f"relay block {final.number}, {head.number - final.number} behind"),
            ("time", time_text((head.slot or 0) * SLOT_MS)),
            ("session", f"{document['session']}, of {parameters.session_length} blocks"),
            ("validators", f"{parameters.validators}, of which {faulty(parameters.validators)} may be faulty"),
            ("backing", f"{parameters.minimum_backing_votes} votes of the core's group"),
            ("availability", f"{supermajority(parameters.validators)} validators hold their chunk"),
            ("approval", f"{parameters.approvals} checkers"),
            ("finality", f"{supermajority(parameters.validators)} precommits"),
            ("executions", "one for all honest validators" if parameters.verify == "shared" else "one a validator"),
            ("parachain", f"{session.spec.para_id}, included up to block {session.best.number}"),
            ("proves", PROVES),
        ]
        columns = (Column("core", Align.RIGHT), Column("para", Align.RIGHT), Column("group"), Column("candidate"))
        table = Table(columns, [(c["core"], c["para"], listed(c["group"]), c["candidate"] or "free") for c in cores])
        screen(ctx).show(document, Facts(rows), table)


def _core(session: Session, core: int, number: int, state: RelayState) -> dict[str, Any]:
    validators = session.validators
    para = validators.paras[core] if core < len(validators.paras) else None
    pending = state.pending.get(para) if para is not None else None
    group = list(validators.group_of_core(core, number))
    return {"core": core, "para": para, "group": group, "candidate": _hex(pending.candidate.hash) if pending else None}


@app.command()
def validators(ctx: typer.Context) -> None:
    """The validators: whom they back in the next relay block, their stake, and what they were slashed for."""
    with open_session(ctx) as session:
        found, number = session.validators, session.relay_head.number + 1
        core = {index: core for core in range(found.cores) for index in found.group_of_core(core, number)}
        author = found.author_at((session.relay_head.slot or 0) + 1)
        state = session.relay_state()
        barred = state.disabled.get()
        document: list[dict[str, Any]] = []
        for index, public in enumerate(found.publics):
            offences = state.offences.get(index)
            document.append(
                {
                    "index": index,
                    "public": _hex(public),
                    "core": core.get(index),
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
            Column("next author"),
            Column("stake", Align.RIGHT),
            Column("offences"),
            Column("key"),
        )
        rows = [
            (
                each["index"],
                each["core"],
                "yes" if each["author"] else "",
                f"{each['stake_percent']:g} %",
                ", ".join(f"-{o['percent']} % in session {o['session']}" for o in each["offences"])
                + (", disabled" if each["disabled"] else ""),
                each["public"],
            )
            for each in document
        ]
        screen(ctx).show(document, Table(columns, rows))


@app.command()
def disputes(ctx: typer.Context) -> None:
    """Disputes that the relay chain knows: votes, and how they ended."""
    with open_session(ctx) as session:
        document: list[dict[str, Any]] = []
        for in_session, candidate, dispute in session.relay_state().disputes.items():
            document.append(
                {
                    "candidate": _hex(candidate),
                    "session": in_session,
                    "for": [index for index, bit in enumerate(dispute.validators_for) if bit],
                    "against": [index for index, bit in enumerate(dispute.validators_against) if bit],
                    "started": dispute.start,
                    "concluded": dispute.concluded_at,
                    "outcome": outcome(dispute),
                }
            )
        columns = (
            Column("outcome"),
            Column("for"),
            Column("against"),
            Column("started", Align.RIGHT),
            Column("concluded", Align.RIGHT),
            Column("candidate"),
        )
        rows = [
            (
                each["outcome"],
                listed(each["for"]),
                listed(each["against"]),
                each["started"],
                each["concluded"],
                each["candidate"],
            )
            for each in document
        ]
        screen(ctx).show(document, Table(columns, rows, empty="no disputes"))


@app.command()
def log(
    ctx: typer.Context,
    count: Annotated[int, typer.Option("--last", metavar="N", min=1, help="How many relay blocks.")] = 20,
    follow: Annotated[bool, typer.Option("--follow", help="Go on as the chain goes on, until interrupted.")] = False,
) -> None:
    """What happened in relay blocks: candidates, and all that validators noticed."""
    shown = -1
    while True:
        with open_session(ctx) as session:
            head = session.relay_head.number
            first = max(0, head - count + 1) if shown < 0 else shown + 1
            document = [_logged(session, number) for number in range(first, head + 1)]
            shown = head
        lines = [
            (each["block"], said) for each in document for said in (*each["events"], *each["notes"]) or ("nothing",)
        ]
        if lines:
            columns = (Column("relay block", Align.RIGHT), Column("what"))
            screen(ctx).show(document, Table(columns, lines))
        if not follow:
            return
        sleep(POLL)


def _logged(session: Session, number: int) -> dict[str, Any]:
    record = session.relay_record(number)
    events = []
    for event in record.events:
        receipt: CandidateReceipt = event.receipt  # type: ignore[attr-defined]
        events.append(f"{type(event).__name__} para {receipt.descriptor.para_id} {_hex(receipt.hash)}")
    final = record.justification is not None
    return {"block": number, "events": events, "notes": list(record.notes), "justified": final}


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
                }
            )
            rows.append(
                (
                    number,
                    candidate.pov_bytes,
                    " ".join(map(str, candidate.backed_by)),
                    candidate.executions,
                    candidate.relay_backed,
                    candidate.relay_included,
                    " ".join(map(str, candidate.approved_by or [])) or NOT_YET,
                    "yes" if candidate.finalized else NOT_YET,
                    candidate.hash,
                )
            )
        columns = (
            Column("block", Align.RIGHT),
            Column("proof bytes", Align.RIGHT),
            Column("backed by"),
            Column("executions", Align.RIGHT),
            Column("backed in", Align.RIGHT),
            Column("included in", Align.RIGHT),
            Column("approved by"),
            Column("final"),
            Column("candidate", extra=True),
        )
        screen(ctx).show(document, Table(columns, rows, empty="no candidates yet"))


@app.command()
def show(
    ctx: typer.Context,
    block: Annotated[
        int | None, typer.Argument(metavar="BLOCK", min=0, help="A block; the best if left out.")
    ] = None,
    relay: Annotated[bool, typer.Option("--relay", help="BLOCK is a relay block; the head if left out.")] = False,
) -> None:
    """The life of a block, step by step, with relay numbers; or, with --relay, one relay block."""
    with open_session(ctx) as session:
        if not relay:
            number = session.best.number if block is None else block
            known = session.record(number)
            if known is None:
                raise CliError("the genesis block is no candidate", "name a block from 1 on")
            lived = {"block": number, "candidate": _hex(known.candidate.hash), "life": life(number, known)}
            screen(ctx).show(lived, life_table(number, known))
            return
        record = session.relay_record(session.relay_head.number if block is None else block)
        header = record.header
        backed = [] if record.block is None else list(record.block.body.backed_candidates)
        document: dict[str, Any] = {
            "number": header.number,
            "hash": _hex(header.hash),
            "parent": _hex(header.parent_hash),
            "state_root": _hex(header.state_root),
            "author": session.validators.author_at(header.slot or 0) if header.number else None,
            "candidates": [_backed(session, each) for each in backed],
            "finalized": header.number <= session.relay_finalized.number,
            "justified": record.justification is not None,
        }
        rows: list[tuple[str, Cell]] = [(name, document[name]) for name in ("number", "hash", "parent", "state_root")]
        rows += [("time", time_text((header.slot or 0) * SLOT_MS)), ("author", document["author"])]
        columns = (
            Column("para", Align.RIGHT),
            Column("block", Align.RIGHT),
            Column("votes", Align.RIGHT),
            Column("candidate"),
        )
        table = Table(columns, [tuple(each.values()) for each in document["candidates"]], empty="no candidate backed")
        screen(ctx).show(document, Facts([(name.replace("_", " "), value) for name, value in rows]), table)


def _backed(session: Session, backed: Any) -> dict[str, Any]:
    """A candidate in a relay block's body."""
    from chain.primitives.header import HEADER

    candidate = backed.candidate
    header = HEADER.decode(candidate.commitments.head_data)
    return {
        "para": candidate.descriptor.para_id,
        "block": header.number,
        "votes": len(backed.validity_votes),
        "candidate": _hex(candidate.hash),
    }


def _hex(data: bytes) -> str:
    return "0x" + data.hex()


for verb in (verify, audit, export):
    app.command()(verb)
