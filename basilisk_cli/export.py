"""A chain's state as a raw chain spec: the form in which Substrate nodes and tools take a state over."""

from typing import Any

from basilisk_cli.session import Session
from chain.crypto.ss58 import BASILISK_PREFIX
from chain.state import RAW


def raw_chain_spec(session: Session, block: int) -> dict[str, Any]:
    """The state after a block under `genesis.raw.top`, keys and values in hex; keys ascend."""
    state = session.read(block).context.state
    top = {_hex(key): _hex(state.read(key, RAW) or b"") for key in state.keys(b"")}
    native = session.book
    return {
        "name": session.spec.name,
        "id": f"{session.spec.name}-{block}",
        "chainType": "Local",
        "bootNodes": [],
        "telemetryEndpoints": None,
        "protocolId": None,
        "properties": {
            "ss58Format": BASILISK_PREFIX,
            "tokenDecimals": native.decimals(0),
            "tokenSymbol": native.symbol(0),
        },
        "relay_chain": "embedded",
        "para_id": session.spec.para_id,
        "block": {"number": block, "hash": _hex(session.header(block).hash)},
        "codeSubstitutes": {},
        "genesis": {"raw": {"top": top, "childrenDefault": {}}},
    }


def _hex(data: bytes) -> str:
    return "0x" + data.hex()
