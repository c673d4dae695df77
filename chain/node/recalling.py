"""The relay network where the store left it, and what the store has to keep for that."""

from chain.node.archive import Archive
from chain.node.memory import Found, Memory, OfferRecord, Refused, Standing
from chain.node.records import BlockRecord, Heads
from chain.node.relaying import RelaySide
from chain.relay.approval import Tranches, checkers
from chain.relay.backing import Backing, RelayView, Work
from chain.relay.case import Case
from chain.relay.collator import Collation
from chain.relay.conduct import Conduct
from chain.relay.counting import Executed
from chain.relay.errors import Halted, PvfError
from chain.relay.validate import Load, Validated
from chain.relay.validators import ValidatorSet
from chain.relay.workers import Workers


def memory_of(side: RelaySide, notes: tuple[str, ...], executions: tuple[Executed, ...]) -> Memory:
    """What is known besides the blocks; `notes` and `executions` are of blocks that were given up."""
    halted = None if side.halted is None else side.halted.detail
    settled = tuple(case.hash for case in side.cases.values() if is_settled(case))
    cases = tuple(standing_now(case) for case in side.cases.values() if not is_settled(case))
    return Memory(side.slot, halted, side.conduct.memory, notes, executions, settled, cases)


def is_settled(case: Case) -> bool:
    """Whether a candidate is final and nothing will change about it, short of a dispute."""
    return bool(case.final_in) and case.approved and not case.disputed and not case.errors


def recall(
    archive: Archive,
    validators: ValidatorSet,
    load: Load,
    heads: Heads,
    memory: Memory,
    conduct: Conduct,
    workers: Workers | None,
) -> RelaySide:
    """The relay network at these heads, whose validators know what they knew."""
    line = [archive.relay(number).header for number in range(heads.relay_finalized, heads.relay + 1)]
    side = RelaySide(validators, archive.nodes, line[-1], load, conduct=conduct, line=line, workers=workers)
    conduct.recall(memory.conduct)
    side.slot = memory.slot
    side.halted = None if memory.halted is None else Halted(memory.halted)
    for standing in (*map(archive.settled, memory.settled), *memory.cases):
        case = _case(side, archive.offer(standing.candidate), standing)
        side.cases[case.hash] = case
    return side


def offer_record(case: Case) -> OfferRecord:
    collation, backing = case.collation, case.backing
    return OfferRecord(
        collation.candidate,
        collation.pov,
        collation.validation_data,
        case.view.relay_parent,
        case.core,
        case.group,
        case.session,
        backing.statements,
        backing.offered,
        case.work.patch,
        tuple(case.chunks[index] for index in sorted(case.chunks)),
    )


def standing_of(record: BlockRecord) -> Standing:
    """How far an included candidate had come, as far as the record of its block tells."""
    voted = tuple(record.approved_by)
    return Standing(
        record.candidate.hash,
        record.backed_in,
        record.included_in,
        final_in=0,
        place=0,
        available=record.available,
        approvals=record.approvals,
        votes=(),
        errors=(),
        heard=(),
        disputed=False,
        lost=False,
        open=False,
        called=tuple((index, 0) for index in voted),
        voted=voted,
        no_shows=(),
        executions=record.executions,
        found=None,
        refused=None,
    )


def standing_now(case: Case) -> Standing:
    """How far a candidate has come."""
    tranches, known = case.tranches, case.work.known(case.hash)
    found = refused = None
    if isinstance(known, PvfError):
        refused = Refused(known.kind, known.detail, known.argument)
    elif known is not None:
        found = Found(known.result, known.code_hash)
    return Standing(
        case.hash,
        case.backed_in,
        case.included_in,
        case.final_in,
        case.place,
        case.available,
        tuple(case.approvals[index] for index in sorted(case.approvals)),
        tuple((index, valid, signature) for index, (valid, signature) in sorted(case.votes.items())),
        tuple(sorted(case.errors.items())),
        tuple(sorted(case.heard)),
        case.disputed,
        case.lost,
        case.open,
        tuple(tranches.called.items()) if tranches else (),
        tuple(sorted(tranches.voted)) if tranches else (),
        tuple(sorted(tranches.no_shows.items())) if tranches else (),
        case.work.executions,
        found,
        refused,
    )


def _case(side: RelaySide, offer: OfferRecord, standing: Standing) -> Case:
    """A candidate as its validators knew it."""
    collation = Collation(offer.candidate, offer.pov, offer.validation_data)
    voters = tuple(sent.signed.validator_index for sent in offer.statements)
    backing = Backing(offer.offered, voters, (), standing.executions, offer.offered, (), offer.statements)
    view = RelayView(side.validators, side.store, offer.relay_parent)
    case = Case(collation, view, _work(side, offer, standing), backing, offer.core, offer.group, offer.session)
    case.backed_in, case.included_in = standing.backed_in, standing.included_in
    case.final_in, case.place, case.available = standing.final_in, standing.place, standing.available
    case.counted = standing.executions
    case.chunks = {chunk.index: chunk for chunk in offer.chunks}
    case.approvals = {vote.validator: vote for vote in standing.approvals}
    case.votes = {index: (valid, signature) for index, valid, signature in standing.votes}
    case.errors, case.heard = dict(standing.errors), set(standing.heard)
    case.disputed, case.lost, case.open = standing.disputed, standing.lost, standing.open
    if case.included_in:
        case.tranches = _tranches(side.validators, case, standing)
    return case


def _work(side: RelaySide, offer: OfferRecord, standing: Standing) -> Work:
    work = Work(side.load, side.validators.parameters.verify == "shared", workers=side.workers)
    work.executions = standing.executions
    work.patch = offer.patch
    if standing.found is not None:
        work.learn(offer.candidate.hash, Validated(standing.found.result, {}, standing.found.code_hash))
    if standing.refused is not None:
        refused = standing.refused
        work.learn(offer.candidate.hash, PvfError(refused.kind, refused.detail, refused.argument))
    return work


def _tranches(validators: ValidatorSet, case: Case, standing: Standing) -> Tranches:
    parameters = validators.parameters
    ranked = checkers(validators, case.included_in, case.hash, case.group, case.backers)
    needed = min(parameters.approvals, len(ranked))
    called, no_shows = dict(standing.called), dict(standing.no_shows)
    return Tranches(ranked, needed, parameters.no_show_slots, called, set(standing.voted), no_shows)
