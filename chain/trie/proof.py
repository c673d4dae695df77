"""Storage proofs: the nodes that look-ups pass through. Source: spec/substrate.md §3, "Proofs"."""

from collections.abc import Iterable, Sequence

from chain.scale.compact import encode_compact as compact_integer
from chain.trie.errors import BadProof
from chain.trie.node import EMPTY_ROOT
from chain.trie.store import MemoryStore, NodeStore, ProofStore, Recorder
from chain.trie.trie import Trie


def prove(store: NodeStore, root: bytes, keys: Iterable[bytes], version: int = 1) -> list[bytes]:
    """The nodes, sorted by their bytes, that prove what is under each of the keys, or that nothing is."""
    recorder = Recorder(store)
    trie = Trie(recorder, root, version)
    trie.node(root, b"")
    for key in keys:
        trie.get(key)
    return sorted(recorder.nodes.values())


def read_proof(root: bytes, nodes: Iterable[bytes], keys: Iterable[bytes]) -> dict[bytes, bytes | None]:
    """What a proof says is under each of the keys (None: nothing).

    Raises BadProof if the proof is not about this root, MissingTrieNode for a key that it does not cover.
    Nodes that no key needs are no fault: several readers share one proof.
    """
    store = ProofStore(nodes)
    if root not in store.nodes and root != EMPTY_ROOT:
        raise BadProof(f"the proof has no node for the root {root.hex()}")
    trie = Trie(store, root)
    return {key: trie.get(key) for key in keys}


def ordered_root(values: Sequence[bytes]) -> bytes:
    """The root over a list, as headers carry it for extrinsics: state version 0, key i = Compact(i)."""
    changes: dict[bytes, bytes | None] = {compact_integer(i): value for i, value in enumerate(values)}
    return Trie(MemoryStore(), version=0).update(changes).root
