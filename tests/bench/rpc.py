"""The node as clients meet it: a read and a stream of trades through one WebSocket, and how soon a node is there."""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from measure import Figure, best, process, seconds, verification
from startup import FLOOR

from amm.local import LocalChain
from amm.signing import sign_call
from chain.crypto.hashing import blake2_128, twox_128
from chain.crypto.keys import dev
from chain.pallets.system import System
from chain.primitives.extrinsic import Extrinsic
from chain.rpc.server import Server
from chain.rpc.service import Service
from chain.rpc.view import Facts
from chain.trie import Trie

HOST = "127.0.0.1"
IN_FLIGHT = 100
"""Trades of one person under way at once: no more than a block takes."""
STALLED = 60.0
"""Seconds without a word from the node after which it has stopped sealing."""
ALICE = dev("alice").account
ACCOUNT_KEY = "0x" + (twox_128(b"System") + twox_128(b"Account") + blake2_128(ALICE) + ALICE).hex()
ROUNDS = 5


def request(method: str, *params: Any, id: int = 1) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": id, "method": method, "params": params})


# -- reads -----------------------------------------------------------------------------------------------------------


def reads(count: int) -> list[Figure]:
    """`state_getStorage` of an account, one request at a time; client and server share one loop, as the echo does."""
    return asyncio.run(_reads(count))


async def _reads(count: int) -> list[Figure]:
    chain, text = LocalChain(), request("state_getStorage", ACCOUNT_KEY)
    asked = echoed = float("inf")
    async with (
        _service(chain) as node,
        _echo() as echo,
        aiohttp.ClientSession() as session,
        session.ws_connect(node) as reading,
        session.ws_connect(echo) as echoing,
    ):
        await reading.send_str(text)
        raw = bytes.fromhex((await reading.receive_json())["result"][2:])
        free = chain.node.read()[System].account.get(ALICE).data.free
        assert int.from_bytes(raw[16:32], "little") == free, "both read the same"
        for _ in range(ROUNDS):
            asked = min(asked, await _round_trips(reading, text, count))
            echoed = min(echoed, await _round_trips(echoing, text, count))

    def direct() -> None:
        for _ in range(count):
            assert chain.node.read()[System].account.get(ALICE).data.free

    trie, key = Trie(chain.node.nodes, chain.node.best.state_root), bytes.fromhex(ACCOUNT_KEY[2:])

    def raw_read() -> None:
        for _ in range(count):
            assert trie.get(key) == raw

    inside, bare = best(direct, ROUNDS), best(raw_read, ROUNDS)
    return [
        Figure("a read by RPC", f"{asked / inside:.1f}", "of node.read() and the account, made in process"),
        Figure("a read by RPC", f"{asked / bare:.1f}", "of the raw read from an open trie in process"),
        Figure("a read by RPC, as a round trip", f"{asked / echoed:.2f}", "of a bare aiohttp WebSocket echo"),
    ]


async def _round_trips(socket: aiohttp.ClientWebSocketResponse, text: str, count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        await socket.send_str(text)
        await socket.receive()
    return time.perf_counter() - start


@asynccontextmanager
async def _service(chain: LocalChain) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    complaints: list[tuple[str, Exception]] = []
    service = Service(
        chain.node,
        Facts("bench", "0"),
        lambda seconds, action: (loop.call_later(seconds, action), None)[1],
        lambda where, error: complaints.append((where, error)),
    )
    service.sealer.start()
    server = Server(service)
    try:
        yield f"http://{HOST}:{await server.start(HOST, 0)}/"
    finally:
        await server.stop()
    assert complaints == []


@asynccontextmanager
async def _echo() -> AsyncIterator[str]:
    """The least that aiohttp does for a message and its answer."""

    async def answer(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(compress=False)
        await socket.prepare(request)
        async for message in socket:
            await socket.send_str(message.data)
        return socket

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, 0).start()
        yield f"http://{HOST}:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


# -- a node of its own -----------------------------------------------------------------------------------------------


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """`basilisk node run` on the chain `c` of a folder, once /health answers; its WebSocket's URL."""
    command = [sys.executable, "-m", "basilisk_cli", "node", "run", "--port", "0", "--json", "--data-dir", "c"]
    with (
        (folder / "log").open("w") as log,
        subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True) as node,
    ):
        try:
            assert node.stdout is not None
            text = node.stdout.readline()
            while not text.rstrip().endswith("}"):
                line = node.stdout.readline()
                assert line, (folder / "log").read_text()
                text += line
            url: str = json.loads(text)["url"]
            with urllib.request.urlopen(url.replace("ws://", "http://") + "/health", timeout=30) as answer:
                assert answer.status == 200
            yield url
        finally:
            node.terminate()


def node_start() -> list[Figure]:
    """From the command to an answer, on a chain that is there."""
    with tempfile.TemporaryDirectory() as name:
        taken = []
        for _ in range(ROUNDS + 1):
            start = time.perf_counter()
            with running(Path(name)):
                taken.append(time.perf_counter() - start)
    ready = min(taken[1:]) / process("-c", "pass")  # the first makes the chain
    return [Figure("basilisk node run, until /health answers", f"{ready:.1f}", FLOOR)]


# -- trades ----------------------------------------------------------------------------------------------------------


def trades_by_rpc(trades: int) -> list[Figure]:
    """Submitted, watched, included and final, as `basilisk node run` does it: the delay of finality is in it."""
    with tempfile.TemporaryDirectory() as name, running(Path(name)) as url:
        before = verification(seconds)
        taken = asyncio.run(_trade(url, trades))
        floor = (before + verification(seconds)) / 2
        assert "failed" not in (Path(name) / "log").read_text()
    each = taken / trades
    return [
        Figure("trades by RPC, submitted to final", f"{floor / each:.3f}", "of the bare sr25519 verification rate"),
        Figure("a trade by RPC, submitted to final", f"{each / floor:.1f}", f"verifications ({IN_FLIGHT} in flight)"),
    ]


async def _trade(url: str, trades: int) -> float:
    """Seconds from the first submission to the last finality; what signs them is done before."""
    chain = LocalChain()
    pool = chain.call("xyk.create_pool", asset_a="BSX", amount_a="1_000_000 BSX", asset_b="KSM", amount_b="2_500 KSM")
    sell = chain.call("xyk.sell", asset_in="BSX", asset_out="KSM", amount="1 BSX", max_limit=0, discount=False)
    genesis = chain.node.genesis_hash
    first = sign_call(chain.runtime, pool, dev("alice"), 0, genesis)
    signed = [sign_call(chain.runtime, sell, dev("bob"), nonce, genesis) for nonce in range(trades)]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await _until_final(socket, [first])
        start = time.perf_counter()
        await _until_final(socket, signed)
        return time.perf_counter() - start


async def _until_final(socket: aiohttp.ClientWebSocketResponse, extrinsics: Sequence[Extrinsic]) -> None:
    """Keep so many in flight until the last is final."""
    waiting, final = iter(extrinsics), 0

    async def submit() -> None:
        extrinsic = next(waiting, None)
        if extrinsic is not None:
            await socket.send_str(request("author_submitAndWatchExtrinsic", "0x" + extrinsic.raw.hex()))

    for _ in range(IN_FLIGHT):
        await submit()
    while final < len(extrinsics):
        message = await socket.receive_json(timeout=STALLED)
        assert "error" not in message, message
        status = message.get("params", {}).get("result", "ready")
        if isinstance(status, dict) and "finalized" in status:
            final += 1
            await submit()
        else:
            assert status in ("ready", "future") or "inBlock" in status, status
