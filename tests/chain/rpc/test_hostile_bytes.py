"""Whatever comes over the wire, the answer is HTTP and JSON-RPC, nothing is logged, and the next client is served."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amm.local import LocalChain
from chain.rpc.connection import Limits
from chain.rpc.server import Server
from chain.rpc.service import Service
from chain.rpc.view import Facts

FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

HOST = b"Host: 127.0.0.1\r\n"
JSON = b"Content-Type: application/json\r\n"
UPGRADE = (
    b"GET / HTTP/1.1\r\n" + HOST + b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)


class Served:
    """A server in a thread of its own, and what it complained of."""

    def __init__(self) -> None:
        self.complaints: list[tuple[str, Exception]] = []
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._ready, self._end = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=lambda: self._loop.run_until_complete(self._run()))
        self._thread.start()
        assert self._ready.wait(20)

    async def _run(self) -> None:
        loop = self._loop
        loop.set_exception_handler(lambda _, context: self.complaints.append(("loop", RuntimeError(str(context)))))
        service = Service(
            LocalChain().node,
            Facts("Basilisk test", "0"),
            lambda seconds, action: (loop.call_later(seconds, action), None)[1],
            lambda where, error: self.complaints.append((where, error)),
            limits=Limits(message=1 << 20),
        )
        service.sealer.start()
        server = Server(service)
        self.port = await server.start("127.0.0.1", 0)
        self._ready.set()
        await self._end.wait()
        await server.stop()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join(20)
        assert not self._thread.is_alive()
        self._loop.close()

    def talk(self, sent: bytes, *, hang_up: bool = False, seconds: float = 0.1) -> bytes:
        """All that comes back until the server closes, or is silent for so long."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as wire:
            try:
                wire.sendall(sent)
                if hang_up:
                    wire.shutdown(socket.SHUT_WR)
                received = b""
                while chunk := wire.recv(65_536):
                    received += chunk
            except (TimeoutError, ConnectionError):
                pass
            return received

    def post(self, body: bytes, seconds: float = 10) -> Any:
        head = b"POST / HTTP/1.1\r\n" + HOST + JSON + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
        answer = self.talk(head + body, seconds=seconds).partition(b"\r\n\r\n")[2]
        return json.loads(answer) if answer else None

    def alive(self) -> bool:
        answer = self.post(b'{"jsonrpc":"2.0","id":"still","method":"system_chain"}')
        return bool(answer == {"jsonrpc": "2.0", "id": "still", "result": "Basilisk test"})


@pytest.fixture(scope="module")
def shared() -> Iterator[Served]:
    server = Served()
    yield server
    server.stop()
    assert server.complaints == []


@pytest.fixture
def server(shared: Served, caplog: pytest.LogCaptureFixture) -> Iterator[Served]:
    yield shared
    assert shared.alive()
    assert shared.complaints == []
    assert [record.getMessage() for record in caplog.get_records("call")] == []


def with_body(headers: bytes, body: bytes = b"", method: bytes = b"POST") -> bytes:
    return method + b" / HTTP/1.1\r\n" + HOST + JSON + headers + b"\r\n" + body


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"\x00\x01\x02 nonsense\r\n\r\n", 400),
        (bytes.fromhex("16030100c8010000c40303") + bytes(60), 400),  # TLS
        (b"FOO / HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + HOST + b"X\x00: 1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 100_000 + b"\r\n\r\n", 400),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 400),
        (with_body(b"Content-Length: -5\r\n"), 400),
        (with_body(b"Content-Length: 99999999999999999999\r\n"), 400),
        (with_body(b"Transfer-Encoding: chunked\r\n", b"ZZ\r\n"), 400),
        (with_body(b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"), 400),
        (with_body(b"Content-Encoding: gzip\r\nContent-Length: 5\r\n", b"hello"), 400),
        (with_body(b"Content-Length: 2\r\nExpect: nothing\r\n", b"{}"), 417),
        (b"GET / HTTP/1.1\r\n" + HOST + b"\r\n", 405),
        (b"GET / HTTP/1.1\r\n" + HOST + b"Upgrade: h2c\r\nConnection: Upgrade\r\n\r\n", 405),
        (b"PUT / HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n\r\n", 405),
        (b"DELETE / HTTP/1.1\r\n" + HOST + b"\r\n", 405),
        (b"GET /../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n", 404),
        (b"POST /rpc HTTP/1.1\r\n" + HOST + b"Content-Length: 0\r\n\r\n", 404),
        (b"GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 405),
        (b"GET / HTTP/1.1\r\nHost: evil.example\r\nUpgrade: websocket\r\n\r\n", 403),
        (UPGRADE.replace(b"Version: 13", b"Version: 99"), 400),
        (UPGRADE.replace(b"Key: AAAAAAAAAAAAAAAAAAAAAA==", b"Key: short"), 400),
    ],
)
def test_what_is_no_request(server: Served, sent: bytes, status: int) -> None:
    received = server.talk(sent)
    assert received.split(b" ", 2)[1] == str(status).encode(), received
    head, _, body = received.partition(b"\r\n\r\n")
    if b"application/json" in head:
        assert json.loads(body)["error"]["code"] == -32600


@pytest.mark.parametrize(
    "sent",
    [
        with_body(b"Content-Length: 100\r\n", b'{"jso'),
        with_body(b"Transfer-Encoding: chunked\r\n", b"5\r\n{"),
        UPGRADE[:40],
        UPGRADE + b"\x81\x85\0\0\0\0hel",
        UPGRADE + b"\xff" * 50,
        b"",
    ],
)
def test_who_hangs_up_in_the_middle(server: Served, sent: bytes) -> None:
    server.talk(sent, hang_up=True)


@FEW
@given(sent=st.binary(max_size=200), before=st.sampled_from([b"", b"GET / HTTP/1.1\r\n", with_body(b""), UPGRADE]))
def test_any_bytes(server: Served, sent: bytes, before: bytes) -> None:
    server.talk(before + sent, hang_up=True, seconds=1)
    assert server.complaints == []


@pytest.mark.parametrize("depth", [100, 900, 5_000, 100_000])
def test_deep_nesting(server: Served, depth: int) -> None:
    deep = b"[" * depth + b"]" * depth
    objects = b'{"key":' * depth + b"1" + b"}" * depth
    for method in (b"state_getStorage", b"dev_setStorage", b"dev_newBlock", b"archive_v1_storageDiff", b"nope"):
        for value in (deep, objects):
            answer = server.post(b'{"jsonrpc":"2.0","id":1,"method":"%b","params":[%b]}' % (method, value))
            assert answer["error"]["code"] in (-32602, -32601, -32700, -32000), answer


def test_large_bodies(server: Served) -> None:
    request = '{"jsonrpc":"2.0","id":1,"method":"%s","params":%s}'
    digits = "84" * 500_000
    for method, params, codes in (
        ("author_submitExtrinsic", [digits], {1001}),
        ("state_call", ["Core_execute_block", digits], {4003}),
        ("system_dryRun", [digits], {4003}),
        ("dev_setStorage", [[["0x01", digits]]], {-32000, 1010}),
        ("transaction_v1_stop", [digits], {-32602, -32601}),
        ("x" * 500_000, [], {-32601}),
    ):
        answer = server.post((request % (method, json.dumps(params))).encode())
        assert answer["error"]["code"] in codes, method
    assert server.post(b'"' + b"a" * (1 << 20) + b'"')["error"]["code"] == -32600


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"\xef\xbb\xbf{}", -32700),
        ('{"jsonrpc":"2.0"}'.encode("utf-16"), -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"chain_getBlockHash","params":[' + b"9" * 10_000 + b"]}", -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"chain_getBlockHash","params":[1e400]}', -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"chain_getBlockHash","params":[NaN]}', -32700),
        (b'{"jsonrpc":"2.0","id":1,"method":"chain_getBlockHash","params":[-1]}', -32602),
        (b'{"jsonrpc":"2.0","id":1,"method":"chain_getBlockHash","params":[4294967296]}', -32602),
        ('{"jsonrpc":"2.0","id":1,"method":"state_getStorage","params":["0x٠١"]}'.encode(), -32602),
        ('{"jsonrpc":"2.0","id":1,"method":"ünï😀\\u0000"}'.encode(), -32601),
        (b"[" + b",".join([b"1"] * 1_001) + b"]", -32600),
    ],
)
def test_json_that_is_none_of_ours(server: Served, body: bytes, code: int) -> None:
    assert server.post(body)["error"]["code"] == code


def test_the_same_extrinsic_at_once(server: Served) -> None:
    """Fifty clients send it; one is told its hash, the others that it is known, or spent already."""
    with LocalChain() as chain:
        raw = chain.prepare(chain.call("system.remark", remark="x")).extrinsic.raw.hex()
    request = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "author_submitExtrinsic", "params": [raw]}).encode()
    answers: list[Any] = []
    clients = [threading.Thread(target=lambda: answers.append(server.post(request))) for _ in range(50)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert sum("result" in answer for answer in answers) == 1
    assert {answer["error"]["code"] for answer in answers if "error" in answer} <= {1013, 1010}
