"""What passes between a parachain and its relay chain. Source: spec/relay.md §4.2–§4.5."""

from enum import IntEnum
from typing import Annotated, ClassVar

from chain.crypto.hashing import blake2_256
from chain.scale import NewtypeOf, Struct, codec_of
from chain.scale.types import BYTES, H256, H256_CODEC, U32, BTreeSet, Bytes, Vec, u32
from chain.scale.units import unit_enum

PARA_ID = NewtypeOf(U32, "Id", "polkadot_parachain_primitives::primitives::Id")
HEAD_DATA = NewtypeOf(BYTES, "HeadData", "polkadot_parachain_primitives::primitives::HeadData")
MESSAGE_QUEUE_CHAIN = NewtypeOf(
    H256_CODEC, "MessageQueueChain", "cumulus_primitives_parachain_inherent::MessageQueueChain"
)

ParaId = Annotated[int, PARA_ID]
HeadData = Annotated[bytes, HEAD_DATA]
MessageQueueChain = Annotated[bytes, MESSAGE_QUEUE_CHAIN]

NO_MESSAGES = bytes(32)
"""The head of a message queue chain that nothing was ever sent through."""


def extend(head: bytes, sent_at: int, message: bytes) -> bytes:
    """The head of a message queue chain after one more message (xcm.md §4.1)."""
    return blake2_256(head + sent_at.to_bytes(4, "little") + blake2_256(BYTES.encode(message)))


@unit_enum(path="polkadot_primitives::v6::UpgradeRestriction")
class UpgradeRestriction(IntEnum):
    """Why no code upgrade may be announced."""

    Present = 0


@unit_enum(path="polkadot_primitives::v6::UpgradeGoAhead")
class UpgradeGoAhead(IntEnum):
    """What is to become of an announced code upgrade."""

    Abort = 0
    GoAhead = 1


# -- a block's place on the relay chain ----------------------------------------------------------------------


class PersistedValidationData(Struct):
    """What a block is validated against, known to the relay chain and the collator alike."""

    notation: ClassVar[str] = "PersistedValidationData<H256, u32>"
    path: ClassVar[str] = "polkadot_primitives::v6::PersistedValidationData"
    parent_head: HeadData
    relay_parent_number: u32
    relay_parent_storage_root: H256
    max_pov_size: u32


class StorageProof(Struct):
    """Nodes of the relay chain's state trie, sorted, none twice."""

    path: ClassVar[str] = "sp_trie::storage_proof::StorageProof"
    trie_nodes: BTreeSet[Bytes]


class InboundDownwardMessage(Struct):
    """A message from the relay chain; `sent_at` is the relay block that queued it."""

    notation: ClassVar[str] = "InboundDownwardMessage<u32>"
    path: ClassVar[str] = "polkadot_core_primitives::InboundDownwardMessage"
    sent_at: u32
    msg: Bytes


class InboundHrmpMessage(Struct):
    """A page from another parachain; `sent_at` is the relay block that queued it."""

    notation: ClassVar[str] = "InboundHrmpMessage<u32>"
    path: ClassVar[str] = "polkadot_core_primitives::InboundHrmpMessage"
    sent_at: u32
    data: Bytes


class OutboundHrmpMessage(Struct):
    """A page for another parachain."""

    notation: ClassVar[str] = "OutboundHrmpMessage<Id>"
    path: ClassVar[str] = "polkadot_core_primitives::OutboundHrmpMessage"
    recipient: ParaId
    data: Bytes


class ParachainInherentData(Struct):
    """What a collator brings from the relay parent into the block."""

    path: ClassVar[str] = "cumulus_primitives_parachain_inherent::ParachainInherentData"
    validation_data: PersistedValidationData
    relay_chain_state: StorageProof
    downward_messages: Vec[InboundDownwardMessage]
    horizontal_messages: dict[ParaId, Vec[InboundHrmpMessage]]


# -- what the relay chain's state says of a parachain --------------------------------------------------------


class AsyncBackingParams(Struct):
    """How far a parachain may run ahead of its included head; 0, 0: not at all."""

    path: ClassVar[str] = "polkadot_primitives::v6::async_backing::AsyncBackingParams"
    max_candidate_depth: u32
    allowed_ancestry_len: u32


class AbridgedHostConfiguration(Struct):
    """The limits that the relay chain sets; sizes in bytes, upgrade times in relay blocks."""

    path: ClassVar[str] = "polkadot_primitives::v6::AbridgedHostConfiguration"
    max_code_size: u32
    max_head_data_size: u32
    max_upward_queue_count: u32
    max_upward_queue_size: u32
    max_upward_message_size: u32
    max_upward_message_num_per_candidate: u32
    hrmp_max_message_num_per_candidate: u32
    validation_upgrade_cooldown: u32
    validation_upgrade_delay: u32
    async_backing_params: AsyncBackingParams


class AbridgedHrmpChannel(Struct):
    """What both ends of a channel know of it."""

    path: ClassVar[str] = "polkadot_primitives::v6::AbridgedHrmpChannel"
    max_capacity: u32
    max_total_size: u32
    max_message_size: u32
    msg_count: u32
    total_size: u32
    mqc_head: H256 | None


class RelayDispatchQueueRemainingCapacity(Struct):
    """How much more may be sent up: messages, bytes."""

    path: ClassVar[str] = (
        "cumulus_pallet_parachain_system::relay_state_snapshot::RelayDispatchQueueRemainingCapacity"
    )
    remaining_count: u32
    remaining_size: u32


class MessagingStateSnapshot(Struct):
    """The queues of a parachain, as the relay parent has them."""

    path: ClassVar[str] = "cumulus_pallet_parachain_system::relay_state_snapshot::MessagingStateSnapshot"
    dmq_mqc_head: H256
    relay_dispatch_queue_remaining_capacity: RelayDispatchQueueRemainingCapacity
    ingress_channels: Vec[tuple[ParaId, AbridgedHrmpChannel]]
    egress_channels: Vec[tuple[ParaId, AbridgedHrmpChannel]]


VALIDATION_DATA = codec_of(PersistedValidationData)
