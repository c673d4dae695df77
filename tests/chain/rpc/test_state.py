"""Reading blocks and state, over all of the chain's past, against the chain itself."""

import json
from typing import Any

import pytest

from chain.crypto.hashing import blake2_256, twox_128
from chain.frame.metadata import VERSIONS, export
from chain.pallets.system import System
from chain.scale import BYTES
from chain.trie import read_proof

NUMBER = "0x" + (twox_128(b"System") + twox_128(b"Number")).hex()
ACCOUNTS = "0x" + (twox_128(b"System") + twox_128(b"Account")).hex()
ABSENT = "0x" + bytes(32).hex()


def hash_at(node: Any, number: int) -> str:
    return str(node.call("chain_getBlockHash", number))


def refused(node: Any, method: str, *params: Any) -> Any:
    with pytest.raises(Exception) as caught:
        node.call(method, *params)
    return caught.value


class TestBlocks:
    def test_hashes_by_number_in_all_spellings(self, node: Any) -> None:
        best = node.chain.node.best
        assert node.call("chain_getBlockHash") == node.call("chain_getHead") == "0x" + best.hash.hex()
        assert hash_at(node, 0) == "0x" + node.chain.node.genesis_hash.hex()
        assert node.call("chain_getBlockHash", "0x1") == hash_at(node, 1)
        assert node.call("chain_getBlockHash", [0, "0x1", 99]) == [hash_at(node, 0), hash_at(node, 1), None]
        assert node.call("chain_getBlockHash", 99) is None

    def test_headers_hash_to_what_they_are_asked_by(self, node: Any) -> None:
        for number in range(node.chain.node.best.number + 1):
            header = node.call("chain_getHeader", hash_at(node, number))
            stored = node.chain.node.header(number)
            assert header["number"] == hex(number)
            assert header["stateRoot"] == "0x" + stored.state_root.hex()
            assert len(header["digest"]["logs"]) == len(stored.digest.logs)
        assert node.call("chain_getHeader", ABSENT) is None

    def test_bodies_are_whole_extrinsics(self, node: Any) -> None:
        block = node.call("chain_getBlock", hash_at(node, 1))
        assert block["justifications"] is None
        raw = [bytes.fromhex(each[2:]) for each in block["block"]["extrinsics"]]
        assert len(raw) == 3
        for extrinsic in raw:
            assert BYTES.decode(extrinsic)[0] in (0x04, 0x84)
        assert node.call("chain_getBlock", hash_at(node, 0))["block"]["extrinsics"] == []
        assert node.call("chain_getBlock", ABSENT) is None

    def test_included_is_final(self, node: Any) -> None:
        assert node.call("chain_getFinalizedHead") == node.call("chain_getBlockHash")


class TestStorage:
    def test_a_value_after_each_block(self, node: Any) -> None:
        for number in range(1, node.chain.node.best.number + 1):
            value = node.call("state_getStorage", NUMBER, hash_at(node, number))
            assert value == "0x" + number.to_bytes(4, "little").hex()
        assert node.call("state_getStorage", NUMBER) == node.call("state_getStorageAt", NUMBER, None)

    def test_hash_and_size(self, node: Any) -> None:
        value = bytes.fromhex(node.call("state_getStorage", NUMBER)[2:])
        assert node.call("state_getStorageHash", NUMBER) == "0x" + blake2_256(value).hex()
        assert node.call("state_getStorageSize", NUMBER) == 4
        for method in ("state_getStorage", "state_getStorageHash", "state_getStorageSize"):
            assert node.call(method, "0xdeadbeef") is None

    def test_hex_without_prefix_and_empty(self, node: Any) -> None:
        assert node.call("state_getStorage", NUMBER[2:]) == node.call("state_getStorage", NUMBER)
        assert node.call("state_getStorage", "") is None

    def test_an_unknown_block_is_error_4003(self, node: Any) -> None:
        for method, params in (
            ("state_getStorage", [NUMBER, ABSENT]),
            ("state_queryStorageAt", [[NUMBER], ABSENT]),
            ("state_getKeysPaged", ["0x", 1, None, ABSENT]),
            ("state_call", ["Core_version", "0x", ABSENT]),
            ("state_getMetadata", [ABSENT]),
            ("state_getRuntimeVersion", [ABSENT]),
        ):
            error = refused(node, method, *params)
            assert (error.code, "UnknownBlock" in error.message) == (4003, True), method

    def test_keys_page_by_page_are_all_keys(self, node: Any) -> None:
        first = hash_at(node, 1)
        paged: list[str] = []
        while page := node.call("state_getKeysPaged", "0x", 7, paged[-1] if paged else None, first):
            assert len(page) <= 7
            paged += page
        assert paged == sorted(paged) == node.call("state_getKeys", "0x", first)
        assert dict(node.call("state_getPairs", ACCOUNTS, first)) == {
            key: node.call("state_getStorage", key, first) for key in paged if key.startswith(ACCOUNTS)
        }

    def test_the_start_key_may_be_the_prefix(self, node: Any) -> None:
        keys = node.call("state_getKeysPaged", ACCOUNTS, 1000, ACCOUNTS)
        assert keys == node.call("state_getKeysPaged", ACCOUNTS, 1000)
        assert len(keys) == len(list(node.chain.node.read()[System].account.items()))

    def test_a_page_is_bounded(self, node: Any) -> None:
        assert refused(node, "state_getKeysPaged", "0x", 1001).code == 4002

    def test_several_keys_at_once(self, node: Any) -> None:
        first = hash_at(node, 1)
        (answer,) = node.call("state_queryStorageAt", [NUMBER, "0x00", NUMBER], first)
        value = "0x01000000"
        assert answer == {"block": first, "changes": [[NUMBER, value], ["0x00", None], [NUMBER, value]]}

    def test_changes_over_a_range(self, node: Any) -> None:
        first, last = hash_at(node, 1), hash_at(node, 3)
        found = node.call("state_queryStorage", [NUMBER, "0x3a636f6465"], first, last)
        assert [each["block"] for each in found] == [hash_at(node, number) for number in (1, 2, 3)]
        assert [len(each["changes"]) for each in found] == [2, 1, 1]
        assert refused(node, "state_queryStorage", [NUMBER], last, first).code == -32602

    def test_proofs_prove_presence_and_absence(self, node: Any) -> None:
        for number in (0, 1, 3):
            block = hash_at(node, number)
            answer = node.call("state_getReadProof", [NUMBER, "0xdeadbeef", "0x3a636f6465"], block)
            assert answer["at"] == block
            root = bytes.fromhex(node.call("chain_getHeader", block)["stateRoot"][2:])
            proof = [bytes.fromhex(each[2:]) for each in answer["proof"]]
            keys = [bytes.fromhex(NUMBER[2:]), bytes.fromhex("deadbeef"), b":code"]
            read = read_proof(root, proof, keys)
            assert read[keys[1]] is None
            assert read[keys[2]] == node.chain.runtime.code
            assert read[keys[0]] == (number.to_bytes(4, "little") if number else None)


class TestRuntime:
    def test_metadata_in_every_form(self, node: Any) -> None:
        v14 = export(node.chain.runtime, 14)
        assert node.call("state_getMetadata") == "0x" + v14.hex()
        assert node.call("state_call", "Metadata_metadata", "0x") == "0x" + BYTES.encode(v14).hex()
        for version in VERSIONS:
            data = version.to_bytes(4, "little").hex()
            expected = "0x01" + BYTES.encode(export(node.chain.runtime, version)).hex()
            assert node.call("state_call", "Metadata_metadata_at_version", data) == expected
        assert node.call("state_call", "Metadata_metadata_at_version", "10000000") == "0x00"
        assert node.call("state_call", "Metadata_metadata_versions", "") == "0x080e0000000f000000"

    def test_the_version(self, node: Any) -> None:
        version = node.call("state_getRuntimeVersion")
        assert (version["specName"], version["specVersion"], version["transactionVersion"]) == ("basilisk", 118, 1)
        assert ["0xdf6acb689907609b", 4] in version["apis"]
        assert version == node.call("chain_getRuntimeVersion", hash_at(node, 0))

    def test_the_node_says_who_it_is(self, node: Any) -> None:
        assert node.call("system_properties")["ss58Format"] == 10041
        assert node.call("system_health") == {"peers": 0, "isSyncing": False, "shouldHavePeers": False}
        assert node.call("system_chainType") == "Development"
        assert node.call("system_nodeRoles") == ["Authority"]
        assert node.call("chainSpec_v1_genesisHash") == hash_at(node, 0)
        assert json.dumps(node.call("system_version"))
