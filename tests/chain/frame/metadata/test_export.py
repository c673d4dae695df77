"""The blobs of small runtimes: bytes by the layout, what is taken from where, what must hold of any metadata."""

from typing import Any

import pytest
from reader import check_self
from tiny import BOTH, TINY, V14, V15, Counter, Silent, by_path, enum, runtime

from chain.frame.metadata import VERSIONS, export
from chain.frame.metadata.portable import Parameter, Tuple
from chain.frame.metadata.types import (
    METADATA_V14,
    METADATA_V15,
    Map,
    Plain,
    StorageEntry,
    StorageHasher,
    StorageModifier,
)

# -- framing -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", VERSIONS)
def test_framing(version: int) -> None:
    assert export(TINY, version)[:5] == b"meta" + bytes([version])


@pytest.mark.parametrize(("version", "codec"), [(14, METADATA_V14), (15, METADATA_V15)])
def test_encoding_undoes_decoding(version: int, codec: Any) -> None:
    blob = export(TINY, version)
    assert codec.encode(codec.decode(blob[5:])) == blob[5:]


@pytest.mark.parametrize("version", [0, 13, 16])
def test_other_versions_are_not_offered(version: int) -> None:
    with pytest.raises(KeyError):
        export(TINY, version)


def test_it_is_built_once() -> None:
    assert export(TINY, 14) is export(TINY, 14)


def test_equal_runtimes_say_the_same() -> None:
    assert [export(runtime(Counter, Silent), version) for version in VERSIONS] == [
        export(TINY, version) for version in VERSIONS
    ]


def test_bytes_of_the_first_types() -> None:
    """The beginning of the registry, written by hand after the layout: AccountId32, which holds [u8; 32], first."""
    byte = "00 00 00 05 03 00"  # id 0, no path, no params, primitive u8, no docs
    array = "04 00 00 03 20000000 00 00"  # id 1, array of 32 of type 0
    path = "0c 1c73705f636f7265 1863727970746f 2c4163636f756e7449643332"
    account = f"08 {path} 00 00 04 00 04 01 205b75383b2033325d 00 00"  # id 2, one unnamed field of type 1
    count = len(V14.types)
    assert count < 1 << 14
    head = (count << 2 | 1).to_bytes(2, "little")
    assert export(TINY, 14)[5:].startswith(bytes(head) + bytes.fromhex(byte + array + account))


# -- what must hold of any metadata --------------------------------------------------------------------------


@BOTH
def test_self_checks(metadata: Any) -> None:
    check_self(metadata)


def test_both_versions_say_the_same() -> None:
    assert V15.types[: len(V14.types)] == V14.types
    only_new = {entry.path_[-1] for entry in V15.types[len(V14.types) :] if entry.path_}
    assert {"RuntimeError", "OpaqueMetadata", "ValidTransaction"} <= only_new
    for old, new in zip(V14.pallets, V15.pallets, strict=True):
        fields = old.__struct_fields__
        assert [getattr(old, field) for field in fields] == [getattr(new, field) for field in fields]
    assert V14.runtime == V15.runtime
    assert V14.extrinsic.version == V15.extrinsic.version == 4
    assert V14.extrinsic.signed_extensions == V15.extrinsic.signed_extensions
    params = {param.name: param.type for param in V14.types[V14.extrinsic.type].params}
    new = V15.extrinsic
    assert list(params.items()) == [
        ("Address", new.address),
        ("Call", new.call),
        ("Signature", new.signature),
        ("Extra", new.extra),
    ]


# -- pallets -------------------------------------------------------------------------------------------------


@BOTH
def test_pallets_keep_their_order_and_index(metadata: Any) -> None:
    found = [(pallet.name, pallet.index) for pallet in metadata.pallets]
    assert found == [("System", 0), ("Counter", 9), ("Silent", 4)]


def test_pallets_are_described_from_version_15_on() -> None:
    assert V15.pallets[1].docs == ("Counts.", "", "In numbers.")
    assert V15.pallets[2].docs == ()


@BOTH
def test_a_pallet_without_anything(metadata: Any) -> None:
    silent = metadata.pallets[2]
    assert (silent.storage, silent.calls, silent.events, silent.errors, silent.constants) == (None,) * 4 + ((),)


@BOTH
def test_storage(metadata: Any) -> None:
    storage = metadata.pallets[1].storage
    assert storage.prefix == "Counted"
    word, text = (entry.kind.value for entry in storage.entries[:2])
    account = by_path(metadata, "sp_core::crypto::AccountId32").id
    total, last, maybe, by_name, pairs = storage.entries
    default, optional = StorageModifier.Default, StorageModifier.Optional
    assert total == StorageEntry("Total", default, Plain(word), b"\x07\0\0\0", ("The sum.", "Of all."))
    assert last == StorageEntry("Last", optional, Plain(text), b"\0", ())
    assert (maybe.modifier, maybe.default) == (default, b"\0")
    assert metadata.types[maybe.kind.value].params == (Parameter("T", word),)
    assert by_name.kind == Map((StorageHasher.Twox64Concat,), text, word)
    assert (pairs.name, pairs.kind.value) == ("InPairs", text)
    assert pairs.kind.hashers == (StorageHasher.Twox64Concat, StorageHasher.Blake2_128Concat)
    assert metadata.types[pairs.kind.key].definition == Tuple((word, account))


@BOTH
def test_calls(metadata: Any) -> None:
    calls = enum(metadata, metadata.pallets[1].calls)
    assert {name: variant.index for name, variant in calls.items()} == {"all_of": 1, "count": 3}
    assert calls["count"].docs == ("Count one more.", "", "Or several.")
    assert [(field.name, field.type_name) for field in calls["count"].fields] == [
        ("name", "Vec<u8>"),
        ("class", "Balance"),
    ]
    assert [field.type_name for field in calls["all_of"].fields] == ["Vec<RuntimeCall>"]


@BOTH
def test_calls_in_calls_are_the_runtime_s(metadata: Any) -> None:
    (field,) = enum(metadata, metadata.pallets[1].calls)["all_of"].fields
    assert metadata.types[field.type].definition.type == by_path(metadata, "tiny_runtime::RuntimeCall").id


@BOTH
def test_events(metadata: Any) -> None:
    events = enum(metadata, metadata.pallets[1].events)
    assert [(variant.name, variant.index, variant.docs) for variant in events.values()] == [
        ("Counted", 0, ("It was counted.",)),
        ("Started", 1, ()),
    ]
    assert [field.name for field in events["Counted"].fields] == ["from", "total"]
    assert [field.type_name for field in events["Counted"].fields] == ["AccountId", "u32"]


@BOTH
def test_errors_say_what_to_do(metadata: Any) -> None:
    errors = enum(metadata, metadata.pallets[1].errors)
    assert [(variant.name, variant.index, variant.docs) for variant in errors.values()] == [
        ("TooHigh", 0, ("The limit is reached.", "Start again.")),
        ("Unused", 1, ("Never raised.",)),
    ]


@BOTH
def test_constants_are_those_that_the_runtime_executes_with(metadata: Any) -> None:
    assert [(constant.name, constant.value) for constant in metadata.pallets[1].constants] == [("Step", b"\1\0\0\0")]
    other = runtime(Counter, constants={"counter": {"step": 5}})
    (changed,) = METADATA_V14.decode(export(other, 14)[5:]).pallets[1].constants
    assert (changed.value, changed.docs) == (b"\5\0\0\0", ("How far at a time.",))


# -- the whole -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["RuntimeCall", "RuntimeEvent", "RuntimeError"])
def test_outer_enums_leave_out_pallets_that_have_nothing(name: str) -> None:
    entry = by_path(V15, f"tiny_runtime::{name}")
    variants = enum(V15, entry.id)
    assert {pallet: variant.index for pallet, variant in variants.items()} == {"System": 0, "Counter": 9}
    kind = name.removeprefix("Runtime").lower() + "s"
    held = [variant.fields[0].type for variant in variants.values()]
    assert held == [getattr(pallet, kind) for pallet in V15.pallets[:2]]
    assert getattr(V15.outer_enums, kind[:-1]) == entry.id
