"""Driving the chain as Chopsticks is driven; every block that this makes is verified like any other."""

from typing import Any

import pytest

from amm.runtime import load
from chain.crypto import ss58
from chain.crypto.hashing import twox_128
from chain.crypto.keys import dev
from chain.node.verify import verify_history
from chain.pallets.timestamp import Timestamp
from chain.rpc.errors import RpcError
from chain.rpc.ruling import Removal, Ruler

KEY = "0x0102"


def refused(node: Any, method: str, *params: Any) -> Any:
    with pytest.raises(Exception) as caught:
        node.call(method, *params)
    return caught.value


def height(node: Any) -> int:
    return int(node.chain.node.best.number)


class TestNewBlock:
    def test_one_several_or_up_to_a_height(self, node: Any) -> None:
        start = height(node)
        assert node.call("dev_newBlock") == node.call("chain_getBlockHash")
        assert height(node) == start + 1
        node.call("dev_newBlock", {"count": 3})
        assert height(node) == start + 4
        node.call("dev_newBlock", {"to": start + 6})
        node.call("dev_newBlock", {"to": start})
        assert height(node) == start + 6

    def test_of_given_transactions(self, node: Any) -> None:
        extrinsic = "0x" + node.extrinsic().raw.hex()
        node.call("dev_newBlock", {"transactions": [extrinsic]})
        assert node.call("chain_getBlock")["block"]["extrinsics"][-1] == extrinsic
        before = height(node)
        assert refused(node, "dev_newBlock", {"transactions": [extrinsic]}).code == 1010
        assert refused(node, "dev_newBlock", {"transactions": ["0x00"]}).code == 1001
        forged = bytearray(bytes.fromhex("".join(("0x" + node.extrinsic().raw.hex())[2:])))
        forged[50] ^= 1
        assert refused(node, "dev_newBlock", {"transactions": ["0x" + forged.hex()]}).code == 1010
        assert height(node) == before

    def test_what_is_not_known_is_said(self, node: Any) -> None:
        assert "ump" in refused(node, "dev_newBlock", {"ump": {}}).message
        assert refused(node, "dev_newBlock", {"count": -1}).code == -32602
        assert "at most" in refused(node, "dev_newBlock", {"count": 10_001}).data


class TestTime:
    def test_travel_forward(self, node: Any) -> None:
        now = node.chain.node.read()[Timestamp].now.get()
        arrived = node.call("dev_timeTravel", now + 3_600_000)
        assert now + 3_600_000 <= arrived < now + 3_600_000 + 6_000
        node.call("dev_newBlock")
        assert node.chain.node.read()[Timestamp].now.get() >= now + 3_600_000

    def test_a_date_counts_from_the_epoch(self, node: Any) -> None:
        assert node.call("dev_timeTravel", "1970-01-01T02:00:00") == 7_200_000
        assert node.call("dev_timeTravel", "1970-01-01T03:00:00+00:00") == 10_800_000

    @pytest.mark.parametrize("date", [0, "yesterday", -1, True, None, [], 1.5, 10**30, "2026-01-01"])
    def test_what_cannot_be_reached(self, node: Any, date: Any) -> None:
        assert refused(node, "dev_timeTravel", date).code in (-32602, -32000)


class TestSetHead:
    def test_back_by_number_and_hash(self, node: Any) -> None:
        first = node.call("chain_getBlockHash", 1)
        node.call("dev_setHead", 2)
        assert height(node) == 2
        node.call("dev_setHead", first)
        assert node.call("chain_getBlockHash") == first
        assert node.call("chain_getBlockHash", 2) is None

    def test_the_chain_goes_on_from_there_as_it_first_did(self, node: Any) -> None:
        hashes = [node.call("chain_getBlockHash", number) for number in range(height(node) + 1)]
        extrinsics = node.call("chain_getBlock", hashes[1])["block"]["extrinsics"][2:]
        node.call("dev_setHead", 0)
        assert node.call("dev_newBlock", {"transactions": extrinsics}) == hashes[1]

    def test_the_pool_is_empty_then(self, chain: Any, make_node: Any) -> None:
        from chain.rpc.sealing import Mode

        node = make_node(chain, None, Mode.MANUAL)
        node.call("author_submitExtrinsic", "0x" + node.extrinsic().raw.hex())
        node.call("dev_setHead", 2)
        assert node.call("author_pendingExtrinsics") == []
        assert node.chain.node.snapshots() == []

    def test_forward_again_to_what_was_left(self, node: Any) -> None:
        tip, best = node.call("chain_getBlockHash"), height(node)
        balance = node.chain.balance("bob", "KSM")
        assert node.call("dev_setHead", 1) == node.call("chain_getBlockHash", 1)
        assert node.chain.balance("bob", "KSM") != balance
        assert node.call("dev_setHead", best) == tip == node.call("chain_getBlockHash")
        assert node.chain.balance("bob", "KSM") == balance
        assert node.call("chain_getFinalizedHead") == tip
        node.call("dev_setHead", 1)
        assert node.call("dev_setHead", tip) == tip
        node.call("dev_newBlock")
        assert height(node) == best + 1

    def test_beside_the_chain(self, node: Any) -> None:
        """A number above the head is the block that was left there last."""
        first = node.call("dev_setStorage", [[KEY, "0x01"]])
        node.call("dev_setHead", -1)
        second = node.call("dev_setStorage", [[KEY, "0x02"]])
        assert node.call("dev_setHead", first) == first
        assert node.call("state_getStorage", KEY) == "0x01"
        node.call("dev_setHead", -1)
        assert node.call("dev_setHead", height(node) + 1) == first
        assert node.call("dev_setHead", second) == second
        assert node.call("state_getStorage", KEY) == "0x02"
        assert node.call("chain_getHeader", first)["number"] == node.call("chain_getHeader", second)["number"]

    def test_followers_stop_and_heads_are_told(self, client: Any, node: Any) -> None:
        best = height(node)
        node.call("dev_setHead", 1)
        client.call("chain_subscribeNewHeads")
        client.call("chain_subscribeFinalizedHeads")
        client.call("chainHead_v1_follow", False)
        client.notes()
        node.call("dev_setHead", best)
        told = client.notes()
        assert {name: head["number"] for name, head in told[:2]} == {
            "chain_newHead": hex(best), "chain_finalizedHead": hex(best),
        }  # fmt: skip
        assert told[2][1] == {"event": "stop"}

    @pytest.mark.parametrize(
        "block", [99, -99, "0x" + "00" * 32, "0xzz", "0x" + "00" * 31, None, {}, True, 1.5, "", 2**32]
    )
    def test_no_such_block(self, node: Any, block: Any) -> None:
        before = node.call("chain_getBlockHash")
        assert refused(node, "dev_setHead", block).code in (-32000, -32602)
        assert node.call("chain_getBlockHash") == before


class TestWriting:
    def test_storage_is_written_by_an_extrinsic(self, node: Any) -> None:
        before = height(node)
        assert node.call("dev_setStorage", [[KEY, "0x03"], ["0x05", "0x"]]) == node.call("chain_getBlockHash")
        assert height(node) == before + 1
        assert node.call("state_getStorage", KEY) == "0x03"
        assert node.call("state_getStorage", "0x05") == "0x"
        assert len(node.call("chain_getBlock")["block"]["extrinsics"]) == 3
        node.call("dev_setStorage", [[KEY, None], ["0x05", "0x06"]])
        assert node.call("state_getStorage", KEY) is None
        assert node.call("state_getStorage", "0x05") == "0x06"

    def test_in_the_order_given(self, node: Any) -> None:
        node.call("dev_setStorage", [[KEY, "0x03"], [KEY, None], ["0x05", None], ["0x05", "0x06"]])
        assert (node.call("state_getStorage", KEY), node.call("state_getStorage", "0x05")) == (None, "0x06")

    def test_a_whole_prefix(self, node: Any) -> None:
        keys = [bytes([7, number]) for number in range(5)]
        ruler = Ruler(node.service.view, node.service.sealer)
        ruler.write([(key, b"\1") for key in (*keys, b"\x08")])
        ruler.write([(keys[0], b"\2"), Removal(b"\7"), (keys[1], b"\3"), Removal(b"\x09"), Removal(b"\x0a")])
        assert node.call("state_getPairs", "0x07") == [["0x0701", "0x03"]]
        assert node.call("state_getStorage", "0x08") == "0x01"
        for prefix in (b"", b":", b":code"):
            with pytest.raises(RpcError, match="runtime"):
                ruler.write([Removal(prefix)])

    def test_what_waits_of_the_sudo_key_goes_in_before(self, chain: Any, make_node: Any) -> None:
        from chain.rpc.sealing import Mode

        node = make_node(chain, None, Mode.MANUAL)
        waiting = "0x" + node.extrinsic().raw.hex()
        node.call("author_submitExtrinsic", waiting)
        node.call("dev_setStorage", [[KEY, "0x03"]])
        assert node.call("author_pendingExtrinsics") == []
        assert waiting in node.call("chain_getBlock", node.call("chain_getBlockHash", height(node) - 1))["block"][
            "extrinsics"
        ]

    def test_only_on_the_best_block(self, node: Any) -> None:
        assert "dev_setHead" in refused(node, "dev_setStorage", [], node.call("chain_getBlockHash", 1)).data

    def test_the_runtime_stays(self, node: Any) -> None:
        assert "runtime" in refused(node, "dev_setStorage", [["0x3a636f6465", "0x00"]]).message

    @pytest.mark.parametrize(
        ("pallet", "item", "value"),
        [("Timestamp", "Now", "0xffffffffff000000"), ("Aura", "Authorities", "0x00"), ("Aura", "Authorities", "0xff"),
         ("System", "Digest", "0xff"), ("Balances", "TotalIssuance", "0x00")],
    )  # fmt: skip
    def test_what_no_chain_can_live_with(self, node: Any, pallet: str, item: str, value: str) -> None:
        """Either it is not written, or no block follows: both are said, and there is a way back."""
        before = node.call("chain_getBlockHash")
        key = "0x" + (twox_128(pallet.encode()) + twox_128(item.encode())).hex()
        with pytest.raises(Exception) as caught:
            node.call("dev_setStorage", [[key, value]])
            node.call("dev_newBlock")
        assert caught.value.code == -32000
        assert "no block can be built" in caught.value.message
        assert "dev_setHead" in caught.value.data
        node.call("dev_setHead", before)
        node.call("dev_newBlock")

    @pytest.mark.parametrize("values", [None, 5, [["0x01"]], [["0x01", 5]], [["0x01", "0x02", "0x03"]], [5], {"A": 1}])
    def test_malformed(self, node: Any, values: Any) -> None:
        before = height(node)
        assert refused(node, "dev_setStorage", values).code in (-32000, -32602)
        assert height(node) == before

    def test_acting_as_somebody_else(self, node: Any) -> None:
        call = node.chain.call("balances.transfer_allow_death", dest="zoe", value="5 BSX")
        encoded, bob = "0x" + node.chain.runtime.call.encode(call).hex(), ss58.encode(dev("bob").account)
        before = node.chain.balance("bob", "BSX")
        answer = node.call("dev_sendAs", bob, encoded)
        assert answer["block"] == node.call("chain_getBlockHash")
        assert node.chain.balance("bob", "BSX") == before - 5 * 10**12
        poor = refused(node, "dev_sendAs", ss58.encode(dev("poor").account), encoded)
        assert "FundsUnavailable" in poor.message
        assert refused(node, "dev_sendAs", bob, "0xfefe").code == -32602

    def test_a_chain_without_sudo_cannot_be_written_so(self, make_node: Any) -> None:
        from dataclasses import replace

        from amm.local import LocalChain

        node = make_node(LocalChain())
        node.service.view.facts = replace(node.service.view.facts, sudo=None)
        assert "sudo" in refused(node, "dev_setStorage", [[KEY, "0x03"]]).message


def test_every_block_stays_provable(node: Any) -> None:
    node.call("dev_setStorage", [[KEY, "0x03"]])
    node.call("dev_timeTravel", node.chain.node.read()[Timestamp].now.get() + 600_000)
    node.call("dev_newBlock", {"count": 2})
    left = node.call("chain_getBlockHash")
    node.call("dev_setHead", height(node) - 1)
    node.call("dev_setStorage", [[KEY, None]])
    node.call("dev_setHead", left)
    node.call("dev_setStorage", [[KEY, "0x04"]])
    inner = node.chain.node
    verdicts = list(verify_history(inner.archive, inner.validators, load, 1, height(node)))
    assert len(verdicts) == height(node)
    assert [verdict.error for verdict in verdicts if verdict.error] == []


def test_modes(node: Any) -> None:
    for mode in ("Manual", "Instant", "Batch", "Interval", "manual"):
        assert node.call("dev_setBlockBuildMode", mode) is None
        assert node.service.sealer.mode.value == mode.lower()
    assert refused(node, "dev_setBlockBuildMode", "often").code == -32602
