"""Declarations against the live runtime's facts: names, indices, hashers, types, constants, errors.

`DIFFERENCES` is the reviewed list of what is left out, with the reason.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from amm.runtime import LOCAL, PALLETS, blueprint
from chain.frame import Pallet, Runtime
from chain.scale import codec_of
from chain.scale.notation import Notation

VECTORS = Path(__file__).parent.parent / "vectors"
FACTS = json.loads((VECTORS / "basilisk-runtime-118.json").read_text())
KNOWN = {pallet["name"]: pallet for pallet in FACTS["pallets"]}
NOTATION = Notation(FACTS["types"])
RUNTIME = Runtime(blueprint())

GOVERNANCE = "governance is not part of a local chain"
UPGRADES = "code upgrades come with the relay chain's queues"
MIGRATION = "there is nothing to upgrade on a chain that starts with the new logic"
PAPERWORK = "constants that only describe the runtime are added by the metadata export"

LEFT_OUT_CALLS: dict[str, str] = {
    "System.set_heap_pages": UPGRADES,
    "System.set_code": UPGRADES,
    "System.set_code_without_checks": UPGRADES,
    "System.authorize_upgrade": UPGRADES,
    "System.authorize_upgrade_without_checks": UPGRADES,
    "System.apply_authorized_upgrade": UPGRADES,
    "Balances.upgrade_accounts": MIGRATION,
    **{
        f"Treasury.{name}": GOVERNANCE
        for name in (
            "propose_spend",
            "reject_proposal",
            "approve_proposal",
            "spend_local",
            "remove_approval",
            "spend",
            "payout",
            "check_status",
            "void_spend",
        )
    },
    "ParachainSystem.authorize_upgrade": UPGRADES,
    "ParachainSystem.enact_authorized_upgrade": UPGRADES,
    "CollatorSelection.register_as_candidate": "candidacy of strangers needs a bond market",
    "CollatorSelection.leave_intent": "as register_as_candidate",
    "CollatorSelection.update_bond": "as register_as_candidate",
    "CollatorSelection.take_candidate_slot": "as register_as_candidate",
}
LEFT_OUT_STORAGE: dict[str, str] = {
    "System.ExtrinsicData": "lives only while a block executes; the body is kept beside the state",
    "System.EventTopics": "no pallet here gives an event topics",
    "System.ExecutionPhase": "lives only while a block executes",
    "System.AuthorizedUpgrade": UPGRADES,
}
LEFT_OUT_CONSTANTS: dict[str, str] = {
    "System.BlockWeights": PAPERWORK,
    "System.BlockLength": PAPERWORK,
    "System.DbWeight": PAPERWORK,
    "System.Version": PAPERWORK,
}


def ours() -> list[tuple[int, type[Pallet]]]:
    return [(index, pallet) for index, pallet in PALLETS.items() if pallet.name in KNOWN]


IDS = [pallet.name for _, pallet in ours()]


@pytest.mark.parametrize(("index", "pallet"), ours(), ids=IDS)
def test_index(index: int, pallet: type[Pallet]) -> None:
    assert KNOWN[pallet.name]["index"] == index


def test_local_additions_take_free_indices() -> None:
    taken = {pallet["index"] for pallet in FACTS["pallets"] + FACTS["other_pallets"]}
    assert not taken & set(LOCAL)


@pytest.mark.parametrize(("index", "pallet"), ours(), ids=IDS)
def test_calls(index: int, pallet: type[Pallet]) -> None:
    """Every call has the live name, index and arguments; encodings of arguments are compared by their notation."""
    known = {call["name"]: call for call in KNOWN[pallet.name].get("calls") or []}
    declared = pallet.declaration.calls
    assert set(declared) <= set(known)
    missing = {f"{pallet.name}.{name}" for name in known if name not in declared}
    assert missing == {name for name in LEFT_OUT_CALLS if name.startswith(pallet.name + ".")}
    for name, call in declared.items():
        assert call.index == known[name]["index"], name
        assert [field for field, _ in call.fields] == [arg["name"] for arg in known[name]["args"]], name


@pytest.mark.parametrize(("index", "pallet"), ours(), ids=IDS)
def test_storage(index: int, pallet: type[Pallet]) -> None:
    known = {item["name"]: item for item in KNOWN[pallet.name]["storage"]}
    declared = {item.name: item for item in pallet.declaration.storage.values()}
    assert set(declared) <= set(known)
    missing = {f"{pallet.name}.{name}" for name in known if name not in declared}
    assert missing == {name for name in LEFT_OUT_STORAGE if name.startswith(pallet.name + ".")}
    for name, item in declared.items():
        fact = known[name]
        assert [hasher.name for hasher in item.hashers] == fact["hashers"], name
        assert len(item.keys) == len(fact["keys"]), name
        assert item.optional == (fact["modifier"] == "Optional"), name
        if not item.optional:
            codec: Any = RUNTIME.codec_of_item(item)
            assert codec.encode(item.default).hex() == fact["default"][2:], name


@pytest.mark.parametrize(("index", "pallet"), ours(), ids=IDS)
def test_events(index: int, pallet: type[Pallet]) -> None:
    known = KNOWN[pallet.name].get("events") or []
    declared = pallet.declaration.events
    assert [(event.place, event.__name__) for event in declared] == [(fact["index"], fact["name"]) for fact in known]
    for event, fact in zip(declared, known, strict=True):
        names = [field.name for field in codec_of(event).fields]  # type: ignore[attr-defined]
        assert names == [field["name"] for field in fact.get("fields", [])], event.__name__


@pytest.mark.parametrize(("index", "pallet"), ours(), ids=IDS)
def test_errors(index: int, pallet: type[Pallet]) -> None:
    known = [(fact["index"], fact["name"]) for fact in KNOWN[pallet.name].get("errors") or []]
    assert [(error.index, error.__name__) for error in pallet.declaration.errors] == known
    assert all(error.__doc__ for error in pallet.declaration.errors)


@pytest.mark.parametrize(("index", "pallet"), ours(), ids=IDS)
def test_constants(index: int, pallet: type[Pallet]) -> None:
    known = {fact["name"]: fact for fact in KNOWN[pallet.name].get("constants") or []}
    declared = {c.metadata: c for c in pallet.declaration.constants.values() if c.metadata is not None}
    assert set(declared) <= set(known)
    missing = {f"{pallet.name}.{name}" for name in known if name not in declared}
    left_out = {name for name in LEFT_OUT_CONSTANTS if name.startswith(pallet.name + ".")}
    assert missing == left_out
    for name, constant in declared.items():
        assert constant.codec.encode(constant.default).hex() == known[name]["hex"][2:], name


@pytest.mark.parametrize(("index", "pallet"), ours(), ids=IDS)
def test_storage_values_are_of_the_live_types(index: int, pallet: type[Pallet]) -> None:
    """The default of each item's live type decodes as ours, and ours as the live one's."""
    for fact in KNOWN[pallet.name]["storage"]:
        item = next((i for i in pallet.declaration.storage.values() if i.name == fact["name"]), None)
        if item is None or item.optional:
            continue
        live = NOTATION.codec(fact["value"])
        encoded = RUNTIME.codec_of_item(item).encode(item.default)
        assert live.encode(live.decode(encoded)) == encoded, item.name
