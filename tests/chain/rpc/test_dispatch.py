"""Messages: what is an answer, what is none, and what is refused."""

import json
from typing import Any

import pytest

from chain.rpc.connection import Limits

PAGE = {
    "rpc": "methods",
    "account": "nextIndex",
    "system": "chain name version localPeerId chainType properties health nodeRoles accountNextIndex dryRun",
    "chainSpec_v1": "properties chainName genesisHash",
    "chain": """getBlockHash getHead getHeader getBlock getFinalizedHead getFinalisedHead getRuntimeVersion
        subscribeNewHeads subscribeNewHead unsubscribeNewHeads unsubscribeNewHead subscribeFinalizedHeads
        subscribeFinalisedHeads unsubscribeFinalizedHeads unsubscribeFinalisedHeads subscribeAllHeads
        unsubscribeAllHeads subscribeRuntimeVersion unsubscribeRuntimeVersion""",
    "subscribe": "newHead",
    "unsubscribe": "newHead",
    "state": """getStorage getStorageAt getStorageHash getStorageHashAt getStorageSize getStorageSizeAt getKeysPaged
        getKeysPagedAt getPairs getKeys queryStorageAt queryStorage getReadProof call callAt getMetadata
        getRuntimeVersion subscribeStorage unsubscribeStorage subscribeRuntimeVersion unsubscribeRuntimeVersion""",
    "payment": "queryInfo queryFeeDetails",
    "author": """submitExtrinsic pendingExtrinsics removeExtrinsic submitAndWatchExtrinsic unwatchExtrinsic""",
    "chainHead_v1": "follow unfollow header body call storage continue stopOperation unpin",
    "transaction_v1": "broadcast stop",
    "archive_v1": """genesisHash finalizedHeight hashByHeight header body call storage stopStorage storageDiff
        stopStorageDiff storageDiff_stopStorageDiff""",
    "dev": "newBlock setStorage timeTravel setHead setBlockBuildMode",
}
"""What spec/json-rpc.md lists, by group, and the rest of those groups of the published interface."""


def request(method: str = "system_chain", **more: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 1, "method": method, "params": []} | more


@pytest.mark.parametrize("id", [0, 1, -5, 2**63, "bM1", "", 1.5, None])
def test_ids_come_back_unchanged(node: Any, id: Any) -> None:
    assert node.post(json.dumps(request(id=id))) == {"jsonrpc": "2.0", "id": id, "result": "Basilisk test"}


@pytest.mark.parametrize("id", [[], {}, True, 10**30])
def test_ids_that_are_none(node: Any, id: Any) -> None:
    answer = node.post(json.dumps(request(id=id)))
    assert (answer["id"], answer["error"]["code"]) == (None, -32600)


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (b"", -32700),
        (b"{", -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"system_chain"', -32700),
        (b'"\xff\xfe"', -32700),
        (b'{"a":"\\ud800"}', -32700),
        (b"[" * 100_000, -32700),
        (b'{"a":' * 100_000, -32700),
        (b"1e999", -32700),
        (b"null", -32600),
        (b"7", -32600),
        (b"[]", -32600),
        (b"[1]", None),
        (b"{}", None),
        (b'{"id":1,"method":"system_chain"}', -32600),
        (b'{"jsonrpc":"1.0","id":1,"method":"system_chain"}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":7}', -32600),
        (b'{"jsonrpc":"2.0","id":1,"method":"nope"}', -32601),
        (b'{"jsonrpc":"2.0","id":1,"method":"system_chain","params":[1]}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"system_chain","params":{"x":1}}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"system_chain","params":"x"}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"state_getStorage","params":[]}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"state_getStorage","params":[null]}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"state_getStorage","params":["0x0"]}', -32602),
    ],
)
def test_malformed(node: Any, message: bytes, code: int | None) -> None:
    answer = node.post(message)
    if code is None:  # a request without an id is a notification, an entry of a batch has an answer of its own
        assert answer is None or answer[0]["error"]["code"] == -32600
    else:
        assert answer["error"]["code"] == code


def test_method_not_found_says_just_that(node: Any) -> None:
    assert node.post(json.dumps(request("nope")))["error"]["message"] == "Method not found"


def test_params_may_be_absent_null_or_named(node: Any) -> None:
    bare = request("chain_getBlockHash")
    del bare["params"]
    best = node.post(json.dumps(bare))["result"]
    for params in (None, [], [None], {}, {"number": None}, {"number": node.chain.node.best.number}):
        assert node.post(json.dumps(request("chain_getBlockHash", params=params)))["result"] == best


def test_notifications_have_no_answer(node: Any) -> None:
    assert node.post(b'{"jsonrpc":"2.0","method":"system_chain"}') is None
    assert node.post(b'{"jsonrpc":"2.0","method":"nope"}') is None
    assert node.post(b'[{"jsonrpc":"2.0","method":"system_chain"}]') is None


def test_a_batch_in_order_with_errors_in_place(node: Any) -> None:
    batch = [request(id=1), request("nope", id="x"), {"jsonrpc": "2.0", "method": "system_name"}, 5, request(id=0)]
    answers = node.post(json.dumps(batch))
    assert [answer["id"] for answer in answers] == [1, "x", None, 0]
    assert [answer.get("error", {}).get("code") for answer in answers] == [None, -32601, -32600, None]


def test_a_batch_is_bounded(chain: Any, make_node: Any) -> None:
    node = make_node(chain, Limits(batch=3, answer=300_000, message=100_000))
    assert node.post(json.dumps([request()] * 4))["error"]["code"] == -32600
    assert len(node.post(json.dumps([request()] * 3))) == 3
    large = node.post(json.dumps([request("state_getMetadata")] * 3))
    assert large["error"]["code"] == -32011
    assert node.post(b" " * 100_001)["error"]["code"] == -32600


def test_a_mistake_in_the_program_is_an_internal_error(node: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(node.service.view, "hash_of", fail)
    answer = node.post(json.dumps(request("chain_getBlockHash", params=[1])))
    assert answer["error"] == {"code": -32603, "message": "Internal error", "data": "ZeroDivisionError"}
    assert [where for where, _ in node.complaints] == ["chain_getBlockHash"]
    node.complaints.clear()


def test_subscriptions_need_a_connection(node: Any) -> None:
    for method in ("chain_subscribeNewHeads", "chainHead_v1_follow", "author_submitAndWatchExtrinsic"):
        params = {"chainHead_v1_follow": [True], "author_submitAndWatchExtrinsic": ["0x"]}.get(method, [])
        answer = node.post(json.dumps(request(method, params=params)))
        assert answer["error"]["code"] == -32601
        assert "WebSocket" in answer["error"]["data"]


def test_every_method_is_listed_once_and_clients_find_their_aliases(node: Any) -> None:
    listed = node.call("rpc_methods")["methods"]
    assert listed == sorted(set(listed)) == sorted(node.service.methods)
    needed = [f"{group}_{name}" for group, names in PAGE.items() for name in names.split()]
    assert set(needed) <= set(listed)
