"""State roots, updates, storage proofs and compact proofs; extrinsics roots."""

from collections.abc import Iterable
from typing import Any

from cases import Case
from convert import unhex
from lookup import need

Changes = dict[bytes, bytes | None]


def check(case: Case) -> None:
    data = case.data
    if "extrinsics" in data:
        root = need("chain.trie", "ordered_root")([unhex(item) for item in data["extrinsics"]])
        assert root == unhex(data["root"]), f"the root is {root.hex()}, not {data['root']}"
        return
    if "entries" in data:
        store = _check_state(data)
    else:  # a real chain's proof: its nodes are all there is
        store = need("chain.trie", "ProofStore")([unhex(node) for node in data["proof"]])
    if "keys" in data:
        _check_values(data, store)
    if "proof" in data:
        _check_proof(data, store)


def _optional(text: str | None) -> bytes | None:
    return None if text is None else unhex(text)


def _pairs(pairs: Iterable[tuple[str, str | None]]) -> Changes:
    return {unhex(key): _optional(value) for key, value in pairs}


def _check_state(data: dict[str, Any]) -> Any:
    """The root over the entries, and that they read back in order; returns the store with all nodes."""
    trie_of, store = need("chain.trie", "Trie"), need("chain.trie", "MemoryStore")()
    entries = _pairs(data["entries"])
    update = trie_of(store, version=data["version"]).update(entries)
    assert update.root == unhex(data["root"]), f"the root is {update.root.hex()}, not {data['root']}"
    store.put(update.nodes)
    trie = trie_of(store, update.root, data["version"])
    assert dict(trie.items()) == entries, "the entries do not read back"
    assert list(trie.keys()) == sorted(entries), "the keys are not in order"
    return store


def _check_values(data: dict[str, Any], store: Any) -> None:
    trie = need("chain.trie", "Trie")(store, unhex(data["root"]), data["version"])
    for key, value in zip(data["keys"], data["values"], strict=True):
        assert trie.get(unhex(key)) == _optional(value), f"{key} does not read as {value}"


def _check_proof(data: dict[str, Any], store: Any) -> None:
    """The proof of the reads and writes, and that it suffices for both."""
    root, version = unhex(data["root"]), data["version"]
    keys = [unhex(key) for key in data.get("keys", ())]
    changes = _pairs(data.get("changes", ()))
    expected = [unhex(node) for node in data["proof"]]
    trie_of = need("chain.trie", "Trie")

    recorder = need("chain.trie", "Recorder")(store)
    trie = trie_of(recorder, root, version)
    trie.node(root, b"")
    for key in keys:
        trie.get(key)
    if changes:
        after = trie.update(changes).root
        assert after == unhex(data["root_after"]), f"the root is then {after.hex()}, not {data['root_after']}"
    else:
        proof = need("chain.trie", "prove")(store, root, keys, version)
        assert proof == expected, "prove() gives other nodes"
        values = need("chain.trie", "read_proof")(root, expected, keys)
        assert values == dict(zip(keys, map(_optional, data["values"]), strict=True)), "read_proof() differs"
    assert sorted(recorder.nodes.values()) == expected, "other nodes were fetched than the proof has"
    assert recorder.size == sum(map(len, expected)), "the recorder's size is not that of its nodes"

    alone = trie_of(need("chain.trie", "ProofStore")(expected), root, version)
    for key, value in zip(keys, data.get("values", ()), strict=True):
        assert alone.get(key) == _optional(value), f"{key.hex()} reads differently from the proof alone"
    if changes:
        assert alone.update(changes).root == unhex(data["root_after"]), "the proof alone gives another root"

    _check_compact(data, root, recorder.nodes)


def _check_compact(data: dict[str, Any], root: bytes, proof: dict[bytes, bytes]) -> None:
    """The compact form of a proof, there and back."""
    compact = need("chain.trie", "encode_compact")(root, proof)
    assert compact == [unhex(item) for item in data["compact_proof"]], "the compact proof differs"
    found_root, nodes = need("chain.trie", "decode_compact")(compact)
    assert found_root == root, f"the compact proof is of {found_root.hex()}"
    assert nodes == proof, "the compact proof decodes to other nodes"
