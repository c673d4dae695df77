"""Final blocks where they come later than best ones: each is told, in order, once."""

from collections.abc import Callable
from typing import Any

import pytest

from chain.rpc.view import View


@pytest.fixture
def hold(node: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Says up to which block the relay chain has made blocks final, and lets the node find out."""
    held = [node.chain.node.best.number]

    def move(number: int) -> None:
        held[0] = number
        node.service.sealer.tell_final_later()

    monkeypatch.setattr(View, "final_now", lambda view: view.header(view.hash_of(held[0])))
    return move


def test_heads(client: Any, node: Any, hold: Callable[[int], None]) -> None:
    start = node.chain.node.best.number
    client.call("chain_subscribeFinalizedHeads")
    client.notes()
    node.seal()
    node.seal()
    assert client.notes() == []
    assert client.call("chain_getFinalizedHead") == node.call("chain_getBlockHash", start)
    assert node.call("archive_v1_finalizedHeight") == start
    hold(start + 2)
    hold(start + 2)
    assert [head["number"] for _, head in client.notes()] == [hex(start + 1), hex(start + 2)]


def test_a_follow(client: Any, node: Any, hold: Callable[[int], None]) -> None:
    start = node.chain.node.best.number
    first = node.seal()
    client.call("chainHead_v1_follow", False)
    events = [event for _, event in client.notes()]
    assert [event["event"] for event in events] == ["initialized", "newBlock", "bestBlockChanged"]
    assert events[0]["finalizedBlockHashes"][-1] == node.call("chain_getBlockHash", start)
    assert events[1]["blockHash"] == events[2]["bestBlockHash"] == first
    second = node.seal()
    assert [event["event"] for _, event in client.notes()] == ["newBlock", "bestBlockChanged"]
    hold(start + 2)
    assert [event["finalizedBlockHashes"] for _, event in client.notes()] == [[first], [second]]


def test_a_watcher(client: Any, node: Any, hold: Callable[[int], None]) -> None:
    client.call("author_submitAndWatchExtrinsic", "0x" + node.extrinsic().raw.hex())
    node.clock.run()
    hash = node.call("chain_getBlockHash")
    node.seal()
    assert [status for _, status in client.notes()] == ["ready", {"inBlock": hash}]
    hold(node.chain.node.best.number)
    assert [status for _, status in client.notes()] == [{"finalized": hash}]
    assert client.connection.subscriptions == {}


def test_going_back_and_on(client: Any, node: Any, hold: Callable[[int], None]) -> None:
    start = node.chain.node.best.number
    node.seal()
    hold(start - 1)
    client.call("chain_subscribeFinalizedHeads")
    client.call("dev_setHead", start - 1)
    client.notes()
    node.seal()
    hold(start)
    assert [head["number"] for _, head in client.notes()] == [hex(start)]


def test_clients_have_time_to_look_at_a_block_before_it_is_final(chain: Any, make_node: Any) -> None:
    node = make_node(chain, delay=0.3)
    node.clock.run()
    client = node.connect()
    client.call("author_submitAndWatchExtrinsic", "0x" + node.extrinsic().raw.hex())
    before = node.call("chain_getFinalizedHead")
    node.clock.run(1)
    hash = node.call("chain_getBlockHash")
    assert [status for _, status in client.notes()] == ["ready", {"inBlock": hash}]
    assert node.call("chain_getFinalizedHead") == before
    assert [seconds for seconds, _ in node.clock.waiting] == [0.3]
    node.clock.run()
    assert [status for _, status in client.notes()] == [{"finalized": hash}]
    assert node.call("chain_getFinalizedHead") == hash
