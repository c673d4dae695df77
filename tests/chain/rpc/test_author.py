"""The pool: what is taken, what is refused with which code, and what a watcher hears."""

from typing import Any

import pytest

from amm.signing import sign_call
from chain.crypto.keys import dev
from chain.primitives.extrinsic import Extrinsic
from chain.rpc.sealing import Mode
from chain.scale import Era


def text(extrinsic: Extrinsic) -> str:
    return "0x" + extrinsic.raw.hex()


def pay(node: Any, nonce: int, who: str = "alice", tip: int = 0, genesis: bytes | None = None) -> Extrinsic:
    call = node.chain.call("balances.transfer_allow_death", dest="zoe", value="2 BSX")
    chosen = genesis or node.chain.node.genesis_hash
    return sign_call(node.chain.runtime, call, dev(who), nonce, chosen, tip=tip)


def next_nonce(node: Any, who: str = "alice") -> int:
    return int(node.call("system_accountNextIndex", "0x" + dev(who).account.hex()))


def refusal(node: Any, raw: str) -> tuple[int, str]:
    with pytest.raises(Exception) as caught:
        node.call("author_submitExtrinsic", raw)
    return caught.value.code, f"{caught.value.message}: {caught.value.data}"


def test_submitted_means_in_the_next_block(node: Any) -> None:
    extrinsic = node.extrinsic()
    assert node.call("author_submitExtrinsic", text(extrinsic)) == "0x" + extrinsic.hash.hex()
    assert node.call("author_pendingExtrinsics") == [text(extrinsic)]
    node.clock.run()
    assert node.call("author_pendingExtrinsics") == []
    assert text(extrinsic) in node.call("chain_getBlock")["block"]["extrinsics"]
    assert node.chain.balance("zoe", "BSX") == 2 * 10**12


class TestRefusals:
    def test_bytes_that_are_no_extrinsic(self, node: Any) -> None:
        for raw in ("", "0x", "0x00", "0x04ff", "0x1c84", "0xffffffff"):
            assert refusal(node, raw)[0] == 1001, raw

    def test_a_stale_nonce(self, node: Any) -> None:
        code, why = refusal(node, text(pay(node, 0)))
        assert (code, "outdated" in why) == (1010, True)

    def test_a_signature_for_another_chain(self, node: Any) -> None:
        code, why = refusal(node, text(pay(node, next_nonce(node), genesis=bytes(32))))
        assert (code, "bad signature" in why) == (1010, True)

    def test_a_mock_signature(self, node: Any) -> None:
        """Chopsticks may take it for anybody's; here validators would refuse the block."""
        raw = bytearray(pay(node, next_nonce(node)).raw)
        at = raw.index(dev("alice").account) + 33
        raw[at : at + 64] = bytes.fromhex("deadbeef" + "cd" * 60)
        code, why = refusal(node, "0x" + raw.hex())
        assert (code, "bad signature" in why) == (1010, True)

    def test_a_payer_without_money(self, node: Any) -> None:
        code, why = refusal(node, text(pay(node, 0, "nobody")))
        assert (code, "pay some fees" in why) == (1010, True)

    def test_a_call_that_does_not_exist(self, node: Any) -> None:
        by = pay(node, next_nonce(node)).signed
        assert by is not None
        assert refusal(node, text(Extrinsic.sign(b"\xfe\xfe", by)))[0] == 1010

    def test_an_unsigned_call(self, node: Any) -> None:
        call = node.chain.runtime.call.encode(node.chain.call("balances.transfer_allow_death", dest="zoe", value=1))
        assert refusal(node, text(Extrinsic.bare(call)))[0] == 1011

    def test_the_same_twice(self, node: Any) -> None:
        extrinsic = node.extrinsic()
        node.call("author_submitExtrinsic", text(extrinsic))
        code, why = refusal(node, text(extrinsic))
        assert (code, extrinsic.hash.hex() in why) == (1013, True)

    def test_another_with_the_same_nonce(self, node: Any) -> None:
        nonce = next_nonce(node)
        node.call("author_submitExtrinsic", text(pay(node, nonce, tip=5)))
        assert refusal(node, text(pay(node, nonce, tip=4)))[0] == 1014

    def test_a_refused_one_gets_no_subscription(self, client: Any, node: Any) -> None:
        with pytest.raises(Exception, match="1010"):
            client.call("author_submitAndWatchExtrinsic", text(pay(node, 0)))
        assert client.connection.subscriptions == {}


class TestEras:
    """Where an extrinsic is mortal."""

    def mortal(self, node: Any, nonce: int, at: int, period: int = 4) -> str:
        era = Era.mortal(period, at)
        birth = node.chain.node.archive.hash_of(era.birth(at)) or bytes(32)
        call, genesis = node.chain.call("system.remark", remark="x"), node.chain.node.genesis_hash
        return text(sign_call(node.chain.runtime, call, dev("alice"), nonce, genesis, era=era, birth_hash=birth))

    def test_taken_while_it_lives(self, node: Any) -> None:
        raw = self.mortal(node, next_nonce(node), node.chain.node.best.number)
        node.call("author_submitExtrinsic", raw)
        node.clock.run()
        assert raw in node.call("chain_getBlock")["block"]["extrinsics"]

    def test_not_before_and_not_after(self, node: Any) -> None:
        node.call("dev_newBlock", {"count": 20})
        best = node.chain.node.best.number
        for at in (best - 8, best + 8):
            code, why = refusal(node, self.mortal(node, next_nonce(node), at))
            assert (code, "bad signature" in why) == (1010, True), at

    def test_born_in_a_block_that_nobody_knows(self, node: Any) -> None:
        """Seen from the next block, its era begins with that block itself."""
        node.call("dev_newBlock", {"to": 23})
        code, why = refusal(node, self.mortal(node, next_nonce(node), 0))
        assert (code, "ancient birth block" in why) == (1010, True)

    @pytest.mark.parametrize("ahead", [0, 1])
    def test_one_that_lapses_in_the_pool_holds_nothing_up(self, client: Any, node: Any, ahead: int) -> None:
        node.service.sealer.set_mode(Mode.MANUAL)
        nonce = next_nonce(node)
        client.call("author_submitAndWatchExtrinsic", self.mortal(node, nonce + ahead, node.chain.node.best.number))
        for _ in range(8):
            node.service.sealer.seal(())
        after = pay(node, nonce)
        if ahead:
            node.call("author_submitExtrinsic", text(after))
        node.seal()
        assert (text(after) in node.call("chain_getBlock")["block"]["extrinsics"]) is bool(ahead)
        node.seal()
        assert node.call("author_pendingExtrinsics") == []
        assert [status for _, status in client.notes()][1:] == ["invalid"]
        assert next_nonce(node) == nonce + ahead


class TestWatching:
    def test_ready_in_block_finalized(self, client: Any, node: Any) -> None:
        client.call("author_submitAndWatchExtrinsic", text(node.extrinsic()))
        node.clock.run()
        best = "0x" + node.chain.node.best.hash.hex()
        statuses = [status for _, status in client.notes()]
        assert statuses == ["ready", {"inBlock": best}, {"finalized": best}]
        assert client.connection.subscriptions == {}

    def test_a_nonce_ahead_waits_for_the_one_before(self, client: Any, node: Any) -> None:
        nonce = next_nonce(node)
        client.call("author_submitAndWatchExtrinsic", text(pay(node, nonce + 1)))
        node.clock.run()
        assert client.notes() == [("author_extrinsicUpdate", "future")]
        assert next_nonce(node) == nonce
        node.call("author_submitExtrinsic", text(pay(node, nonce)))
        assert next_nonce(node) == nonce + 2
        node.clock.run()
        assert [set(status) for _, status in client.notes()] == [{"inBlock"}, {"finalized"}]

    def test_a_higher_tip_usurps(self, client: Any, node: Any) -> None:
        node.service.sealer.set_mode(Mode.MANUAL)
        nonce, dear = next_nonce(node), pay(node, next_nonce(node), tip=10)
        client.call("author_submitAndWatchExtrinsic", text(pay(node, nonce)))
        client.call("author_submitExtrinsic", text(dear))
        assert [status for _, status in client.notes()] == ["ready", {"usurped": "0x" + dear.hash.hex()}]

    def test_what_no_block_takes_is_invalid(self, client: Any, node: Any) -> None:
        node.service.sealer.set_mode(Mode.MANUAL)
        waiting = pay(node, next_nonce(node))
        client.call("author_submitAndWatchExtrinsic", text(waiting))
        other = node.chain.prepare(node.chain.call("system.remark", remark="x")).extrinsic
        assert other.hash != waiting.hash
        # The same nonce comes into a block another way: what waits has become stale.
        stale = sign_call(
            node.chain.runtime, node.chain.call("system.remark", remark="x"), dev("alice"),
            next_nonce(node) - 1, node.chain.node.genesis_hash,
        )  # fmt: skip
        node.service.sealer.seal([stale])
        node.seal()
        assert [status for _, status in client.notes()] == ["ready", "invalid"]

    def test_removed_by_hand(self, client: Any, node: Any) -> None:
        node.service.sealer.set_mode(Mode.MANUAL)
        extrinsic = node.extrinsic()
        client.call("author_submitAndWatchExtrinsic", text(extrinsic))
        hash = "0x" + extrinsic.hash.hex()
        assert client.call("author_removeExtrinsic", [{"hash": hash}]) == [hash]
        assert client.call("author_removeExtrinsic", [{"extrinsic": text(extrinsic)}]) == []
        assert [status for _, status in client.notes()] == ["ready", "dropped"]
        assert client.call("author_pendingExtrinsics") == []

    def test_unwatched_hears_nothing_more(self, client: Any, node: Any) -> None:
        id = client.call("author_submitAndWatchExtrinsic", text(node.extrinsic()))
        assert client.call("author_unwatchExtrinsic", id) is True
        assert client.call("author_unwatchExtrinsic", id) is False
        client.notes()
        node.clock.run()
        assert client.notes() == []


class TestSealing:
    def test_manual_seals_on_demand_only(self, chain: Any, make_node: Any) -> None:
        node = make_node(chain, None, Mode.MANUAL)
        node.call("author_submitExtrinsic", text(node.extrinsic()))
        node.clock.run()
        assert len(node.call("author_pendingExtrinsics")) == 1
        node.call("dev_newBlock")
        assert node.call("author_pendingExtrinsics") == []

    def test_interval_seals_empty_blocks_too(self, chain: Any, make_node: Any) -> None:
        node = make_node(chain, None, Mode.INTERVAL)
        before = chain.node.best.number
        for step in range(1, 4):
            seconds, beat = node.clock.waiting.pop()
            assert seconds == node.service.sealer.every
            beat()
            assert chain.node.best.number == before + step
        assert len(node.clock.waiting) == 1

    def test_a_change_of_mode_ends_the_interval(self, chain: Any, make_node: Any) -> None:
        node = make_node(chain, None, Mode.INTERVAL)
        before = chain.node.best.number
        node.call("dev_setBlockBuildMode", "Manual")
        node.clock.run()
        assert chain.node.best.number == before

    def test_batch_gathers_several_for_one_block(self, chain: Any, make_node: Any) -> None:
        node = make_node(chain, None, Mode.BATCH)
        before, nonce = chain.node.best.number, next_nonce(node)
        for step in range(3):
            node.call("author_submitExtrinsic", text(pay(node, nonce + step)))
        assert [seconds for seconds, _ in node.clock.waiting] == [0.1]
        node.clock.run()
        assert chain.node.best.number == before + 1
        assert next_nonce(node) == nonce + 3

    def test_a_chain_at_genesis_seals_a_block_first(self, make_node: Any) -> None:
        from amm.local import LocalChain

        node = make_node(LocalChain())
        assert node.chain.node.best.number == 1
