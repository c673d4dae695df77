"""A stored history verified again: a true one passes, and no stored byte of it can be changed unseen."""

import random
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from amm.local import LocalChain
from amm.runtime import load
from chain.frame import DeclarationError, Runtime
from chain.node.archive import Archive, number_key
from chain.node.fork import ForkStorage
from chain.node.records import BLOCK_RECORD, RELAY_RECORD, BlockRecord
from chain.node.store import BLOCKS, NODES, NUMBERS, RELAY, Batch
from chain.node.verify import Verdict, verify_history
from chain.relay.block_data import VERSIONED, VERSIONED_DATA, PoV, VersionedBlock, decode_block_data

LAST = 4
"""Blocks of the history."""

FLIPS = 40
"""Flips tried in each table."""


@pytest.fixture(scope="module")
def chain() -> LocalChain:
    """Four blocks with transfers and empty relay blocks between and behind them."""
    made = LocalChain()
    tell(made)
    return made


def tell(chain: LocalChain) -> None:
    give = chain.call("balances.transfer_allow_death", dest="bob", value="5 BSX")
    for signer, empty in (("eve", 0), ("dave", 3), ("charlie", 0), ("eve", 2)):
        assert chain.submit(give, signer).ok
        chain.advance_relay(empty)


def verdicts(archive: Archive, chain: LocalChain, start: int = 1, end: int = LAST) -> list[Verdict]:
    return list(verify_history(archive, chain.node.validators, load, start, end))


def failed(archive: Archive, chain: LocalChain) -> dict[int, str]:
    """The blocks that fail, with the names of their errors."""
    found = verdicts(archive, chain)
    assert [verdict.number for verdict in found] == list(range(1, LAST + 1))
    assert all(verdict.ok == (verdict.error is None) for verdict in found)
    return {verdict.number: (verdict.error or "").partition(":")[0] for verdict in found if not verdict.ok}


def on_top(chain: LocalChain) -> ForkStorage:
    """A storage to spoil; the chain's own stays whole."""
    return ForkStorage(chain.node.archive.storage)


def with_entry(chain: LocalChain, table: str, key: bytes, value: bytes) -> Archive:
    storage, batch = on_top(chain), Batch()
    batch.put(table, key, value)
    storage.write(batch)
    return Archive(storage)


def with_record(chain: LocalChain, number: int, change: Callable[[BlockRecord], BlockRecord]) -> Archive:
    record, block_hash = chain.node.record(number), chain.node.archive.hash_of(number)
    assert record is not None
    assert block_hash is not None
    return with_entry(chain, BLOCKS, block_hash, BLOCK_RECORD.encode(change(record)))


def test_a_true_history(chain: LocalChain) -> None:
    """One execution a block, whatever number of validators had signed for it."""
    found = verdicts(chain.node.archive, chain)
    assert [verdict.number for verdict in found] == [1, 2, 3, 4]
    assert [verdict.hash for verdict in found] == [chain.node.header(number).hash for number in range(1, 5)]
    assert all(verdict.ok and verdict.error is None and verdict.executions == 1 for verdict in found)


@pytest.mark.parametrize(("start", "end"), [(1, 2), (2, 2), (3, 4), (4, 4), (0, 4), (3, 2)])
def test_ranges(chain: LocalChain, start: int, end: int) -> None:
    found = verdicts(chain.node.archive, chain, start, end)
    assert [verdict.number for verdict in found] == list(range(max(1, start), end + 1))
    assert all(verdict.ok for verdict in found)


def test_past_the_end(chain: LocalChain) -> None:
    found = verdicts(chain.node.archive, chain, 4, 6)
    assert [verdict.ok for verdict in found] == [True, False, False]
    assert found[1].error == "History.NoBlock: there is no block 5"


@pytest.mark.parametrize("table", [BLOCKS, NUMBERS, RELAY, NODES])
def test_no_stored_byte_can_be_changed_unseen(chain: LocalChain, table: str) -> None:
    """Bits flipped all over the tables: blocks with their proofs, relay blocks, numbers, the nodes of all states."""
    rng = random.Random(table)
    entries = list(chain.node.archive.storage.scan(table))
    for _ in range(FLIPS):
        key, value = rng.choice(entries)
        at = rng.randrange(len(value))
        flipped = value[:at] + bytes([value[at] ^ 1 << rng.randrange(8)]) + value[at + 1 :]
        found = failed(with_entry(chain, table, key, flipped), chain)
        assert found, (table, key.hex(), at)


def test_damage_is_told_where_it_is(chain: LocalChain) -> None:
    """A byte of block 2's proof: block 2 fails, and nothing else."""

    def spoilt(record: BlockRecord) -> BlockRecord:
        data = record.pov.block_data
        return msgspec.structs.replace(record, pov=PoV(data[:-1] + bytes([data[-1] ^ 1])))

    assert failed(with_record(chain, 2, spoilt), chain) == {2: "Candidate.PoVHashMismatch"}


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"backed_by": (0,)}, "History.WrongVoters"),
        ({"backed_by": (0, 1, 2, 3)}, "History.WrongVoters"),
        ({"executions": 2}, "History.WrongExecutions"),
        ({"executions": 0}, "History.WrongExecutions"),
        ({"available": (0, 1, 2)}, "History.WrongAvailability"),
        ({"approvals": ()}, "History.WrongApproval"),
        ({"final_in": 7}, "History.WrongFinality"),
        ({"backed_in": 6}, "History.WrongPlace"),
        ({"backed_in": 2}, "History.WrongPlace"),
        ({"backed_in": 2**32 - 1}, "History.WrongPlace"),
        ({"included_in": 5}, "History.WrongPlace"),
        ({"included_in": 7}, "History.WrongPlace"),
    ],
)
def test_false_claims(chain: LocalChain, changes: dict[str, object], name: str) -> None:
    """Block 2 is backed in relay block 5 by two validators, after one execution, and included in 6."""
    archive = with_record(chain, 2, lambda record: msgspec.structs.replace(record, **changes))
    assert failed(archive, chain)[2] == name


def test_the_other_encoding_of_a_block_is_not_what_was_backed(chain: LocalChain) -> None:
    """The same block in the newer encoding has the same hash; its PoV has not."""

    def spoilt(record: BlockRecord) -> BlockRecord:
        data = decode_block_data(record.pov.block_data)
        versioned = VERSIONED + b"\x01" + VERSIONED_DATA.encode(VersionedBlock((data.block,), data.proof))
        return msgspec.structs.replace(record, pov=PoV(versioned))

    assert failed(with_record(chain, 3, spoilt), chain) == {3: "Candidate.PoVHashMismatch"}


def test_another_block_at_a_number(chain: LocalChain) -> None:
    other = chain.node.archive.hash_of(2)
    assert other is not None
    found = failed(with_entry(chain, NUMBERS, number_key(3), other), chain)
    assert found[3] == "History.WrongBlock"
    assert set(found) == {3, 4}  # block 4's parent is not at its number


def test_a_candidate_that_the_history_conceals(chain: LocalChain) -> None:
    """A chain that was reverted on the side of the parachain only: the relay chain tells of more blocks."""
    record = chain.node.record(3)
    assert record is not None
    storage, batch = on_top(chain), Batch()
    archive = Archive(storage)
    heads = msgspec.structs.replace(archive.heads, best=chain.node.header(2).hash)
    archive.put_heads(batch, heads)
    storage.write(batch)
    found = verdicts(archive, chain, 1, 2)
    assert [verdict.ok for verdict in found] == [True, False]
    assert (found[1].error or "").startswith("History.WrongPlace")


def test_a_bad_relay_block_behind_the_last_block(chain: LocalChain) -> None:
    head = chain.node.relay.head.number
    record = chain.node.archive.relay(head)
    assert record.block is not None
    unsealed = record.header.unsealed()
    spoilt = msgspec.structs.replace(
        record, header=unsealed, block=msgspec.structs.replace(record.block, header=unsealed)
    )
    archive = with_entry(chain, RELAY, number_key(head), RELAY_RECORD.encode(spoilt))
    assert failed(archive, chain) == {LAST: "History.BadRelayBlock(Relay.BadSeal)"}


def test_an_unknown_program_is_no_success(chain: LocalChain) -> None:
    def nothing(code: bytes) -> Runtime:
        raise DeclarationError("no such runtime here")

    found = list(verify_history(chain.node.archive, chain.node.validators, nothing, 1, 1))
    assert [(verdict.ok, verdict.error) for verdict in found] == [(False, "History.UnknownCode: no such runtime here")]


def test_after_a_revert(chain: LocalChain) -> None:
    """What stands now is verified, not what was given up."""
    made = chain.fork()
    made.snapshot("before")
    list(made.advance(2))
    made.revert("before")
    tell(made)
    assert all(verdict.ok for verdict in verdicts(made.node.archive, made, 1, 8))


def test_sessions_and_long_pauses() -> None:
    """Across session changes and rotations, with more empty relay blocks than are remembered."""
    chain = LocalChain()
    for pause in (95, 7, 300, 0):
        chain.advance_relay(pause)
        list(chain.advance(1))
    found = verdicts(chain.node.archive, chain)
    assert [verdict.error for verdict in found] == [None] * 4


def test_full_verification_counts_each_execution() -> None:
    chain = LocalChain(verify="full")
    list(chain.advance(2))
    record = chain.node.record(1)
    assert record is not None
    assert record.executions == len(record.backed_by) + len(record.approvals) == 4
    assert [verdict.error for verdict in verdicts(chain.node.archive, chain, 1, 2)] == [None, None]


def test_on_disk(tmp_path: Path) -> None:
    """The same from a data directory, read beside nobody."""
    with LocalChain.create(tmp_path / "chain", "local") as chain:
        tell(chain)
    with LocalChain.open(tmp_path / "chain", readonly=True) as chain:
        assert all(verdict.ok for verdict in verdicts(chain.node.archive, chain))
