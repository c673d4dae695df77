"""ParachainSystem: the chain's tie to the relay chain. Source: spec/relay.md §4.5, §7.

In every block an inherent brings the validation data, a proof of the relay parent's state and the messages
that came in; at the end of the block the messages that go out are laid where the commitments are read from.
Code upgrades are not announced by any call here; the relay chain's word on them is only passed on.
"""

from chain.crypto.hashing import blake2_256
from chain.frame import Origin, call
from chain.pallets.parachain_declared import Needs, ParachainSystemDeclared
from chain.pallets.relay_state import RelayState
from chain.primitives.errors import InherentError
from chain.primitives.header import RELAY_PARENT, Consensus
from chain.primitives.validation import (
    NO_MESSAGES,
    AbridgedHostConfiguration,
    InboundDownwardMessage,
    InboundHrmpMessage,
    MessagingStateSnapshot,
    OutboundHrmpMessage,
    ParachainInherentData,
    PersistedValidationData,
    extend,
)
from chain.primitives.weight import ZERO_WEIGHT, Pays, PostInfo
from chain.scale import CompactOf
from chain.scale.types import U32, Bytes

__all__ = ["Needs", "ParachainSystem"]

WEIGHTLESS = PostInfo(ZERO_WEIGHT, Pays.No)

_NUMBER = CompactOf(U32)


class ParachainSystem(ParachainSystemDeclared, name="ParachainSystem"):
    """Validation data, and the queues to and from the relay chain and other parachains."""

    # -- for other pallets -----------------------------------------------------------------------------------

    def relay_block_number(self) -> int:
        """The number of the relay parent; 0 from this pallet's `on_initialize` until the inherent."""
        data = self.validation_data.get()
        return 0 if data is None else data.relay_parent_number

    def send_upward_message(self, message: bytes) -> bytes:
        """Queue a message to the relay chain; its hash. Raises `TooBig` above what the relay chain takes."""
        configuration = self.host_configuration.get()
        if configuration is not None and len(message) > configuration.max_upward_message_size:
            raise self.TooBig
        self.pending_upward_messages.put((*self.pending_upward_messages.get(), message))
        message_hash = blake2_256(message)
        self.deposit(self.UpwardMessageSent(message_hash))
        return message_hash

    # -- calls -----------------------------------------------------------------------------------------------

    @call(index=0)
    def set_validation_data(self, origin: Origin, data: ParachainInherentData) -> PostInfo:
        """Take what the collator brings from the relay parent.

        Raises InherentError if the relay chain's state contradicts it: the block is invalid.
        """
        origin.ensure_none()
        if self.validation_data.exists():
            raise InherentError("DuplicateValidationData", "the validation data is set twice")
        facts = data.validation_data
        relay = RelayState(
            facts.relay_parent_storage_root, data.relay_chain_state.trie_nodes, self.needs.info.own_id()
        )
        configuration = relay.host_configuration()
        queues = relay.messaging(configuration)
        self.upgrade_restriction_signal.put(relay.restriction())
        self.upgrade_go_ahead.put(relay.go_ahead())
        self._check_place(facts, relay.included_head())

        item = facts.relay_parent_storage_root + _NUMBER.encode(facts.relay_parent_number)
        self.needs.system.deposit_log(Consensus(RELAY_PARENT, item))
        self.validation_data.put(facts)
        self.relay_state_proof.put(data.relay_chain_state)
        self.relevant_messaging_state.put(queues)
        self.host_configuration.put(configuration)
        if self.needs.listener is not None:
            self.needs.listener.on_validation_data(facts)
        self._receive_downward(data.downward_messages, queues)
        self._receive_horizontal(data.horizontal_messages, queues, facts.relay_parent_number)
        return WEIGHTLESS

    @call(index=1)
    def sudo_send_upward_message(self, origin: Origin, message: Bytes) -> None:
        """Queue a message to the relay chain."""
        origin.ensure_root()
        self.send_upward_message(message)

    # -- the inherent, step by step (relay.md §7, 11 to 15) --------------------------------------------------

    def _check_place(self, facts: PersistedValidationData, included_head: bytes) -> None:
        """The relay parent is newer than the last block's, and the parent block is included there."""
        number, last = facts.relay_parent_number, self.last_relay_chain_block_number.get()
        if number <= last:
            raise InherentError("RelayParentNotAdvancing", f"relay parent {number} follows {last}")
        parent = self.needs.system.parent_hash.get()
        if blake2_256(included_head) != parent:
            raise InherentError("ParentNotIncluded", f"the included head is not the parent {parent.hex()}")

    def _receive_downward(
        self, messages: tuple[InboundDownwardMessage, ...], queues: MessagingStateSnapshot
    ) -> None:
        head = self.last_dmq_mqc_head.get()
        for message in messages:
            head = extend(head, message.sent_at, message.msg)
        if head != queues.dmq_mqc_head:
            raise InherentError("DmqHeadMismatch", "the downward messages are not those of the relay chain")
        if messages:
            self.deposit(self.DownwardMessagesReceived(len(messages)))
            if self.needs.messages is not None:
                self.needs.messages.downward(messages)
            self.last_dmq_mqc_head.put(head)
            self.deposit(self.DownwardMessagesProcessed(ZERO_WEIGHT, head))
        self.processed_downward_messages.put(len(messages))

    def _receive_horizontal(
        self,
        messages: dict[int, tuple[InboundHrmpMessage, ...]],
        queues: MessagingStateSnapshot,
        relay_parent_number: int,
    ) -> None:
        """Check the pages of other parachains and hand them over; the newest makes the watermark."""
        channels = dict(queues.ingress_channels)
        for sender in messages:
            if sender not in channels:
                raise InherentError("UnknownHrmpSender", f"parachain {sender} has no channel to this one")
        last = self.last_hrmp_mqc_heads.get()
        heads = {sender: last.get(sender, NO_MESSAGES) for sender in channels}
        for sender, pages in messages.items():
            for page in pages:
                heads[sender] = extend(heads[sender], page.sent_at, page.data)
        for sender, channel in channels.items():
            if heads[sender] != (channel.mqc_head or NO_MESSAGES):
                raise InherentError("HrmpHeadMismatch", f"the pages of parachain {sender} are not those sent")
        self.last_hrmp_mqc_heads.put(heads)
        if self.needs.messages is not None:
            self.needs.messages.horizontal(_in_order(messages))
        sent = (page.sent_at for pages in messages.values() for page in pages)
        self.hrmp_watermark.put(max(sent, default=relay_parent_number))

    # -- hooks -----------------------------------------------------------------------------------------------

    def on_initialize(self, number: int) -> None:
        """Clear away what the last block left for the relay chain."""
        if not self.did_set_validation_code.get():
            self.new_validation_code.kill()
        self.validation_data.kill()
        self.processed_downward_messages.kill()
        self.hrmp_watermark.kill()
        self.upward_messages.kill()
        self.hrmp_outbound_messages.kill()
        self.custom_validation_head_data.kill()
        configuration = self.host_configuration.get()
        announced = 0 if configuration is None else configuration.hrmp_max_message_num_per_candidate
        self.announced_hrmp_messages_per_candidate.put(announced)

    def on_finalize(self, number: int) -> None:
        """Lay out what goes to the relay chain. Raises InherentError if the inherent is missing."""
        self.did_set_validation_code.kill()
        self.upgrade_restriction_signal.kill()
        self.upgrade_go_ahead.kill()
        facts = self.validation_data.get()
        configuration, queues = self.host_configuration.get(), self.relevant_messaging_state.get()
        if facts is None or configuration is None or queues is None:
            raise InherentError("MissingValidationData", "the validation data is not set")
        self.last_relay_chain_block_number.put(facts.relay_parent_number)
        self._send_upward(configuration, queues)
        announced = self.announced_hrmp_messages_per_candidate.take()
        channels = min(configuration.hrmp_max_message_num_per_candidate, announced)
        messages = self.needs.messages
        pages = () if messages is None else messages.take_outbound(channels)
        self.hrmp_outbound_messages.put(tuple(OutboundHrmpMessage(*page) for page in pages))

    def _send_upward(self, configuration: AbridgedHostConfiguration, queues: MessagingStateSnapshot) -> None:
        """Send the oldest messages that fit; the first that does not holds back those behind it."""
        room = queues.relay_dispatch_queue_remaining_capacity
        count = min(room.remaining_count, configuration.max_upward_message_num_per_candidate)
        pending = self.pending_upward_messages.get()
        fitting = size = 0
        for message in pending[:count]:
            size += len(message)
            if size > room.remaining_size:
                break
            fitting += 1
        self.upward_messages.put(pending[:fitting])
        if fitting:
            self.pending_upward_messages.put(pending[fitting:])


def _in_order(messages: dict[int, tuple[InboundHrmpMessage, ...]]) -> list[tuple[int, int, bytes]]:
    """Sender, relay block and page of each message: by relay block, then by sender (xcm.md §4.2)."""
    pages = [(sender, page.sent_at, page.data) for sender, own in messages.items() for page in own]
    return sorted(pages, key=lambda page: (page[1], page[0]))
