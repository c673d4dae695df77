"""A chain with auctions to bid on, and what is read off receipts of bids."""

from collections.abc import Callable
from typing import Any

from typer.testing import Result

from chain.crypto import ss58
from chain.crypto.keys import dev

ReadJson = Callable[..., Any]

UNIT = 10**12

HOUSE = """
name: house
pallets: [sudo, auctions]
runtime:
  auctions:
    candle_default_duration: 30
    candle_default_closing_period_duration: 20
    candle_default_closing_ranges_count: 10
    randomness: subject  # so that range 7 is drawn, always
balances:
  alice: &rich {BSX: "1_000_000 BSX"}
  bob: *rich
  charlie: *rich
  dave: *rich
"""

BEGIN = (
    "chain init",
    "nft create next Zoo",
    "nft mint 1000000 Lion",
    "nft mint 1000000 Tiger",
)


def address(name: str) -> str:
    return ss58.encode(dev(name).account)


def said(result: Result) -> str:
    """The headline of a receipt."""
    return result.stdout.splitlines()[0]


def changes(receipt: Any) -> dict[str, int]:
    """What a command did to free balances, fees left out, by name."""
    return {
        each["name"]: each["after"] - each["before"] + (receipt["fee"] if place == 0 else 0)
        for place, each in enumerate(receipt["balances"])
    }


def owner(read_json: ReadJson, item: int) -> str:
    held: str = read_json(f"nft show 1000000/{item}")["owner"]
    return held
