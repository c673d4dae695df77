"""A round of finality: everybody votes for the highest block that is approved with all its ancestors.

Source: spec/relay.md §11. What makes a justification is in `finality`.
"""

from collections.abc import Iterable, Mapping, Sequence

from chain.primitives.header import Header
from chain.relay.case import Case
from chain.relay.conduct import Conduct
from chain.relay.finality import grandpa_key, honest_votes, is_signed, sign_precommit
from chain.relay.finality_types import Justification, SignedPrecommit
from chain.relay.thresholds import supermajority
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
    heights = _heights(line, votes)
    final = _highest_with(line, heights, needed)
    if final is None:
        count = sum(height >= target.number for height in heights.values())
        notes.append(f"finality stalls at {count} of {needed} precommits")
        return None
    good = tuple(vote for vote in votes if heights.get(vote.id, 0) >= final.number)
    highest = max(heights[vote.id] for vote in good)
    ancestry = [header for header in line if final.number < header.number <= highest]
    return Justification(round_, final.hash, final.number, good, tuple(ancestry))


def _heights(line: Sequence[Header], votes: Iterable[SignedPrecommit]) -> dict[bytes, int]:
    """By voter, the number of the block of the line that it votes for; each block voted for is hashed once."""
    first, hashes = line[0].number, dict[int, bytes]()
    found: dict[bytes, int] = {}
    for vote in votes:
        number = vote.precommit.target_number
        if 0 <= number - first < len(line):
            known = hashes.get(number) or line[number - first].hash
            hashes[number] = known
            if known == vote.precommit.target_hash:
                found[vote.id] = number
    return found


def _highest_with(line: Sequence[Header], heights: Mapping[bytes, int], needed: int) -> Header | None:
    """The highest block, behind the final one, for which, with its descendants, so many have voted."""
    ranked = sorted(heights.values(), reverse=True)
    number = ranked[needed - 1] if len(ranked) >= needed else 0
    return line[number - line[0].number] if number > line[0].number else None
