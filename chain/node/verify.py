"""Verifying a stored history again, from nothing but its blocks and proofs. Source: spec/network.md §5.

Every block is judged as a validator judges it (spec/relay.md §7, a–j), the relay chain is imported again, and what the
store says of both is held against it: who backed a block, where it was included, every node that a state added.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from chain.node.ahead import Ahead
from chain.node.archive import Archive
from chain.node.errors import StoreError
from chain.node.records import BlockRecord
from chain.primitives.header import Header
from chain.relay.approval import approval_is_good
from chain.relay.backing import Work, check
from chain.relay.chain import Produced, relay_genesis
from chain.relay.collator import Collation
from chain.relay.errors import FinalityError, RelayError
from chain.relay.finality import check_justification
from chain.relay.inclusion import voters_of
from chain.relay.queues import QueueGenesis, queues_at_genesis
from chain.relay.relay_block import RelayBlock
from chain.relay.replay import Replay, whole_state
from chain.relay.state import RelayState
from chain.relay.validate import Load, UnknownCode
from chain.relay.validators import ValidatorSet
from chain.relay.workers import Workers
from chain.scale import DecodeError
from chain.state import Overlay
from chain.trie import Trie, TrieError


class HistoryError(RelayError):
    """The store contradicts itself, or what its blocks prove."""

    family = "History"


@dataclass(frozen=True)
class Verdict:
    """What became of one block. `executions` is how often validate_block ran for this verdict."""

    number: int
    hash: bytes | None
    ok: bool
    error: str | None
    executions: int


def verify_history(
    archive: Archive,
    validators: ValidatorSet,
    load: Load,
    start: int,
    end: int,
    *,
    faults: bool = False,
    queues: QueueGenesis | None = None,
    workers: Workers | None = None,
) -> Iterator[Verdict]:
    """A verdict on each block from `start` to `end`, in their order. Nothing that the store claims is taken as true.

    Where the range begins later than block 1, the relay block that included the block before it is trusted. The
    relay blocks behind the best block are verified with it. After a failure the relay chain is taken up again at the
    next block's relay parent. `faults` says that validators of this chain deviate on purpose: how often they executed
    a block is then not known beforehand. `queues` is what waited on the relay chain at genesis; if it is not given,
    the state of its block 0 says so. `workers` execute blocks ahead of their turn; the verdicts are the same.
    """
    numbers = range(max(1, start), end + 1)
    ahead = Ahead(archive, workers, numbers) if workers is not None else None
    history = _History(archive, validators, load, faults, queues, ahead)
    try:
        for number in numbers:
            yield history.verdict(number)
    finally:
        if ahead is not None:
            ahead.close()


class _History:
    """The walk along both chains; `replay` is None where the relay chain must be taken up again."""

    def __init__(
        self,
        archive: Archive,
        validators: ValidatorSet,
        load: Load,
        faults: bool,
        queues: QueueGenesis | None,
        ahead: Ahead | None,
    ) -> None:
        self.faults, self.queues, self.ahead = faults, queues, ahead
        self.archive, self.validators, self.load = archive, validators, load
        self.replay: Replay | None = None
        self.begun = False

    def verdict(self, number: int) -> Verdict:
        work = Work(self.load, shared=True, workers=self.ahead.of(number) if self.ahead else None)
        block_hash = self.archive.hash_of(number)
        try:
            self._verify(number, block_hash, work)
        except RelayError as error:
            reason = str(error)
        except (DecodeError, StoreError) as error:
            reason = str(HistoryError("Unreadable", str(error)))
        except TrieError as error:
            reason = str(HistoryError("StateDamaged", str(error)))
        except UnknownCode as error:
            reason = str(HistoryError("UnknownCode", str(error)))
        else:
            return Verdict(number, block_hash, True, None, work.executions)
        self.replay = None
        return Verdict(number, block_hash, False, reason, work.executions)

    def _verify(self, number: int, block_hash: bytes | None, work: Work) -> None:
        record = self.archive.record(block_hash) if block_hash else None
        if record is None or block_hash is None:
            raise HistoryError("NoBlock", f"there is no block {number}")
        header = record.header
        if header.hash != block_hash or header.number != number:
            raise HistoryError("WrongBlock", f"block {number} is another than its record")
        if header.parent_hash != self.archive.hash_of(number - 1):
            raise HistoryError("WrongBlock", f"block {number - 1} is not its parent")
        replay = self._relay_at(number, record)
        validated = check(replay.view(), Collation(record.candidate, record.pov, record.validation_data), work)
        self._check_nodes(validated.nodes)
        self._check_fate(replay, record)
        if block_hash == self.archive.heads.best:
            self._quietly_to(replay, self.archive.heads.relay)

    # -- the relay chain -------------------------------------------------------------------------------------------

    def _relay_at(self, number: int, record: BlockRecord) -> Replay:
        """The relay chain at the relay parent of a block, imported from where it stood."""
        relay_parent = record.backed_in - 1
        if not self.begun:
            self.begun = True
            self.replay = self._genesis() if number == 1 else self._taken_up(self._included_in(number - 1))
        elif self.replay is None:
            self.replay = self._taken_up(relay_parent)
        self._quietly_to(self.replay, relay_parent)
        return self.replay

    def _included_in(self, number: int) -> int:
        block_hash = self.archive.hash_of(number)
        record = self.archive.record(block_hash) if block_hash else None
        if record is None:
            raise HistoryError("NoBlock", f"there is no block {number}")
        return record.included_in

    def _genesis(self) -> Replay:
        """Both genesis states, each built from what the other knows of it."""
        about = self.archive.check()
        if self.archive.hash_of(0) != about.genesis.hash:
            raise HistoryError("WrongBlock", "the genesis block is another than its record")
        whole_state(self.archive.nodes, about.genesis.state_root)
        stored = self._taken_up(0)
        state = RelayState(Overlay(Trie(self.archive.nodes, stored.header.state_root)))
        heads = {**dict.fromkeys(self.validators.paras, b""), about.para_id: about.genesis.encode()}
        codes = {para: state.code_hashes.get(para) or bytes(32) for para in self.validators.paras}
        waiting = self.queues or queues_at_genesis(state.queues, self.validators.paras)
        made = relay_genesis(self.validators, heads, codes, waiting)
        if made.header != stored.header:
            raise HistoryError("WrongBlock", "the genesis block of the relay chain is another than its record")
        return Replay(self.validators, made.header, made.nodes)

    def _taken_up(self, number: int) -> Replay:
        """The relay chain at a stored block, whose header is trusted and whose state is checked against it."""
        header, _ = self._relay_block(number)
        return Replay(self.validators, header, whole_state(self.archive.nodes, header.state_root))

    def _relay_block(self, number: int) -> tuple[Header, RelayBlock | None]:
        record = self.archive.relay(number)
        if record.header.number != number or (record.block is not None and record.block.header != record.header):
            raise HistoryError("WrongBlock", f"relay block {number} is another than its record")
        return record.header, record.block

    def _step(self, replay: Replay) -> Produced:
        """Import the next relay block."""
        number = replay.number + 1
        _, block = self._relay_block(number)
        if block is None:
            raise HistoryError("Unreadable", f"relay block {number} has no body")
        try:
            produced = replay.take(block)
        except RelayError as error:
            raise HistoryError("BadRelayBlock", f"relay block {number}: {error}", error.name) from None
        self._check_nodes(produced.nodes)
        self._check_final(replay)
        if self.archive.relay(number).events != produced.events:
            raise HistoryError("WrongEvents", f"relay block {number} did other things to candidates")
        return produced

    def _quietly_to(self, replay: Replay, number: int) -> None:
        """Import relay blocks in which nothing happens to the parachain."""
        if replay.number > number:
            raise HistoryError("WrongPlace", f"relay block {number} comes after relay block {replay.number}")
        while replay.number < number:
            produced = self._step(replay)
            if produced.included or (produced.backed and not self.faults):
                raise HistoryError("WrongPlace", f"relay block {replay.number} has a candidate out of its turn")

    # -- what the store claims -------------------------------------------------------------------------------------

    def _check_nodes(self, nodes: Mapping[bytes, bytes]) -> None:
        """The store has the nodes that execution gives, to the byte."""
        stored = self.archive.nodes
        for node_hash, node in nodes.items():
            if stored.get(node_hash) != node:
                raise HistoryError("StateDamaged", f"trie node 0x{node_hash.hex()} is missing or damaged")

    def _check_final(self, replay: Replay) -> None:
        """The justification kept beside the relay block makes it final."""
        justification = self.archive.relay(replay.number).justification
        if justification is None:
            return
        try:
            check_justification(self.validators, justification, replay.header, {})
        except FinalityError as error:
            raise HistoryError("WrongFinality", f"relay block {replay.number}: {error}", error.name) from None

    def _check_approvals(self, record: BlockRecord, block: bytes) -> None:
        """Each approval is its checker's, none is there twice, and what is final has enough of them."""
        session = self.validators.session_at(record.backed_in)
        checkers = [vote.validator for vote in record.approvals]
        if checkers != sorted(set(checkers)):
            raise HistoryError("WrongApproval", "a checker approves twice")
        for vote in record.approvals:
            if (vote.block_hash, vote.candidate_index) != (block, 0):
                raise HistoryError("WrongApproval", "it is of another relay block or candidate")
            if not approval_is_good(self.validators, vote, record.candidate.hash, session):
                raise HistoryError("WrongApproval", f"validator {vote.validator} did not sign it")
        if record.final_in is not None and len(checkers) < self.validators.parameters.approvals:
            raise HistoryError("WrongApproval", f"{len(checkers)} approve what is final")

    def _check_executions(self, record: BlockRecord) -> None:
        """Where nobody deviates it is known how often validate_block ran; never may it be told to be more."""
        voters = len(record.backed_by) + len(record.approvals)
        ran = 1 if self.validators.parameters.verify == "shared" else voters
        if record.executions != ran and not self.faults:
            raise HistoryError("WrongExecutions", f"{ran} served its signatures, not {record.executions}")

    def _check_final_in(self, record: BlockRecord) -> None:
        """The round that the record names has a justification that covers the block."""
        if record.final_in is None:
            return
        heads = self.archive.heads
        for number in range(record.included_in, min(record.final_in, heads.relay) + 1):
            justification = self.archive.relay(number).justification
            if justification is not None and justification.round == record.final_in:
                return
        raise HistoryError("WrongFinality", f"round {record.final_in} has no justification for it")

    def _check_fate(self, replay: Replay, record: BlockRecord) -> None:
        """The candidate was backed and included where, and by whom, the record says."""
        backed = self._step(replay).backed
        if [each.candidate for each in backed] != [record.candidate]:
            raise HistoryError("NotBacked", f"relay block {record.backed_in} does not back the candidate")
        core = self.validators.core_of(record.candidate.descriptor.para_id)
        voters = () if core is None else voters_of(self.validators, core, record.backed_in, backed[0])
        if record.backed_by != tuple(sorted(voters)):
            raise HistoryError("WrongVoters", f"validators {_listed(voters)} backed it")
        self._check_executions(record)
        self._quietly_to(replay, record.included_in - 1)
        included = self._step(replay).included
        if [each.candidate for each in included] != [record.candidate]:
            raise HistoryError("NotIncluded", f"relay block {record.included_in} does not include the candidate")
        holders = tuple(index for index, bit in enumerate(included[0].availability) if bit)
        if record.available != holders:
            raise HistoryError("WrongAvailability", f"validators {_listed(holders)} said that they hold their chunk")
        self._check_approvals(record, replay.header.hash)
        self._check_final_in(record)


def _listed(validators: Sequence[int]) -> str:
    return ", ".join(map(str, sorted(validators)))
