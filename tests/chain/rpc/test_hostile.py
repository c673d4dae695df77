"""Whatever comes in, every method answers or refuses, nothing breaks, and the chain goes on."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from amm.local import LocalChain
from chain.crypto import ss58
from chain.crypto.keys import dev
from chain.rpc.runtime_calls import METHODS
from chain.rpc.service import Service
from chain.rpc.view import Facts

REFUSALS = {-32602, -32601, -32600, -32000, -32006, 1001, 1010, 1011, 1013, 1014, 1016, 4001, 4002, 4003}
REFUSALS |= {-32800, -32801, -32802, -32803, -32804}

NAMES = sorted(Service(LocalChain().node, Facts("", ""), lambda *_: None, lambda *_: None).methods)

FEW = settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

HEX = st.binary(max_size=80).map(lambda data: "0x" + data.hex())
NUMBERS = st.sampled_from([-1, 0, 1, 2, 3, 7, 1000, 1001, 2**32 - 1, 2**32, 2**63, 2**64, 10**30, 1.5, 1e300])
WORDS = st.sampled_from(
    ["", "0x", "0x0", "0xzz", "0x ff", "nodes", "meta", "blocks", "Manual", "Instant", "\u0000", "ß", "1-1", "1-2",
     "Core_version", "Metadata_metadata_at_version", "2026-01-01", "../../etc", "0x3a636f6465", "x" * 5000]
)  # fmt: skip
SIMPLE = st.none() | st.booleans() | NUMBERS | WORDS | HEX | st.text(max_size=20)
JUNK = st.recursive(
    SIMPLE,
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["key", "type", "hash", "extrinsic", "count", "to", "transactions", "paginationStartKey", ""]),
        inner,
        max_size=3,
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def seeds(base: LocalChain) -> list[Any]:
    """Values that mean something to the chain."""
    node = base.node
    hashes = ["0x" + (node.archive.hash_of(number) or b"").hex() for number in range(node.best.number + 1)]
    call = base.call("balances.transfer_allow_death", dest="zoe", value="2 BSX")
    extrinsic = base.prepare(call).extrinsic.raw
    record = node.record(1)
    assert record is not None
    return [
        *hashes, 0, 1, 2, True, False, hashes, [hashes[0], hashes[0]],
        "0x" + extrinsic.hex(), "0x" + extrinsic[:-1].hex(), "0x" + extrinsic.hex() + "00",
        "0x" + base.runtime.call.encode(call).hex(), ss58.encode(dev("bob").account), "1-1",
        [{"key": "0x", "type": "descendantsValues"}], [{"key": "0x26aa", "type": "closestDescendantMerkleValue"}],
        [["0x01", "0x02"]], [["0x01", None]], [{"hash": hashes[0]}], {"count": 2}, {"to": 5},
        "0x" + record.pov.block_data.hex(),
    ]  # fmt: skip


@pytest.fixture
def hostile(chain: LocalChain, make_node: Any) -> Iterator[Any]:
    node = make_node(chain)
    yield node
    assert node.complaints == []
    node.clock.run(200)
    node.service.sealer.set_mode(node.service.sealer.mode.MANUAL)
    before = chain.node.best.number
    node.call("dev_newBlock")
    assert chain.node.best.number == before + 1
    assert node.complaints == []


@pytest.mark.parametrize("name", NAMES)
def test_every_method_takes_anything(name: str, hostile: Any, seeds: list[Any]) -> None:
    client = hostile.connect()

    @FEW
    @given(st.lists(st.sampled_from(seeds) | JUNK, max_size=5) | JUNK)
    @example([])
    @example([None] * 4)
    def attack(params: Any) -> None:
        request = json.dumps({"jsonrpc": "2.0", "id": 7, "method": name, "params": params})
        for answer in (hostile.post(request), _answer(client.send(request))):
            assert answer["id"] == 7
            assert "result" in answer or answer["error"]["code"] in REFUSALS, answer
        hostile.clock.run(20)
        client.read()

    attack()


def _answer(messages: list[Any]) -> Any:
    (answer,) = [message for message in messages if message.get("id") == 7]
    return answer


@pytest.mark.parametrize("name", sorted(METHODS))
def test_runtime_functions_take_any_bytes(name: str, hostile: Any, seeds: list[Any]) -> None:
    whole = [bytes.fromhex(seed[2:]) for seed in seeds if isinstance(seed, str) and seed.startswith("0x")]

    @FEW
    @given(st.binary(max_size=200) | st.sampled_from(whole), st.binary(max_size=8))
    def attack(data: bytes, more: bytes) -> None:
        for given_ in (data, data + more, b"\x02" + data + bytes(32)):
            request = {"jsonrpc": "2.0", "id": 7, "method": "state_call", "params": [name, given_.hex()]}
            answer = hostile.post(json.dumps(request))
            assert "result" in answer or answer["error"]["code"] == 4003, answer

    attack()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(message=st.binary(max_size=60) | JUNK.map(lambda value: json.dumps(value).encode()))
def test_any_message_is_answered_or_a_notification(message: bytes, node: Any) -> None:
    answer = node.post(message)
    for each in answer if isinstance(answer, list) else [answer]:
        assert each is None or each["error"]["code"] in (-32700, -32600, -32601, -32602)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_extrinsics_with_flipped_bits_are_refused(data: st.DataObject, node: Any) -> None:
    raw = bytearray(node.extrinsic().raw)
    bit = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[bit // 8] ^= 1 << bit % 8
    answer = node.post(
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "author_submitExtrinsic", "params": [bytes(raw).hex()]})
    )
    assert answer["error"]["code"] in (1001, 1010, 1011)


def test_a_flood_of_subscriptions_is_bounded(node: Any) -> None:
    """A thousand connections' worth of requests on one: the limits hold, and closing frees everything."""
    before = node.service.feed.listeners
    client = node.connect()
    request = b'[%s]' % b",".join(
        b'{"jsonrpc":"2.0","id":%d,"method":"chain_subscribeNewHeads"}' % number for number in range(1_000)
    )
    for _ in range(5):
        client.send(request)
    assert len(client.connection.subscriptions) == client.connection.limits.subscriptions
    node.seal()
    assert len(client.read()) == client.connection.limits.subscriptions
    client.connection.close()
    assert node.service.feed.listeners == before


def test_calls_nested_too_deep_are_refused(node: Any) -> None:
    batch = node.chain.runtime.calls["utility.batch_all"].prefix
    inner = node.chain.runtime.call.encode(node.chain.call("system.remark", remark="x"))
    for depth in (300, 20_000):
        nested = (batch + b"\x04") * depth + inner
        signed = node.extrinsic().signed
        from chain.primitives.extrinsic import Extrinsic

        raw = Extrinsic.sign(nested, signed).raw
        answer = node.post(
            json.dumps({"jsonrpc": "2.0", "id": 1, "method": "author_submitExtrinsic", "params": [raw.hex()]})
        )
        assert answer["error"]["code"] == 1010
        asked = raw + len(raw).to_bytes(4, "little")
        answer = node.post(
            json.dumps({"jsonrpc": "2.0", "id": 1, "method": "state_call",
                        "params": ["TransactionPaymentApi_query_info", asked.hex()]})
        )  # fmt: skip
        assert answer["error"]["code"] == 4003


def test_answers_do_not_pile_up_for_one_who_asks_and_does_not_read(chain: LocalChain, make_node: Any) -> None:
    from chain.rpc.connection import Limits

    node = make_node(chain, Limits(waiting=8))
    client = node.connect()

    async def ask() -> int:
        asked = 0
        while not client.connection.congested:
            await node.service.dispatcher.answer(
                b'{"jsonrpc":"2.0","id":1,"method":"system_chain"}', client.connection
            )
            asked += 1
        return asked

    assert asyncio.run(ask()) == 5
