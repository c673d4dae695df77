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
from chain.node.errors import Finished, NodeError, NotIncluded, SnapshotError
from chain.node.keeping import block_record, recall, relay_records
from chain.node.pool import Pool
from chain.node.records import About, BlockRecord, Heads, RelayRecord, Snapshot
from chain.node.relaying import Fate
from chain.node.store import Batch, Storage
from chain.pallets.aura import Aura
from chain.pallets.parachain_system import ParachainSystem
from chain.pallets.system import System
from chain.primitives.errors import Refused
from chain.primitives.extrinsic import Extrinsic
from chain.primitives.header import HEADER, Digest, Header, slot_item
from chain.primitives.validation import StorageProof
from chain.primitives.validity import ValidTransaction
from chain.relay.case import Case
from chain.relay.chain import relay_genesis
from chain.relay.collator import Collation, collate, take_snapshot
from chain.relay.conduct import HONEST, Conduct
from chain.relay.faults import Switched
from chain.relay.faults.workshop import Workshop
from chain.relay.network import Step
from chain.relay.parameters import SLOT_MS
from chain.relay.queues import QueueGenesis
from chain.relay.validate import Load
from chain.relay.validators import ValidatorSet
from chain.relay.workers import Workers
from chain.scale import BYTES
from chain.state import BlockState, Overlay
from chain.trie import NodeStore, Trie

FIRST_RELAY_PARENT = 2
"""The relay parent of block 1: block b has relay parent 2b as long as nothing moves the relay chain by itself."""

MOST_ATTEMPTS = 12
"""How often a block is built anew that the relay chain does not include, faults being switched on."""

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
        if self._builder.state.recorder.size + self._body < self._limit:  # a proof is smaller than its nodes
            return False
        return self._builder.proof_size + self._body >= self._limit

    def push(self, extrinsic: Extrinsic) -> Applied:
        """Raises `Refused` for an extrinsic that may not be in this block. Its signature is taken as good."""
        applied = self._builder.push(extrinsic)
        self._body += len(extrinsic.raw)
        return applied

    def build(self) -> Built:
        """Close and seal the block, without offering it to the relay chain."""
        return self._builder.finish(self._author)

    def rebuilt(self) -> tuple[Built, Collation, Keypair]:
        """Close and seal the block, and make a candidate of it."""
        built = self.build()
        return built, self._node.collated(built, self._builder, self._author), self._author

    def finish(self) -> Sealed:
        """Close and seal the block, have it verified and included, and store it. Raises `NotIncluded`."""
        return self._node.take(self.build(), self._builder, self._author)


class Node:
    """One parachain, its embedded relay chain, and where both are kept."""

    def __init__(
        self,
        runtime: Runtime,
        validators: ValidatorSet,
        keys: Keys,
        storage: Storage,
        load: Load,
        about: About,
        conduct: Conduct = HONEST,
        workers: Workers | None = None,
    ) -> None:
        self.runtime, self.validators, self.keys, self.about = runtime, validators, keys, about
        self.archive = Archive(storage)
        self._load, self.conduct, self.workers = load, conduct, workers
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
        conduct: Conduct = HONEST,
        queues: QueueGenesis | None = None,
        workers: Workers | None = None,
    ) -> "Node":
        """Write a new chain: genesis of both chains, and the relay blocks up to the first relay parent.

        Other parachains of the validators are registered with an empty head: they have a core, queues and channels,
        and build no blocks.
        """
        heads = {**dict.fromkeys(validators.paras, b""), para: genesis.header.encode()}
        codes = {**dict.fromkeys(validators.paras, bytes(32)), para: runtime.code_hash}
        relay = relay_genesis(validators, heads, codes, queues)
        about = About(para, genesis.header, spec)
        batch, archive = Batch(), Archive(storage)
        batch.put_nodes(genesis.nodes)
        batch.put_nodes(relay.nodes)
        archive.put_about(batch, about)
        archive.put_genesis(batch, genesis.header)
        archive.put_relay(batch, RelayRecord(relay.header, None, None, (), ()))
        archive.put_heads(batch, Heads(genesis.header.hash, 0, None, 0, ()))
        storage.write(batch)
        node = cls(runtime, validators, keys, storage, load, about, conduct, workers)
        node.advance_relay(FIRST_RELAY_PARENT)
        return node

    def _restore(self, heads: Heads) -> None:
        self.best = self.header(heads.best)
        self.relay = recall(self.archive, self.validators, self._load, heads, self.conduct)
        self.relay.workers = self.workers
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
        environment.let_go()
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

    def collated(self, built: Built, builder: Builder, author: Keypair) -> Collation:
        """The candidate of a built block; its builder is done with."""
        environment, n = builder.execution.environment, len(self.validators.keys)
        system = environment[ParachainSystem]
        collation = collate(built, system, self._snapshot, author, self.about.para_id, self.runtime.code_hash, n)
        environment.let_go()
        return collation

    def take(self, built: Built, builder: Builder, author: Keypair) -> Sealed:
        """Have a built block verified and included, and store it with all that it brings."""
        collation = self.collated(built, builder, author)
        if isinstance(self.conduct, Switched):
            return self._take_amid_faults(built, collation, author, self.conduct)
        fate = self.relay.include(collation)
        case = fate.included
        assert case is not None
        return self._store(built, fate.steps, case)

    def _take_amid_faults(self, built: Built, collation: Collation, author: Keypair, conduct: Switched) -> Sealed:
        """Offer what the collator makes of a block; where it is not included, build and offer it anew."""
        fate = Fate((), None, ())
        for _ in range(MOST_ATTEMPTS):
            conduct.begin(self.relay.head.number)
            shop = Workshop(author, collation, self._previous(), len(self.validators.keys), self._other_proof())
            fate = self.relay.attempt(conduct.offers(shop))
            case = fate.included
            if case is not None and case.collation.candidate == collation.candidate:
                sealed = self._store(built, fate.steps, case)
                conduct.check(self.relay.head.number - 2)
                return sealed
            if case is not None:
                self._keep_spoilt(fate.steps, case)
            self._absorb(Batch(), fate.steps)
            built, collation, author = self._anew(built)
        raise NotIncluded("the relay chain does not include the block", fate.reasons)

    def _anew(self, built: Built) -> tuple[Built, Collation, Keypair]:
        """The same extrinsics in a block on the present relay parent."""
        block = self.open_block()
        for applied in built.closed.applied:
            if applied.extrinsic.signed is not None:
                block.push(applied.extrinsic)
        return block.rebuilt()

    def _keep_spoilt(self, steps: Sequence[Step], case: Case) -> None:
        """Validators have let a block pass that its honest collator does not know: the parachain ends here."""
        header = HEADER.decode(case.collation.candidate.commitments.head_data)
        batch = Batch()
        self.archive.put_block(batch, header.number, header.hash, block_record(case))
        self.best = header
        self._absorb(batch, steps)
        raise Finished(
            f"the relay chain has included a block that cannot be built on: 0x{header.hash.hex()}",
            "`basilisk relay verify` says what is wrong with it.",
        )

    def _previous(self) -> Collation | None:
        record = self.archive.record(self.best.hash)
        return None if record is None else Collation(record.candidate, record.pov, record.validation_data)

    def _other_proof(self) -> StorageProof:
        """The relay state that the relay block before the last has."""
        other = self.archive.relay(max(0, self.relay.head.number - 2)).header
        return take_snapshot(self.validators, self.relay.store, other, self.about.para_id).inherent.relay_chain_state

    def _store(self, built: Built, steps: Sequence[Step], case: Case) -> Sealed:
        """Keep an included block with all that it brings."""
        header = built.block.header
        for applied in built.closed.applied:
            self.pool.included(applied.extrinsic)
        batch = Batch()
        batch.put_nodes(built.closed.nodes)
        self.archive.put_block(batch, header.number, header.hash, block_record(case))
        self.best = header
        self._absorb(batch, steps)
        record = self.archive.record(header.hash)
        assert record is not None
        return Sealed(header, header.hash, built.closed.applied, record)

    def advance(self, blocks: int) -> Iterator[Sealed]:
        """Seal empty blocks, one by one."""
        for _ in range(blocks):
            yield self.seal(())

    def advance_relay(self, blocks: int) -> None:
        """Seal relay blocks without a candidate: time and relay numbers move, the parachain does not."""
        while blocks > 0:
            some = min(blocks, 500)
            steps = [self.relay.seal_empty(vote=left == 1) for left in range(some, 0, -1)]
            self._absorb(Batch(), steps)
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
        return Heads(self.best.hash, self.relay.head.number, self.finalized, self.relay.finalized.number, pending)

    def _follow_relay(self, batch: Batch) -> None:
        """Relay blocks were abandoned: back to the head in the relay state; extrinsics go to the pool again."""
        head = self.relay.included_head(self.about.para_id, self.relay.head)
        while self.best.hash != head and self.best.number > 0:
            record = self.archive.record(self.best.hash)
            assert record is not None
            for body in record.block.extrinsics:
                self._requeue(Extrinsic.decode(BYTES.encode(body)))
            self.best = self.header(self.best.parent_hash)
        self.archive.cut_above(batch, self.best.number, self.relay.head.number)

    def _put_heads(self, batch: Batch) -> None:
        self.archive.put_heads(batch, self._heads())

    def _absorb(self, batch: Batch, steps: Sequence[Step]) -> None:
        """Write what relay blocks brought: themselves, their states, and what they made final."""
        relay = self.relay
        batch.put_nodes(relay.fresh)
        for number, record in relay_records(self.archive, steps).items():
            if number <= relay.head.number:
                self.archive.put_relay(batch, record)
        if any(step.abandoned for step in steps):
            self._follow_relay(batch)
        if any(step.justification for step in steps):
            self.finalized = relay.included_head(self.about.para_id, relay.finalized)
        for case in (case for step in steps for case in step.finals):
            known = self.archive.record(case.collation.candidate.descriptor.para_head)
            if known is not None:
                self.archive.rewrite_block(batch, block_record(case))
        self._put_heads(batch)
        self.archive.storage.write(batch)
        relay.stored()
