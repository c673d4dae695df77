"""Every vector that spec/relay.md prints, to the byte."""

from collections.abc import Callable

import pytest

from chain.crypto.hashing import blake2_256
from chain.primitives import relay_keys
from chain.primitives.validation import VALIDATION_DATA, OutboundHrmpMessage, PersistedValidationData
from chain.relay.availability_types import AVAILABLE_DATA, AvailableData
from chain.relay.backing_types import BackedCandidate, Explicit, Implicit, Seconded, SignedStatement, Statement, Valid
from chain.relay.bits import BITS
from chain.relay.block_data import PoV
from chain.relay.candidate import (
    COMMITMENTS,
    COMMITTED,
    RECEIPT,
    CandidateCommitments,
    CandidateDescriptor,
    CommittedCandidateReceipt,
)
from chain.relay.erasure import encode, erasure_root
from chain.relay.payloads import (
    SECONDED,
    VALID,
    approval_payload,
    backing_payload,
    bitfield_payload,
    collator_payload,
    dispute_payload,
    precommit_payload,
    statement_payload,
)
from chain.relay.thresholds import backing_threshold, faulty, recovery_threshold, supermajority
from chain.scale import DecodeError, codec_of

ONES, TWOS = b"\x11" * 32, b"\x22" * 32
DATA = PersistedValidationData(b"\xaa" * 16, 7, b"\xbb" * 32, 5 * 1024 * 1024)
POV = PoV(bytes(range(256)))
COMMITTED_TO = CandidateCommitments((), (OutboundHrmpMessage(2000, bytes(range(3))),), None, b"\xcc" * 8, 0, 7)
POV_HASH = "051289c279a0bce0b81120f41546c34a0ac348528032fc4658c70db4d99313f9"
DATA_HASH = "a0786ca042907e44e95d5ad6d88d21b64f06e3cd32847defa7edd2ca5a77ad67"
ERASURE_ROOT = "302b02d9665e2e2a2849374b04984c076e54ebb0591872b727c84326a6db75b4"
CANDIDATE_HASH = "ff5bd81061a3cfb81571dbc2b074846fe4a162cb1a74477458facfa14898bcfa"
DESCRIPTOR = CandidateDescriptor(
    para_id=2090,
    relay_parent=b"\x01" * 32,
    collator=b"\x02" * 32,
    persisted_validation_data_hash=bytes.fromhex(DATA_HASH),
    pov_hash=bytes.fromhex(POV_HASH),
    erasure_root=bytes.fromhex(ERASURE_ROOT),
    signature=b"\x03" * 64,
    para_head=blake2_256(b"\xcc" * 8),
    validation_code_hash=b"\x04" * 32,
)
CANDIDATE = CommittedCandidateReceipt(DESCRIPTOR, COMMITTED_TO)


def test_signed_payloads() -> None:
    context = bytes.fromhex("07000000") + TWOS
    seconded = backing_payload(SECONDED, ONES, 7, TWOS)
    assert seconded == bytes.fromhex("424b4e4701") + ONES + context
    assert len(seconded) == 73
    assert backing_payload(VALID, ONES, 7, TWOS) == bytes.fromhex("424b4e4702") + ONES + context
    assert approval_payload(ONES, 7) == bytes.fromhex("41505052") + ONES + bytes.fromhex("07000000")
    assert dispute_payload(True, ONES, 7) == b"DISP\x01" + ONES + bytes.fromhex("07000000")
    assert dispute_payload(False, ONES, 7) == b"DISP\x00" + ONES + bytes.fromhex("07000000")
    assert bitfield_payload((True, False, True, False, True), 7, TWOS) == bytes.fromhex("1415") + context
    vote = precommit_payload(ONES, 9, 3, 7)
    assert vote == b"\x01" + ONES + bytes.fromhex("09000000" "0300000000000000" "0700000000000000")


def test_statements_are_signed_by_the_candidate_hash() -> None:
    expected = backing_payload(SECONDED, CANDIDATE.hash, 7, TWOS)
    assert statement_payload(Seconded(CANDIDATE), 7, TWOS) == expected
    assert statement_payload(Valid(CANDIDATE.hash), 7, TWOS) == backing_payload(VALID, CANDIDATE.hash, 7, TWOS)


def test_collator_payload() -> None:
    payload = collator_payload(DESCRIPTOR)
    parts = b"\x01" * 32, bytes.fromhex("2a080000"), bytes.fromhex(DATA_HASH), bytes.fromhex(POV_HASH), b"\x04" * 32
    assert payload == b"".join(parts)
    assert len(payload) == 132


def test_bits() -> None:
    assert BITS.encode((True, False, True, False, True)).hex() == "1415"
    assert BITS.decode(bytes.fromhex("1415")) == (True, False, True, False, True)
    with pytest.raises(DecodeError):
        BITS.decode(bytes.fromhex("1435"))


def test_pov_and_validation_data() -> None:
    assert POV.hash.hex() == POV_HASH
    assert POV.size == 258
    assert blake2_256(VALIDATION_DATA.encode(DATA)).hex() == DATA_HASH


def test_available_data_and_its_chunks() -> None:
    available = AVAILABLE_DATA.encode(AvailableData(POV, DATA))
    chunks = encode(available, 4)
    assert len(available) == 315
    assert [len(chunk) for chunk in chunks] == [158] * 4
    assert erasure_root(chunks).hex() == ERASURE_ROOT


def test_erasure_code() -> None:
    chunks = encode(bytes(range(16)), 4)
    expected = ["0001020304050607", "08090a0b0c0d0e0f", "f389077d067cf288", "047ef08af18b057f"]
    assert [chunk.hex() for chunk in chunks] == expected


def test_commitments() -> None:
    encoded = COMMITMENTS.encode(COMMITTED_TO)
    assert encoded.hex() == "0004d00700000c0001020020cccccccccccccccc0000000007000000"
    assert COMMITTED_TO.hash.hex() == "d8959925b7d52d4cabccc361b31f5a7000d58bbdf2b9a0c1a4c1c0945546ac4a"


def test_candidate() -> None:
    assert len(codec_of(CandidateDescriptor).encode(DESCRIPTOR)) == 292
    assert CANDIDATE.hash.hex() == CANDIDATE_HASH
    assert CANDIDATE.receipt.hash.hex() == CANDIDATE_HASH
    assert blake2_256(RECEIPT.encode(CANDIDATE.receipt)).hex() == CANDIDATE_HASH


def test_statements_and_votes_have_their_indices() -> None:
    statement = codec_of(SignedStatement)
    valid = statement.encode(SignedStatement(Valid(ONES), 3, b"\x05" * 64))
    assert valid == b"\x02" + ONES + bytes.fromhex("03000000") + b"\x05" * 64
    seconded = codec_of(Statement).encode(Seconded(CANDIDATE))
    assert seconded == b"\x01" + COMMITTED.encode(CANDIDATE)
    backed = BackedCandidate(CANDIDATE, (Implicit(b"\x06" * 64), Explicit(b"\x07" * 64)), (True, True, False))
    votes = b"\x08" + b"\x01" + b"\x06" * 64 + b"\x02" + b"\x07" * 64
    codec = codec_of(BackedCandidate)
    assert codec.encode(backed) == COMMITTED.encode(CANDIDATE) + votes + bytes.fromhex("0c03")
    assert codec.decode(codec.encode(backed)) == backed


def test_key_endings() -> None:
    assert relay_keys.para_head(2090).hex().endswith("c9b4b4f407d5e7a62a080000")
    assert relay_keys.channel(2000, 2090).hex().endswith("10cc72a29e660458d00700002a080000")


SIZES = (1, 3, 4, 5, 7, 10, 13, 20, 50, 100)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (faulty, (0, 0, 1, 1, 2, 3, 4, 6, 16, 33)),
        (supermajority, (1, 3, 3, 4, 5, 7, 9, 14, 34, 67)),
        (recovery_threshold, (1, 1, 2, 2, 3, 4, 5, 7, 17, 34)),
        (lambda n: backing_threshold(n, 2), (1, 2, 2, 2, 2, 2, 2, 2, 2, 2)),
    ],
    ids=["faulty", "supermajority", "recovery", "backing"],
)
def test_thresholds(rule: Callable[[int], int], expected: tuple[int, ...]) -> None:
    assert tuple(rule(n) for n in SIZES) == expected


def test_an_empty_group_backs_nothing() -> None:
    assert backing_threshold(0, 2) == 1
