"""The erasure code: any k of n chunks give the data back, and proofs bind chunks. Source: spec/relay.md §4.7, §4.8."""

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.primitives.validation import PersistedValidationData
from chain.relay.availability_types import AVAILABLE_DATA, AvailableData
from chain.relay.block_data import PoV
from chain.relay.erasure import (
    branches,
    check_branch,
    decode,
    encode,
    erasure_root,
    invert,
    multiply,
    unpad,
)
from chain.relay.errors import ErasureError
from chain.relay.thresholds import recovery_threshold


def test_the_field() -> None:
    """Multiplication is polynomial multiplication modulo 0x11d, and every a but 0 has its 1/a."""
    assert multiply(0x80, 2) == 0x1D
    for a in range(1, 256):
        assert multiply(a, invert(a)) == 1
    for a in (1, 3, 0x57, 0xFF):
        for b in (2, 0x13, 0x83):
            product = 0
            for bit in range(8):
                shifted = a << bit if b >> bit & 1 else 0
                product ^= shifted
            for bit in range(15, 7, -1):
                product ^= 0x11D << bit - 8 if product >> bit & 1 else 0
            assert multiply(a, b) == product


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=1, max_size=300), st.integers(1, 40), st.randoms(use_true_random=False))
def test_any_k_chunks_decode(data: bytes, n: int, random: random.Random) -> None:
    chunks = encode(data, n)
    k = recovery_threshold(n)
    assert len(chunks) == n
    assert len({len(chunk) for chunk in chunks}) == 1
    chosen = random.sample(range(n), k)
    padded = decode({index: chunks[index] for index in chosen}, n)
    assert padded[: len(data)] == data
    assert not any(padded[len(data) :])


def test_every_choice_of_chunks_decodes() -> None:
    """All 2-of-4 and, with seven, all 3-of-7."""
    data = bytes(range(200))
    for n in (4, 7):
        chunks = encode(data, n)
        for chosen in combinations(range(n), recovery_threshold(n)):
            assert decode({index: chunks[index] for index in chosen}, n)[:200] == data


def test_the_largest_number_of_validators() -> None:
    chunks = encode(bytes(range(256)), 255)
    last = {index: chunks[index] for index in range(255 - recovery_threshold(255), 255)}
    assert decode(last, 255)[:256] == bytes(range(256))


@pytest.mark.parametrize(
    ("chunks", "n", "kind"),
    [
        ({0: b"aa"}, 4, "NotEnoughChunks"),
        ({0: b"aa", 4: b"bb"}, 4, "ChunkIndexOutOfBounds"),
        ({0: b"aa", -1: b"bb"}, 4, "ChunkIndexOutOfBounds"),
        ({0: b"aa", 1: b"b"}, 4, "NonUniformChunks"),
        ({0: b"aa", 1: b"bb"}, 256, "TooManyValidators"),
    ],
)
def test_what_does_not_decode(chunks: dict[int, bytes], n: int, kind: str) -> None:
    with pytest.raises(ErasureError) as refused:
        decode(chunks, n)
    assert refused.value.name == f"Erasure.{kind}"


@pytest.mark.parametrize(
    ("data", "n", "kind"), [(b"x", 0, "TooManyValidators"), (b"x", 256, "TooManyValidators"), (b"", 4, "BadPayload")]
)
def test_what_does_not_encode(data: bytes, n: int, kind: str) -> None:
    with pytest.raises(ErasureError) as refused:
        encode(data, n)
    assert refused.value.name == f"Erasure.{kind}"


def test_padding() -> None:
    data = AVAILABLE_DATA.encode(AvailableData(PoV(b"x" * 9), PersistedValidationData(b"h", 1, bytes(32), 9)))
    assert unpad(data + bytes(5)) == data
    for bad in (data + b"\x00\x01", data[:-1], b""):
        with pytest.raises(ErasureError) as refused:
            unpad(bad)
        assert refused.value.name == "Erasure.BadPayload"


@pytest.mark.parametrize("n", [1, 2, 4, 10, 40, 255])
def test_branches(n: int) -> None:
    """Each chunk's proof leads to it, and to it only."""
    chunks = encode(bytes(range(256)) * 2, n)
    root, proofs = branches(chunks)
    assert root == erasure_root(chunks)
    for index, (chunk, proof) in enumerate(zip(chunks, proofs, strict=True)):
        assert len(proof) <= 8
        check_branch(root, proof, index, chunk)
        with pytest.raises(ErasureError) as refused:
            check_branch(root, proof, index, chunk + b"!")
        assert refused.value.name == "Erasure.InvalidBranchProof"


def test_branch_faults() -> None:
    chunks = encode(bytes(range(256)), 10)
    root, proofs = branches(chunks)
    cases = [
        (root, proofs[1], 1, chunks[2], "InvalidBranchProof"),
        (root, proofs[1][:-1], 1, chunks[1], "InvalidBranchProof"),
        (bytes(32), proofs[1], 1, chunks[1], "InvalidBranchProof"),
        (root, proofs[1] + [bytes([i]) for i in range(9)], 1, chunks[1], "InvalidBranchProof"),
        (root, proofs[1], 10, chunks[1], "BranchOutOfBounds"),
    ]
    for where, proof, index, chunk, kind in cases:
        with pytest.raises(ErasureError) as refused:
            check_branch(where, proof, index, chunk)
        assert refused.value.name == f"Erasure.{kind}"
