"""What an update writes, fetches and leaves as it is."""

from collections.abc import Callable, Mapping

import pytest

from chain.trie import EMPTY_NODE, EMPTY_ROOT, MemoryStore, MissingTrieNode, Recorder, Trie, Update
from chain.trie.node import decode

Reference = Callable[[Mapping[bytes, bytes], int], tuple[bytes, dict[bytes, bytes]]]

LONG = b"v" * 33


def stored(entries: dict[bytes, bytes], version: int = 1) -> tuple[MemoryStore, bytes]:
    update = Trie(MemoryStore(), version=version).update(entries)
    return MemoryStore(dict(update.nodes)), update.root


def test_a_removal_fetches_the_sibling_that_remains() -> None:
    store, root = stored({b"\x10": b"a" * 32, b"\x20": b"b" * 32})
    recorder = Recorder(store)
    update = Trie(recorder, root).update({b"\x10": None})
    assert set(recorder.nodes) == set(store.nodes)
    assert update.root == stored({b"\x20": b"b" * 32})[1]
    sibling = next(h for h, n in store.nodes.items() if n.endswith(b"b" * 32))
    del store.nodes[sibling]
    with pytest.raises(MissingTrieNode) as caught:
        Trie(store, root).update({b"\x10": None})
    assert (caught.value.hash, caught.value.key) == (sibling, b"\x10")


@pytest.mark.parametrize(
    "others",
    [{b"\x20": b"b" * 32, b"\x30": b"c" * 32}, {b"": b"held by the branch", b"\x20": b"b" * 32}],
    ids=["two remain", "the branch has a value"],
)
def test_a_removal_that_merges_nothing_fetches_no_sibling(others: dict[bytes, bytes]) -> None:
    store, root = stored({b"\x10": b"a" * 32, **others})
    recorder = Recorder(store)
    assert Trie(recorder, root).update({b"\x10": None}).root == stored(others)[1]
    assert len(recorder.nodes) == 2


def test_changes_apply_in_the_order_of_keys() -> None:
    """Removing the first leaves one child for a moment, and the trie merges then: it fetches the second."""
    store, root = stored({b"\x10": b"a" * 32, b"\x20": b"b" * 32})
    recorder = Recorder(store)
    update = Trie(recorder, root).update({b"\x30": b"c" * 32, b"\x10": None})
    assert update.root == stored({b"\x20": b"b" * 32, b"\x30": b"c" * 32})[1]
    assert set(recorder.nodes) == set(store.nodes)


def test_old_values_are_not_fetched() -> None:
    store, root = stored({b"\x10": LONG, b"\x20": b"w" * 40})
    recorder = Recorder(store)
    Trie(recorder, root).update({b"\x10": b"new", b"\x20": None})
    assert not {LONG, b"w" * 40} & set(recorder.nodes.values())


def test_removing_everything() -> None:
    store, root = stored({bytes([n]) * 3: bytes(n) for n in range(0, 250, 7)})
    update = Trie(store, root).update({bytes([n]) * 3: None for n in range(0, 250, 7)})
    assert update == Update(EMPTY_ROOT, {EMPTY_ROOT: EMPTY_NODE})


@pytest.mark.parametrize("version", [0, 1])
def test_no_change_makes_no_nodes(version: int) -> None:
    entries = {b"\x10": b"a" * 32, b"\x20\x01": LONG, b"\x20\x02": b"", b"": b"w" * 50}
    store, root = stored(entries, version)
    trie = Trie(store, root, version)
    assert trie.update({}) == Update(root, {})
    assert trie.update(dict(entries)) == Update(root, {})
    assert trie.update({b"\x11": None, b"\x20": None, b"\x20\x01\x00": None}) == Update(root, {})


def test_the_trie_itself_stays() -> None:
    store, root = stored({b"\x10": b"a" * 32, b"\x20": LONG})
    trie = Trie(store, root)
    trie.update({b"\x10": None, b"\x20": b"other", b"\x30": b"new"})
    assert list(trie.items()) == [(b"\x10", b"a" * 32), (b"\x20", LONG)]


def test_only_new_nodes_are_given(reference: Reference) -> None:
    before = {bytes([a, b]): bytes([a, b]) * 20 for a in range(16) for b in range(16)}
    _, old = reference(before, 1)
    store, root = stored(before)
    assert store.nodes == old
    after_root, new = reference({**before, b"\x05\x07": b"changed" * 9}, 1)
    update = Trie(store, root).update({b"\x05\x07": b"changed" * 9})
    assert update == Update(after_root, {hash: node for hash, node in new.items() if hash not in old})


@pytest.mark.parametrize("size, detached", [(32, False), (33, True)])
def test_version_1_detaches_long_values(size: int, detached: bool) -> None:
    _, root = stored({b"k": b"v" * size}, 0)
    update = Trie(MemoryStore(), version=1).update({b"k": b"v" * size})
    assert (update.root != root) is detached
    assert (b"v" * size in update.nodes.values()) is detached


def test_version_0_nodes_migrate_when_written() -> None:
    entries = {b"\x10": LONG, b"\x11": LONG, b"\x12": LONG}
    store, root = stored(entries, 0)
    update = Trie(store, root, 1).update({b"\x10": LONG, b"\x13": b"x"})
    store.put(update.nodes)
    kinds = {}
    top = decode(update.nodes[update.root])
    for nibble, ref in top.children():
        kinds[nibble] = decode(store.nodes[ref] if len(ref) == 32 else ref).kind.hashed
    assert kinds == {0: True, 1: False, 2: False, 3: False}
    assert dict(Trie(store, update.root).items()) == {**entries, b"\x13": b"x"}


def test_inline_nodes_grow_and_shrink(reference: Reference) -> None:
    entries: dict[bytes, bytes] = {b"\x11": b"a", b"\x12": b"b"}
    store, root = stored(entries)
    steps = [(0x11, b"c" * 32), (0x12, b"d" * 32), (0x11, b"e"), (0x12, b""), (0x13, b"f")]
    for last, value in steps:
        key = bytes([last])
        entries[key] = value
        update = Trie(store, root).update({key: value})
        store.put(update.nodes)
        root = update.root
        assert root == reference(entries, 1)[0]


def test_one_child_goes_inline_and_another_changes(reference: Reference) -> None:
    """A branch of hashes in which one child becomes short while another stays a hash."""
    entries = {bytes([n]) + b"\x11" * 8: b"w" * 32 for n in (0x00, 0x10, 0x20, 0x30)}
    store, root = stored(entries)
    changes = {b"\x00" + b"\x11" * 8: b"", b"\x30" + b"\x11" * 8: b"x" * 32}
    assert Trie(store, root).update(changes).root == reference({**entries, **changes}, 1)[0]


def test_depth_is_no_matter(reference: Reference) -> None:
    """Each key is the beginning of the next, so that the trie is as deep as the longest."""
    depth = 1200
    entries = {b"\x11" * n: n.to_bytes(2, "big") * 20 for n in range(depth)}
    store, root = stored(entries)
    trie = Trie(store, root)
    assert trie.get(b"\x11" * (depth - 1)) == entries[b"\x11" * (depth - 1)]
    assert len(list(trie.items())) == depth
    update = trie.update({key: None for key in entries if len(key) > 2})
    assert update.root == reference({key: entries[key] for key in (b"", b"\x11", b"\x11" * 2)}, 1)[0]
    assert trie.update(dict.fromkeys(entries)).root == EMPTY_ROOT
