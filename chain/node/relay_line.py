"""Importing the relay chain of a history again, from its genesis to its end. Source: spec/network.md §5, step 1.

Headers link, seals and witness signatures are good, backing and bits are enough (`chain.relay` imports each block as
a validator would), justifications have their precommits, events are those that the block brings about.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from chain.crypto.hashing import blake2_256
from chain.node.histories import ArchiveError
from chain.node.manifest import End, Manifest, shown, unshown
from chain.node.records import RelayRecord
from chain.primitives.header import HEADER, Header
from chain.primitives.validation import NO_MESSAGES
from chain.relay.chain import relay_genesis
from chain.relay.errors import RelayError
from chain.relay.finality import check_justification
from chain.relay.queues import ChannelId
from chain.relay.replay import Replay
from chain.relay.state import RelayState
from chain.scale import DecodeError


@dataclass(frozen=True)
class MessageHeads:
    """The heads of a parachain's inbound message queue chains: downward, and of each channel by sender."""

    downward: bytes = NO_MESSAGES
    across: dict[int, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, state: RelayState, para: int) -> "MessageHeads":
        across = {}
        for sender in state.queues.ingress.get(para):
            channel = state.queues.channels.get(ChannelId(sender, para))
            across[sender] = (channel.mqc_head if channel else None) or NO_MESSAGES
        return cls(state.queues.downward_heads.get(para), across)


@dataclass(frozen=True)
class Included:
    """A candidate that the relay chain has included: where, and what waited for its block at its relay parent."""

    para: int
    number: int
    candidate: bytes
    relay_number: int
    relay_block: bytes
    heads: MessageHeads


class RelayLine:
    """The relay chain as far as it is good: what it included, and why it goes no further."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest, self.validators = manifest, manifest.validators
        self.included: list[Included] = []
        self.error: str | None = None
        self.blocks = 0
        self._waiting: dict[bytes, MessageHeads] = {}
        self._final = 0
        self._final_head: bytes | None = None

    def follow(self, records: Iterable[RelayRecord]) -> None:
        """Import them all, or up to the first that is bad. Raises what reading them raises."""
        replay: Replay | None = None
        try:
            for record in records:
                replay = self._genesis(record) if replay is None else self._next(replay, record)
                self.blocks += 1
            if replay is not None:
                self._check_end(replay)
        except RelayError as error:
            at = min(self.blocks, self.manifest.relay.blocks - 1)
            self.error = f"relay block {at}: {error}"

    def _genesis(self, record: RelayRecord) -> Replay:
        """Block 0, made of what the manifest says of every parachain and queue."""
        manifest = self.manifest
        heads = {para.id: unshown(para.head) for para in manifest.paras}
        codes = {para.id: unshown(para.code_hash) for para in manifest.paras}
        if heads[manifest.para] != unshown(manifest.genesis):
            raise ArchiveError("WrongGenesis", f"para {manifest.para} begins with another block")
        made = relay_genesis(self.validators, heads, codes, manifest.queues.genesis)
        if made.header != record.header or record.block is not None or record.justification is not None:
            raise ArchiveError("WrongGenesis", "it is not the genesis of this relay chain")
        if record.events:
            raise ArchiveError("WrongEvents", "nothing happens in it")
        return Replay(self.validators, made.header, made.nodes)

    def _next(self, replay: Replay, record: RelayRecord) -> Replay:
        block = record.block
        if block is None:
            raise ArchiveError("NoBody")
        if block.header != record.header:
            raise ArchiveError("WrongHeader", "its record has another header than its block")
        if block.body.backed_candidates:
            state = replay.view().state
            for backed in block.body.backed_candidates:
                para = backed.candidate.descriptor.para_id
                self._waiting[backed.candidate.hash] = MessageHeads.of(state, para)
        produced = replay.take(block)
        for pending in produced.included:
            candidate = pending.candidate
            heads = self._waiting.get(candidate.hash, MessageHeads())
            self.included.append(
                Included(
                    candidate.descriptor.para_id,
                    _number(candidate.commitments.head_data),
                    candidate.hash,
                    block.header.number,
                    block.header.hash,
                    heads,
                )
            )
        if produced.events != record.events:
            raise ArchiveError("WrongEvents", "candidates fared otherwise in it than its record says")
        if record.justification is not None:
            check_justification(self.validators, record.justification, record.header, {})
            self._final = block.header.number
            self._final_head = replay.view().state.heads.get(self.manifest.para)
        return replay

    def _check_end(self, replay: Replay) -> None:
        """The history ends where the manifest says."""
        manifest = self.manifest
        if shown(replay.header.hash) != manifest.relay.head:
            raise ArchiveError("WrongHead", f"the last relay block is not {manifest.relay.head}")
        if self._final != manifest.relay.finalized:
            raise ArchiveError("WrongFinality", f"{self._final} is final, not relay block {manifest.relay.finalized}")
        _check_head(replay.view().state.heads.get(manifest.para) or b"", manifest.best, "best")
        if manifest.finalized is not None:
            _check_head(self._final_head or b"", manifest.finalized, "final")


def _check_head(head: bytes, expected: End, which: str) -> None:
    if (_number(head), shown(blake2_256(head))) != (expected.number, expected.hash):
        raise ArchiveError("WrongHead", f"the {which} block of the parachain is not {expected.hash}")


def _number(head: bytes) -> int:
    """Of a parachain block; 0 for a head that is none: its validators have let it pass."""
    try:
        header: Header = HEADER.decode(head)
    except DecodeError:
        return 0
    return header.number


