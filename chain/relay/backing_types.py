"""Words of validators for a candidate, on their way and in the relay block. Source: spec/relay.md §4.6.

The order of the fields is SCALE's.
"""

from typing import ClassVar

from chain.relay.bits import BitVec
from chain.relay.candidate import Bytes64, CommittedCandidateReceipt
from chain.scale import Enum, Struct
from chain.scale.types import H256, Vec, u32


class Statement(Enum):
    """What a group member says of a candidate (§4.6)."""


class Seconded(Statement):
    index: ClassVar[int] = 1
    positional: ClassVar[bool] = True
    candidate: CommittedCandidateReceipt


class Valid(Statement):
    index: ClassVar[int] = 2
    positional: ClassVar[bool] = True
    candidate_hash: H256


class SignedStatement(Struct):
    """A validator's word on a candidate. The signature covers `payloads.statement_payload`."""

    payload: Statement
    validator_index: u32
    signature: Bytes64


class SentStatement(Struct):
    """A statement on its way to the others, with the context that its signature claims to be made in."""

    session: u32
    relay_parent: H256
    signed: SignedStatement


class ValidityAttestation(Enum):
    """A vote as the relay block carries it."""

    signature: bytes


class Implicit(ValidityAttestation):
    """The seconder's."""

    index: ClassVar[int] = 1
    positional: ClassVar[bool] = True
    signature: Bytes64


class Explicit(ValidityAttestation):
    index: ClassVar[int] = 2
    positional: ClassVar[bool] = True
    signature: Bytes64


class BackedCandidate(Struct):
    """A candidate with the votes for it. `validator_indices` are bits within the group; votes in their order."""

    candidate: CommittedCandidateReceipt
    validity_votes: Vec[ValidityAttestation]
    validator_indices: BitVec
