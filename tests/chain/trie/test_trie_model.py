"""A trie under random changes, next to a dict and to a trie built from scratch."""

from collections.abc import Callable, Mapping

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from chain.trie import EMPTY_ROOT, MemoryStore, OverlayStore, Recorder, Trie, decode_compact, encode_compact

Reference = Callable[[Mapping[bytes, bytes], int], tuple[bytes, dict[bytes, bytes]]]

# Few different bytes, so that keys share beginnings, end inside one another and come back.
KEYS = st.lists(st.sampled_from([0x00, 0x01, 0x10, 0x11, 0xF0]), max_size=5).map(bytes) | st.sampled_from(
    [b"\x11" * 40, b"\x11" * 41, b"\x11" * 30 + b"\x12"]
)
SIZES = st.sampled_from([0, 1, 20, 31, 32, 33, 70])
VALUES = st.builds(lambda letter, size: letter * size, st.sampled_from([b"a", b"b"]), SIZES)


class TrieAgainstDict(RuleBasedStateMachine):
    reference: Reference

    @initialize(version=st.sampled_from([0, 1]), entries=st.dictionaries(KEYS, VALUES, max_size=12))
    def begin(self, version: int, entries: dict[bytes, bytes]) -> None:
        self.version = version
        self.store = MemoryStore()
        self.root = EMPTY_ROOT
        self.entries: dict[bytes, bytes] = {}
        self.change(entries)

    def change(self, changes: Mapping[bytes, bytes | None]) -> None:
        """Apply the changes, again from the recorded nodes alone, and again from their compact proof."""
        recorder = Recorder(self.store)
        update = Trie(recorder, self.root, self.version).update(changes)
        for nodes in (recorder.nodes, decode_compact(encode_compact(self.root, recorder.nodes))[1]):
            assert Trie(MemoryStore(nodes), self.root, self.version).update(changes) == update
        new = OverlayStore(update.nodes, self.store)
        self.store = MemoryStore({**self.store.nodes, **update.nodes})
        self.root = update.root
        for key, value in changes.items():
            self.entries.pop(key, None)
            if value is not None:
                self.entries[key] = value
        assert all(Trie(new, self.root).get(key) == value for key, value in changes.items())

    @rule(changes=st.dictionaries(KEYS, st.none() | VALUES, max_size=12))
    def batch(self, changes: dict[bytes, bytes | None]) -> None:
        self.change(changes)

    @rule(key=KEYS, value=VALUES)
    def insert(self, key: bytes, value: bytes) -> None:
        self.change({key: value})

    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        if self.entries:
            keys = st.sampled_from(sorted(self.entries))
            self.change(dict.fromkeys(data.draw(st.lists(keys, unique=True, max_size=len(self.entries)))))

    @rule(prefix=KEYS, after=st.none() | KEYS)
    def list_some(self, prefix: bytes, after: bytes | None) -> None:
        expected = sorted(k for k in self.entries if k.startswith(prefix) and (after is None or k > after))
        assert list(Trie(self.store, self.root).keys(prefix, after)) == expected

    @invariant()
    def same_as_built_from_scratch(self) -> None:
        root, nodes = self.reference(self.entries, self.version)
        assert self.root == root
        assert root == EMPTY_ROOT or nodes.items() <= self.store.nodes.items()
        trie = Trie(self.store, self.root)
        assert list(trie.items()) == sorted(self.entries.items())
        assert all(trie.get(key) == value for key, value in self.entries.items())


def test_trie_against_dict(reference: Reference) -> None:
    TrieAgainstDict.reference = staticmethod(reference)
    run_state_machine_as_test(
        TrieAgainstDict,
        settings=settings(
            max_examples=250, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
