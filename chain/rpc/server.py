"""The server: WebSocket and HTTP on one port. Source: spec/json-rpc.md, "Transport".

Browsers tell where a page comes from; pages of strangers are kept out, so that visiting one moves no chain here.
"""

import asyncio
import ipaddress
from collections.abc import Collection
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, WSMsgType, web

from chain.rpc.connection import Connection
from chain.rpc.errors import invalid_request
from chain.rpc.quiet import quiet_logger
from chain.rpc.service import Service

MOST_CONNECTIONS = 1_024
"""WebSockets at once: PAPI leaves old ones open, one every 40 s on a chain that stands still."""

HEARTBEAT = 30.0
"""Seconds between pings; a client that answers none for half of that is gone."""

BODY_SECONDS = 60.0
"""How long the body of a request may take to come."""

TRUSTED_PAGES = frozenset({"https://polkadot.js.org"})
EVERY_PAGE = "all"


class Server:
    """Serves one node until `stop`. `pages` are the origins of web pages that may connect, besides local ones."""

    def __init__(self, service: Service, pages: Collection[str] = TRUSTED_PAGES) -> None:
        self._service, self._pages = service, pages
        self._sockets: set[web.WebSocketResponse] = set()
        self._host = ""
        app = web.Application(client_max_size=service.limits.message)
        app.router.add_get("/", self._get)
        app.router.add_post("/", self._post)
        app.router.add_route("OPTIONS", "/", self._options)
        app.router.add_get("/health", self._health)
        app.router.add_route("*", "/{anything:.*}", self._lost)
        logger = quiet_logger(service.complain)
        self._runner = web.AppRunner(
            app, access_log=None, handle_signals=False, shutdown_timeout=1.0, logger=logger
        )

    async def start(self, host: str, port: int) -> int:
        """Listen; the port, which is chosen by the system if 0 is given. Raises OSError."""
        self._host = host
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def stop(self) -> None:
        """Say goodbye to all clients and close the port."""
        sockets = list(self._sockets)
        closing = (socket.close(code=WSCloseCode.GOING_AWAY, message=b"the node stops") for socket in sockets)
        try:
            async with asyncio.timeout(2):
                await asyncio.gather(*closing, return_exceptions=True)
        except TimeoutError:
            pass
        await self._runner.cleanup()

    @property
    def connections(self) -> int:
        return len(self._sockets)

    # -- HTTP ----------------------------------------------------------------------------------------------------

    async def _post(self, request: web.Request) -> web.StreamResponse:
        stranger = self._stranger(request)
        if stranger:
            return _error(403, stranger)
        if request.content_type != "application/json":
            return _error(415, "the content type of a request is application/json")
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await request.read()
        except TimeoutError:
            return _error(408, "the body of the request did not come")
        except web.RequestPayloadError:
            return _error(400, "the body of the request is damaged")
        except web.HTTPRequestEntityTooLarge:
            return _error(413, f"a request has at most {self._service.limits.message} bytes")
        answer = await self._service.dispatcher.answer_once(body)
        headers = self._page_headers(request)
        if answer is None:
            return web.Response(status=204, headers=headers)
        return web.Response(body=answer, content_type="application/json", headers=headers)

    async def _options(self, request: web.Request) -> web.StreamResponse:
        """What a browser asks before a page may POST."""
        if self._stranger(request):
            return web.Response(status=403)
        return web.Response(status=204, headers=self._page_headers(request))

    async def _lost(self, request: web.Request) -> web.StreamResponse:
        """Another address, or a method that is none of ours."""
        if request.path == "/":
            return _error(405, "POST a request, or open a WebSocket")
        return _error(404, "requests go to /; /health says whether the node is well")

    async def _health(self, request: web.Request) -> web.StreamResponse:
        """For scripts that wait for the node."""
        best = self._service.node.best
        facts = {"block": best.number, "hash": "0x" + best.hash.hex(), "isSyncing": False, "peers": 0}
        return web.json_response(facts | {"shouldHavePeers": False})

    def _page_headers(self, request: web.Request) -> dict[str, str]:
        origin = request.headers.get("Origin")
        if origin is None:
            return {}
        return {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": "POST",
            "Access-Control-Allow-Headers": "content-type",
            "Vary": "Origin",
        }

    def _stranger(self, request: web.Request) -> str | None:
        """Why a browser's page may not talk to this node, if it may not."""
        host = _name_of(f"//{request.host}")
        if not (_is_address(host) or host in ("localhost", self._host)):
            return f"this node is not called {host}"
        origin = request.headers.get("Origin")
        if origin is None or EVERY_PAGE in self._pages or origin in self._pages:
            return None
        if _name_of(origin) in ("localhost", "127.0.0.1", "::1"):
            return None
        return f"pages of {origin} may not use this node: see --pages"

    # -- WebSocket -----------------------------------------------------------------------------------------------

    async def _get(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() != "websocket":
            return _error(405, "POST a request, or open a WebSocket")
        stranger = self._stranger(request)
        if stranger:
            return _error(403, stranger)
        if len(self._sockets) >= MOST_CONNECTIONS:
            return _error(503, f"{MOST_CONNECTIONS} connections are open: no more are taken")
        limits = self._service.limits
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=limits.message, compress=False)
        try:
            await socket.prepare(request)
        except ConnectionError:
            return _error(400, "the connection broke")
        self._sockets.add(socket)
        woken = asyncio.Event()
        connection = self._service.connect(lambda: _wake(woken, connection, request))
        sending = asyncio.create_task(self._send_all(socket, connection, woken))
        try:
            await self._receive_all(socket, connection)
        finally:
            self._sockets.discard(socket)
            connection.close()
            sending.cancel()
            await asyncio.gather(sending, return_exceptions=True)
            if not socket.closed:
                await socket.close()
        return socket

    async def _receive_all(self, socket: web.WebSocketResponse, connection: Connection) -> None:
        """Answer request after request, no faster than the client reads."""
        while not connection.closed:
            message = await socket.receive()
            if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY):
                return
            await self._service.dispatcher.answer(message.data, connection)
            while connection.congested and not connection.closed:
                await asyncio.sleep(0.01)

    async def _send_all(self, socket: web.WebSocketResponse, connection: Connection, woken: asyncio.Event) -> None:
        """Send what waits, until the connection is closed."""
        try:
            while not connection.closed:
                message = connection.take()
                if message is None:
                    woken.clear()
                    await woken.wait()
                else:
                    await socket.send_str(message.decode())
        except (ConnectionError, RuntimeError):
            connection.close()
        except Exception as error:
            self._service.complain("notifying", error)
            connection.close()
            await socket.close(code=WSCloseCode.INTERNAL_ERROR)


def _wake(woken: asyncio.Event, connection: Connection, request: web.Request) -> None:
    """Something waits to be sent, or the client has left too much unread: it is cut off."""
    woken.set()
    if connection.overrun and request.transport is not None:
        request.transport.abort()


def _name_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _error(status: int, why: str) -> web.Response:
    body = {"jsonrpc": "2.0", "id": None, "error": invalid_request(why).body()}
    return web.json_response(body, status=status)
