"""Relay chains that part: one holds what validators dispute, the other does not."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import pytest
from forgery import Story

from amm.runtime import load
from chain.blocks.seal import seal_header
from chain.primitives.header import Header
from chain.relay.availability_types import SignedBitfield
from chain.relay.backing import back
from chain.relay.backing_types import BackedCandidate
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
