"""The hash functions of the chain: unkeyed BLAKE2b and xxHash64. Source: spec/substrate.md §2."""

from hashlib import blake2b

from xxhash import xxh64_digest


def blake2_128(data: bytes) -> bytes:
    """BLAKE2b with a 16-byte digest."""
    return blake2b(data, digest_size=16).digest()


def blake2_256(data: bytes) -> bytes:
    """BLAKE2b with a 32-byte digest: blocks, extrinsics, trie nodes, ECDSA accounts."""
    return blake2b(data, digest_size=32).digest()


def blake2_512(data: bytes) -> bytes:
    """BLAKE2b with a 64-byte digest: SS58 checksums, deterministic nonces."""
    return blake2b(data).digest()


# xxhash gives each 8-byte word big-endian; Substrate writes it little-endian.


def twox_64(data: bytes) -> bytes:
    """xxHash64 with seed 0, little-endian. Not cryptographic: for keys that nobody can choose."""
    return xxh64_digest(data, 0)[::-1]


def twox_128(data: bytes) -> bytes:
    """Two words of xxHash64, seeds 0 and 1: the names of pallets and items in storage keys."""
    return xxh64_digest(data, 0)[::-1] + xxh64_digest(data, 1)[::-1]


def twox_256(data: bytes) -> bytes:
    """Four words of xxHash64, seeds 0 to 3."""
    return b"".join(xxh64_digest(data, seed)[::-1] for seed in range(4))
