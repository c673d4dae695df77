"""The server itself: HTTP and WebSocket on one port, over real sockets."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from amm.local import LocalChain
from chain.rpc.connection import Connection, Limits
from chain.rpc.sealing import Mode
from chain.rpc.server import Server
from chain.rpc.service import Service
from chain.rpc.view import Facts

Visit = Callable[[aiohttp.ClientSession, str, Service, Server], Awaitable[None]]


def serve(chain: LocalChain, visit: Visit, limits: Limits | None = None, pages: frozenset[str] = frozenset()) -> None:
    """Run a server, visit it, and stop it."""
    complaints: list[tuple[str, Exception]] = []

    async def run() -> None:
        loop = asyncio.get_running_loop()
        service = Service(
            chain.node,
            Facts("Basilisk test", "0"),
            lambda seconds, action: (loop.call_later(seconds, action), None)[1],
            lambda where, error: complaints.append((where, error)),
            limits=limits,
            final_delay=0,
            mode=Mode.INSTANT,
        )
        service.sealer.start()
        server = Server(service, pages)
        port = await server.start("127.0.0.1", 0)
        try:
            async with aiohttp.ClientSession() as session, asyncio.timeout(30):
                await visit(session, f"http://127.0.0.1:{port}/", service, server)
        finally:
            await server.stop()

    asyncio.run(run())
    assert complaints == []


def body(method: str = "system_chain", *params: Any, id: Any = 1) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": id, "method": method, "params": list(params)}


async def eventually(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0.01)


def test_http(chain: LocalChain) -> None:
    async def visit(session: aiohttp.ClientSession, url: str, service: Service, server: Server) -> None:
        async with session.post(url, json=body()) as answer:
            assert (answer.status, (await answer.json())["result"]) == (200, "Basilisk test")
        async with session.post(url, json=[body(id=1), body(id=2)]) as answer:
            assert [each["id"] for each in await answer.json()] == [1, 2]
        async with session.post(url, json={"jsonrpc": "2.0", "method": "system_chain"}) as answer:
            assert (answer.status, await answer.read()) == (204, b"")
        async with session.post(url, data=b"{", headers={"Content-Type": "application/json"}) as answer:
            assert (await answer.json())["error"]["code"] == -32700
        async with session.post(url, data=b"{}", headers={"Content-Type": "text/plain"}) as answer:
            assert answer.status == 415
        async with session.get(url) as answer:
            assert (answer.status, (await answer.json())["error"]["code"]) == (405, -32600)
        async with session.get(url + "health") as answer:
            facts = await answer.json()
            assert (answer.status, facts["block"]) == (200, chain.node.best.number)
        async with session.get(url + "nope") as answer:
            assert answer.status == 404

    serve(chain, visit)


def test_a_request_too_large(chain: LocalChain) -> None:
    async def visit(session: aiohttp.ClientSession, url: str, service: Service, server: Server) -> None:
        async with session.post(url, json=body("state_getStorage", "0x" + "00" * 10_000)) as answer:
            assert answer.status == 413
        async with session.ws_connect(url) as socket:
            await socket.send_str(json.dumps(body("state_getStorage", "0x" + "00" * 10_000)))
            assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
            assert socket.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
        async with session.post(url, json=body()) as answer:
            assert answer.status == 200

    serve(chain, visit, Limits(message=10_000))


def test_ten_megabytes_pass_both_ways(chain: LocalChain) -> None:
    async def visit(session: aiohttp.ClientSession, url: str, service: Service, server: Server) -> None:
        async with session.ws_connect(url, max_msg_size=0) as socket:
            await socket.send_str(json.dumps(body("state_getStorage", "0x" + "00" * (5 << 20))))
            assert (await socket.receive_json())["result"] is None
            await socket.send_json([body("state_getMetadata", id=number) for number in range(40)])
            assert len(await socket.receive_json()) == 40

    serve(chain, visit)


def test_websocket(chain: LocalChain) -> None:
    async def visit(session: aiohttp.ClientSession, url: str, service: Service, server: Server) -> None:
        async with session.ws_connect(url) as socket:
            await socket.send_json(body("chain_subscribeNewHeads", id=0))
            answer, first = await socket.receive_json(), await socket.receive_json()
            assert answer["id"] == 0
            assert first["params"]["subscription"] == answer["result"]
            call = chain.call("balances.transfer_allow_death", dest="zoe", value="2 BSX")
            raw = chain.prepare(call).extrinsic.raw.hex()
            await socket.send_bytes(json.dumps(body("author_submitExtrinsic", raw, id="x")).encode())
            assert (await socket.receive_json())["id"] == "x"
            head = (await socket.receive_json())["params"]["result"]
            assert head["number"] == hex(chain.node.best.number)
        await eventually(lambda: server.connections == 0)

    serve(chain, visit)


def test_one_who_vanishes_leaves_nothing_behind(chain: LocalChain) -> None:
    async def visit(session: aiohttp.ClientSession, url: str, service: Service, server: Server) -> None:
        before = service.feed.listeners
        for _ in range(20):
            socket = await session.ws_connect(url)
            await socket.send_json(body("chain_subscribeNewHeads"))
            await socket.receive_json()
            assert socket._response.connection is not None
            transport = socket._response.connection.transport
            assert transport is not None
            transport.abort()
        await eventually(lambda: service.feed.listeners == before and server.connections == 0)

    serve(chain, visit)


def test_one_who_does_not_read_is_cut_off_and_others_are_not(chain: LocalChain) -> None:
    async def visit(session: aiohttp.ClientSession, url: str, service: Service, server: Server) -> None:
        quick = await session.ws_connect(url)
        _, writer = await _open_raw(url)
        writer.transport.pause_reading()
        for socket in (quick.send_str, lambda text: _write(writer, text)):
            await socket(json.dumps(body("chain_subscribeNewHeads")))
        await eventually(lambda: sum(len(each.subscriptions) for each in made) == 2)
        kept, slow = made
        for _ in range(20_000):
            for subscription in list(slow.subscriptions.values()):
                subscription.send({"filler": "x" * 10_000})
            await asyncio.sleep(0)
            if slow.overrun:
                break
        assert (slow.overrun, slow.closed, kept.closed) == (True, True, False)
        await eventually(lambda: server.connections == 1)
        service.sealer.seal()
        for _ in range(3):
            head = await quick.receive_json()
        assert head["params"]["result"]["number"] == hex(chain.node.best.number)
        writer.close()

    made: list[Connection] = []
    connect = Service.connect

    def remembered(self: Service, wake: Callable[[], None]) -> Connection:
        made.append(connect(self, wake))
        return made[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Service, "connect", remembered)
        serve(chain, visit, Limits(waiting=64))


async def _open_raw(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A WebSocket without a client library."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rsplit(":", 1)[1].strip("/")))
    writer.write(
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    await reader.readuntil(b"\r\n\r\n")
    return reader, writer


async def _write(writer: asyncio.StreamWriter, text: str) -> None:
    writer.write(_frame(text.encode()))


def _frame(payload: bytes) -> bytes:
    """A masked text frame; the mask is zero."""
    return b"\x81" + bytes([0x80 | 127]) + len(payload).to_bytes(8, "big") + bytes(4) + payload


@pytest.mark.parametrize(
    ("frame", "what"),
    [
        (b"\x81\x05hello", "not masked"),
        (b"\xf1\x80" + bytes(4), "reserved bits"),
        (b"\x83\x80" + bytes(4), "an opcode that does not exist"),
        (b"\x81\x81" + bytes(4) + b"\xff", "text that is not UTF-8"),
        (b"\x89\xfe\x00\x7e" + bytes(4) + bytes(126), "a ping too long"),
        (b"\x81\xff" + b"\xff" * 8 + bytes(4), "a length beyond all bounds"),
        (b"GET / HTTP/1.1\r\n\r\n" * 10, "not WebSocket at all"),
    ],
)
def test_malformed_frames_end_the_connection_only(chain: LocalChain, frame: bytes, what: str) -> None:
    async def visit(session: aiohttp.ClientSession, url: str, service: Service, server: Server) -> None:
        _, writer = await _open_raw(url)
        writer.write(frame)
        await asyncio.sleep(0.05)
        writer.close()
        await eventually(lambda: server.connections == 0)
        async with session.post(url, json=body()) as answer:
            assert answer.status == 200

    serve(chain, visit)


class TestPages:
    """What a browser tells of the page that asks."""

    def test_strangers_are_kept_out(self, chain: LocalChain) -> None:
        async def visit(session: aiohttp.ClientSession, url: str, service: Service, server: Server) -> None:
            for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}):
                async with session.post(url, json=body(), headers=headers) as answer:
                    assert answer.status == 403, headers
                with pytest.raises(aiohttp.WSServerHandshakeError):
                    await session.ws_connect(url, headers=headers)
            async with session.options(url, headers={"Origin": "https://evil.example"}) as answer:
                assert answer.status == 403

        serve(chain, visit)

    def test_local_and_named_pages_may_ask(self, chain: LocalChain) -> None:
        async def visit(session: aiohttp.ClientSession, url: str, service: Service, server: Server) -> None:
            for origin in ("http://localhost:3000", "http://127.0.0.1", "https://app.example"):
                async with session.options(url, headers={"Origin": origin}) as answer:
                    assert answer.headers["Access-Control-Allow-Origin"] == origin
                async with session.post(url, json=body(), headers={"Origin": origin}) as answer:
                    assert answer.status == 200
                async with session.ws_connect(url, headers={"Origin": origin}):
                    pass

        serve(chain, visit, pages=frozenset({"https://app.example"}))


def test_connections_are_bounded(chain: LocalChain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chain.rpc.server.MOST_CONNECTIONS", 3)

    async def visit(session: aiohttp.ClientSession, url: str, service: Service, server: Server) -> None:
        sockets = [await session.ws_connect(url) for _ in range(3)]
        with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
            await session.ws_connect(url)
        assert caught.value.status == 503
        await sockets[0].close()
        await eventually(lambda: server.connections == 2)
        await session.ws_connect(url)

    serve(chain, visit)


def test_stopping_says_goodbye(chain: LocalChain) -> None:
    async def visit(session: aiohttp.ClientSession, url: str, service: Service, server: Server) -> None:
        socket = await session.ws_connect(url)
        _, message = await asyncio.gather(server.stop(), socket.receive())
        assert message.type is aiohttp.WSMsgType.CLOSE
        assert socket.close_code == aiohttp.WSCloseCode.GOING_AWAY

    serve(chain, visit)
