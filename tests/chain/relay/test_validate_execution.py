"""The state transition inside validate_block, spoilt in each step. Source: spec/relay.md §7, steps 13 to 21."""

import msgspec
import pytest
from forgery import SPOILT, TRANSFERS, Forgery, Story, bare, seal

from amm.local import LocalChain
from amm.runtime import load
from amm.signing import sign_call
from chain.crypto.keys import dev
from chain.primitives.extrinsic import BARE
from chain.primitives.header import Digest, OtherItem, PreRuntime, slot_item
from chain.primitives.validation import InboundDownwardMessage, InboundHrmpMessage, StorageProof
from chain.relay.errors import PvfError
from chain.relay.validate import UnknownCode, validate, validate_block
from chain.scale import BYTES, IMMORTAL, Era
from chain.trie import decode_compact, encode_compact


@pytest.fixture
def real(story: Story) -> Forgery:
    return Forgery.of(story, SPOILT)


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
        assert real.with_fitting_body(*body).verdict() == f"Pvf.BadExtrinsic({place}, BadProof)"


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
    assert real.with_fitting_body(told, inherent, first, first).verdict() == "Pvf.BadExtrinsic(3, Stale)"
    assert real.with_fitting_body(told, inherent, second, first).verdict() == "Pvf.BadExtrinsic(2, Future)"


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
    assert proved.with_fitting_body(*body).verdict() == f"Pvf.BadExtrinsic({2 + TRANSFERS}, {reason})"


def test_inherents_in_their_order(real: Forgery) -> None:
    told, inherent, *rest = real.data.extrinsics
    assert real.with_fitting_body(inherent, told, *rest).verdict() == "Pvf.BadExtrinsic(0, Mandatory)"
    assert real.with_fitting_body(told, inherent, told, *rest).verdict() == "Pvf.BadExtrinsic(2, Mandatory)"


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
