"""What names will mean, as far as can be known before a script runs. Source: spec/trade-scripts.md, "Values"."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NoReturn

import msgspec

from amm.scopes import NotYetKnown
from amm.scripts.script import Script
from amm.scripts.source import Mapping, Node, Text, walk
from amm.scripts.steps import BlockStep, CallStep, IncludeStep, RepeatStep, Step
from amm.scripts.variables import names_in
from amm.values import Book
from chain.frame import Runtime

SYMBOL = "symbol"


class Foreseen:
    """A scope that looks ahead: variables and share tokens have no value yet, and some symbols may change."""

    def __init__(self, runtime: Runtime, book: Book, made: "Made") -> None:
        self.runtime = runtime
        self.book: Book = ForeseenBook(book, made)

    def variable(self, name: str) -> NoReturn:
        raise NotYetKnown


class Made(msgspec.Struct, frozen=True):
    """The symbols that a script gives to assets itself; `any` if it gives one that cannot be foreseen."""

    symbols: frozenset[str]
    any: bool


ANYTHING = Made(frozenset(), True)


class ForeseenBook:
    """What the chain knows of its assets before the script runs. Of what the script makes nothing is known yet."""

    def __init__(self, book: Book, made: Made) -> None:
        self._book, self._made = book, made

    def symbols(self) -> Iterable[str]:
        return self._book.symbols()

    def asset(self, symbol: str) -> int | None:
        if symbol in self._made.symbols:
            raise NotYetKnown
        found = self._book.asset(symbol)
        if found is None and self._made.any:
            raise NotYetKnown
        return found

    def symbol(self, asset: int) -> str | None:
        if self._made.any or self._made.symbols:
            raise NotYetKnown
        return self._book.symbol(asset)

    def decimals(self, asset: int) -> int | None:
        if self._made.any or self._made.symbols:
            raise NotYetKnown
        return self._book.decimals(asset)

    def share_asset(self, asset_a: int, asset_b: int) -> NoReturn:
        raise NotYetKnown


def symbols_made(script: Script) -> Made:
    """What the arguments of all calls, at any depth, say of symbols, and what the setup stores of them."""
    symbols: set[str] = set()
    unforeseen = False
    stored = script.setup.storage if script.setup is not None else ()
    for node in (*(item.value for item in stored), *_arguments(script.steps)):
        for symbol in _symbols(node):
            text = _plain_text(symbol)
            if text is None:
                unforeseen = True
            else:
                symbols.add(text)
    return Made(frozenset(symbols), unforeseen)


def _arguments(steps: Sequence[Step]) -> Iterator[Node]:
    for step in steps:
        match step:
            case CallStep(args=args) if args is not None:
                yield args
            case BlockStep(block=calls):
                yield from _arguments(calls)
            case RepeatStep(repeat=repetition):
                yield from _arguments(repetition.steps)
            case IncludeStep(include=included):
                yield from _arguments(included.steps)
            case _:
                pass


def _symbols(node: Node) -> Iterator[Any]:
    """The values of all keys `symbol`, as in `asset_registry.set_metadata` and an asset's metadata."""
    for inner in walk(node):
        if isinstance(inner, Mapping):
            found = inner.get(SYMBOL)
            if found is not None:
                yield found


def _plain_text(symbol: Node) -> str | None:
    """A symbol as it will be; None if that depends on the run."""
    if not isinstance(symbol, Text) or names_in(symbol.value):
        return None
    if not symbol.value.startswith("0x"):
        return symbol.value
    try:
        return bytes.fromhex(symbol.value[2:]).decode(errors="replace")
    except ValueError:
        return symbol.value
