"""The node: what is stored survives, what is reverted is gone, one writes at a time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from amm.local import LocalChain
from amm.signing import sign_call
from chain.crypto.keys import dev
from chain.node.archive import Archive
from chain.node.errors import NodeError, SnapshotError, StoreDamaged, StoreError, StoreMissing, StoreVersion
from chain.node.store import META, Batch, LmdbStorage
from chain.pallets.system import System
from chain.primitives.extrinsic import Extrinsic


def pay(chain: LocalChain, nonce: int, who: str = "alice", tip: int = 0) -> Extrinsic:
    call = chain.call("balances.transfer_allow_death", dest="zoe", value="2 BSX")
    return sign_call(chain.runtime, call, dev(who), nonce, chain.node.genesis_hash, tip=tip)


def nonce_of(chain: LocalChain, who: str) -> int:
    return chain.node.read()[System].account.get(dev(who).account).nonce


SEAL_FOREVER = """
import sys
from pathlib import Path
from amm.local import LocalChain

chain = LocalChain.open(Path(sys.argv[1]))
while True:
    print(chain.submit(chain.call("balances.transfer_allow_death", dest="zoe", value="2 BSX")).block, flush=True)
"""


class TestOnDisk:
    def test_a_chain_goes_on_where_it_was(self, tmp_path: Path) -> None:
        with LocalChain.create(tmp_path / "c") as chain:
            chain.submit(chain.call("balances.transfer_allow_death", dest="zoe", value="2 BSX"))
            head, relay = chain.node.best.hash, chain.node.relay.head.hash
        with LocalChain.open(tmp_path / "c") as again:
            assert (again.node.best.hash, again.node.relay.head.hash) == (head, relay)
            assert again.balance("zoe", "BSX") == 2 * 10**12
            assert again.submit(again.call("system.remark", remark="x")).block == 2

    def test_disk_and_memory_agree(self, tmp_path: Path) -> None:
        memory = LocalChain()
        with LocalChain.create(tmp_path / "c") as disk:
            for chain in (memory, disk):
                chain.submit(chain.call("system.remark", remark="x"))
                list(chain.advance(2))
            assert disk.node.best.hash == memory.node.best.hash

    def test_a_second_writer_is_told_who_holds_it(self, tmp_path: Path) -> None:
        with LocalChain.create(tmp_path / "c"):
            command = [sys.executable, "-c", SEAL_FOREVER, str(tmp_path / "c")]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert "StoreBusy" in done.stderr
            assert str(os.getpid()) in done.stderr

    def test_readers_need_no_lock(self, tmp_path: Path) -> None:
        with LocalChain.create(tmp_path / "c") as chain:
            list(chain.advance(1))
        with LocalChain.open(tmp_path / "c", readonly=True) as reader:
            assert reader.node.best.number == 1

    def test_there_is_no_chain(self, tmp_path: Path) -> None:
        with pytest.raises(StoreMissing):
            LocalChain.open(tmp_path)

    def test_a_chain_is_not_overwritten(self, tmp_path: Path) -> None:
        LocalChain.create(tmp_path / "c").close()
        with pytest.raises(StoreError, match="already"):
            LocalChain.create(tmp_path / "c")

    def test_another_version_is_refused(self, tmp_path: Path) -> None:
        LocalChain.create(tmp_path / "c").close()
        storage = LmdbStorage(tmp_path / "c")
        batch = Batch()
        batch.put(META, b"format", b"basilisk-0")
        storage.write(batch)
        storage.close()
        with pytest.raises(StoreVersion, match="basilisk-0"):
            LocalChain.open(tmp_path / "c")

    def test_damage_is_named(self, tmp_path: Path) -> None:
        LocalChain.create(tmp_path / "c").close()
        (tmp_path / "c" / "data.mdb").write_bytes(b"not a database" * 1000)
        with pytest.raises(StoreDamaged):
            LocalChain.open(tmp_path / "c")
        LocalChain.create(tmp_path / "d").close()  # the lock was let go

    def test_a_file_that_was_cut_off_is_named(self, tmp_path: Path) -> None:
        LocalChain.create(tmp_path / "c").close()
        data = tmp_path / "c" / "data.mdb"
        data.write_bytes(data.read_bytes()[: data.stat().st_size // 2])
        with pytest.raises(StoreDamaged, match="missing"):
            LocalChain.open(tmp_path / "c")

    def test_the_map_grows(self, tmp_path: Path) -> None:
        storage = LmdbStorage(tmp_path, first_map=1 << 20)
        for part in range(4):
            batch = Batch()
            batch.put_nodes({bytes([part, i]) * 16: bytes(4096) for i in range(200)})
            storage.write(batch)
        assert storage.nodes.get(bytes([3, 199]) * 16) == bytes(4096)
        storage.close()


def test_a_kill_leaves_the_last_whole_block(tmp_path: Path) -> None:
    LocalChain.create(tmp_path / "c").close()
    reached = 0
    for _ in range(3):
        command = [sys.executable, "-c", SEAL_FOREVER, str(tmp_path / "c")]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
            assert worker.stdout is not None
            for _ in range(5):
                said = int(worker.stdout.readline())
            worker.kill()
        with LocalChain.open(tmp_path / "c") as chain:
            best = chain.node.best
            assert best.number >= said, "what was told is kept"
            assert best.number > reached
            assert chain.node.record(best.number) is not None or best.number == 0
            assert nonce_of(chain, "alice") == best.number
            assert chain.node.relay.head.number == 2 * best.number + 2
            reached = chain.node.seal([pay(chain, best.number)]).number
    assert reached > 15


class TestSnapshots:
    def test_revert(self) -> None:
        chain = LocalChain()
        list(chain.advance(1))
        chain.snapshot("before")
        head = chain.node.best.hash
        chain.submit(chain.call("balances.transfer_allow_death", dest="zoe", value="2 BSX"))
        chain.advance_relay(7)
        later = chain.node.best
        chain.revert("before")
        assert chain.node.best.hash == head
        assert chain.node.relay.head.number == 4
        assert chain.balance("zoe", "BSX") == 0
        assert chain.node.archive.hash_of(2) is None
        assert chain.node.read(later.hash)[System].number.get() == 2, "old states stay readable"
        outcome = chain.submit(chain.call("balances.transfer_allow_death", dest="zoe", value="2 BSX"))
        assert outcome.block_hash == "0x" + later.hash.hex(), "the same again gives the same block"

    def test_unknown_and_taken_names(self) -> None:
        chain = LocalChain()
        chain.snapshot("a")
        with pytest.raises(SnapshotError, match="already"):
            chain.snapshot("a")
        with pytest.raises(SnapshotError) as caught:
            chain.revert("b")
        assert "a" in caught.value.hint

    def test_pending_extrinsics_come_back(self) -> None:
        chain = LocalChain()
        chain.node.submit(pay(chain, 0))
        chain.snapshot("s")
        chain.node.seal()
        assert len(chain.node.pool) == 0
        chain.revert("s")
        assert [e.signed.nonce for e in chain.node.pool.pending() if e.signed] == [0]

    def test_a_fork_leaves_its_base_alone(self) -> None:
        chain = LocalChain()
        with chain.rolled_back() as fork:
            fork.submit(fork.call("balances.transfer_allow_death", dest="zoe", value="2 BSX"))
            assert fork.balance("zoe", "BSX") == 2 * 10**12
        assert (chain.node.best.number, chain.balance("zoe", "BSX")) == (0, 0)


def test_an_unknown_block_is_an_error_with_a_hint() -> None:
    chain = LocalChain()
    with pytest.raises(NodeError) as caught:
        chain.node.header(5)
    assert "best block is 0" in caught.value.hint


def test_relay_numbers_are_those_of_the_specification() -> None:
    """Block b has relay parent 2b, timestamp 12,000·b ms, slot b, and is included in 2b + 2 (spec/relay.md §12)."""
    chain = LocalChain()
    for number, sealed in enumerate(chain.advance(120), start=1):
        record = sealed.record
        assert record.validation_data.relay_parent_number == 2 * number
        assert sealed.header.slot == number
        assert (record.backed_in, record.included_in) == (2 * number + 1, 2 * number + 2)


def test_relay_blocks_alone_move_time_only() -> None:
    chain = LocalChain()
    chain.advance_relay(101)
    (sealed,) = chain.advance(1)
    assert sealed.number == 1
    assert sealed.record.validation_data.relay_parent_number >= 103


class Histories(RuleBasedStateMachine):
    """Whatever is sealed, snapshotted and reverted: the archive holds one line of blocks up to the best one."""

    def __init__(self) -> None:
        super().__init__()
        self.chain = LocalChain()
        self.kept: dict[str, tuple[bytes, int, int]] = {}
        self.names = 0

    @rule(blocks=st.integers(1, 3))
    def seal(self, blocks: int) -> None:
        list(self.chain.advance(blocks))

    @rule(blocks=st.integers(1, 5))
    def relay(self, blocks: int) -> None:
        self.chain.advance_relay(blocks)

    @rule()
    def snapshot(self) -> None:
        name = f"s{self.names}"
        self.names += 1
        self.chain.snapshot(name)
        self.kept[name] = self.facts()

    @precondition(lambda self: self.kept)
    @rule(data=st.data())
    def revert(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.kept)))
        self.chain.revert(name)
        assert self.facts() == self.kept[name]
        left = {snapshot.name for snapshot in self.chain.node.snapshots()}
        self.kept = {kept: facts for kept, facts in self.kept.items() if kept in left}
        assert name in self.kept

    def facts(self) -> tuple[bytes, int, int]:
        node = self.chain.node
        return node.best.hash, node.best.number, node.relay.head.number

    @invariant()
    def one_line(self) -> None:
        node, archive = self.chain.node, Archive(self.chain.node.archive.storage)
        for number in range(node.best.number, 0, -1):
            assert node.header(number).parent_hash == archive.hash_of(number - 1)
        assert archive.hash_of(node.best.number + 1) is None


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=8, stateful_step_count=12, deadline=None)
