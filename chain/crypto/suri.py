"""Secret URIs: `phrase//hard/soft///password`, and the seeds they stand for. Source: spec/substrate.md §8.

The secret is a BIP-39 phrase or a seed of 32 bytes in hex; without one it is the development phrase.
"""

import re
from dataclasses import dataclass, field
from functools import cache

from chain.crypto.hashing import blake2_256

DEV_PHRASE = "bottom drive obey lake curtain smoke basket hold race lonely fit walk"
"""The public development phrase: every key derived from it is known to everybody."""

_SURI = re.compile(r"(?P<secret>[^/]*)(?P<path>(?://?[^/]+)*)(?:///(?P<password>.*))?", re.DOTALL)
_JUNCTION = re.compile(r"(//?)([^/]+)")
_NUMBER = re.compile(r"0*([0-9]{1,20})")
_SEED = re.compile(r"0x[0-9a-fA-F]{64}")


class SuriError(ValueError):
    """A secret URI that doesn't follow the form, or names a secret that isn't one. Never shows the secret."""


@dataclass(frozen=True, slots=True)
class Junction:
    """One step of a derivation path; `code` has 32 bytes."""

    code: bytes
    hard: bool


@dataclass(frozen=True, slots=True)
class Suri:
    """A secret URI taken apart; `secret` is a phrase or a seed in hex."""

    secret: str = field(repr=False)
    junctions: tuple[Junction, ...]
    password: str = field(repr=False)

    def seed(self) -> bytes:
        """The 32 bytes that derivation starts from, known as the mini secret.

        Raises SuriError when the phrase isn't BIP-39 (words, their number, checksum) or the hex hasn't 32
        bytes.
        """
        if self.secret.startswith("0x"):
            return _seed_from_hex(self.secret, self.password)
        if self.secret == DEV_PHRASE and not self.password:
            return _dev_seed()
        return _seed_from_phrase(self.secret, self.password)


def parse(text: str) -> Suri:
    """The parts of a secret URI. Raises SuriError for anything that hasn't its form."""
    match = _SURI.fullmatch(text)
    if match is None:
        raise SuriError("a secret URI reads phrase//hard/soft///password, with a name after every slash")
    path = _JUNCTION.findall(match["path"])
    return Suri(
        secret=match["secret"] or DEV_PHRASE,
        junctions=tuple(junction(name, hard=slashes == "//") for slashes, name in path),
        password=match["password"] or "",
    )


def junction(name: str, *, hard: bool) -> Junction:
    """The junction that a name or number stands for.

    Digits that fit u64 are 8 bytes little-endian, anything else is a SCALE string; both are padded with zeros
    to 32 bytes, or hashed if longer (spec/money.md §1.1).
    """
    from chain.scale.compact import encode_compact

    digits = _NUMBER.fullmatch(name)
    if digits and int(digits[1]) < 1 << 64:
        code = int(digits[1]).to_bytes(8, "little")
    else:
        utf8 = name.encode()
        code = encode_compact(len(utf8)) + utf8
    return Junction(code.ljust(32, b"\0") if len(code) <= 32 else blake2_256(code), hard)


def generate_phrase(words: int = 12) -> str:
    """A new secret phrase of 12, 15, 18, 21 or 24 words, from the system's randomness."""
    import bip39

    phrase: str = bip39.bip39_generate(words)
    return phrase


@cache
def _dev_seed() -> bytes:
    return _seed_from_phrase(DEV_PHRASE, "")


def _seed_from_phrase(phrase: str, password: str) -> bytes:
    import bip39

    words = phrase.split()
    if len(words) not in (12, 15, 18, 21, 24):
        raise SuriError(f"a secret phrase has 12, 15, 18, 21 or 24 words, not {len(words)}")
    try:
        return bytes(bip39.bip39_to_mini_secret(" ".join(words), password))
    except ValueError as error:
        raise SuriError(f"no BIP-39 phrase: {error}") from None


def _seed_from_hex(text: str, password: str) -> bytes:
    if password:
        raise SuriError("a password belongs to a phrase; a seed in hex takes none")
    if not _SEED.fullmatch(text):
        raise SuriError("a seed in hex is 0x and 64 hexadecimal digits")
    return bytes.fromhex(text[2:])
