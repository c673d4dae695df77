"""Bytes that polkadot.js made for the live metadata (118) are calls here, unchanged: they decode and they dispatch."""

import json
from pathlib import Path
from typing import Any

import pytest

from amm.local import LocalChain
from chain.frame import Signed
from chain.primitives.errors import Failure
from chain.primitives.extrinsic import Extrinsic
from chain.scale import DecodeError

VECTORS = Path(__file__).parent.parent / "vectors" / "extrinsics.jsonl"
CASES: list[dict[str, Any]] = [
    case
    for case in map(json.loads, VECTORS.read_text().splitlines())
    if "extrinsic" in case and case.get("scheme") and not case.get("err")
]


@pytest.fixture(scope="module")
def chain() -> LocalChain:
    return LocalChain()


def ours(chain: LocalChain) -> list[tuple[dict[str, Any], Extrinsic]]:
    """Those whose outermost call is of a pallet that this runtime has."""
    read = [(case, Extrinsic.decode(bytes.fromhex(case["extrinsic"][2:]))) for case in CASES]
    return [(case, extrinsic) for case, extrinsic in read if extrinsic.call[0] in chain.runtime.pallets]


def test_they_decode_and_encode_to_the_same_bytes(chain: LocalChain) -> None:
    known = ours(chain)
    assert len(known) == 54, "of the recorded ones, those of pallets that are here"
    absent = set()
    for case, extrinsic in known:
        try:
            call = chain.runtime.decode_call(extrinsic.call)
        except DecodeError:
            absent.add(f"{case['pallet']}.{case['call']}")
            continue
        assert chain.runtime.call.encode(call) == extrinsic.call
        assert "0x" + extrinsic.hash.hex() == case["extrinsic_hash"]
    assert all(name.split(".")[0] == "utility" for name in absent), "only batches of calls that are not here"


def test_they_dispatch(chain: LocalChain) -> None:
    """Each runs or fails by a dispatch error of the runtime, and leaves the state as it found it if it fails."""
    done = failed = 0
    for _, extrinsic in ours(chain):
        assert extrinsic.signed is not None
        execution = chain.node.trial()
        environment = execution.environment
        try:
            call = chain.runtime.decode_call(extrinsic.call)
        except DecodeError:
            continue
        try:
            environment.dispatch(call, environment.origin_of(Signed(extrinsic.signed.account)))
            done += 1
        except Failure as failure:
            assert chain.runtime.error_name(environment.error(failure))
            failed += 1
    assert done > 5
    assert failed > 5
