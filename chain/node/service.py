"""The node: a chain with its relay side, pool and storage. Source: design.md, "A trade's way through the house".

Everything of a block lands in the storage in one batch: the block, its candidate and proof, the trie nodes, the two
relay blocks, and the heads.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from chain.blocks.build import Builder, Built
from chain.blocks.execution import Applied, Execution
from chain.blocks.genesis import GenesisBlock
from chain.blocks.validity import validate_extrinsic
from chain.crypto.keys import Keypair
from chain.frame import Environment, Runtime
from chain.node.archive import Archive
from chain.node.errors import NodeError, SnapshotError
from chain.node.pool import Pool
from chain.node.records import About, BlockRecord, Heads, RelayRecord, Snapshot
from chain.node.relaying import Inclusion, RelaySide
from chain.node.store import Batch, Storage
from chain.pallets.aura import Aura
from chain.pallets.parachain_system import ParachainSystem
from chain.pallets.system import System
from chain.primitives.errors import Refused
from chain.primitives.extrinsic import Extrinsic
from chain.primitives.header import Digest, Header, slot_item
from chain.primitives.validity import ValidTransaction
from chain.relay.chain import Produced, relay_genesis
from chain.relay.collator import Collation, collate, take_snapshot
from chain.relay.parameters import SLOT_MS
from chain.relay.validate import Load
from chain.relay.validators import ValidatorSet
from chain.state import BlockState, Overlay
from chain.trie import NodeStore, OverlayStore, Trie

FIRST_RELAY_PARENT = 2
"""The relay parent of block 1: block b has relay parent 2b as long as nothing moves the relay chain by itself."""

POV_SHARE = 85
"""Per cent of max_pov_size that proof and body may fill while a block is built (relay.md §6)."""


@dataclass(frozen=True)
class Keys:
    """Who builds blocks: the collators by their Aura keys."""

    collators: tuple[Keypair, ...]

    def of(self, public: bytes) -> Keypair:
        for key in self.collators:
            if key.public == public:
                return key
        raise NodeError("no key of ours may author this slot", "Name the collators in the chain spec.")


@dataclass(frozen=True)
class Sealed:
    """A block that the relay chain has included."""

    header: Header
    hash: bytes
    applied: tuple[Applied, ...]
    record: BlockRecord

    @property
    def number(self) -> int:
        return self.header.number


class BlockInProgress:
    """A block that extrinsics are pushed into, in the order given, until `finish`."""

    def __init__(self, node: "Node", builder: Builder, author: Keypair, limit: int) -> None:
        self._node, self._builder, self._author, self._limit = node, builder, author, limit
        self._body = 0

    @property
    def environment(self) -> Environment:
        """The state as it stands after what was pushed."""
        return self._builder.execution.environment

    @property
    def full(self) -> bool:
        """Whether proof and body have reached their share of the PoV."""
        return self._builder.proof_size + self._body >= self._limit

    def push(self, extrinsic: Extrinsic) -> Applied:
        """Raises `Refused` for an extrinsic that may not be in this block. Its signature is taken as good."""
        applied = self._builder.push(extrinsic)
        self._body += len(extrinsic.raw)
        return applied

    def build(self) -> Built:
        """Close and seal the block, without offering it to the relay chain."""
        return self._builder.finish(self._author)

    def finish(self) -> Sealed:
        """Close and seal the block, have it verified and included, and store it. Raises `NotIncluded`."""
        return self._node.take(self.build(), self._builder, self._author)


class Node:
    """One parachain, its embedded relay chain, and where both are kept."""

    def __init__(
        self, runtime: Runtime, validators: ValidatorSet, keys: Keys, storage: Storage, load: Load, about: About
    ) -> None:
        self.runtime, self.validators, self.keys, self.about = runtime, validators, keys, about
        self.archive = Archive(storage)
        self._load = load
        self.genesis_hash = about.genesis.hash
        self.pool = Pool(self._judge)
        self._restore(self.archive.heads)

    # -- making and opening ----------------------------------------------------------------------------------------

    @classmethod
    def create(
        cls,
        runtime: Runtime,
        validators: ValidatorSet,
        keys: Keys,
        storage: Storage,
        load: Load,
        genesis: GenesisBlock,
        spec: str,
        para: int,
    ) -> "Node":
        """Write a new chain: genesis of both chains, and the relay blocks up to the first relay parent."""
        relay = relay_genesis(
            validators, {para: genesis.header.encode()}, {para: runtime.code_hash}
        )
        about = About(para, genesis.header, spec)
        batch, archive = Batch(), Archive(storage)
        batch.put_nodes(genesis.nodes)
        batch.put_nodes(relay.nodes)
        archive.put_about(batch, about)
        archive.put_genesis(batch, genesis.header)
        archive.put_relay(batch, RelayRecord(relay.header, None))
        archive.put_heads(batch, Heads(genesis.header.hash, 0, None, ()))
        storage.write(batch)
        node = cls(runtime, validators, keys, storage, load, about)
        node.advance_relay(FIRST_RELAY_PARENT)
        return node

    def _restore(self, heads: Heads) -> None:
        self.best = self.header(heads.best)
        relay = self.archive.relay(heads.relay).header
        self.relay = RelaySide(self.validators, self.archive.nodes, relay, self._load)
        self.finalized = heads.finalized
        self.pool.clear()
        for raw in heads.pending:
            self._requeue(Extrinsic.decode(raw))

    # -- looking ---------------------------------------------------------------------------------------------------

    @property
    def nodes(self) -> NodeStore:
        return self.archive.nodes

    def header(self, block: bytes | int) -> Header:
        """A header by hash or number; raises `NodeError` for a block that is not here."""
        block_hash = self.archive.hash_of(block) if isinstance(block, int) else block
        if block_hash == self.genesis_hash:
            return self.about.genesis
        record = self.archive.record(block_hash) if block_hash else None
        if record is None:
            name = f"block {block}" if isinstance(block, int) else f"block 0x{block.hex()}"
            raise NodeError(f"there is no {name}", f"The best block is {self.best.number}.")
        return record.block.header

    def record(self, block: bytes | int) -> BlockRecord | None:
        """What is kept of a block; `None` for the genesis block."""
        return self.archive.record(self.header(block).hash)

    def state(self, block: bytes | int | None = None) -> Overlay:
        """The state after a block, to look at."""
        header = self.best if block is None else self.header(block)
        return Overlay(Trie(self.nodes, header.state_root, self.runtime.state_version))

    def read(self, block: bytes | int | None = None) -> Environment:
        """The pallets over the state after a block."""
        return self.runtime.open(self.state(block))

    # -- sealing ---------------------------------------------------------------------------------------------------

    def open_block(self) -> BlockInProgress:
        """Begin the next block on the best one, with the relay chain's head as relay parent."""
        if self.relay.ends_session:
            self.advance_relay(1)
        parent, relay_parent = self.best, self.relay.head
        slot_number = relay_parent.slot or 0
        timestamp = slot_number * SLOT_MS
        environment = self.read()
        aura = environment[Aura]
        slot = timestamp // aura.slot_duration
        author = self.keys.of(aura.authorities.get()[slot % len(aura.authorities.get())])
        self._snapshot = take_snapshot(self.validators, self.nodes, relay_parent, self.about.para_id)
        state = BlockState(self.nodes, parent.state_root, self.runtime.state_version)
        builder = Builder(self.runtime, state, parent, slot, timestamp, self._snapshot.inherent)
        limit = self._snapshot.validation_data.max_pov_size * POV_SHARE // 100
        return BlockInProgress(self, builder, author, limit)

    def seal(self, extrinsics: Iterable[Extrinsic] | None = None) -> Sealed:
        """One block: of these extrinsics, in this order (raises `Refused` if one may not be in it), or of the pool."""
        block = self.open_block()
        if extrinsics is not None:
            for extrinsic in extrinsics:
                block.push(extrinsic)
            return block.finish()
        for extrinsic in self.pool.ready():
            if block.full:
                break
            try:
                block.push(extrinsic)
            except Refused as refused:
                if refused.name not in ("Invalid.ExhaustsResources", "Invalid.Future"):
                    self.pool.remove(extrinsic.hash)
        return block.finish()

    def take(self, built: Built, builder: Builder, author: Keypair) -> Sealed:
        """Have a built block verified and included, and store it with all that it brings."""
        system = builder.execution.environment[ParachainSystem]
        validators = len(self.validators.keys)
        collation = collate(
            built, system, self._snapshot, author, self.about.para_id, self.runtime.code_hash, validators
        )
        inclusion = self.relay.include(collation)
        record = _record(collation, inclusion)
        header = built.block.header
        for applied in built.closed.applied:
            self.pool.remove(applied.extrinsic.hash)
        batch = Batch()
        batch.put_nodes(built.closed.nodes)
        self._put_relay(batch, inclusion.blocks)
        self.archive.put_block(batch, header.number, header.hash, record)
        self.best = header
        self._put_heads(batch)
        self.archive.storage.write(batch)
        return Sealed(header, header.hash, built.closed.applied, record)

    def advance(self, blocks: int) -> Iterator[Sealed]:
        """Seal empty blocks, one by one."""
        for _ in range(blocks):
            yield self.seal(())

    def advance_relay(self, blocks: int) -> None:
        """Seal relay blocks without a candidate: time and relay numbers move, the parachain does not."""
        while blocks > 0:
            batch, nodes = Batch(), self.relay.store
            some = min(blocks, 500)
            fresh: dict[bytes, bytes] = {}
            self.relay.store = OverlayStore(fresh, nodes)
            try:
                for _ in range(some):
                    produced = self.relay.seal_empty()
                    fresh.update(produced.nodes)
                    self._put_relay(batch, (produced,))
            finally:
                self.relay.store = nodes
            self._put_heads(batch)
            self.archive.storage.write(batch)
            blocks -= some

    # -- the pool --------------------------------------------------------------------------------------------------

    def submit(self, extrinsic: Extrinsic) -> bytes:
        """Put an extrinsic into the pool; raises `Refused` or `PoolError`."""
        extrinsic_hash = self.pool.submit(extrinsic)
        batch = Batch()
        self._put_heads(batch)
        self.archive.storage.write(batch)
        return extrinsic_hash

    def next_nonce(self, account: bytes) -> int:
        """The nonce of the account's next extrinsic, those that wait counted."""
        nonce = self.read()[System].account.get(account).nonce
        waiting = {e.signed.nonce for e in self.pool.pending() if e.signed and e.signed.account == account}
        while nonce in waiting:
            nonce += 1
        return nonce

    def trial(self) -> Execution:
        """The next block, opened to be thrown away."""
        state = BlockState(self.nodes, self.best.state_root, self.runtime.state_version)
        digest = Digest((slot_item((self.best.slot or 0) + 1),))
        return Execution.open(self.runtime, state, self.best.hash, self.best.number + 1, digest)

    def _judge(self, extrinsic: Extrinsic) -> ValidTransaction:
        return validate_extrinsic(self.trial(), extrinsic)

    def _requeue(self, extrinsic: Extrinsic) -> None:
        try:
            self.pool.submit(extrinsic)
        except Refused:
            return

    # -- snapshots -------------------------------------------------------------------------------------------------

    def snapshot(self, name: str) -> Snapshot:
        """Name the present state of both chains and the pool; raises `SnapshotError` if the name is taken."""
        if self.archive.snapshot(name) is not None:
            raise SnapshotError(f"there is a snapshot {name!r} already", "Choose another name.")
        snapshot = Snapshot(name, self._heads(), self.best.number, self.relay.head.number)
        batch = Batch()
        self.archive.put_snapshot(batch, snapshot)
        self.archive.storage.write(batch)
        return snapshot

    def revert(self, name: str) -> Snapshot:
        """Go back to a snapshot: pointers move, numbers above are cut, later snapshots go. Old states stay readable."""
        snapshot = self.archive.snapshot(name)
        if snapshot is None:
            raise SnapshotError(f"there is no snapshot {name!r}", self._snapshot_hint())
        batch = Batch()
        self.archive.cut_above(batch, snapshot.number, snapshot.heads.relay)
        for other in self.archive.snapshots():
            if other.heads.relay > snapshot.heads.relay:
                self.archive.cut_snapshot(batch, other.name)
        self.archive.put_heads(batch, snapshot.heads)
        self.archive.storage.write(batch)
        self._restore(snapshot.heads)
        return snapshot

    def snapshots(self) -> list[Snapshot]:
        return list(self.archive.snapshots())

    def _snapshot_hint(self) -> str:
        names = [snapshot.name for snapshot in self.archive.snapshots()]
        return f"There are: {', '.join(names)}." if names else "Make one with `basilisk chain snapshot NAME`."

    # -- writing ---------------------------------------------------------------------------------------------------

    def _heads(self) -> Heads:
        pending = tuple(extrinsic.raw for extrinsic in self.pool.pending())
        return Heads(self.best.hash, self.relay.head.number, self.finalized, pending)

    def _put_heads(self, batch: Batch) -> None:
        self.archive.put_heads(batch, self._heads())

    def _put_relay(self, batch: Batch, blocks: Sequence[Produced]) -> None:
        for produced in blocks:
            batch.put_nodes(produced.nodes)
            self.archive.put_relay(batch, RelayRecord(produced.block.header, produced.block))


def _record(collation: Collation, inclusion: Inclusion) -> BlockRecord:
    first, second = inclusion.blocks
    return BlockRecord(
        collation.candidate,
        collation.pov,
        collation.validation_data,
        inclusion.backing.voters,
        inclusion.backing.executions,
        first.block.header.number,
        second.block.header.number,
    )
