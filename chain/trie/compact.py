"""Compact proofs: nodes in pre-order without the hashes that a reader can work out.

Source: spec/substrate.md §3, "Compact proof"; spec/relay.md §4.1.
"""

from collections.abc import Mapping, Sequence

from chain.crypto.hashing import blake2_256
from chain.trie.errors import BadNode, BadProof, ExtraneousNode, MissingTrieNode
from chain.trie.node import (
    EMPTY_NODE,
    EMPTY_ROOT,
    HASH_MARK,
    HASH_SIZE,
    HASHED_BRANCH,
    HASHED_LEAF,
    LEAF,
    VALUED_BRANCH,
    decode,
    encode,
    head_of,
)

DETACHED = b"\x01"
"""Begins an item whose value is the next item. No node begins so."""

HOLE = b"\x00"
"""Stands for a child that follows: a reference of size 0."""

_HASH = HASH_MARK[0]


def encode_compact(root: bytes, nodes: Mapping[bytes, bytes]) -> list[bytes]:
    """The compact proof of the nodes below `root`: a node that several places refer to comes once for each.

    Raises MissingTrieNode if the root itself is not among the nodes, BadNode if one is no node.
    """
    if root == EMPTY_ROOT:
        return [EMPTY_NODE]
    if root not in nodes:
        raise MissingTrieNode(root, b"")
    items: list[bytes] = []
    todo = [root]
    while todo:
        data = nodes[todo.pop()]
        node = decode(data)
        follow = [at for at in node.places if data[at] == _HASH and data[at + 1 : at + 33] in nodes]
        todo.extend(data[at + 1 : at + 33] for at in reversed(follow))
        item = _replaced(data, follow, 33, [HOLE] * len(follow))
        value = nodes.get(node.value) if node.kind.hashed and node.value else None
        if value is None:
            items.append(item)
        else:
            kind = VALUED_BRANCH if node.kind.branch else LEAF
            stem = encode(kind, head_of(kind, node.partial), b"", node.bitmap, b"")
            items += (DETACHED + stem + item[node.start :], value)
    return items


def _replaced(data: bytes, places: Sequence[int], size: int, parts: Sequence[bytes]) -> bytes:
    """The data with other parts for the `size` bytes at each of the places."""
    if not places:
        return data
    joined: list[bytes] = []
    rest = 0
    for at, part in zip(places, parts, strict=True):
        joined += (data[rest:at], part)
        rest = at + size
    joined.append(data[rest:])
    return b"".join(joined)


class _Frame:
    """A node in compact form whose children, at `holes`, are still to come; `found` are those that came."""

    __slots__ = ("data", "found", "holes")

    def __init__(self, data: bytes, holes: list[int]) -> None:
        self.data = data
        self.holes = holes
        self.found: list[bytes] = []


def decode_compact(items: Sequence[bytes]) -> tuple[bytes, dict[bytes, bytes]]:
    """The root that a compact proof proves, and its nodes and value nodes by hash.

    Raises BadNode for an item that is no node, BadProof if the items end early, ExtraneousNode if they go on
    after the trie is complete. However deep the trie, this does not recurse.
    """
    if len(items) == 1 and items[0] == EMPTY_NODE:
        return EMPTY_ROOT, {EMPTY_ROOT: EMPTY_NODE}
    nodes: dict[bytes, bytes] = {}
    parents: list[_Frame] = []
    at = 0
    while True:
        frame, at = _take(items, at, nodes)
        while len(frame.found) == len(frame.holes):
            data = _replaced(frame.data, frame.holes, len(HOLE), frame.found)
            hash = blake2_256(data)
            nodes[hash] = data
            if not parents:
                if at != len(items):
                    raise ExtraneousNode(f"{len(items) - at} items are left over after a proof of {at}")
                return hash, nodes
            if len(data) < HASH_SIZE:
                raise BadProof(f"item {at - 1}: a node of {len(data)} bytes belongs into its parent")
            frame = parents.pop()
            frame.found.append(HASH_MARK + hash)
        parents.append(frame)


def _take(items: Sequence[bytes], at: int, nodes: dict[bytes, bytes]) -> tuple[_Frame, int]:
    """The node that item `at` holds and the number of the next item; a detached value goes to `nodes`."""
    if at >= len(items):
        raise BadProof(f"the proof ends after {at} items, and more are announced")
    item = items[at]
    if item[:1] != DETACHED:
        node = decode(item, holes=True)
        return _Frame(item, [place for place in node.places if item[place] == HOLE[0]]), at + 1
    item = item[1:]
    node = decode(item, holes=True)
    if node.kind.hashed or node.value != b"":
        raise BadNode(f"item {at} announces a value, but has no place for it")
    if at + 1 >= len(items):
        raise BadProof(f"the proof ends after {at + 1} items, and a value is announced")
    value = items[at + 1]
    hash = blake2_256(value)
    nodes[hash] = value
    kind = HASHED_BRANCH if node.kind.branch else HASHED_LEAF
    data = encode(kind, head_of(kind, node.partial), hash, node.bitmap, item[node.start :])
    longer = len(data) - len(item)
    return _Frame(data, [place + longer for place in node.places if item[place] == HOLE[0]]), at + 2
