"""The state trie: nodes, look-ups, updates and proofs over any node store. Source: spec/substrate.md §3."""

from chain.trie.compact import decode_compact, encode_compact
from chain.trie.differences import differing_keys
from chain.trie.errors import BadNode, BadProof, ExtraneousNode, MissingTrieNode, TrieError
from chain.trie.node import EMPTY_NODE, EMPTY_ROOT
from chain.trie.proof import ordered_root, prove, read_proof
from chain.trie.size import CompactSize
from chain.trie.store import MemoryStore, NodeStore, OverlayStore, ProofStore, Recorder
from chain.trie.trie import Trie
from chain.trie.update import Update

__all__ = [
    "EMPTY_NODE",
    "EMPTY_ROOT",
    "BadNode",
    "BadProof",
    "CompactSize",
    "ExtraneousNode",
    "MemoryStore",
    "MissingTrieNode",
    "NodeStore",
    "OverlayStore",
    "ProofStore",
    "Recorder",
    "Trie",
    "TrieError",
    "Update",
    "decode_compact",
    "differing_keys",
    "encode_compact",
    "ordered_root",
    "prove",
    "read_proof",
]
