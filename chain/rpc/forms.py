"""Headers, versions and events of subscriptions in JSON. Source: spec/json-rpc.md, "Results and notifications"."""

from typing import Any

from chain.frame.metadata import RuntimeVersion
from chain.primitives.header import DigestItem, Header
from chain.scale import codec_of

_ITEM = codec_of(DigestItem)


def hex_of(data: bytes) -> str:
    return "0x" + data.hex()


def hex_or_null(data: bytes | None) -> str | None:
    return None if data is None else "0x" + data.hex()


def header_json(header: Header) -> dict[str, Any]:
    return {
        "parentHash": hex_of(header.parent_hash),
        "number": hex(header.number),
        "stateRoot": hex_of(header.state_root),
        "extrinsicsRoot": hex_of(header.extrinsics_root),
        "digest": {"logs": [hex_of(_ITEM.encode(item)) for item in header.digest.logs]},
    }


def version_json(version: RuntimeVersion) -> dict[str, Any]:
    """As `state_getRuntimeVersion` says it; newer nodes call the state version the system's."""
    return version.json() | {"systemVersion": version.state_version}


def spec_json(version: RuntimeVersion) -> dict[str, Any]:
    """As `chainHead_v1` says it: `apis` is an object."""
    return {
        "type": "valid",
        "spec": {
            "specName": version.spec_name,
            "implName": version.impl_name,
            "specVersion": version.spec_version,
            "implVersion": version.impl_version,
            "transactionVersion": version.transaction_version,
            "apis": {hex_of(api): number for api, number in version.apis},
        },
    }


def changes_json(block: bytes, changes: list[tuple[bytes, bytes | None]]) -> dict[str, Any]:
    """A change set of storage."""
    return {"block": hex_of(block), "changes": [[hex_of(key), hex_or_null(value)] for key, value in changes]}
