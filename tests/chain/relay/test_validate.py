"""validate_block: what passes, and what is refused before anything is executed. Source: spec/relay.md §7, 1 to 12."""

import msgspec
import pytest
from forgery import SPOILT, Forgery, Story, bare, seal, time

from amm.runtime import load
from chain.crypto.keys import dev
from chain.primitives.header import Digest, slot_item
from chain.primitives.validation import StorageProof
from chain.relay.block_data import VERSIONED, VERSIONED_DATA, VersionedBlock
from chain.relay.collator import take_snapshot
from chain.relay.validate import validate
from chain.trie import decode_compact, encode_compact


@pytest.fixture
def real(story: Story) -> Forgery:
    return Forgery.of(story, SPOILT)


# -- what passes -------------------------------------------------------------------------------------------------------


def test_every_real_block_passes(story: Story) -> None:
    """The outputs are those that the candidate commits to, and the head is the sealed header."""
    for number in range(1, 5):
        result = Forgery.of(story, number).run()
        record = story.record(number)
        commitments = record.candidate.commitments
        assert result.head_data == record.block.header.encode() == commitments.head_data
        assert result.hrmp_watermark == commitments.hrmp_watermark == record.validation_data.relay_parent_number
        assert not result.upward_messages
        assert not result.horizontal_messages
        assert result.new_validation_code is None
        assert result.processed_downward_messages == 0


def test_new_nodes_are_those_of_the_author(story: Story) -> None:
    """What execution from the proof adds to the state is, node by node, what the author stored."""
    for number in range(1, 5):
        nodes = validate(story.params(number), load).nodes
        assert story.record(number).block.header.state_root in nodes
        for node_hash, node in nodes.items():
            assert story.chain.node.nodes.get(node_hash) == node


def test_versioned_block_data_passes(real: Forgery) -> None:
    """The newer encoding of the same block."""
    data = real.data
    versioned = VERSIONED + b"\x01" + VERSIONED_DATA.encode(VersionedBlock((data.block,), data.proof))
    assert real.with_params(block_data=versioned).run() == real.run()


# -- 1 to 5: what can be seen without the state ------------------------------------------------------------------------


@pytest.mark.parametrize("cut", ["empty", "short", "long", "version", "no block"])
def test_bad_block_data(real: Forgery, cut: str) -> None:
    data = real.params.block_data
    spoilt = {
        "empty": b"",
        "short": data[:-1],
        "long": data + b"\x00",
        "version": VERSIONED + b"\x02" + VERSIONED_DATA.encode(VersionedBlock((real.data.block,), real.data.proof)),
        "no block": VERSIONED + b"\x01" + VERSIONED_DATA.encode(VersionedBlock((), real.data.proof)),
    }
    assert real.with_params(block_data=spoilt[cut]).verdict() == "Pvf.BadBlockData"


def test_bad_parent_head(real: Forgery) -> None:
    for head in (b"", b"\xff", real.params.parent_head + b"\x00"):
        assert real.with_params(parent_head=head).verdict() == "Pvf.BadParentHead"


def test_parent_hash_of_another_block(story: Story, real: Forgery) -> None:
    other = story.record(1).block.header.hash
    assert real.with_header(parent_hash=other).verdict() == "Pvf.InvalidParentHash"


def test_validation_data_is_set_once(real: Forgery) -> None:
    told, inherent, *rest = real.data.extrinsics
    assert real.with_body([told, *rest]).verdict() == "Pvf.MissingValidationData"
    assert real.with_body([told, *rest, inherent]).verdict() == "Pvf.MissingValidationData"
    assert real.with_body([told, inherent[:-1], *rest]).verdict() == "Pvf.MissingValidationData"
    assert real.with_body([told, inherent, inherent, *rest]).verdict() == "Pvf.DuplicateValidationData"


def test_validation_data_is_the_relay_chains(story: Story, real: Forgery) -> None:
    said = real.inherent.validation_data
    other = story.record(1).block.header.encode()
    for change, name in (
        ({"parent_head": other}, "Pvf.ParentHeadMismatch"),
        ({"relay_parent_number": said.relay_parent_number + 1}, "Pvf.RelayParentNumberMismatch"),
        ({"relay_parent_storage_root": bytes(32)}, "Pvf.RelayStorageRootMismatch"),
    ):
        spoilt = real.with_inherent(validation_data=msgspec.structs.replace(said, **change))
        assert spoilt.verdict() == name


# -- 6, 17: the proof of the state -------------------------------------------------------------------------------------


def test_a_node_dropped(real: Forgery) -> None:
    proof = real.data.proof
    for place in range(len(proof)):
        spoilt = real.with_data(proof=proof[:place] + proof[place + 1 :])
        assert spoilt.verdict() == "Pvf.BadStorageProof"


def test_a_node_left_over(real: Forgery) -> None:
    for extra in ((b"\x00",), (b"",), real.data.proof[:1], real.data.proof):
        assert real.with_data(proof=(*real.data.proof, *extra)).verdict() == "Pvf.ExtraneousProofNode"


def test_proof_of_another_state(story: Story, real: Forgery) -> None:
    assert real.with_data(proof=Forgery.of(story, 2).data.proof).verdict() == "Pvf.BadStorageProof"
    assert real.with_data(proof=()).verdict() == "Pvf.BadStorageProof"


def test_every_node_is_needed(real: Forgery) -> None:
    """A node left as a hash is missed: the proof holds nothing in vain."""
    root, nodes = decode_compact(real.data.proof)
    assert len(nodes) > 20
    for left_out in nodes:
        if left_out == root:
            continue
        fewer = {node_hash: node for node_hash, node in nodes.items() if node_hash != left_out}
        spoilt = real.with_data(proof=tuple(encode_compact(root, fewer)))
        assert spoilt.verdict().startswith("Pvf.MissingTrieNode(0x")


# -- 7, 8: what the relay chain's state says ---------------------------------------------------------------------------


def test_relay_proof_of_another_block(story: Story, real: Forgery) -> None:
    other = Forgery.of(story, 2).inherent.relay_chain_state
    assert real.with_inherent(relay_chain_state=other).verdict() == "Pvf.BadRelayProof"
    assert real.with_inherent(relay_chain_state=StorageProof(())).verdict() == "Pvf.BadRelayProof"


def test_relay_entry_missing(story: Story, real: Forgery) -> None:
    """Every node of the relay proof but the root leads to something that must be readable."""
    nodes, root = real.inherent.relay_chain_state.trie_nodes, real.params.relay_parent_storage_root
    verdicts = []
    for left_out in nodes:
        rest = StorageProof(tuple(node for node in nodes if node != left_out))
        verdicts.append(real.with_inherent(relay_chain_state=rest).verdict())
    assert sorted(set(verdicts)) == ["Pvf.BadRelayProof", "Pvf.RelayEntryMissing"]
    assert verdicts.count("Pvf.BadRelayProof") == 1
    assert root == story.view(SPOILT).relay_parent.state_root


def test_timestamp_one_slot_ahead(real: Forgery) -> None:
    """Block b has the time 12,000·b; one relay slot later or earlier is refused (F40)."""
    right = 12_000 * SPOILT
    first, inherent, *rest = real.data.extrinsics
    assert first == time(right)
    for told in (right + 6_000, right - 6_000, right + 1, 0):
        assert real.with_body([time(told), inherent, *rest]).verdict() == "Pvf.InherentCheckFailed"


def test_the_time_must_be_told(real: Forgery) -> None:
    _, inherent, *rest = real.data.extrinsics
    assert real.with_body([inherent, *rest]).verdict() == "Pvf.InherentCheckFailed"
    assert real.with_body([bare(1, 0), inherent, *rest]).verdict() == "Pvf.InherentCheckFailed"


# -- 9 to 12: the header's place ---------------------------------------------------------------------------------------


def test_seal_by_another_author(story: Story, real: Forgery) -> None:
    header = real.data.header.unsealed()
    other = next(key for key in story.collators if key != story.author(header))
    assert real.with_data(header=seal(header, other)).verdict() == "Pvf.WrongAuthor"


def test_bad_seals(story: Story, real: Forgery) -> None:
    header = real.data.header
    stranger = seal(header.unsealed(), dev("eve"))
    twice = seal(header, story.author(header))
    changed = msgspec.structs.replace(header, state_root=bytes(32))
    engine = header.unsealed().sealed(b"BABE", header.seal.data if header.seal else b"")
    for spoilt in (header.unsealed(), stranger, changed, engine, header.unsealed().sealed(b"aura", bytes(63))):
        assert real.with_data(header=spoilt).verdict() == "Pvf.BadSeal"
    assert real.with_data(header=twice).verdict() == "Pvf.DigestMismatch"


def test_no_slot(real: Forgery) -> None:
    author = real.story.author(real.data.header)
    assert real.with_header(sealed_by=author, digest=Digest(())).verdict() == "Pvf.BadSeal"


def test_bad_number(real: Forgery) -> None:
    for number in (SPOILT - 1, SPOILT + 1, 0):
        assert real.with_header(number=number).verdict() == "Pvf.BadBlockNumber"


def test_relay_parent_not_advancing(story: Story, real: Forgery) -> None:
    last = story.record(SPOILT - 1).validation_data.relay_parent_number
    for number in (last, last - 1):
        spoilt = real.with_place(relay_parent_number=number)
        assert spoilt.verdict() == "Pvf.RelayParentNotAdvancing"


def test_parent_not_included(story: Story, real: Forgery) -> None:
    """Built on a relay parent that has backed the parent block, and not yet included it."""
    node = story.chain.node
    early = story.relay_header(story.record(SPOILT - 1).backed_in)
    snapshot = take_snapshot(node.validators, node.nodes, early, 2090)
    moment = early.number * 6_000
    spoilt = (
        real.with_body([time(moment), *real.data.extrinsics[1:]])
        .with_place(relay_parent_number=early.number, relay_parent_storage_root=early.state_root)
        .with_inherent(relay_chain_state=snapshot.inherent.relay_chain_state)
        .with_header(digest=Digest((slot_item(moment // 12_000),)))
    )
    assert spoilt.verdict() == "Pvf.ParentNotIncluded"
