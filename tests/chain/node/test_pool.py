"""The pool of waiting extrinsics: order, what is refused, what is dropped."""

from pathlib import Path

import pytest

from amm.local import LocalChain
from amm.signing import sign_call
from chain.crypto.keys import dev
from chain.node.pool import PoolError
from chain.primitives.errors import Invalid
from chain.primitives.extrinsic import Extrinsic


def pay(chain: LocalChain, nonce: int, who: str = "alice", tip: int = 0) -> Extrinsic:
    call = chain.call("balances.transfer_allow_death", dest="zoe", value="2 BSX")
    return sign_call(chain.runtime, call, dev(who), nonce, chain.node.genesis_hash, tip=tip)


def _other(chain: LocalChain) -> Extrinsic:
    call = chain.call("system.remark", remark="another with the same nonce")
    return sign_call(chain.runtime, call, dev("alice"), 0, chain.node.genesis_hash)


class TestPool:
    def test_nonce_order_and_priority(self) -> None:
        chain = LocalChain()
        for extrinsic in (pay(chain, 1), pay(chain, 0), pay(chain, 0, "bob", tip=5)):
            chain.node.submit(extrinsic)
        sealed = chain.node.seal()
        signed = [a.extrinsic.signed for a in sealed.applied if a.extrinsic.signed]
        assert [(by.account, by.nonce) for by in signed] == [
            (dev("bob").account, 0),
            (dev("alice").account, 0),
            (dev("alice").account, 1),
        ]
        assert len(chain.node.pool) == 0

    def test_a_gap_waits(self) -> None:
        chain = LocalChain()
        chain.node.submit(pay(chain, 1))
        assert len(chain.node.seal().applied) == 2
        chain.node.submit(pay(chain, 0))
        assert len(chain.node.seal().applied) == 4

    def test_refusals(self) -> None:
        chain = LocalChain()
        chain.node.submit(pay(chain, 0))
        with pytest.raises(PoolError):
            chain.node.submit(pay(chain, 0))
        with pytest.raises(PoolError, match="priority"):
            chain.node.submit(_other(chain))
        with pytest.raises(Invalid, match="Payment"):
            chain.node.submit(pay(chain, 0, "nobody"))

    def test_what_overfills_a_block_goes_into_the_next(self) -> None:
        chain = LocalChain()
        remark = chain.call("system.remark", remark="x" * 1_000_000)
        for nonce in range(6):
            chain.node.submit(sign_call(chain.runtime, remark, dev("alice"), nonce, chain.node.genesis_hash))
        sizes = []
        while len(chain.node.pool) and len(sizes) < 6:
            sizes.append(len(chain.node.seal().applied) - 2)
        assert (sum(sizes), len(chain.node.pool)) == (6, 0)
        assert max(sizes) < 6

    def test_a_higher_tip_replaces(self) -> None:
        chain = LocalChain()
        chain.node.submit(pay(chain, 0))
        better = pay(chain, 0, tip=7)
        chain.node.submit(better)
        assert [e.hash for e in chain.node.pool.pending()] == [better.hash]

    def test_pending_survives_closing(self, tmp_path: Path) -> None:
        with LocalChain.create(tmp_path / "c") as chain:
            chain.node.submit(pay(chain, 0))
        with LocalChain.open(tmp_path / "c") as again:
            assert len(again.node.pool) == 1
            assert len(again.node.seal().applied) == 3
