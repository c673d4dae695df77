"""The author of the next slot at work. Source: spec/relay.md §1, §8.2."""

from collections.abc import Sequence

from chain.primitives.header import Header
from chain.relay.availability_types import SignedBitfield
from chain.relay.backing_types import BackedCandidate
from chain.relay.chain import Produced, against_the_rules, import_block, produce
from chain.relay.conduct import Conduct
from chain.relay.dispute_types import DisputeStatementSet
from chain.relay.errors import FinalityError, RelayError
from chain.relay.validators import ValidatorSet
from chain.trie import NodeStore


def author(
    validators: ValidatorSet,
    conduct: Conduct,
    store: NodeStore,
    parent: Header,
    after: int,
    offered: Sequence[BackedCandidate],
    bitfields: Sequence[SignedBitfield],
    disputes: Sequence[DisputeStatementSet],
    at_hand: Sequence[BackedCandidate],
    notes: list[str],
) -> Produced:
    """The block of the first slot behind slot `after` whose author is there, and whose block the others import.

    `at_hand` are all candidates, with the votes that there are; `offered` those that an honest author may look at.
    Raises `FinalityError` where every validator is offline.
    """
    for slot in range(after + 1, after + 1 + 2 * len(validators.keys)):
        index = validators.author_at(slot)
        if conduct.offline(index):
            notes.append(f"slot {slot} stays empty: validator {index} is offline")
            continue
        produced = produce(validators, store, parent, offered, slot, bitfields, disputes)
        forced = conduct.forced(index, parent.number + 1, at_hand)
        if not forced:
            return produced
        try:
            without = produce(validators, store, parent, (), slot, bitfields, disputes)
            import_block(validators, store, parent, against_the_rules(validators, parent, without.block, forced))
        except RelayError as error:
            notes.append(f"{error} (relay block of slot {slot} rejected)")
        else:
            return produced
    raise FinalityError("NobodyOnline", "no validator is there to make a relay block")


def left_out(produced: Produced) -> list[str]:
    """What the author did not take, and why, in words."""
    return [
        f"{error.name} ({_what(item)} left out: {error.detail or 'not admissible'})"
        for item, error in produced.left_out
    ]


def _what(item: object) -> str:
    if isinstance(item, BackedCandidate):
        return f"candidate of para {item.candidate.descriptor.para_id}"
    if isinstance(item, SignedBitfield):
        return f"bitfield of validator {item.validator_index}"
    return "dispute"
