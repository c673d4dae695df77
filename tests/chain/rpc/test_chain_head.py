"""Following the chain: events in order, blocks pinned until unpinned, operations, and what ends a follow."""

from typing import Any

import pytest

from chain.crypto.hashing import blake2_256, twox_128
from chain.rpc.connection import Limits
from chain.rpc.following import FIRST_BLOCKS, PAGE

ACCOUNTS = twox_128(b"System") + twox_128(b"Account")
NUMBER = "0x" + (twox_128(b"System") + twox_128(b"Number")).hex()
ABSENT = "0x" + bytes(32).hex()


class Follow:
    """A follow with what it was told."""

    def __init__(self, client: Any, with_runtime: bool = True) -> None:
        self.client = client
        self.id = client.call("chainHead_v1_follow", with_runtime)

    def events(self) -> list[Any]:
        return [result for name, result in self.client.notes() if name == "chainHead_v1_followEvent"]

    def call(self, verb: str, *params: Any) -> Any:
        return self.client.call(f"chainHead_v1_{verb}", self.id, *params)


@pytest.fixture
def follow(client: Any) -> Follow:
    return Follow(client)


def code_of(follow: Follow, verb: str, *params: Any) -> int:
    with pytest.raises(Exception) as caught:
        follow.call(verb, *params)
    return int(caught.value.code)


def test_begins_with_the_last_blocks_oldest_first(follow: Follow, node: Any) -> None:
    first, second = follow.events()
    assert first["event"] == "initialized"
    hashes = first["finalizedBlockHashes"]
    last = node.chain.node.best.number
    assert hashes == node.call("chain_getBlockHash", list(range(max(0, last - FIRST_BLOCKS + 1), last + 1)))
    assert first["finalizedBlockRuntime"]["spec"]["specVersion"] == 118
    assert first["finalizedBlockRuntime"]["spec"]["apis"]["0xdf6acb689907609b"] == 4
    assert second == {"event": "bestBlockChanged", "bestBlockHash": hashes[-1]}


def test_each_block_is_new_then_best_then_final(follow: Follow, node: Any) -> None:
    follow.events()
    parent = node.call("chain_getBlockHash")
    hash = node.seal()
    assert follow.events() == [
        {"event": "newBlock", "blockHash": hash, "parentBlockHash": parent, "newRuntime": None},
        {"event": "bestBlockChanged", "bestBlockHash": hash},
        {"event": "finalized", "finalizedBlockHashes": [hash], "prunedBlockHashes": []},
    ]


def test_without_runtime(client: Any, node: Any) -> None:
    follow = Follow(client, False)
    assert "finalizedBlockRuntime" not in follow.events()[0]
    assert "newRuntime" not in (node.seal(), follow.events())[1][0]
    assert code_of(follow, "call", node.call("chain_getBlockHash"), "Core_version", "") == -32802


class TestOperations:
    def best(self, follow: Follow) -> str:
        follow.events()
        return str(follow.client.call("chain_getBlockHash"))

    def done(self, follow: Follow, started: Any) -> list[Any]:
        events = follow.events()
        assert started["result"] == "started"
        assert {event["operationId"] for event in events} == {started["operationId"]}
        return events

    def test_header(self, follow: Follow, node: Any) -> None:
        header = bytes.fromhex(follow.call("header", self.best(follow))[2:])
        assert "0x" + blake2_256(header).hex() == node.call("chain_getBlockHash")

    def test_body(self, follow: Follow, node: Any) -> None:
        best = self.best(follow)
        (event,) = self.done(follow, follow.call("body", best))
        assert (event["event"], event["value"]) == (
            "operationBodyDone", node.call("chain_getBlock", best)["block"]["extrinsics"],
        )  # fmt: skip

    def test_call(self, follow: Follow, node: Any) -> None:
        best = self.best(follow)
        (event,) = self.done(follow, follow.call("call", best, "Metadata_metadata_versions", ""))
        assert (event["event"], event["output"]) == ("operationCallDone", "0x080e0000000f000000")
        (event,) = self.done(follow, follow.call("call", best, "Nope_nope", "0x"))
        assert (event["event"], "Nope_nope" in event["error"]) == ("operationError", True)

    def test_value_and_hash(self, follow: Follow, node: Any) -> None:
        best = self.best(follow)
        kinds = ("value", "hash", "closestDescendantMerkleValue")
        items = [{"key": NUMBER, "type": kind} for kind in kinds]
        started = follow.call("storage", best, [*items, {"key": "0xdead", "type": "value"}], None)
        assert started["discardedItems"] == 0
        found, done = self.done(follow, started)
        value = node.call("state_getStorage", NUMBER, best)
        assert found["items"][:2] == [
            {"key": NUMBER, "value": value}, {"key": NUMBER, "hash": node.call("state_getStorageHash", NUMBER)},
        ]  # fmt: skip
        assert len(found["items"]) == 3
        assert done["event"] == "operationStorageDone"

    def test_nothing_found_is_done_too(self, follow: Follow) -> None:
        best = self.best(follow)
        for child in (None, "0x01"):
            key = "0xdead" if child is None else NUMBER
            (event,) = self.done(follow, follow.call("storage", best, [{"key": key, "type": "value"}], child))
            assert event["event"] == "operationStorageDone"

    def test_descendants_are_all_entries(self, follow: Follow, node: Any) -> None:
        best = self.best(follow)
        query = {"key": "0x" + ACCOUNTS.hex(), "type": "descendantsValues"}
        found, _ = self.done(follow, follow.call("storage", best, [query]))
        pairs = [[item["key"], item["value"]] for item in found["items"]]
        assert pairs == node.call("state_getPairs", "0x" + ACCOUNTS.hex(), best)
        later = {"key": "0x" + ACCOUNTS.hex(), "type": "descendantsHashes", "paginationStartKey": pairs[1][0]}
        found, _ = self.done(follow, follow.call("storage", best, [later]))
        assert [item["key"] for item in found["items"]] == [key for key, _ in pairs[2:]]

    def test_a_subtree_changes_when_something_in_it_does(self, follow: Follow, node: Any) -> None:
        query = [{"key": "0x" + ACCOUNTS.hex(), "type": "closestDescendantMerkleValue"}]

        def merkle(hash: str) -> str:
            found, _ = self.done(follow, follow.call("storage", hash, query))
            return str(found["items"][0]["closestDescendantMerkleValue"])

        first = merkle(self.best(follow))
        node.seal()
        assert merkle(self.best(follow)) == first
        node.call("author_submitExtrinsic", "0x" + node.extrinsic().raw.hex())
        node.clock.run()
        assert merkle(self.best(follow)) != first

    def test_more_than_a_page_waits_to_be_continued(self, client: Any, node: Any) -> None:
        pairs = [["0xaa" + number.to_bytes(4, "big").hex(), "0x01"] for number in range(PAGE + 5)]
        client.call("dev_setStorage", pairs)
        follow = Follow(client)
        best = self.best(follow)
        started = follow.call("storage", best, [{"key": "0xaa", "type": "descendantsValues"}])
        page, waiting = self.done(follow, started)
        assert (len(page["items"]), waiting["event"]) == (PAGE, "operationWaitingForContinue")
        follow.call("continue", started["operationId"])
        rest, done = self.done(follow, started)
        assert [len(rest["items"]), done["event"]] == [5, "operationStorageDone"]
        assert code_of(follow, "continue", started["operationId"]) == -32803
        stopped = follow.call("storage", best, [{"key": "0xaa", "type": "descendantsValues"}])
        follow.call("stopOperation", stopped["operationId"])
        assert code_of(follow, "continue", stopped["operationId"]) == -32803

    def test_operations_that_wait_are_bounded(self, chain: Any, make_node: Any) -> None:
        node = make_node(chain, Limits(operations=16))
        client = node.connect()
        client.call("dev_setStorage", [["0xaa" + n.to_bytes(4, "big").hex(), "0x"] for n in range(PAGE)])
        follow = Follow(client)
        best = self.best(follow)
        query = [{"key": "0xaa", "type": "descendantsHashes"}]
        results = [follow.call("storage", best, query)["result"] for _ in range(17)]
        assert results == ["started"] * 16 + ["limitReached"]


class TestPins:
    def test_a_block_is_usable_until_it_is_unpinned(self, follow: Follow, node: Any) -> None:
        hash = node.seal()
        for _ in range(3):
            node.seal()
        assert follow.call("header", hash) is not None
        assert follow.call("unpin", hash) is None
        for verb, *more in (("header",), ("body",), ("call", "Core_version", ""), ("storage", []), ("unpin",)):
            assert code_of(follow, verb, hash, *more) == -32801, verb

    def test_several_at_once_all_or_none(self, follow: Follow, node: Any) -> None:
        first, second = node.seal(), node.seal()
        assert code_of(follow, "unpin", [first, first]) == -32804
        assert code_of(follow, "unpin", [first, ABSENT]) == -32801
        assert follow.call("unpin", [first, second]) is None

    def test_one_who_never_unpins_is_stopped(self, chain: Any, make_node: Any) -> None:
        node = make_node(chain, Limits(pinned=6))
        client = node.connect()
        follow = Follow(client)
        for _ in range(7):
            node.seal()
        assert follow.events()[-1] == {"event": "stop"}
        assert client.connection.subscriptions == {}


class TestEnding:
    def test_a_dead_follow_answers_as_the_interface_says(self, follow: Follow, node: Any) -> None:
        best = node.call("chain_getBlockHash")
        assert follow.call("unfollow") is None
        assert follow.call("header", best) is None
        assert follow.call("unpin", best) is None
        assert follow.call("continue", "0") is None
        assert follow.call("body", best) == {"result": "limitReached"}
        assert follow.call("storage", best, []) == {"result": "limitReached"}
        assert follow.call("call", best, "Core_version", "") == {"result": "limitReached"}
        follow.events()
        node.seal()
        assert follow.events() == []

    def test_going_back_stops_it(self, follow: Follow, node: Any) -> None:
        follow.events()
        follow.client.call("dev_setHead", 1)
        assert follow.events() == [{"event": "stop"}]

    def test_follows_are_bounded(self, client: Any) -> None:
        for _ in range(client.connection.limits.follows):
            Follow(client)
        with pytest.raises(Exception, match="-32800"):
            Follow(client)

    def test_a_follow_belongs_to_its_connection(self, follow: Follow, node: Any) -> None:
        other = node.connect()
        best = node.call("chain_getBlockHash")
        assert other.call("chainHead_v1_header", follow.id, best) is None
        assert other.call("chainHead_v1_unfollow", follow.id) is None
        assert follow.call("header", best) is not None
