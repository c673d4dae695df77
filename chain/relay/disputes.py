"""Disputes on the relay chain: sets of votes, conclusions, slashes and who is disabled. Source: spec/relay.md §10."""

from collections.abc import Collection, Sequence

from chain.blocks.seal import SR25519
from chain.crypto.keys import verify
from chain.relay.dispute_types import (
    ApprovalChecking,
    BackingSeconded,
    BackingValid,
    DisputeState,
    DisputeStatement,
    DisputeStatementSet,
    ExplicitValid,
    SaysValid,
)
from chain.relay.errors import DisputeError
from chain.relay.payloads import SECONDED, VALID, approval_payload, backing_payload, dispute_payload
from chain.relay.state import Offence, RelayState
from chain.relay.thresholds import faulty, supermajority
from chain.relay.validators import ValidatorSet

BACKERS_LOSE, APPROVERS_LOSE, ACCUSERS_LOSE = 100, 2, 0
"""Per cent of stake: for backing, and for approving, what is concluded invalid; for calling invalid what is valid."""


def is_backing(statement: DisputeStatement) -> bool:
    return isinstance(statement, SaysValid) and isinstance(statement.kind, BackingSeconded | BackingValid)


def statement_payload(statement: DisputeStatement, candidate_hash: bytes, session: int) -> bytes:
    """What the vote's signature covers: backing and approval votes are taken as they were cast."""
    if not isinstance(statement, SaysValid):
        return dispute_payload(False, candidate_hash, session)
    kind = statement.kind
    if isinstance(kind, BackingSeconded):
        return backing_payload(SECONDED, candidate_hash, session, kind.relay_parent)
    if isinstance(kind, BackingValid):
        return backing_payload(VALID, candidate_hash, session, kind.relay_parent)
    if isinstance(kind, ApprovalChecking):
        return approval_payload(candidate_hash, session)
    assert isinstance(kind, ExplicitValid)
    return dispute_payload(True, candidate_hash, session)


def import_dispute(state: RelayState, validators: ValidatorSet, number: int, votes: DisputeStatementSet) -> None:
    """Take a set of votes in relay block `number`; raises `DisputeError` and changes nothing at the first no.

    A backing vote is no repeat of an explicit one: it is what makes its validator a backer. A conclusion punishes at
    once, and so does every later vote for the side that lost.
    """
    n, session, candidate = validators.parameters.validators, votes.session, votes.candidate_hash
    before = state.disputes.get(session, candidate)
    _check_age(state, validators, number, session, before)
    backers = set(state.backers_on_disputes.get(session, candidate))
    known = before or DisputeState((False,) * n, (False,) * n, number, None)
    sides = [list(known.validators_for), list(known.validators_against)]
    for statement, index, signature in votes.statements:
        _check_signed(validators, votes, statement, index, signature)
        side = 0 if isinstance(statement, SaysValid) else 1
        if side == 0 and index in backers and not is_backing(statement):
            raise DisputeError("MaliciousBacker", f"validator {index} has vouched already")
        late_backing = is_backing(statement) and index not in backers
        if sides[side][index] and not late_backing:
            raise DisputeError("DuplicateStatement", f"validator {index}")
        sides[side][index] = True
        if is_backing(statement):
            backers.add(index)
    valid, against = (tuple(side) for side in sides)
    _check_sides(valid, against, backers)
    concluded = known.concluded_at
    if concluded is None and max(sum(valid), sum(against)) >= supermajority(n):
        concluded = number
    state.disputes.insert(session, candidate, DisputeState(valid, against, known.start, concluded))
    state.backers_on_disputes.insert(session, candidate, tuple(sorted(backers)))
    if concluded is not None:
        _punish(state, validators, candidate, valid, against, backers)


def outcome(dispute: DisputeState) -> str:
    """`valid`, `invalid` or `open`."""
    if dispute.concluded_at is None:
        return "open"
    return "invalid" if sum(dispute.validators_against) > sum(dispute.validators_for) else "valid"


def _check_age(
    state: RelayState, validators: ValidatorSet, number: int, session: int, before: DisputeState | None
) -> None:
    parameters, now = validators.parameters, validators.session_at(number)
    if session > now or session + parameters.dispute_period < now:
        raise DisputeError("AncientDisputeStatement", f"session {session} in session {now}")
    concluded = before.concluded_at if before else None
    if concluded is not None and concluded + parameters.dispute_post_conclusion_acceptance_period < number:
        raise DisputeError("AncientDisputeStatement", f"concluded in relay block {concluded}")


def _check_signed(
    validators: ValidatorSet, votes: DisputeStatementSet, statement: DisputeStatement, index: int, signature: bytes
) -> None:
    n = validators.parameters.validators
    if index >= n:
        raise DisputeError("ValidatorIndexOutOfBounds", f"validator {index} of {n}")
    payload = statement_payload(statement, votes.candidate_hash, votes.session)
    if not verify(SR25519, signature, payload, validators.publics[index]):
        raise DisputeError("InvalidSignature", f"it is not validator {index}'s")


def _check_sides(valid: Sequence[bool], against: Sequence[bool], backers: Collection[int]) -> None:
    """Somebody on each side, more than f in all, and one at least who backed the candidate."""
    if not any(valid) or not any(against):
        raise DisputeError("SingleSidedDispute")
    voters = sum(one or other for one, other in zip(valid, against, strict=True))
    if voters <= faulty(len(valid)):
        raise DisputeError("UnconfirmedDispute", f"{voters} voters")
    if not backers:
        raise DisputeError("MissingBackingVotes")


def _punish(
    state: RelayState,
    validators: ValidatorSet,
    candidate: bytes,
    valid: Sequence[bool],
    against: Sequence[bool],
    backers: Collection[int],
) -> None:
    """Everybody on the side that lost, once for each candidate."""
    invalid, now = sum(against) > sum(valid), state.session.get()
    for index in range(len(valid)):
        if not (valid if invalid else against)[index]:
            continue
        lost = (BACKERS_LOSE if index in backers else APPROVERS_LOSE) if invalid else ACCUSERS_LOSE
        known = state.offences.get(index)
        if all(offence.candidate_hash != candidate for offence in known):
            state.offences.insert(index, (*known, Offence(candidate, now, lost)))
    _disable(state, validators)


def _disable(state: RelayState, validators: ValidatorSet) -> None:
    """Bar at most f of this session's offenders, the heaviest first."""
    now, found = state.session.get(), []
    for index in range(validators.parameters.validators):
        lost = [offence.percent for offence in state.offences.get(index) if offence.session == now]
        if lost:
            found.append((-max(lost), index))
    most = faulty(validators.parameters.validators)
    state.disabled.put(tuple(sorted(index for _, index in sorted(found)[:most])))


def stake_left(offences: Sequence[Offence]) -> int:
    """Hundredths of a per cent that a validator still has of its stake: 10,000 is all."""
    left = 10_000
    for offence in offences:
        left = left * (100 - offence.percent) // 100
    return left
