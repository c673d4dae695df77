"""Chunks of available data: handing them out, and putting the data together again. Source: spec/relay.md §4.7, §8.6."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chain.crypto.hashing import blake2_256
from chain.primitives.validation import VALIDATION_DATA
from chain.relay.availability_types import AVAILABLE_DATA, AvailableData, ErasureChunk
from chain.relay.candidate import CommittedCandidateReceipt
from chain.relay.erasure import branches, check_branch, decode, encode, erasure_root, unpad
from chain.relay.errors import ErasureError, RecoveryError
from chain.relay.thresholds import recovery_threshold

Ask = Callable[[int], ErasureChunk | None]
"""What a validator answers when its chunk is asked for; None is no answer."""


def chunks_of(data: AvailableData, n: int) -> list[ErasureChunk]:
    """Validator i's chunk with its proof, for each i."""
    return with_proofs(encode(AVAILABLE_DATA.encode(data), n))


def with_proofs(chunks: Sequence[bytes]) -> list[ErasureChunk]:
    """Each chunk with the way from the root of them all."""
    _, proofs = branches(chunks)
    return [ErasureChunk(chunk, index, tuple(proofs[index])) for index, chunk in enumerate(chunks)]


def check_chunk(root: bytes, chunk: ErasureChunk, index: int) -> None:
    """May validator `index` store it, may a checker use it; raises `Erasure.InvalidBranchProof` and its like."""
    if chunk.index != index:
        raise ErasureError("InvalidBranchProof", f"the chunk is validator {chunk.index}'s")
    check_branch(root, chunk.proof, index, chunk.chunk)


@dataclass(frozen=True)
class Recovered:
    """The data, and who gave bad chunks on the way."""

    data: AvailableData
    bad: tuple[tuple[int, ErasureError], ...]


def asking_order(candidate_hash: bytes, n: int) -> list[int]:
    """In which order validators are asked for chunks of a candidate."""
    return sorted(range(n), key=lambda i: blake2_256(b"recover" + candidate_hash + i.to_bytes(4, "little")))


def recover(candidate: CommittedCandidateReceipt, n: int, ask: Ask) -> Recovered:
    """The available data from any f + 1 good chunks.

    Raises `Recovery.Unavailable` with fewer of them, and `Recovery.Invalid` where the data is not what the descriptor
    names: the proof that whoever encoded it lied.
    """
    descriptor, needed = candidate.descriptor, recovery_threshold(n)
    good: dict[int, bytes] = {}
    bad: list[tuple[int, ErasureError]] = []
    for index in asking_order(candidate.hash, n):
        chunk = ask(index)
        if chunk is None:
            continue
        try:
            check_chunk(descriptor.erasure_root, chunk, index)
        except ErasureError as error:
            bad.append((index, error))
            continue
        good[index] = chunk.chunk
        if len(good) == needed:
            break
    try:
        padded = decode(good, n)
    except ErasureError as error:
        kind = "Unavailable" if error.kind == "NotEnoughChunks" else "Invalid"
        raise RecoveryError(kind, str(error)) from None
    return Recovered(_checked(candidate, padded, n), tuple(bad))


def _checked(candidate: CommittedCandidateReceipt, padded: bytes, n: int) -> AvailableData:
    """The data, encoded again and compared with what the descriptor names."""
    descriptor = candidate.descriptor
    try:
        encoded = unpad(padded)
        data: AvailableData = AVAILABLE_DATA.decode(encoded)
    except ErasureError as error:
        raise RecoveryError("Invalid", str(error)) from None
    if erasure_root(encode(encoded, n)) != descriptor.erasure_root:
        raise RecoveryError("Invalid", "the chunks are not of one codeword")
    if data.pov.hash != descriptor.pov_hash:
        raise RecoveryError("Invalid", "it is another PoV")
    if blake2_256(VALIDATION_DATA.encode(data.validation_data)) != descriptor.persisted_validation_data_hash:
        raise RecoveryError("Invalid", "it is other validation data")
    return data
