"""Where two states differ: the keys that two dicts would name."""

from hypothesis import given
from hypothesis import strategies as st

from chain.trie import EMPTY_ROOT, MemoryStore, Recorder, Trie, differing_keys

KEYS = st.one_of(st.binary(max_size=3), st.sampled_from([b"\x00", b"\x00\x00", b"\x00\x01", b"\x10" * 20]))
STATES = st.dictionaries(KEYS, st.one_of(st.binary(max_size=2), st.binary(min_size=33, max_size=34)), max_size=12)


def trie_of(state: dict[bytes, bytes], version: int = 1) -> Trie:
    store = MemoryStore()
    root, nodes = Trie(store, EMPTY_ROOT, version).update(dict(state))
    store.put(nodes)
    return Trie(store, root, version)


@given(STATES, STATES, st.sampled_from([0, 1]))
def test_the_keys_that_differ(one: dict[bytes, bytes], other: dict[bytes, bytes], version: int) -> None:
    keys = sorted({*one, *other})
    expected = [key for key in keys if one.get(key) != other.get(key)]
    assert list(differing_keys(trie_of(one), trie_of(other, version))) == expected


@given(STATES)
def test_a_state_does_not_differ_from_itself(state: dict[bytes, bytes]) -> None:
    assert list(differing_keys(trie_of(state), trie_of(state))) == []


def test_only_what_differs_is_fetched() -> None:
    state = {index.to_bytes(4, "big"): index.to_bytes(40, "big") for index in range(5_000)}
    store = MemoryStore()
    root, nodes = Trie(store, EMPTY_ROOT).update(dict(state))
    store.put(nodes)
    changed, fresh = Trie(store, root).update({(77).to_bytes(4, "big"): b"new"})
    store.put(fresh)
    recorder = Recorder(store)
    assert list(differing_keys(Trie(recorder, root), Trie(recorder, changed))) == [(77).to_bytes(4, "big")]
    assert len(recorder.nodes) < 20
