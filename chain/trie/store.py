"""Where trie nodes are fetched from: whatever gives bytes by their hash. Source: design.md, "The record"."""

from collections.abc import Iterable, Mapping, MutableMapping
from typing import Protocol

from chain.crypto.hashing import blake2_256
from chain.trie.node import EMPTY_NODE, EMPTY_ROOT


class NodeStore(Protocol):
    """Encoded nodes and value nodes by their BLAKE2b-256 hash."""

    def get(self, hash: bytes, /) -> bytes | None:
        """The bytes under a hash, or None if there are none here."""


class MemoryStore:
    """Nodes in a dict."""

    def __init__(self, nodes: MutableMapping[bytes, bytes] | None = None) -> None:
        self.nodes: MutableMapping[bytes, bytes] = {} if nodes is None else nodes

    def get(self, hash: bytes, /) -> bytes | None:
        return self.nodes.get(hash)

    def put(self, nodes: Mapping[bytes, bytes]) -> None:
        """Take in the nodes of an update."""
        self.nodes.update(nodes)


class ProofStore:
    """The nodes of a proof, hashed here: a hash cannot lead to bytes that are not its own."""

    def __init__(self, nodes: Iterable[bytes]) -> None:
        self.nodes = {blake2_256(node): node for node in nodes}

    def get(self, hash: bytes, /) -> bytes | None:
        return self.nodes.get(hash)


class OverlayStore:
    """New nodes before those of a base: states that are not stored yet."""

    def __init__(self, nodes: Mapping[bytes, bytes], base: NodeStore) -> None:
        self.nodes = nodes
        self.base = base

    def get(self, hash: bytes, /) -> bytes | None:
        node = self.nodes.get(hash)
        return self.base.get(hash) if node is None else node


class Recorder:
    """A store that remembers every node fetched through it, in the order of the first fetches.

    `size` is the number of bytes of all nodes in `nodes`.
    """

    def __init__(self, store: NodeStore) -> None:
        self.store = store
        self.nodes: dict[bytes, bytes] = {}
        self.size = 0

    def get(self, hash: bytes, /) -> bytes | None:
        node = self.nodes.get(hash)
        if node is not None:
            return node
        node = self.store.get(hash)
        if node is None:
            # A store need not hold the empty trie's node, but a proof of the empty trie has it.
            if hash != EMPTY_ROOT:
                return None
            node = EMPTY_NODE
        self.nodes[hash] = node
        self.size += len(node)
        return node
