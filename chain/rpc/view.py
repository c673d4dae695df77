"""The chain as methods read it: headers, bodies and states by block hash."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chain.blocks.errors import BadExtrinsic
from chain.blocks.execute import decode_extrinsics
from chain.crypto.keys import Keypair
from chain.frame import Environment, Runtime
from chain.node.errors import NodeError
from chain.node.service import Node
from chain.primitives.header import Header
from chain.rpc.errors import unknown_block
from chain.rpc.kept import Kept
from chain.state import Overlay
from chain.trie import Trie


@dataclass(frozen=True)
class Facts:
    """What a node says of itself. `sudo` is the key that `dev_*` methods sign with, if the chain has one."""

    chain: str
    version: str
    chain_type: str = "Development"
    name: str = "basilisk"
    properties: Mapping[str, Any] = field(
        default_factory=lambda: {"ss58Format": 10041, "tokenDecimals": 12, "tokenSymbol": "BSX"}
    )
    sudo: Keypair | None = None


class View:
    """Reads a node. Every `at` is a block hash; `None` means the best block.

    Blocks that were left behind by a revert can still be read by their hashes. Final is what the relay chain has made
    final; as long as it has said nothing, an included block counts as final.
    """

    def __init__(self, node: Node, facts: Facts) -> None:
        self.node, self.facts = node, facts
        self._headers: Kept[bytes, Header] = Kept(4_096)
        self._bodies: Kept[bytes, list[bytes]] = Kept(64)
        self._tries: Kept[bytes, Trie] = Kept(16)
        self.finalized = self.final_now()
        """The final block that clients know of."""

    @property
    def runtime(self) -> Runtime:
        return self.node.runtime

    @property
    def best(self) -> Header:
        return self.node.best

    @property
    def best_hash(self) -> bytes:
        return self.node.best.hash

    def final_now(self) -> Header:
        """The final block as the relay chain has it."""
        return self.best if self.node.finalized is None else self.header(self.node.finalized)

    # -- blocks --------------------------------------------------------------------------------------------------

    def hash_of(self, number: int) -> bytes | None:
        return self.node.archive.hash_of(number)

    def find(self, block: bytes | None) -> Header | None:
        """A header; `None` for a block that is not here."""
        if block is None:
            return self.best
        header = self._headers.get(block)
        if header is None:
            try:
                header = self.node.header(block)
            except NodeError:
                return None
            self._headers.put(block, header)
        return header

    def header(self, block: bytes | None) -> Header:
        """Raises `RpcError` 4003 for a block that is not here."""
        header = self.find(block)
        if header is None:
            raise unknown_block(block or b"")
        return header

    def body(self, block: bytes) -> list[bytes]:
        """The extrinsics of a block with their length prefixes."""
        found = self._bodies.get(block)
        if found is None:
            self.header(block)
            record = self.node.record(block)
            try:
                found = [] if record is None else [each.raw for each in decode_extrinsics(record.block)]
            except BadExtrinsic as error:
                raise AssertionError(f"a stored block is damaged: {error}") from None
            self._bodies.put(block, found)
        return found

    def ancestry(self, last: Header, most: int, above: int = -1) -> list[Header]:
        """At most so many blocks up to `last`, oldest first, all of them higher than `above`."""
        found: list[Header] = []
        header: Header = last
        while header.number > above and len(found) < most:
            found.append(header)
            if header.number == 0:
                break
            header = self.header(header.parent_hash)
        return found[::-1]

    def on_chain(self, header: Header) -> bool:
        """Whether a block is the best one or an ancestor of it."""
        return self.hash_of(header.number) == header.hash

    def descends(self, header: Header, ancestor: Header) -> bool:
        """Whether `ancestor` is the block itself or comes before it. Raises `RpcError` 4003."""
        while header.number > ancestor.number and not self.on_chain(header):
            header = self.header(header.parent_hash)
        if self.on_chain(header):
            return self.on_chain(ancestor) and ancestor.number <= header.number
        return header.hash == ancestor.hash

    # -- states --------------------------------------------------------------------------------------------------

    def trie(self, block: bytes | None) -> Trie:
        """The raw state after a block. Raises `RpcError` 4003."""
        return self.trie_at(self.header(block).state_root)

    def trie_at(self, root: bytes) -> Trie:
        trie = self._tries.get(root)
        if trie is None:
            trie = Trie(self.node.nodes, root, self.runtime.state_version)
            self._tries.put(root, trie)
        return trie

    def state(self, block: bytes | None) -> Environment:
        """The pallets over the state after a block. Raises `RpcError` 4003."""
        return self.runtime.open(Overlay(self.trie(block)))
