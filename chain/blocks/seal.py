"""The author's seal on a header. Source: spec/substrate.md §4, spec/relay.md §3."""

from collections.abc import Sequence

from chain.crypto.keys import Keypair, verify
from chain.primitives.header import AURA, Header

SR25519 = 1


def seal_header(header: Header, author: Keypair) -> Header:
    """The header with the author's signature over its hash as last digest item.

    The signature is covered by the block hash, hence made by the deterministic signer.
    """
    return header.sealed(AURA, author.sign(header.hash))


def author_of(slot: int, authorities: Sequence[bytes]) -> bytes:
    """The key whose turn the slot is."""
    return authorities[slot % len(authorities)]


def seal_is_good(header: Header, author: bytes) -> bool:
    """Whether the last digest item is `author`'s signature over the hash of the rest."""
    seal = header.seal
    if seal is None or seal.engine != AURA or len(seal.data) != 64:
        return False
    return verify(SR25519, seal.data, header.unsealed().hash, author)
