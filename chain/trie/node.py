"""One trie node between bytes and fields. Source: spec/substrate.md §3, "Node".

A reference to a child is a `bytes`: its hash if it has 32, else the child's own encoding (inline).
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from chain.scale.compact import encode_compact, read_length
from chain.scale.errors import DecodeError
from chain.trie.errors import BadNode
from chain.trie.nibbles import pack, unpack

HASH_SIZE = 32

NO_REF = b""
"""Refers to no node: a hole in a compact proof, a node that has no encoding yet."""

EMPTY_NODE = b"\x00"
"""The whole of a trie that holds no key."""

EMPTY_ROOT = bytes.fromhex("03170a2e7597b7b7e3d84c05391d139a62b157e78786d8c082f29dcf4c111314")


class Kind(NamedTuple):
    """What the first bits of a header say; `limit` masks the bits that hold the partial key's size."""

    mark: int
    limit: int
    branch: bool
    valued: bool
    hashed: bool


LEAF = Kind(0b0100_0000, 63, branch=False, valued=True, hashed=False)
BRANCH = Kind(0b1000_0000, 63, branch=True, valued=False, hashed=False)
VALUED_BRANCH = Kind(0b1100_0000, 63, branch=True, valued=True, hashed=False)
HASHED_LEAF = Kind(0b0010_0000, 31, branch=False, valued=True, hashed=True)
HASHED_BRANCH = Kind(0b0001_0000, 15, branch=True, valued=True, hashed=True)

_KINDS = (LEAF, BRANCH, VALUED_BRANCH, HASHED_LEAF, HASHED_BRANCH)
_KIND_OF = tuple(next((k for k in _KINDS if first & ~k.limit == k.mark), None) for first in range(256))

_SIZES = tuple(encode_compact(size) for size in range(64))

HASH_MARK = _SIZES[HASH_SIZE]
"""The size before a child that is a hash."""

# A child that is a hash takes 33 bytes and any other fewer: 33 for each of the children means all are hashes.
_HASH_MARKS = tuple(HASH_MARK * count for count in range(17))


# By the byte before a child: how far it is to the next one; beyond all data if the byte is no child's size.
_STEPS = tuple(1 + size // 4 if size in range(4, 129, 4) else 1 << 62 for size in range(256))
_STEPS_OR_HOLE = (1, *_STEPS[1:])


class Node(msgspec.Struct, gc=False, frozen=True):
    """A decoded node. It is never changed, so that readers may share it.

    `head` is the encoded header and partial key; `value` is the value or, in a hashed kind, its hash. The
    children whose bits are set in `bitmap` stay in `data`, as they are encoded, at `places` from `start` on:
    one byte that tells the size, times 4, then the reference.
    """

    kind: Kind
    head: bytes
    partial: bytes
    value: bytes | None
    bitmap: int
    data: bytes
    start: int
    places: Sequence[int]

    @property
    def uniform(self) -> bool:
        """Whether all children are hashes, which then stand 33 bytes apart."""
        return type(self.places) is range

    def ref(self, nibble: int) -> bytes | None:
        """The reference of the child `nibble`; None if there is none."""
        bitmap = self.bitmap
        if not bitmap >> nibble & 1:
            return None
        data = self.data
        at = self.places[(bitmap & (1 << nibble) - 1).bit_count()] + 1
        return data[at : at + (data[at - 1] >> 2)]

    def children(self) -> Iterator[tuple[int, bytes]]:
        """The nibbles and references of the children that there are, ascending."""
        nibbles = (nibble for nibble in range(16) if self.bitmap >> nibble & 1)
        for nibble, at in zip(nibbles, self.places, strict=True):
            yield nibble, self.data[at + 1 : at + 1 + (self.data[at] >> 2)]


EMPTY = Node(BRANCH, b"", b"", None, 0, b"", 0, ())
"""Stands for the empty trie, and is no node that `decode` gives."""


def decode(data: bytes, holes: bool = False) -> Node:
    """The node that the whole of `data` encodes; anything but its one encoding is refused with BadNode.

    Children are not decoded. With `holes`, as in compact proofs, a reference may have size 0.
    """
    try:
        first = data[0]
        kind = _KIND_OF[first]
        if kind is None:
            raise BadNode(f"a node cannot begin with {data[:1].hex()}")
        partial, at = _partial(data, first & kind.limit, kind.limit) if first & kind.limit else (b"", 1)
        head = data[:at]
        bitmap = 0
        if kind.branch:
            bitmap = data[at] | data[at + 1] << 8
            if not bitmap:
                raise BadNode("a branch without children")
            at += 2
        value = None
        if kind.valued:
            size = HASH_SIZE
            if not kind.hashed:
                size, at = read_length(data, at)
            value = data[at : at + size]
            at += size
    except IndexError:
        raise BadNode(f"a node of {len(data)} bytes ends early") from None
    except DecodeError as error:
        raise BadNode(f"the length of a value: {error}") from None
    count = bitmap.bit_count()
    places: Sequence[int]
    if len(data) - at == 33 * count and data[at::33] == _HASH_MARKS[count]:
        places = range(at, len(data), 33)
    else:
        places = _places(data, at, count, _STEPS_OR_HOLE if holes else _STEPS)
    return Node(kind, head, partial, value, bitmap, data, at, places)


def _partial(data: bytes, size: int, limit: int) -> tuple[bytes, int]:
    """The partial key, given the size in the header, and where it ends; IndexError if the data end first."""
    at = 1
    if size == limit:
        more = 255
        while more == 255:
            more = data[at]
            size += more
            at += 1
    end = at + (size + 1) // 2
    nibbles = unpack(data[at:end])
    if end > len(data):
        raise BadNode(f"a partial key of {size} nibbles does not fit {len(data)} bytes")
    if size & 1:
        if nibbles[0]:
            raise BadNode("a partial key of an odd size is padded with something else than 0")
        nibbles = nibbles[1:]
    return nibbles, end


def _places(data: bytes, at: int, count: int, steps: tuple[int, ...]) -> list[int]:
    """Where the `count` references begin that should be the rest of the data."""
    places = []
    try:
        for _ in range(count):
            places.append(at)
            at += steps[data[at]]
    except IndexError:
        at = -1
    if at != len(data):
        raise BadNode(f"what follows the bitmap of a node of {len(data)} bytes is not {count} children")
    return places


def head_of(kind: Kind, partial: bytes) -> bytes:
    """The header and the packed partial key."""
    size = len(partial)
    if size < kind.limit:
        header = bytes((kind.mark | size,))
    else:
        full, rest = divmod(size - kind.limit, 255)
        header = bytes((kind.mark | kind.limit, *b"\xff" * full, rest))
    return header + pack(b"\x00" + partial if size & 1 else partial)


def encode(kind: Kind, head: bytes, value: bytes | None, bitmap: int, children: bytes | bytearray) -> bytes:
    """The encoding of a node of these fields (see Node); `children` are the encoded references."""
    part = b"" if value is None else value if kind.hashed else sized(value)
    if not bitmap:
        return head + part
    return b"".join((head, bitmap.to_bytes(2, "little"), part, children))


def sized(data: bytes) -> bytes:
    """Data after their compact length, as values and references are written."""
    size = len(data)
    return (_SIZES[size] if size < 64 else encode_compact(size)) + data
