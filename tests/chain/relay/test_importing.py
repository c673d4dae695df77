"""What importers of relay blocks refuse. Source: spec/relay.md §8.4, §8.5."""

from dataclasses import replace

import msgspec
import pytest
from forgery import Story
from relay_alone import BLOCK, Relay

from amm.runtime import load
from chain.blocks.seal import seal_header
from chain.primitives.header import Digest, Header, OtherItem, slot_item
from chain.relay.backing import Backing, back
from chain.relay.chain import produce
from chain.relay.errors import InclusionError, RelayBlockError
from chain.relay.relay_block import RelayBlock
from chain.relay.validators import ValidatorSet
from chain.trie import EMPTY_ROOT


@pytest.fixture
def relay(story: Story) -> Relay:
    view = story.view(BLOCK)
    made: Backing = back(view, story.collation(BLOCK), load)
    assert made.backed is not None
    return Relay(story, view, made.backed)


def header_with(relay: Relay, block: RelayBlock, author: int | None = None, **changes: object) -> RelayBlock:
    """The block under another header, sealed anew."""
    header: Header = msgspec.structs.replace(block.header.unsealed(), **changes)
    index = relay.validators.author_at(header.slot or 0) if author is None else author
    return msgspec.structs.replace(block, header=seal_header(header, relay.validators.keys[index]))


def refusal(relay: Relay, block: RelayBlock) -> str:
    with pytest.raises((RelayBlockError, InclusionError)) as refused:
        relay.imported(block)
    return refused.value.name


def test_headers(relay: Relay) -> None:
    block = relay.produce(relay.backed).block
    slot = block.header.slot
    assert slot is not None
    author = relay.validators.author_at(slot)
    past, digest = slot_item(slot - 1), block.header.unsealed().digest.logs
    wrong_seal = msgspec.structs.replace(block, header=block.header.unsealed().sealed(b"aura", bytes(64)))
    other_engine = msgspec.structs.replace(block, header=block.header.unsealed().sealed(b"BABE", bytes(64)))
    unsealed = msgspec.structs.replace(block, header=block.header.unsealed())
    for spoilt, name in (
        (header_with(relay, block, parent_hash=bytes(32)), "Relay.ParentMismatch"),
        (header_with(relay, block, number=9), "Relay.ParentMismatch"),
        (header_with(relay, block, author=(author + 1) % 4), "Relay.WrongAuthor"),
        (wrong_seal, "Relay.BadSeal"),
        (other_engine, "Relay.BadSeal"),
        (unsealed, "Relay.BadSeal"),
        (header_with(relay, block, digest=Digest(())), "Relay.BadSeal"),
        (header_with(relay, block, digest=Digest((*digest, OtherItem(b"")))), "Relay.BadSeal"),
        (header_with(relay, block, digest=Digest((past,))), "Relay.SlotNotIncreasing"),
        (header_with(relay, block, state_root=EMPTY_ROOT), "Relay.StateRootMismatch"),
        (header_with(relay, block, extrinsics_root=EMPTY_ROOT), "Relay.ExtrinsicsRootMismatch"),
    ):
        assert refusal(relay, spoilt) == name


def test_another_slot_is_another_state(relay: Relay) -> None:
    """The slot is in the state, where parachains read the time from."""
    block = relay.produce().block
    assert block.header.slot is not None
    moved = header_with(relay, block, digest=Digest((slot_item(block.header.slot + 4),)))
    assert refusal(relay, moved) == "Relay.StateRootMismatch"


def test_witness(relay: Relay) -> None:
    """A witness in which every signature verifies, none too few, none too many, none in the body."""
    block = relay.produce(relay.backed).block
    first, second = block.witness
    for witness in ((), (first,), (first, second, first), (second, first), (first, bytes(64))):
        spoilt = msgspec.structs.replace(block, witness=witness)
        assert refusal(relay, spoilt) == "Relay.BadWitness"
    filled = msgspec.structs.replace(block.body, backed_candidates=(relay.backed,))
    assert refusal(relay, msgspec.structs.replace(block, body=filled)) == "Relay.BadWitness"


def test_other_body(relay: Relay, story: Story) -> None:
    block = relay.produce(relay.backed).block
    empty = relay.produce().block
    elsewhere = msgspec.structs.replace(block.body, parent_header=story.relay_header(1))
    assert refusal(relay, msgspec.structs.replace(block, body=elsewhere)) == "Relay.ParentMismatch"
    swapped = msgspec.structs.replace(block, body=empty.body, witness=())
    assert refusal(relay, swapped) == "Relay.StateRootMismatch"


def test_an_importer_rejects_the_whole_block(relay: Relay) -> None:
    """A candidate with one vote, put in by its author all the same (F37)."""
    lonely = relay.voted(relay.backed.candidate, (True, False))
    lax = ValidatorSet(replace(relay.validators.parameters, minimum_backing_votes=1), (2090,))
    produced = produce(lax, relay.view.store, relay.view.relay_parent, (lonely,))
    assert produced.backed == (lonely,)
    assert refusal(relay, produced.block) == "Inclusion.InsufficientBacking"
