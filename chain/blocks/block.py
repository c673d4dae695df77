"""A block: header and opaque extrinsics. Source: spec/substrate.md §4, spec/relay.md §4.1."""

from chain.primitives.header import Header
from chain.scale import Struct, codec_of
from chain.scale.types import Bytes, Vec
from chain.trie import ordered_root


class Block(Struct):
    """Header and body; each extrinsic is its whole encoding **without** the length prefix (the Vec adds it)."""

    header: Header
    extrinsics: Vec[Bytes]


BLOCK = codec_of(Block)


def extrinsics_root(raw: list[bytes]) -> bytes:
    """Root over the extrinsics with their length prefixes; state version 0, whatever the runtime's is."""
    return ordered_root(raw)
