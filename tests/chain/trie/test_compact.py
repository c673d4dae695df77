"""Compact proofs: there and back, and what a hostile one can do."""

from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chain.trie import (
    EMPTY_NODE,
    EMPTY_ROOT,
    BadNode,
    BadProof,
    CompactSize,
    ExtraneousNode,
    MemoryStore,
    MissingTrieNode,
    Recorder,
    Trie,
    TrieError,
    decode_compact,
    encode_compact,
)

Entries = dict[bytes, bytes]

# Few values and keys with equal ends, so that whole subtrees are equal.
KEYS = st.builds(
    lambda head, tail: bytes(head) + tail,
    st.lists(st.sampled_from([0x00, 0x01, 0x10]), max_size=3),
    st.sampled_from([b"", b"\xaa" * 20, b"\xaa" * 20 + b"\xbb"]),
)
VALUES = st.sampled_from([b"v" * 32, b"v" * 33, b"short"])
ENTRIES = st.dictionaries(KEYS, VALUES, min_size=1, max_size=25)


def recorded(entries: Entries, keys: list[bytes], version: int) -> tuple[bytes, Entries]:
    update = Trie(MemoryStore(), version=version).update(entries)
    recorder = Recorder(MemoryStore(update.nodes))
    trie = Trie(recorder, update.root, version)
    trie.get(b"")
    for key in keys:
        trie.get(key)
    return update.root, recorder.nodes


def encoded_size(items: list[bytes]) -> int:
    """The size of `Vec<Vec<u8>>` of the items."""
    return sum(len(item) + (1 if len(item) < 64 else 2) for item in items) + (1 if len(items) < 64 else 2)


@settings(deadline=None)
@given(ENTRIES, st.lists(KEYS, max_size=12), st.sampled_from([0, 1]))
def test_there_and_back(entries: Entries, keys: list[bytes], version: int) -> None:
    root, nodes = recorded(entries, keys, version)
    items = encode_compact(root, nodes)
    assert decode_compact(items) == (root, nodes)
    with pytest.raises(ExtraneousNode):
        decode_compact([*items, items[-1]])
    with pytest.raises((BadProof, BadNode)):
        decode_compact(items[:-1])


@settings(deadline=None)
@given(ENTRIES, st.lists(KEYS, max_size=12), st.randoms(use_true_random=False))
def test_the_size_is_known_before(entries: Entries, keys: list[bytes], random: Random) -> None:
    root, nodes = recorded(entries, keys, 1)
    size = CompactSize(root)
    order = list(nodes.items())
    random.shuffle(order)
    for hash, node in order:
        size.add(hash, node)
    items = encode_compact(root, nodes)
    assert encoded_size(items) <= size.size <= encoded_size(items) + 4 * len(items) + 4


@settings(deadline=None)
@given(ENTRIES, st.lists(KEYS, max_size=12), st.data())
def test_damage(entries: Entries, keys: list[bytes], data: st.DataObject) -> None:
    root, nodes = recorded(entries, keys, 1)
    items = encode_compact(root, nodes)
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(items) - 1))
        what = data.draw(st.sampled_from(["flip", "cut", "twice", "swap", "mark"]))
        if what == "flip" and items[at]:
            place = data.draw(st.integers(0, len(items[at]) - 1))
            changed = bytearray(items[at])
            changed[place] ^= data.draw(st.integers(1, 255))
            items[at] = bytes(changed)
        elif what == "cut":
            items[at] = items[at][: data.draw(st.integers(0, len(items[at])))]
        elif what == "twice":
            items.insert(at, items[at])
        elif what == "swap":
            items[at], items[0] = items[0], items[at]
        else:
            items[at] = b"\x01" + items[at]
    try:
        found, proved = decode_compact(items)
    except TrieError:
        return
    assert found != root or proved == nodes


@given(st.lists(st.binary(max_size=6) | st.sampled_from([b"\x80\x01\x00\x00", b"\x01\x40\x00", b"\x40\x00"])))
@example([])
@example([b""])
@example([b"\x01"])
@example([b"\x00", b"\x00"])
def test_anything_causes_only_trie_errors(items: list[bytes]) -> None:
    try:
        root, nodes = decode_compact(items)
    except TrieError:
        return
    assert root in nodes


def test_equal_subtrees_come_each_time() -> None:
    entries = {bytes([a, b]) + b"\xaa" * 20: b"v" * 40 for a in range(4) for b in range(4)}
    root, nodes = recorded(entries, list(entries), 1)
    items = encode_compact(root, nodes)
    assert items.count(b"v" * 40) == 16
    assert len(nodes) == 4
    assert decode_compact(items) == (root, nodes)


def test_a_value_mark_needs_a_place_for_the_value() -> None:
    for item in ("01" + "410104ff", "01" + "20" + "11" * 32, "01" + "80010000"):
        with pytest.raises(BadNode):
            decode_compact([bytes.fromhex(item), b"value" * 10])


def test_a_child_too_short_for_a_hash() -> None:
    with pytest.raises(BadProof):
        decode_compact([b"\x80\x01\x00\x00", b"\x40\x04a"])


def test_the_root_must_be_there() -> None:
    with pytest.raises(MissingTrieNode):
        encode_compact(b"r" * 32, {})


def test_empty() -> None:
    assert encode_compact(EMPTY_ROOT, {}) == [EMPTY_NODE]
    assert decode_compact([EMPTY_NODE]) == (EMPTY_ROOT, {EMPTY_ROOT: EMPTY_NODE})


def test_depth_is_no_matter() -> None:
    depth = 20_000
    hostile = [b"\x80\x01\x00\x00"] * depth
    with pytest.raises(BadProof):
        decode_compact(hostile)
    root, nodes = decode_compact([*hostile, b"\x40\x80" + b"v" * 32])
    assert len(nodes) == depth + 1
    assert len(encode_compact(root, nodes)) == depth + 1
    assert Trie(MemoryStore(nodes), root).get(b"\x00" * (depth // 2)) == b"v" * 32
