"""Deterministic sr25519 signatures, for bytes that a hash covers. Source: spec/relay.md §3.2.

Schnorrkel mixes fresh randomness into every signature; here the nonce is a hash of the secret nonce and the
message. Every ordinary verifier accepts the result. The arithmetic isn't constant-time: these are keys of a
local chain.
"""

import contextlib
import sys
from functools import cache
from pathlib import Path
from typing import Any

from chain.crypto.hashing import blake2_512
from chain.crypto.transcript import Transcript

ORDER = 2**252 + 27742317777372353535851937790883648493
"""ℓ, the order of the ristretto255 group."""

_MARK = 1 << 255
"""The top bit of the last byte says that a signature is schnorrkel's."""


def sign_deterministic(secret: bytes, public: bytes, message: bytes) -> bytes:
    """The 64-byte sr25519 signature of `message` in the signing context `substrate`.

    `secret` is the expanded key of 64 bytes: the scalar and the secret nonce, as schnorrkel writes them. The
    signature's nonce is BLAKE2b-512(secret nonce ‖ message ‖ public key) mod ℓ. Raises ValueError when a key
    has another length.
    """
    if len(secret) != 64 or len(public) != 32:
        raise ValueError(f"sr25519 keys have 64 and 32 bytes, not {len(secret)} and {len(public)}")
    scalar = int.from_bytes(secret[:32], "little")
    nonce = int.from_bytes(blake2_512(secret[32:] + message + public), "little") % ORDER
    commitment: bytes = _rbcl().crypto_scalarmult_ristretto255_base(nonce.to_bytes(32, "little"))

    transcript = _signing_context().copy()
    transcript.append(b"sign-bytes", message)
    transcript.append(b"proto-name", b"Schnorr-sig")
    transcript.append(b"sign:pk", public)
    transcript.append(b"sign:R", commitment)
    challenge = int.from_bytes(transcript.challenge(b"sign:c", 64), "little")

    answer = (challenge * scalar + nonce) % ORDER
    return commitment + (answer | _MARK).to_bytes(32, "little")


@cache
def _signing_context() -> Transcript:
    transcript = Transcript(b"SigningContext")
    transcript.append(b"", b"substrate")
    return transcript


@cache
def _rbcl() -> Any:
    import rbcl

    # rbcl unpacks its shared library of 2.8 MB into a temporary file at every import and leaves it there;
    # once loaded it can go (except on Windows, which keeps open files).
    unpacked = getattr(sys.modules.get("rbcl._sodium"), "lib_path", None)
    if unpacked is not None:
        with contextlib.suppress(OSError):
            Path(unpacked).unlink()
    return rbcl
