"""What the tests of the trie share: a trie built from scratch by the letter of the spec."""

from collections.abc import Callable, Mapping
from hashlib import blake2b

import pytest

Reference = Callable[[Mapping[bytes, bytes], int], tuple[bytes, dict[bytes, bytes]]]


def _hash(data: bytes) -> bytes:
    return blake2b(data, digest_size=32).digest()


def _compact(size: int) -> bytes:
    if size < 64:
        return bytes([size << 2])
    return (size << 2 | 1).to_bytes(2, "little") if size < 1 << 14 else (size << 2 | 2).to_bytes(4, "little")


def _header(mark: int, most: int, digits: str) -> bytes:
    size = len(digits)
    header = bytes([mark + min(size, most)])
    if size >= most:
        header += b"\xff" * ((size - most) // 255) + bytes([(size - most) % 255])
    return header + bytes.fromhex("0" * (size % 2) + digits)


def _build(items: list[tuple[str, bytes]], version: int, nodes: dict[bytes, bytes]) -> bytes:
    """The encoding of the node that holds the items, sorted by their keys, which are hexadecimal digits."""
    first, last = items[0][0], items[-1][0]
    partial = first[: next((i for i, digit in enumerate(first) if last[i : i + 1] != digit), None)]
    value = None
    hashed = False
    if items[0][0] == partial:
        value = items[0][1]
        items = items[1:]
        if version == 1 and len(value) > 32:
            hashed = True
            nodes[_hash(value)] = value
            value = _hash(value)
        else:
            value = _compact(len(value)) + value
    if not items:
        return (_header(0x20, 31, partial) if hashed else _header(0x40, 63, partial)) + (value or b"")
    mark = 0x10 if hashed else 0x80 if value is None else 0xC0
    head = _header(mark, 15 if hashed else 63, partial)
    bitmap = 0
    children = b""
    for nibble, digit in enumerate("0123456789abcdef"):
        below = [(path[len(partial) + 1 :], v) for path, v in items if path[len(partial)] == digit]
        if below:
            bitmap |= 1 << nibble
            child = _build(below, version, nodes)
            if len(child) >= 32:
                nodes[_hash(child)] = child
                child = _hash(child)
            children += _compact(len(child)) + child
    return head + bitmap.to_bytes(2, "little") + (value or b"") + children


@pytest.fixture(scope="session")
def reference() -> Reference:
    """`reference(entries, version)` gives root and nodes of a trie, built in the plainest way."""

    def build(entries: Mapping[bytes, bytes], version: int) -> tuple[bytes, dict[bytes, bytes]]:
        nodes: dict[bytes, bytes] = {}
        items = sorted((key.hex(), value) for key, value in entries.items())
        root = _build(items, version, nodes) if items else b"\x00"
        nodes[_hash(root)] = root
        return _hash(root), nodes

    return build
