"""What a proof of the relay parent's state says about a parachain. Source: spec/relay.md §4.5, §7 step 7."""

from collections.abc import Iterable
from typing import TypeVar

from chain.primitives import relay_keys
from chain.primitives.errors import InherentError
from chain.primitives.validation import (
    HEAD_DATA,
    NO_MESSAGES,
    PARA_ID,
    AbridgedHostConfiguration,
    AbridgedHrmpChannel,
    MessagingStateSnapshot,
    RelayDispatchQueueRemainingCapacity,
    UpgradeGoAhead,
    UpgradeRestriction,
)
from chain.scale import Codec, DecodeError, VecOf, codec_of
from chain.scale.types import H256_CODEC, U64
from chain.trie import ProofStore, Trie, TrieError

T = TypeVar("T")

_PARAS: Codec[tuple[int, ...]] = VecOf(PARA_ID)
_ROOM: Codec[RelayDispatchQueueRemainingCapacity] = codec_of(RelayDispatchQueueRemainingCapacity)
_CHANNEL: Codec[AbridgedHrmpChannel] = codec_of(AbridgedHrmpChannel)
_CONFIGURATION: Codec[AbridgedHostConfiguration] = codec_of(AbridgedHostConfiguration)
_GO_AHEAD: Codec[UpgradeGoAhead] = codec_of(UpgradeGoAhead)
_RESTRICTION: Codec[UpgradeRestriction] = codec_of(UpgradeRestriction)


class RelayState:
    """The entries of the relay chain's state under `root` that concern parachain `para`.

    Raises InherentError: `BadRelayProof` if the proof is about another root, `RelayEntryMissing` where an
    entry cannot be read: the proof does not reach it, or nothing or nonsense is there.
    """

    def __init__(self, root: bytes, nodes: Iterable[bytes], para: int) -> None:
        store = ProofStore(nodes)
        if root not in store.nodes:
            raise InherentError("BadRelayProof", f"no node of the proof has the hash {root.hex()}")
        self._trie = Trie(store, root)
        self.para = para

    def slot(self) -> int:
        """The relay block's slot, of 6,000 ms."""
        return self._required(relay_keys.CURRENT_SLOT, U64, "the slot")

    def included_head(self) -> bytes:
        """The last included head of the parachain."""
        return self._required(relay_keys.para_head(self.para), HEAD_DATA, "the parachain's head")

    def host_configuration(self) -> AbridgedHostConfiguration:
        return self._required(relay_keys.ACTIVE_CONFIGURATION, _CONFIGURATION, "the configuration")

    def go_ahead(self) -> UpgradeGoAhead | None:
        return self._optional(relay_keys.go_ahead(self.para), _GO_AHEAD, "the upgrade's go-ahead")

    def restriction(self) -> UpgradeRestriction | None:
        return self._optional(relay_keys.restriction(self.para), _RESTRICTION, "the upgrade restriction")

    def messaging(self, configuration: AbridgedHostConfiguration) -> MessagingStateSnapshot:
        """The queues and channels; a queue that was never used is empty and has all its room."""
        para = self.para
        head = self._optional(relay_keys.dmq_head(para), H256_CODEC, "the head of the downward queue")
        room = self._optional(relay_keys.ump_room(para), _ROOM, "the room in the upward queue")
        if room is None:
            room = RelayDispatchQueueRemainingCapacity(
                configuration.max_upward_queue_count, configuration.max_upward_queue_size
            )
        senders = self._optional(relay_keys.ingress_index(para), _PARAS, "the ingress index") or ()
        recipients = self._optional(relay_keys.egress_index(para), _PARAS, "the egress index") or ()
        return MessagingStateSnapshot(
            NO_MESSAGES if head is None else head,
            room,
            tuple((sender, self._channel(sender, para)) for sender in senders),
            tuple((recipient, self._channel(para, recipient)) for recipient in recipients),
        )

    def _channel(self, sender: int, recipient: int) -> AbridgedHrmpChannel:
        key = relay_keys.channel(sender, recipient)
        return self._required(key, _CHANNEL, f"the channel from {sender} to {recipient}")

    def _required(self, key: bytes, codec: Codec[T], what: str) -> T:
        value = self._optional(key, codec, what)
        if value is None:
            raise InherentError("RelayEntryMissing", f"the relay state has no entry for {what}")
        return value

    def _optional(self, key: bytes, codec: Codec[T], what: str) -> T | None:
        """The value under a key. It may go on behind what the codec reads: parachains know abridged forms."""
        try:
            data = self._trie.get(key)
            return None if data is None else codec.read(data, 0)[0]
        except (TrieError, DecodeError) as error:
            raise InherentError("RelayEntryMissing", f"{what} cannot be read: {error}") from None
