"""The three kinds of MultiSignature, against spec/substrate.md §1, §5 and polkadot.js."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.crypto.hashing import blake2_256
from chain.crypto.keys import Keypair, dev, verify
from chain.crypto.schemes import SCHEMES

VECTORS = Path(__file__).parents[2] / "vectors" / "extrinsics.jsonl"
CASES = [case for case in map(json.loads, VECTORS.read_text().splitlines()) if case.get("scheme")]
PAIRS = {scheme: Keypair.from_suri("//Alice", scheme) for scheme in SCHEMES}


def unhex(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def test_every_scheme_has_good_and_damaged_signatures() -> None:
    kinds = {(case["scheme"], case["verifies"]) for case in CASES}
    assert kinds == {(scheme, verifies) for scheme in SCHEMES for verifies in (True, False)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['scheme']}-{case['pallet']}.{case['call']}")
def test_extrinsic(case: dict[str, Any]) -> None:
    scheme, account = SCHEMES[case["scheme"]], unhex(case["account"])
    assert scheme.account(unhex(case["public"])) == account
    variant, signature = unhex(case["signature"])[0], unhex(case["signature"])[1:]
    assert variant == scheme.index
    message = unhex(case["signed_message"])
    assert verify(variant, signature, message, account) is case["verifies"]
    assert not verify(variant, signature, message + b"\0", account)
    assert not verify(variant, signature, message, dev("nobody").account)


@given(st.sampled_from(sorted(SCHEMES)), st.binary(max_size=300), st.data())
def test_a_signature_holds_until_a_bit_changes(scheme: str, message: bytes, data: st.DataObject) -> None:
    pair = PAIRS[scheme]
    signature = pair.sign(message)
    assert signature == pair.sign(message)
    assert verify(pair.scheme_index, signature, message, pair.account)
    place = data.draw(st.integers(0, len(signature) * 8 - 1))
    damaged = bytearray(signature)
    damaged[place // 8] ^= 1 << place % 8
    assert not verify(pair.scheme_index, bytes(damaged), message, pair.account)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_bytes_of_any_shape_get_an_answer(scheme: str) -> None:
    pair, message = PAIRS[scheme], b"message"
    signature = pair.sign(message)
    for wrong in (b"", signature[:-1], signature + b"\0", bytes(len(signature)), b"\xff" * len(signature)):
        assert not verify(pair.scheme_index, wrong, message, pair.account)
    for account in (b"", pair.account[:-1], pair.account + b"\0", bytes(32), b"\xff" * 32):
        assert not verify(pair.scheme_index, signature, message, account)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_bytes_do_not_move_between_signature_and_message(scheme: str) -> None:
    pair = PAIRS[scheme]
    signature = pair.sign(b"message")
    assert not verify(pair.scheme_index, signature[:-4], signature[-4:] + b"message", pair.account)
    assert not verify(pair.scheme_index, signature + b"mess", b"age", pair.account)


def test_an_unmarked_signature_is_refused() -> None:
    alice = dev("alice")
    signature = alice.sign(b"message")
    assert signature[63] & 0x80
    assert not verify(1, signature[:63] + bytes((signature[63] & 0x7F,)), b"message", alice.account)


def test_recovery_ids_have_two_notations() -> None:
    pair = PAIRS["ecdsa"]
    signature = pair.sign(b"message")
    recovery = signature[64]
    assert recovery in (0, 1)
    for other in range(256):
        answer = verify(2, signature[:64] + bytes((other,)), b"message", pair.account)
        assert answer is (other in (recovery, recovery + 27))


def test_an_ecdsa_account_is_the_hash_of_its_key() -> None:
    pair = PAIRS["ecdsa"]
    assert len(pair.public) == 33 and pair.account == blake2_256(pair.public)
    assert not verify(2, pair.sign(b"message"), b"message", pair.public)


def test_indices_are_multisignature_s() -> None:
    assert [SCHEMES[name].index for name in ("ed25519", "sr25519", "ecdsa")] == [0, 1, 2]
    for index in (-1, 3, 255):
        with pytest.raises(ValueError, match=f"no variant {index}"):
            verify(index, bytes(64), b"", bytes(32))
