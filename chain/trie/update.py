"""Changing a trie: nodes on the way to a change become drafts; at the end all drafts are hashed in one pass.

Changes are applied one by one in the order of their keys, as Parity's trie does it, so the nodes fetched are
the same: the paths and, when a removal leaves a branch with one child and no value, that child.
Source: spec/substrate.md §3.
"""

from collections.abc import Callable
from typing import NamedTuple

from chain.crypto.hashing import blake2_256
from chain.trie.draft import Draft
from chain.trie.nibbles import shared, unpack
from chain.trie.node import EMPTY_NODE, EMPTY_ROOT, HASH_SIZE, Node

EMBEDDED = 32
"""The longest value that state version 1 keeps inside its node."""


class Update(NamedTuple):
    """A new root and the new nodes, value nodes among them, by hash."""

    root: bytes
    nodes: dict[bytes, bytes]


class Editor:
    """A trie that is being changed: `insert` and `remove`, then `close` once.

    `load(ref, key)` gives the node that a reference on the way to `key` means and raises TrieError; `root` is
    None for the empty trie; `version` is the state version that values are written in.
    """

    def __init__(self, load: Callable[[bytes, bytes], Node], root: Draft | None, version: int) -> None:
        self.load = load
        self.root = root
        self.version = version
        self.nodes: dict[bytes, bytes] = {}

    def insert(self, key: bytes, value: bytes) -> None:
        """Write a value, under a key that is there or not."""
        path = unpack(key)
        node = self.root
        at = 0
        if node is None:
            self.root = self._leaf(path, value)
            return
        while True:
            if not path.startswith(node.partial, at):
                node.split(shared(node.partial, path, at))
            at += len(node.partial)
            if at == len(path):
                self._assign(node, value)
                return
            nibble = path[at]
            at += 1
            if not node.bitmap >> nibble & 1:
                node.attach(nibble, self._leaf(path[at:], value))
                return
            node = node.open.get(nibble) or self._open(node, nibble, key)

    def remove(self, key: bytes) -> None:
        """Remove a key, if it is there, and the branches that it leaves without need."""
        path = unpack(key)
        trail: list[tuple[Draft, int]] = []
        node = self.root
        at = 0
        while node is not None and path.startswith(node.partial, at):
            at += len(node.partial)
            if at == len(path):
                if node.value is not None:
                    node.set(None, False)
                    self._tidy(node, trail, key)
                return
            nibble = path[at]
            at += 1
            if not node.bitmap >> nibble & 1:
                return
            trail.append((node, nibble))
            node = node.open.get(nibble) or self._open(node, nibble, key)

    def close(self, before: bytes) -> Update:
        """The update, given the root that the trie had before."""
        if self.root is None:
            return Update(EMPTY_ROOT, {} if before == EMPTY_ROOT else {EMPTY_ROOT: EMPTY_NODE})
        drafts = [self.root]
        for draft in drafts:
            drafts.extend(draft.open.values())
        for draft in reversed(drafts):
            for child in draft.open.values():
                if child.changed:
                    draft.changed = True
                    break
            if draft.changed:
                data = draft.encode()
                if len(data) < HASH_SIZE and draft is not self.root:
                    draft.ref = data
                else:
                    draft.ref = blake2_256(data)
                    self.nodes[draft.ref] = data
        return Update(self.root.ref, self.nodes)

    def _open(self, node: Draft, nibble: int, key: bytes) -> Draft:
        """Make a draft of a child that is none yet."""
        ref = node.child_ref(nibble)
        child = Draft.of(self.load(ref, key), ref)
        node.open[nibble] = child
        return child

    def _tidy(self, node: Draft, trail: list[tuple[Draft, int]], key: bytes) -> None:
        """Take away the node if it is empty, and merge what needs no branch any more with its only child.

        `trail` leads from the root to the node.
        """
        while not node.bitmap and node.value is None:
            if not trail:
                self.root = None
                return
            node, nibble = trail.pop()
            node.detach(nibble)
        if node.value is None and node.bitmap.bit_count() == 1:
            nibble = node.bitmap.bit_length() - 1
            node.absorb(nibble, node.open.get(nibble) or self._open(node, nibble, key))

    def _leaf(self, partial: bytes, value: bytes) -> Draft:
        leaf = Draft(partial)
        self._assign(leaf, value)
        return leaf

    def _assign(self, node: Draft, value: bytes) -> None:
        """Give the node a value in the form of the state version; one that it has so already is no change."""
        hashed = self.version == 1 and len(value) > EMBEDDED
        stored = blake2_256(value) if hashed else value
        if stored != node.value or hashed != node.hashed:
            node.set(stored, hashed)
            if hashed:
                self.nodes[stored] = value
