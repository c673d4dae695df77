"""Any faults together: nothing but what has a name ever happens, and nobody honest pays. Source: relay.md §13, §14."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reference import Run, r10

from amm.local import LocalChain
from amm.scripts.errors import Faults
from chain.node.errors import Finished, NotIncluded
from chain.relay.errors import FinalityError, RelayError
from chain.relay.faults import CATALOGUE, Switched
from chain.relay.faults.fault import COLLATORS, VALIDATORS
from chain.relay.faults.paths import known_paths, path_of
from chain.scale import AnyCodec, BytesOf, FixedBytes, OptionOf, SetOf, StructOf, UInt, VecOf
from chain.scale.plain import core_of

HEIGHTS = st.sampled_from([2, 3, 4, 4, 4, 5, 6])
WHO = st.lists(st.integers(0, 9), min_size=1, max_size=4, unique=True)
VALUES: dict[str, Any] = {
    "drop_node": st.integers(0, 6),
    "hash_node": st.integers(0, 6),
    "slot_shift": st.integers(-3, 3),
    "sign_as": st.sampled_from(["alice", "bob", "eve"]),
    "forge_statement": st.integers(0, 11),
    "bad_bitfield": st.sampled_from(["size", "parent"]),
}
CERTAINLY = ("header.state_root", "header.extrinsics_root", "header.parent_hash", "commitments.hrmp_watermark")
"""Paths whose change makes a candidate invalid whatever else is changed."""


def plain(codec: AnyCodec) -> st.SearchStrategy[Any]:
    """Values of a type as files write them; a number for what is not easily made up, which is then refused."""
    core = core_of(codec)
    if isinstance(core, UInt):
        return st.integers(0, 2**core.bits - 1) | st.integers(0, 9)
    if isinstance(core, FixedBytes):
        return st.binary(min_size=core.length, max_size=core.length).map(hexed)
    if isinstance(core, BytesOf):
        return st.binary(max_size=40).map(hexed)
    if isinstance(core, OptionOf):
        return plain(core.inner)
    if isinstance(core, VecOf | SetOf):
        return st.lists(plain(core.inner), max_size=2)
    if isinstance(core, StructOf):
        return st.fixed_dictionaries({field.name: plain(field.codec) for field in core.fields})
    return st.just(0)


def hexed(data: bytes) -> str:
    return "0x" + data.hex()


@st.composite
def switches(draw: st.DrawFn, deeds: tuple[str, ...] = COLLATORS + VALIDATORS) -> dict[str, Any]:
    do = draw(st.sampled_from(deeds))
    fault: dict[str, Any] = {"do": do, "at": draw(HEIGHTS)}
    if do == "tamper":
        path = draw(st.sampled_from(known_paths()))
        fault["path"] = path
        if draw(st.booleans()):
            fault["value"] = draw(plain(path_of(path).codec))
    elif do in VALUES and draw(st.booleans()):
        fault["value"] = draw(VALUES[do])
    if do in VALIDATORS or draw(st.booleans()):
        fault["who"] = draw(WHO)
    if draw(st.booleans()):
        fault["until"] = fault["at"] + draw(st.integers(0, 3))
    return fault


@st.composite
def catalogued(draw: st.DrawFn) -> dict[str, Any]:
    fault: dict[str, Any] = {"id": draw(st.sampled_from(sorted(CATALOGUE))), "at": draw(HEIGHTS)}
    if draw(st.booleans()):
        fault["who"] = draw(WHO)
    return fault


def written(fault: dict[str, Any]) -> str:
    return json.dumps(fault)


def played(faults: list[dict[str, Any]]) -> Run | None:
    """Three blocks, and time for what is late; None for faults that are refused beforehand, by name and place."""
    try:
        spec = r10(*map(written, faults))
        chain = LocalChain(spec)
    except Faults as wrong:
        assert all(fault.mark.line for fault in wrong.faults)
        return None
    found = Run(chain).play(3)
    if found.error is None:
        found.wait(6)
    return found


def deviating(found: Run) -> set[int]:
    """Everybody who has a fault, even if only because he was the first who was asked."""
    conduct = found.chain.node.conduct
    assert isinstance(conduct, Switched)
    return {index for fault in conduct.faults for index in conduct.tally.by(fault) if index < 10}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(switches() | catalogued(), min_size=1, max_size=4))
def test_only_what_has_a_name_happens(faults: list[dict[str, Any]]) -> None:
    found = played(faults)
    if found is None:
        return
    node, deviants = found.chain.node, deviating(found)
    assert found.error is None or isinstance(found.error, NotIncluded | Finished | FinalityError), found.error
    assert not set(found.lost) - deviants, "an honest validator was slashed"
    assert all(isinstance(reason, str) and reason.startswith("Network.FaultNotTriggered: ") for reason in found.missing)
    assert found.neighbour == (b"", None)
    line = [node.archive.hash_of(number) for number in range(node.best.number + 1)]
    for number in range(1, node.best.number):
        assert node.header(number).parent_hash == line[number - 1], "heads form one line"
    if len(deviants) <= 3 and found.error is None:
        wrong = [verdict for verdict in found.verdicts if verdict is not None]
        patched = any(str(fault.get("path", "")).startswith("outputs") for fault in faults)
        assert patched or wrong == []


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(CERTAINLY), st.lists(st.integers(0, 9), max_size=3, unique=True), st.booleans())
def test_within_the_bound_nothing_wrong_is_final(path: str, who: list[int], offline: bool) -> None:
    """At most f collude with the collator: what they push is refused, left out, or disputed away."""
    faults = [{"do": "tamper", "path": path, "at": 4, **({"who": who} if who else {})}]
    if offline and who:
        faults.append({"do": "offline", "at": 8, "who": who})
    found = played(faults)
    assert found is not None
    assert found.error is None
    assert found.verdicts == [None, None, None]
    assert set(found.lost) <= set(who)
    assert found.chain.node.best.number == 3
    assert not isinstance(found.error, RelayError)
