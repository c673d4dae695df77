"""A block's life on the relay side: built, backed, available, included, checked, final. Source: spec/relay.md §12."""

from collections.abc import Iterator
from typing import Any

import msgspec

from amm.relay_history import RelayHistory
from chain.node.records import BlockRecord
from chain.relay.thresholds import faulty, supermajority

MOST_BLOCKS = 500
"""Relay blocks that a life is looked for before a block is built, and after it is included."""


class Moment(msgspec.Struct, frozen=True):
    """One step of a life. What has not come to pass has neither relay block nor slot."""

    step: str
    relay: int | None
    slot: int | None
    validators: list[int]
    what: str


class Life(msgspec.Struct, frozen=True):
    """A block and what became of it, in order; first what became of earlier attempts to get it in.

    `number` is the block's; `hash` is None for one that never got in. Slots are counted from its relay parent's.
    `abandoned`: it was included once, and its relay block was given up.
    """

    number: int
    hash: str | None
    candidate: str | None
    pov_bytes: int | None
    executions: int | None
    abandoned: bool
    slots_to_inclusion: int | None
    slots_to_finality: int | None
    life: list[Moment]

    def plain(self) -> dict[str, Any]:
        """As JSON has it."""
        document: dict[str, Any] = msgspec.to_builtins(self)
        return {"block": document.pop("number"), **document}


def life_of(history: RelayHistory, record: BlockRecord, since: int, on_chain: bool = True) -> Life:
    """The life of a stored block. `since` is the relay block that included its parent."""
    header, candidate = record.header, "0x" + record.candidate.hash.hex()
    moments: list[Moment] = []
    built = record.backed_in - 1
    last = min(record.final_in or history.head.number, record.included_in + MOST_BLOCKS, history.head.number)
    if on_chain:
        own = _own(history, record)
        for number in range(min(built, max(since + 1, built - MOST_BLOCKS)), max(last, record.included_in) + 1):
            seen = _seen(history, number, candidate) if number > since else []
            if number > record.included_in:
                seen = [moment for moment in seen if moment.step in LATER]
            before, after = _split(own.get(number, []))
            moments += [*before, *seen, *after] if number >= record.included_in else [*seen, *before, *after]
        moments += own.get(None, [])
    slots = {moment.step: moment.slot for moment in moments}
    return Life(
        header.number,
        "0x" + header.hash.hex(),
        candidate,
        record.pov.size,
        record.executions,
        not on_chain,
        _between(slots, "built", "included"),
        _between(slots, "built", "final"),
        list(_joined(moments)),
    )


def refused_life(history: RelayHistory, number: int, since: int) -> Life:
    """The attempts to get block `number` in, none of which did. `since` is the relay block that included its parent."""
    first = max(since + 1, history.head.number - MOST_BLOCKS)
    moments = [each for at in range(first, history.head.number + 1) for each in _seen(history, at, "")]
    return Life(number, None, None, None, None, False, None, None, list(_joined(moments)))


OWN = ("backed", "included")
"""Kinds of happenings that are steps of a life."""

LATER = (
    *("empty slot", "no-show", "chunks", "found bad", "dispute", "votes", "slashed", "reverted", "frozen", "finality"),
)
"""Kinds of happenings after a block's inclusion that may be about it; others are about the next block."""

ATTEMPTS = ("refused", "abstained", "left out", "dropped", "backed", "timed out", "reverted")
"""Kinds of happenings that tell of a block that did not get in."""

_LATE = ("checked", "final")


def _split(own: list[Moment]) -> tuple[list[Moment], list[Moment]]:
    """What comes before, and what after the things that validators notice in the same relay block."""
    return [each for each in own if each.step not in _LATE], [each for each in own if each.step in _LATE]


def _seen(history: RelayHistory, number: int, candidate: str) -> list[Moment]:
    """What happened in a relay block to the parachain, besides the candidate's own steps."""
    record = history.block(number)
    return [
        Moment(each.kind, number, record.header.slot, each.validators, each.what)
        for each in history.happenings(record)
        if each.para in (None, history.para) and not (each.kind in OWN and each.candidate == candidate)
    ]


def _own(history: RelayHistory, record: BlockRecord) -> dict[int | None, list[Moment]]:
    """The steps of the block itself by relay block; those that have not come to pass under None."""
    n, number = history.validators.parameters.validators, record.header.number
    parent, included, approved = record.backed_in - 1, record.included_in, record.approved_by
    steps: list[tuple[str, int | None, list[int], str]] = [
        ("built", parent, [], f"block {number}, {record.pov.size} proof bytes"),
        ("backed", record.backed_in, list(record.backed_by), "signed that it is good"),
        ("available", included, list(record.available), f"hold their chunk; any {faulty(n) + 1} of {n} restore it"),
        ("included", included, [], "the head of the parachain"),
        ("checked", _checked(history, record), approved, "signed that what chunks restore is good"),
        _final(history, record),
    ]
    found: dict[int | None, list[Moment]] = {}
    for step, at, who, what in steps:
        slot = None if at is None else history.block(at).header.slot
        found.setdefault(at, []).append(Moment(step, at, slot, who, what))
    return found


def _checked(history: RelayHistory, record: BlockRecord) -> int | None:
    """The relay block on which enough checkers had approved; where some did not show up, no later than finality."""
    if not record.approvals:
        return None
    last = min(record.final_in or record.included_in, record.included_in + MOST_BLOCKS)
    absent = any(
        happening.kind == "no-show"
        for number in range(record.included_in, last + 1)
        for happening in history.happenings(history.block(number))
    )
    return last if absent else record.included_in


def _final(history: RelayHistory, record: BlockRecord) -> tuple[str, int | None, list[int], str]:
    if record.final_in is None:
        needed = supermajority(history.validators.parameters.validators)
        return "final", None, [], f"{needed} precommits are needed"
    found = history.justification_of(record.included_in, record.final_in)
    who = [] if found is None else history.voters(found)
    return "final", record.final_in, who, f"precommitted; {executions(record.executions)} in all"


def executions(count: int) -> str:
    return f"{count} execution{'s' * (count != 1)}"


def _between(slots: dict[str, int | None], first: str, last: str) -> int | None:
    begun, ended = slots.get(first), slots.get(last)
    return None if begun is None or ended is None else ended - begun


def _joined(moments: list[Moment]) -> Iterator[Moment]:
    """What is noticed in one relay block after another is said once, with how long it went on."""
    place = 0
    while place < len(moments):
        first, last = moments[place], place
        while last + 1 < len(moments) and _same(first, moments[last + 1]):
            last += 1
        times = last - place + 1
        until = moments[last].relay
        yield first if times == 1 else msgspec.structs.replace(first, what=f"{first.what}, until relay block {until}")
        place = last + 1


def _same(one: Moment, other: Moment) -> bool:
    return (one.step, one.validators, one.what) == (other.step, other.validators, other.what)
