"""Deterministic sr25519 signatures and the transcript beneath them. Source: spec/relay.md §3.2."""

import os
import random
import subprocess
import sys
from hashlib import blake2b
from pathlib import Path

import pytest
import sr25519
from hypothesis import example, given
from hypothesis import strategies as st

from chain.crypto.keys import Keypair, dev
from chain.crypto.signer import ORDER, sign_deterministic
from chain.crypto.transcript import RATE, Transcript

ALICE = dev("alice")
LANES = [(x, y) for x in range(5) for y in range(5)]
MASK = 2**64 - 1


def keccak_f(state: bytes) -> bytes:
    """Keccak-f[1600] after FIPS 202, for comparison."""
    lanes = {(x, y): int.from_bytes(state[8 * (x + 5 * y) :][:8], "little") for x, y in LANES}
    bits = 1
    for _ in range(24):
        parity = [lanes[x, 0] ^ lanes[x, 1] ^ lanes[x, 2] ^ lanes[x, 3] ^ lanes[x, 4] for x in range(5)]
        for x, y in LANES:
            lanes[x, y] ^= parity[x - 1] ^ rotate(parity[(x + 1) % 5], 1)
        (x, y), moving = (1, 0), lanes[1, 0]
        for step in range(24):
            x, y = y, (2 * x + 3 * y) % 5
            moving, lanes[x, y] = lanes[x, y], rotate(moving, (step + 1) * (step + 2) // 2)
        lanes = {(x, y): lanes[x, y] ^ (~lanes[(x + 1) % 5, y] & lanes[(x + 2) % 5, y] & MASK) for x, y in LANES}
        for power in range(7):
            lanes[0, 0] ^= (bits & 1) << ((1 << power) - 1)
            bits = bits << 1 ^ (0x171 if bits & 0x80 else 0)
    return b"".join(lanes[x, y].to_bytes(8, "little") for y in range(5) for x in range(5))


def rotate(lane: int, by: int) -> int:
    by %= 64
    return (lane << by | lane >> (64 - by)) & MASK


class Duplex:
    """STROBE-128 as its specification has it, a byte at a time, under Merlin's two operations."""

    def __init__(self, label: bytes) -> None:
        self.state = bytearray(keccak_f(b"\x01\xa8\x01\x00\x01\x60STROBEv1.0.2".ljust(200, b"\0")))
        self.at = self.began = 0
        self.begin(0x12, b"Merlin v1.0")
        self.append(b"dom-sep", label)

    def permute(self) -> None:
        self.state[self.at] ^= self.began
        self.state[self.at + 1] ^= 0x04
        self.state[167] ^= 0x80
        self.state = bytearray(keccak_f(bytes(self.state)))
        self.at = self.began = 0

    def absorb(self, data: bytes) -> None:
        for byte in data:
            self.state[self.at] ^= byte
            self.at += 1
            if self.at == 166:
                self.permute()

    def begin(self, flags: int, data: bytes) -> None:
        head = bytes((self.began, flags))
        self.began = self.at + 1
        self.absorb(head)
        if flags & 0x04 and self.at:
            self.permute()
        self.absorb(data)

    def append(self, label: bytes, message: bytes) -> None:
        self.begin(0x12, label + len(message).to_bytes(4, "little"))
        self.begin(0x02, message)

    def challenge(self, label: bytes, length: int) -> bytes:
        self.begin(0x12, label + length.to_bytes(4, "little"))
        self.begin(0x07, b"")
        return bytes(self.state[:length])


def test_merlin_s_own_vector() -> None:
    transcript = Transcript(b"test protocol")
    transcript.append(b"some label", b"some data")
    challenge = "d5a21972d0d5fe320c0d263fac7fffb8145aa640af6e9bca177c03c7efcf0615"
    assert transcript.challenge(b"challenge", 32).hex() == challenge


pieces = st.lists(st.tuples(st.binary(max_size=20), st.binary(max_size=400)), max_size=4)


@given(st.binary(max_size=200), pieces, st.integers(0, RATE))
@example(b"", [], 64)
def test_the_transcript_is_strobe_s(label: bytes, said: list[tuple[bytes, bytes]], length: int) -> None:
    ours, theirs = Transcript(label), Duplex(label)
    for name, message in said:
        ours.append(name, message)
        theirs.append(name, message)
    assert ours.challenge(b"challenge", length) == theirs.challenge(b"challenge", length)


def test_the_transcript_is_strobe_s_wherever_its_end_falls_in_a_block() -> None:
    for length in range(RATE + 4):
        ours, theirs = Transcript(bytes(length)), Duplex(bytes(length))
        assert ours.challenge(b"", 64) == theirs.challenge(b"", 64), length


def test_a_copy_goes_its_own_way() -> None:
    first = Transcript(b"label")
    second = first.copy()
    second.append(b"a", b"b")
    assert first.challenge(b"c", 32) == Transcript(b"label").challenge(b"c", 32) != second.challenge(b"c", 32)


def test_a_challenge_fits_one_block() -> None:
    with pytest.raises(ValueError, match="at most 166"):
        Transcript(b"label").challenge(b"c", 167)


def test_every_length_up_to_5000_is_accepted() -> None:
    content = random.Random(5).randbytes(5000)
    for length in range(5001):
        message = content[:length]
        assert sr25519.verify(ALICE.sign(message), message, ALICE.public), length


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=2000))
def test_any_key_and_message(seed: bytes, message: bytes) -> None:
    pair = Keypair.from_seed(seed)
    assert sr25519.verify(pair.sign(message), message, pair.public)


@given(st.binary(max_size=300))
def test_the_nonce_is_the_specified_hash(message: bytes) -> None:
    """With the nonce and the key given, one signature exists that verifies: this is the one."""
    import rbcl  # here, since importing it leaves a file behind until the first signing

    digest = blake2b(ALICE.secret[32:] + message + ALICE.public).digest()
    nonce = int.from_bytes(digest, "little") % ORDER
    signature = sign_deterministic(ALICE.secret, ALICE.public, message)
    assert signature[:32] == rbcl.crypto_scalarmult_ristretto255_base(nonce.to_bytes(32, "little"))
    assert int.from_bytes(signature[32:], "little") - (1 << 255) < ORDER
    assert sr25519.verify(signature, message, ALICE.public)


def test_signing_twice_gives_the_same_bytes() -> None:
    assert ALICE.sign(b"message") == ALICE.sign(b"message") != ALICE.sign(b"massage")
    pair = (ALICE.public, ALICE.secret)
    assert sr25519.sign(pair, b"message") != sr25519.sign(pair, b"message")  # as libraries do it


def test_keys_of_other_lengths_are_refused() -> None:
    for secret, public in ((ALICE.secret[:32], ALICE.public), (ALICE.secret, ALICE.public[1:])):
        with pytest.raises(ValueError, match="64 and 32 bytes"):
            sign_deterministic(secret, public, b"message")


HEAVY = ("sr25519", "bip39", "nacl", "coincurve", "rbcl", "Crypto", "msgspec")


def run(code: str, **environment: str) -> str:
    """What a fresh interpreter prints."""
    command = [sys.executable, "-c", code]
    together = os.environ | environment
    return subprocess.run(command, check=True, capture_output=True, text=True, env=together).stdout


def test_importing_loads_no_signature_library() -> None:
    modules = "accounts, hashers, hashing, keys, schemes, signer, ss58, suri, transcript"
    code = f"import sys; from chain.crypto import {modules}; print([m for m in {HEAVY} if m in sys.modules])"
    assert run(code).strip() == "[]"


def test_signing_leaves_no_file_behind(tmp_path: Path) -> None:
    code = "from chain.crypto.keys import dev; print(dev('alice').sign(b'message').hex())"
    assert run(code, TMPDIR=str(tmp_path)).strip() == ALICE.sign(b"message").hex()
    assert list(tmp_path.iterdir()) == []
