"""The metadata of Basilisk against the facts of the live runtime, and as scalecodec reads and writes by it.

What the declarations leave out is reviewed in `test_declarations.py`; here the metadata has exactly what they have.
`DIFFERENCES` is the reviewed list of types that are not the live ones, with the reason.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from any_value import AnyValue
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from live_types import LiveTypes
from reader import Reader, check_self

from amm.runtime import blueprint, load, local_pallets
from chain.frame import Runtime
from chain.frame.metadata import APIS, RUNTIME_VERSION, VERSIONS, export, runtime_version
from chain.frame.metadata.pallets import ABSENT
from chain.frame.metadata.portable import Variants, VariantType
from chain.frame.metadata.types import (
    METADATA_V14,
    METADATA_V15,
    Map,
    MetadataV14,
    MetadataV15,
    PalletV15,
    StorageEntry,
)
from chain.frame.metadata.version import API_VERSIONS
from chain.scale import TupleOf

FACTS = json.loads((Path(__file__).parent.parent / "vectors" / "basilisk-runtime-118.json").read_text())
KNOWN = {pallet["name"]: pallet for pallet in FACTS["pallets"]}

LIVE = Runtime(blueprint(()))
"""The live runtime's pallets alone, with its constants."""

WHOLE = Runtime(blueprint(tuple(local_pallets())))
"""With everything that a local chain may add."""

METADATA: MetadataV15 = METADATA_V15.decode(export(LIVE, 15)[5:])
TYPES = LiveTypes(METADATA.types, FACTS["types"])
PALLETS = [pallet for pallet in METADATA.pallets if pallet.name in KNOWN]
EACH = pytest.mark.parametrize("pallet", PALLETS, ids=[pallet.name for pallet in PALLETS])

QUICK = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))

ABSENT_ORIGINS = "origins of pallets that do not exist here: nobody can be one"
DIFFERENCES: dict[str, str] = {
    f"Utility.dispatch_as.as_origin/OriginCaller: no variant {name}": ABSENT_ORIGINS
    for name in ("Council", "TechnicalCommittee", "Origins", "PolkadotXcm", "CumulusXcm", "Void")
}
NOT_OFFERED: dict[str, str] = {
    "GenesisBuilder": "the first state is built from a chain spec",
}
FREE_OF_FACTS: dict[str, str] = {
    "AuraExt": "the facts name it without details",
    "RelayChainInfo": "the facts name it without details",
}


def variants(id: int | None) -> dict[str, VariantType]:
    """The variants of an enum; of none, none."""
    if id is None:
        return {}
    definition = METADATA.types[id].definition
    assert isinstance(definition, Variants)
    return {variant.name: variant for variant in definition.variants}


def entries(pallet: PalletV15) -> dict[str, StorageEntry]:
    return {entry.name: entry for entry in pallet.storage.entries} if pallet.storage else {}


def unexpected(differences: list[str]) -> list[str]:
    return [difference for difference in differences if difference not in DIFFERENCES]


# -- the facts -----------------------------------------------------------------------------------------------


def test_every_pallet_is_compared() -> None:
    assert {pallet.name for pallet in METADATA.pallets} - set(KNOWN) == set(FREE_OF_FACTS)


@EACH
def test_pallets(pallet: PalletV15) -> None:
    fact, declared = KNOWN[pallet.name], LIVE.pallet(pallet.name).declaration
    assert pallet.index == fact["index"]
    assert pallet.docs
    assert set(variants(pallet.calls)) == set(declared.calls)
    assert set(variants(pallet.events)) == {event.__name__ for event in declared.events}
    assert set(variants(pallet.errors)) == {error.__name__ for error in declared.errors}
    assert set(entries(pallet)) == {item.name for item in declared.storage.values()}
    if pallet.storage:
        assert pallet.storage.prefix == fact["storage_prefix"]


@EACH
@pytest.mark.parametrize(("kind", "parts"), [("calls", "args"), ("events", "fields"), ("errors", "fields")])
def test_variants(pallet: PalletV15, kind: str, parts: str) -> None:
    """Calls, events and errors have the live index and fields of the live types, and say what they are."""
    known = {fact["name"]: fact for fact in KNOWN[pallet.name].get(kind) or []}
    found: list[str] = []
    for name, variant in variants(getattr(pallet, kind)).items():
        assert variant.index == known[name]["index"], name
        assert variant.docs, name
        found += TYPES.members(variant.fields, known[name].get(parts, []), f"{pallet.name}.{name}", set())
        if kind == "calls":
            assert all(field.type_name for field in variant.fields), name
    assert unexpected(list(found)) == []


@EACH
def test_storage(pallet: PalletV15) -> None:
    known = {fact["name"]: fact for fact in KNOWN[pallet.name]["storage"]}
    for name, entry in entries(pallet).items():
        fact = known[name]
        assert entry.modifier.name == fact["modifier"], name
        assert entry.default.hex() == fact["default"][2:], name
        assert entry.modifier.name == "Default" or entry.default == ABSENT
        hashers = [hasher.name for hasher in entry.kind.hashers] if isinstance(entry.kind, Map) else []
        assert hashers == fact["hashers"], name
        found = TYPES.differences(entry.kind.value, fact["value"])
        if isinstance(entry.kind, Map):
            keys = fact["keys"]
            found += TYPES.differences(entry.kind.key, keys[0] if len(keys) == 1 else f"({', '.join(keys)})")
        assert unexpected([f"{pallet.name}.{name}{difference}" for difference in found]) == []


@EACH
def test_constants(pallet: PalletV15) -> None:
    """All of the live runtime's, with its bytes: also those that only describe the runtime."""
    known = {fact["name"]: fact for fact in KNOWN[pallet.name].get("constants") or []}
    found = {constant.name: constant for constant in pallet.constants}
    assert set(found) == set(known)
    for name, constant in found.items():
        assert constant.value.hex() == known[name]["hex"][2:], name
        assert TYPES.differences(constant.type, known[name]["type"]) == [], name


@pytest.mark.parametrize(("place", "known"), list(enumerate(FACTS["extrinsic"]["signed_extensions"])))
def test_extensions(place: int, known: dict[str, str]) -> None:
    extension = METADATA.extrinsic.signed_extensions[place]
    assert len(METADATA.extrinsic.signed_extensions) == len(FACTS["extrinsic"]["signed_extensions"])
    assert extension.identifier == known["name"]
    assert TYPES.differences(extension.type, known["extra"]) == []
    assert TYPES.differences(extension.additional_signed, known["additional"]) == []


@pytest.mark.parametrize("part", ["address", "call", "signature"])
def test_extrinsics(part: str) -> None:
    assert TYPES.differences(getattr(METADATA.extrinsic, part), FACTS["extrinsic"][part]) == []


@pytest.mark.parametrize("api", METADATA.apis, ids=lambda api: api.name)
def test_apis(api: Any) -> None:
    (known,) = [fact for fact in FACTS["runtime_apis"] if fact["name"] == api.name]
    assert [method.name for method in api.methods] == [fact["name"] for fact in known["methods"]]
    for method, fact in zip(api.methods, known["methods"], strict=True):
        assert [each.name for each in method.inputs] == [each["name"] for each in fact["inputs"]]
        assert TYPES.differences(method.output, fact["output"]) == []
        for ours, live in zip(method.inputs, fact["inputs"], strict=True):
            assert TYPES.differences(ours.type, live["type"]) == []


def test_apis_that_are_not_offered() -> None:
    missing = {fact["name"] for fact in FACTS["runtime_apis"]} - {api.name for api in APIS}
    assert missing == set(NOT_OFFERED)


def test_the_version_is_the_live_one() -> None:
    version, fact = runtime_version(LIVE), FACTS["version"]
    apis = [[api["id"], api["version"]] for api in fact["apis"]]
    assert version.json() == {**fact, "apis": apis}
    assert {api["name"]: api["version"] for api in fact["apis"]} == API_VERSIONS
    (constant,) = [fact for fact in KNOWN["System"]["constants"] if fact["name"] == "Version"]
    assert RUNTIME_VERSION.encode(version).hex() == constant["hex"][2:]


def test_the_facts_say_no_for_another_type() -> None:
    """The comparison is no yes-man: every type is wrong for some other notation."""
    account = METADATA.extrinsic.address
    assert TYPES.differences(account, "H256") != []
    assert TYPES.differences(account, "Vec<u8>") != []
    assert TYPES.differences(METADATA.outer_enums.event, "RuntimeCall") != []


# -- one runtime, one metadata -------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_the_runtime_from_code_says_the_same(version: int) -> None:
    assert export(load(WHOLE.code), version) == export(WHOLE, version)


def test_constants_follow_the_chain_spec() -> None:
    changed = Runtime(blueprint(()), {"xyk": {"exchange_fee": (1, 7)}, "system": {"ss58_prefix": 42}})
    pallets = {pallet.name: pallet for pallet in METADATA_V15.decode(export(changed, 15)[5:]).pallets}
    values = {f"{p.name}.{c.name}": c.value for p in pallets.values() for c in p.constants}
    assert values["XYK.GetExchangeFee"] == bytes([1, 0, 0, 0, 7, 0, 0, 0])
    assert values["System.SS58Prefix"] == bytes([42, 0])


@pytest.mark.parametrize("runtime", [LIVE, WHOLE], ids=["live", "whole"])
@pytest.mark.parametrize(("version", "codec"), [(14, METADATA_V14), (15, METADATA_V15)])
def test_self_checks(runtime: Runtime, version: int, codec: Any) -> None:
    """Ids are places, references lead somewhere, constants and defaults decode, and nothing is lost on the way."""
    body = export(runtime, version)[5:]
    metadata = codec.decode(body)
    assert codec.encode(metadata) == body
    check_self(metadata)


def test_both_versions_say_the_same() -> None:
    old: MetadataV14 = METADATA_V14.decode(export(LIVE, 14)[5:])
    assert METADATA.types[: len(old.types)] == old.types
    for before, after in zip(old.pallets, METADATA.pallets, strict=True):
        assert all(getattr(before, field) == getattr(after, field) for field in before.__struct_fields__)
    assert [param.type for param in old.types[old.extrinsic.type].params][:3] == [
        METADATA.extrinsic.address,
        METADATA.extrinsic.call,
        METADATA.extrinsic.signature,
    ]
    assert old.extrinsic.signed_extensions == METADATA.extrinsic.signed_extensions


@EACH
def test_whatever_is_stored_is_read(pallet: PalletV15) -> None:
    """Any key and any value of an item, by the types that the metadata gives them."""
    reader, values = Reader(METADATA.types), AnyValue(LIVE)
    items = [item for item in LIVE.pallet(pallet.name).declaration.storage.values() if item.name != "Events"]
    codecs = [(LIVE.codec_of_item(item), item.keys) for item in items]

    @QUICK
    @given(st.tuples(*(st.tuples(values.of(codec), values.of(TupleOf(keys))) for codec, keys in codecs)))
    def check(held: tuple[tuple[Any, Any], ...]) -> None:
        for item, (codec, keys), (value, key) in zip(items, codecs, held, strict=True):
            kind = entries(pallet)[item.name].kind
            reader.decode(kind.value, codec.encode(value))
            if isinstance(kind, Map):
                reader.decode(kind.key, TupleOf(keys).encode(key))

    check()
