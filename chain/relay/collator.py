"""The collator: from a built block to a candidate. Source: spec/relay.md §6."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from chain.blocks.build import Built
from chain.crypto.hashing import blake2_256
from chain.crypto.keys import Keypair
from chain.pallets.parachain_system import ParachainSystem
from chain.primitives import relay_keys as keys
from chain.primitives.header import HEADER, Header
from chain.primitives.validation import (
    VALIDATION_DATA,
    ParachainInherentData,
    PersistedValidationData,
    StorageProof,
)
from chain.relay.availability_types import AVAILABLE_DATA, AvailableData
from chain.relay.block_data import BLOCK_DATA, ParachainBlockData, PoV
from chain.relay.candidate import CandidateCommitments, CandidateDescriptor, CommittedCandidateReceipt
from chain.relay.chain import STATE_VERSION, open_state
from chain.relay.erasure import encode, erasure_root
from chain.relay.inclusion import validation_data
from chain.relay.outputs import outputs_of
from chain.relay.payloads import collator_payload
from chain.relay.validators import ValidatorSet
from chain.trie import NodeStore, prove


@dataclass(frozen=True)
class RelaySnapshot:
    """All that a parachain may know of the relay chain: what its inherent carries."""

    relay_parent: Header
    inherent: ParachainInherentData

    @property
    def validation_data(self) -> PersistedValidationData:
        return self.inherent.validation_data


@dataclass(frozen=True)
class Collation:
    """A candidate with its proof of validity, as the collator sends it to the group."""

    candidate: CommittedCandidateReceipt
    pov: PoV
    validation_data: PersistedValidationData


def take_snapshot(
    validators: ValidatorSet, store: NodeStore, relay_parent: Header, para: int, more: Sequence[bytes] = ()
) -> RelaySnapshot:
    """What `para` builds on: the validation data and a proof of the relay state's entries it reads, and of `more`."""
    _, state = open_state(store, relay_parent)
    data = validation_data(state, para, relay_parent, validators.parameters)
    queues = state.queues
    proved = keys.proved(para, queues.ingress.get(para), queues.egress.get(para))
    nodes = prove(store, relay_parent.state_root, (*proved, *more), STATE_VERSION)
    inherent = ParachainInherentData(data, StorageProof(tuple(nodes)), queues.downward.get(para), queues.inbound(para))
    return RelaySnapshot(relay_parent, inherent)


def collate(
    built: Built,
    system: ParachainSystem,
    snapshot: RelaySnapshot,
    collator: Keypair,
    para: int,
    code_hash: bytes,
    validators: int,
) -> Collation:
    """The candidate of a sealed block: PoV, commitments, chunks' root, the collator's signature."""
    head_data = HEADER.encode(built.block.header)
    block = built.block
    pov = PoV(BLOCK_DATA.encode(ParachainBlockData(block.header, block.extrinsics, tuple(built.proof))))
    commitments = CandidateCommitments.of(outputs_of(system, head_data))
    data = snapshot.validation_data
    unsigned = CandidateDescriptor(
        para,
        snapshot.relay_parent.hash,
        collator.public,
        blake2_256(VALIDATION_DATA.encode(data)),
        pov.hash,
        erasure_root_of(pov, data, validators),
        bytes(64),
        blake2_256(head_data),
        code_hash,
    )
    descriptor = msgspec.structs.replace(unsigned, signature=collator.sign(collator_payload(unsigned)))
    return Collation(CommittedCandidateReceipt(descriptor, commitments), pov, data)


def erasure_root_of(pov: PoV, data: PersistedValidationData, validators: int) -> bytes:
    """The root over the chunks that `validators` validators would hold of this PoV."""
    return erasure_root(encode(AVAILABLE_DATA.encode(AvailableData(pov, data)), validators))
