"""A relay chain of four validators with made-up candidates: it never asks what is in them."""

from collections.abc import Sequence

import msgspec

from chain.crypto.hashing import blake2_256
from chain.crypto.keys import Keypair
from chain.primitives.header import Header
from chain.primitives.validation import VALIDATION_DATA
from chain.relay.availability_types import SignedBitfield
from chain.relay.backing_types import BackedCandidate, Explicit, Implicit, ValidityAttestation
from chain.relay.bitfields import sign_bitfield
from chain.relay.candidate import CandidateCommitments, CandidateDescriptor, CommittedCandidateReceipt
from chain.relay.chain import Produced, import_block, open_state, produce, relay_genesis
from chain.relay.dispute_types import DisputeStatementSet
from chain.relay.inclusion import validation_data
from chain.relay.parameters import RelayParameters
from chain.relay.payloads import SECONDED, VALID, backing_payload, collator_payload
from chain.relay.queues import QueueGenesis
from chain.relay.state import RelayState
from chain.relay.validators import ValidatorSet
from chain.trie import MemoryStore, NodeStore

COLLATOR = Keypair.from_suri("//Collator")
CODE = bytes(32)
"""The hash of the code that paras begin with."""


def signed(descriptor: CandidateDescriptor, **changes: object) -> CandidateDescriptor:
    """By the collator, with these changes."""
    changed = msgspec.structs.replace(descriptor, **changes)
    return msgspec.structs.replace(changed, signature=COLLATOR.sign(collator_payload(changed)))


class Line:
    """The chain at `head`; `add` puts a block on it, which others import alike."""

    def __init__(
        self, *paras: int, parameters: RelayParameters | None = None, queues: QueueGenesis | None = None
    ) -> None:
        self.validators = ValidatorSet(parameters or RelayParameters(), paras or (2090,))
        known = self.validators.paras
        genesis = relay_genesis(self.validators, dict.fromkeys(known, b"\0"), dict.fromkeys(known, CODE), queues)
        store = MemoryStore(dict(genesis.nodes))
        self.store: NodeStore = store
        self._put = store.put
        self.head: Header = genesis.header

    @property
    def state(self) -> RelayState:
        return open_state(self.store, self.head)[1]

    @property
    def number(self) -> int:
        return self.head.number

    def candidate(self, para: int = 2090, code: bytes = CODE, **commitments: object) -> BackedCandidate:
        """One on the head, signed by a collator and by all of its group."""
        claims = CandidateCommitments((), (), None, self.number.to_bytes(4, "little"), 0, self.number)
        made = msgspec.structs.replace(claims, **commitments)
        data = validation_data(self.state, para, self.head, self.validators.parameters)
        unsigned = CandidateDescriptor(
            para, self.head.hash, COLLATOR.public, blake2_256(VALIDATION_DATA.encode(data)),
            bytes(32), bytes(32), bytes(64), blake2_256(made.head_data), code,
        )  # fmt: skip
        return self.voted(CommittedCandidateReceipt(signed(unsigned), made))

    def voted(self, candidate: CommittedCandidateReceipt, voters: Sequence[int] | None = None) -> BackedCandidate:
        """With the votes of its group at the next block, or of some of them."""
        number, core = self.number + 1, self.validators.core_of(candidate.descriptor.para_id)
        assert core is not None
        group, session = self.validators.group_of_core(core, number), self.validators.session_at(number)
        bits = tuple(voters is None or index in voters for index in group)
        votes: list[ValidityAttestation] = []
        for index in (index for index, bit in zip(group, bits, strict=True) if bit):
            kind, wrap = (VALID, Explicit) if votes else (SECONDED, Implicit)
            payload = backing_payload(kind, candidate.hash, session, self.head.hash)
            votes.append(wrap(self.validators.keys[index].sign(payload)))
        return BackedCandidate(candidate, tuple(votes), bits)

    def bits(self, *holders: int) -> list[SignedBitfield]:
        """What these validators say on the head, or enough of them: they hold their chunks for every core."""
        all_set, session = (True,) * self.validators.cores, self.validators.session_at(self.number + 1)
        keys = self.validators.keys
        return [sign_bitfield(all_set, each, keys[each], session, self.head.hash) for each in holders or (0, 1, 2)]

    def add(
        self,
        *backed: BackedCandidate,
        bitfields: Sequence[SignedBitfield] = (),
        disputes: Sequence[DisputeStatementSet] = (),
    ) -> Produced:
        produced = produce(self.validators, self.store, self.head, backed, None, bitfields, disputes)
        assert import_block(self.validators, self.store, self.head, produced.block).nodes == produced.nodes
        self._put(produced.nodes)
        self.head = produced.block.header
        return produced

    def include(self, para: int = 2090, code: bytes = CODE, **commitments: object) -> Produced:
        """Two blocks: one backs a candidate, the other includes it."""
        backed = self.candidate(para, code, **commitments)
        assert self.add(backed).left_out == ()
        produced = self.add(bitfields=self.bits())
        assert [pending.candidate for pending in produced.included] == [backed.candidate]
        return produced

    def left_out(self, *backed: BackedCandidate) -> list[str]:
        """What an author of the next block says of these; no block is made."""
        produced = produce(self.validators, self.store, self.head, backed)
        return [error.name for _, error in produced.left_out]
