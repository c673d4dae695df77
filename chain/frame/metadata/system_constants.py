"""Constants of System that describe the whole runtime: what a block may use, what storage costs, the version.

They are no settings by themselves: blocks are limited by `chain.primitives.limits` and System's two weights, and
these constants say the result. Source: spec/substrate.md §6, spec/basilisk-runtime-118.json.
"""

from typing import Any, ClassVar, NamedTuple

from chain.frame.metadata.version import RuntimeVersion, runtime_version
from chain.frame.runtime import Runtime
from chain.primitives.limits import BASE_BLOCK, BlockLimits, ClassLimits
from chain.primitives.weight import Weight
from chain.scale import AnyCodec, Struct, codec_of
from chain.scale.types import u32, u64


class FixedConstant(NamedTuple):
    """A constant as clients see it."""

    name: str
    codec: AnyCodec
    value: Any
    doc: str


class WeightsPerClass(Struct):
    """What extrinsics of a class may use, one by one and together; None is no limit."""

    path: ClassVar[str] = "frame_system::limits::WeightsPerClass"
    base_extrinsic: Weight
    max_extrinsic: Weight | None
    max_total: Weight | None
    reserved: Weight | None


class ClassWeights(Struct):
    """The limits of the three classes."""

    notation: ClassVar[str] = "PerDispatchClass<WeightsPerClass>"
    path: ClassVar[str] = "frame_support::dispatch::PerDispatchClass"
    normal: WeightsPerClass
    operational: WeightsPerClass
    mandatory: WeightsPerClass


class BlockWeights(Struct):
    """What a block may use, and what it uses without any extrinsic."""

    path: ClassVar[str] = "frame_system::limits::BlockWeights"
    base_block: Weight
    max_block: Weight
    per_class: ClassWeights


class ClassLengths(Struct):
    """Bytes of extrinsics, by class."""

    notation: ClassVar[str] = "PerDispatchClass<u32>"
    path: ClassVar[str] = "frame_support::dispatch::PerDispatchClass"
    normal: u32
    operational: u32
    mandatory: u32


class BlockLength(Struct):
    """How long the extrinsics of a block may be."""

    path: ClassVar[str] = "frame_system::limits::BlockLength"
    max: ClassLengths


class RuntimeDbWeight(Struct):
    """The ref_time of one access to storage, as calls' weights have been measured with."""

    path: ClassVar[str] = "sp_weights::RuntimeDbWeight"
    read: u64
    write: u64


DB_WEIGHT = RuntimeDbWeight(25_000_000, 100_000_000)


def system_constants(runtime: Runtime) -> tuple[FixedConstant, ...]:
    """System's constants besides those that it declares."""
    settings = runtime.settings[runtime.pallet("System")]
    limits = BlockLimits.of(settings["max_block_weight"], settings["base_extrinsic_weight"])
    normal, operational, mandatory = (_weights(limits.base_extrinsic, each) for each in limits.classes)
    weights = BlockWeights(BASE_BLOCK, limits.max_block, ClassWeights(normal, operational, mandatory))
    lengths = BlockLength(ClassLengths(*(each.max_length for each in limits.classes)))
    return (
        FixedConstant("BlockWeights", codec_of(BlockWeights), weights, "What a block may use, by class."),
        FixedConstant("BlockLength", codec_of(BlockLength), lengths, "Bytes of a block's extrinsics, by class."),
        FixedConstant("DbWeight", codec_of(RuntimeDbWeight), DB_WEIGHT, "The time of a read and of a write."),
        FixedConstant("Version", codec_of(RuntimeVersion), runtime_version(runtime), "The runtime's version."),
    )


def _weights(base: Weight, limits: ClassLimits) -> WeightsPerClass:
    return WeightsPerClass(base, limits.max_extrinsic, limits.max_total, limits.reserved)
