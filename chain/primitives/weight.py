"""What a call may use of a block: time and proof size. Source: spec/substrate.md §6, spec/fees-and-origins.md §2."""

from enum import IntEnum
from typing import ClassVar, NamedTuple

from chain.scale import Struct
from chain.scale.types import Compact, u64
from chain.scale.units import unit_enum


class Weight(Struct):
    """`ref_time` in picoseconds of the reference machine, `proof_size` in bytes of the proof of validity."""

    path: ClassVar[str] = "sp_weights::weight_v2::Weight"
    ref_time: Compact[u64]
    proof_size: Compact[u64]

    def __add__(self, other: "Weight") -> "Weight":
        return Weight(self.ref_time + other.ref_time, self.proof_size + other.proof_size)

    def __sub__(self, other: "Weight") -> "Weight":
        """What is left, never below zero."""
        return Weight(max(0, self.ref_time - other.ref_time), max(0, self.proof_size - other.proof_size))

    def within(self, limit: "Weight") -> bool:
        """Neither part exceeds `limit`."""
        return self.ref_time <= limit.ref_time and self.proof_size <= limit.proof_size


ZERO_WEIGHT = Weight(0, 0)


@unit_enum(path="frame_support::dispatch::DispatchClass")
class DispatchClass(IntEnum):
    """Which part of the block a call draws on."""

    Normal = 0
    Operational = 1
    Mandatory = 2


@unit_enum(path="frame_support::dispatch::Pays")
class Pays(IntEnum):
    """Whether a call pays for its weight."""

    Yes = 0
    No = 1


class DispatchInfo(Struct):
    """Weight, class and payment of a call: declared before it runs, actual in events."""

    path: ClassVar[str] = "frame_support::dispatch::DispatchInfo"
    weight: Weight
    class_: DispatchClass
    pays_fee: Pays


class PostInfo(NamedTuple):
    """What a call reports after it ran; `None` means as declared."""

    weight: Weight | None = None
    pays_fee: Pays = Pays.Yes


AS_DECLARED = PostInfo()
