"""The bytes that validators and collators sign. Source: spec/relay.md §3."""

from collections.abc import Sequence

from chain.relay.backing_types import Seconded, Statement, Valid
from chain.relay.bits import BITS
from chain.relay.candidate import CandidateDescriptor

SECONDED, VALID = 1, 2


def signing_context(session: int, parent_hash: bytes) -> bytes:
    """Session first, then the hash."""
    return session.to_bytes(4, "little") + parent_hash


def statement_payload(statement: Statement, session: int, relay_parent: bytes) -> bytes:
    """What a Seconded or Valid statement's signature covers."""
    if isinstance(statement, Seconded):
        return backing_payload(SECONDED, statement.candidate.hash, session, relay_parent)
    assert isinstance(statement, Valid)
    return backing_payload(VALID, statement.candidate_hash, session, relay_parent)


def backing_payload(kind: int, candidate_hash: bytes, session: int, relay_parent: bytes) -> bytes:
    return b"BKNG" + bytes([kind]) + candidate_hash + signing_context(session, relay_parent)


def bitfield_payload(bits: Sequence[bool], session: int, parent: bytes) -> bytes:
    """`parent` is the relay block on which the bitfield is built."""
    return BITS.encode(tuple(bits)) + signing_context(session, parent)


def approval_payload(candidate_hash: bytes, session: int) -> bytes:
    return b"APPR" + candidate_hash + session.to_bytes(4, "little")


def dispute_payload(valid: bool, candidate_hash: bytes, session: int) -> bytes:
    return b"DISP" + bytes([valid]) + candidate_hash + session.to_bytes(4, "little")


def collator_payload(descriptor: CandidateDescriptor) -> bytes:
    """132 bytes."""
    return (
        descriptor.relay_parent
        + descriptor.para_id.to_bytes(4, "little")
        + descriptor.persisted_validation_data_hash
        + descriptor.pov_hash
        + descriptor.validation_code_hash
    )


def precommit_payload(target_hash: bytes, target_number: int, round_: int, set_id: int) -> bytes:
    return (
        b"\x01"
        + target_hash
        + target_number.to_bytes(4, "little")
        + round_.to_bytes(8, "little")
        + set_id.to_bytes(8, "little")
    )

