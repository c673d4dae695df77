"""What an extrinsic costs, as clients are told. Source: spec/substrate.md §6."""

from typing import ClassVar

from chain.primitives.weight import DispatchClass, Weight
from chain.scale import Struct
from chain.scale.types import Balance

_PATH = "pallet_transaction_payment::types::"


class InclusionFee(Struct):
    """The parts of a fee besides the tip."""

    notation: ClassVar[str] = "InclusionFee<u128>"
    path: ClassVar[str] = _PATH + "InclusionFee"
    base_fee: Balance
    len_fee: Balance
    adjusted_weight_fee: Balance


class FeeDetails(Struct):
    """The parts of a fee; no inclusion fee where the call pays nothing."""

    notation: ClassVar[str] = "FeeDetails<u128>"
    path: ClassVar[str] = _PATH + "FeeDetails"
    inclusion_fee: InclusionFee | None
    tip: Balance


class RuntimeDispatchInfo(Struct):
    """What a call weighs, and the fee for it without the tip."""

    notation: ClassVar[str] = "RuntimeDispatchInfo<u128, Weight>"
    path: ClassVar[str] = _PATH + "RuntimeDispatchInfo"
    weight: Weight
    class_: DispatchClass
    partial_fee: Balance
