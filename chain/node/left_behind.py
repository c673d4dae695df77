"""Blocks that the chain went back from: kept by hash, with the relay blocks that carried them, to go there again."""

from collections.abc import Iterator

from chain.node.records import RELAY_RECORD, RelayRecord
from chain.node.store import META, RELAY, Batch, Storage
from chain.relay.relay_block import CandidateIncluded

_RELAY, _CARRIER, _HEIGHT = b"left/relay/", b"left/carrier/", b"left/height/"


class LeftBehind:
    """What was cut from a store's numbers and relay blocks."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def keep_block(self, batch: Batch, number: bytes, block_hash: bytes) -> None:
        """Remember the block that stood at a height; `number` as in the keys of the store."""
        batch.put(META, _HEIGHT + number, block_hash)

    def keep_relay(self, batch: Batch, encoded: bytes) -> None:
        """Keep a relay block by its hash, and by the blocks that it included."""
        record: RelayRecord = RELAY_RECORD.decode(encoded)
        relay_hash = record.header.hash
        batch.put(META, _RELAY + relay_hash, encoded)
        for event in record.events:
            if isinstance(event, CandidateIncluded):
                batch.put(META, _CARRIER + event.receipt.descriptor.para_head, relay_hash)

    def at(self, number: bytes) -> bytes | None:
        """The block that was left last at a height."""
        return self._storage.get(META, _HEIGHT + number)

    def line_to(self, block_hash: bytes) -> Iterator[RelayRecord]:
        """The relay blocks from the one that included a block backwards, as far as they were left behind."""
        relay_hash = self._storage.get(META, _CARRIER + block_hash)
        while relay_hash is not None:
            found = self._storage.get(META, _RELAY + relay_hash)
            if found is None:
                return
            record: RelayRecord = RELAY_RECORD.decode(found)
            if self._stands(record):
                return
            yield record
            relay_hash = record.header.parent_hash

    def _stands(self, record: RelayRecord) -> bool:
        """Whether a relay block is on the chain again."""
        found = self._storage.get(RELAY, record.header.number.to_bytes(4, "big"))
        return found is not None and RELAY_RECORD.decode(found).header.hash == record.header.hash
