"""Where two states differ: both tries are walked together, and what is equal in both is not looked into."""

from collections.abc import Iterator
from typing import NamedTuple

from chain.trie.nibbles import pack
from chain.trie.node import EMPTY, Node
from chain.trie.trie import Trie


class _Place(NamedTuple):
    """A node of a trie, from the nibble `at` of its partial key on; without a node, what `ref` leads to."""

    trie: Trie
    ref: bytes
    node: Node | None = None
    at: int = 0

    def fetched(self, path: bytes) -> "_Place":
        if self.node is not None:
            return self
        return self._replace(node=self.trie.node(self.ref, pack(path[: len(path) & ~1])))

    @property
    def holder(self) -> Node | None:
        """The node, if it holds a value under the path that leads here."""
        node = self.node
        return None if node is None or node.value is None or self.at < len(node.partial) else node

    def below(self) -> dict[int, "_Place"]:
        """Where each next nibble leads."""
        node = self.node
        if node is None or node is EMPTY:
            return {}
        if self.at < len(node.partial):
            return {node.partial[self.at]: self._replace(at=self.at + 1)}
        return {nibble: _Place(self.trie, ref) for nibble, ref in node.children()}

    def same(self, other: "_Place") -> bool:
        """Whether the same is known to be below both."""
        if self.node is None and other.node is None:
            return self.ref == other.ref
        return self.node is other.node and self.at == other.at


def differing_keys(one: Trie, other: Trie) -> Iterator[bytes]:
    """The keys whose values differ, or that only one of the states has, ascending.

    The work is proportional to what differs. Raises MissingTrieNode where a store lacks a node.
    """
    return _differing(b"", _Place(one, one.root), _Place(other, other.root))


def _differing(path: bytes, one: _Place | None, other: _Place | None) -> Iterator[bytes]:
    if one is not None and other is not None and one.same(other):
        return
    left = None if one is None else one.fetched(path)
    right = None if other is None else other.fetched(path)
    if _value_differs(path, left, right):
        yield pack(path)
    ways_left, ways_right = left.below() if left else {}, right.below() if right else {}
    for nibble in sorted({*ways_left, *ways_right}):
        yield from _differing(path + bytes((nibble,)), ways_left.get(nibble), ways_right.get(nibble))


def _value_differs(path: bytes, left: _Place | None, right: _Place | None) -> bool:
    ours, theirs = left and left.holder, right and right.holder
    if left is None or right is None or ours is None or theirs is None:
        return ours is not theirs
    if ours.kind.hashed == theirs.kind.hashed:
        return ours.value != theirs.value
    key = pack(path)  # the one from before the state version changed, the other from after
    return left.trie.value(ours, key) != right.trie.value(theirs, key)
