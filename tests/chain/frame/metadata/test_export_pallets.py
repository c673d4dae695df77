"""Pallets in the metadata of a small runtime: storage, calls, events, errors, constants."""

from dataclasses import replace
from typing import Any

from reader import Reader
from tiny import BOTH, TINY, V14, V15, Silent, by_path, enum, runtime

from chain.frame import Runtime
from chain.frame.metadata import APIS, export
from chain.frame.metadata.portable import Composite
from chain.frame.metadata.types import METADATA_V14, METADATA_V15


@BOTH
def test_the_runtime_s_own_type(metadata: Any) -> None:
    entry = metadata.types[metadata.runtime]
    assert (entry.path_, entry.definition) == (("tiny_runtime", "Runtime"), Composite(()))


@BOTH
def test_extensions(metadata: Any) -> None:
    extensions = metadata.extrinsic.signed_extensions
    assert [extension.identifier for extension in extensions] == [
        "CheckSpecVersion",
        "CheckTxVersion",
        "CheckGenesis",
        "CheckMortality",
        "CheckNonce",
        "CheckWeight",
        "ChargeTransactionPayment",
    ]
    paths = [metadata.types[extension.type].path_[-1] for extension in extensions]
    assert paths == [extension.identifier for extension in extensions]
    read = Reader(metadata.types)
    extra = b"".join([b"\xe5\x01", b"\x0c", b"\x91\x01"])
    values, at = [], 0
    for extension in extensions:
        value, at = read.read(extension.type, extra, at)
        values.append(value)
    assert at == len(extra)
    assert values == [[], [], [], [{"Mortal229": [1]}], [3], [], [100]]
    for extension, size in zip(extensions, (4, 4, 32, 32, 0, 0, 0), strict=True):
        assert read.read(extension.additional_signed, bytes(size), 0)[1] == size


def test_apis_are_in_version_15() -> None:
    assert [api.name for api in V15.apis] == [api.name for api in APIS]
    core = V15.apis[0]
    assert [(method.name, [each.name for each in method.inputs]) for method in core.methods] == [
        ("version", []),
        ("execute_block", ["block"]),
        ("initialize_block", ["header"]),
    ]
    assert all(method.docs for api in V15.apis for method in api.methods)
    block = V15.types[core.methods[1].inputs[0].type]
    assert block.path_ == ("sp_runtime", "generic", "block", "Block")
    assert [param.type for param in block.params][1] == V14.extrinsic.type


def test_a_pallet_more_is_the_only_difference() -> None:
    """What is left out leaves no trace: no type, no variant."""
    without = METADATA_V14.decode(export(runtime(Silent), 14)[5:])
    assert not any("counter" in part for entry in without.types for part in entry.path_)
    assert set(enum(without, by_path(without, "tiny_runtime::RuntimeCall").id)) == {"System"}


def test_the_blueprint_names_the_runtime() -> None:
    renamed = Runtime(replace(TINY.blueprint, name="other"))
    assert by_path(METADATA_V15.decode(export(renamed, 15)[5:]), "other_runtime::RuntimeEvent")
