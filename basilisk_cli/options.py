"""Options and arguments that several commands share, and how people write their values."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Annotated

import typer

from basilisk_cli.errors import REFUSED, CliError

As = Annotated[str, typer.Option("--as", metavar="NAME", envvar="BASILISK_AS", show_envvar=False, help="Who signs.")]
Block = Annotated[
    str | None, typer.Option("--at", metavar="BLOCK", help="Look at the state after this block, not the best one.")
]
ItemName = Annotated[str, typer.Argument(metavar="COLLECTION/ITEM", help="As in 1000000/1.")]
OfAsset = Annotated[
    str | None, typer.Option("--asset", metavar="ASSET", help="The asset, where the amount is in base units.")
]
Pair = Annotated[str, typer.Argument(metavar="A/B", help="The pool's assets in either order, as in BSX/KSM.")]
Slippage = Annotated[
    str,
    typer.Option(
        "--slippage",
        metavar="PERCENT",
        envvar="BASILISK_SLIPPAGE",
        show_envvar=False,
        help="How much worse than the quote it may get, where no limit is given.",
    ),
]

ONE_PER_CENT = "1%"

_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*%?")


def fraction_of(text: str) -> Fraction:
    """The part that a percentage is: `1%` or `1` is 1/100. Raises CliError outside 0 to 100."""
    found = _PERCENT.fullmatch(text.strip())
    part = Fraction(found[1]) / 100 if found else None
    if part is None or part > 1:
        raise CliError(f"{text!r} is no percentage", "write a number from 0 to 100, as in 1% or 0.5%")
    return part


def one_of(options: dict[str, object]) -> str:
    """The one option that is given. Raises CliError if it is none, or more than one."""
    given = [name for name, value in options.items() if value is not None]
    names = ", ".join(options)
    if len(given) != 1:
        what = "nothing says how far" if not given else f"{' and '.join(given)} do not go together"
        raise CliError(what, f"give one of {names}")
    return given[0]


def confirm(question: str, yes: bool, ask: Callable[[str], bool] = typer.confirm) -> None:
    """Ask before something is lost. Raises CliError if nobody can answer, and on a no."""
    import sys

    if yes:
        return
    if not sys.stdin.isatty():
        raise CliError("nobody is here to confirm this", "add --yes")
    if not ask(question):
        raise CliError("not confirmed: nothing was changed", "", REFUSED)
