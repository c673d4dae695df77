"""Storage proofs hold what is needed, and a reader notices what is not there."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.trie import (
    EMPTY_NODE,
    EMPTY_ROOT,
    BadProof,
    MemoryStore,
    MissingTrieNode,
    OverlayStore,
    ProofStore,
    Recorder,
    Trie,
    TrieError,
    ordered_root,
    prove,
    read_proof,
)

Entries = dict[bytes, bytes]

KEYS = st.lists(st.sampled_from([0x00, 0x01, 0x10, 0xAB]), max_size=6).map(bytes)
VALUES = st.binary(max_size=4) | st.binary(min_size=31, max_size=36)
ENTRIES = st.dictionaries(KEYS, VALUES, max_size=20)


@settings(deadline=None)
@given(ENTRIES, st.lists(KEYS, min_size=1, max_size=8), st.sampled_from([0, 1]))
def test_every_node_of_a_proof_is_needed(entries: Entries, keys: list[bytes], version: int) -> None:
    update = Trie(MemoryStore(), version=version).update(entries)
    proof = prove(MemoryStore(update.nodes), update.root, keys, version)
    assert proof == sorted(set(proof))
    assert read_proof(update.root, proof, keys) == {key: entries.get(key) for key in keys}
    if update.root == EMPTY_ROOT:
        assert proof == [EMPTY_NODE]
        return
    for node in proof:
        rest = [other for other in proof if other != node]
        with pytest.raises((MissingTrieNode, BadProof)):
            read_proof(update.root, rest, keys)


@settings(deadline=None)
@given(ENTRIES, st.lists(KEYS, min_size=1, max_size=8), st.data())
def test_a_damaged_proof_never_lies(entries: Entries, keys: list[bytes], data: st.DataObject) -> None:
    update = Trie(MemoryStore()).update(entries)
    proof = [bytearray(node) for node in prove(MemoryStore(update.nodes), update.root, keys)]
    for _ in range(data.draw(st.integers(1, 3))):
        node = data.draw(st.sampled_from(proof))
        if node:
            node[data.draw(st.integers(0, len(node) - 1))] ^= data.draw(st.integers(0, 255))
    try:
        values = read_proof(update.root, map(bytes, proof), keys)
    except TrieError:
        return
    assert values == {key: entries.get(key) for key in keys}


@settings(deadline=None)
@given(ENTRIES.filter(bool), st.data())
def test_a_lying_store_causes_only_trie_errors(entries: dict[bytes, bytes], data: st.DataObject) -> None:
    update = Trie(MemoryStore()).update(entries)
    nodes = {hash: bytearray(node) for hash, node in update.nodes.items()}
    for hash in data.draw(st.lists(st.sampled_from(sorted(nodes)), min_size=1, max_size=4)):
        at = data.draw(st.integers(0, max(len(nodes[hash]) - 1, 0)))
        nodes[hash][at : at + 1] = data.draw(st.binary(max_size=2))
    store = MemoryStore({hash: bytes(node) for hash, node in nodes.items()})
    changes = data.draw(st.dictionaries(st.sampled_from(sorted(entries)) | KEYS, st.none() | VALUES))
    trie = Trie(store, update.root)
    for action in (lambda: list(trie.items()), lambda: trie.update(changes)):
        try:
            action()
        except TrieError:
            continue


def test_a_proof_of_another_root() -> None:
    update = Trie(MemoryStore()).update({b"k": b"v" * 40})
    with pytest.raises(BadProof):
        read_proof(b"r" * 32, update.nodes.values(), [b"k"])
    with pytest.raises(BadProof):
        read_proof(update.root, [], [])


def test_nothing_is_proved_of_the_empty_trie() -> None:
    assert prove(MemoryStore(), EMPTY_ROOT, [b"k"]) == [EMPTY_NODE]
    assert read_proof(EMPTY_ROOT, [EMPTY_NODE], [b"k"]) == {b"k": None}
    assert ordered_root([]) == EMPTY_ROOT


def test_the_recorder_keeps_the_order_of_first_fetches() -> None:
    store = MemoryStore({b"1" * 32: b"one", b"2" * 32: b"two", b"3" * 32: b"three"})
    recorder = Recorder(store)
    assert recorder.get(b"2" * 32) == b"two"
    assert recorder.get(b"1" * 32) == b"one"
    assert recorder.get(b"2" * 32) == b"two"
    assert recorder.get(b"4" * 32) is None
    assert list(recorder.nodes.values()) == [b"two", b"one"]
    assert recorder.size == 6


def test_stores() -> None:
    base = MemoryStore()
    base.put({b"1": b"one"})
    over = OverlayStore({b"2": b"two"}, base)
    assert (over.get(b"1"), over.get(b"2"), over.get(b"3")) == (b"one", b"two", None)
    assert ProofStore([EMPTY_NODE]).get(EMPTY_ROOT) == EMPTY_NODE
