"""A dispute among validators: who starts it, who is heard, what the votes come to, what the relay chain lacks of them.

Source: spec/relay.md §10. What the relay chain makes of the votes is in `disputes`.
"""

from collections.abc import Collection, Iterable, Sequence

from chain.relay.case import Case
from chain.relay.checking import Checking
from chain.relay.conduct import Duty
from chain.relay.dispute_types import DisputeStatementSet, SaysInvalid
from chain.relay.payloads import dispute_payload
from chain.relay.state import RelayState
from chain.relay.thresholds import faulty, supermajority


def accuse(
    checking: Checking, case: Case, accusers: Sequence[int], disabled: Collection[int], notes: list[str]
) -> None:
    """Some say invalid: everybody is heard. Validators that are disabled may join a dispute and start none."""
    if not case.disputed and all(index in disabled for index in accusers):
        notes.append(f"validators {', '.join(map(str, accusers))} are disabled and may start no dispute")
        return
    if not case.disputed:
        notes.append(f"dispute about {case.name}, started by validator {accusers[0]}: 0x{case.hash.hex()}")
    case.disputed = True
    hear(checking, case, notes)


def is_due(checking: Checking, case: Case) -> bool:
    """Whether a dispute is not concluded and somebody is there who has not been heard: who was offline is back."""
    n = len(checking.validators.keys)
    if not case.disputed or case.concluded(supermajority(n)):
        return False
    return any(not _has_spoken(case, index) and not checking.conduct.offline(index) for index in range(n))


def hear(checking: Checking, case: Case, notes: list[str]) -> None:
    """Everybody who is there and has not spoken yet recovers the data, judges and votes, or cannot tell."""
    validators = checking.validators
    silent = [index for index in range(len(validators.keys)) if not _has_spoken(case, index)]
    called = [index for index in silent if not checking.conduct.offline(index)]
    checking.foresee(case, [index for index in called if index not in case.errors], Duty.DISPUTE)
    for index in called:
        case.heard.add(index)
        valid = index not in case.errors and checking.finds_valid(case, index, notes, Duty.DISPUTE)
        if valid or index in case.errors:
            case.votes[index] = valid, validators.keys[index].sign(dispute_payload(valid, case.hash, case.session))
    n = len(validators.keys)
    verdict = case.concluded(supermajority(n))
    case.open = verdict != "valid"
    case.lost = len(case.against) > faulty(n)
    counted = f"{len(case.for_)} for, {len(case.against)} against"
    notes.append(f"dispute: {counted}: {f'concluded {verdict}' if verdict else 'not concluded'}")


def _has_spoken(case: Case, index: int) -> bool:
    """In whatever way; one that could not tell is not asked again."""
    return index in case.for_ or index in case.votes or index in case.heard


def unknown_votes(disputed: Iterable[Case], state: RelayState) -> list[DisputeStatementSet]:
    """What of the votes about these candidates the relay chain does not have yet."""
    found = []
    for case in disputed:
        known, votes = state.disputes.get(case.session, case.hash), case.statements()
        if known is not None:
            sides = known.validators_for, known.validators_against
            missing = [each for each in votes.statements if not sides[isinstance(each[0], SaysInvalid)][each[1]]]
            votes = DisputeStatementSet(votes.candidate_hash, votes.session, tuple(missing))
        if votes.statements:
            found.append(votes)
    return found
