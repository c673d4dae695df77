"""The three signature schemes of MultiSignature: keys from seeds, signing, verification.

Sources: spec/substrate.md §1 (MultiSignature), §5 (what is signed), §8 (derivation); spec/relay.md §3.

Every scheme signs deterministically. `verify` answers False for whatever isn't a valid signature, malformed
bytes included.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import cache
from typing import Any, ClassVar, NamedTuple

from chain.crypto.hashing import blake2_256
from chain.crypto.signer import sign_deterministic
from chain.crypto.suri import Junction, SuriError


class Pair(NamedTuple):
    """A public key and what signs for it: the expanded 64 bytes for sr25519, else the 32-byte seed."""

    public: bytes
    secret: bytes


class Scheme(ABC):
    """One kind of signature; `index` is its variant of MultiSignature."""

    name: ClassVar[str]
    index: ClassVar[int]

    @abstractmethod
    def derive(self, seed: bytes, junctions: Sequence[Junction]) -> Pair:
        """The key at the end of a path. Raises SuriError for a junction or a seed the scheme doesn't have."""

    @abstractmethod
    def account(self, public: bytes) -> bytes:
        """The 32-byte account id of a public key."""

    @abstractmethod
    def sign(self, pair: Pair, message: bytes) -> bytes:
        """The bare signature of a message, without the variant byte of MultiSignature."""

    @abstractmethod
    def verify(self, signature: bytes, message: bytes, account: bytes) -> bool:
        """Whether `signature` is `account`'s over `message`."""


class Ed25519(Scheme):
    """EdDSA on curve 25519; the account is the public key."""

    name = "ed25519"
    index = 0

    def derive(self, seed: bytes, junctions: Sequence[Junction]) -> Pair:
        seed = _derive_hard(b"\x2cEd25519HDKD", seed, junctions, self.name)
        public, _ = _nacl().bindings.crypto_sign_seed_keypair(seed)
        return Pair(public, seed)

    def account(self, public: bytes) -> bytes:
        return public

    def sign(self, pair: Pair, message: bytes) -> bytes:
        signed: bytes = _nacl().bindings.crypto_sign(message, pair.secret + pair.public)
        return signed[:64]

    def verify(self, signature: bytes, message: bytes, account: bytes) -> bool:
        if len(signature) != 64 or len(account) != 32:
            return False
        nacl = _nacl()
        try:
            nacl.bindings.crypto_sign_open(signature + message, account)
        except nacl.exceptions.BadSignatureError:
            return False
        return True


class Sr25519(Scheme):
    """Schnorr on ristretto255, signing context `substrate`; the account is the public key."""

    name = "sr25519"
    index = 1

    def derive(self, seed: bytes, junctions: Sequence[Junction]) -> Pair:
        sr25519 = _sr25519()
        public, secret = sr25519.pair_from_seed(seed)
        for step in junctions:
            keypair = (step.code, public, secret)
            if step.hard:
                _, public, secret = sr25519.hard_derive_keypair(keypair, b"")
            else:
                _, public, scalar_and_nonce = sr25519.derive_keypair(keypair, b"")
                # schnorrkel draws a soft key's nonce half at random; ours must sign alike in every process
                secret = scalar_and_nonce[:32] + blake2_256(b"HDKD-nonce" + secret + step.code)
        return Pair(public, secret)

    def account(self, public: bytes) -> bytes:
        return public

    def sign(self, pair: Pair, message: bytes) -> bytes:
        return sign_deterministic(pair.secret, pair.public, message)

    def verify(self, signature: bytes, message: bytes, account: bytes) -> bool:
        try:
            valid: bool = _sr25519().verify(signature, message, account)
        except ValueError:  # a length, the format's mark, a scalar or point that isn't one
            return False
        return valid


class Ecdsa(Scheme):
    """Recoverable ECDSA on secp256k1 over the BLAKE2b-256 hash of the message.

    The account is the hash of the 33-byte compressed key. Recovery ids 27 and up are read as 0 and up, as the
    live chain's host function does.
    """

    name = "ecdsa"
    index = 2

    def derive(self, seed: bytes, junctions: Sequence[Junction]) -> Pair:
        seed = _derive_hard(b"\x34Secp256k1HDKD", seed, junctions, self.name)
        try:
            return Pair(_coincurve().PrivateKey(seed).public_key.format(), seed)
        except ValueError:
            raise SuriError("the seed is no secp256k1 key: it is 0, or too large") from None

    def account(self, public: bytes) -> bytes:
        return blake2_256(public)

    def sign(self, pair: Pair, message: bytes) -> bytes:
        key = _coincurve().PrivateKey(pair.secret)
        signature: bytes = key.sign_recoverable(blake2_256(message), hasher=None)
        return signature

    def verify(self, signature: bytes, message: bytes, account: bytes) -> bool:
        if len(signature) != 65:
            return False
        if signature[64] > 26:
            signature = signature[:64] + bytes((signature[64] - 27,))
        recover = _coincurve().PublicKey.from_signature_and_message
        try:
            public: bytes = recover(signature, blake2_256(message), hasher=None).format()
        except ValueError:
            return False
        return blake2_256(public) == account


SCHEMES: dict[str, Scheme] = {scheme.name: scheme for scheme in (Ed25519(), Sr25519(), Ecdsa())}
"""The schemes by name, in the order of MultiSignature."""

_BY_INDEX = tuple(SCHEMES.values())


def verify(scheme_index: int, signature: bytes, message: bytes, account: bytes) -> bool:
    """Whether `signature`, of MultiSignature variant 0, 1 or 2, is `account`'s over `message`.

    The message is given as it is signed: if longer than 256 bytes, an extrinsic's payload is its hash
    (spec/substrate.md §5). Raises ValueError for an index that is no variant.
    """
    if not 0 <= scheme_index < len(_BY_INDEX):
        raise ValueError(f"MultiSignature has no variant {scheme_index}")
    return _BY_INDEX[scheme_index].verify(signature, message, account)


def _derive_hard(tag: bytes, seed: bytes, junctions: Sequence[Junction], name: str) -> bytes:
    """The seed at the end of a path of hard junctions; `tag` is a SCALE string."""
    for step in junctions:
        if not step.hard:
            raise SuriError(f"{name} has no soft derivation: write //name instead of /name")
        seed = blake2_256(tag + seed + step.code)
    return seed


@cache
def _sr25519() -> Any:
    import sr25519

    return sr25519


@cache
def _nacl() -> Any:
    import nacl.bindings
    import nacl.exceptions

    return nacl


@cache
def _coincurve() -> Any:
    import coincurve

    return coincurve
