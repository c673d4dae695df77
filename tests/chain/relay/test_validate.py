"""validate_block: a correct block passes, and each way to spoil it is refused by its name. Source: spec/relay.md §7."""

import msgspec
import pytest
from forgery import TRANSFERS, Forgery, Story, bare, seal, time

from amm.local import LocalChain
from amm.runtime import load
from amm.signing import sign_call
from chain.crypto.keys import dev
from chain.primitives.extrinsic import BARE
from chain.primitives.header import Digest, OtherItem, PreRuntime, slot_item
from chain.primitives.validation import InboundDownwardMessage, InboundHrmpMessage, StorageProof
from chain.relay.collator import take_snapshot
from chain.relay.errors import PvfError
from chain.relay.types import VERSIONED, VERSIONED_DATA, VersionedBlock
from chain.relay.validate import UnknownCode, validate, validate_block
from chain.scale import BYTES, IMMORTAL, Era
from chain.trie import decode_compact, encode_compact, ordered_root

SPOILT = 3
"""The block of three transfers."""


@pytest.fixture
def real(story: Story) -> Forgery:
    return Forgery.of(story, SPOILT)


def body_root(body: tuple[bytes, ...]) -> bytes:
    return ordered_root([BYTES.encode(extrinsic) for extrinsic in body])


def resealed_body(real: Forgery, body: tuple[bytes, ...]) -> Forgery:
    """Another body under a header that fits it, but for the state."""
    return real.with_body(body).with_header(extrinsics_root=body_root(body))


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


# -- 13, 14: messages --------------------------------------------------------------------------------------------------


def test_messages_that_nobody_sent(real: Forgery) -> None:
    down = real.with_inherent(downward_messages=(InboundDownwardMessage(4, b"hello"),))
    assert down.with_header().verdict() == "Pvf.DmqHeadMismatch"
    side = real.with_inherent(horizontal_messages={2000: (InboundHrmpMessage(4, b"hello"),)})
    assert side.with_header().verdict() == "Pvf.UnknownHrmpSender"


# -- 16: extrinsics ----------------------------------------------------------------------------------------------------


def test_changed_amount(real: Forgery) -> None:
    """The amount of a signed transfer changed, roots and seal made to fit (F04)."""
    for place in range(2, 2 + TRANSFERS):
        body = list(real.data.extrinsics)
        body[place] = body[place][:-1] + bytes([body[place][-1] ^ 1])
        assert resealed_body(real, tuple(body)).verdict() == f"Pvf.BadExtrinsic({place}, BadProof)"


def test_repeated_and_reordered(story: Story) -> None:
    """The same extrinsic twice is stale; an account's second before its first is too early."""
    chain = story.chain.fork()
    give = chain.call("balances.transfer_allow_death", dest="bob", value="5 BSX")
    block = chain.node.open_block()
    for _ in range(2):
        block.push(chain.prepare(give, "eve", environment=block.environment).extrinsic)
    real = Forgery.of(Story(chain), block.finish().number)
    told, inherent, first, second = real.data.extrinsics
    assert real.verdict() == ""
    assert resealed_body(real, (told, inherent, first, first)).verdict() == "Pvf.BadExtrinsic(3, Stale)"
    assert resealed_body(real, (told, inherent, second, first)).verdict() == "Pvf.BadExtrinsic(2, Future)"


def remark(
    story: Story, signer: str, text: bytes = b"", era: Era = IMMORTAL, birth_hash: bytes | None = None
) -> bytes:
    """A signed remark without its length, fit for the block that is spoilt."""
    chain = story.chain
    call = chain.runtime.make_call("system.remark", text)
    raw = sign_call(
        chain.runtime, call, dev(signer), 0, chain.node.genesis_hash, era=era, birth_hash=birth_hash
    ).raw
    return BYTES.decode(raw)


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("nonsense", "Undecodable"),
        ("unknown call", "Undecodable"),
        ("time again", "InherentNotFirst"),
        ("unsigned", "NoUnsignedValidator"),
        ("other chain", "BadProof"),
        ("of the future", "AncientBirthBlock"),
        ("of nobody", "Payment"),
        ("too long", "ExhaustsResources"),
    ],
)
def test_extrinsics_that_cannot_be_there(real: Forgery, kind: str, reason: str) -> None:
    """Appended to a good body, in a proof that shows all that is read for them."""
    story, runtime = real.story, real.story.chain.runtime
    gift = runtime.make_call("balances.transfer_allow_death", bytes(32), 1)
    births, accounts = runtime.storage("System", "BlockHash"), runtime.storage("System", "Account")
    proved = real.with_reads(births.key(7), accounts.key(dev("zoe").account), accounts.key(dev("ferdie").account))
    spoilt = {
        "nonsense": b"\x84\x00",
        "unknown call": bare(200, 0),
        "time again": real.data.extrinsics[0],
        "unsigned": bytes([BARE]) + runtime.call.encode(gift),
        "other chain": remark(story, "ferdie", birth_hash=bytes(32)),
        "of the future": remark(story, "ferdie", era=Era(8, 7)),
        "of nobody": remark(story, "zoe"),
        "too long": remark(story, "ferdie", bytes(4_000_000)),
    }[kind]
    assert proved.verdict() == ""
    body = (*real.data.extrinsics, spoilt)
    assert resealed_body(proved, body).verdict() == f"Pvf.BadExtrinsic({2 + TRANSFERS}, {reason})"


def test_inherents_in_their_order(real: Forgery) -> None:
    told, inherent, *rest = real.data.extrinsics
    assert resealed_body(real, (inherent, told, *rest)).verdict() == "Pvf.BadExtrinsic(0, Mandatory)"
    assert resealed_body(real, (told, inherent, told, *rest)).verdict() == "Pvf.BadExtrinsic(2, Mandatory)"


def test_block_exhausted(real: Forgery) -> None:
    with pytest.raises(PvfError) as refused:
        validate(real.params, load, operations=100)
    assert refused.value.name == "Pvf.BlockExhausted"


# -- 18 to 21: what the header claims ----------------------------------------------------------------------------------


def test_slot_of_the_last_block(story: Story, real: Forgery) -> None:
    last = story.record(SPOILT - 1).block.header.slot
    assert last is not None
    assert real.with_header(digest=Digest((slot_item(last),))).verdict() == "Pvf.Panic"


def test_digest(real: Forgery) -> None:
    logs = real.data.header.unsealed().digest.logs
    assert isinstance(logs[0], PreRuntime)
    for spoilt in ((*logs, OtherItem(b"hello")), logs[:-1], (*logs, logs[-1])):
        assert real.with_header(digest=Digest(spoilt)).verdict() == "Pvf.DigestMismatch"


def test_state_root(real: Forgery) -> None:
    """A header that claims another state, sealed by its author (F01)."""
    assert real.with_header(state_root=bytes(32)).verdict() == "Pvf.StateRootMismatch"


def test_extrinsic_removed(real: Forgery) -> None:
    """The header kept as it was (F05)."""
    for place in range(2, 2 + TRANSFERS):
        body = real.data.extrinsics
        assert real.with_body(body[:place] + body[place + 1 :]).verdict() == "Pvf.StateRootMismatch"


def test_extrinsics_root(real: Forgery) -> None:
    assert real.with_header(extrinsics_root=bytes(32)).verdict() == "Pvf.ExtrinsicsRootMismatch"


def test_the_first_failing_step_decides(story: Story, real: Forgery) -> None:
    """Faults of ever earlier steps, one on top of the other: the earliest has its name told."""
    spoilt = real.with_header(extrinsics_root=bytes(32), state_root=bytes(32))
    assert spoilt.verdict() == "Pvf.StateRootMismatch"
    logs = real.data.header.unsealed().digest.logs
    spoilt = spoilt.with_header(digest=Digest((*logs, OtherItem(b""))))
    assert spoilt.verdict() == "Pvf.DigestMismatch"
    body = real.data.extrinsics
    spoilt = spoilt.with_body((*body[:-1], body[-1][:-1] + bytes([body[-1][-1] ^ 1])))
    assert spoilt.verdict() == "Pvf.BadExtrinsic(4, BadProof)"
    spoilt = spoilt.with_inherent(downward_messages=(InboundDownwardMessage(4, b""),))
    assert spoilt.verdict() == "Pvf.DmqHeadMismatch"
    last = story.record(SPOILT - 1).validation_data.relay_parent_number
    spoilt = spoilt.with_place(relay_parent_number=last)
    assert spoilt.verdict() == "Pvf.RelayParentNotAdvancing"
    spoilt = spoilt.with_header(number=9)
    assert spoilt.verdict() == "Pvf.BadBlockNumber"
    spoilt = spoilt.with_header(sealed_by=dev("eve"))
    assert spoilt.verdict() == "Pvf.BadSeal"
    spoilt = spoilt.with_body(spoilt.data.extrinsics[1:])
    assert spoilt.verdict() == "Pvf.InherentCheckFailed"
    spoilt = spoilt.with_inherent(relay_chain_state=StorageProof(()))
    assert spoilt.verdict() == "Pvf.BadRelayProof"
    spoilt = spoilt.with_data(proof=())
    assert spoilt.verdict() == "Pvf.BadStorageProof"
    spoilt = spoilt.with_params(relay_parent_storage_root=bytes(32))
    assert spoilt.verdict() == "Pvf.RelayStorageRootMismatch"
    spoilt = spoilt.with_body(spoilt.data.extrinsics[1:])
    assert spoilt.verdict() == "Pvf.MissingValidationData"
    spoilt = spoilt.with_data(header=msgspec.structs.replace(spoilt.data.header, parent_hash=bytes(32)))
    assert spoilt.verdict() == "Pvf.InvalidParentHash"
    spoilt = spoilt.with_params(parent_head=b"")
    assert spoilt.verdict() == "Pvf.BadParentHead"
    assert spoilt.with_params(block_data=b"").verdict() == "Pvf.BadBlockData"


# -- programs, deletions -----------------------------------------------------------------------------------------------


def test_a_program_that_is_not_known_here(story: Story, real: Forgery) -> None:
    """The validator abstains: it is in no position to call the block invalid."""

    def nothing(code: bytes) -> object:
        return load(b"\x00" + code)

    with pytest.raises(UnknownCode):
        validate_block(real.params, nothing)  # type: ignore[arg-type]
    assert story.chain.runtime.code


def test_a_branch_collapses() -> None:
    """Of two keys below a branch one is deleted: the other moves up, so its node must be in the proof."""
    chain = LocalChain()
    items = tuple((b"collapse" + bytes([first]) * 8, bytes([first]) * 40) for first in (0x10, 0x2F))
    write, erase = (
        chain.runtime.make_call("system.set_storage", items),
        chain.runtime.make_call("system.kill_storage", (items[0][0],)),
    )
    assert chain.submit(write, "root").ok
    assert chain.submit(erase, "root").ok
    real = Forgery.of(Story(chain), 2)
    assert real.verdict() == ""
    root, nodes = decode_compact(real.data.proof)
    sibling = [node_hash for node_hash, node in nodes.items() if b"\x2f" * 7 in node]
    assert len(sibling) == 1  # the node that moves up; its value is not read
    fewer = {node_hash: node for node_hash, node in nodes.items() if node_hash != sibling[0]}
    spoilt = real.with_data(proof=tuple(encode_compact(root, fewer)))
    assert spoilt.verdict().startswith("Pvf.MissingTrieNode(0x")


def test_sealing_again_gives_the_same_bytes(story: Story) -> None:
    header = story.record(SPOILT).block.header
    assert seal(header.unsealed(), story.author(header)) == header
