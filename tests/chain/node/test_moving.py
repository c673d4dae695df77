"""Any block that is kept can be the best one again, with the relay chain as it was; the chain goes on from there."""

from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from amm.local import LocalChain
from amm.runtime import load
from chain.node.errors import Finished, HeadError, SnapshotError
from chain.node.service import Node
from chain.node.verify import verify_history
from chain.relay.faults import Fault, Switched


def stand(node: Node) -> tuple[bytes, int, bytes, bytes | None, int]:
    """Where both chains stand."""
    return node.best.hash, node.best.number, node.relay.head.hash, node.finalized, node.relay.finalized.number


def check(node: Node) -> None:
    """One line of blocks below the best, included by the relay chain, verified throughout."""
    assert node.relay.included_head(node.about.para_id, node.relay.head) == node.best.hash
    assert node.archive.hash_of(node.best.number) == node.best.hash
    assert node.archive.hash_of(node.best.number + 1) is None
    for number in range(1, node.best.number + 1):
        assert node.header(number).parent_hash == node.header(number - 1).hash
    assert node.finalized is None or node.header(node.header(node.finalized).number).hash == node.finalized
    verdicts = list(verify_history(node.archive, node.validators, load, 1, node.best.number))
    assert [verdict.error for verdict in verdicts if verdict.error] == []


def test_back_and_forward_again() -> None:
    chain = LocalChain()
    node = chain.node
    stands = [stand(node)]
    for _ in range(4):
        list(chain.advance(1))
        stands.append(stand(node))
    for number in (2, 4, 0, 3, 1, 4):
        node.go_to(stands[number][0])
        assert stand(node) == stands[number]
        check(node)
    following = node.seal(())
    node.go_to(stands[4][0])
    assert node.seal(()).hash == following.hash, "the chain goes on as it first did"


def test_beside_and_back() -> None:
    chain = LocalChain()
    list(chain.advance(3))
    node, left = chain.node, chain.node.best.hash
    node.go_to(node.header(1).hash)
    chain.advance_relay(3)
    chain.submit(chain.call("system.remark", remark="x"))
    here = node.best
    assert here.number == 2
    node.go_to(left)
    assert (node.best.hash, node.best.number) == (left, 3)
    check(node)
    node.go_to(here.hash)
    assert node.best == here
    check(node)
    assert len(node.record(2).block.extrinsics) == 3  # type: ignore[union-attr]


def test_the_relay_chain_is_where_it_included_the_block(tmp_path: Path) -> None:
    """Empty relay blocks after it are left behind, and found by no later block; on disk as in memory."""
    with LocalChain.create(tmp_path / "c") as chain:
        node = chain.node
        list(chain.advance(2))
        expected = stand(node)
        chain.advance_relay(700)
        list(chain.advance(1))
        later = stand(node)
        node.go_to(expected[0])
        assert stand(node) == expected
    with LocalChain.open(tmp_path / "c") as chain:
        assert stand(chain.node) == expected
        chain.node.go_to(later[0])
        assert stand(chain.node) == later
        check(chain.node)
    with LocalChain.open(tmp_path / "c") as chain:
        assert stand(chain.node) == later


def test_what_a_revert_has_cut_can_be_gone_to_as_well() -> None:
    chain = LocalChain()
    list(chain.advance(1))
    chain.snapshot("here")
    list(chain.advance(2))
    tip = stand(chain.node)
    chain.revert("here")
    chain.node.go_to(tip[0])
    assert stand(chain.node) == tip
    chain.revert("here")
    assert chain.node.best.number == 1
    check(chain.node)


def test_snapshots_of_what_is_left_go() -> None:
    chain = LocalChain()
    list(chain.advance(1))
    chain.snapshot("low")
    list(chain.advance(1))
    chain.snapshot("high")
    list(chain.advance(1))
    chain.node.go_to(chain.node.header(2).hash)
    assert {each.name for each in chain.node.snapshots()} == {"low", "high"}
    chain.node.go_to(chain.node.header(1).hash)
    assert {each.name for each in chain.node.snapshots()} == {"low"}
    with pytest.raises(SnapshotError):
        chain.revert("high")


def test_no_such_block() -> None:
    chain = LocalChain()
    list(chain.advance(1))
    before = stand(chain.node)
    with pytest.raises(HeadError, match="no block"):
        chain.node.go_to(bytes(32))
    assert stand(chain.node) == before


def faulty(*faults: Fault) -> LocalChain:
    """A fresh chain whose validators and collator do these things wrong."""
    chain = LocalChain()
    old = chain.node
    chain.node = Node(
        chain.runtime, old.validators, old.keys, old.archive.storage, load, old.about,
        Switched(faults, old.validators, 2090),
    )
    return chain


def rounds(node: Node) -> list[int | None]:
    """Which rounds made the blocks final."""
    return [record.final_in for number in range(1, node.best.number + 1) if (record := node.record(number))]


def test_where_blocks_become_final_later() -> None:
    """A validator is away for a while: what was not final yet when a block was included is not when it is gone to."""
    chain = faulty(Fault(4, "offline", (3,), until=24))
    node = chain.node
    stands = [stand(node)]
    for _ in range(12):
        list(chain.advance(1))
        stands.append(stand(node))
    late = [number for number in range(1, 13) if stands[number][3] != stands[number][0]]
    assert late, "some blocks were not final at first"
    known = rounds(node)
    for number in (late[0], 12, late[-1], 1, 11, late[0], 12):
        node.go_to(stands[number][0])
        assert stand(node) == stands[number]
        verdicts = list(verify_history(node.archive, node.validators, load, 1, number, faults=True))
        assert [verdict.error for verdict in verdicts if verdict.error] == []
        final = node.header(node.finalized or b"").number
        assert rounds(node) == [*known[:final], *[None] * (number - final)]


def test_a_block_without_a_state_cannot_be_gone_to() -> None:
    chain = faulty(Fault(6, "collude", (0, 1, 2, 3)), Fault(6, "tamper", path="header.state_root"))
    list(chain.advance(2))
    good = stand(chain.node)
    with pytest.raises(Finished):
        list(chain.advance(1))
    spoilt = chain.node.best.hash
    chain.node.go_to(good[0])
    with pytest.raises(HeadError, match="state"):
        chain.node.go_to(spoilt)
    assert stand(chain.node) == good


class Wanderer(RuleBasedStateMachine):
    """Whatever was sealed, whatever was gone to before: a block's stand is always the same."""

    def __init__(self) -> None:
        super().__init__()
        self.chain = LocalChain()
        self.stands = {self.chain.node.best.hash: stand(self.chain.node)}

    @rule(remark=st.sampled_from("abc"))
    def seal(self, remark: str) -> None:
        self.chain.submit(self.chain.call("system.remark", remark=remark))
        self.note()

    @rule(blocks=st.integers(1, 5))
    def wait(self, blocks: int) -> None:
        self.chain.advance_relay(blocks)
        list(self.chain.advance(1))
        self.note()

    def note(self) -> None:
        node = self.chain.node
        assert self.stands.setdefault(node.best.hash, stand(node)) == stand(node)

    @rule(data=st.data())
    def go(self, data: st.DataObject) -> None:
        target = data.draw(st.sampled_from(sorted(self.stands)))
        self.chain.node.go_to(target)
        assert stand(self.chain.node) == self.stands[target]

    @invariant()
    def one_line(self) -> None:
        node = self.chain.node
        assert node.archive.hash_of(node.best.number) == node.best.hash
        assert node.archive.hash_of(node.best.number + 1) is None

    def teardown(self) -> None:
        check(self.chain.node)


TestWandering = Wanderer.TestCase
TestWandering.settings = settings(max_examples=12, stateful_step_count=12, deadline=None)
