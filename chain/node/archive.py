"""Reading and writing a chain's records in its storage; no decisions are taken here."""

from collections.abc import Iterator

from chain.node.errors import StoreDamaged, StoreMissing, StoreVersion
from chain.node.left_behind import LeftBehind
from chain.node.memory import MEMORY, OFFER_RECORD, STANDING, Memory, OfferRecord, Standing
from chain.node.records import (
    ABOUT,
    BLOCK_RECORD,
    HEADS,
    RELAY_RECORD,
    SNAPSHOT,
    About,
    BlockRecord,
    Heads,
    RelayRecord,
    Snapshot,
)
from chain.node.store import BLOCKS, FORMAT, META, NUMBERS, OFFERS, RELAY, SETTLED, Batch, Nodes, Storage
from chain.primitives.header import Header

_SNAPSHOT = b"snapshot/"


def number_key(number: int) -> bytes:
    """Big-endian, so that the order of keys is the order of blocks."""
    return number.to_bytes(4, "big")


class Archive:
    """A chain's records by name."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.left = LeftBehind(storage)

    @property
    def nodes(self) -> Nodes:
        return self.storage.nodes

    def check(self) -> About:
        """What chain is here; raises `StoreMissing`, `StoreVersion` or `StoreDamaged`."""
        about = self.storage.get(META, b"about")
        if about is None:
            raise StoreMissing("there is no chain here", "Make one with `basilisk chain init`.")
        found = self.storage.get(META, b"format")
        if found != FORMAT:
            raise StoreVersion(
                f"the chain was made by another version: its format is {(found or b'none').decode(errors='replace')}, "
                f"this program writes {FORMAT.decode()}",
                "Use the program that made it, or start again with `basilisk chain reset`.",
            )
        return ABOUT.decode(about)  # type: ignore[no-any-return]

    # -- heads -----------------------------------------------------------------------------------------------------

    @property
    def heads(self) -> Heads:
        return HEADS.decode(self._must(META, b"heads"))  # type: ignore[no-any-return]

    def put_heads(self, batch: Batch, heads: Heads) -> None:
        batch.put(META, b"heads", HEADS.encode(heads))

    def put_about(self, batch: Batch, about: About) -> None:
        batch.put(META, b"format", FORMAT)
        batch.put(META, b"about", ABOUT.encode(about))

    # -- parachain blocks ------------------------------------------------------------------------------------------

    def hash_of(self, number: int) -> bytes | None:
        return self.storage.get(NUMBERS, number_key(number))

    def left_at(self, number: int) -> bytes | None:
        """The block that the chain went back from last at a height, if it ever did."""
        return self.left.at(number_key(number))

    def record(self, block_hash: bytes) -> BlockRecord | None:
        """A block by its hash; the genesis block has no record."""
        found = self.storage.get(BLOCKS, block_hash)
        return None if found is None else BLOCK_RECORD.decode(found)

    def put_block(self, batch: Batch, number: int, block_hash: bytes, record: BlockRecord) -> None:
        batch.put(BLOCKS, block_hash, BLOCK_RECORD.encode(record))
        batch.put(NUMBERS, number_key(number), block_hash)

    def rewrite_block(self, batch: Batch, record: BlockRecord) -> None:
        """More has become known of a stored block."""
        batch.put(BLOCKS, record.candidate.descriptor.para_head, BLOCK_RECORD.encode(record))

    def put_genesis(self, batch: Batch, header: Header) -> None:
        batch.put(NUMBERS, number_key(0), header.hash)

    def cut_above(self, batch: Batch, number: int, relay: int) -> None:
        """Forget which blocks stood above these heights; they stay by their hashes (left_behind.py)."""
        for key, block_hash in self.storage.scan(NUMBERS, number_key(number + 1)):
            self.left.keep_block(batch, key, block_hash)
            batch.cut(NUMBERS, key)
        for key, record in self.storage.scan(RELAY, number_key(relay + 1)):
            self.left.keep_relay(batch, record)
            batch.cut(RELAY, key)

    # -- relay blocks ----------------------------------------------------------------------------------------------

    def relay(self, number: int) -> RelayRecord:
        return RELAY_RECORD.decode(self._must(RELAY, number_key(number)))  # type: ignore[no-any-return]

    def put_relay(self, batch: Batch, record: RelayRecord) -> None:
        batch.put(RELAY, number_key(record.header.number), RELAY_RECORD.encode(record))

    # -- what validators know --------------------------------------------------------------------------------------

    @property
    def memory(self) -> Memory:
        return MEMORY.decode(self._must(META, b"memory"))  # type: ignore[no-any-return]

    def put_memory(self, batch: Batch, memory: Memory) -> None:
        batch.put(META, b"memory", MEMORY.encode(memory))

    def memory_at(self, number: int, slot: int) -> Memory:
        """What is known of the candidates that had been included by an earlier relay block, of that slot."""
        now = self.memory
        known = (*map(self.settled, now.settled), *now.cases)
        return Memory(slot, None, now.conduct, (), (), (), tuple(c for c in known if 0 < c.included_in <= number))

    def settled(self, candidate: bytes) -> Standing:
        return STANDING.decode(self._must(SETTLED, candidate))  # type: ignore[no-any-return]

    def put_settled(self, batch: Batch, standing: Standing) -> None:
        batch.put(SETTLED, standing.candidate, STANDING.encode(standing))

    def offer(self, candidate: bytes) -> OfferRecord:
        """A candidate that is in the validators' hands, or was when a snapshot was made."""
        return OFFER_RECORD.decode(self._must(OFFERS, candidate))  # type: ignore[no-any-return]

    def put_offer(self, batch: Batch, candidate: bytes, record: OfferRecord) -> None:
        batch.put(OFFERS, candidate, OFFER_RECORD.encode(record))

    # -- snapshots -------------------------------------------------------------------------------------------------

    def snapshots(self) -> Iterator[Snapshot]:
        for key, value in self.storage.scan(META, _SNAPSHOT):
            if not key.startswith(_SNAPSHOT):
                return
            yield SNAPSHOT.decode(value)

    def snapshot(self, name: str) -> Snapshot | None:
        found = self.storage.get(META, _SNAPSHOT + name.encode())
        return None if found is None else SNAPSHOT.decode(found)

    def put_snapshot(self, batch: Batch, snapshot: Snapshot) -> None:
        batch.put(META, _SNAPSHOT + snapshot.name.encode(), SNAPSHOT.encode(snapshot))

    def cut_snapshot(self, batch: Batch, name: str) -> None:
        batch.cut(META, _SNAPSHOT + name.encode())

    def _must(self, table: str, key: bytes) -> bytes:
        found = self.storage.get(table, key)
        if found is None:
            raise StoreDamaged(f"the store lacks {table}/{key.hex()}", "Start again with `basilisk chain reset`.")
        return found
