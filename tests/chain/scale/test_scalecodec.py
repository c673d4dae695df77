"""The primitive types against scalecodec, an independent implementation."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scalecodec.base import RuntimeConfigurationObject, ScaleBytes
from scalecodec.type_registry import load_type_registry_preset

from chain.scale.notation import Notation

THEIRS = RuntimeConfigurationObject()
THEIRS.update_type_registry(load_type_registry_preset("legacy"))
OURS = Notation({})

NAMES = {"str": "String", "Vec<u8>": "Bytes"}
HEX = {"Vec<u8>", "[u8; 32]", "[u8; 4]", "H256"}


def unsigned(bits: int) -> st.SearchStrategy[int]:
    return st.integers(0, (1 << bits) - 1)


def signed(bits: int) -> st.SearchStrategy[int]:
    return st.integers(-1 << bits - 1, (1 << bits - 1) - 1)


CASES: dict[str, st.SearchStrategy[Any]] = {
    **{f"u{bits}": unsigned(bits) for bits in (8, 16, 32, 64, 128, 256)},
    **{f"i{bits}": signed(bits) for bits in (8, 16, 32, 64, 128, 256)},
    **{f"Compact<u{bits}>": unsigned(bits) for bits in (8, 16, 32, 64, 128)},
    "bool": st.booleans(),
    "str": st.text(max_size=40).filter(lambda text: "\x00" not in text),
    "Vec<u8>": st.binary(max_size=100),
    "Vec<u32>": st.lists(unsigned(32), max_size=70).map(tuple),
    "Vec<(u32, u128)>": st.lists(st.tuples(unsigned(32), unsigned(128)), max_size=5).map(tuple),
    "Option<u32>": st.none() | unsigned(32),
    "Option<bool>": st.none() | st.booleans(),
    "(u32, u128)": st.tuples(unsigned(32), unsigned(128)),
    "[u32; 4]": st.tuples(*[unsigned(32)] * 4),
    "[u8; 4]": st.binary(min_size=4, max_size=4),
    "[u8; 32]": st.binary(min_size=32, max_size=32),
    "H256": st.binary(min_size=32, max_size=32),
    "BTreeMap<u32, u64>": st.dictionaries(unsigned(32), unsigned(64), max_size=5),
}


def as_theirs(name: str, value: Any) -> Any:
    if name in HEX:
        return "0x" + value.hex()
    if name.startswith("BTreeMap"):
        return sorted(value.items())
    return list(value) if name.startswith(("Vec", "[")) else value


def as_ours(name: str, value: Any) -> Any:
    if name.startswith("BTreeMap"):
        return dict(value)
    return tuple(value) if isinstance(value, list) else value


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_both_write_and_read_the_same(name: str, data: st.DataObject) -> None:
    value = data.draw(CASES[name])
    codec = OURS.codec(name)
    encoded = codec.encode(value)
    # Option<bool> has a one-byte form for scalecodec; the runtime uses the ordinary one.
    if name == "Option<bool>":
        assert encoded == (b"\x00" if value is None else bytes((1, value)))
        return
    theirs = NAMES.get(name, name)
    assert bytes(THEIRS.create_scale_object(theirs).encode(as_theirs(name, value)).data) == encoded
    if name == "Vec<u8>":
        return  # scalecodec shows bytes as text where it can
    decoded = THEIRS.create_scale_object(theirs, ScaleBytes(encoded)).decode()
    assert as_ours(name, decoded) == (as_theirs(name, value) if name in HEX else value)
