"""From the relay network to records and back: what the store keeps of blocks, and what is known after a restart."""

from collections.abc import Sequence

import msgspec

from chain.node.archive import Archive
from chain.node.records import BlockRecord, Heads, RelayRecord
from chain.node.relaying import RelaySide
from chain.relay.approval import Tranches, checkers
from chain.relay.availability import chunks_of
from chain.relay.backing import Backing, RelayView, Work
from chain.relay.case import Case
from chain.relay.collator import Collation
from chain.relay.conduct import Conduct
from chain.relay.network import Step
from chain.relay.types import AvailableData, CandidateIncluded
from chain.relay.validate import Load
from chain.relay.validators import ValidatorSet


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


def relay_records(archive: Archive, steps: Sequence[Step]) -> dict[int, RelayRecord]:
    """The relay blocks of these steps by number; a justification is kept beside the block that it makes final.

    A block in the place of an abandoned one keeps the other's notes before its own.
    """
    found: dict[int, RelayRecord] = {}
    for step in steps:
        block = step.produced.block
        given_up = found.get(block.header.number)
        notes = (*(given_up.notes if given_up else ()), *step.notes)
        found[block.header.number] = RelayRecord(block.header, block, None, step.produced.events, notes)
        justification = step.justification
        if justification is not None:
            target = justification.target_number
            record = found.get(target) or archive.relay(target)
            found[target] = msgspec.structs.replace(record, justification=justification)
    return found


def recall(archive: Archive, validators: ValidatorSet, load: Load, heads: Heads, conduct: Conduct) -> RelaySide:
    """The relay network where the store left it, with the candidates that are included and not final yet."""
    line = [archive.relay(number).header for number in range(heads.relay_finalized, heads.relay + 1)]
    side = RelaySide(validators, archive.nodes, line[-1], load, conduct=conduct, line=line)
    for header in line[1:]:
        for event in archive.relay(header.number).events:
            record = None
            if isinstance(event, CandidateIncluded):
                record = archive.record(event.receipt.descriptor.para_head)
            if record is not None:
                case = _case(archive, validators, load, record)
                side.cases[case.hash] = case
    return side


def _case(archive: Archive, validators: ValidatorSet, load: Load, record: BlockRecord) -> Case:
    """What validators know of a block that its record tells of: who has which chunk, who has approved it."""
    parameters, candidate = validators.parameters, record.candidate
    parent = archive.relay(record.backed_in - 1).header
    core = validators.core_of(candidate.descriptor.para_id) or 0
    group = validators.group_of_core(core, record.backed_in)
    work = Work(load, parameters.verify == "shared")
    work.executions = record.executions
    collation = Collation(candidate, record.pov, record.validation_data)
    backing = Backing(None, record.backed_by, (), 0)
    view = RelayView(validators, archive.nodes, parent)
    session = validators.session_at(record.backed_in)
    case = Case(collation, view, work, backing, core, group, session, record.backed_in, record.included_in)
    ranked = checkers(validators, record.included_in, candidate.hash, group, record.backed_by)
    case.tranches = Tranches(ranked, min(parameters.approvals, len(ranked)), parameters.no_show_slots)
    case.available = record.available
    chunks = chunks_of(AvailableData(record.pov, record.validation_data), len(validators.keys))
    case.chunks = {index: chunks[index] for index in record.available}
    for vote in record.approvals:
        case.approvals[vote.validator] = vote
        case.tranches.voted.add(vote.validator)
        case.tranches.called[vote.validator] = 0
    return case
