"""What a parachain remembers of its blocks that the relay chain has not included yet.

Here every block's parent is included (relay.md §2, synchronous mode), so these lists are always empty;
clients know their types from the metadata.
"""

from typing import ClassVar

from chain.primitives.validation import ParaId, UpgradeGoAhead
from chain.scale import Struct
from chain.scale.types import H256, u32

_PATH = "cumulus_pallet_parachain_system::unincluded_segment::"


class HrmpChannelUpdate(Struct):
    """What a block sent through one channel."""

    path: ClassVar[str] = _PATH + "HrmpChannelUpdate"
    msg_count: u32
    total_bytes: u32


class UsedBandwidth(Struct):
    """What a block sent."""

    path: ClassVar[str] = _PATH + "UsedBandwidth"
    ump_msg_count: u32
    ump_total_bytes: u32
    hrmp_outgoing: dict[ParaId, HrmpChannelUpdate]


class Ancestor(Struct):
    """One block of the segment."""

    notation: ClassVar[str] = "Ancestor<H256>"
    path: ClassVar[str] = _PATH + "Ancestor"
    used_bandwidth: UsedBandwidth
    para_head_hash: H256 | None
    consumed_go_ahead_signal: UpgradeGoAhead | None


class SegmentTracker(Struct):
    """The sum over the segment."""

    notation: ClassVar[str] = "SegmentTracker<H256>"
    path: ClassVar[str] = _PATH + "SegmentTracker"
    used_bandwidth: UsedBandwidth
    hrmp_watermark: u32 | None
    consumed_go_ahead_signal: UpgradeGoAhead | None
