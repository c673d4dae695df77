"""What a replay reports. Source: spec/trade-scripts.md, "Running".

`seconds` is the only field that differs between two replays of the same script.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec

from amm.facts import EventFact, event_fact
from amm.lives import Life
from amm.outcome import Candidate
from amm.scripts.fault_facts import FaultFact
from amm.scripts.pools import PoolFact
from chain.frame import Runtime
from chain.frame.event import Event


class FailedExpectation(msgspec.Struct, frozen=True):
    """What a script says and the chain does otherwise; `line` is where the script says it.

    `block` is the one in which it showed, the next after the best where no block could be made. `meaning` and `hint`
    explain the error that a call failed with.
    """

    step: int
    label: str | None
    kind: str
    expected: Any
    found: Any
    line: int
    file: str
    block: int = 0
    meaning: str = ""
    hint: str = ""

    def __str__(self) -> str:
        label = f" ({self.label})" if self.label else ""
        place = f"{self.file}:{self.line}: step {self.step}{label}"
        return f"{place}: {self.kind}: expected {self.expected!r}, found {self.found!r}"


@dataclass(kw_only=True)
class StepReport:
    """What became of a step. Steps inside others follow the one that holds them, as they were run.

    `block` is the best block after the step. `ok` says whether the call succeeded, or for another verb whether all
    went as the script says; `held`, for every verb, the latter. `candidate` is what became of the step's last block.
    """

    index: int
    verb: str
    label: str | None
    line: int
    call: str | None = None
    signer: str | None = None
    block: int = 0
    ok: bool = True
    held: bool = True
    error: str | None = None
    meaning: str = ""
    hint: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    candidate: Candidate | None = None
    block_hash: bytes = field(default=b"", repr=False)
    emitted: tuple[Event, ...] = field(default=(), repr=False)
    runtime: Runtime = field(repr=False)

    @cached_property
    def events(self) -> tuple[EventFact, ...]:
        """The events of the step's extrinsic, in plain values."""
        return tuple(event_fact(event, self.runtime) for event in self.emitted)

    @property
    def figures(self) -> dict[str, Any]:
        """What the step is about in figures: the fields of its pallet's last event, or how much it did."""
        pallet = self.call.partition(".")[0] if self.call else None
        for event in reversed(self.events):
            if self.runtime.pallet(event.pallet).key == pallet:
                return event.fields
        return self.counts

    def plain(self) -> dict[str, Any]:
        """The step as JSON has it."""
        return {
            "index": self.index,
            "block": self.block,
            "call": self.call,
            "ok": self.ok,
            "error": self.error,
            "events": msgspec.to_builtins(self.events),
            "verb": self.verb,
            "label": self.label,
            "signer": self.signer,
            "line": self.line,
            "held": self.held,
            "meaning": self.meaning,
            "hint": self.hint,
            "figures": self.figures,
            "candidate": msgspec.to_builtins(self.candidate),
        }


@dataclass
class RelaySummary:
    """What the relay validators did with the blocks of a replay, in numbers of blocks, executions and bytes.

    `None` is what nobody has established of any block.
    """

    candidates: int = 0
    backed: int = 0
    executions: int = 0
    pov_bytes: int = 0
    largest_pov: int = 0
    available: int | None = None
    approved: int | None = None
    finalized: int | None = None


@dataclass
class Report:
    """A replay: what was done, what was found, and whether all of it is as the script says.

    `verified_blocks` counts the blocks that at least one validator executed from their proof, and that the relay
    chain included. `seconds` is wall-clock time. `stopped`: the steps after the one that failed were not run.
    `lives` are those of the blocks in which something failed, `faults` what became of those that were switched on.
    `names` are the accounts that the script names, for reports to people.
    """

    name: str
    blocks: int = 0
    calls: int = 0
    verified_blocks: int = 0
    failed_expectations: list[FailedExpectation] = field(default_factory=list)
    steps: list[StepReport] = field(default_factory=list)
    relay: RelaySummary = field(default_factory=RelaySummary)
    pools_before: tuple[PoolFact, ...] = ()
    pools_after: tuple[PoolFact, ...] = ()
    state_root: str = ""
    block_hash: str = ""
    seconds: float = 0.0
    stopped: bool = False
    lives: list[Life] = field(default_factory=list)
    faults: tuple[FaultFact, ...] = ()
    names: dict[str, bytes] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether every expectation held and every call did what it should."""
        return not self.failed_expectations

    def plain(self) -> dict[str, Any]:
        """The report as JSON has it."""
        return {
            "name": self.name,
            "ok": self.ok,
            "blocks": self.blocks,
            "calls": self.calls,
            "failed_expectations": msgspec.to_builtins(self.failed_expectations),
            "verified_blocks": self.verified_blocks,
            "state_root": self.state_root,
            "block_hash": self.block_hash,
            "seconds": self.seconds,
            "steps": [step.plain() for step in self.steps],
            "failed_blocks": [life.plain() for life in self.lives],
            "relay": msgspec.to_builtins(self.relay),
            "faults": msgspec.to_builtins(self.faults),
            "pools": {
                "before": msgspec.to_builtins(self.pools_before),
                "after": msgspec.to_builtins(self.pools_after),
            },
        }

    def to_json(self) -> str:
        """The report as one JSON document."""
        return msgspec.json.encode(self.plain()).decode()
