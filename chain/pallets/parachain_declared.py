"""What ParachainSystem keeps, says, refuses and asks for. Source: spec/relay.md §4.5."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Protocol

from chain.frame import Error, Event, Pallet, StorageValue
from chain.frame.storage_handles import ValueHandle
from chain.pallets.unincluded_segment import Ancestor, SegmentTracker
from chain.primitives.validation import (
    MESSAGE_QUEUE_CHAIN,
    NO_MESSAGES,
    PARA_ID,
    AbridgedHostConfiguration,
    InboundDownwardMessage,
    MessagingStateSnapshot,
    OutboundHrmpMessage,
    PersistedValidationData,
    StorageProof,
    UpgradeGoAhead,
    UpgradeRestriction,
)
from chain.primitives.weight import Weight
from chain.scale import MapOf, OptionOf, VecOf, codec_of
from chain.scale.types import BOOL, BYTES, FIXED_U128, H256, U32, Bytes, Length, u32

ONE = 10**18

_MESSAGES = VecOf(BYTES)
MessageHash = Annotated[Bytes, Length(32)]


class BlockFacts(Protocol):
    """The block's own facts (System)."""

    @property
    def parent_hash(self) -> ValueHandle[bytes, bytes]: ...

    def deposit_log(self, item: object) -> None: ...


class ParaInfo(Protocol):
    """Which parachain this is (ParachainInfo)."""

    def own_id(self) -> int: ...


class Listener(Protocol):
    """Told inside the inherent which relay block this block stands on (RelayChainInfo)."""

    def on_validation_data(self, data: PersistedValidationData) -> None: ...


class Messages(Protocol):
    """Who acts upon messages from other chains, and has messages for them."""

    def downward(self, messages: Sequence[InboundDownwardMessage]) -> None:
        """Messages of the relay chain, in order."""

    def horizontal(self, messages: Sequence[tuple[int, int, bytes]]) -> None:
        """Pages of other parachains: sender, relay block, page; by relay block, then by sender."""

    def take_outbound(self, channels: int) -> Sequence[tuple[int, bytes]]:
        """Recipient and page for at most so many channels, recipients ascending, one page each."""


@dataclass
class Needs:
    system: BlockFacts
    info: ParaInfo
    listener: Listener | None = None
    messages: Messages | None = None


class ParachainSystemDeclared(Pallet, name="ParachainSystem"):
    """Storage, events and errors of ParachainSystem."""

    needs: Needs

    unincluded_segment = StorageValue(VecOf(codec_of(Ancestor)), default=(), doc="Blocks that are not included yet.")
    aggregated_unincluded_segment = StorageValue(SegmentTracker, doc="The sum of these blocks.")
    pending_validation_code = StorageValue(
        BYTES, default=b"", doc="The code of an upgrade that waits for the relay chain."
    )
    new_validation_code = StorageValue(BYTES, doc="The code that this block announces.")
    validation_data = StorageValue(PersistedValidationData, doc="What this block is validated against.")
    did_set_validation_code = StorageValue(BOOL, default=False, doc="Whether this block applied an upgrade.")
    last_relay_chain_block_number = StorageValue(U32, default=0, doc="The relay parent of the last block.")
    upgrade_restriction_signal = StorageValue(
        OptionOf(codec_of(UpgradeRestriction)), default=None, doc="Why no upgrade may be announced."
    )
    upgrade_go_ahead = StorageValue(
        OptionOf(codec_of(UpgradeGoAhead)), default=None, doc="What is to become of an announced upgrade."
    )
    relay_state_proof = StorageValue(StorageProof, doc="The proof of the relay parent's state.")
    relevant_messaging_state = StorageValue(MessagingStateSnapshot, doc="The queues as the relay parent has them.")
    host_configuration = StorageValue(AbridgedHostConfiguration, doc="The limits that the relay chain sets.")
    last_dmq_mqc_head = StorageValue(
        MESSAGE_QUEUE_CHAIN, default=NO_MESSAGES, doc="The head of the chain of downward messages."
    )
    last_hrmp_mqc_heads = StorageValue(
        MapOf(PARA_ID, MESSAGE_QUEUE_CHAIN), default={}, doc="The heads of the chains of messages, by sender."
    )
    processed_downward_messages = StorageValue(U32, default=0, doc="Downward messages that this block took.")
    hrmp_watermark = StorageValue(U32, default=0, doc="The relay block up to which messages were taken.")
    hrmp_outbound_messages = StorageValue(
        VecOf(codec_of(OutboundHrmpMessage)), default=(), doc="Messages of this block to other parachains."
    )
    upward_messages = StorageValue(_MESSAGES, default=(), doc="Messages of this block to the relay chain.")
    pending_upward_messages = StorageValue(_MESSAGES, default=(), doc="Messages to the relay chain that wait.")
    upward_delivery_fee_factor = StorageValue(FIXED_U128, default=ONE, doc="How dear sending up has become.")
    announced_hrmp_messages_per_candidate = StorageValue(U32, default=0, doc="Recipients that a block may send to.")
    reserved_xcmp_weight_override = StorageValue(Weight, doc="Weight for messages of parachains, where it is set.")
    reserved_dmp_weight_override = StorageValue(Weight, doc="Weight for messages of the relay chain, where it is set.")
    custom_validation_head_data = StorageValue(BYTES, doc="A head that takes the place of the header.")

    class ValidationFunctionStored(Event):
        """A code upgrade was announced."""

    class ValidationFunctionApplied(Event):
        """A code upgrade was applied."""

        relay_chain_block_num: u32

    class ValidationFunctionDiscarded(Event):
        """The relay chain refused a code upgrade."""

    class DownwardMessagesReceived(Event):
        """Messages came from the relay chain."""

        count: u32

    class DownwardMessagesProcessed(Event):
        """Messages from the relay chain were queued."""

        weight_used: Weight
        dmq_head: H256

    class UpwardMessageSent(Event):
        """A message to the relay chain waits for this block or a later one."""

        message_hash: MessageHash | None

    class OverlappingUpgrades(Error):
        """A code upgrade is under way already."""

    class ProhibitedByPolkadot(Error):
        """The relay chain allows no code upgrade now."""

    class TooBig(Error):
        """The code or the message is larger than the relay chain takes."""

    class ValidationDataNotAvailable(Error):
        """The inherent has not run in this block."""

    class HostConfigurationNotAvailable(Error):
        """The relay chain's configuration is not known yet."""

    class NotScheduled(Error):
        """No code upgrade is under way."""

    class NothingAuthorized(Error):
        """No code upgrade was authorized."""

    class Unauthorized(Error):
        """The code is not the one that was authorized."""
