"""Keys as half bytes: a `bytes` of values 0…15, high half first. Source: spec/substrate.md §3."""

from binascii import hexlify, unhexlify

_DIGITS = b"0123456789abcdef"
_FROM_DIGITS = bytes.maketrans(_DIGITS, bytes(range(16)))
_TO_DIGITS = bytes.maketrans(bytes(range(16)), _DIGITS)


def unpack(key: bytes) -> bytes:
    """The nibbles of a key, two for each byte."""
    return hexlify(key).translate(_FROM_DIGITS)


def pack(nibbles: bytes) -> bytes:
    """The bytes that an even number of nibbles makes up."""
    return unhexlify(nibbles.translate(_TO_DIGITS))


def shared(partial: bytes, path: bytes, at: int) -> int:
    """How many nibbles `partial` and what follows in `path` from `at` begin with alike."""
    count = 0
    for ours, theirs in zip(partial, path[at : at + len(partial)], strict=False):
        if ours != theirs:
            break
        count += 1
    return count
