"""What keeps a candidate's data at hand: the data, its chunks, and who says to hold one. Source: spec/relay.md §4.7.

The order of the fields is SCALE's.
"""

from chain.primitives.validation import PersistedValidationData
from chain.relay.bits import BitVec
from chain.relay.block_data import PoV
from chain.relay.candidate import Bytes64
from chain.scale import Struct, codec_of
from chain.scale.types import Bytes, Vec, u32


class AvailableData(Struct):
    """What the chunks hold together (§4.7)."""

    pov: PoV
    validation_data: PersistedValidationData


AVAILABLE_DATA = codec_of(AvailableData)


class SignedBitfield(Struct):
    """What a validator holds chunks of, one bit a core."""

    payload: BitVec
    validator_index: u32
    signature: Bytes64


class ErasureChunk(Struct):
    """A validator's part of the available data, and the trie nodes that lead to it (§4.7)."""

    chunk: Bytes
    index: u32
    proof: Vec[Bytes]
CHUNK = codec_of(ErasureChunk)
