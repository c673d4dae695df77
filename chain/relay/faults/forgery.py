"""Statements and votes that no honest validator makes. Source: spec/relay.md §8.1, §13 F33–F37."""

from collections.abc import Sequence

import msgspec

from chain.primitives.header import Header
from chain.relay.backing_types import (
    BackedCandidate,
    Explicit,
    Implicit,
    Seconded,
    SentStatement,
    Valid,
    ValidityAttestation,
)
from chain.relay.candidate import CommittedCandidateReceipt
from chain.relay.faults.fault import UNSET, Fault
from chain.relay.statements import sign_statement
from chain.relay.validators import ValidatorSet


def forged(own: SentStatement, group: Sequence[int], fault: Fault) -> list[SentStatement]:
    """The statement in another's name, under the forger's signature.

    The other is whom the fault's `value` names, or the last of the group; nothing where that is the forger itself.
    """
    index = own.signed.validator_index
    others = [each for each in sorted(group) if each != index]
    named = fault.value if fault.value is not UNSET else others[-1] if others else index
    assert isinstance(named, int)
    if named == index:
        return []
    return [msgspec.structs.replace(own, signed=msgspec.structs.replace(own.signed, validator_index=named))]


def foreign(
    candidate: CommittedCandidateReceipt, validators: ValidatorSet, parent: Header, index: int, fault: Fault
) -> SentStatement:
    """What a validator of another group says of a candidate; in another's name, if the fault's `value` names one."""
    session = validators.session_at(parent.number + 1)
    said = sign_statement(Valid(candidate.hash), index, validators.keys[index], session, parent.hash)
    if fault.value is UNSET:
        return said
    signed = msgspec.structs.replace(said.signed, validator_index=fault.value)
    return msgspec.structs.replace(said, signed=signed)


def of_another_session(own: SentStatement, validators: ValidatorSet, fault: Fault) -> SentStatement:
    """The statement signed for the session before; in the first one, for the next."""
    index = own.signed.validator_index
    session = own.session - 1 if own.session else 1
    return sign_statement(own.signed.payload, index, validators.keys[index], session, own.relay_parent)


def with_vote(
    offered: BackedCandidate | None, candidate: CommittedCandidateReceipt, group: Sequence[int], sent: SentStatement
) -> BackedCandidate:
    """The candidate with one statement more among its votes, in the place of the validator that it names."""
    votes: dict[int, ValidityAttestation] = {}
    if offered is not None:
        voters = [index for index, bit in zip(group, offered.validator_indices, strict=True) if bit]
        votes = dict(zip(voters, offered.validity_votes, strict=True))
    signed = sent.signed
    kind = Implicit if isinstance(signed.payload, Seconded) else Explicit
    votes[signed.validator_index] = kind(signed.signature)
    attestations = tuple(votes[index] for index in group if index in votes)
    return BackedCandidate(candidate, attestations, tuple(index in votes for index in group))


def few_votes(backed: BackedCandidate, most: int) -> BackedCandidate:
    """The candidate with at most so many of its votes: the first ones."""
    kept = min(most, len(backed.validity_votes))
    bits, seen = [], 0
    for bit in backed.validator_indices:
        bits.append(bit and seen < kept)
        seen += bit
    return BackedCandidate(backed.candidate, tuple(backed.validity_votes[:kept]), tuple(bits))
