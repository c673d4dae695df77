"""A relay chain with a candidate at hand, to make blocks of by hand."""

from dataclasses import dataclass

import msgspec
from forgery import Story

from chain.crypto.hashing import blake2_256
from chain.relay.backing import RelayView
from chain.relay.backing_types import BackedCandidate, Explicit, Implicit, ValidityAttestation
from chain.relay.candidate import CommittedCandidateReceipt
from chain.relay.chain import Produced, import_block, produce
from chain.relay.payloads import SECONDED, VALID, backing_payload, collator_payload
from chain.relay.relay_block import RelayBlock
from chain.relay.validators import ValidatorSet

BLOCK = 3


@dataclass
class Relay:
    """The relay chain at the relay parent of a real candidate, and that candidate, backed."""

    story: Story
    view: RelayView
    backed: BackedCandidate

    @property
    def validators(self) -> ValidatorSet:
        return self.view.validators

    def produce(self, *offered: BackedCandidate, slot: int | None = None) -> Produced:
        return produce(self.validators, self.view.store, self.view.relay_parent, offered, slot)

    def imported(self, block: RelayBlock) -> Produced:
        return import_block(self.validators, self.view.store, self.view.relay_parent, block)

    def left_out(self, backed: BackedCandidate) -> str:
        """Why an author leaves a candidate out; the block goes on without it."""
        produced = self.produce(backed)
        assert produced.backed == ()
        assert produced.block.body.backed_candidates == ()
        [(candidate, error)] = produced.left_out
        assert candidate == backed
        assert self.imported(produced.block).backed == ()
        return error.name

    def changed(self, commitments: dict[str, object] | None = None, **descriptor: object) -> BackedCandidate:
        """The candidate with other contents, rightly signed by its collator and by its group."""
        old = self.backed.candidate
        made = msgspec.structs.replace(old.commitments, **(commitments or {}))
        head = {"para_head": blake2_256(made.head_data)}
        unsigned = msgspec.structs.replace(old.descriptor, **{**head, **descriptor})
        collator = self.story.chain.node.keys.of(old.descriptor.collator)
        signed = msgspec.structs.replace(unsigned, signature=collator.sign(collator_payload(unsigned)))
        return self.voted(CommittedCandidateReceipt(signed, made))

    def voted(self, candidate: CommittedCandidateReceipt, bits: tuple[bool, ...] = (True, True)) -> BackedCandidate:
        """The candidate with these members of its group voting for it."""
        number = self.view.relay_parent.number + 1
        group = self.validators.group_of_core(0, number)
        votes: list[ValidityAttestation] = []
        for index in (index for index, bit in zip(group, bits, strict=True) if bit):
            kind, wrap = (VALID, Explicit) if votes else (SECONDED, Implicit)
            payload = backing_payload(kind, candidate.hash, 0, self.view.relay_parent.hash)
            votes.append(wrap(self.validators.keys[index].sign(payload)))
        return BackedCandidate(candidate, tuple(votes), bits)
