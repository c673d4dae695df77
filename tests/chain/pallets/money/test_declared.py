"""The money pallets declare what the live runtime's metadata has. Source: basilisk-runtime-118.json."""

import json
from pathlib import Path
from typing import Any

import pytest

from chain.frame import Pallet
from chain.pallets.asset_registry import AssetRegistry
from chain.pallets.balances import Balances
from chain.pallets.currencies import Currencies
from chain.pallets.duster import Duster
from chain.pallets.tokens import Tokens
from chain.pallets.treasury import Treasury
from chain.primitives.account import AccountInfo
from chain.scale import AnyCodec, EnumOf, OptionOf, StructOf, TupleOf, VecOf, bare, codec_of
from chain.scale.notation import Notation
from chain.scale.units import UnitsOf

VECTORS = Path(__file__).parents[3] / "vectors"
FACTS = json.loads((VECTORS / "basilisk-runtime-118.json").read_text())
MONEY = ("Balances", "Treasury", "AssetRegistry", "Duster", "Currencies", "Tokens")
LIVE = {pallet["name"]: pallet for pallet in FACTS["pallets"] if pallet["name"] in MONEY}
TYPES = Notation(FACTS["types"])
PALLETS = (Balances, Treasury, AssetRegistry, Duster, Currencies, Tokens)
LEFT_OUT = {
    "Balances": {"upgrade_accounts"},
    "Treasury": {call["name"] for call in LIVE["Treasury"]["calls"]},
}


def shape(codec: AnyCodec) -> Any:
    """What the codec is made of, down to the numbers and bytes."""
    codec = bare(codec)
    if isinstance(codec, EnumOf):
        return [
            (v.index, v.name, v.positional, [("" if v.positional else f.name, shape(f.codec)) for f in v.fields])
            for v in codec.variants
        ]
    if isinstance(codec, UnitsOf):
        return [(member.value, member.name, False, []) for member in codec.cls]
    if isinstance(codec, StructOf):
        return [(field.name, shape(field.codec)) for field in codec.fields]
    if isinstance(codec, OptionOf | VecOf):
        return type(codec).__name__, shape(codec.inner)
    if isinstance(codec, TupleOf):
        return [shape(item) for item in codec.items]
    return codec.notation.removeprefix("Bounded")


def check(ours: AnyCodec, live: str) -> None:
    assert ours.notation == live
    assert shape(ours) == shape(TYPES.codec(live)), live


def check_fields(ours: list[tuple[str, AnyCodec]], live: list[dict[str, Any]]) -> None:
    assert [name for name, _ in ours] == [field["name"] for field in live]
    for (_, codec), field in zip(ours, live, strict=True):
        check(codec, field["type"])


@pytest.mark.parametrize("pallet", PALLETS, ids=lambda pallet: pallet.name)
class TestDeclared:
    def test_storage(self, pallet: type[Pallet]) -> None:
        live = {item["name"]: item for item in LIVE[pallet.name]["storage"]}
        ours = {item.name: item for item in pallet.declaration.storage.values()}
        assert ours.keys() == live.keys()
        for name, item in ours.items():
            check(item.value, live[name]["value"])
            assert [hasher.name for hasher in item.hashers] == live[name]["hashers"]
            for key, type_ in zip(item.keys, live[name]["keys"], strict=True):
                check(key, type_)
            assert ("Optional" if item.optional else "Default") == live[name]["modifier"]
            default = "0x00" if item.optional else "0x" + item.value.encode(item.default).hex()
            assert default == live[name]["default"]

    def test_events(self, pallet: type[Pallet]) -> None:
        live = LIVE[pallet.name]["events"]
        ours = pallet.declaration.events
        assert [(e.place, e.__name__) for e in ours] == [(e["index"], e["name"]) for e in live]
        for event, entry in zip(ours, live, strict=True):
            fields = codec_of(event).fields  # type: ignore[attr-defined]
            check_fields([(field.name, field.codec) for field in fields], entry["fields"])
            assert event.pallet == pallet.name

    def test_errors(self, pallet: type[Pallet]) -> None:
        ours = [(error.index, error.__name__) for error in pallet.declaration.errors]
        assert ours == [(e["index"], e["name"]) for e in LIVE[pallet.name]["errors"]]
        assert all(error.__doc__ and error.hint for error in pallet.declaration.errors)
        assert all(error.pallet == pallet.name for error in pallet.declaration.errors)

    def test_calls(self, pallet: type[Pallet]) -> None:
        live = [c for c in LIVE[pallet.name]["calls"] if c["name"] not in LEFT_OUT.get(pallet.name, set())]
        ours = sorted(pallet.declaration.calls.values(), key=lambda call: call.index)
        assert [(c.index, c.name) for c in ours] == [(c["index"], c["name"]) for c in live]
        for declared, entry in zip(ours, live, strict=True):
            check_fields(list(declared.fields), entry["args"])
            assert declared.doc

    def test_constants(self, pallet: type[Pallet]) -> None:
        ours = {
            constant.metadata: (constant.codec.notation, "0x" + constant.codec.encode(constant.default).hex())
            for constant in pallet.declaration.constants.values()
            if constant.metadata
        }
        assert ours == {c["name"]: (c["type"], c["hex"]) for c in LIVE[pallet.name]["constants"]}

    def test_prefix(self, pallet: type[Pallet]) -> None:
        assert {item.pallet for item in pallet.declaration.storage.values()} <= {LIVE[pallet.name]["storage_prefix"]}


def test_account_entry_has_80_bytes_and_the_flag() -> None:
    data = codec_of(AccountInfo).encode(AccountInfo())
    assert len(data) == 80
    assert data == bytes(79) + b"\x80"


def test_numbers_say_what_they_are() -> None:
    """Scripts read amounts, assets and accounts by the aliases of the codecs."""
    arguments = dict(Currencies.declaration.calls["transfer"].fields)
    assert [arguments[name].alias for name in ("dest", "currency_id", "amount")] == [
        "AccountId",
        "AssetId",
        "Balance",
    ]
