"""A runtime of two pallets, one of them with nothing, and its metadata."""

from typing import Any, ClassVar

import pytest

from chain.crypto.hashers import Blake2_128Concat, Twox64Concat
from chain.frame import (
    Blueprint,
    Constant,
    Error,
    Event,
    Origin,
    Pallet,
    Runtime,
    RuntimeCall,
    StorageDoubleMap,
    StorageMap,
    StorageValue,
    WeightTable,
    call,
)
from chain.frame.metadata import export
from chain.frame.metadata.portable import PortableType, Variants, VariantType
from chain.frame.metadata.types import METADATA_V14, METADATA_V15, MetadataV14, MetadataV15
from chain.pallets.system import System
from chain.scale import U32, OptionOf
from chain.scale.types import ACCOUNT_ID, BYTES, AccountId, Balance, Bytes, Compact, Vec, u32


class Counter(Pallet, prefix="Counted"):
    """Counts.

    In numbers.
    """

    step = Constant(U32, 1, metadata="Step", doc="How far at a time.")
    unseen = Constant(U32, 10)

    total = StorageValue(U32, default=7, doc="The sum.\nOf all.")
    last = StorageValue(BYTES)
    maybe = StorageValue(OptionOf(U32), default=None)
    by_name = StorageMap(BYTES, U32, hasher=Twox64Concat, default=0)
    pairs = StorageDoubleMap(U32, ACCOUNT_ID, BYTES, hashers=(Twox64Concat, Blake2_128Concat), name="InPairs")

    class Counted(Event):
        """It was counted."""

        from_: AccountId
        total: u32

    class Started(Event):
        total: Balance

    class TooHigh(Error):
        """The limit is reached."""

        hint: ClassVar[str] = "Start again."

    class Unused(Error):
        """Never raised."""

    @call(index=3)
    def count(self, origin: Origin, name: Bytes, class_: Compact[Balance]) -> None:
        """Count one more.

        Or several.
        """

    @call(index=1)
    def all_of(self, origin: Origin, calls: Vec[RuntimeCall]) -> None:
        """Make calls."""


class Silent(Pallet):
    pass


def runtime(*pallets: type[Pallet], constants: Any = None) -> Runtime:
    numbered = dict(zip((0, 9, 4, 7), (System, *pallets), strict=False))
    blueprint = Blueprint(
        "tiny", 3, 2, 1, numbered, lambda env: None, lambda env: lambda call: True, System.CallFiltered, WeightTable({})
    )
    return Runtime(blueprint, constants)


TINY = runtime(Counter, Silent)
V14: MetadataV14 = METADATA_V14.decode(export(TINY, 14)[5:])
V15: MetadataV15 = METADATA_V15.decode(export(TINY, 15)[5:])
BOTH = pytest.mark.parametrize("metadata", [V14, V15], ids=["14", "15"])


def enum(metadata: Any, id: int | None) -> dict[str, VariantType]:
    assert id is not None
    definition = metadata.types[id].definition
    assert isinstance(definition, Variants)
    return {variant.name: variant for variant in definition.variants}


def by_path(metadata: Any, path: str) -> PortableType:
    (found,) = [entry for entry in metadata.types if "::".join(entry.path_) == path]
    return found
