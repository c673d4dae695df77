"""Importing a relay chain again, block by block, from one header on. Source: spec/network.md §5, spec/relay.md §8.2."""

from chain.crypto.hashing import blake2_256
from chain.primitives.header import Header
from chain.relay.backing import RelayView
from chain.relay.chain import STATE_VERSION, Produced, import_block
from chain.relay.relay_block import RelayBlock
from chain.relay.validators import ValidatorSet
from chain.trie import MemoryStore, NodeStore, Recorder, Trie

FORGET_EVERY = 256
"""Blocks after which the nodes of states gone by are let go."""


class CheckedStore:
    """A store whose bytes are not trusted: what does not have its hash is not there."""

    def __init__(self, store: NodeStore) -> None:
        self._store = store

    def get(self, hash: bytes, /) -> bytes | None:
        node = self._store.get(hash)
        return node if node is None or blake2_256(node) == hash else None


def whole_state(store: NodeStore, root: bytes) -> dict[bytes, bytes]:
    """Every node and value node of a state by hash; raises `TrieError` where one is missing or damaged."""
    recorder = Recorder(CheckedStore(store))
    for _ in Trie(recorder, root, STATE_VERSION).items():
        pass
    return recorder.nodes


class Replay:
    """The relay chain up to `header`. Nothing but imported blocks changes its state."""

    def __init__(self, validators: ValidatorSet, header: Header, nodes: dict[bytes, bytes]) -> None:
        self.validators, self.header = validators, header
        self._store = MemoryStore(dict(nodes))
        self._taken = 0

    @property
    def number(self) -> int:
        return self.header.number

    def view(self) -> RelayView:
        """What validators know of a candidate whose relay parent is the present block."""
        return RelayView(self.validators, self._store, self.header)

    def take(self, block: RelayBlock) -> Produced:
        """Import the next block; raises `RelayBlockError` or `InclusionError`, and stays where it is then."""
        produced = import_block(self.validators, self._store, self.header, block)
        self._store.put(produced.nodes)
        self.header = block.header
        self._taken += 1
        if self._taken % FORGET_EVERY == 0:
            self._store = MemoryStore(whole_state(self._store, self.header.state_root))
        return produced
