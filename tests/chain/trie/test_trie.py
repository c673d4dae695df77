"""Looking up, listing and what happens where nodes are missing."""

from itertools import islice

import pytest

from chain.trie import EMPTY_ROOT, BadNode, MemoryStore, MissingTrieNode, OverlayStore, Recorder, Trie, Update
from chain.trie.trie import KEEP

ENTRIES = {
    b"": b"at the root",
    b"\x00": b"",
    b"\x01\x23": b"short",
    b"\x01\x23\x40": b"x" * 32,
    b"\x01\x23\x4f": b"y" * 33,
    b"\x01\x24": b"z" * 100,
    b"\xab\xcd" * 30: b"long key",
    b"\xab\xcd" * 30 + b"\x00": b"longer key" * 9,
}


def made(entries: dict[bytes, bytes], version: int = 1) -> Update:
    return Trie(MemoryStore(), version=version).update(entries)


@pytest.fixture(params=[0, 1])
def trie(request: pytest.FixtureRequest) -> Trie:
    update = made(ENTRIES, request.param)
    return Trie(Recorder(MemoryStore(update.nodes)), update.root, request.param)


def test_empty() -> None:
    trie = Trie(MemoryStore())
    assert (trie.get(b""), trie.get(b"key"), trie.merkle_value(b"")) == (None, None, None)
    assert list(trie.items()) == []
    assert trie.update({}) == Update(EMPTY_ROOT, {})
    assert trie.update({b"absent": None}) == Update(EMPTY_ROOT, {})


def test_only_two_versions() -> None:
    with pytest.raises(ValueError, match="no 2"):
        Trie(MemoryStore(), version=2)


def test_present_and_absent(trie: Trie) -> None:
    for key, value in ENTRIES.items():
        assert trie.get(key) == value
    for key in (b"\x01", b"\x01\x22", b"\x01\x23\x41", b"\xab", b"\xab\xcd" * 29, b"\xab\xcd" * 31, b"\xff"):
        assert trie.get(key) is None


PREFIXES = [b"", b"\x01", b"\x01\x23", b"\x01\x23\x4f", b"\xab", b"\xab\xcd\xab", b"\x02"]
AFTER = [None, b"", b"\x00", b"\x01\x23", b"\x01\x23\x3f", b"\x01\x24\x00", b"\xff"]


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("after", AFTER)
def test_listing(trie: Trie, prefix: bytes, after: bytes | None) -> None:
    expected = sorted(k for k in ENTRIES if k.startswith(prefix) and (after is None or k > after))
    assert list(trie.keys(prefix, after)) == expected
    assert list(trie.items(prefix, after)) == [(key, ENTRIES[key]) for key in expected]


def test_listing_fetches_no_more_than_it_gives() -> None:
    update = made({bytes([a, b]): bytes([a]) * 40 for a in range(64) for b in range(64)})
    whole = Recorder(MemoryStore(update.nodes))
    assert len(list(Trie(whole, update.root).keys())) == 64 * 64
    some = Recorder(MemoryStore(update.nodes))
    page = islice(Trie(some, update.root).keys(after=b"\x20\x05"), 3)
    assert list(page) == [b"\x20\x06", b"\x20\x07", b"\x20\x08"]
    assert len(some.nodes) <= 8 < len(whole.nodes)
    assert not any(node == bytes([a]) * 40 for node in whole.nodes.values() for a in range(64))


def test_each_node_is_fetched_once(trie: Trie) -> None:
    fetched: list[bytes] = []

    class Counting:
        def get(self, hash: bytes, /) -> bytes | None:
            fetched.append(hash)
            return trie.store.get(hash)

    again = Trie(Counting(), trie.root, trie.version)
    for key in (*ENTRIES, *ENTRIES):
        again.get(key)
    again.update(dict.fromkeys(ENTRIES, b"new"))
    values = {hash for hash in fetched if fetched.count(hash) > 1}
    assert all(trie.store.get(hash) in ENTRIES.values() for hash in values)


def test_the_nearest_node_of_a_prefix() -> None:
    update = made(ENTRIES)
    trie = Trie(MemoryStore(update.nodes), update.root)
    assert trie.merkle_value(b"") == update.root
    assert trie.merkle_value(b"\x02") is None
    below = trie.merkle_value(b"\xab")
    assert below is not None
    assert below == trie.merkle_value(b"\xab\xcd" * 30)
    changed = trie.update({b"\xab\xcd" * 30 + b"\x00": b"other"})
    after = Trie(OverlayStore(changed.nodes, trie.store), changed.root)
    assert after.merkle_value(b"\xab") != below
    assert after.merkle_value(b"\x01") == trie.merkle_value(b"\x01")


@pytest.mark.parametrize("key", ENTRIES)
def test_a_missing_node_names_hash_and_key(key: bytes) -> None:
    update = made(ENTRIES)
    recorder = Recorder(MemoryStore(update.nodes))
    Trie(recorder, update.root).get(key)
    for hash in recorder.nodes:
        poor = Trie(MemoryStore({h: n for h, n in update.nodes.items() if h != hash}), update.root)
        with pytest.raises(MissingTrieNode) as caught:
            poor.get(key)
        assert (caught.value.hash, caught.value.key) == (hash, key)
        with pytest.raises(MissingTrieNode):
            list(poor.items())


def test_half_a_byte_is_no_key() -> None:
    leaf = b"\x41\x01" + b"\x10abcd"
    store = MemoryStore({b"h" * 32: leaf})
    with pytest.raises(BadNode):
        list(Trie(store, b"h" * 32).keys())


def test_an_empty_trie_is_no_child() -> None:
    branch = b"\x80\x01\x00\x80" + EMPTY_ROOT
    trie = Trie(MemoryStore({b"h" * 32: branch, EMPTY_ROOT: b"\x00"}), b"h" * 32)
    with pytest.raises(BadNode):
        trie.get(b"\x00")


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert KEEP < 1 << 20
    monkeypatch.setattr("chain.trie.trie.KEEP", 4)
    update = made({bytes([n]): bytes([n]) * 40 for n in range(256)})
    trie = Trie(MemoryStore(update.nodes), update.root)
    assert len(list(trie.items())) == 256
    assert len(trie._kept) == 4
