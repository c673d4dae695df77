"""Votes that make a relay block final: approvals of its candidates, and precommits. Source: spec/relay.md §11.

The order of the fields is SCALE's.
"""

from chain.primitives.header import Header
from chain.relay.candidate import Bytes64, Public
from chain.scale import Struct, codec_of
from chain.scale.types import H256, Vec, u32, u64


class ApprovalVote(Struct):
    """A checker's word that it recovered a candidate and found it valid. No signature of it is hashed anywhere."""

    block_hash: H256
    candidate_index: u32
    validator: u32
    signature: Bytes64


class Precommit(Struct):
    """A vote for a relay block and all its ancestors (§11)."""

    target_hash: H256
    target_number: u32


class SignedPrecommit(Struct):
    precommit: Precommit
    signature: Bytes64
    id: Public


class Justification(Struct):
    """At least n − f precommits for one relay block or its descendants: it is final."""

    round: u64
    target_hash: H256
    target_number: u32
    precommits: Vec[SignedPrecommit]
    ancestry: Vec[Header]
JUSTIFICATION = codec_of(Justification)
