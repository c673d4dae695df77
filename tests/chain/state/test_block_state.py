"""A block's state: what it records is what a validator needs, as in Parity's proofs."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.state import RAW, BlockState, StateLimit
from chain.trie import EMPTY_ROOT, MemoryStore, MissingTrieNode, Trie, decode_compact

VECTORS = Path(__file__).parents[2] / "vectors" / "trie.jsonl"
CASES = [case for line in VECTORS.read_text().splitlines() if "changes" in (case := json.loads(line))]


def known(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def unhex(text: str | None) -> bytes | None:
    return None if text is None else known(text)


def put(state: BlockState, key: bytes, value: bytes | None) -> None:
    if value is None:
        state.overlay.erase(key)
    else:
        state.overlay.write(key, value, RAW)


def encoded_size(items: list[bytes]) -> int:
    """The size of `Vec<Vec<u8>>` of the items."""
    return sum(len(item) + (1 if len(item) < 64 else 2) for item in items) + (1 if len(items) < 64 else 2)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['name']}-v{case['version']}")
def test_the_record_is_the_reference_proof(case: dict[str, Any]) -> None:
    entries = {known(key): known(value) for key, value in case["entries"]}
    version = case["version"]
    update = Trie(MemoryStore(), version=version).update(entries)
    state = BlockState(MemoryStore(update.nodes), update.root, version)
    for key in case.get("keys", []):
        assert state.overlay.read(known(key), RAW) == entries.get(known(key))
    for key, value in case["changes"]:
        put(state, known(key), unhex(value))
    assert state.commit().root == known(case["root_after"])
    assert sorted(state.recorder.nodes.values()) == [known(node) for node in case["proof"]]
    assert state.proof() == [known(item) for item in case["compact_proof"]]


KEYS = st.lists(st.sampled_from([0x00, 0x01, 0x10]), max_size=4).map(bytes)
VALUES = st.sampled_from([b"", b"a", b"b" * 32, b"c" * 33, b"d" * 33])
ENTRIES = st.dictionaries(KEYS, VALUES, max_size=15)
VERBS = st.sampled_from(["read", "write", "erase", "list", "mark", "rollback"])
STEPS = st.lists(st.tuples(VERBS, KEYS, VALUES))


def run(state: BlockState, steps: list[tuple[str, bytes, bytes]]) -> list[Any]:
    """Carry out the steps and give what was read."""
    overlay = state.overlay
    marks: list[int] = []
    seen: list[Any] = []
    for verb, key, value in steps:
        if verb == "read":
            seen.append(overlay.read(key, RAW))
        elif verb == "list":
            seen.append(list(overlay.keys(key)))
        elif verb == "mark":
            marks.append(overlay.mark())
        elif verb == "rollback" and marks:
            overlay.rollback(marks.pop())
        elif verb != "rollback":
            put(state, key, value if verb == "write" else None)
    return seen


@settings(deadline=None)
@given(ENTRIES, STEPS)
def test_a_validator_repeats_the_block_from_its_proof(
    entries: dict[bytes, bytes], steps: list[tuple[str, bytes, bytes]]
) -> None:
    before = Trie(MemoryStore()).update(entries)
    author = BlockState(MemoryStore(before.nodes), before.root)
    seen = run(author, steps)
    size = author.proof_size
    assert size >= encoded_size(author.proof())
    update = author.commit()
    assert author.proof_size >= max(size, encoded_size(author.proof()))

    root, nodes = decode_compact(author.proof())
    assert root == before.root
    validator = BlockState(MemoryStore(nodes), root)
    assert run(validator, steps) == seen
    assert validator.commit() == update

    for hash in nodes:
        if hash == EMPTY_ROOT:
            continue
        poor = BlockState(MemoryStore({h: n for h, n in nodes.items() if h != hash}), root)
        with pytest.raises(MissingTrieNode):
            run(poor, steps)
            poor.commit()
            poor.proof()


def test_an_untouched_state_is_proved_by_its_root() -> None:
    before = Trie(MemoryStore()).update({b"k": b"v"})
    state = BlockState(MemoryStore(before.nodes), before.root)
    assert state.commit().root == before.root
    assert decode_compact(state.proof()) == (before.root, before.nodes)
    assert BlockState(MemoryStore()).proof() == [b"\x00"]


def test_the_limit_is_the_overlay_s() -> None:
    state = BlockState(MemoryStore(), limit=1)
    state.overlay.read(b"k", RAW)
    with pytest.raises(StateLimit):
        state.overlay.read(b"k", RAW)
