"""Secret URIs and the keys they stand for, against spec/substrate.md §8 and polkadot.js."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.crypto import ss58
from chain.crypto.hashing import blake2_256
from chain.crypto.keys import Keypair, dev, generate_phrase
from chain.crypto.suri import DEV_PHRASE, Suri, SuriError, junction, parse

VECTORS = Path(__file__).parents[2] / "vectors" / "ss58.jsonl"
CASES = [case for case in map(json.loads, VECTORS.read_text().splitlines()) if "suri" in case]
SCHEMES = ("ed25519", "sr25519", "ecdsa")

names = st.text(st.characters(exclude_characters="/", exclude_categories=["Cs"]), min_size=1, max_size=50)


def test_every_scheme_has_vectors() -> None:
    assert {case["scheme"] for case in CASES} == set(SCHEMES)
    assert not [case for case in CASES if "err" in case]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['scheme']}-{case['suri'][-12:]}")
def test_vector(case: dict[str, str]) -> None:
    pair = Keypair.from_suri(case["suri"], case["scheme"])
    assert pair.public.hex() == case["public"][2:]
    assert pair.account.hex() == case["account"][2:]
    assert ss58.encode(pair.account) == case["address"]


@given(st.lists(st.tuples(st.booleans(), names), max_size=4), st.none() | st.text(max_size=20))
def test_the_parts_of_a_uri(path: list[tuple[bool, str]], password: str | None) -> None:
    text = DEV_PHRASE + "".join(("//" if hard else "/") + name for hard, name in path)
    text += "" if password is None else f"///{password}"
    junctions = tuple(junction(name, hard=hard) for hard, name in path)
    assert parse(text) == Suri(DEV_PHRASE, junctions, password or "")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("0", bytes(32)),
        ("29", b"\x1d" + bytes(31)),
        ("0029", b"\x1d" + bytes(31)),
        ("0" * 5000 + "1", b"\x01" + bytes(31)),
        (str(2**64 - 1), b"\xff" * 8 + bytes(24)),
        (str(2**64), b"\x5018446744073709551616" + bytes(11)),
        ("-1", b"\x08-1" + bytes(29)),
        ("1a", b"\x081a" + bytes(29)),
        ("٣", b"\x08\xd9\xa3" + bytes(29)),  # a digit, though no ASCII one
        ("é", b"\x08\xc3\xa9" + bytes(29)),
        ("x" * 31, b"\x7c" + b"x" * 31),
        ("x" * 32, blake2_256(b"\x80" + b"x" * 32)),
        ("x" * 64, blake2_256(b"\x01\x01" + b"x" * 64)),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_junction_codes(name: str, code: bytes) -> None:
    assert junction(name, hard=True).code == code


@pytest.mark.parametrize("text", ["//", "/", "//Alice/", "//Alice//", "//a///b///", "//a////b", "///pw", ""])
def test_slashes(text: str) -> None:
    """A slash begins a name; three begin the password, which may hold slashes itself."""
    if text in ("", "///pw", "//a///b///", "//a////b"):
        assert parse(text).secret == DEV_PHRASE
        assert parse(text).password == {"": "", "///pw": "pw", "//a///b///": "b///", "//a////b": "/b"}[text]
    else:
        with pytest.raises(SuriError, match="a name after every slash"):
            parse(text)


@pytest.mark.parametrize(
    ("suri", "why"),
    [
        ("0x1234//Alice", "0x and 64 hexadecimal digits"),
        ("0x" + "g" * 64, "0x and 64 hexadecimal digits"),
        ("0x" + "1" * 64 + "///pw", "takes none"),
        ("Alice", "not 1"),
        (" //Alice", "not 0"),
        (DEV_PHRASE + " walk", "not 13"),
        (DEV_PHRASE.replace("walk", "wolk"), "index 11"),
        (DEV_PHRASE.replace("walk", "fit"), "checksum"),
    ],
)
def test_secrets_that_are_none(suri: str, why: str) -> None:
    with pytest.raises(SuriError, match=why) as caught:
        Keypair.from_suri(suri)
    assert "bottom" not in str(caught.value)


def test_spaces_in_a_phrase_do_not_matter() -> None:
    assert Keypair.from_suri(DEV_PHRASE.replace(" ", "  ") + " //Alice") == dev("alice")


@pytest.mark.parametrize("scheme", ["ed25519", "ecdsa"])
def test_only_sr25519_has_soft_junctions(scheme: str) -> None:
    with pytest.raises(SuriError, match=f"{scheme} has no soft derivation"):
        Keypair.from_suri("//Alice/soft", scheme)


@pytest.mark.parametrize("suri", ["/soft", "//Alice/1/2", "/44//x"])
def test_a_soft_key_is_the_same_key_each_time(suri: str) -> None:
    once, again = Keypair.from_suri(suri), Keypair.from_suri(suri)
    assert once == again and once.sign(b"message") == again.sign(b"message")


def test_soft_keys_have_nonces_of_their_own() -> None:
    nonces = {Keypair.from_suri(suri).secret[32:] for suri in ("", "/a", "/b", "/a/b", "//Alice/a")}
    assert len(nonces) == 5


def test_a_secp256k1_key_lies_below_the_order() -> None:
    for seed in (bytes(32), b"\xff" * 32):
        with pytest.raises(SuriError, match="no secp256k1 key"):
            Keypair.from_seed(seed, "ecdsa")


def test_seeds_and_schemes() -> None:
    assert Keypair.from_seed(parse("").seed()) == Keypair.from_suri(DEV_PHRASE)
    with pytest.raises(SuriError, match="32 bytes, not 31"):
        Keypair.from_seed(bytes(31))
    with pytest.raises(ValueError, match="ed25519, sr25519, ecdsa"):
        Keypair.from_suri("//Alice", "rsa")


def test_names() -> None:
    assert dev("alice") == dev("Alice") == Keypair.from_suri("//Alice")
    assert dev("aliceStash") == Keypair.from_suri("//AliceStash")
    assert dev("42") == Keypair.from_suri("//42")
    assert dev("zoe maria") == Keypair.from_suri("//Zoe maria")
    for name in ("", "alice/stash", "/"):
        with pytest.raises(SuriError, match="one junction without slashes"):
            dev(name)


def test_secrets_are_not_shown() -> None:
    secret = dev("alice").secret
    assert repr(secret) not in repr(dev("alice")) and "secret" not in repr(dev("alice"))
    assert "bottom" not in repr(parse(DEV_PHRASE + "//Alice///hush")) + str(parse("///hush"))
    assert "hush" not in repr(parse("///hush"))


@pytest.mark.parametrize("words", [12, 24])
def test_new_phrases(words: int) -> None:
    phrase = generate_phrase(words)
    assert len(phrase.split()) == words and phrase != generate_phrase(words)
    assert Keypair.from_suri(phrase).account != dev("alice").account
