"""What can go wrong in the trie. Source: spec/substrate.md §3, spec/relay.md §7."""


class TrieError(Exception):
    """A trie cannot be read, changed or proved with the nodes at hand."""


class MissingTrieNode(TrieError):
    """The store has no node, or no value node, under `hash`, which `key` leads through."""

    def __init__(self, hash: bytes, key: bytes) -> None:
        super().__init__(f"no trie node {hash.hex()}, needed for the key {key.hex() or '(empty)'}")
        self.hash = hash
        self.key = key

    def __reduce__(self) -> tuple[type["MissingTrieNode"], tuple[bytes, bytes]]:
        return type(self), (self.hash, self.key)


class BadNode(TrieError):
    """Bytes are no trie node."""


class BadProof(TrieError):
    """Nodes or items that do not make up a proof."""


class ExtraneousNode(BadProof):
    """A compact proof goes on after its trie is complete."""
