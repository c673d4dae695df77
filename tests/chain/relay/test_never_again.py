"""What more than f called invalid is never taken again, as long as it is remembered."""

from dataclasses import replace

import pytest
from forgery import Story
from forks import BLOCK, Fork, fork_at, holding_these

from chain.relay.backing_types import BackedCandidate, Explicit, Implicit, ValidityAttestation
from chain.relay.body import Attested
from chain.relay.chain import open_state
from chain.relay.dispute_types import (
    BackingSeconded,
    DisputeStatement,
    DisputeStatementSet,
    ExplicitInvalid,
    SaysInvalid,
    SaysValid,
)
from chain.relay.payloads import SECONDED, VALID, backing_payload, dispute_payload
from chain.relay.validators import ValidatorSet

# -- never again -------------------------------------------------------------------------------------------------------


def again(story: Story, fork: Fork) -> BackedCandidate:
    """The disputed candidate before it was ever taken, with the votes of the group's last two members."""
    record = story.record(BLOCK)
    parent = record.candidate.descriptor.relay_parent
    assert parent == fork.head.hash
    group = fork.validators.group_of_core(0, record.backed_in)
    votes: list[ValidityAttestation] = []
    for index in group[-2:]:
        kind, wrap = (VALID, Explicit) if votes else (SECONDED, Implicit)
        payload = backing_payload(kind, record.candidate.hash, 0, parent)
        votes.append(wrap(fork.validators.keys[index].sign(payload)))
    return BackedCandidate(record.candidate, tuple(votes), (*[False] * (len(group) - 2), True, True))


@pytest.fixture
def before(story: Story) -> Fork:
    """The candidate's relay parent, with one group of all four: at most one of them is ever disabled."""
    fork = fork_at(story, story.record(BLOCK).backed_in - 1)
    fork.validators = ValidatorSet(replace(fork.validators.parameters, max_validators_per_core=None), (2090,))
    return fork


def accusing(story: Story, before: Fork, accusers: int) -> DisputeStatementSet:
    """Two that back the candidate, against it others than those that vouch for it in `again`, as far as that goes."""
    record = story.record(BLOCK)
    candidate, parent, keys = record.candidate.hash, record.candidate.descriptor.relay_parent, before.validators.keys
    group = before.validators.group_of_core(0, record.backed_in)
    votes: list[tuple[DisputeStatement, int, bytes]] = []
    for index in group[:2]:
        signature = keys[index].sign(backing_payload(SECONDED, candidate, 0, parent))
        votes.append((SaysValid(BackingSeconded(parent)), index, signature))
    for index in group[:accusers]:
        votes.append((SaysInvalid(ExplicitInvalid()), index, keys[index].sign(dispute_payload(False, candidate, 0))))
    return DisputeStatementSet(candidate, 0, tuple(votes))


@pytest.mark.parametrize("accusers", [2, 3])
def test_what_more_than_f_called_invalid_is_never_taken(story: Story, before: Fork, accusers: int) -> None:
    """Concluded, or more than f against without a conclusion (F18): the author leaves it out, an importer refuses."""
    candidate, votes = again(story, before), accusing(story, before, accusers)
    refused = holding_these(before, Attested((), (candidate,), (votes,)))
    assert before.refusal(refused) == "Inclusion.CandidateConcludedInvalid"
    produced = before.add(candidate, disputes=[votes])
    assert [(item, error.name) for item, error in produced.left_out] == [
        (candidate, "Inclusion.CandidateConcludedInvalid")
    ]
    found = before.state.disputes.get(0, candidate.candidate.hash)
    assert found is not None
    assert (found.concluded_at is not None) == (accusers == 3)
    assert (before.state.pending.get(2090), before.state.frozen.get()) == (None, None)


def test_f_against_keep_nothing_out(story: Story, before: Fork) -> None:
    """One of four against it: the candidate is taken."""
    candidate = again(story, before)
    produced = before.add(candidate, disputes=[accusing(story, before, 1)])
    assert (produced.backed, produced.left_out) == ((candidate,), ())


# -- forgetting --------------------------------------------------------------------------------------------------------


def test_inclusions_are_remembered_as_long_as_they_can_be_disputed(story: Story) -> None:
    """The block to go back to, by session and candidate; forgotten dispute_period sessions after its own."""
    node = story.chain.node
    parameters = replace(node.validators.parameters, session_length=10, dispute_period=1)
    fork = Fork(ValidatorSet(parameters, (2090,)), node.nodes, story.relay_header(10))
    candidate = story.record(4).candidate.hash
    assert open_state(fork.store, fork.head)[1].included.get(0, candidate) == story.record(4).included_in - 1 == 9
    remembered = []
    for _ in range(25):
        fork.add()
        remembered.append(fork.state.included.get(0, candidate) is not None)
    forgotten = remembered.index(False) + 11
    assert forgotten == 30, "the last block of session 2 begins session 3"
    assert list(fork.state.included.items()) == []
