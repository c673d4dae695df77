"""One relay block of a network of validators, with all that came of it. Source: spec/relay.md §8–§12."""

from dataclasses import dataclass, field

from chain.primitives.header import Header
from chain.relay.case import Case
from chain.relay.chain import Produced
from chain.relay.counting import Executed
from chain.relay.finality_types import Justification


@dataclass
class Step:
    """One relay block, what it made final, what was noticed on the way, and which blocks it gave up."""

    produced: Produced
    notes: list[str] = field(default_factory=list)
    justification: Justification | None = None
    abandoned: list[Header] = field(default_factory=list)
    cases: list[Case] = field(default_factory=list)
    """The candidates that were offered in it."""
    finals: list[Case] = field(default_factory=list)
    """The candidates that it made final."""
    executions: tuple[Executed, ...] = ()
    """The runs of validate_block that it took."""

    @property
    def header(self) -> Header:
        return self.produced.block.header
