"""What turns an encoded key into its part of a storage key. Source: spec/substrate.md §2."""

from collections.abc import Callable
from dataclasses import dataclass

from chain.crypto.hashing import blake2_128, blake2_256, twox_64, twox_128, twox_256


@dataclass(frozen=True, slots=True)
class Hasher:
    """One of the seven hashers of FRAME storage maps: call it with a SCALE-encoded key.

    `index` is its number in the metadata, `size` the bytes of digest at the start of its output and
    `keeps_key` whether the key itself follows them. `hash` is the function behind the call.
    """

    name: str
    index: int
    size: int
    keeps_key: bool
    hash: Callable[[bytes], bytes]

    def __call__(self, key: bytes) -> bytes:
        return self.hash(key)

    def tail(self, data: bytes) -> bytes:
        """The encoded key (and all that follows it) inside `data`, which begins with this hasher's output.

        Raises ValueError when the hasher doesn't keep its key, or `data` is shorter than the digest.
        """
        if not self.keeps_key:
            raise ValueError(f"{self.name} doesn't keep its key, so a storage key can't be read back")
        if len(data) < self.size:
            raise ValueError(f"{self.name} writes {self.size} bytes of digest, and {len(data)} are here")
        return data[self.size :]

    def __repr__(self) -> str:
        return self.name


def _blake2_128_concat(key: bytes) -> bytes:
    return blake2_128(key) + key


def _twox_64_concat(key: bytes) -> bytes:
    return twox_64(key) + key


def _identity(key: bytes) -> bytes:
    return key


Blake2_128 = Hasher("Blake2_128", 0, 16, False, blake2_128)
Blake2_256 = Hasher("Blake2_256", 1, 32, False, blake2_256)
Blake2_128Concat = Hasher("Blake2_128Concat", 2, 16, True, _blake2_128_concat)
Twox128 = Hasher("Twox128", 3, 16, False, twox_128)
Twox256 = Hasher("Twox256", 4, 32, False, twox_256)
Twox64Concat = Hasher("Twox64Concat", 5, 8, True, _twox_64_concat)
Identity = Hasher("Identity", 6, 0, True, _identity)

HASHERS = {
    hasher.name: hasher
    for hasher in (Blake2_128, Blake2_256, Blake2_128Concat, Twox128, Twox256, Twox64Concat, Identity)
}
"""The hashers by name, in the order of their metadata index."""


def storage_prefix(pallet: str, item: str) -> bytes:
    """The 32 bytes that the storage keys of an item begin with; the whole key, if it is a plain value."""
    return twox_128(pallet.encode()) + twox_128(item.encode())
