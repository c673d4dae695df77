"""How validators and collators behave under faults."""

from collections.abc import Iterable, Sequence

import msgspec

from chain.relay.availability import with_proofs
from chain.relay.bitfields import sign_bitfield
from chain.relay.conduct import Conduct
from chain.relay.faults.fault import Fault
from chain.relay.faults.workshop import Workshop, bent, cannot
from chain.relay.finality import grandpa_key
from chain.relay.offer import Offer
from chain.relay.payloads import precommit_payload
from chain.relay.statements import sign_statement
from chain.relay.types import (
    CommittedCandidateReceipt,
    ErasureChunk,
    Precommit,
    SentStatement,
    SignedBitfield,
    SignedPrecommit,
)
from chain.relay.validators import ValidatorSet


class Switched(Conduct):
    """Honest but for `faults`. `fired` are those that have acted."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        self.fired: set[Fault] = set()
        self._parent = self._number = 0

    def check(self, head: int) -> None:
        """Raises `Network.FaultNotTriggered` for the first fault whose time is past without its having acted."""
        for fault in self.faults:
            if fault not in self.fired and fault.at < head:
                raise cannot(fault, "its time is past, and nobody was in a position to do it")

    def finish(self) -> None:
        """Raises `Network.FaultNotTriggered` for the first fault that has not acted: the run is over."""
        for fault in self.faults:
            if fault not in self.fired:
                raise cannot(fault, "the run ended without its having acted")

    @property
    def memory(self) -> bytes:
        """The relay parent of the candidate in hand, and one byte a fault: whether it has acted."""
        return self._parent.to_bytes(4, "little") + bytes(fault in self.fired for fault in self.faults)

    def recall(self, memory: bytes) -> None:
        self._parent = int.from_bytes(memory[:4], "little")
        self.fired = {fault for fault, acted in zip(self.faults, memory[4:], strict=False) if acted}

    # -- when ------------------------------------------------------------------------------------------------------

    def begin(self, relay_parent: int) -> None:
        self._parent = relay_parent

    def enter(self, number: int) -> None:
        self._number = number

    def _does(self, index: int, *deeds: str) -> bool:
        """Whether a validator does one of these while the present candidate is in the works."""
        found = [f for f in self.faults if f.do in deeds and index in f.who and f.acts(self._parent)]
        self.fired.update(found)
        return bool(found)

    # -- the collator ----------------------------------------------------------------------------------------------

    def offers(self, shop: Workshop) -> list[Offer]:
        """What reaches the group where an honest collator sends its candidate."""
        found = [fault for fault in self.faults if fault.by_collator and fault.acts(self._parent)]
        if not found:
            return [Offer(shop.honest)]
        fault = found[0]
        self.fired.add(fault)
        if fault.do == "again":
            if shop.previous is None:
                raise cannot(fault, "there is no block before it")
            return [Offer(shop.honest), Offer(shop.previous, forced=True)]
        return [Offer(shop.spoil(fault))]

    def patched(self) -> bool:
        """Whether the runtime is patched alike for collator and validators: outputs are then what is committed to."""
        return any(fault.path.startswith("outputs.") and fault.acts(self._parent) for fault in self.faults)

    # -- validators ------------------------------------------------------------------------------------------------

    def faulty(self, index: int) -> bool:
        return any(index in fault.who and fault.acts(self._parent) for fault in self.faults)

    def offline(self, index: int) -> bool:
        height = max(self._parent, self._number - 1)
        found = [f for f in self.faults if f.do == "offline" and index in f.who and f.acts(height)]
        self.fired.update(found)
        return bool(found)

    def careless(self, index: int) -> bool:
        return self._does(index, "lazy", "collude")

    def withholds(self, index: int, core: int) -> bool:
        return self._does(index, "withhold_chunk")

    def claims(self, index: int, core: int) -> bool:
        return self._does(index, "claim_bit")

    def served(self, index: int, chunk: ErasureChunk) -> ErasureChunk:
        if self._does(index, "corrupt_chunk"):
            return msgspec.structs.replace(chunk, chunk=bytes([chunk.chunk[0] ^ 1]) + chunk.chunk[1:])
        return chunk

    def encoded(self, candidate: CommittedCandidateReceipt, chunks: Sequence[ErasureChunk]) -> Sequence[ErasureChunk]:
        if any(fault.do == "bad_encode" and fault.acts(self._parent) for fault in self.faults):
            return with_proofs(bent([chunk.chunk for chunk in chunks]))
        return chunks

    def statements(self, own: SentStatement, validators: ValidatorSet) -> Sequence[SentStatement]:
        """Forgers add statements of others under their own signature, or of another session."""
        index = own.signed.validator_index
        if self._does(index, "forge_statement"):
            others = [each for each in range(len(validators.keys)) if each != index]
            forged = msgspec.structs.replace(own.signed, validator_index=others[-1])
            outsider = next(each for each in others if not self._in_group(each, validators, own))
            key = validators.keys[outsider]
            foreign = sign_statement(own.signed.payload, outsider, key, own.session, own.relay_parent)
            return own, msgspec.structs.replace(own, signed=forged), foreign
        if self._does(index, "old_session"):
            key = validators.keys[index]
            return (sign_statement(own.signed.payload, index, key, own.session + 1, own.relay_parent),)
        return (own,)

    def _in_group(self, index: int, validators: ValidatorSet, own: SentStatement) -> bool:
        """Whether a validator serves the same core as the one that spoke."""
        for group in validators.groups_at(self._number):
            if own.signed.validator_index in group:
                return index in group
        return False

    def bitfield(self, own: SignedBitfield, validators: ValidatorSet, parent: bytes) -> SignedBitfield:
        """The first of them sends one bit too many, the others sign on another parent."""
        index = own.validator_index
        if not self._does(index, "bad_bitfield"):
            return own
        session, key = validators.session_at(self._number), validators.keys[index]
        first = min(min(f.who) for f in self.faults if f.do == "bad_bitfield" and index in f.who)
        if index == first:
            return sign_bitfield((*own.payload, False), index, key, session, parent)
        return sign_bitfield(own.payload, index, key, session, parent)

    def forces(self, author: int) -> bool:
        """Once: whoever is the next relay author."""
        found = [f for f in self.faults if f.do == "include_unbacked" and f.acts(self._parent) and f not in self.fired]
        self.fired.update(found)
        return bool(found)

    def precommits(self, index: int, own: SignedPrecommit, round_: int, set_id: int) -> Sequence[SignedPrecommit]:
        if not self._does(index, "precommit_twice"):
            return (own,)
        number = own.precommit.target_number
        key, payload = grandpa_key(index), precommit_payload(bytes(32), number, round_, set_id)
        return own, SignedPrecommit(Precommit(bytes(32), number), key.sign(payload), key.public)

