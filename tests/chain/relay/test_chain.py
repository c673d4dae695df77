"""Relay blocks: what their author takes, and what their importers refuse. Source: spec/relay.md §8.2, §8.4, §8.5."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
import pytest
from forgery import Story
from relay_alone import BLOCK, Relay

from amm.runtime import load
from chain.primitives.validation import OutboundHrmpMessage
from chain.relay.backing import Backing, back
from chain.relay.backing_types import BackedCandidate, Implicit, ValidityAttestation
from chain.relay.candidate import CommittedCandidateReceipt
from chain.relay.chain import import_block, open_state, produce, relay_genesis
from chain.relay.payloads import SECONDED, backing_payload
from chain.relay.validators import ValidatorSet
from chain.trie import MemoryStore, NodeStore, OverlayStore


@pytest.fixture
def relay(story: Story) -> Relay:
    view = story.view(BLOCK)
    made: Backing = back(view, story.collation(BLOCK), load)
    assert made.backed is not None
    return Relay(story, view, made.backed)


# -- the life of a block -----------------------------------------------------------------------------------------------


def test_pinned_numbers(story: Story) -> None:
    """Block b: relay parent 2b, 12,000·b ms, slot b, included in relay block 2b + 2; relay slot = relay number."""
    for number in range(1, 5):
        record = story.record(number)
        assert record.validation_data.relay_parent_number == 2 * number
        assert (record.backed_in, record.included_in) == (2 * number + 1, 2 * number + 2)
        assert record.block.header.slot == number
    for number in range(1, 11):
        assert story.relay_header(number).slot == number


def test_heads_form_one_line(story: Story) -> None:
    """The head moves when a block is included, not when it is backed."""
    node = story.chain.node
    head = node.about.genesis.encode()
    for number in range(1, 5):
        record = story.record(number)
        assert record.validation_data.parent_head == head
        backed = open_state(node.nodes, story.relay_header(record.backed_in))[1]
        assert backed.heads.get(2090) == head
        waiting = backed.pending.get(2090)
        assert waiting is not None
        assert (waiting.candidate, waiting.backed_in) == (record.candidate, record.backed_in)
        head = record.block.header.encode()
        included = open_state(node.nodes, story.relay_header(record.included_in))[1]
        assert included.heads.get(2090) == head
        assert included.pending.get(2090) is None
        assert included.contexts.get(2090) == record.backed_in - 1


def test_every_stored_relay_block_imports(story: Story) -> None:
    """From genesis on, with nothing but the blocks: the states come out as they were made."""
    node = story.chain.node
    validators = node.validators
    genesis = relay_genesis(validators, {2090: node.about.genesis.encode()}, {2090: node.runtime.code_hash})
    assert genesis.header == story.relay_header(0)
    store: NodeStore = MemoryStore(dict(genesis.nodes))
    parent = genesis.header
    for number in range(1, node.relay.head.number + 1):
        block = node.archive.relay(number).block
        assert block is not None
        imported = import_block(validators, store, parent, block)
        assert imported.block == block
        store, parent = OverlayStore(imported.nodes, store), block.header
    assert parent == node.relay.head


def test_an_empty_slot(relay: Relay) -> None:
    """The slot of an offline validator stays empty; the next one is another author's."""
    later = relay.view.relay_parent.number + 3
    produced = relay.produce(slot=later)
    header = produced.block.header
    assert (header.slot, header.number) == (later, relay.view.relay_parent.number + 1)
    assert relay.imported(produced.block).nodes == produced.nodes
    state = open_state(OverlayStore(produced.nodes, relay.view.store), header)[1]
    assert state.slot.get() == later


def test_session_change(relay: Relay) -> None:
    """What waits at the end of a session is cleared, and must be backed anew."""
    short = replace(relay.validators.parameters, session_length=relay.view.relay_parent.number + 1)
    validators = ValidatorSet(short, (2090,))
    made = back(replace(relay.view, validators=validators), relay.story.collation(BLOCK), load)
    assert made.backed is not None
    last = produce(validators, relay.view.store, relay.view.relay_parent, (made.backed,))
    assert [backed.candidate for backed in last.backed] == [relay.backed.candidate]
    store = OverlayStore(last.nodes, relay.view.store)
    state = open_state(store, last.block.header)[1]
    assert (state.session.get(), state.pending.get(2090)) == (1, None)
    assert produce(validators, store, last.block.header).included == ()


# -- what an author leaves out -----------------------------------------------------------------------------------------


def test_the_candidate_is_taken(relay: Relay) -> None:
    produced = relay.produce(relay.backed)
    assert produced.backed == (relay.backed,)
    assert not produced.left_out
    assert not produced.included
    assert relay.imported(produced.block).backed == (relay.backed,)


def test_attestations_are_detached(relay: Relay) -> None:
    """The body's signatures are blank; the same candidate has one block hash whoever signed with what nonce."""
    produced = relay.produce(relay.backed)
    [blank] = produced.block.body.backed_candidates
    assert [vote.signature for vote in blank.validity_votes] == [bytes(64), bytes(64)]
    assert produced.block.witness == tuple(vote.signature for vote in relay.backed.validity_votes)


def test_disallowed_relay_parent(relay: Relay) -> None:
    """Another relay parent; the same candidate again after its inclusion (F09)."""
    assert relay.left_out(relay.changed(relay_parent=bytes(32))) == "Inclusion.DisallowedRelayParent"
    node, head = relay.story.chain.node, relay.story.relay_header(relay.story.record(BLOCK).included_in)
    again = produce(node.validators, node.nodes, head, (relay.backed,))
    assert [error.name for _, error in again.left_out] == ["Inclusion.DisallowedRelayParent"]


Spoil = Callable[[Relay], BackedCandidate]


def unsigned(relay: Relay) -> BackedCandidate:
    descriptor = msgspec.structs.replace(relay.backed.candidate.descriptor, signature=bytes(64))
    return relay.voted(CommittedCandidateReceipt(descriptor, relay.backed.candidate.commitments))


def with_votes(relay: Relay, votes: tuple[ValidityAttestation, ...], bits: tuple[bool, ...]) -> BackedCandidate:
    return BackedCandidate(relay.backed.candidate, votes, bits)


def forged(relay: Relay) -> BackedCandidate:
    first, second = relay.backed.validity_votes
    return with_votes(relay, (type(first)(second.signature), type(second)(first.signature)), (True, True))


@pytest.mark.parametrize(
    ("spoil", "name"),
    [
        (lambda r: r.changed(persisted_validation_data_hash=bytes(32)), "ValidationDataHashMismatch"),
        (lambda r: r.changed(para_id=2000), "UnscheduledCandidate"),
        (unsigned, "NotCollatorSigned"),
        (lambda r: r.changed(validation_code_hash=bytes(32)), "InvalidValidationCodeHash"),
        (lambda r: r.changed(para_head=bytes(32)), "ParaHeadMismatch"),
        (lambda r: r.changed({"head_data": bytes(20_481)}), "HeadDataTooLarge"),
        (lambda r: r.changed({"new_validation_code": bytes(3_145_729)}), "NewCodeTooLarge"),
        (lambda r: r.changed({"processed_downward_messages": 1}), "IncorrectDownwardMessageHandling"),
        (lambda r: r.changed({"upward_messages": (b"",) * 11}), "InvalidUpwardMessages"),
        (lambda r: r.changed({"upward_messages": (bytes(51_200), b"x")}), "InvalidUpwardMessages"),
        (lambda r: r.changed({"hrmp_watermark": 5}), "HrmpWatermarkMishandling"),
        (lambda r: r.changed({"hrmp_watermark": 7}), "HrmpWatermarkMishandling"),
        (lambda r: r.changed({"horizontal_messages": (OutboundHrmpMessage(2000, b""),)}), "InvalidOutboundHrmp"),
        (lambda r: with_votes(r, r.backed.validity_votes, (True, True, False)), "InvalidBacking"),
        (lambda r: with_votes(r, r.backed.validity_votes, (True, False)), "InvalidBacking"),
        (lambda r: with_votes(r, r.backed.validity_votes[:1], (True, True)), "InvalidBacking"),
        (forged, "InvalidBacking"),
        (lambda r: r.voted(r.backed.candidate, (False, True)), "InsufficientBacking"),
        (lambda r: r.voted(r.backed.candidate, (False, False)), "InsufficientBacking"),
    ],
)
def test_what_is_left_out(relay: Relay, spoil: Spoil, name: str) -> None:
    """Each by its own name: the candidate is right in all that is looked at before."""
    assert relay.left_out(spoil(relay)) == f"Inclusion.{name}"


def test_limits_are_inclusive(relay: Relay) -> None:
    """What is just within the limits is taken, as far as these checks go."""
    upward = relay.changed({"upward_messages": (bytes(5_120),) * 10, "head_data": bytes(20_480)})
    assert relay.produce(upward).backed == (upward,)


def test_the_last_sessions_signatures(relay: Relay) -> None:
    """Statements signed for another session do not count (F35)."""
    parent = relay.view.relay_parent.hash
    group = relay.validators.group_of_core(0, relay.view.relay_parent.number + 1)
    payload = backing_payload(SECONDED, relay.backed.candidate.hash, 1, parent)
    votes = tuple(Implicit(relay.validators.keys[index].sign(payload)) for index in group)
    assert relay.left_out(with_votes(relay, votes, (True, True))) == "Inclusion.InvalidBacking"


def test_two_seconders(relay: Relay) -> None:
    """Two that seconded the same candidate are two votes."""
    payload = backing_payload(SECONDED, relay.backed.candidate.hash, 0, relay.view.relay_parent.hash)
    group = relay.validators.group_of_core(0, relay.view.relay_parent.number + 1)
    votes = tuple(Implicit(relay.validators.keys[index].sign(payload)) for index in group)
    assert relay.produce(with_votes(relay, votes, (True, True))).left_out == ()


def test_one_candidate_a_core(relay: Relay) -> None:
    """Of two for one core the lower hash is taken, the other is left out (F14)."""
    other = relay.changed({"upward_messages": (b"x",)})
    produced = relay.produce(relay.backed, other)
    first, second = sorted((relay.backed, other), key=lambda backed: backed.candidate.hash)
    assert produced.backed == (first,)
    [(left_out, error)] = produced.left_out
    assert (left_out, error.name) == (second, "Inclusion.UnsortedOrDuplicateBackedCandidates")
    assert relay.produce(other, relay.backed).block == produced.block


def test_more_votes_come_first(relay: Relay) -> None:
    parameters = replace(relay.validators.parameters, minimum_backing_votes=1)
    validators = ValidatorSet(parameters, (2090,))
    candidates = [relay.backed.candidate, relay.changed({"upward_messages": (b"x",)}).candidate]
    low, high = sorted(candidates, key=lambda candidate: candidate.hash)
    offered = (relay.voted(low, (True, False)), relay.voted(high))
    produced = produce(validators, relay.view.store, relay.view.relay_parent, offered)
    assert produced.backed == (offered[1],)
