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
    validators: ValidatorSet, conduct: Conduct, line: Sequence[Header], target: Header, notes: list[str]
) -> Justification | None:
    """The round of the line's head, honest validators voting for `target`: what makes a block final, if anything does.

    That is the highest block of the line for which, with its descendants, enough have voted. Votes for what is not on
    the line behind its first block, which is final already, count for nothing.
    """
    round_, set_id = line[-1].number, validators.session_at(line[-1].number)
    cast: list[SignedPrecommit] = []
    for index in range(len(validators.keys)):
        if not conduct.offline(index):
            own = sign_precommit(target, round_, set_id, index)
            cast += conduct.precommits(index, own, round_, set_id)
    votes, liars = honest_votes([vote for vote in cast if is_signed(vote, round_, set_id)])
    for index in range(len(validators.keys)):
        if liars and grandpa_key(index).public in liars:
            notes.append(f"Finality.Equivocation (validator {index} voted twice in round {round_})")
    needed = supermajority(len(validators.keys))
    final = _highest_with(line, votes, needed)
    if final is None:
        notes.append(f"finality stalls at {len(_votes_from(line, votes, target))} of {needed} precommits")
        return None
    good = _votes_from(line, votes, final)
    highest = max(vote.precommit.target_number for vote in good)
    ancestry = [header for header in line if final.number < header.number <= highest]
    return Justification(round_, final.hash, final.number, good, tuple(ancestry))


def _votes_from(
    line: Sequence[Header], votes: Iterable[SignedPrecommit], block: Header
) -> tuple[SignedPrecommit, ...]:
    """The votes for a block of the line, and for those that stand on it."""
    places = {(header.hash, header.number) for header in line if header.number >= block.number}
    return tuple(
        vote for vote in votes if (vote.precommit.target_hash, vote.precommit.target_number) in places
    )


def _highest_with(line: Sequence[Header], votes: Sequence[SignedPrecommit], needed: int) -> Header | None:
    """The highest block, behind the final one, that so many have voted for."""
    for block in reversed(line[1:]):
        if len(_votes_from(line, votes, block)) >= needed:
            return block
    return None
