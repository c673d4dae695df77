"""How the values of a design file are written, beyond those of trade scripts."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeVar

from amm.scripts.shapes import Kind, Reader
from amm.scripts.source import Node, Text
from amm.simulate.units import (
    Weights,
    parse_duration,
    parse_percent,
    parse_rate,
    parse_weights,
    weights_text,
)
from amm.values import WrittenError

T = TypeVar("T")


class ParsedOf(Kind[T]):
    """A text that a parser of `units` reads; its faults are the file's."""

    def __init__(self, written: str, parse: Callable[[str], T], show: Callable[[T], str]) -> None:
        self.written, self._parse, self._show = written, parse, show

    def read(self, node: Node, reader: Reader) -> T:
        if not isinstance(node, Text):
            raise self.mismatch(node, reader)
        try:
            return self._parse(node.value)
        except WrittenError as error:
            raise reader.refuse(node.mark, error.what, error.hint) from None

    def plain(self, value: T) -> str:
        return self._show(value)

    def schema(self) -> dict[str, Any]:
        return {"type": "string"}


def _percent_plain(part: Fraction) -> str:
    return f"{float(100 * part):.15g}%"


DURATION: ParsedOf[int] = ParsedOf("a duration, as in 72h or 1d12h", parse_duration, lambda seconds: f"{seconds}s")
PERCENT: ParsedOf[Fraction] = ParsedOf("a percentage, as in 80%", parse_percent, _percent_plain)
ANY_PERCENT: ParsedOf[Fraction] = ParsedOf(
    "a percentage, as in 150%", lambda text: parse_percent(text, None), _percent_plain
)
RATE: ParsedOf[tuple[int, int]] = ParsedOf(
    "a fee, as in 0.2% or 2/1000", parse_rate, lambda rate: f"{rate[0]}/{rate[1]}"
)
WEIGHTS: ParsedOf[Weights] = ParsedOf(
    "token/collateral at start and end, as in 98/2:20/80", parse_weights, weights_text
)
