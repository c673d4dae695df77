"""How much a block and an extrinsic may use. Source: spec/substrate.md §6, spec/weights-118.json."""

from dataclasses import dataclass

from chain.primitives.weight import DispatchClass, Weight

BASE_BLOCK = Weight(390_584_000, 0)
MAX_LENGTH = 5_242_880


@dataclass(frozen=True)
class ClassLimits:
    """Limits of one dispatch class; `None` is no limit."""

    max_extrinsic: Weight | None
    max_total: Weight | None
    reserved: Weight | None
    max_length: int


@dataclass(frozen=True)
class BlockLimits:
    """Limits of a block: the normal class gets three quarters of it, operational calls have the rest in reserve."""

    max_block: Weight
    base_extrinsic: Weight
    classes: tuple[ClassLimits, ClassLimits, ClassLimits]

    @classmethod
    def of(cls, max_block: Weight, base_extrinsic: int) -> "BlockLimits":
        """The live runtime's rule: 75 % for normal calls, 2.5 % expected for hooks."""
        base = Weight(base_extrinsic, 0)
        normal = Weight(max_block.ref_time * 3 // 4, max_block.proof_size * 3 // 4)
        hooks = Weight(max_block.ref_time // 40, max_block.proof_size // 40)
        return cls(
            max_block,
            base,
            (
                ClassLimits(normal - hooks - base, normal, Weight(0, 0), MAX_LENGTH * 3 // 4),
                ClassLimits(max_block - hooks - base, max_block, max_block - normal, MAX_LENGTH),
                ClassLimits(None, None, None, MAX_LENGTH),
            ),
        )

    def of_class(self, kind: DispatchClass) -> ClassLimits:
        return self.classes[kind]
