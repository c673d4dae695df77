"""One relay block: header, author, candidates, what happened, and what made it final."""

from collections.abc import Sequence
from typing import Any

import msgspec

from amm.relay_history import RelayHistory, listed
from basilisk_cli.relay_log import author_of
from basilisk_cli.render.blocks import Align, Block, Cell, Column, Facts, Items, Table
from basilisk_cli.times import time_text
from chain.node.records import RelayRecord
from chain.primitives.header import HEADER
from chain.relay.parameters import SLOT_MS
from chain.relay.relay_block import CandidateIncluded

_CANDIDATES = (
    Column("candidate of", Align.RIGHT),
    Column("block", Align.RIGHT),
    Column("votes", Align.RIGHT),
    Column("candidate"),
)
_HAPPENED = (Column("what"), Column("validators"), Column("in words", Align.FOLD))


def relay_document(history: RelayHistory, record: RelayRecord) -> dict[str, Any]:
    """A relay block as JSON has it."""
    header, justification = record.header, record.justification
    backed = [] if record.block is None else list(record.block.body.backed_candidates)
    bitfields = [] if record.block is None else record.block.body.bitfields
    included = [event.receipt.hash for event in record.events if isinstance(event, CandidateIncluded)]
    return {
        "number": header.number,
        "hash": _hex(header.hash),
        "parent": _hex(header.parent_hash),
        "state_root": _hex(header.state_root),
        "slot": header.slot or 0,
        "session": history.validators.session_at(header.number),
        "author": author_of(history, record),
        "candidates": [_backed(each) for each in backed],
        "included": [_hex(candidate) for candidate in included],
        "bitfields": [each.validator_index for each in bitfields],
        "happened": msgspec.to_builtins(history.happenings(record)),
        "finalized": header.number <= history.finalized.number,
        "justified": justification is not None,
        "round": None if justification is None else justification.round,
        "precommits": None if justification is None else history.voters(justification),
    }


def relay_blocks(document: dict[str, Any]) -> list[Block]:
    """A relay block as people see it."""
    rows: list[tuple[str, Cell]] = [(name, document[name]) for name in ("number", "hash", "parent", "state_root")]
    rows += [("time", f"slot {document['slot']}, {time_text(document['slot'] * SLOT_MS)}")]
    rows += [(name, document[name]) for name in ("session", "author")]
    rows += [("bitfields", listed(document["bitfields"])), ("final", _final(document))]
    candidates = [tuple(each.values()) for each in document["candidates"]]
    happened = [(each["kind"], _indexes(each["validators"]), Items([each["what"]])) for each in document["happened"]]
    return [
        Facts([(name.replace("_", " "), value) for name, value in rows]),
        Table(_CANDIDATES, candidates, empty="no candidate backed"),
        Table(_HAPPENED, happened, empty="nothing happened in it"),
    ]


def _final(document: dict[str, Any]) -> str:
    if document["justified"]:
        return f"by precommits of {listed(document['precommits'])} in round {document['round']}"
    return "with a later relay block" if document["finalized"] else "not yet"


def _indexes(validators: Sequence[int]) -> str:
    return listed(list(validators)) if validators else ""


def _backed(backed: Any) -> dict[str, Any]:
    """A candidate in a relay block's body."""
    candidate = backed.candidate
    return {
        "para": candidate.descriptor.para_id,
        "block": HEADER.decode(candidate.commitments.head_data).number,
        "votes": len(backed.validity_votes),
        "candidate": _hex(candidate.hash),
    }


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
