"""The parachain as its store has it: the best and the final block, and the batches that move them.

Everything of a block lands in the storage in one batch: the block, its candidate and proof, the trie nodes, the two
relay blocks, and the heads.
"""

from collections.abc import Sequence

from chain.blocks.build import Built
from chain.crypto.hashing import blake2_256
from chain.node.archive import Archive
from chain.node.errors import ChainHalted, Finished, NodeError
from chain.node.in_progress import Sealed
from chain.node.keeping import GivenUp, block_record, relay_records
from chain.node.memory import Memory
from chain.node.pool import Pool, PoolError
from chain.node.recalling import is_settled, memory_of, offer_record, standing_now
from chain.node.records import About, Heads
from chain.node.relaying import RelaySide
from chain.node.store import Batch
from chain.primitives.errors import Refused
from chain.primitives.extrinsic import Extrinsic
from chain.primitives.header import HEADER, Header
from chain.relay.case import Case
from chain.relay.inherents import is_bare
from chain.relay.step import Step
from chain.scale import BYTES


class Ledger:
    """The chain at the heads that the store holds, beside the relay chain that includes its blocks."""

    def __init__(
        self, archive: Archive, about: About, pool: Pool, relay: RelaySide, heads: Heads, memory: Memory
    ) -> None:
        self.archive, self.about, self.pool, self.relay = archive, about, pool, relay
        self.best = about.genesis
        self.best = self.header(heads.best)
        self.finalized = heads.finalized
        self._given_up = GivenUp(memory.notes, memory.executions)
        self._offers = dict.fromkeys(relay.cases)
        self._settled = dict.fromkeys(memory.settled)

    def header(self, block: bytes | int) -> Header:
        """A header by hash or number; raises `NodeError` for a block that is not here."""
        block_hash = self.archive.hash_of(block) if isinstance(block, int) else block
        if block_hash == self.about.genesis.hash:
            return self.about.genesis
        record = self.archive.record(block_hash) if block_hash else None
        if record is None:
            name = f"block {block}" if isinstance(block, int) else f"block 0x{block.hex()}"
            raise NodeError(f"there is no {name}", f"The best block is {self.best.number}.")
        return record.header

    def check_going(self) -> None:
        """Raises `ChainHalted`, and `Finished` where nobody can build on the best block."""
        if self.relay.halted is not None:
            raise ChainHalted(str(self.relay.halted))
        if self.archive.nodes.get(self.best.state_root) is None:
            what = f"the relay chain has included a block that cannot be built on: 0x{self.best.hash.hex()}"
            final = self.finalized == self.best.hash
            raise Finished(f"Finality.SafetyViolation: {what}, and it is final" if final else what)

    @property
    def heads(self) -> Heads:
        """Where both chains stand, and what waits in the pool."""
        pending = tuple(extrinsic.raw for extrinsic in self.pool.pending())
        return Heads(self.best.hash, self.relay.head.number, self.finalized, self.relay.finalized.number, pending)

    # -- writing ---------------------------------------------------------------------------------------------------

    def note_pool(self) -> None:
        """The pool has changed."""
        batch = Batch()
        self.archive.put_heads(batch, self.heads)
        self.archive.storage.write(batch)

    def include(self, built: Built, steps: Sequence[Step], case: Case) -> Sealed:
        """Keep an included block with all that it brings."""
        header = built.block.header
        for applied in built.closed.applied:
            self.pool.included(applied.extrinsic)
        batch = Batch()
        batch.put_nodes(built.closed.nodes)
        self._put_best(batch, header, case)
        self.absorb(steps, batch)
        record = self.archive.record(header.hash)
        assert record is not None
        return Sealed(header, header.hash, built.closed.applied, record)

    def include_unknown(self, steps: Sequence[Step], case: Case) -> Header:
        """Keep an included block that was not built here, behind the best one: nobody has the state after it."""
        header: Header = HEADER.decode(case.collation.candidate.commitments.head_data)
        batch, place = Batch(), self.best.number + 1
        self.archive.put_block(batch, place, header.hash, block_record(case))
        self.best = header
        self.absorb(steps, batch)
        return header

    def absorb(self, steps: Sequence[Step], batch: Batch | None = None) -> None:
        """Write what relay blocks brought: themselves, their states, and what they made final."""
        relay, batch = self.relay, batch or Batch()
        batch.put_nodes(relay.fresh)
        records, self._given_up = relay_records(self.archive, steps, self._given_up)
        for record in records.values():
            self.archive.put_relay(batch, record)
        if any(step.abandoned for step in steps):
            self._follow_relay(batch)
        if any(step.justification for step in steps):
            self.finalized = relay.included_head(self.about.para_id, relay.finalized)
        for case in (case for step in steps for case in step.finals):
            known = self.archive.record(case.collation.candidate.descriptor.para_head)
            if known is not None:
                self.archive.rewrite_block(batch, block_record(case))
        self._put_memory(batch)
        self.archive.put_heads(batch, self.heads)
        self.archive.storage.write(batch)
        relay.stored()

    def _put_memory(self, batch: Batch) -> None:
        """What validators know besides: each candidate in their hands once, and where it stands."""
        for candidate, case in self.relay.cases.items():
            if candidate not in self._offers:
                self.archive.put_offer(batch, candidate, offer_record(case))
            if is_settled(case) and candidate not in self._settled:
                self.archive.put_settled(batch, standing_now(case))
        self._offers = dict.fromkeys(self.relay.cases)
        self._settled = dict.fromkeys(each for each, case in self.relay.cases.items() if is_settled(case))
        self.archive.put_memory(batch, memory_of(self.relay, *self._given_up))

    def _put_best(self, batch: Batch, header: Header, case: Case) -> None:
        self.archive.put_block(batch, header.number, header.hash, block_record(case))
        self.best = header

    def _follow_relay(self, batch: Batch) -> None:
        """Relay blocks were abandoned: back to the head in the relay state; extrinsics go to the pool again."""
        head = self.relay.included_head(self.about.para_id, self.relay.head)
        bodies: list[tuple[bytes, ...]] = []
        while self.best.hash != head and self.best.number > 0:
            record = self.archive.record(self.best.hash)
            assert record is not None
            bodies.append(record.block.extrinsics)
            self.best = self.header(blake2_256(record.validation_data.parent_head))
        self.archive.cut_above(batch, self.best.number, self.relay.head.number)
        for body in (body for extrinsics in reversed(bodies) for body in extrinsics if not is_bare(body)):
            self.requeue(Extrinsic.decode(BYTES.encode(body)))

    def requeue(self, extrinsic: Extrinsic) -> None:
        """An extrinsic waits again, if it still can."""
        try:
            self.pool.submit(extrinsic)
        except (Refused, PoolError):
            return
