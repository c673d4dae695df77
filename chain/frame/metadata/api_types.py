"""Types that occur in runtime APIs only. Source: spec/basilisk-runtime-118.json, `runtime_apis`."""

from typing import Annotated, ClassVar

from chain.frame.metadata.extrinsic import UNCHECKED_EXTRINSIC
from chain.primitives.header import Header
from chain.primitives.validation import HeadData, OutboundHrmpMessage
from chain.scale import BYTES, U64, FixedBytes, NewtypeOf, Struct
from chain.scale.types import Bytes, Vec, u32

Bytes8 = Annotated[bytes, FixedBytes(8)]

OPAQUE_METADATA = NewtypeOf(BYTES, "OpaqueMetadata", "sp_core::OpaqueMetadata")
SLOT_DURATION = NewtypeOf(U64, "SlotDuration", "sp_consensus_slots::SlotDuration")
VALIDATION_CODE = NewtypeOf(BYTES, "ValidationCode", "polkadot_parachain_primitives::primitives::ValidationCode")

UncheckedExtrinsic = Annotated[bytes, UNCHECKED_EXTRINSIC]
ValidationCode = Annotated[bytes, VALIDATION_CODE]


class Block(Struct):
    """A header and the extrinsics under it."""

    notation: ClassVar[str] = "Block<Header<u32>, UncheckedExtrinsic>"
    path: ClassVar[str] = "sp_runtime::generic::block::Block"
    header: Header
    extrinsics: Vec[UncheckedExtrinsic]


class InherentData(Struct):
    """What the outside brings into a block, by the names of those who asked for it."""

    path: ClassVar[str] = "sp_inherents::InherentData"
    data: dict[Bytes8, Bytes]


class CheckInherentsResult(Struct):
    """Whether a block's inherents agree with what this node was told."""

    path: ClassVar[str] = "sp_inherents::CheckInherentsResult"
    okay: bool
    fatal_error: bool
    errors: InherentData


class CollationInfo(Struct):
    """What a block gives to the relay chain."""

    path: ClassVar[str] = "cumulus_primitives_core::CollationInfo"
    upward_messages: Vec[Bytes]
    horizontal_messages: Vec[OutboundHrmpMessage]
    new_validation_code: ValidationCode | None
    processed_downward_messages: u32
    hrmp_watermark: u32
    head_data: HeadData
