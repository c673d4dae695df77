"""Hashers, storage prefixes and the keys of maps."""

from typing import Any

from cases import Case
from convert import unhex
from lookup import need

WELL_KNOWN = {
    ":code": ("chain.blocks.genesis", "CODE"),
    ":extrinsic_index": ("chain.pallets.system", "EXTRINSIC_INDEX"),
}
"""Where the program keeps the well-known keys that it uses."""


def check(case: Case) -> None:
    data = case.data
    if "hasher" in data:
        found = _hasher(data["hasher"])(unhex(data["data"]))
        assert found == unhex(data["hash"]), f"{data['hasher']} gives {found.hex()}, not {data['hash']}"
    elif "prefix" in data:
        found = need("chain.crypto.hashing", "twox_128")(data["prefix"].encode())
        assert found == unhex(data["twox128"]), f"the prefix of {data['prefix']} is {found.hex()}"
    elif "well_known" in data:
        name = data["well_known"]
        found = need(*WELL_KNOWN[name]) if name in WELL_KNOWN else name.encode()
        assert found == unhex(data["key"]), f"{name} is {found.hex()}, not {data['key']}"
    else:
        _check_key(data)


def _hasher(name: str) -> Any:
    return need("chain.crypto.hashers", name)


def _check_key(data: dict[str, Any]) -> None:
    from families.types118 import codec as codec_of  # needs chain.scale; the other families don't

    key = need("chain.crypto.hashers", "storage_prefix")(data["pallet"], data["item"])
    parts = zip(data["hashers"], data["key_types"], data["args"], strict=False)  # fewer args: a prefix
    for hasher, key_type, arg in parts:
        codec = codec_of(key_type)
        encoded = codec.encode(need("chain.scale.plain", "from_plain")(codec, arg))
        part = _hasher(hasher)(encoded)
        if _hasher(hasher).keeps_key:
            assert _hasher(hasher).tail(part) == encoded, f"{hasher} does not give its key back"
        key += part
    assert key == unhex(data["key"]), f"the key is {key.hex()}, not {data['key']}"
