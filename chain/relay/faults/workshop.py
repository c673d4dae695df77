"""What a dishonest collator makes of its candidate. Source: spec/relay.md §13.

Several faults at one height are worked in one after another, from the block's insides to the signature around them, so
that none undoes another.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import msgspec

from chain.crypto.keys import Keypair, dev
from chain.primitives.validation import StorageProof
from chain.relay.availability_types import AVAILABLE_DATA, AvailableData
from chain.relay.candidate import CandidateCommitments
from chain.relay.collator import Collation
from chain.relay.erasure import encode, erasure_root
from chain.relay.errors import PvfError
from chain.relay.faults.draft import Draft
from chain.relay.faults.fault import UNSET, Fault, FaultError, cannot
from chain.relay.faults.tampering import tampered
from chain.relay.parameters import SLOT_MS
from chain.scale import DecodeError
from chain.trie import TrieError, decode_compact, encode_compact

ORDER = (
    "slot_shift",
    "wrong_relay_proof",
    "tamper inherent",
    "tamper extrinsics",
    "tamper extrinsic",
    "tamper header",
    "tamper header.seal",
    "tamper body",
    "drop_node",
    "hash_node",
    "tamper proof",
    "tamper pov",
    "stale",
    "tamper validation_data",
    "tamper outputs",
    "tamper commitments",
    "swap_pov",
    "bad_encode",
    "tamper descriptor",
    "sign_as",
    "tamper descriptor.signature",
)
"""The deeds that change a candidate, from within outwards."""

MALLORY = "Mallory"
"""Who signs for the collator, if the fault does not say."""


def rank(fault: Fault) -> int:
    """The place of a deed in `ORDER`."""
    names = (f"tamper {fault.path}", f"tamper {fault.path.partition('.')[0]}") if fault.do == "tamper" else (fault.do,)
    return next((ORDER.index(name) for name in names if name in ORDER), ORDER.index("tamper extrinsics"))


class Made(NamedTuple):
    """A candidate under faults, those that have changed it, and why others could not.

    `patch` is what a runtime that is patched for everybody gives for its block, if one of the faults is such a patch.
    """

    collation: Collation
    done: tuple[Fault, ...]
    failed: tuple[tuple[Fault, FaultError], ...]
    patch: CandidateCommitments | None


@dataclass(frozen=True)
class Workshop:
    """The collator's key, its honest candidate, the one before, and what it knows of the relay chain."""

    author: Keypair
    honest: Collation
    previous: Collation | None
    validators: int
    other_proof: StorageProof | None = None

    def spoilt(self, faults: Iterable[Fault]) -> Made:
        """The candidate under all of these faults that can act."""
        draft, patch = Draft(self.honest, self.author, self.validators), None
        done: list[Fault] = []
        failed: list[tuple[Fault, FaultError]] = []
        for fault in sorted(faults, key=rank):
            try:
                draft = self._spoil(draft, fault)
            except FaultError as error:
                failed.append((fault, error))
                continue
            done.append(fault)
            if fault.path.startswith("outputs."):
                patch = draft.commitments
        return Made(draft.collation, tuple(done), tuple(failed), patch)

    def _spoil(self, draft: Draft, fault: Fault) -> Draft:
        """One fault more. Raises `Network.FaultNotTriggered` where there is nothing to spoil."""
        deed = _DEEDS[fault.do]
        try:
            made = deed(self, draft, fault)
        except (PvfError, DecodeError, TrieError) as error:
            raise cannot(fault, f"nothing is left of the block to be changed ({error})") from None
        if made.collation == draft.collation:
            raise cannot(fault, "it changes nothing")
        return made

    # -- deeds -----------------------------------------------------------------------------------------------------

    def _drop_node(self, draft: Draft, fault: Fault) -> Draft:
        """A node of the proof is not there; the last one, if the fault does not say which."""
        data = draft.data
        place = _place(fault, len(data.proof))
        fewer = (*data.proof[:place], *data.proof[place + 1 :])
        return draft.holding(msgspec.structs.replace(data, proof=fewer))

    def _hash_node(self, draft: Draft, fault: Fault) -> Draft:
        """A node of the proof is left as a hash, in a proof that is whole otherwise."""
        data = draft.data
        root, nodes = decode_compact(data.proof)
        candidates = [each for each in reversed(list(nodes)) if each != root]
        if fault.value is not UNSET:
            place = _place(fault, len(nodes))
            candidates = [each for each in list(nodes)[place : place + 1] if each != root]
        for left_out in candidates:
            fewer = {each: node for each, node in nodes.items() if each != left_out}
            shorter = tuple(encode_compact(root, fewer))
            if len(shorter) == len(data.proof) - 1:
                return draft.holding(msgspec.structs.replace(data, proof=shorter))
        raise cannot(fault, "no such node can be left out")

    def _swap_pov(self, draft: Draft, fault: Fault) -> Draft:
        if self.previous is None:
            raise cannot(fault, "there is no other block yet")
        collation = draft.collation
        return replace(draft, collation=Collation(collation.candidate, self.previous.pov, collation.validation_data))

    def _sign_as(self, draft: Draft, fault: Fault) -> Draft:
        key = dev(MALLORY if fault.value is UNSET else str(fault.value))
        if key.public == self.author.public:
            raise cannot(fault, "it is the collator's own key")
        return draft.described(draft.descriptor, key)

    def _stale(self, draft: Draft, fault: Fault) -> Draft:
        """Built on the head before the last: a fork of the parachain."""
        if self.previous is None:
            raise cannot(fault, "there is no older head yet")
        head = self.previous.validation_data.parent_head
        return draft.standing_on(msgspec.structs.replace(draft.collation.validation_data, parent_head=head))

    def _bad_encode(self, draft: Draft, fault: Fault) -> Draft:
        """A root over chunks that are not of one codeword; so they are handed out."""
        data = AvailableData(draft.collation.pov, draft.collation.validation_data)
        root = erasure_root(bent(encode(AVAILABLE_DATA.encode(data), self.validators)))
        return draft.described(msgspec.structs.replace(draft.descriptor, erasure_root=root))

    def _wrong_relay_proof(self, draft: Draft, fault: Fault) -> Draft:
        if self.other_proof is None:
            raise cannot(fault, "there is no other relay block")
        return draft.told(msgspec.structs.replace(draft.inherent, relay_chain_state=self.other_proof))

    def _slot_shift(self, draft: Draft, fault: Fault) -> Draft:
        """The time of another slot: of the next one, or of the one so many slots on that the fault says."""
        slots = 1 if fault.value is UNSET else fault.value
        assert isinstance(slots, int)
        told = draft.timestamp + slots * SLOT_MS
        if not 0 <= told < 2**64:
            raise cannot(fault, f"there is no time {told}")
        return draft.timed(told)

    def _tamper(self, draft: Draft, fault: Fault) -> Draft:
        return tampered(draft, fault)


_DEEDS: dict[str, Callable[[Workshop, Draft, Fault], Draft]] = {
    "drop_node": Workshop._drop_node,
    "hash_node": Workshop._hash_node,
    "swap_pov": Workshop._swap_pov,
    "sign_as": Workshop._sign_as,
    "stale": Workshop._stale,
    "bad_encode": Workshop._bad_encode,
    "wrong_relay_proof": Workshop._wrong_relay_proof,
    "slot_shift": Workshop._slot_shift,
    "tamper": Workshop._tamper,
}
SPOILING = tuple(_DEEDS)
"""The deeds that change a candidate; the collator's others put one beside it."""


def bent(chunks: Sequence[bytes]) -> list[bytes]:
    """Chunks that are not of one codeword: every one but the first is changed."""
    return [chunks[0], *(bytes([chunk[0] ^ 0xFF]) + chunk[1:] for chunk in chunks[1:])]


def _place(fault: Fault, count: int) -> int:
    """Which of so many; the last one, if the fault does not say. Raises `Network.FaultNotTriggered`."""
    place = count - 1 if fault.value is UNSET else fault.value
    assert isinstance(place, int)
    if not 0 <= place < count:
        raise cannot(fault, f"the proof has {count} nodes, none has the place {place}")
    return place


__all__ = ["SPOILING", "Workshop", "bent", "rank"]
