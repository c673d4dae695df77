"""Heads, storage and versions as they change; who does not read, and who goes away."""

from typing import Any

import pytest

from chain.crypto.hashing import twox_128
from chain.rpc.connection import Limits

NUMBER = "0x" + (twox_128(b"System") + twox_128(b"Number")).hex()


def test_heads_now_and_then_each(client: Any, node: Any) -> None:
    for method in ("chain_subscribeNewHead", "chain_subscribeAllHeads", "chain_subscribeFinalizedHeads"):
        client.call(method)
    start = node.chain.node.best.number
    assert [(name, head["number"]) for name, head in client.notes()] == [
        ("chain_newHead", hex(start)), ("chain_allHead", hex(start)), ("chain_finalizedHead", hex(start)),
    ]  # fmt: skip
    node.seal()
    node.seal()
    assert [(name, head["number"]) for name, head in client.notes()] == [
        (name, hex(number))
        for number in (start + 1, start + 2)
        for name in ("chain_newHead", "chain_allHead", "chain_finalizedHead")
    ]


def test_the_order_of_all_that_is_told_of_a_block(client: Any, node: Any) -> None:
    client.call("chain_subscribeFinalizedHeads")
    client.call("chainHead_v1_follow", False)
    client.call("state_subscribeStorage", [NUMBER])
    client.call("chain_subscribeNewHeads")
    client.call("author_submitAndWatchExtrinsic", "0x" + node.extrinsic().raw.hex())
    client.notes()
    node.clock.run()
    told = []
    for name, result in client.notes():
        told.append(result["event"] if "event" in result else name + (next(iter(result)) if "author" in name else ""))
    assert told == [
        "chain_newHead", "state_storage", "newBlock", "bestBlockChanged", "author_extrinsicUpdateinBlock",
        "chain_finalizedHead", "finalized", "author_extrinsicUpdatefinalized",
    ]  # fmt: skip


def test_the_state_of_a_block_can_be_read_when_it_is_told(client: Any, node: Any) -> None:
    client.call("chain_subscribeNewHeads")
    client.notes()
    hash = node.seal()
    assert client.call("state_getStorage", NUMBER, hash) is not None
    assert client.call("chain_getBlock", hash)["block"]["header"] == client.notes()[0][1]


class TestStorage:
    def test_all_at_once_then_what_changes(self, client: Any, node: Any) -> None:
        client.call("state_subscribeStorage", [NUMBER, "0x3a636f6465", "0xff"])
        ((_, first),) = client.notes()
        assert [key for key, _ in first["changes"]] == [NUMBER, "0x3a636f6465", "0xff"]
        assert first["changes"][2][1] is None
        hash = node.seal()
        ((_, second),) = client.notes()
        assert (second["block"], [key for key, _ in second["changes"]]) == (hash, [NUMBER])

    def test_nothing_is_told_where_nothing_changed(self, client: Any, node: Any) -> None:
        client.call("state_subscribeStorage", ["0x3a636f6465"])
        client.notes()
        node.seal()
        assert client.notes() == []

    def test_going_back_is_a_change(self, client: Any, node: Any) -> None:
        client.call("state_subscribeStorage", [NUMBER])
        client.call("chain_subscribeNewHeads")
        client.notes()
        client.call("dev_setHead", 1)
        notes = dict(client.notes())
        assert notes["state_storage"]["changes"] == [[NUMBER, "0x01000000"]]
        assert notes["chain_newHead"]["number"] == "0x1"

    def test_the_keys_watched_are_bounded(self, client: Any) -> None:
        keys = [f"0x{number:08x}" for number in range(16_000)]
        for _ in range(4):
            client.call("state_subscribeStorage", keys)
        with pytest.raises(Exception, match="4002"):
            client.call("state_subscribeStorage", keys)


def test_the_version_at_once(client: Any) -> None:
    id = client.call("state_subscribeRuntimeVersion")
    assert [(name, version["specVersion"]) for name, version in client.notes()] == [("state_runtimeVersion", 118)]
    assert client.call("state_unsubscribeRuntimeVersion", id) is True


class TestEnding:
    def test_unsubscribed_hears_nothing_more(self, client: Any, node: Any) -> None:
        id = client.call("chain_subscribeNewHeads")
        assert client.call("chain_unsubscribeAllHeads", id) is False
        assert client.call("chain_unsubscribeNewHead", id) is True
        assert client.call("chain_unsubscribeNewHead", id) is False
        client.notes()
        node.seal()
        assert client.notes() == []

    def test_one_client_cannot_end_anothers(self, client: Any, node: Any) -> None:
        id = client.call("chain_subscribeNewHeads")
        assert node.connect().call("chain_unsubscribeNewHeads", id) is False

    def test_a_vanished_client_leaves_nothing_behind(self, node: Any) -> None:
        before = node.service.feed.listeners
        client = node.connect()
        client.call("chain_subscribeNewHeads")
        client.call("state_subscribeStorage", [NUMBER])
        client.call("chainHead_v1_follow", True)
        client.call("author_submitAndWatchExtrinsic", "0x" + node.extrinsic().raw.hex())
        client.call("transaction_v1_broadcast", "0x00")
        assert node.service.feed.listeners > before
        client.connection.close()
        assert node.service.feed.listeners == before
        node.clock.run()
        assert client.read() == []

    def test_subscriptions_are_bounded(self, chain: Any, make_node: Any) -> None:
        client = make_node(chain, Limits(subscriptions=5)).connect()
        ids = [client.call("chain_subscribeNewHeads") for _ in range(5)]
        assert len(set(ids)) == 5
        with pytest.raises(Exception, match="-32006"):
            client.call("chain_subscribeNewHeads")
        client.call("chain_unsubscribeNewHeads", ids[0])
        client.call("chain_subscribeNewHeads")

    def test_who_does_not_read_is_cut_off(self, chain: Any, make_node: Any) -> None:
        node = make_node(chain, Limits(waiting=20))
        before = node.service.feed.listeners
        slow, quick = node.connect(), node.connect()
        for client in (slow, quick):
            client.call("chain_subscribeNewHeads")
        for _ in range(21):
            node.seal()
            quick.read()
        assert (slow.connection.overrun, slow.connection.closed) == (True, True)
        assert slow.connection.take() is None
        assert not quick.connection.closed
        assert node.service.feed.listeners == before + 2
