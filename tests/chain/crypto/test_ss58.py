"""SS58 addresses, against spec/substrate.md §8 and polkadot.js."""

import json
from pathlib import Path
from typing import Any

import base58
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chain.crypto import ss58
from chain.crypto.hashing import blake2_512
from chain.crypto.ss58 import Ss58Error

VECTORS = Path(__file__).parents[2] / "vectors" / "ss58.jsonl"
CASES = [case for case in map(json.loads, VECTORS.read_text().splitlines()) if "suri" not in case]
GOOD = [case for case in CASES if "err" not in case]
UNWRITABLE = [case for case in CASES if "err" in case and "public" in case]
UNREADABLE = [case for case in CASES if "err" in case and "public" not in case]

ALICE = bytes.fromhex("d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d")
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

prefixes = st.integers(0, 16383).filter(lambda prefix: prefix not in (46, 47))
accounts = st.sampled_from((1, 2, 4, 8, 32, 33)).flatmap(lambda size: st.binary(min_size=size, max_size=size))


def unhex(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def address(prefix_bytes: bytes, account: bytes) -> str:
    """An address around any prefix bytes and account, its checksum right."""
    body = prefix_bytes + account
    size = 2 if len(account) >= 32 else 1
    return base58.b58encode(body + blake2_512(b"SS58PRE" + body)[:size]).decode()


def test_every_form_of_vector_is_here() -> None:
    assert len(GOOD) > 40 and len(UNWRITABLE) > 8 and len(UNREADABLE) > 10


@pytest.mark.parametrize("case", GOOD, ids=lambda case: case["address"])
def test_both_ways(case: dict[str, Any]) -> None:
    account = unhex(case["public"])
    assert ss58.encode(account, case["prefix"]) == case["address"]
    assert ss58.decode(case["address"]) == ss58.decode(case["address"], case["prefix"]) == account
    assert ss58.read(case["address"]) == (account, case["prefix"])


@pytest.mark.parametrize("case", UNWRITABLE, ids=lambda case: f"{case['prefix']}-{len(case['public']) // 2 - 1}")
def test_what_has_no_address(case: dict[str, Any]) -> None:
    with pytest.raises(Ss58Error):
        ss58.encode(unhex(case["public"]), case["prefix"])


@pytest.mark.parametrize("case", UNREADABLE, ids=lambda case: case["address"] or "empty")
def test_what_is_no_address(case: dict[str, Any]) -> None:
    with pytest.raises(Ss58Error):
        ss58.decode(case["address"], case.get("expect_prefix"))


@given(accounts, prefixes)
def test_round_trip(account: bytes, prefix: int) -> None:
    text = ss58.encode(account, prefix)
    assert ss58.read(text) == (account, prefix)
    assert base58.b58decode(text)[-len(account) - 1 :] != account  # a checksum follows


@settings(derandomize=True)  # one flip in 65,536 meets the same checksum; these examples don't
@given(st.binary(min_size=32, max_size=33), prefixes, st.data())
def test_one_wrong_letter_is_refused(account: bytes, prefix: int, data: st.DataObject) -> None:
    text = ss58.encode(account, prefix)
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from(ALPHABET + "0OIl é"))
    assume(letter != text[place])
    with pytest.raises(Ss58Error):
        ss58.decode(text[:place] + letter + text[place + 1 :])


def test_every_wrong_letter_of_an_address_is_refused() -> None:
    text = ss58.encode(ALICE)
    for place in range(len(text)):
        for letter in ALPHABET.replace(text[place], ""):
            with pytest.raises(Ss58Error):
                ss58.decode(text[:place] + letter + text[place + 1 :])


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    try:
        account, prefix = ss58.read(text)
    except Ss58Error:
        return
    assert ss58.encode(account, prefix) == text


@pytest.mark.parametrize(
    ("prefix_bytes", "why"),
    [
        (bytes((46,)), "prefix 46 is reserved"),
        (bytes((47,)), "prefix 47 is reserved"),
        (bytes((0x80,)), "no network prefix"),
        (bytes((0xFF, 0xFF)), "no network prefix"),
        (bytes((0x4A, 0x80)), "prefix 42 in two bytes"),
    ],
)
def test_prefixes_that_nobody_writes_are_refused(prefix_bytes: bytes, why: str) -> None:
    with pytest.raises(Ss58Error, match=why):
        ss58.decode(address(prefix_bytes, ALICE))


@pytest.mark.parametrize("size", [0, 3, 5, 7, 9, 16, 31, 34])
def test_account_lengths_without_a_form_are_refused(size: int) -> None:
    with pytest.raises(Ss58Error, match="32 or 33 bytes"):
        ss58.encode(bytes(size))
    with pytest.raises(Ss58Error):
        ss58.decode(address(b"\x4e\x67", bytes(size)))


def test_errors_say_what_was_wrong() -> None:
    text = ss58.encode(ALICE, 42)
    with pytest.raises(Ss58Error, match="network prefix 42, and 10041 was expected"):
        ss58.decode(text, 10041)
    with pytest.raises(Ss58Error, match="checksum is wrong"):
        ss58.decode(text[:-1] + ("x" if text[-1] != "x" else "y"))
    with pytest.raises(Ss58Error, match="base58 has no 'O', its letter 3"):
        ss58.decode(text[:2] + "O" + text[3:])
    with pytest.raises(Ss58Error, match="between 0 and 16383, and 16384"):
        ss58.encode(ALICE, 16384)
    with pytest.raises(Ss58Error, match="no address has 100000 letters"):
        ss58.decode("z" * 100_000)
