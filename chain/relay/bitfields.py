"""Bitfields: which chunks validators say they hold. Source: spec/relay.md §3, §8.3."""

from collections.abc import Collection

from chain.blocks.seal import SR25519
from chain.crypto.keys import Keypair, verify
from chain.primitives.header import Header
from chain.relay.availability_types import SignedBitfield
from chain.relay.errors import BadBit, InclusionError
from chain.relay.payloads import bitfield_payload
from chain.relay.validators import ValidatorSet


def sign_bitfield(bits: tuple[bool, ...], index: int, key: Keypair, session: int, parent: bytes) -> SignedBitfield:
    """Validator `index` says it, on top of relay block `parent`."""
    return SignedBitfield(bits, index, key.sign(bitfield_payload(bits, session, parent)))


def check_bitfield(
    validators: ValidatorSet, parent: Header, bitfield: SignedBitfield, last: int | None, freed: Collection[int]
) -> None:
    """May this bitfield stand in the block on `parent`; raises `InclusionError` at the first no.

    `last` is the validator of the one before it, `freed` the cores whose candidates were disputed away in this block.
    """
    index = bitfield.validator_index
    if len(bitfield.payload) != validators.cores:
        raise InclusionError("WrongBitfieldSize", f"{len(bitfield.payload)} bits for {validators.cores} cores")
    if last is not None and index <= last:
        raise InclusionError("BitfieldDuplicateOrUnordered", f"validator {index} after {last}")
    if index >= len(validators.publics):
        raise InclusionError("ValidatorIndexOutOfBounds", f"there are {len(validators.publics)}")
    payload = bitfield_payload(bitfield.payload, validators.session_at(parent.number + 1), parent.hash)
    if not verify(SR25519, bitfield.signature, payload, validators.publics[index]):
        raise BadBit(detail=f"the signature is not validator {index}'s on this parent")
    for core in sorted(freed):
        if bitfield.payload[core]:
            raise InclusionError("BitfieldReferencesFreedCore", f"core {core}")
    if not any(bitfield.payload):
        raise InclusionError("BitfieldAllZeros", f"validator {index}")
