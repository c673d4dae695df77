"""The node: a chain with its relay side, pool and storage. Source: design.md, "A trade's way through the house"."""

from collections.abc import Iterable, Iterator, Sequence

from chain.blocks.build import Builder
from chain.blocks.execution import Execution
from chain.blocks.genesis import GenesisBlock
from chain.blocks.signatures import check_signature, signing_context
from chain.blocks.validity import validate_extrinsic
from chain.frame import Environment, Runtime
from chain.node import snapshots
from chain.node.amid_faults import AmidFaults
from chain.node.archive import Archive
from chain.node.errors import ChainHalted, Finished
from chain.node.in_progress import BlockInProgress, Keys, Proposal, Sealed, Stand
from chain.node.ledger import Ledger
from chain.node.memory import NOTHING
from chain.node.moving import move
from chain.node.pool import Pool
from chain.node.recalling import recall
from chain.node.records import About, BlockRecord, Heads, RelayRecord, Snapshot
from chain.node.relaying import RelaySide
from chain.node.store import Batch, Storage
from chain.pallets.aura import Aura
from chain.pallets.system import System
from chain.primitives.errors import Refused
from chain.primitives.extrinsic import Extrinsic
from chain.primitives.header import HEADER, Digest, Header, slot_item
from chain.primitives.validity import ValidTransaction
from chain.relay.chain import relay_genesis
from chain.relay.collator import take_snapshot
from chain.relay.conduct import HONEST, Conduct
from chain.relay.faults import Switched
from chain.relay.parameters import SLOT_MS
from chain.relay.queues import QueueGenesis
from chain.relay.step import Step
from chain.relay.validate import Load
from chain.relay.validators import ValidatorSet
from chain.relay.workers import Workers
from chain.state import BlockState, Overlay
from chain.trie import NodeStore, Trie

__all__ = ["FIRST_RELAY_PARENT", "BlockInProgress", "Keys", "Node", "Sealed"]

FIRST_RELAY_PARENT = 2
"""The relay parent of block 1: block b has relay parent 2b as long as nothing moves the relay chain by itself."""

RELAY_BATCH = 500
"""Relay blocks that are written in one batch, and of which the last holds a round of finality."""


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
        archive.put_relay(batch, RelayRecord(relay.header, None, None, (), (), ()))
        archive.put_memory(batch, NOTHING)
        archive.put_heads(batch, Heads(genesis.header.hash, 0, None, 0, ()))
        storage.write(batch)
        node = cls(runtime, validators, keys, storage, load, about, conduct, workers)
        node.advance_relay(FIRST_RELAY_PARENT)
        return node

    def _restore(self, heads: Heads) -> None:
        self.pool.clear()
        archive, memory = self.archive, self.archive.memory
        relay = recall(archive, self.validators, self._load, heads, memory, self.conduct, self.workers)
        self.ledger = Ledger(archive, self.about, self.pool, relay, heads, memory)
        for raw in heads.pending:
            self.ledger.requeue(Extrinsic.decode(raw))

    # -- looking ---------------------------------------------------------------------------------------------------

    @property
    def nodes(self) -> NodeStore:
        return self.archive.nodes

    @property
    def best(self) -> Header:
        return self.ledger.best

    @property
    def finalized(self) -> bytes | None:
        """The hash of the highest final block; None as long as nothing says what is final."""
        return self.ledger.finalized

    @property
    def relay(self) -> RelaySide:
        return self.ledger.relay

    def header(self, block: bytes | int) -> Header:
        """A header by hash or number; raises `NodeError` for a block that is not here."""
        return self.ledger.header(block)

    def record(self, block: bytes | int) -> BlockRecord | None:
        """What is kept of a block; `None` for the genesis block."""
        return self.archive.record(self.header(block).hash)

    def state(self, block: bytes | int | None = None) -> Overlay:
        """The state after a block, to look at; after the best one that has a state, if none is named.

        Raises `Finished` for a block that validators have let pass although it is not valid.
        """
        header = self.best if block is None else self.header(block)
        if header.hash != self.about.genesis.hash and self.nodes.get(header.state_root) is None:
            if block is not None:
                raise Finished(f"block {header.number} is not valid: nobody has a state after it")
            record = self.archive.record(header.hash)
            assert record is not None
            header = HEADER.decode(record.validation_data.parent_head)
        return Overlay(Trie(self.nodes, header.state_root, self.runtime.state_version))

    def read(self, block: bytes | int | None = None) -> Environment:
        """The pallets over the state after a block."""
        return self.runtime.open(self.state(block))

    # -- sealing ---------------------------------------------------------------------------------------------------

    def open_block(self) -> BlockInProgress:
        """Begin the next block on the best one, with the relay chain's head as relay parent. Raises `Finished`."""
        self.ledger.check_going()
        if self.relay.ends_session:
            self.advance_relay(1)
        return self.open_here()

    def open_here(self, more: Sequence[bytes] = ()) -> BlockInProgress:
        """`open_block` whatever comes next, with `more` entries of the relay chain's state in the inherent's proof."""
        parent, relay_parent = self.best, self.relay.head
        slot_number = relay_parent.slot or 0
        timestamp = slot_number * SLOT_MS
        environment = self.read()
        aura = environment[Aura]
        slot = timestamp // aura.slot_duration
        author = self.keys.of(aura.authorities.get()[slot % len(aura.authorities.get())])
        environment.let_go()
        snapshot = take_snapshot(self.validators, self.relay.store, relay_parent, self.about.para_id, more)
        state = BlockState(self.nodes, parent.state_root, self.runtime.state_version)
        builder = Builder(self.runtime, state, parent, slot, timestamp, snapshot.inherent)
        stand = Stand(snapshot, self.about.para_id, self.runtime.code_hash, len(self.validators.keys))
        return BlockInProgress(builder, author, stand, self.take)

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
                self._check_era(block, extrinsic)
                block.push(extrinsic)
            except Refused as refused:
                if refused.name not in ("Invalid.ExhaustsResources", "Invalid.Future"):
                    self.pool.remove(extrinsic.hash)
        return block.finish()

    def _check_era(self, block: BlockInProgress, extrinsic: Extrinsic) -> None:
        """A mortal signature covers a block that its era names by and by no more: the pool's verdict is old then."""
        if extrinsic.signed is not None and not extrinsic.signed.era.immortal:
            check_signature(block.environment, signing_context(block.environment), extrinsic)

    def take(self, proposal: Proposal) -> Sealed:
        """Have a built block verified and included, and store it with all that it brings. Raises `NotIncluded`."""
        if isinstance(self.conduct, Switched):
            return AmidFaults(self.ledger, self.conduct, self).take(proposal)
        fate = self.relay.include(proposal.collation)
        assert fate.included is not None
        return self.ledger.include(proposal.built, fate.steps, fate.included)

    def advance(self, blocks: int) -> Iterator[Sealed]:
        """Seal empty blocks, one by one."""
        for _ in range(blocks):
            yield self.seal(())

    def advance_relay(self, blocks: int) -> None:
        """Seal relay blocks without a candidate: time and relay numbers move, the parachain does not.

        Raises `ChainHalted`, having kept the relay blocks before that.
        """
        while blocks > 0:
            some, steps = min(blocks, RELAY_BATCH), list[Step]()
            try:
                for left in range(some, 0, -1):
                    if self.relay.halted is not None:
                        raise ChainHalted(str(self.relay.halted))
                    vote = left == 1 or self.conduct.must_vote(self.relay.head.number)
                    steps.append(self.relay.seal_empty(vote))
            finally:
                self.ledger.absorb(steps)
            blocks -= some

    # -- the pool --------------------------------------------------------------------------------------------------

    def submit(self, extrinsic: Extrinsic) -> bytes:
        """Put an extrinsic into the pool; raises `Refused` or `PoolError`."""
        extrinsic_hash = self.pool.submit(extrinsic)
        self.ledger.note_pool()
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
        self.state(self.best.hash)  # raises Finished where there is none
        state = BlockState(self.nodes, self.best.state_root, self.runtime.state_version)
        digest = Digest((slot_item((self.best.slot or 0) + 1),))
        return Execution.open(self.runtime, state, self.best.hash, self.best.number + 1, digest)

    def _judge(self, extrinsic: Extrinsic) -> ValidTransaction:
        return validate_extrinsic(self.trial(), extrinsic)

    # -- snapshots -------------------------------------------------------------------------------------------------

    def snapshot(self, name: str) -> Snapshot:
        """Name the present state of both chains and the pool; raises `SnapshotError` if the name is taken."""
        return snapshots.take(self.ledger, name)

    def revert(self, name: str) -> Snapshot:
        """Go back to a snapshot: pointers move, numbers above are cut, later snapshots go. Old states stay readable."""
        snapshot = snapshots.go_back(self.archive, name)
        self._restore(snapshot.heads)
        return snapshot

    def go_to(self, block: bytes) -> None:
        """Make a block the best one, on this chain or beside it; the pool is empty then. Raises `HeadError`."""
        self._restore(move(self.archive, self.about.genesis, FIRST_RELAY_PARENT, block))

    def snapshots(self) -> list[Snapshot]:
        return list(self.archive.snapshots())
