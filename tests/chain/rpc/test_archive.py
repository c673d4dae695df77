"""`archive_v1` and `transaction_v1`."""

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
