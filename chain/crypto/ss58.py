"""SS58: accounts as people write them. Source: spec/substrate.md §8, spec/money.md §1.1.

`base58(prefix ‖ account ‖ checksum)`, with the checksum cut from BLAKE2b-512 of `SS58PRE` ‖ prefix ‖ account.
"""

from chain.crypto.hashing import blake2_512

BASILISK_PREFIX = 10041
"""Basilisk's addresses begin with `bX`."""

ACCOUNT_LENGTHS = (1, 2, 4, 8, 32, 33)
"""The account lengths that SS58 has a form for: indices of 1 to 8 bytes, accounts, compressed ECDSA keys."""

MAX_PREFIX = 16383
RESERVED_PREFIXES = (46, 47)

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_DIGITS = {letter: value for value, letter in enumerate(_ALPHABET)}
_LONGEST = 51  # letters, of 37 bytes; more would be refused anyway, in quadratic time


class Ss58Error(ValueError):
    """An address that can't be read, or an account or prefix that can't be written as one."""


def encode(account: bytes, prefix: int = BASILISK_PREFIX) -> str:
    """The address of an account under a network prefix.

    Raises Ss58Error for a prefix that is reserved (46, 47) or outside 0…16383, and for an account that isn't
    1, 2, 4, 8, 32 or 33 bytes long.
    """
    if len(account) not in ACCOUNT_LENGTHS:
        raise Ss58Error(f"an account has 1, 2, 4, 8, 32 or 33 bytes, not {len(account)}")
    body = _prefix_bytes(prefix) + account
    return _to_base58(body + _checksum(body, len(account)))


def decode(text: str, expect_prefix: int | None = None) -> bytes:
    """The account of an address: 32 bytes, or another of `ACCOUNT_LENGTHS`.

    Any network's prefix will do unless `expect_prefix` is given. Raises Ss58Error when alphabet, length,
    prefix or checksum is wrong.
    """
    account, prefix = read(text)
    if expect_prefix is not None and prefix != expect_prefix:
        raise Ss58Error(f"{text} has network prefix {prefix}, and {expect_prefix} was expected")
    return account


def read(text: str) -> tuple[bytes, int]:
    """The account of an address and its network prefix. Raises Ss58Error as `decode` does."""
    data = _from_base58(text)
    prefix, start = _read_prefix(data, text)
    checksum_length = 2 if len(data) > 32 else 1
    end = len(data) - checksum_length
    if end - start not in ACCOUNT_LENGTHS:
        raise Ss58Error(f"{text!r} has {len(data)} bytes, and no address is that long")
    if data[end:] != _checksum(data[:end], end - start):
        raise Ss58Error(f"{text} is mistyped: its checksum is wrong")
    return data[start:end], prefix


def _checksum(body: bytes, account_length: int) -> bytes:
    return blake2_512(b"SS58PRE" + body)[: 2 if account_length >= 32 else 1]


def _check_prefix(prefix: int) -> None:
    if prefix in RESERVED_PREFIXES:
        raise Ss58Error(f"network prefix {prefix} is reserved")
    if not 0 <= prefix <= MAX_PREFIX:
        raise Ss58Error(f"a network prefix lies between 0 and {MAX_PREFIX}, and {prefix} doesn't")


def _prefix_bytes(prefix: int) -> bytes:
    _check_prefix(prefix)
    if prefix < 64:
        return bytes((prefix,))
    return bytes(((prefix & 0xFC) >> 2 | 0x40, prefix >> 8 | (prefix & 3) << 6))


def _read_prefix(data: bytes, text: str) -> tuple[int, int]:
    """The network prefix at the start of `data`, and how many bytes it takes."""
    if len(data) < 2 or data[0] >= 0x80:
        raise Ss58Error(f"{text!r} is no address: it has no network prefix")
    if data[0] < 64:
        _check_prefix(data[0])
        return data[0], 1
    prefix = (data[0] & 0x3F) << 2 | data[1] >> 6 | (data[1] & 0x3F) << 8
    if prefix < 64:
        raise Ss58Error(f"{text} has network prefix {prefix} in two bytes, and it fits in one")
    return prefix, 2


def _to_base58(data: bytes) -> str:
    number = int.from_bytes(data, "big")
    letters = []
    while number:
        number, digit = divmod(number, 58)
        letters.append(_ALPHABET[digit])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(letters))


def _from_base58(text: str) -> bytes:
    if not text:
        raise Ss58Error("an address can't be empty")
    if len(text) > _LONGEST:
        raise Ss58Error(f"no address has {len(text)} letters")
    number = 0
    for position, letter in enumerate(text, 1):
        digit = _DIGITS.get(letter)
        if digit is None:
            raise Ss58Error(f"{text!r} is no address: base58 has no {letter!r}, its letter {position}")
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
