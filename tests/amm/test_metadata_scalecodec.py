"""The metadata of Basilisk as scalecodec reads and writes by it."""

from typing import Any

import pytest
from any_value import AnyValue
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scalecodec.base import RuntimeConfigurationObject, ScaleBytes
from scalecodec.type_registry import load_type_registry_preset

from amm.runtime import blueprint, local_pallets
from chain.crypto import ss58
from chain.crypto.keys import dev
from chain.frame import EventRecord, Phase, Runtime, Stage
from chain.frame.metadata import export
from chain.frame.metadata.types import METADATA_V14, MetadataV14
from chain.primitives.extrinsic import Extrinsic, SignedBy, extra_bytes
from chain.scale import Era, StructOf, codec_of

WHOLE = Runtime(blueprint(tuple(local_pallets())))
"""With everything that a local chain may add."""

QUICK = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))


class Scalecodec:
    """py-substrate-interface's codec, which knows this chain by its metadata alone."""

    def __init__(self, blob: bytes) -> None:
        self.config = RuntimeConfigurationObject(implements_scale_info=True, ss58_format=10041)
        self.config.update_type_registry(load_type_registry_preset("core"))
        self.metadata = self.config.create_scale_object("MetadataVersioned", ScaleBytes(blob))
        self.metadata.decode()
        self.config.add_portable_registry(self.metadata)

    def read(self, type_: str, data: bytes) -> Any:
        return self.config.create_scale_object(type_, ScaleBytes(data), metadata=self.metadata).decode()

    def write(self, type_: str, value: Any) -> bytes:
        return bytes(self.config.create_scale_object(type_, metadata=self.metadata).encode(value).data)


UNWRITTEN: dict[str, str] = {
    "parachain_system.set_validation_data": "scalecodec reads maps that metadata describes, and cannot write them"
}

THEIRS = Scalecodec(export(WHOLE, 14))
VALUES = AnyValue(WHOLE, UNWRITTEN)
EVENTS_TYPE = THEIRS.metadata.get_metadata_pallet("System").get_storage_function("Events").get_value_type_string()


def by_name(value: Any) -> Any:
    """A call as scalecodec reads it, as it wants it for writing: by names, not by index."""
    if isinstance(value, dict):
        return {key: by_name(held) for key, held in value.items() if key not in ("call_index", "call_hash")}
    return [by_name(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("pallet", [p for p in WHOLE.pallets.values() if p.declaration.calls], ids=lambda p: p.name)
def test_calls_both_ways(pallet: Any) -> None:
    """Every call of a pallet: scalecodec reads what we write, and we read what scalecodec writes of it."""
    paths = [f"{pallet.key}.{name}" for name in pallet.declaration.calls]

    @QUICK
    @given(st.tuples(*(VALUES.call(path) for path in paths)))
    def check(calls: tuple[Any, ...]) -> None:
        for call in calls:
            data = WHOLE.call.encode(call)
            said = THEIRS.read("Call", data)
            assert (said["call_module"], said["call_function"]) == (pallet.name, call.spec.declaration.name)
            assert [each["name"] for each in said["call_args"]] == [name for name, _ in call.spec.fields]
            if call.path not in UNWRITTEN:
                written = THEIRS.write("Call", by_name(said))
                assert WHOLE.decode_call(written) == call

    check()


@pytest.mark.parametrize("pallet", [p for p in WHOLE.pallets.values() if p.declaration.events], ids=lambda p: p.name)
def test_events_are_read(pallet: Any) -> None:
    """Every event of a pallet, in the list that System keeps."""
    kinds = pallet.declaration.events
    codecs = [codec_of(kind) for kind in kinds]

    @QUICK
    @given(st.tuples(*(VALUES.of(codec) for codec in codecs)))
    def check(events: tuple[Any, ...]) -> None:
        records = tuple(EventRecord(Phase(Stage.ApplyExtrinsic, n), event) for n, event in enumerate(events))
        said = THEIRS.read(EVENTS_TYPE, WHOLE.events.encode(records))
        assert [each["extrinsic_idx"] for each in said] == list(range(len(events)))
        for record, kind, codec in zip(said, kinds, codecs, strict=True):
            assert (record["module_id"], record["event_id"]) == (pallet.name, kind.__name__)
            assert isinstance(codec, StructOf)
            names = [field.name for field in codec.fields]
            assert list(record["attributes"] or {}) == names

    check()


def test_extrinsics_both_ways() -> None:
    """A signed extrinsic: who, era, nonce, tip and call are where scalecodec looks for them."""
    alice = dev("alice")
    call = WHOLE.call.encode(WHOLE.make_call("xyk.sell", 0, 1, 5_000, 1, False))
    era, nonce, tip = Era.mortal(64, 100), 7, 12
    by = SignedBy(alice.account, 1, b"\x01" * 64, era, nonce, tip, extra_bytes(era, nonce, tip))
    raw = Extrinsic.sign(call, by).raw
    said = THEIRS.read("Extrinsic", raw)
    assert said["address"] == ss58.encode(alice.account)
    assert (said["nonce"], said["tip"]) == (nonce, tip)
    assert said["signature"] == {"Sr25519": "0x" + "01" * 64}
    assert (said["call"]["call_module"], said["call"]["call_function"]) == ("XYK", "sell")
    assert {each["name"]: each["value"] for each in said["call"]["call_args"]}["amount"] == 5_000


def test_constants_and_defaults_are_read() -> None:
    metadata: MetadataV14 = METADATA_V14.decode(export(WHOLE, 14)[5:])
    for pallet in metadata.pallets:
        for constant in pallet.constants:
            THEIRS.read(f"scale_info::{constant.type}", constant.value)
        for entry in pallet.storage.entries if pallet.storage else ():
            if entry.modifier.name == "Default":
                THEIRS.read(f"scale_info::{entry.kind.value}", entry.default)


def test_errors_are_found_by_index() -> None:
    for index, pallet in WHOLE.pallets.items():
        for error in pallet.declaration.errors:
            found = THEIRS.metadata.get_module_error(module_index=index, error_index=error.index)
            assert found.name == error.__name__
            assert found.docs[0] == (error.__doc__ or "").splitlines()[0]
