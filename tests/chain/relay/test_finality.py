"""Rounds of finality with votes that differ: what is final, what proves it, and what does not. Source: relay.md §11."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from r10 import TEN, network, pay

from chain.primitives.header import Header
from chain.relay.chain import produce, relay_genesis
from chain.relay.conduct import Conduct
from chain.relay.errors import FinalityError
from chain.relay.faults import Fault
from chain.relay.finality import check_justification, grandpa_key, sign_precommit
from chain.relay.finality_types import JUSTIFICATION, Justification, Precommit, SignedPrecommit
from chain.relay.network import RelayNetwork
from chain.relay.payloads import precommit_payload
from chain.relay.voting import hold_round
from chain.scale import DecodeError
from chain.trie import MemoryStore

LENGTH = 6
"""Blocks of the line; the first one is final."""


def _line() -> Iterator[Header]:
    genesis = relay_genesis(TEN, {2000: b"", 2090: b""}, {2000: bytes(32), 2090: bytes(32)})
    header, store = genesis.header, MemoryStore(dict(genesis.nodes))
    yield header
    for _ in range(LENGTH - 1):
        produced = produce(TEN, store, header)
        store.put(produced.nodes)
        header = produced.block.header
        yield header


LINE = tuple(_line())


@dataclass
class Voters(Conduct):
    """Validator i votes for the block of the line that `places` says; for none if that is None."""

    places: Sequence[int | None]

    def offline(self, index: int) -> bool:
        return self.places[index] is None

    def precommits(self, index: int, own: SignedPrecommit, round_: int, set_id: int) -> Sequence[SignedPrecommit]:
        place = self.places[index]
        assert place is not None
        return (sign_precommit(LINE[place], round_, set_id, index),)


def final_by(places: Sequence[int | None]) -> tuple[Justification | None, list[str]]:
    notes: list[str] = []
    return hold_round(TEN, Voters(places), LINE, LINE[-1], notes), notes


PLACES = st.lists(st.none() | st.integers(0, LENGTH - 1), min_size=10, max_size=10)
"""Any votes at all, for the final block too."""

ENOUGH = st.lists(st.integers(1, LENGTH - 1), min_size=7, max_size=7).flatmap(
    lambda some: st.permutations([*some, None, None, LENGTH - 1])
)
"""Votes of which something is final."""


@settings(max_examples=60, deadline=None)
@given(PLACES)
def test_what_is_final(places: list[int | None]) -> None:
    """The highest block for which, with its descendants, n − f have voted; its justification convinces everybody."""
    cast = sorted((place for place in places if place is not None), reverse=True)
    highest = cast[6] if len(cast) >= 7 else 0
    justification, notes = final_by(places)
    if not highest:
        assert justification is None
        assert notes == [f"finality stalls at {cast.count(LENGTH - 1)} of 7 precommits"]
        return
    assert justification is not None
    assert (justification.target_hash, justification.target_number) == (LINE[highest].hash, highest)
    assert len(justification.precommits) == sum(place >= highest for place in cast)
    assert justification.ancestry == LINE[highest + 1 : max(cast) + 1]
    check_justification(TEN, justification, LINE[highest], {})


@settings(max_examples=150, deadline=None)
@given(ENOUGH, st.data())
def test_any_byte_changed_is_refused(places: list[int | None], data: st.DataObject) -> None:
    justification, _ = final_by(places)
    assert justification is not None
    encoded = bytearray(JUSTIFICATION.encode(justification))
    encoded[data.draw(st.integers(0, len(encoded) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises((FinalityError, DecodeError)):
        changed = JUSTIFICATION.decode(bytes(encoded))
        check_justification(TEN, changed, LINE[justification.target_number], {})


def _less(votes: Sequence[SignedPrecommit], place: int) -> tuple[SignedPrecommit, ...]:
    return (*votes[:place], *votes[place + 1 :])


@settings(max_examples=60, deadline=None)
@given(ENOUGH, st.data())
def test_any_vote_changed_is_refused(places: list[int | None], data: st.DataObject) -> None:
    """Another's signature, another block, another voter, twice the same one, a stranger's."""
    justification, _ = final_by(places)
    assert justification is not None
    votes, target = justification.precommits, LINE[justification.target_number]
    place = data.draw(st.integers(0, len(votes) - 1))
    vote, other = votes[place], votes[place - 1]
    elsewhere = LINE[(vote.precommit.target_number + 1) % LENGTH]
    stranger = sign_precommit(target, justification.round, 0, 200)
    lower = sign_precommit(LINE[target.number - 1], justification.round, 0, _index(vote))
    moved = msgspec.structs.replace(vote.precommit, target_hash=elsewhere.hash, target_number=elsewhere.number)
    for spoilt, name in (
        (msgspec.structs.replace(vote, signature=other.signature), "Finality.BadSignature"),
        (msgspec.structs.replace(vote, precommit=moved), "Finality.BadSignature"),
        (other, "Finality.DuplicateVote"),
        (stranger, "Finality.UnknownVoter"),
        (lower, "Finality.WrongTarget"),
    ):
        changed = msgspec.structs.replace(justification, precommits=(*_less(votes, place), spoilt))
        assert refusal(changed, target) == name


def _index(vote: SignedPrecommit) -> int:
    return next(index for index in range(10) if grandpa_key(index).public == vote.id)


def refusal(justification: Justification, target: Header) -> str:
    with pytest.raises(FinalityError) as refused:
        check_justification(TEN, justification, target, {})
    return refused.value.name


def test_the_ancestry_is_what_links_the_votes() -> None:
    """Seven voters: three for block 2, four for descendants. No header may lack, none may be too many."""
    justification, _ = final_by([2, 2, 2, 3, 3, 4, 4, None, None, None])
    assert justification is not None
    target, ancestry = LINE[2], justification.ancestry
    assert (justification.target_number, ancestry) == (2, LINE[3:5])

    def with_ancestry(*headers: Header) -> str:
        return refusal(msgspec.structs.replace(justification, ancestry=headers), target)

    assert with_ancestry() == "Finality.WrongTarget"
    assert with_ancestry(LINE[3]) == "Finality.WrongTarget"
    assert with_ancestry(LINE[4]) == "Finality.WrongTarget"
    assert with_ancestry(*LINE[3:6]) == "Finality.WrongAncestry"
    assert with_ancestry(LINE[1], *ancestry) == "Finality.WrongAncestry"
    assert with_ancestry(*ancestry, LINE[4]) == "Finality.WrongAncestry"
    check_justification(TEN, msgspec.structs.replace(justification, ancestry=ancestry[::-1]), target, {})
    known = {header.hash: header for header in LINE}
    check_justification(TEN, msgspec.structs.replace(justification, ancestry=()), target, known)


def test_a_vote_with_a_wrong_number() -> None:
    """The number is signed too; it must be that of the block."""
    votes = [sign_precommit(LINE[2], 5, 0, index) for index in range(6)]
    signature = grandpa_key(6).sign(precommit_payload(LINE[2].hash, 3, 5, 0))
    lying = SignedPrecommit(Precommit(LINE[2].hash, 3), signature, grandpa_key(6).public)
    assert refusal(Justification(5, LINE[2].hash, 2, (*votes, lying), ()), LINE[2]) == "Finality.WrongTarget"


def test_a_network_whose_validators_disagree() -> None:
    """Four lag one block behind: each round makes the block before its own final, proved with the head's header."""
    chain = network(Fault(1_000, "offline", (0,)))
    pay(chain)
    relay: RelayNetwork = chain.node.relay

    class Lagging(Conduct):
        def precommits(self, index: int, own: SignedPrecommit, round_: int, set_id: int) -> Sequence[SignedPrecommit]:
            lagging = relay.line[-2] if index < 4 and len(relay.line) > 1 else relay.head
            return (sign_precommit(lagging, round_, set_id, index),)

    relay.conduct = Lagging()
    first, *later = [relay.step() for _ in range(3)]
    assert (first.justification, first.notes) == (None, ["finality stalls at 6 of 7 precommits"])
    for step, head in zip(later, (first.header, later[0].header), strict=True):
        justification = step.justification
        assert justification is not None
        assert (justification.target_hash, justification.ancestry) == (head.hash, (step.header,))
        check_justification(relay.validators, justification, head, {})
    assert (relay.finalized, relay.head) == (later[0].header, later[1].header)
