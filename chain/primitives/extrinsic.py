"""Extrinsics, version 4, with the signed extensions of the live runtime. Source: spec/substrate.md §5."""

from dataclasses import dataclass
from typing import NamedTuple

from chain.crypto.hashing import blake2_256
from chain.scale import ACCOUNT_ID, BYTES, ERA, MULTI_SIGNATURE, U32, U128, CompactOf, DecodeError, Era

BARE, SIGNED = 0x04, 0x84
HASHED_ABOVE = 256  # a longer message is signed by its hash

_NONCE, _TIP = CompactOf(U32), CompactOf(U128)


class SignedBy(NamedTuple):
    """Who signed an extrinsic, and what they signed besides the call. `scheme` is the index in MultiSignature."""

    account: bytes
    scheme: int
    signature: bytes
    era: Era
    nonce: int
    tip: int
    extra: bytes


class Extrinsic:
    """A call on its way into a block: the opaque bytes, and what can be read without knowing the runtime.

    `raw` is the whole extrinsic, length prefix included; its length is what fees are taken for. Equal bytes are equal
    extrinsics.
    """

    __slots__ = ("_hash", "call", "raw", "signed")

    def __init__(self, raw: bytes, call: bytes, signed: SignedBy | None) -> None:
        self.raw, self.call, self.signed = raw, call, signed
        self._hash: bytes | None = None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Extrinsic) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    @property
    def hash(self) -> bytes:
        """BLAKE2b-256 of the whole; made once."""
        if self._hash is None:
            self._hash = blake2_256(self.raw)
        return self._hash

    @classmethod
    def decode(cls, raw: bytes) -> "Extrinsic":
        """Read a whole extrinsic.

        Raises `DecodeError` for anything but one of version 4, bare or signed. The call stays bytes.
        """
        body = BYTES.decode(raw)
        if not body:
            raise DecodeError("an extrinsic of no bytes")
        if body[0] == BARE:
            return cls(raw, body[1:], None)
        if body[0] != SIGNED:
            raise DecodeError(f"extrinsic version byte {body[0]:#04x}: only 0x04 (bare) and 0x84 (signed) exist")
        account, at = ACCOUNT_ID.read(body, 1)
        _, start = MULTI_SIGNATURE.read(body, at)
        era, at = ERA.read(body, start)
        nonce, at = _NONCE.read(body, at)
        tip, at = _TIP.read(body, at)
        by = SignedBy(account, body[33], body[34:start], era, nonce, tip, body[start:at])
        return cls(raw, body[at:], by)

    @classmethod
    def bare(cls, call: bytes) -> "Extrinsic":
        """An inherent."""
        return cls(BYTES.encode(bytes([BARE]) + call), call, None)

    @classmethod
    def sign(cls, call: bytes, by: SignedBy) -> "Extrinsic":
        """The signed extrinsic of `call`; `by` holds the finished signature."""
        body = bytes([SIGNED]) + by.account + bytes([by.scheme]) + by.signature + by.extra + call
        return cls(BYTES.encode(body), call, by)


@dataclass(frozen=True, slots=True)
class SigningContext:
    """What a signature covers implicitly: versions, chain, and the block at which its era was born."""

    spec_version: int
    transaction_version: int
    genesis_hash: bytes

    def payload(self, call: bytes, extra: bytes, birth_hash: bytes) -> bytes:
        """The message before it is signed; above 256 bytes its hash is signed instead."""
        versions = self.spec_version.to_bytes(4, "little") + self.transaction_version.to_bytes(4, "little")
        return call + extra + versions + self.genesis_hash + birth_hash

    def message(self, call: bytes, extra: bytes, birth_hash: bytes) -> bytes:
        """The bytes that are signed."""
        payload = self.payload(call, extra, birth_hash)
        return blake2_256(payload) if len(payload) > HASHED_ABOVE else payload


def extra_bytes(era: Era, nonce: int, tip: int) -> bytes:
    """The signed extensions' part of an extrinsic: era, nonce, tip."""
    return ERA.encode(era) + _NONCE.encode(nonce) + _TIP.encode(tip)
