"""A chain that holds what more than f call invalid freezes; the surviving one does not.

Source: spec/relay.md §8.2.3, §8.4, §10.4.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
import pytest
from forgery import Story

from amm.runtime import load
from chain.blocks.seal import seal_header
from chain.primitives.header import Digest, Header, PreRuntime
from chain.relay.availability_types import SignedBitfield
from chain.relay.backing import back
from chain.relay.backing_types import BackedCandidate, Explicit, Implicit, ValidityAttestation
from chain.relay.bitfields import sign_bitfield
from chain.relay.body import Attested, body_root
from chain.relay.chain import Produced, import_block, open_state, produce
from chain.relay.dispute_types import (
    BackingSeconded,
    BackingValid,
    DisputeStatement,
    DisputeStatementSet,
    ExplicitInvalid,
    SaysInvalid,
    SaysValid,
)
from chain.relay.errors import RelayError
from chain.relay.freezing import _LOG, ENGINE, Revert, revert_item, reverts
from chain.relay.payloads import SECONDED, VALID, backing_payload, dispute_payload
from chain.relay.relay_block import RelayBlock
from chain.relay.state import RelayState
from chain.relay.validators import ValidatorSet
from chain.trie import NodeStore, OverlayStore

BLOCK = 2
"""The block whose candidate is disputed; the next one is what a frozen chain does not take."""


@dataclass
class Fork:
    """A relay block and the store that has its state; `add` puts a block on it."""

    validators: ValidatorSet
    store: NodeStore
    head: Header

    def add(
        self,
        *backed: BackedCandidate,
        disputes: Sequence[DisputeStatementSet] = (),
        bitfields: Sequence[SignedBitfield] = (),
    ) -> Produced:
        """An author's block, which others import alike."""
        produced = produce(self.validators, self.store, self.head, backed, None, bitfields, disputes)
        imported = import_block(self.validators, self.store, self.head, produced.block)
        assert imported.nodes == produced.nodes
        self.store, self.head = OverlayStore(produced.nodes, self.store), produced.block.header
        return produced

    @property
    def state(self) -> RelayState:
        return open_state(self.store, self.head)[1]

    def refusal(self, block: RelayBlock) -> str:
        with pytest.raises(RelayError) as refused:
            import_block(self.validators, self.store, self.head, block)
        return refused.value.name


def fork_at(story: Story, number: int) -> Fork:
    node = story.chain.node
    return Fork(node.validators, node.nodes, story.relay_header(number))


@pytest.fixture
def holding(story: Story) -> Fork:
    """The chain whose head includes the candidate."""
    return fork_at(story, story.record(BLOCK).included_in)


@pytest.fixture
def surviving(story: Story) -> Fork:
    """The block before the inclusion: here the candidate is backed and waits."""
    return fork_at(story, story.record(BLOCK).included_in - 1)


def dispute(story: Story, accusers: int, first: int = 0, number: int = BLOCK) -> DisputeStatementSet:
    """The backers' votes for the candidate, and explicit ones against it of the first validators that are none."""
    record, validators = story.record(number), story.chain.node.validators
    candidate, parent = record.candidate, record.candidate.descriptor.relay_parent
    votes: list[tuple[DisputeStatement, int, bytes]] = []
    for place, index in enumerate(record.backed_by if not first else ()):
        word = SaysValid(BackingValid(parent) if place else BackingSeconded(parent))
        payload = backing_payload(VALID if place else SECONDED, candidate.hash, 0, parent)
        votes.append((word, index, validators.keys[index].sign(payload)))
    others = [index for index in range(len(validators.keys)) if index not in record.backed_by]
    for index in [*others, *record.backed_by][first : first + accusers]:
        payload = dispute_payload(False, candidate.hash, 0)
        votes.append((SaysInvalid(ExplicitInvalid()), index, validators.keys[index].sign(payload)))
    return DisputeStatementSet(candidate.hash, 0, tuple(votes))


def next_candidate(story: Story) -> BackedCandidate:
    made = back(story.view(BLOCK + 1), story.collation(BLOCK + 1), load).backed
    assert made is not None
    return made


def bits(fork: Fork) -> SignedBitfield:
    key = fork.validators.keys[0]
    return sign_bitfield((True, False), 0, key, 0, fork.head.hash)


# -- freezing ----------------------------------------------------------------------------------------------------------


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


# -- what importers refuse ---------------------------------------------------------------------------------------------


def resealed(fork: Fork, block: RelayBlock, **changes: object) -> RelayBlock:
    header: Header = msgspec.structs.replace(block.header.unsealed(), **changes)
    author = fork.validators.author_at(header.slot or 0)
    return msgspec.structs.replace(block, header=seal_header(header, fork.validators.keys[author]))


def holding_these(fork: Fork, attested: Attested) -> RelayBlock:
    """A relay block of an author that does not care whether the chain is frozen."""
    empty = produce(fork.validators, fork.store, fork.head).block
    body = attested.body(fork.head)
    block = msgspec.structs.replace(empty, body=body, witness=attested.signatures)
    return resealed(fork, block, extrinsics_root=body_root(body))


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
