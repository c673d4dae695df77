"""A node's service without a server: requests go in, answers and notifications come out, time stands still."""

import asyncio
import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from amm.local import LocalChain
from chain.frame import Call
from chain.primitives.extrinsic import Extrinsic
from chain.rpc.connection import Connection, Limits
from chain.rpc.sealing import Mode
from chain.rpc.service import Service
from chain.rpc.view import Facts


class Answered(Exception):
    """An error answer."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(str(error))
        self.code, self.message, self.data = error["code"], error["message"], error.get("data")


class Clock:
    """What was put off, to be done when a test says so."""

    def __init__(self) -> None:
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def after(self, seconds: float, action: Callable[[], None]) -> None:
        self.waiting.append((seconds, action))

    def run(self, rounds: int = 1_000) -> None:
        """Do what waits, and what that puts off, but no more than so many things."""
        for _ in range(rounds):
            if not self.waiting:
                return
            self.waiting.pop(0)[1]()


class Client:
    """A client over a connection; `notes` are the notifications that came since they were last looked at."""

    def __init__(self, node: "Node") -> None:
        self._node = node
        self.connection: Connection = node.service.connect()
        self._ids = itertools.count()
        self.kept: list[Any] = []

    def send(self, message: bytes | str) -> list[Any]:
        """Everything that comes back at once."""
        asyncio.run(self._node.service.dispatcher.answer(message, self.connection))
        return self.read()

    def read(self) -> list[Any]:
        messages = []
        while (message := self.connection.take()) is not None:
            messages.append(json.loads(message))
        return messages

    def call(self, method: str, *params: Any) -> Any:
        """The result; notifications that come with it are kept. Raises `Answered`."""
        id = next(self._ids)
        request = {"jsonrpc": "2.0", "id": id, "method": method, "params": list(params)}
        known = set(self.connection.subscriptions)
        heard: set[str] = set()
        answer = None
        for message in self.send(json.dumps(request)):
            if message.get("id") == id:
                answer = message
                assert heard <= known, "an answer comes before what the request set going"
            else:
                heard.add(message["params"]["subscription"])
                self.kept.append(message)
        assert answer is not None
        if "error" in answer:
            raise Answered(answer["error"])
        return answer["result"]

    def notes(self) -> list[tuple[str, Any]]:
        """Notifications as (method, result)."""
        found, self.kept = [*self.kept, *self.read()], []
        return [(note["method"], note["params"]["result"]) for note in found]


class Node:
    """A chain with a service over it."""

    def __init__(
        self, chain: LocalChain, mode: Mode = Mode.INSTANT, limits: Limits | None = None, final_delay: float = 0
    ) -> None:
        self.chain, self.clock = chain, Clock()
        self.complaints: list[tuple[str, Exception]] = []
        facts = Facts("Basilisk test", "0.0.1", sudo=chain.signer("root"))
        self.service = Service(
            chain.node, facts, self.clock.after, self._complain, mode=mode, limits=limits, final_delay=final_delay
        )
        self.service.sealer.start()

    def _complain(self, where: str, error: Exception) -> None:
        self.complaints.append((where, error))

    def post(self, message: bytes | str) -> Any:
        """The answer to a message without a connection."""
        answer = asyncio.run(self.service.dispatcher.answer_once(message))
        return None if answer is None else json.loads(answer)

    def call(self, method: str, *params: Any) -> Any:
        answer = self.post(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}))
        if "error" in answer:
            raise Answered(answer["error"])
        return answer["result"]

    def connect(self) -> Client:
        return Client(self)

    def seal(self) -> str:
        """One block, of what waits; its hash."""
        return "0x" + self.service.sealer.seal().hash.hex()

    def extrinsic(self, call: Call | None = None, signer: str = "alice", tip: int = 0) -> Extrinsic:
        """A signed extrinsic; a payment to zoe if no call is given."""
        chosen = call or self.chain.call("balances.transfer_allow_death", dest="zoe", value="2 BSX")
        return self.chain.prepare(chosen, signer, tip=tip).extrinsic


@pytest.fixture(scope="session")
def base() -> LocalChain:
    """A chain with a pool and a few blocks, not to be written."""
    chain = LocalChain()
    call = chain.call("xyk.create_pool", asset_a="BSX", amount_a="100_000 BSX", asset_b="KSM", amount_b="250 KSM")
    assert chain.submit(call).ok
    sale = chain.call("xyk.sell", asset_in="KSM", asset_out="BSX", amount="1.5 KSM", max_limit=0, discount=False)
    assert chain.submit(sale, "bob").ok
    list(chain.advance(1))
    return chain


@pytest.fixture
def chain(base: LocalChain) -> Iterator[LocalChain]:
    with base.rolled_back() as fork:
        yield fork


@pytest.fixture
def node(chain: LocalChain) -> Iterator[Node]:
    """Seals with each extrinsic, once the clock runs."""
    made = Node(chain)
    yield made
    assert made.complaints == []


@pytest.fixture
def client(node: Node) -> Client:
    return node.connect()


@pytest.fixture
def make_node() -> Callable[..., Node]:
    """Makes a node over a chain: `make_node(chain, limits, mode, final_delay)`."""
    return lambda chain, limits=None, mode=Mode.INSTANT, delay=0: Node(chain, mode, limits, delay)
