"""From the relay network to records: what the store keeps of blocks."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from chain.node.archive import Archive
from chain.node.records import BlockRecord, RelayRecord
from chain.relay.case import Case
from chain.relay.counting import Executed, together
from chain.relay.step import Step


class GivenUp(NamedTuple):
    """Notes and executions of abandoned relay blocks whose place no other block has taken yet."""

    notes: tuple[str, ...] = ()
    executions: tuple[Executed, ...] = ()


def block_record(case: Case) -> BlockRecord:
    """An included candidate as the store keeps it."""
    collation = case.collation
    return BlockRecord(
        collation.candidate,
        collation.pov,
        collation.validation_data,
        tuple(sorted(case.backers)),
        case.work.executions,
        case.backed_in,
        case.included_in,
        case.available,
        tuple(case.approvals[index] for index in sorted(case.approvals)),
        case.final_in or None,
    )


def relay_records(
    archive: Archive, steps: Sequence[Step], given_up: GivenUp
) -> tuple[dict[int, RelayRecord], GivenUp]:
    """The relay blocks of these steps by number, and what is left of those that they give up.

    A justification is kept beside the block that it makes final. `given_up` is of blocks before these steps.
    """
    found: dict[int, RelayRecord] = {}
    for step in steps:
        block, number = step.produced.block, step.header.number
        notes = (*given_up.notes, *step.notes)
        executions, given_up = together(given_up.executions, step.executions), GivenUp()
        found[number] = RelayRecord(block.header, block, None, step.produced.events, notes, executions)
        justification = step.justification
        if justification is not None:
            target = justification.target_number
            record = found.get(target) or archive.relay(target)
            found[target] = msgspec.structs.replace(record, justification=justification)
        if step.abandoned:
            first = min(header.number for header in step.abandoned)
            gone = [found.pop(each) if each in found else archive.relay(each) for each in range(first, number + 1)]
            given_up = GivenUp(
                tuple(note for record in gone for note in record.notes),
                together(*(record.executions for record in gone)),
            )
    return found, given_up
