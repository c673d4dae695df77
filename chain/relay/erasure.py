"""The erasure code and the chunks' proofs. Source: spec/relay.md §4.7, §4.8.

Systematic Reed–Solomon over GF(2^8), polynomial 0x11d: k = f + 1 data chunks, n − k parity chunks with Cauchy
coefficients. A chunk is one big integer to XOR, and a multiplication by a constant is a `bytes.translate`.
"""

from collections.abc import Mapping, Sequence
from functools import cache

from chain.crypto.hashing import blake2_256
from chain.relay.availability_types import AVAILABLE_DATA
from chain.relay.errors import ErasureError
from chain.relay.thresholds import recovery_threshold
from chain.scale import DecodeError
from chain.trie import MemoryStore, ProofStore, Trie, TrieError, prove

MAX_VALIDATORS = 255
MAX_PROOF_NODES = 8
_POLYNOMIAL = 0x11D


def _tables() -> tuple[bytes, bytes]:
    power, powers, logs = 1, bytearray(510), bytearray(256)
    for exponent in range(255):
        powers[exponent] = powers[exponent + 255] = power
        logs[power] = exponent
        power = power << 1 ^ (_POLYNOMIAL if power & 0x80 else 0)
    return bytes(powers), bytes(logs)


_EXP, _LOG = _tables()


def multiply(a: int, b: int) -> int:
    """a · b in the field."""
    return _EXP[_LOG[a] + _LOG[b]] if a and b else 0


def invert(a: int) -> int:
    """1 / a in the field; a is not zero."""
    return _EXP[255 - _LOG[a]]


@cache
def _row(factor: int) -> bytes:
    """The table that multiplies a byte by `factor`."""
    return bytes(multiply(factor, byte) for byte in range(256))


def _combine(factors: Sequence[int], chunks: Sequence[bytes]) -> bytes:
    """The sum of factor · chunk."""
    total = 0
    for factor, chunk in zip(factors, chunks, strict=True):
        total ^= int.from_bytes(chunk.translate(_row(factor)), "little")
    return total.to_bytes(len(chunks[0]), "little")


def _data_chunks(n: int) -> int:
    """k, of n chunks."""
    if not 1 <= n <= MAX_VALIDATORS:
        raise ErasureError("TooManyValidators", f"{n} validators; 1 to {MAX_VALIDATORS} are possible")
    return recovery_threshold(n)


def _parity_row(row: int, k: int) -> list[int]:
    return [invert((k + row) ^ column) for column in range(k)]


def encode(data: bytes, n: int) -> list[bytes]:
    """The n chunks of `data`: k parts, zero padded, and n − k of parity.

    Raises `Erasure.TooManyValidators`, `Erasure.BadPayload` (nothing to encode).
    """
    k = _data_chunks(n)
    if not data:
        raise ErasureError("BadPayload", "no data")
    size = -(-len(data) // k)
    padded = data.ljust(size * k, b"\0")
    parts = [padded[i * size : (i + 1) * size] for i in range(k)]
    return parts + [_combine(_parity_row(row, k), parts) for row in range(n - k)]


def decode(chunks: Mapping[int, bytes], n: int) -> bytes:
    """The data (with its padding) from any k chunks by index.

    Raises `Erasure.TooManyValidators`, `Erasure.ChunkIndexOutOfBounds`, `Erasure.NotEnoughChunks`,
    `Erasure.NonUniformChunks`.
    """
    k = _data_chunks(n)
    if any(not 0 <= index < n for index in chunks):
        raise ErasureError("ChunkIndexOutOfBounds")
    if len(chunks) < k:
        raise ErasureError("NotEnoughChunks", f"{len(chunks)} of {k}")
    if len({len(chunk) for chunk in chunks.values()}) != 1:
        raise ErasureError("NonUniformChunks")
    chosen = sorted(chunks)[:k]
    if chosen == list(range(k)):
        return b"".join(chunks[index] for index in chosen)
    rows = [
        [int(column == index) for column in range(k)] if index < k else _parity_row(index - k, k)
        for index in chosen
    ]
    known = [chunks[index] for index in chosen]
    return b"".join(_combine(row, known) for row in _inverse(rows))


def _inverse(matrix: list[list[int]]) -> list[list[int]]:
    """The inverse of a square matrix over the field (Gauss–Jordan; a Cauchy matrix always has one)."""
    k = len(matrix)
    rows = [[*row, *(int(i == j) for j in range(k))] for i, row in enumerate(matrix)]
    for column in range(k):
        pivot = next(i for i in range(column, k) if rows[i][column])
        rows[column], rows[pivot] = rows[pivot], rows[column]
        scale = invert(rows[column][column])
        rows[column] = [multiply(scale, value) for value in rows[column]]
        for i in range(k):
            factor = rows[i][column]
            if i != column and factor:
                rows[i] = [
                    value ^ multiply(factor, own) for value, own in zip(rows[i], rows[column], strict=True)
                ]
    return [row[k:] for row in rows]


def unpad(padded: bytes) -> bytes:
    """Encoded AvailableData without the zeros behind it; raises `Erasure.BadPayload`."""
    try:
        _, end = AVAILABLE_DATA.read(padded, 0)
    except DecodeError as error:
        raise ErasureError("BadPayload", str(error)) from None
    if any(padded[end:]):
        raise ErasureError("BadPayload", "the padding is not zero")
    return padded[:end]


def _key(index: int) -> bytes:
    return index.to_bytes(4, "little")


def _chunk_trie(chunks: Sequence[bytes]) -> tuple[bytes, MemoryStore]:
    store = MemoryStore()
    trie = Trie(store, version=0)
    update = trie.update({_key(index): blake2_256(chunk) for index, chunk in enumerate(chunks)})
    store.nodes.update(update.nodes)
    return update.root, store


def erasure_root(chunks: Sequence[bytes]) -> bytes:
    """The root of the trie of chunk hashes, by index."""
    return _chunk_trie(chunks)[0]


def branches(chunks: Sequence[bytes]) -> tuple[bytes, list[list[bytes]]]:
    """The root, and for each chunk the trie nodes that lead to it."""
    root, store = _chunk_trie(chunks)
    return root, [prove(store, root, [_key(index)], 0) for index in range(len(chunks))]


def check_branch(root: bytes, proof: Sequence[bytes], index: int, chunk: bytes) -> None:
    """Raises `Erasure.InvalidBranchProof` unless `proof` leads from `root` to this chunk at this index."""
    if len(proof) > MAX_PROOF_NODES:
        raise ErasureError("InvalidBranchProof", f"{len(proof)} nodes")
    try:
        found = Trie(ProofStore(proof), root, 0).get(_key(index))
    except TrieError as error:
        raise ErasureError("InvalidBranchProof", str(error)) from None
    if found is None:
        raise ErasureError("BranchOutOfBounds", f"no chunk {index}")
    if found != blake2_256(chunk):
        raise ErasureError("InvalidBranchProof", f"chunk {index} is another")
