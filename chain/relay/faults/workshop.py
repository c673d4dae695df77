"""What a dishonest collator makes of its candidate: one thing changed, all hashes and signatures around it right."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec

from chain.blocks.block import extrinsics_root
from chain.crypto.hashing import blake2_256
from chain.crypto.keys import Keypair, dev
from chain.primitives.header import HEADER, Header
from chain.primitives.validation import (
    VALIDATION_DATA,
    InboundDownwardMessage,
    InboundHrmpMessage,
    OutboundHrmpMessage,
    ParachainInherentData,
    StorageProof,
)
from chain.relay.collator import Collation, erasure_root_of
from chain.relay.erasure import encode, erasure_root
from chain.relay.faults.fault import Fault, FaultError
from chain.relay.inherents import SET_TIMESTAMP, SET_VALIDATION_DATA, is_bare, read_timestamp, read_validation_data
from chain.relay.parameters import SLOT_MS
from chain.relay.payloads import collator_payload
from chain.relay.types import (
    AVAILABLE_DATA,
    BLOCK_DATA,
    AvailableData,
    CandidateCommitments,
    CommittedCandidateReceipt,
    ParachainBlockData,
    PoV,
    decode_block_data,
)
from chain.scale import BYTES, U64, CompactOf, codec_of
from chain.trie import decode_compact, encode_compact

_INHERENT = codec_of(ParachainInherentData)
_MOMENT = CompactOf(U64)


@dataclass(frozen=True)
class Workshop:
    """The tools: the collator's key, its honest candidate, the one before, and what it knows of the relay chain."""

    author: Keypair
    honest: Collation
    previous: Collation | None
    validators: int
    other_proof: StorageProof | None = None

    @property
    def data(self) -> ParachainBlockData:
        return decode_block_data(self.honest.pov.block_data)

    @property
    def inherent(self) -> ParachainInherentData:
        return read_validation_data(self.data.extrinsics)

    # -- putting together again ------------------------------------------------------------------------------------

    def signed(self, collation: Collation, key: Keypair | None = None, **changes: object) -> Collation:
        """The candidate with another descriptor, signed anew."""
        unsigned = msgspec.structs.replace(collation.candidate.descriptor, **changes)
        by = key or self.author
        descriptor = msgspec.structs.replace(unsigned, signature=by.sign(collator_payload(unsigned)))
        return replace(collation, candidate=CommittedCandidateReceipt(descriptor, collation.candidate.commitments))

    def collated(self, data: ParachainBlockData | PoV) -> Collation:
        """The candidate of other block data."""
        old = self.honest
        pov = data if isinstance(data, PoV) else PoV(BLOCK_DATA.encode(data))
        head = old.candidate.commitments.head_data if isinstance(data, PoV) else HEADER.encode(data.header)
        commitments: CandidateCommitments = msgspec.structs.replace(old.candidate.commitments, head_data=head)
        made = Collation(CommittedCandidateReceipt(old.candidate.descriptor, commitments), pov, old.validation_data)
        root = erasure_root_of(pov, old.validation_data, self.validators)
        return self.signed(made, pov_hash=pov.hash, erasure_root=root, para_head=blake2_256(head))

    def with_header(self, data: ParachainBlockData, **changes: object) -> Collation:
        """Another header, sealed anew."""
        header: Header = msgspec.structs.replace(data.header.unsealed(), **changes)
        sealed = header.sealed(b"aura", self.author.sign(header.hash))
        return self.collated(msgspec.structs.replace(data, header=sealed))

    def with_body(self, body: tuple[bytes, ...]) -> Collation:
        """Another body under a header that fits it, but for the state."""
        root = extrinsics_root([BYTES.encode(extrinsic) for extrinsic in body])
        return self.with_header(msgspec.structs.replace(self.data, extrinsics=body), extrinsics_root=root)

    def with_inherent(self, **changes: object) -> Collation:
        """Other validation data in the body."""
        changed = SET_VALIDATION_DATA + _INHERENT.encode(msgspec.structs.replace(self.inherent, **changes))
        return self.with_body(self._swapped(SET_VALIDATION_DATA, changed))

    def _swapped(self, start: bytes, by: bytes) -> tuple[bytes, ...]:
        return tuple(by if body[:3] == start else body for body in self.data.extrinsics)

    # -- faults ----------------------------------------------------------------------------------------------------

    def spoil(self, fault: Fault) -> Collation:
        """The candidate under a fault. Raises `Network.FaultNotTriggered` where there is nothing to spoil."""
        made = getattr(self, f"_{fault.do}")(fault)
        assert isinstance(made, Collation)
        if made.candidate == self.honest.candidate and made.pov == self.honest.pov:
            raise cannot(fault, "it changes nothing")
        return made

    def _drop_node(self, fault: Fault) -> Collation:
        data = self.data
        return self.collated(msgspec.structs.replace(data, proof=data.proof[:-1]))

    def _hash_node(self, fault: Fault) -> Collation:
        """A node of the proof is left as a hash: one that only a later read needs."""
        data = self.data
        root, nodes = decode_compact(data.proof)
        for left_out in (each for each in reversed(list(nodes)) if each != root):
            fewer = {each: node for each, node in nodes.items() if each != left_out}
            shorter = tuple(encode_compact(root, fewer))
            if len(shorter) == len(data.proof) - 1:
                return self.collated(msgspec.structs.replace(data, proof=shorter))
        raise cannot(fault, "no node can be left out")

    def _swap_pov(self, fault: Fault) -> Collation:
        if self.previous is None:
            raise cannot(fault, "there is no other block yet")
        return replace(self.honest, pov=self.previous.pov)

    def _sign_as(self, fault: Fault) -> Collation:
        return self.signed(self.honest, dev("Mallory"))

    def _stale(self, fault: Fault) -> Collation:
        """Built on the head before the last: a fork of the parachain."""
        if self.previous is None:
            raise cannot(fault, "there is no older head yet")
        head = self.previous.validation_data.parent_head
        data = msgspec.structs.replace(self.honest.validation_data, parent_head=head)
        named = blake2_256(VALIDATION_DATA.encode(data))
        return self.signed(replace(self.honest, validation_data=data), persisted_validation_data_hash=named)

    def _bad_encode(self, fault: Fault) -> Collation:
        """A root over chunks that are not of one codeword; the last one is spoilt when chunks are handed out."""
        data = AvailableData(self.honest.pov, self.honest.validation_data)
        root = erasure_root(bent(encode(AVAILABLE_DATA.encode(data), self.validators)))
        return self.signed(self.honest, erasure_root=root)

    def _wrong_relay_proof(self, fault: Fault) -> Collation:
        if self.other_proof is None:
            raise cannot(fault, "there is no other relay block")
        return self.with_inherent(relay_chain_state=self.other_proof)

    def _slot_shift(self, fault: Fault) -> Collation:
        told = (read_timestamp(self.data.extrinsics) or 0) + SLOT_MS
        return self.with_body(self._swapped(SET_TIMESTAMP, SET_TIMESTAMP + _MOMENT.encode(told)))

    def _tamper(self, fault: Fault) -> Collation:
        place, _, name = fault.path.partition(".")
        if place == "header":
            old = getattr(self.data.header, name, None)
            return self.with_header(self.data, **{name: _other(old, fault)})
        if place == "body":
            return self.collated(msgspec.structs.replace(self.data, extrinsics=self.data.extrinsics[:-1]))
        if place == "extrinsic":
            return self.with_body((*self.data.extrinsics[:-1], self._other_amount(fault)))
        if place == "pov":
            return self._padded()
        if place == "descriptor":
            old = getattr(self.honest.candidate.descriptor, name, None)
            return self.signed(self.honest, None, **{name: _other(old, fault)})
        if place == "commitments":
            return self._committed(name)
        if place == "outputs":
            return self._committed(name)
        if place == "inherent":
            return self._inherent(name, fault)
        raise cannot(fault, "header, body, extrinsic, pov, descriptor, commitments, outputs and inherent are tampered")

    def _other_amount(self, fault: Fault) -> bytes:
        last = self.data.extrinsics[-1]
        if is_bare(last):
            raise cannot(fault, "the block holds no signed extrinsic")
        return last[:-1] + bytes([last[-1] ^ 1])

    def _padded(self) -> Collation:
        """One byte more than a PoV may have."""
        most = self.honest.validation_data.max_pov_size
        pov = PoV(bytes(most - 3))
        while pov.size <= most:
            pov = PoV(bytes(len(pov.block_data) + most + 1 - pov.size))
        return self.collated(pov)

    def _committed(self, name: str) -> Collation:
        """Commitments to a message that was not sent."""
        said = (*getattr(self.honest.candidate.commitments, name), OutboundHrmpMessage(2000, b"\0\1"))
        commitments = msgspec.structs.replace(self.honest.candidate.commitments, **{name: said})
        return replace(self.honest, candidate=CommittedCandidateReceipt(self.honest.candidate.descriptor, commitments))

    def _inherent(self, name: str, fault: Fault) -> Collation:
        down, across = self.inherent.downward_messages, self.inherent.horizontal_messages
        if name == "sender":
            return self.with_inherent(horizontal_messages={**across, 2999: (InboundHrmpMessage(1, b"\0"),)})
        if name == "downward" and down:
            first = InboundDownwardMessage(down[0].sent_at, down[0].msg + b"!")
            return self.with_inherent(downward_messages=(first, *down[1:]))
        if name == "no_downward" and down:
            return self.with_inherent(downward_messages=())
        if name == "horizontal" and across:
            sender, pages = next(iter(across.items()))
            first_page = InboundHrmpMessage(pages[0].sent_at, pages[0].data + b"!")
            return self.with_inherent(horizontal_messages={**across, sender: (first_page, *pages[1:])})
        raise cannot(fault, "no message waits")


def bent(chunks: Sequence[bytes]) -> list[bytes]:
    """Chunks that are not of one codeword: every one but the first is changed."""
    return [chunks[0], *(bytes([chunk[0] ^ 0xFF]) + chunk[1:] for chunk in chunks[1:])]


def _other(old: object, fault: Fault) -> object:
    """The value that the fault names, or the old one with its first byte changed."""
    if isinstance(fault.value, str):
        return bytes.fromhex(fault.value.removeprefix("0x"))
    if fault.value is not None:
        return fault.value
    if isinstance(old, bytes):
        return bytes([old[0] ^ 0xFF]) + old[1:]
    if isinstance(old, int):
        return old + 1
    raise cannot(fault, f"{fault.path} cannot be changed")


def cannot(fault: Fault, why: str) -> FaultError:
    return FaultError("FaultNotTriggered", f"{fault}: {why}")


__all__ = ["Workshop", "bent", "cannot"]
