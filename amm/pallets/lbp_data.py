"""The data of an LBP pool: what is sold for what, when, with which weights and fees. Source: spec/lbp.md."""

from enum import IntEnum
from typing import Annotated, ClassVar

from amm.math import lbp as math
from chain.scale import Struct
from chain.scale.types import AccountId, AssetId, Balance, BlockNumber, u32
from chain.scale.units import UnitsOf

MAX_WEIGHT = 100_000_000
"""The weights of both assets together: 100 %."""

MIN_WEIGHT = 2_000_000


class WeightCurveType(IntEnum):
    """How the weights go from the first to the last."""

    Linear = 0


WeightCurve = Annotated[WeightCurveType, UnitsOf(WeightCurveType, path="pallet_lbp::WeightCurveType")]


class Pool(Struct):
    """A pool and its sale. `assets` are (accumulated, distributed); both weights are those of the first."""

    notation: ClassVar[str] = "Pool<AccountId32, u32>"
    path: ClassVar[str] = "pallet_lbp::Pool"
    owner: AccountId
    start: BlockNumber | None
    end: BlockNumber | None
    assets: tuple[AssetId, AssetId]
    initial_weight: u32
    final_weight: u32
    weight_curve: WeightCurve
    fee: tuple[u32, u32]
    fee_collector: AccountId
    repay_target: Balance

    def has_started(self, now: int) -> bool:
        return self.start is not None and self.start <= now

    def has_ended(self, now: int) -> bool:
        return self.end is not None and self.end < now

    def is_running(self, now: int) -> bool:
        """From the start block to the end block, both included."""
        return self.start is not None and self.end is not None and self.start <= now <= self.end

    def weights(self, now: int) -> tuple[int, int]:
        """The weights of `assets` at a block of the sale; raises MathError at any other."""
        first = math.calculate_linear_weights(
            self.start or 0, self.end or 0, self.initial_weight, self.final_weight, now
        )
        return first, max(0, MAX_WEIGHT - first)
