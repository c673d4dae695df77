"""Running a node in this process until it is told to stop."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from amm.local import LocalChain
from basilisk_cli.errors import TRACEBACK, UNREACHABLE, CliError
from basilisk_cli.storage_input import StorageReader
from basilisk_cli.times import time_text
from chain.crypto.keys import Keypair
from chain.node.lock import Holder
from chain.node.service import Sealed
from chain.pallets.timestamp import Timestamp
from chain.rpc.feed import Stage
from chain.rpc.sealing import BASE, Mode
from chain.rpc.server import Server
from chain.rpc.service import Service
from chain.rpc.view import Facts

SYNC_SECONDS = 0.2
"""How much a power cut may cost."""


@dataclass(frozen=True)
class Serving:
    """Where a node listens, when it seals, and which web pages may talk to it."""

    host: str
    port: int
    mode: Mode
    every: float
    pages: Collection[str]


def serve(
    chain: LocalChain,
    directory: Path,
    serving: Serving,
    version: str,
    ready: Callable[[str, Service], None],
    log: Callable[[str], None],
) -> None:
    """Run until Ctrl-C or SIGTERM; the store is whole and durable after that.

    `ready` is told the URL and the service once clients can connect; `log` gets a line for each block. Raises
    CliError if the port cannot be had, `NodeError` if the first block cannot be sealed.
    """
    asyncio.run(_serve(chain, directory, serving, version, ready, log))


async def _serve(
    chain: LocalChain,
    directory: Path,
    serving: Serving,
    version: str,
    ready: Callable[[str, Service], None],
    log: Callable[[str], None],
) -> None:
    loop, stopping = asyncio.get_running_loop(), asyncio.Event()
    loop.set_exception_handler(lambda _, context: _complain_of(context))

    def after(seconds: float, action: Callable[[], None]) -> None:
        loop.call_later(seconds, action)

    facts = Facts(f"Basilisk {chain.spec.name}", version, sudo=sudo_key(chain))
    reader = StorageReader(chain.runtime, lambda: chain.book)
    service = Service(
        chain.node, facts, after, _complain, mode=serving.mode, every=serving.every, read_storage=reader
    )
    service.feed.on_sealed(Stage.HEADS, lambda sealed: log(block_line(sealed, chain)))
    service.feed.on_reverted(lambda best: log(f"back at block {best.number}  0x{best.hash.hex()}"))
    server = Server(service, serving.pages)
    try:
        port = await server.start(serving.host, serving.port)
    except OSError as error:
        await server.stop()
        what = f"{serving.host}:{serving.port} cannot be listened on: {_reason(error)}"
        raise CliError(what, "name another --port, 0 lets the system choose; or another --host", UNREACHABLE) from None
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopping.set)
    url = url_of(serving.host, port)
    announce(directory, url)
    syncing = asyncio.create_task(_sync_often(chain, service))
    try:
        service.sealer.start()
        ready(url, service)
        await stopping.wait()
    finally:
        service.sealer.stop()
        syncing.cancel()
        await asyncio.gather(syncing, return_exceptions=True)
        await server.stop()


def _reason(error: OSError) -> str:
    """The system's words; the event loop puts its own before them."""
    number = error.errno or 0
    return (os.strerror(number) if number > 0 else error.strerror or str(error)).lower()


def sudo_key(chain: LocalChain) -> Keypair | None:
    """The key that the node signs `dev_*` writes with; `None` without the sudo pallet."""
    return None if chain.spec.sudo_key is None else chain.signer("root")


async def _sync_often(chain: LocalChain, service: Service) -> None:
    """Make what was sealed durable, beside the event loop."""
    synced = b""
    while True:
        await asyncio.sleep(SYNC_SECONDS)
        now = chain.node.best.hash
        if now != synced:
            await asyncio.to_thread(chain.node.archive.storage.sync)
            synced = now


def announce(directory: Path, url: str) -> None:
    """Say in the lock, which this process holds, where it can be reached."""
    (directory / "lock").write_bytes(msgspec.json.encode(Holder(os.getpid(), url)))


def url_of(host: str, port: int) -> str:
    """Where clients connect: a node that listens everywhere is reached at the loopback address."""
    name = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"ws://[{name}]:{port}" if ":" in name else f"ws://{name}:{port}"


def block_line(sealed: Sealed, chain: LocalChain) -> str:
    """What the log says of a block."""
    taken = len(sealed.applied) - BASE
    failed = sum(applied.error is not None for applied in sealed.applied)
    what = f"{taken} extrinsic{'s' * (taken != 1)}" + (f", {failed} failed" if failed else "")
    time = time_text(chain.node.read()[Timestamp].now.get())
    return f"block {sealed.number}  0x{sealed.hash.hex()}  {what}  {time}"


def _complain_of(context: Mapping[str, Any]) -> None:
    """What the event loop says of a task or a timer that failed."""
    error = context.get("exception")
    if not isinstance(error, ConnectionError):
        _complain("serving", error if isinstance(error, Exception) else RuntimeError(context["message"]))


def _complain(where: str, error: Exception) -> None:
    """A mistake that no client can be told of."""
    sys.stderr.write(f"error: {where}: {type(error).__name__}: {' '.join(str(error).split())}\n")
    if os.environ.get(TRACEBACK):
        import traceback

        traceback.print_exception(error)
