"""A round of finality: everybody votes for the highest block that is approved with all its ancestors.

Source: spec/relay.md §11. What makes a justification is in `finality`.
"""

from collections.abc import Iterable, Sequence

from chain.primitives.header import Header
from chain.relay.case import Case
from chain.relay.conduct import Conduct
from chain.relay.finality import grandpa_key, honest_votes, is_signed, sign_precommit
from chain.relay.thresholds import supermajority
from chain.relay.types import Justification, SignedPrecommit
from chain.relay.validators import ValidatorSet


def highest_approved(line: Sequence[Header], cases: Iterable[Case]) -> Header:
    """The highest block such that it and its ancestors hold nothing unapproved or disputed.

    `line` are the headers from the last final one to the head.
    """
    final = line[0].number
    unsettled = [case.included_in for case in cases if case.included_in > final and not case.approved]
    last = min(unsettled, default=line[-1].number + 1) - 1
    return line[max(0, last - final)]


def hold_round(
    validators: ValidatorSet, conduct: Conduct, head: Header, target: Header, notes: list[str]
) -> Justification | None:
    """The round of relay block `head`: what makes `target` final, None where too few vote for it."""
    round_, set_id = head.number, validators.session_at(head.number)
    cast: list[SignedPrecommit] = []
    for index in range(len(validators.keys)):
        if not conduct.offline(index):
            own = sign_precommit(target, round_, set_id, index)
            cast += conduct.precommits(index, own, round_, set_id)
    votes, liars = honest_votes([vote for vote in cast if is_signed(vote, round_, set_id)])
    for index in range(len(validators.keys)):
        if liars and grandpa_key(index).public in liars:
            notes.append(f"Finality.Equivocation (validator {index} voted twice in round {round_})")
    good = tuple(vote for vote in votes if vote.precommit.target_hash == target.hash)
    needed = supermajority(len(validators.keys))
    if len(good) < needed:
        notes.append(f"finality stalls at {len(good)} of {needed} precommits")
        return None
    return Justification(round_, target.hash, target.number, good, ())
