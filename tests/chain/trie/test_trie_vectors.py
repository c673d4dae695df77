"""Roots, proofs and updates as measured on smoldot and Parity's trie-db (tests/vectors/trie.jsonl)."""

import json
from pathlib import Path
from typing import Any

import pytest

from chain.trie import (
    MemoryStore,
    NodeStore,
    ProofStore,
    Recorder,
    Trie,
    decode_compact,
    encode_compact,
    ordered_root,
    prove,
    read_proof,
)

Case = dict[str, Any]

VECTORS = Path(__file__).parents[2] / "vectors" / "trie.jsonl"
CASES: list[Case] = [json.loads(line) for line in VECTORS.read_text().splitlines()]


def cases(*fields: str) -> pytest.MarkDecorator:
    chosen = [case for case in CASES if all(field in case for field in fields)]
    assert chosen
    return pytest.mark.parametrize("case", chosen, ids=lambda case: f"{case['name']}-v{case['version']}")


def unhex(text: str | None) -> bytes | None:
    return None if text is None else bytes.fromhex(text.removeprefix("0x"))


def known(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def listed(texts: list[str]) -> list[bytes]:
    return [known(text) for text in texts]


def entries(case: Case) -> dict[bytes, bytes]:
    return {known(key): known(value) for key, value in case["entries"]}


def store_of(case: Case) -> NodeStore:
    """All nodes of the case's trie; only those of the proof where its entries are not given."""
    if "entries" not in case:
        return ProofStore(listed(case["proof"]))
    return MemoryStore(Trie(MemoryStore(), version=case["version"]).update(entries(case)).nodes)


@cases("entries")
def test_root(case: Case) -> None:
    update = Trie(MemoryStore(), version=case["version"]).update(entries(case))
    assert update.root == known(case["root"])
    trie = Trie(MemoryStore(update.nodes), update.root, case["version"])
    assert list(trie.items()) == sorted(entries(case).items())
    assert all(trie.get(key) == value for key, value in entries(case).items())


@cases("extrinsics")
def test_extrinsics_root(case: Case) -> None:
    assert ordered_root(listed(case["extrinsics"])) == known(case["root"])


@cases("keys", "values")
def test_proof_is_read(case: Case) -> None:
    expected = dict(zip(listed(case["keys"]), map(unhex, case["values"]), strict=True))
    assert read_proof(known(case["root"]), listed(case["proof"]), expected) == expected


@pytest.mark.parametrize("case", [c for c in CASES if "keys" in c and "changes" not in c])
def test_proof_is_made(case: Case) -> None:
    proof = prove(store_of(case), known(case["root"]), listed(case["keys"]), case["version"])
    assert proof == listed(case["proof"])


@cases("compact_proof")
def test_compact_proof(case: Case) -> None:
    root = known(case["root"])
    nodes = ProofStore(listed(case["proof"])).nodes
    compact = listed(case["compact_proof"])
    assert encode_compact(root, nodes) == compact
    assert decode_compact(compact) == (root, nodes)


@cases("changes")
def test_update_and_what_it_records(case: Case) -> None:
    recorder = Recorder(store_of(case))
    trie = Trie(recorder, known(case["root"]), case["version"])
    for key in listed(case.get("keys", [])):
        trie.get(key)
    changes = {known(key): unhex(value) for key, value in case["changes"]}
    assert trie.update(changes).root == known(case["root_after"])
    assert sorted(recorder.nodes.values()) == listed(case["proof"])


@cases("changes")
def test_update_from_the_proof_alone(case: Case) -> None:
    root, nodes = decode_compact(listed(case["compact_proof"]))
    changes = {known(key): unhex(value) for key, value in case["changes"]}
    assert Trie(MemoryStore(nodes), root, case["version"]).update(changes).root == known(case["root_after"])
