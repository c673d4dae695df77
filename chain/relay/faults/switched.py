"""How validators and collators behave under faults. Source: spec/relay.md §13."""

from collections.abc import Collection, Iterable, Sequence

import msgspec

from chain.primitives.header import Header
from chain.relay.availability import with_proofs
from chain.relay.availability_types import ErasureChunk, SignedBitfield
from chain.relay.backing_types import BackedCandidate, SentStatement
from chain.relay.bitfields import sign_bitfield
from chain.relay.candidate import CandidateCommitments, CommittedCandidateReceipt
from chain.relay.case import Case
from chain.relay.conduct import Conduct, Duty
from chain.relay.erasure import erasure_root
from chain.relay.faults.fault import UNSET, Fault, cannot
from chain.relay.faults.forgery import few_votes, foreign, forged, of_another_session, with_vote
from chain.relay.faults.tally import Tally
from chain.relay.faults.workshop import SPOILING, Workshop, bent
from chain.relay.finality import grandpa_key
from chain.relay.finality_types import Precommit, SignedPrecommit
from chain.relay.offer import Offer
from chain.relay.payloads import precommit_payload
from chain.relay.thresholds import backing_threshold
from chain.relay.validators import ValidatorSet


class Switched(Conduct):
    """Honest but for `faults`. The `tally` knows which of them have acted."""

    def __init__(self, faults: Iterable[Fault], validators: ValidatorSet, para: int) -> None:
        self.validators, self.para = validators, para
        self.faults = tuple(faults)
        self.tally = Tally(self.faults)
        self._number = self._parent = 0
        self._patches: dict[bytes, CandidateCommitments] = {}

    @property
    def memory(self) -> bytes:
        """The relay parent of the candidate in hand, and the tally's."""
        return self._parent.to_bytes(4, "little") + self.tally.memory

    def recall(self, memory: bytes) -> None:
        self._parent = int.from_bytes(memory[:4], "little")
        self.tally.recall(memory[4:])

    # -- when ------------------------------------------------------------------------------------------------------

    def begin(self, relay_parent: int) -> None:
        self._parent = relay_parent

    def enter(self, number: int) -> None:
        self._number = number
        self.tally.head = number

    def _on(self, parent: int, *deeds: str) -> list[Fault]:
        """The faults of these kinds that are on for a candidate of this relay parent, or just now."""
        return [fault for fault in self.faults if fault.do in deeds and fault.on(parent, self._number - 1)]

    def _does(self, index: int, parent: int, *deeds: str) -> bool:
        """Whether a validator does one of these: it has acted then."""
        found = [fault for fault in self._on(parent, *deeds) if self.tally.does(fault, index)]
        for fault in found:
            self.tally.acted(fault, index)
        return bool(found)

    # -- the collator ----------------------------------------------------------------------------------------------

    def beside(self, parent: int, do: str) -> list[Fault]:
        """The collator's faults of a kind that put another candidate beside the one on this relay parent."""
        return [fault for fault in self.faults if fault.do == do and fault.on(parent)]

    def spoils(self, parent: int) -> bool:
        """Whether the collator has a fault on this relay parent."""
        return any(fault.by_collator and fault.on(parent) for fault in self.faults)

    def spoilt(self, shop: Workshop, parent: int) -> Offer:
        """What reaches the group where an honest collator sends its candidate on relay block `parent`."""
        core = self.validators.core_of(self.para) or 0
        self.tally.offered(parent, self.validators.group_of_core(core, parent + 1))
        faults = [fault for fault in self.faults if fault.do in SPOILING and fault.on(parent)]
        made = shop.spoilt(faults)
        for fault in made.done:
            self.tally.acted(fault)
        for fault, error in made.failed:
            self.tally.failed(fault, error)
        if made.patch is not None:
            self._patches[made.collation.candidate.hash] = made.patch
        return Offer(made.collation)

    def patch(self, candidate: CommittedCandidateReceipt) -> CandidateCommitments | None:
        return self._patches.get(candidate.hash)

    # -- backing ---------------------------------------------------------------------------------------------------

    def faulty(self, index: int, parent: int) -> bool:
        return any(fault.on(parent, self._number - 1) and index in self.tally.by(fault) for fault in self.faults)

    def offline(self, index: int) -> bool:
        return self._does(index, self._number - 1, "offline")

    def barred(self, index: int, parent: int) -> None:
        self.tally.asked("nothing", parent, index)

    def careless(self, index: int, parent: int, duty: Duty) -> bool:
        """A lazy one spares itself backing and checking; one that colludes vouches for the candidate whenever asked.

        Those who collude with a collator are named by the collator's fault.
        """
        self.tally.asked("judgement", parent, index)
        found = False
        for fault in self.faults:
            colludes = fault.do == "collude" or fault.by_collator
            due = colludes or (fault.do == "lazy" and duty is not Duty.DISPUTE)
            if not fault.who and duty is not Duty.CHECKING:
                due = False
            here = fault.on(parent) or (not fault.by_collator and fault.on(self._number - 1))
            if due and here and self._is_of(fault, index):
                self.tally.acted(fault, index)
                found = True
        return found

    def _is_of(self, fault: Fault, index: int) -> bool:
        return index in fault.who if fault.by_collator else self.tally.does(fault, index)

    def statements(self, own: SentStatement, validators: ValidatorSet, parent: int) -> Sequence[SentStatement]:
        """Forgers speak in others' names too; others speak for another session only."""
        index, sent = own.signed.validator_index, [own]
        for fault in self._on(parent, "old_session", "forge_statement"):
            if index not in fault.who:
                continue
            if fault.do == "old_session":
                made = [of_another_session(own, validators, fault)]
                sent = [each for each in sent if each is not own]
            else:
                made = forged(own, self._group(parent), fault)
            if made:
                self.tally.acted(fault, index)
                sent += made
            else:
                self.tally.failed(fault, cannot(fault, "there is nobody else in whose name it could speak"))
        return sent

    def intrusions(
        self, candidate: CommittedCandidateReceipt, validators: ValidatorSet, parent: Header
    ) -> Sequence[SentStatement]:
        sent = []
        for fault in self._on(parent.number, "forge_statement"):
            for index in fault.who:
                if index not in self._group(parent.number) and not self.offline(index):
                    sent.append(foreign(candidate, validators, parent, index, fault))
                    self.tally.acted(fault, index)
        return sent

    def smuggled(
        self, offered: BackedCandidate | None, candidate: CommittedCandidateReceipt, group: Sequence[int],
        dropped: Collection[SentStatement], parent: int,
    ) -> Sequence[BackedCandidate]:  # fmt: skip
        """Who makes bad statements puts them under the candidate, and sends it to the relay author."""
        bad = [sent for sent in dropped if sent.signed.validator_index in group]
        if not bad or not self._on(parent, "forge_statement", "old_session"):
            return ()
        return [with_vote(offered, candidate, group, sent) for sent in bad]

    def _group(self, parent: int) -> tuple[int, ...]:
        core = self.validators.core_of(self.para) or 0
        return self.validators.group_of_core(core, parent + 1)

    # -- availability ----------------------------------------------------------------------------------------------

    def encoded(
        self, candidate: CommittedCandidateReceipt, chunks: Sequence[ErasureChunk], parent: int
    ) -> Sequence[ErasureChunk]:
        if not self.beside(parent, "bad_encode"):
            return chunks
        crooked = bent([chunk.chunk for chunk in chunks])
        return with_proofs(crooked) if erasure_root(crooked) == candidate.descriptor.erasure_root else chunks

    def takes_chunk(self, index: int, parent: int) -> bool:
        refuses = self._does(index, parent, "withhold_chunk")
        return not refuses and not any(index in fault.who for fault in self._on(parent, "claim_bit"))

    def claims(self, index: int, parent: int) -> bool:
        return self._does(index, parent, "claim_bit")

    def bitfield(
        self, own: SignedBitfield, validators: ValidatorSet, head: Header, parents: Collection[int]
    ) -> SignedBitfield | None:
        """One bit too many, or signed on another parent: what the fault says, or the one for its first, one for all
        others. Those who hold it back send nothing in this relay block.
        """
        index, found = own.validator_index, own
        for fault in self.faults:
            if index not in fault.who:
                continue
            if fault.do == "hold_bits" and fault.on(head.number):
                self.tally.acted(fault, index)
                return None
            if fault.do == "bad_bitfield" and fault.on(head.number, *parents):
                self.tally.acted(fault, index)
                found = self._bad(own, fault, head)
        return found

    def _bad(self, own: SignedBitfield, fault: Fault, head: Header) -> SignedBitfield:
        index, validators = own.validator_index, self.validators
        session, key = validators.session_at(head.number + 1), validators.keys[index]
        wrong = fault.value if fault.value is not UNSET else "size" if index == fault.who[0] else "parent"
        if wrong == "size":
            return sign_bitfield((*own.payload, False), index, key, session, head.hash)
        return sign_bitfield(own.payload, index, key, session, head.parent_hash)

    def served(self, index: int, chunk: ErasureChunk, parent: int) -> ErasureChunk:
        self.tally.asked("chunk", parent, index)
        if self._does(index, parent, "corrupt_chunk"):
            return msgspec.structs.replace(chunk, chunk=bytes([chunk.chunk[0] ^ 1]) + chunk.chunk[1:])
        return chunk

    # -- the relay chain -------------------------------------------------------------------------------------------

    def forced(self, author: int, number: int, at_hand: Sequence[BackedCandidate]) -> Sequence[BackedCandidate]:
        """The candidates with fewer votes than they need, if it is the turn of the author that the fault names."""
        least = self.validators.parameters.minimum_backing_votes
        for fault in self.faults:
            if fault.do != "include_unbacked" or not fault.on(number, number - 1) or not at_hand:
                continue
            self.tally.asked("author", fault.at, author)
            if (fault.who and author not in fault.who) or self.tally.has_acted(fault):
                continue
            self.tally.acted(fault, author)
            return [few_votes(each, backing_threshold(len(each.validator_indices), least) - 1) for each in at_hand]
        return ()

    def must_vote(self, number: int) -> bool:
        return any(fault.do == "precommit_twice" and fault.on(number) for fault in self.faults)

    def accusations(self, cases: Iterable[Case]) -> Sequence[tuple[Case, int]]:
        """Of the newest included candidate, or the one that was included in the relay block that the fault says."""
        found = []
        for fault in self._on(self._number - 1, "dispute"):
            included = [case for case in cases if case.included_in and fault.value in (UNSET, case.included_in)]
            for index in fault.who if included else ():
                case = max(included, key=lambda each: each.included_in)
                if index in case.for_ or index in case.heard or self.offline(index):
                    self.tally.failed(fault, cannot(fault, f"validator {index} has spoken already, or is offline"))
                elif index not in case.votes:
                    self.tally.acted(fault, index)
                    found.append((case, index))
        return found

    def watched(self, number: int) -> bool:
        """Around the blocks whose rounds somebody misses or votes twice in."""
        rounds = [fault for fault in self.faults if fault.do in ("offline", "precommit_twice")]
        return any(fault.on(number - 1, number) for fault in rounds)

    def precommits(self, index: int, own: SignedPrecommit, round_: int, set_id: int) -> Sequence[SignedPrecommit]:
        if not self._does(index, self._parent, "precommit_twice"):
            return (own,)
        number = own.precommit.target_number
        key, payload = grandpa_key(index), precommit_payload(bytes(32), number, round_, set_id)
        return own, SignedPrecommit(Precommit(bytes(32), number), key.sign(payload), key.public)
