"""What the extrinsics of a block use of it: weight by class, and length. Source: spec/fees-and-origins.md §1, §2.3."""

from chain.pallets.system_declared import NOTHING_USED, BlockWeight
from chain.primitives.errors import Invalid, InvalidReason
from chain.primitives.limits import BASE_BLOCK, BlockLimits
from chain.primitives.weight import DispatchClass, DispatchInfo, Weight


class Meter:
    """The running sums of one block under construction."""

    __slots__ = ("length", "limits", "used")

    def __init__(self, limits: BlockLimits) -> None:
        self.limits = limits
        self.used: BlockWeight = NOTHING_USED.plus(DispatchClass.Mandatory, BASE_BLOCK)
        self.length = 0

    def mark(self) -> tuple[BlockWeight, int]:
        return self.used, self.length

    def rollback(self, mark: tuple[BlockWeight, int]) -> None:
        self.used, self.length = mark

    def check(self, info: DispatchInfo, length: int) -> None:
        """CheckWeight: book `length` bytes and the declared weight of a call, plus the base of its class.

        Raises `Invalid(ExhaustsResources)` where the class or the block has no room.
        """
        limits = self.limits.of_class(info.class_)
        if self.length + length > limits.max_length:
            raise Invalid(InvalidReason.ExhaustsResources)
        if limits.max_extrinsic is not None and not info.weight.within(limits.max_extrinsic):
            raise Invalid(InvalidReason.ExhaustsResources)
        used = self.used.plus(info.class_, info.weight + self.limits.base_extrinsic)
        own = used.of(info.class_)
        if limits.max_total is not None and not own.within(limits.max_total):
            raise Invalid(InvalidReason.ExhaustsResources)
        total = used.normal + used.operational + used.mandatory
        if not total.within(self.limits.max_block) and limits.reserved is not None and not own.within(limits.reserved):
            raise Invalid(InvalidReason.ExhaustsResources)
        self.used, self.length = used, self.length + length

    def give_back(self, info: DispatchInfo, actual: Weight) -> None:
        """Return what a call declared and did not use."""
        unspent = info.weight - actual
        if unspent.ref_time or unspent.proof_size:
            self.used = self.used.minus(info.class_, unspent)
