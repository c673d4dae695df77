"""`basilisk node`: the chain as a JSON-RPC node, for Substrate's clients."""

from enum import StrEnum
from typing import Annotated

import typer

from basilisk_cli.grammar import Noun
from basilisk_cli.output import screen
from basilisk_cli.render.blocks import Facts
from basilisk_cli.session import Embedded
from basilisk_cli.settings import settings_of
from basilisk_cli.whereabouts import DEFAULT_CHAIN, directory_of, is_chain, no_node_at

app = Noun("Run a node: JSON-RPC for polkadot.js, PAPI, substrate-interface and the Galactic SDK.")

PORT = 9944
BLOCK_SECONDS = 12.0


class Seal(StrEnum):
    """When a block is sealed."""

    instant = "instant"
    interval = "interval"
    manual = "manual"


@app.command()
def run(
    ctx: typer.Context,
    seal: Annotated[
        Seal, typer.Option("--seal", help="With each extrinsic, every so often, or on dev_newBlock only.")
    ] = Seal.instant,
    every: Annotated[
        float, typer.Option("--every", metavar="SECONDS", min=0.05, help="The interval of --seal interval.")
    ] = BLOCK_SECONDS,
    port: Annotated[int, typer.Option("--port", min=0, max=65_535, help="0 lets the system choose.")] = PORT,
    host: Annotated[str, typer.Option("--host", help="The address to listen on.")] = "127.0.0.1",
    pages: Annotated[
        list[str] | None,
        typer.Option("--pages", metavar="ORIGIN", help="Web pages that may connect, besides local ones; or all."),
    ] = None,
) -> None:
    """Serve the chain by JSON-RPC until Ctrl-C: WebSocket and HTTP on one port.

    Makes the chain if there is none, and seals block 1, which clients need. Each block is a line on standard error.
    Clients hear that a block is final when the relay chain has made it final; as long as the relay chain says nothing
    about that, an included block counts as final.
    """
    from basilisk_cli.serving import Serving, serve
    from chain.rpc.sealing import Mode
    from chain.rpc.server import TRUSTED_PAGES
    from chain.rpc.service import Service

    settings = settings_of(ctx)
    no_node_at(settings)
    directory, output = directory_of(settings), screen(ctx)
    if is_chain(directory):
        session = Embedded.open(directory)
    else:
        session = Embedded.create(directory, settings.chain or DEFAULT_CHAIN)
        output.note(f"Made the chain {session.spec.name} in {directory}.")
    serving = Serving(host, port, Mode(seal.value), every, frozenset(pages or TRUSTED_PAGES))

    def ready(url: str, service: Service) -> None:
        best = session.best
        document = {"url": url, "chain": session.spec.name, "block": best.number, "hash": "0x" + best.hash.hex()}
        http = url.replace("ws://", "http://", 1)
        facts = Facts([("listening", url), ("and", http), ("chain", session.spec.name), ("block", best.number)])
        output.show(document, facts)
        _flush()
        output.note("Ctrl-C stops the node.")

    with session:
        serve(session, directory, serving, _version(), ready, output.note)
        output.note(f"Stopped at block {session.best.number}.")


def _version() -> str:
    from importlib.metadata import version

    return version("basilisk")


def _flush() -> None:
    """Programs that wait for the URL read it through a pipe."""
    import sys

    sys.stdout.flush()
