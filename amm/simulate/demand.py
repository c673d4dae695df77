"""What a demand model is in a design file, and what it needs to become a crowd.

demand:
  - {model: uniform, budget: 400_000 KUSD, orders: 200}
"""

import re
from typing import Annotated, NamedTuple

from amm.scripts.errors import Fault, Faults, Mark
from amm.scripts.kinds import OneOf, Whole
from amm.scripts.names import NameOf
from amm.scripts.shapes import Key, Record
from amm.scripts.source import Integer, Text
from amm.simulate.crowd import Crowd, Stage
from amm.simulate.units import relay_blocks
from amm.simulate.written import DURATION
from amm.values import Book, WrittenError, parse_amount

Amount = Text | Integer

TRADERS = Whole(1, 100_000)
NAME = NameOf(re.compile(r"[a-z][a-z0-9_]{0,30}"), "a name in lower case, as in early_birds")
ORDERS = Whole(1, 1_000_000)


class Scale(NamedTuple):
    """The sale's assets, by which amounts are read."""

    book: Book
    accumulated: int
    distributed: int

    def collateral(self, written: Amount) -> int:
        """Base units of the accumulated asset. Raises Faults."""
        return self._read(written, self.accumulated)

    def tokens(self, written: Amount) -> int:
        """Base units of the distributed asset. Raises Faults."""
        return self._read(written, self.distributed)

    def price(self, written: Amount) -> float:
        """Collateral for one token, in base units of both. Raises Faults."""
        price = self._read(written, self.accumulated)
        if price == 0:
            raise Faults([Fault(written.mark, "a price of nothing", "write what one token is worth")])
        unit: int = 10 ** (self.book.decimals(self.distributed) or 0)
        return price / unit

    def _read(self, written: Amount, asset: int) -> int:
        try:
            return parse_amount(written.value, self.book, asset)
        except WrittenError as error:
            raise Faults([Fault(written.mark, error.what, error.hint)]) from None


class Demand(Record, frozen=True, kw_only=True):
    """What all demand models may carry."""

    model: Annotated[str, Key(OneOf(), "which demand model it is")]
    name: Annotated[Text | None, Key(NAME, "what its accounts are called after; the model if left out")] = None

    def crowd(self, stage: Stage, scale: Scale) -> Crowd:
        """The traders. Raises Faults for amounts that mean nothing here."""
        raise NotImplementedError


class Windowed(Demand, frozen=True, kw_only=True):
    """Demand of a part of the sale."""

    since: Annotated[int, Key(DURATION, "when it begins, after the start of the sale", "from")] = 0
    until: Annotated[int | None, Key(DURATION, "when it ends; with the sale if left out")] = None

    def window_of(self, stage: Stage) -> tuple[int, int]:
        """The first and the last relay block of it. Raises Faults for a window that is none."""
        first = block_of(self.since, stage, self.mark)
        last = stage.terms.end if self.until is None else block_of(self.until, stage, self.mark)
        if first > last:
            raise Faults([Fault(self.mark, "it ends before it begins", "let `until` come after `from`")])
        return first, last


def block_of(seconds: int, stage: Stage, mark: Mark) -> int:
    """The relay block so long after the start. Raises Faults if the sale is over by then."""
    block = stage.terms.start + relay_blocks(seconds)
    if block > stage.terms.end:
        raise Faults([Fault(mark, "this is after the end of the sale", "write a time within it")])
    return block
