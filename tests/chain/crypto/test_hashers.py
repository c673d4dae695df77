"""The hashers and the storage keys made with them, against spec/substrate.md §2 and polkadot.js."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.crypto import hashers
from chain.crypto.hashers import HASHERS, Hasher, storage_prefix
from chain.crypto.hashing import blake2_512, twox_64, twox_128

VECTORS = Path(__file__).parents[2] / "vectors" / "storage-keys.jsonl"
CASES = [json.loads(line) for line in VECTORS.read_text().splitlines()]
DIGESTS = [case for case in CASES if "hasher" in case]
KEYS = [case for case in CASES if "item" in case]
PREFIXES = [case for case in CASES if "prefix" in case]
WELL_KNOWN = [case for case in CASES if "well_known" in case]

RAW = {"AccountId32", "H256", "[u8; 32]", "[u8; 8]", "KeyTypeId"}
INTEGERS = {"u16": 2, "u32": 4, "u64": 8, "u128": 16, "Id": 4}
BYTES = {"BoundedVec<u8>", "Vec<u8>"}


def unhex(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))


def scale(kind: str, value: Any) -> bytes:
    """The SCALE form of the key types that the vectors give values for."""
    if kind in RAW:
        return unhex(value)
    if kind in INTEGERS:
        return int(value).to_bytes(INTEGERS[kind], "little")
    if kind in BYTES:
        assert len(unhex(value)) < 64
        return bytes((len(unhex(value)) << 2,)) + unhex(value)
    if kind.endswith("AssetPair<u32>"):
        return scale("u32", value["asset_in"]) + scale("u32", value["asset_out"])
    kinds = kind.removeprefix("(").removesuffix(")").split(", ")
    assert len(kinds) == len(value) == 2
    return b"".join(map(scale, kinds, value))


def test_every_form_of_vector_is_here() -> None:
    assert len(DIGESTS) + len(KEYS) + len(PREFIXES) + len(WELL_KNOWN) == len(CASES)
    assert all((DIGESTS, KEYS, PREFIXES, WELL_KNOWN))
    assert {case["hasher"] for case in DIGESTS} == set(HASHERS)


@pytest.mark.parametrize("case", DIGESTS, ids=lambda case: f"{case['hasher']}-{len(case['data']) // 2 - 1}")
def test_digest(case: dict[str, str]) -> None:
    hasher = HASHERS[case["hasher"]]
    assert hasher(unhex(case["data"])) == hasher.hash(unhex(case["data"])) == unhex(case["hash"])


@pytest.mark.parametrize("case", KEYS, ids=lambda case: f"{case['pallet']}.{case['item']}-{len(case['args'])}")
def test_storage_key(case: dict[str, Any]) -> None:
    key = storage_prefix(case["pallet"], case["item"])
    for name, kind, value in zip(case["hashers"], case["key_types"], case["args"], strict=False):
        key += HASHERS[name](scale(kind, value))
    assert key == unhex(case["key"])


@pytest.mark.parametrize("case", PREFIXES, ids=lambda case: case["prefix"])
def test_prefix(case: dict[str, str]) -> None:
    assert twox_128(case["prefix"].encode()) == unhex(case["twox128"])


@pytest.mark.parametrize("case", WELL_KNOWN, ids=lambda case: case["well_known"])
def test_well_known_keys_are_their_own_bytes(case: dict[str, str]) -> None:
    assert HASHERS["Identity"](case["well_known"].encode()) == unhex(case["key"])


def test_indices_are_the_metadata_s() -> None:
    assert [hasher.index for hasher in HASHERS.values()] == list(range(7))
    assert [getattr(hashers, name) for name in HASHERS] == list(HASHERS.values())


@given(st.sampled_from(list(HASHERS.values())), st.binary(max_size=100), st.binary(max_size=40))
def test_a_hasher_that_keeps_its_key_gives_it_back(hasher: Hasher, key: bytes, rest: bytes) -> None:
    hashed = hasher(key)
    if hasher.keeps_key:
        assert len(hashed) == hasher.size + len(key)
        assert hasher.tail(hashed + rest) == key + rest
    else:
        assert len(hashed) == hasher.size
        with pytest.raises(ValueError, match="doesn't keep its key"):
            hasher.tail(hashed + rest)


def test_a_key_shorter_than_its_digest_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes of digest, and 15 are here"):
        hashers.Blake2_128Concat.tail(bytes(15))


def test_the_hashes_without_a_hasher() -> None:
    abc = "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc95"
    assert blake2_512(b"abc").hex() == abc + "18d38aa8dbf1925ab92386edd4009923"  # RFC 7693, appendix A
    assert twox_64(b"") == bytes.fromhex("ef46db3751d8e999")[::-1]
