"""The state that one block runs in, and the record of what it needed. Source: design.md, "The record"."""

from chain.state.overlay import Overlay
from chain.trie.compact import encode_compact
from chain.trie.node import EMPTY_ROOT
from chain.trie.size import CompactSize
from chain.trie.store import NodeStore, Recorder
from chain.trie.trie import Trie
from chain.trie.update import Update


class BlockState:
    """The state after the parent block, with root `root`, under an overlay.

    Author, importing node and validator differ only in the store: the author's and the node's hold whole
    states, the validator's the nodes of a proof. `version` is the state version that the block writes;
    `limit` is the number of storage operations that it may make.
    """

    def __init__(
        self, store: NodeStore, root: bytes = EMPTY_ROOT, version: int = 1, limit: int | None = None
    ) -> None:
        self.recorder = Recorder(store)
        self.trie = Trie(self.recorder, root, version)
        self.overlay = Overlay(self.trie, limit)
        self._size = CompactSize(root)
        self._sized = b""

    def commit(self) -> Update:
        """The root after the block and the nodes that are new in it.

        The nodes that this fetches are recorded too. Raises MissingTrieNode if the store lacks one.
        """
        return self.trie.update(self.overlay.changes())

    def proof(self) -> list[bytes]:
        """The compact proof, against the parent's root, of everything read, listed and committed so far."""
        self.trie.node(self.trie.root, b"")
        return encode_compact(self.trie.root, self.recorder.nodes)

    @property
    def proof_size(self) -> int:
        """At least the size in bytes of what `proof` gives now, encoded, and hardly more.

        The nodes that only `commit` fetches are not in it before.
        """
        self.trie.node(self.trie.root, b"")
        nodes = self.recorder.nodes
        fresh = []
        for hash in reversed(nodes):
            if hash == self._sized:
                break
            fresh.append(hash)
        for hash in reversed(fresh):
            self._size.add(hash, nodes[hash])
            self._sized = hash
        return self._size.size
