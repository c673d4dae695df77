"""The pallets declare what the live runtime's metadata has. Source: basilisk-runtime-118.json."""

import json
from pathlib import Path
from typing import Any

import pytest

from chain.frame import Pallet
from chain.pallets.aura import Aura
from chain.pallets.authorship import Authorship
from chain.pallets.collators import CollatorRewards, CollatorSelection
from chain.pallets.multi_payment import MultiTransactionPayment
from chain.pallets.parachain_info import ParachainInfo
from chain.pallets.parachain_system import ParachainSystem
from chain.pallets.payment import TransactionPayment
from chain.pallets.session import Session
from chain.pallets.timestamp import Timestamp
from chain.pallets.transaction_pause import TransactionPause
from chain.pallets.utility import Utility
from chain.scale import AnyCodec, codec_of

VECTORS = Path(__file__).parents[3] / "vectors" / "basilisk-runtime-118.json"
LIVE = {pallet["name"]: pallet for pallet in json.loads(VECTORS.read_text())["pallets"]}
OURS = (
    Timestamp,
    TransactionPayment,
    Utility,
    Authorship,
    CollatorSelection,
    Session,
    Aura,
    ParachainSystem,
    ParachainInfo,
    MultiTransactionPayment,
    TransactionPause,
    CollatorRewards,
)
NAMES = [pallet.name for pallet in OURS]
LEFT_OUT = {
    "CollatorSelection": {"register_as_candidate", "leave_intent", "update_bond", "take_candidate_slot"},
    "ParachainSystem": {"authorize_upgrade", "enact_authorized_upgrade"},
}


def each(pallet: type[Pallet]) -> tuple[type[Pallet], dict[str, Any]]:
    return pallet, LIVE[pallet.name]


def fields(codec: AnyCodec) -> list[tuple[str, str]]:
    return [(field.name, field.codec.notation) for field in codec.fields]  # type: ignore[attr-defined]


def live_fields(entry: dict[str, Any], key: str) -> list[tuple[str, str]]:
    return [(field["name"], field["type"]) for field in entry[key]]


@pytest.mark.parametrize(("pallet", "live"), [each(pallet) for pallet in OURS], ids=NAMES)
class TestDeclared:
    def test_storage(self, pallet: type[Pallet], live: dict[str, Any]) -> None:
        ours = {
            item.name: (
                item.value.notation,
                [hasher.name for hasher in item.hashers],
                [key.notation for key in item.keys],
                "Optional" if item.optional else "Default",
                "0x00" if item.optional else "0x" + item.value.encode(item.default).hex(),
            )
            for item in pallet.declaration.storage.values()
        }
        assert ours == {
            item["name"]: (item["value"], item["hashers"], item["keys"], item["modifier"], item["default"])
            for item in live["storage"]
        }

    def test_events(self, pallet: type[Pallet], live: dict[str, Any]) -> None:
        ours = [(event.place, event.__name__, fields(codec_of(event))) for event in pallet.declaration.events]
        assert ours == [(e["index"], e["name"], live_fields(e, "fields")) for e in live["events"]]

    def test_errors(self, pallet: type[Pallet], live: dict[str, Any]) -> None:
        ours = [(error.index, error.__name__) for error in pallet.declaration.errors]
        assert ours == [(error["index"], error["name"]) for error in live["errors"]]
        assert all(error.__doc__ for error in pallet.declaration.errors)

    def test_calls(self, pallet: type[Pallet], live: dict[str, Any]) -> None:
        ours = {
            call.name: (call.index, [(name, codec.notation) for name, codec in call.fields])
            for call in pallet.declaration.calls.values()
        }
        left_out = LEFT_OUT.get(pallet.name, set())
        assert ours == {
            call["name"]: (call["index"], live_fields(call, "args"))
            for call in live["calls"]
            if call["name"] not in left_out
        }

    def test_constants(self, pallet: type[Pallet], live: dict[str, Any]) -> None:
        ours = {
            constant.metadata: (constant.codec.notation, "0x" + constant.codec.encode(constant.default).hex())
            for constant in pallet.declaration.constants.values()
            if constant.metadata
        }
        assert ours == {constant["name"]: (constant["type"], constant["hex"]) for constant in live["constants"]}
