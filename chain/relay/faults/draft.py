"""A candidate on a dishonest collator's bench: one thing is changed, all hashes and signatures around it are right."""

from dataclasses import dataclass, replace

import msgspec

from chain.blocks.block import extrinsics_root
from chain.blocks.seal import seal_header
from chain.crypto.hashing import blake2_256
from chain.crypto.keys import Keypair
from chain.primitives.header import HEADER, Header
from chain.primitives.validation import VALIDATION_DATA, ParachainInherentData, PersistedValidationData
from chain.relay.block_data import BLOCK_DATA, ParachainBlockData, PoV, decode_block_data
from chain.relay.candidate import CandidateCommitments, CandidateDescriptor, CommittedCandidateReceipt
from chain.relay.collator import Collation, erasure_root_of
from chain.relay.inherents import SET_TIMESTAMP, SET_VALIDATION_DATA, read_timestamp, read_validation_data
from chain.relay.payloads import collator_payload
from chain.scale import BYTES, U64, CompactOf, codec_of

_INHERENT = codec_of(ParachainInherentData)
_MOMENT = CompactOf(U64)


@dataclass(frozen=True)
class Draft:
    """A candidate as it stands, with the key of its collator and the number of validators that get chunks."""

    collation: Collation
    author: Keypair
    validators: int

    # -- reading ---------------------------------------------------------------------------------------------------

    @property
    def data(self) -> ParachainBlockData:
        return decode_block_data(self.collation.pov.block_data)

    @property
    def body(self) -> tuple[bytes, ...]:
        return tuple(self.data.extrinsics)

    @property
    def inherent(self) -> ParachainInherentData:
        return read_validation_data(self.data.extrinsics)

    @property
    def timestamp(self) -> int:
        return read_timestamp(self.data.extrinsics) or 0

    @property
    def descriptor(self) -> CandidateDescriptor:
        return self.collation.candidate.descriptor

    @property
    def commitments(self) -> CandidateCommitments:
        return self.collation.candidate.commitments

    # -- putting together again ------------------------------------------------------------------------------------

    def described(self, descriptor: CandidateDescriptor, key: Keypair | None = None) -> "Draft":
        """Another descriptor, signed anew; `key` signs, the collator's if left out."""
        signature = (key or self.author).sign(collator_payload(descriptor))
        return self.claiming(msgspec.structs.replace(descriptor, signature=signature))

    def claiming(self, descriptor: CandidateDescriptor) -> "Draft":
        """Another descriptor, with the signature that it has."""
        candidate = CommittedCandidateReceipt(descriptor, self.commitments)
        return replace(self, collation=replace(self.collation, candidate=candidate))

    def committing(self, commitments: CandidateCommitments) -> "Draft":
        """Other commitments; nothing that the collator signs covers them."""
        candidate = CommittedCandidateReceipt(self.descriptor, commitments)
        return replace(self, collation=replace(self.collation, candidate=candidate))

    def proved(self, pov: PoV, head: bytes | None = None) -> "Draft":
        """Another PoV, and with `head` another head: hashes, erasure root and signature follow."""
        collation, head_data = self.collation, self.commitments.head_data if head is None else head
        commitments = msgspec.structs.replace(self.commitments, head_data=head_data)
        candidate = CommittedCandidateReceipt(self.descriptor, commitments)
        descriptor = msgspec.structs.replace(
            self.descriptor,
            pov_hash=pov.hash,
            erasure_root=erasure_root_of(pov, collation.validation_data, self.validators),
            para_head=blake2_256(head_data),
        )
        return replace(self, collation=replace(collation, candidate=candidate, pov=pov)).described(descriptor)

    def holding(self, data: ParachainBlockData) -> "Draft":
        """Other block data."""
        return self.proved(PoV(BLOCK_DATA.encode(data)), HEADER.encode(data.header))

    def headed(self, header: Header, body: tuple[bytes, ...] | None = None) -> "Draft":
        """Another header, sealed anew."""
        data, sealed = self.data, seal_header(header.unsealed(), self.author)
        return self.holding(ParachainBlockData(sealed, data.extrinsics if body is None else body, data.proof))

    def bodied(self, body: tuple[bytes, ...]) -> "Draft":
        """Another body under a header that fits it, but for the state."""
        root = extrinsics_root([BYTES.encode(extrinsic) for extrinsic in body])
        return self.headed(msgspec.structs.replace(self.data.header, extrinsics_root=root), body)

    def told(self, inherent: ParachainInherentData) -> "Draft":
        """Other validation data in the body."""
        return self._swapped(SET_VALIDATION_DATA, SET_VALIDATION_DATA + _INHERENT.encode(inherent))

    def timed(self, moment: int) -> "Draft":
        """Another time in the body."""
        return self._swapped(SET_TIMESTAMP, SET_TIMESTAMP + _MOMENT.encode(moment))

    def standing_on(self, data: PersistedValidationData) -> "Draft":
        """Other validation data beside the block, which is left as it is."""
        named = blake2_256(VALIDATION_DATA.encode(data))
        root = erasure_root_of(self.collation.pov, data, self.validators)
        descriptor = msgspec.structs.replace(self.descriptor, persisted_validation_data_hash=named, erasure_root=root)
        return replace(self, collation=replace(self.collation, validation_data=data)).described(descriptor)

    def _swapped(self, start: bytes, by: bytes) -> "Draft":
        return self.bodied(tuple(by if body[:3] == start else body for body in self.body))
