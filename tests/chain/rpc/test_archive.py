"""`archive_v1` and `transaction_v1`."""

from itertools import pairwise
from typing import Any

import pytest

from amm.signing import sign_call
from chain.crypto.hashing import blake2_256, twox_128
from chain.crypto.keys import dev

ACCOUNTS = "0x" + (twox_128(b"System") + twox_128(b"Account")).hex()
ABSENT = "0x" + bytes(32).hex()


class TestArchive:
    def test_every_block_by_height(self, node: Any) -> None:
        height = node.call("archive_v1_finalizedHeight")
        assert height == node.chain.node.best.number
        for number in range(height + 1):
            (hash,) = node.call("archive_v1_hashByHeight", number)
            header = bytes.fromhex(node.call("archive_v1_header", hash)[2:])
            assert "0x" + blake2_256(header).hex() == hash
            assert node.call("archive_v1_body", hash) == node.call("chain_getBlock", hash)["block"]["extrinsics"]
        assert node.call("archive_v1_hashByHeight", height + 1) == []
        assert node.call("archive_v1_genesisHash") == node.call("chain_getBlockHash", 0)

    def test_an_unknown_block_is_null(self, node: Any) -> None:
        assert node.call("archive_v1_header", ABSENT) is None
        assert node.call("archive_v1_body", ABSENT) is None
        assert node.call("archive_v1_call", ABSENT, "Core_version", "") is None

    def test_calls(self, node: Any) -> None:
        best = node.call("chain_getBlockHash")
        good = node.call("archive_v1_call", best, "Metadata_metadata_versions", "0x")
        assert good == {"success": True, "value": "0x080e0000000f000000"}
        assert node.call("archive_v1_call", best, "Nope", "0x")["success"] is False

    def test_storage_item_by_item(self, client: Any, node: Any) -> None:
        first = node.call("chain_getBlockHash", 1)
        client.call("archive_v1_storage", first, [{"key": ACCOUNTS, "type": "descendantsValues"}])
        events = [event for _, event in client.notes()]
        assert events[-1] == {"event": "storageDone"}
        pairs = [[event["key"], event["value"]] for event in events[:-1]]
        assert pairs == node.call("state_getPairs", ACCOUNTS, first)
        assert client.connection.subscriptions == {}

    def test_what_is_left_is_made_no_faster_than_it_is_read(self, client: Any, node: Any) -> None:
        first = node.call("chain_getBlockHash", 1)
        request = f'{{"jsonrpc":"2.0","id":1,"method":"archive_v1_storage","params":["{first}",'
        request += '[{"key":"0x","type":"descendantsValues"}]]}'
        import asyncio

        asyncio.run(node.service.dispatcher.answer(request, client.connection))
        assert b'"result":' in client.connection.take()
        assert b'"storage"' in client.connection.take()
        (id,) = client.connection.subscriptions
        assert client.call("archive_v1_stopStorage", id) is True
        client.kept.clear()
        assert client.connection.take() is None

    def test_storage_of_an_unknown_block(self, client: Any) -> None:
        client.call("archive_v1_storage", ABSENT, [])
        ((_, event),) = client.notes()
        assert event["event"] == "storageError"


def pairs(node: Any, block: str, prefix: str = "0x") -> dict[str, str]:
    return dict(node.call("state_getPairs", prefix, block))


def diff(client: Any, *params: Any) -> list[Any]:
    """The events of a storage diff; the subscription is over then."""
    client.call("archive_v1_storageDiff", *params)
    events = client.notes()
    assert {method for method, _ in events} == {"archive_v1_storageDiffEvent"}
    assert client.connection.subscriptions == {}
    return [event for _, event in events]


class TestStorageDiff:
    def test_what_changed_makes_one_state_of_the_other(self, client: Any, node: Any) -> None:
        node.call("dev_setStorage", [["0x0102", "0x03"], ["0x0105", "0x"]])
        node.call("dev_setStorage", [["0x0102", None], ["0x0105", "0x06"]])
        hashes = [node.call("chain_getBlockHash", number) for number in range(node.chain.node.best.number + 1)]
        steps = [(block, after, None) for block, after in pairwise(hashes)]
        for before, after, previous in [*steps, (hashes[0], hashes[-1], hashes[0]), (hashes[2], hashes[4], hashes[2])]:
            *changes, done = diff(client, after, None, previous)
            assert done == {"event": "storageDiffDone"}
            assert [change["key"] for change in changes] == sorted(change["key"] for change in changes)
            state, now = pairs(node, before), pairs(node, after)
            for change in changes:
                old, new = state.pop(change["key"], None), now.get(change["key"])
                kind = "added" if old is None else "deleted" if new is None else "modified"
                value = old if new is None else new
                assert change == {"event": "storageDiff", "key": change["key"], "type": kind, "value": value}
                if new is not None:
                    state[change["key"]] = new
            assert state == now

    def test_only_what_is_asked_for(self, client: Any, node: Any) -> None:
        first, second = (node.call("chain_getBlockHash", number) for number in (1, 2))
        *hashes, _ = diff(client, second, [{"key": ACCOUNTS, "returnType": "hash"}])
        *values, _ = diff(client, second, [{"key": ACCOUNTS, "returnType": "value"}], first)
        assert [change["key"] for change in hashes] == [change["key"] for change in values] != []
        for one, other in zip(hashes, values, strict=True):
            assert one["key"].startswith(ACCOUNTS)
            assert one["hash"] == "0x" + blake2_256(bytes.fromhex(other["value"][2:])).hex()
        *both, _ = diff(client, second, [{"key": ACCOUNTS, "returnType": "hash"}, {"returnType": "value"}])
        assert all(("hash" in change) == change["key"].startswith(ACCOUNTS) for change in both)
        assert len(both) > len(hashes)
        child = {"returnType": "value", "childTrieKey": "0x00"}
        assert diff(client, second, [child]) == [{"event": "storageDiffDone"}]
        assert diff(client, second, None, second) == [{"event": "storageDiffDone"}]

    def test_between_what_blocks_there_is_none(self, client: Any, node: Any) -> None:
        genesis, first, second = (node.call("chain_getBlockHash", number) for number in (0, 1, 2))
        for params in ([genesis], [ABSENT], [first, None, second], [first, None, ABSENT]):
            (event,) = diff(client, *params)
            assert event["event"] == "storageDiffError", params

    def test_on_a_branch_that_was_left(self, client: Any, node: Any) -> None:
        left = node.call("dev_setStorage", [["0x0102", "0x03"]])
        parent = node.call("chain_getHeader", left)["parentHash"]
        node.call("dev_setHead", 1)
        other = node.seal()
        *changes, _ = diff(client, left, [{"key": "0x0102", "returnType": "value"}], parent)
        assert changes == [{"event": "storageDiff", "key": "0x0102", "type": "added", "value": "0x03"}]
        assert diff(client, left, None, node.call("chain_getBlockHash", 0))[-1] == {"event": "storageDiffDone"}
        assert diff(client, left, None, other)[-1]["event"] == "storageDiffError"

    def test_stopped(self, client: Any, node: Any) -> None:
        import asyncio

        best = node.call("chain_getBlockHash")
        for stop in ("archive_v1_stopStorageDiff", "archive_v1_storageDiff_stopStorageDiff"):
            request = f'{{"jsonrpc":"2.0","id":1,"method":"archive_v1_storageDiff","params":["{best}"]}}'
            asyncio.run(node.service.dispatcher.answer(request, client.connection))
            assert b'"result":' in client.connection.take()
            assert b'"storageDiff"' in client.connection.take()
            (id,) = client.connection.subscriptions
            assert client.call(stop, id) is True
            client.kept.clear()
            assert client.notes() == []
            assert client.call(stop, id) is False

    @pytest.mark.parametrize(
        "items", [5, [5], [{}], [{"key": "0x"}], [{"returnType": "none"}], [{"key": 5, "returnType": "value"}],
                  [{"returnType": "value", "type": "value"}], [{"returnType": "value", "childTrieKey": "0x0"}]]
    )  # fmt: skip
    def test_malformed(self, client: Any, node: Any, items: Any) -> None:
        with pytest.raises(Exception, match="-32602"):
            client.call("archive_v1_storageDiff", node.call("chain_getBlockHash"), items)


class TestBroadcast:
    def test_what_is_good_comes_into_a_block(self, client: Any, node: Any) -> None:
        extrinsic = node.extrinsic()
        id = client.call("transaction_v1_broadcast", "0x" + extrinsic.raw.hex())
        node.clock.run()
        assert "0x" + extrinsic.raw.hex() in node.call("chain_getBlock")["block"]["extrinsics"]
        assert client.call("transaction_v1_stop", id) is None
        assert client.notes() == []

    def test_what_is_bad_is_ignored(self, client: Any, node: Any) -> None:
        assert client.call("transaction_v1_broadcast", "0x00") is not None
        node.clock.run()
        assert node.call("author_pendingExtrinsics") == []

    def test_it_is_offered_until_it_is_taken(self, client: Any, node: Any) -> None:
        """The sender has nothing at first."""
        call = node.chain.call("system.remark", remark="x")
        extrinsic = sign_call(node.chain.runtime, call, dev("newcomer"), 0, node.chain.node.genesis_hash)
        client.call("transaction_v1_broadcast", "0x" + extrinsic.raw.hex())
        node.clock.run()
        assert node.call("author_pendingExtrinsics") == []
        gift = node.chain.call("balances.transfer_allow_death", dest="newcomer", value="1_000 BSX")
        node.call("author_submitExtrinsic", "0x" + node.extrinsic(gift).raw.hex())
        node.clock.run()
        assert "0x" + extrinsic.raw.hex() in node.call("chain_getBlock")["block"]["extrinsics"]

    def test_stopping_what_never_was(self, client: Any) -> None:
        with pytest.raises(Exception, match="-32602"):
            client.call("transaction_v1_stop", "7")

    def test_broadcasts_are_bounded(self, client: Any) -> None:
        most = client.connection.limits.broadcasts
        ids = [client.call("transaction_v1_broadcast", f"0x{number:04x}") for number in range(most + 1)]
        assert None not in ids[:most]
        assert ids[most] is None
