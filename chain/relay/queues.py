"""The relay chain's message queues: down to parachains (DMP) and between them (HRMP). Source: spec/xcm.md §2–§4.

Those up from parachains are in `upward`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, TypeVar

from chain.crypto.hashers import Twox64Concat, storage_prefix
from chain.frame import StorageMap
from chain.frame.storage_handles import MapHandle
from chain.primitives import relay_keys
from chain.primitives.validation import (
    NO_MESSAGES,
    InboundDownwardMessage,
    InboundHrmpMessage,
    OutboundHrmpMessage,
    extend,
)
from chain.relay.binding import Bound
from chain.relay.errors import InclusionError
from chain.scale import H256_CODEC, U32, Struct, VecOf, codec_of
from chain.scale.types import H256, Bytes, u32, u128
from chain.state import Overlay

K = TypeVar("K")
M = TypeVar("M")
Lists = MapHandle[K, tuple[M, ...], tuple[M, ...]]

MAX_CAPACITY, MAX_TOTAL_SIZE, MAX_MESSAGE_SIZE = 1_000, 102_400, 102_400
MAX_DOWNWARD_SIZE = 51_200
MAX_OUTBOUND = 10
"""Horizontal messages of one candidate."""


class ChannelId(Struct):
    """One direction."""

    notation: ClassVar[str] = "HrmpChannelId"
    sender: u32
    recipient: u32


class Channel(Struct):
    """A channel's limits and what waits in it; sizes in bytes (xcm.md §3)."""

    notation: ClassVar[str] = "HrmpChannel"
    max_capacity: u32
    max_total_size: u32
    max_message_size: u32
    msg_count: u32
    total_size: u32
    mqc_head: H256 | None
    sender_deposit: u128
    recipient_deposit: u128

    def with_contents(self, count: int, size: int, head: bytes | None) -> "Channel":
        """The channel with other contents."""
        limits = self.max_capacity, self.max_total_size, self.max_message_size
        return Channel(*limits, count, size, head, self.sender_deposit, self.recipient_deposit)


class Letter(Struct):
    """A message that the relay chain is to queue: its own, or one in the name of a parachain that builds no blocks."""

    sender: u32 | None
    recipient: u32
    data: Bytes


OPEN = Channel(MAX_CAPACITY, MAX_TOTAL_SIZE, MAX_MESSAGE_SIZE, 0, 0, None, 0, 0)
"""A channel as it is opened."""

_PARAS = VecOf(U32)
_DMQ = StorageMap(
    U32,
    VecOf(codec_of(InboundDownwardMessage)),
    hasher=Twox64Concat,
    raw=storage_prefix("Dmp", "DownwardMessageQueues"),
    default=(),
)
_DMQ_HEADS = StorageMap(U32, H256_CODEC, hasher=Twox64Concat, raw=relay_keys.DMQ_HEAD, default=NO_MESSAGES)
_CHANNELS = StorageMap(codec_of(ChannelId), Channel, hasher=Twox64Concat, raw=relay_keys.CHANNEL)
_CONTENTS = StorageMap(
    codec_of(ChannelId),
    VecOf(codec_of(InboundHrmpMessage)),
    hasher=Twox64Concat,
    raw=storage_prefix("Hrmp", "HrmpChannelContents"),
    default=(),
)
_WATERMARKS = StorageMap(U32, U32, hasher=Twox64Concat, raw=storage_prefix("Hrmp", "HrmpWatermarks"))
_INGRESS = StorageMap(U32, _PARAS, hasher=Twox64Concat, raw=relay_keys.INGRESS_INDEX, default=())
_AGENDA = StorageMap(
    U32, VecOf(codec_of(Letter)), hasher=Twox64Concat, raw=storage_prefix("Scheduler", "Agenda"), default=()
)
_EGRESS = StorageMap(U32, _PARAS, hasher=Twox64Concat, raw=relay_keys.EGRESS_INDEX, default=())


@dataclass(frozen=True)
class QueueGenesis:
    """What the queues hold at genesis: open channels, and messages that count as sent in block 0.

    The `agenda` says what the relay chain queues later, by relay block.
    """

    channels: tuple[tuple[int, int], ...] = ()
    downward: Mapping[int, Sequence[bytes]] = field(default_factory=dict)
    horizontal: Mapping[tuple[int, int], Sequence[bytes]] = field(default_factory=dict)
    agenda: Mapping[int, Sequence[Letter]] = field(default_factory=dict)


class Queues:
    """The queues in the state of one relay block."""

    downward: Bound[Lists[int, InboundDownwardMessage]] = Bound(_DMQ)
    downward_heads = Bound(_DMQ_HEADS)
    channels: Bound[MapHandle[ChannelId, Channel, Channel | None]] = Bound(_CHANNELS)
    contents: Bound[Lists[ChannelId, InboundHrmpMessage]] = Bound(_CONTENTS)
    watermarks = Bound(_WATERMARKS)
    ingress = Bound(_INGRESS)
    egress = Bound(_EGRESS)
    agenda: Bound[Lists[int, Letter]] = Bound(_AGENDA)

    def __init__(self, overlay: Overlay) -> None:
        self.overlay = overlay

    # -- filling ---------------------------------------------------------------------------------------------------

    def open_channel(self, sender: int, recipient: int) -> None:
        self.channels.insert(ChannelId(sender, recipient), OPEN)
        self.ingress.insert(recipient, tuple(sorted({*self.ingress.get(recipient), sender})))
        self.egress.insert(sender, tuple(sorted({*self.egress.get(sender), recipient})))

    def send_down(self, para: int, message: bytes, sent_at: int) -> None:
        """Queue a message of the relay chain to a parachain."""
        self.downward.insert(para, (*self.downward.get(para), InboundDownwardMessage(sent_at, message)))
        self.downward_heads.insert(para, extend(self.downward_heads.get(para), sent_at, message))

    def send_across(self, sender: int, message: OutboundHrmpMessage, sent_at: int) -> None:
        """Queue a page for another parachain; its channel exists and has room."""
        place = ChannelId(sender, message.recipient)
        channel = self.channels.get(place)
        assert channel is not None
        head = extend(channel.mqc_head or NO_MESSAGES, sent_at, message.data)
        size = channel.total_size + len(message.data)
        self.channels.insert(place, channel.with_contents(channel.msg_count + 1, size, head))
        self.contents.insert(place, (*self.contents.get(place), InboundHrmpMessage(sent_at, message.data)))

    def begin(self, genesis: QueueGenesis) -> None:
        """Block 0."""
        for sender, recipient in genesis.channels:
            self.open_channel(sender, recipient)
        for para, messages in genesis.downward.items():
            for message in messages:
                self.send_down(para, message, 0)
        for (sender, recipient), pages in genesis.horizontal.items():
            for page in pages:
                self.send_across(sender, OutboundHrmpMessage(recipient, page), 0)
        for number, letters in genesis.agenda.items():
            self.agenda.insert(number, tuple(letters))
        self.deliver(0)

    def deliver(self, number: int) -> None:
        """Queue what relay block `number` has on its agenda; what has no room in its channel is lost."""
        letters = self.agenda.get(number)
        for letter in letters:
            message = OutboundHrmpMessage(letter.recipient, letter.data)
            if letter.sender is None:
                self.send_down(letter.recipient, letter.data, number)
            elif self._has_room(letter.sender, message):
                self.send_across(letter.sender, message, number)
        if letters:
            self.agenda.remove(number)

    def _has_room(self, sender: int, message: OutboundHrmpMessage) -> bool:
        try:
            self.check_outbound(sender, [message])
        except InclusionError:
            return False
        return True

    # -- emptying --------------------------------------------------------------------------------------------------

    def prune_downward(self, para: int, processed: int) -> None:
        if processed:
            _put(self.downward, para, self.downward.get(para)[processed:])

    def prune_across(self, recipient: int, watermark: int) -> None:
        """Forget what the recipient has read; the watermark stays where nothing ever came."""
        for sender in self.ingress.get(recipient):
            place = ChannelId(sender, recipient)
            channel, held = self.channels.get(place), self.contents.get(place)
            left = tuple(page for page in held if page.sent_at > watermark)
            if channel is not None and len(left) < len(held):
                size = sum(len(page.data) for page in left)
                self.channels.insert(place, channel.with_contents(len(left), size, channel.mqc_head))
                _put(self.contents, place, left)
        if self.ingress.get(recipient):
            self.watermarks.insert(recipient, watermark)

    # -- what waits for a parachain --------------------------------------------------------------------------------

    def inbound(self, recipient: int) -> dict[int, tuple[InboundHrmpMessage, ...]]:
        """The pages that wait, by sender, ascending; senders with none are left out."""
        found = {sender: self.contents.get(ChannelId(sender, recipient)) for sender in self.ingress.get(recipient)}
        return {sender: pages for sender, pages in found.items() if pages}

    # -- acceptance (relay.md §8.4) --------------------------------------------------------------------------------

    def check_downward(self, para: int, processed: int, relay_parent: int) -> None:
        """Raises `Inclusion.IncorrectDownwardMessageHandling`."""
        queue = self.downward.get(para)
        if processed > len(queue):
            raise InclusionError("IncorrectDownwardMessageHandling", f"{processed} of {len(queue)} messages processed")
        if not processed and queue and queue[0].sent_at <= relay_parent:
            raise InclusionError("IncorrectDownwardMessageHandling", f"{len(queue)} messages wait, none is processed")

    def check_watermark(self, para: int, watermark: int, relay_parent: int) -> None:
        """Raises `Inclusion.HrmpWatermarkMishandling`."""
        if watermark == relay_parent:
            return
        blocks = {page.sent_at for pages in self.inbound(para).values() for page in pages}
        last = self.watermarks.get(para)
        newer = last is None or watermark > last
        if not newer or watermark > relay_parent or watermark not in blocks:
            raise InclusionError("HrmpWatermarkMishandling", f"watermark {watermark}")

    def check_outbound(self, para: int, messages: Sequence[OutboundHrmpMessage]) -> None:
        """Raises `Inclusion.InvalidOutboundHrmp`."""
        if len(messages) > MAX_OUTBOUND:
            raise InclusionError("InvalidOutboundHrmp", f"{len(messages)} messages")
        last = -1
        for message in messages:
            recipient, size = message.recipient, len(message.data)
            if recipient <= last:
                raise InclusionError("InvalidOutboundHrmp", "recipients are not strictly ascending")
            last = recipient
            channel = self.channels.get(ChannelId(para, recipient))
            if channel is None:
                raise InclusionError("InvalidOutboundHrmp", f"no channel to {recipient} is open")
            full = channel.msg_count >= channel.max_capacity or channel.total_size + size > channel.max_total_size
            if full or size > channel.max_message_size:
                raise InclusionError("InvalidOutboundHrmp", f"{size} bytes do not fit the channel to {recipient}")


def queues_at_genesis(queues: Queues, paras: Sequence[int]) -> QueueGenesis:
    """What `begin` was given, as the state of block 0 tells it."""
    channels = tuple((sender, para) for para in paras for sender in queues.ingress.get(para))
    downward = {para: tuple(message.msg for message in queues.downward.get(para)) for para in paras}
    horizontal = {
        (sender, para): tuple(page.data for page in pages)
        for para in paras
        for sender, pages in queues.inbound(para).items()
    }
    agenda = dict(sorted(queues.agenda.items()))
    return QueueGenesis(channels, {para: found for para, found in downward.items() if found}, horizontal, agenda)


def _put(item: Lists[K, M], key: K, value: tuple[M, ...]) -> None:
    """Nothing is stored of an empty queue."""
    if value:
        item.insert(key, value)
    else:
        item.remove(key)
