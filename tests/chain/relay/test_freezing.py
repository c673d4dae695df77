"""A chain that holds what more than f call invalid freezes; the surviving one does not.

Source: spec/relay.md §8.2.3, §8.4, §10.4.
"""


import pytest
from forgery import Story
from forks import BLOCK, Fork, bits, dispute, fork_at, holding_these, next_candidate, resealed

from chain.primitives.header import Digest, PreRuntime
from chain.relay.body import Attested
from chain.relay.chain import Produced, produce
from chain.relay.dispute_types import DisputeStatementSet
from chain.relay.freezing import _LOG, ENGINE, Revert, revert_item, reverts


@pytest.fixture
def holding(story: Story) -> Fork:
    """The chain whose head includes the candidate."""
    return fork_at(story, story.record(BLOCK).included_in)


@pytest.fixture
def surviving(story: Story) -> Fork:
    """The block before the inclusion: here the candidate is backed and waits."""
    return fork_at(story, story.record(BLOCK).included_in - 1)


def test_more_than_f_against_what_is_included(story: Story, holding: Fork) -> None:
    """The header calls for going back, the state freezes at the block before, and candidates stay out at once."""
    included = holding.head.number
    candidate, bitfield = next_candidate(story), bits(holding)
    produced = holding.add(candidate, disputes=[dispute(story, 2)], bitfields=[bitfield])
    assert reverts(produced.block.header) == (included,)
    assert produced.block.header.digest.logs[1] == revert_item(included)
    assert holding.state.frozen.get() == included - 1
    assert [(item, error.name) for item, error in produced.left_out] == [
        (bitfield, "Relay.ChainFrozen"),
        (candidate, "Relay.ChainFrozen"),
    ]


def test_the_log_is_the_real_chains(story: Story, holding: Fork) -> None:
    """Engine FRNK, variant 4, u32."""
    item = holding.add(disputes=[dispute(story, 2)]).block.header.digest.logs[1]
    assert item == revert_item(6)
    assert (ENGINE, _LOG.encode(Revert(6))) == (b"FRNK", bytes.fromhex("0406000000"))


def test_a_frozen_chain_stays_frozen(story: Story, holding: Fork) -> None:
    """Blocks go on without candidates and bitfields, nothing waiting times out, and no second log is made."""
    holding.add(disputes=[dispute(story, 2)])
    for _ in range(6):
        produced = holding.add(bitfields=[bits(holding)])
        assert [error.name for _, error in produced.left_out] == ["Relay.ChainFrozen"]
        assert reverts(produced.block.header) == ()
    assert holding.state.frozen.get() == 5
    late = holding.add(disputes=[dispute(story, 1, first=2)])
    assert (late.disputes, reverts(late.block.header)) == ((dispute_of(late),), ())
    assert len(holding.state.offences.get(story.record(BLOCK).backed_by[0])) == 1, "votes still count and punish"


def dispute_of(produced: Produced) -> DisputeStatementSet:
    [votes] = produced.disputes
    return votes


def test_f_against_do_not_freeze(story: Story, holding: Fork) -> None:
    """One of four is not enough; the second one, blocks later, is."""
    produced = holding.add(disputes=[dispute(story, 1)])
    assert (reverts(produced.block.header), holding.state.frozen.get()) == ((), None)
    holding.add()
    produced = holding.add(disputes=[dispute(story, 1, first=1)])
    assert (reverts(produced.block.header), holding.state.frozen.get()) == ((6,), 5)


def test_the_surviving_chain_does_not_freeze(story: Story, surviving: Fork) -> None:
    """The same votes on the block before: the candidate loses its core, and the chain goes on."""
    produced = surviving.add(disputes=[dispute(story, 3)])
    assert [pending.candidate.hash for pending in produced.dropped] == [story.record(BLOCK).candidate.hash]
    assert (reverts(produced.block.header), surviving.state.frozen.get()) == ((), None)
    assert len(surviving.state.offences.get(story.record(BLOCK).backed_by[0])) == 1
    assert surviving.add(bitfields=[]).left_out == ()


def test_the_earliest_block_counts(story: Story) -> None:
    """Block 2 is called invalid and then block 1: the chain freezes further back, never further on."""
    fork = fork_at(story, 6)
    fork.add(disputes=[dispute(story, 2)])
    produced = fork.add(disputes=[dispute(story, 2, number=1)])
    assert (reverts(produced.block.header), fork.state.frozen.get()) == ((4,), 3)
    both = fork_at(story, 6)
    produced = both.add(disputes=[dispute(story, 2), dispute(story, 2, number=1)])
    assert (reverts(produced.block.header), both.state.frozen.get()) == ((6, 4), 3)
    backwards = fork_at(story, 6)
    produced = backwards.add(disputes=[dispute(story, 2, number=1), dispute(story, 2)])
    assert (reverts(produced.block.header), backwards.state.frozen.get()) == ((4,), 3)


def test_importers_refuse_what_a_frozen_chain_does_not_take(story: Story, holding: Fork) -> None:
    holding.add(disputes=[dispute(story, 2)])
    candidate = next_candidate(story)
    assert holding.refusal(holding_these(holding, Attested((), (candidate,)))) == "Relay.ChainFrozen"
    assert holding.refusal(holding_these(holding, Attested((bits(holding),)))) == "Relay.ChainFrozen"


def test_importers_refuse_a_candidate_beside_the_dispute_that_freezes(story: Story, holding: Fork) -> None:
    attested = Attested((), (next_candidate(story),), (dispute(story, 2),))
    assert holding.refusal(holding_these(holding, attested)) == "Relay.ChainFrozen"


def test_the_header_says_what_the_block_does(story: Story, holding: Fork) -> None:
    """Neither is a call for going back left out, nor made without a cause, nor for another block."""
    freezing = produce(holding.validators, holding.store, holding.head, disputes=[dispute(story, 2)]).block
    slot, _, _ = freezing.header.digest.logs
    empty = produce(holding.validators, holding.store, holding.head).block
    assert isinstance(slot, PreRuntime)
    for block, logs in (
        (freezing, (slot,)),
        (freezing, (slot, revert_item(5))),
        (freezing, (slot, revert_item(6), revert_item(6))),
        (empty, (slot, revert_item(6))),
    ):
        assert holding.refusal(resealed(holding, block, digest=Digest(logs))) == "Relay.DigestMismatch"
