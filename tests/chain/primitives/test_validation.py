"""Validation data and candidates, to the byte. Source: spec/relay.md §4.5, §4.9, spec/xcm.md §4.1."""

from chain.crypto.hashing import blake2_256
from chain.primitives import relay_keys
from chain.primitives.validation import (
    COMMITMENTS,
    NO_MESSAGES,
    VALIDATION_DATA,
    CandidateCommitments,
    CandidateDescriptor,
    CommittedCandidateReceipt,
    InboundDownwardMessage,
    InboundHrmpMessage,
    OutboundHrmpMessage,
    ParachainInherentData,
    PersistedValidationData,
    StorageProof,
    extend,
)
from chain.scale import codec_of

DATA = PersistedValidationData(b"\xaa" * 16, 7, b"\xbb" * 32, 5 * 1024 * 1024)
COMMITTED = CandidateCommitments((), (OutboundHrmpMessage(2000, bytes(range(3))),), None, b"\xcc" * 8, 0, 7)


def test_validation_data_hash() -> None:
    expected = "a0786ca042907e44e95d5ad6d88d21b64f06e3cd32847defa7edd2ca5a77ad67"
    assert blake2_256(VALIDATION_DATA.encode(DATA)).hex() == expected


def test_commitments() -> None:
    encoded = COMMITMENTS.encode(COMMITTED)
    assert encoded.hex() == "0004d00700000c0001020020cccccccccccccccc0000000007000000"
    expected = "d8959925b7d52d4cabccc361b31f5a7000d58bbdf2b9a0c1a4c1c0945546ac4a"
    assert blake2_256(encoded).hex() == expected


def test_candidate_hash() -> None:
    descriptor = CandidateDescriptor(
        para_id=2090,
        relay_parent=b"\x01" * 32,
        collator=b"\x02" * 32,
        persisted_validation_data_hash=blake2_256(VALIDATION_DATA.encode(DATA)),
        pov_hash=bytes.fromhex("051289c279a0bce0b81120f41546c34a0ac348528032fc4658c70db4d99313f9"),
        erasure_root=bytes.fromhex("302b02d9665e2e2a2849374b04984c076e54ebb0591872b727c84326a6db75b4"),
        signature=b"\x03" * 64,
        para_head=blake2_256(b"\xcc" * 8),
        validation_code_hash=b"\x04" * 32,
    )
    assert len(codec_of(CandidateDescriptor).encode(descriptor)) == 292
    expected = "ff5bd81061a3cfb81571dbc2b074846fe4a162cb1a74477458facfa14898bcfa"
    assert CommittedCandidateReceipt(descriptor, COMMITTED).hash.hex() == expected


def test_message_queue_chain() -> None:
    first = extend(NO_MESSAGES, 10, bytes.fromhex("00616263"))
    assert first.hex() == "5bcff9bdd69d96f8ab77a641ae97f7f6fdbc230f9509ad45bd9eee1b159fa486"
    second = extend(first, 12, bytes.fromhex("0064656667"))
    assert second.hex() == "c1a8d79e12c28b2c9530aa0a309729728a385799e3157e991deb41cdded38401"


def test_inherent_data_is_canonical() -> None:
    """Nodes are a set and senders a map: both go ascending, whatever order the collator has them in."""
    data = ParachainInherentData(
        DATA,
        StorageProof((b"\x02", b"\x01")),
        (InboundDownwardMessage(3, b"down"),),
        {2001: (), 2000: (InboundHrmpMessage(4, b"side"),)},
    )
    codec = codec_of(ParachainInherentData)
    decoded = codec.decode(codec.encode(data))
    assert decoded.relay_chain_state.trie_nodes == (b"\x01", b"\x02")
    assert list(decoded.horizontal_messages) == [2000, 2001]
    assert codec.encode(decoded) == codec.encode(data)


def test_relay_keys() -> None:
    assert relay_keys.para_head(2090).hex().endswith("c9b4b4f407d5e7a62a080000")
    assert relay_keys.channel(2000, 2090).hex().endswith("10cc72a29e660458d00700002a080000")
    assert relay_keys.ump_room(2090) == b":relay_dispatch_queue_remaining_capacity\x2a\x08\x00\x00"
