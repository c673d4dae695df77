"""`basilisk`: the nouns and their one-line helps. Everything else is imported by the noun that is used."""

from typing import Annotated, Any

import typer
from typer.main import get_command

from basilisk_cli.grammar import Root

SECTIONS = {
    "The chain": {
        "chain": "Make, look at, advance, snapshot and revert the chain.",
        "node": "Serve the chain by JSON-RPC, for Substrate's clients.",
        "relay": "The relay chain: who verified what.",
        "block": "Blocks, with their extrinsics and candidates.",
        "event": "What happened, block by block.",
        "extrinsic": "One extrinsic: call, signer, fee, events.",
        "storage": "The state itself: items, keys, raw values.",
    },
    "Accounts and markets": {
        "account": "Accounts: balances, transfers, new keys.",
        "asset": "Assets: symbols, decimals, issuance.",
        "pool": "Liquidity pools: create, fill, price, chart.",
        "lbp": "Launches: design, solve, create, chart, finish.",
        "trade": "Sell, buy, or ask for a quote.",
        "nft": "Collections and items: create, mint, transfer, burn.",
        "market": "Sell items at a price or to an offer; royalties.",
        "auction": "Auctions of items: English, TopUp, Candle.",
    },
    "Trade scripts": {
        "replay": "Run a trade script and check what it expects.",
        "script": "Check a script, print its schema, begin a new one.",
    },
}


class Basilisk(Root):
    sections = SECTIONS


app = typer.Typer(
    cls=Basilisk,
    name="basilisk",
    help="A local Basilisk: pools and trades exact to the live runtime, every block verified by relay validators.",
    epilog=(
        "--chain, --data-dir, --url, --json and --quiet may stand anywhere on the line, or in the environment as "
        "BASILISK_CHAIN, BASILISK_DATA_DIR, BASILISK_URL, BASILISK_JSON and BASILISK_QUIET; BASILISK_AS names the "
        "signer.\n\n"
        'Begin with `basilisk chain init`, then `basilisk pool create "100_000 BSX" "250 KSM"`.'
    ),
    add_completion=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    invoke_without_command=True,
    subcommand_metavar="COMMAND …",
)


@app.callback()
def basilisk(
    ctx: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"basilisk {installed('basilisk')}")
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())


command: Any = get_command(app)
