"""Validation data and candidates, to the byte. Source: spec/relay.md §4.5, §4.9, spec/xcm.md §4.1."""

from chain.crypto.hashing import blake2_256
from chain.primitives import relay_keys
from chain.primitives.validation import (
    NO_MESSAGES,
    VALIDATION_DATA,
    InboundDownwardMessage,
    InboundHrmpMessage,
    ParachainInherentData,
    PersistedValidationData,
    StorageProof,
    extend,
)
from chain.scale import codec_of

DATA = PersistedValidationData(b"\xaa" * 16, 7, b"\xbb" * 32, 5 * 1024 * 1024)


def test_validation_data_hash() -> None:
    expected = "a0786ca042907e44e95d5ad6d88d21b64f06e3cd32847defa7edd2ca5a77ad67"
    assert blake2_256(VALIDATION_DATA.encode(DATA)).hex() == expected


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
