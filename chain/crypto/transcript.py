"""Merlin transcripts, as far as a signature needs them. Source: spec/relay.md §3.2.

Merlin speaks through a STROBE-128 duplex: operations are absorbed in blocks of 166 bytes, and each full
block is closed with the position where its last operation began, STROBE's `04` and Keccak's `80`. A closed
block is just 168 bytes absorbed by Keccak, so the transcript up to its first challenge is the input of one
sponge; its end, `04 … 80`, is how cSHAKE pads; and STROBE's initial state is cSHAKE's for the customization
`STROBEv1.0.2`.
"""

from functools import cache
from typing import Any

RATE = 166
"""Bytes of data in a block: Keccak's rate of 168, less the two that STROBE ends a block with."""

META_AD = 0x12
AD = 0x02
PRF = 0x07
_CLOSE = 0x04 | 0x80


class Transcript:
    """What prover and verifier have said so far; its challenge depends on all of it."""

    __slots__ = ("_began", "_block", "_closed")

    def __init__(self, label: bytes) -> None:
        self._closed = b""  # whole blocks, of 168 bytes
        self._block = b""  # the data of the open block, of less than 166 bytes
        self._began = 0  # 1 + the position where the last operation began, 0 if that was in an earlier block
        self._operate(META_AD, b"Merlin v1.0")
        self.append(b"dom-sep", label)

    def copy(self) -> "Transcript":
        """A transcript that goes on from here by itself."""
        twin = object.__new__(Transcript)
        twin._closed, twin._block, twin._began = self._closed, self._block, self._began
        return twin

    def append(self, label: bytes, message: bytes) -> None:
        """Say `message`, under a label."""
        self._operate(META_AD, label + len(message).to_bytes(4, "little"))
        self._operate(AD, message)

    def challenge(self, label: bytes, length: int) -> bytes:
        """The challenge of `length` bytes, at most 166: the last thing that is done with a transcript."""
        if length > RATE:
            raise ValueError(f"a challenge has at most {RATE} bytes, not {length}")
        self._operate(META_AD, label + length.to_bytes(4, "little"))
        self._operate(PRF, b"")
        absorbed = self._closed
        if self._block:
            absorbed += self._block + bytes((self._began,))
        else:  # the label filled the block, which is closed already: cSHAKE writes its last byte itself
            absorbed = absorbed[:-1]
        output: bytes = _cshake128().new(absorbed, b"STROBEv1.0.2").read(length)
        return output

    def _operate(self, flags: int, data: bytes) -> None:
        """Absorb an operation: where the one before began, its flags, its data."""
        head = bytes((self._began, flags))
        self._began = len(self._block) + 1
        block = self._block + head + data
        while len(block) >= RATE:
            self._closed += block[:RATE] + bytes((self._began, _CLOSE))
            self._began = 0
            block = block[RATE:]
        self._block = block


@cache
def _cshake128() -> Any:
    from Crypto.Hash import cSHAKE128

    return cSHAKE128
