"""Runs on the network that the catalogue of faults speaks of, as files write it. Source: spec/relay.md §13.

It is configs/networks/r10.yaml: ten validators, V0–V4 for the inert 2000, V5–V9 for 2090.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path

from amm.chain_spec import ChainSpec
from amm.local import LocalChain
from amm.network_file import read_network
from amm.relay_chain import queues_of
from amm.runtime import load
from amm.scripts.errors import Fault, Faults
from amm.scripts.shapes import Reader
from amm.scripts.source import compose
from chain.node.errors import Finished, NodeError
from chain.node.verify import verify_history
from chain.relay.chain import open_state
from chain.relay.disputes import stake_left
from chain.relay.errors import RelayError
from chain.relay.faults import Switched
from chain.relay.relay_block import CandidateIncluded, CandidateTimedOut
from chain.relay.state import RelayState

G0, G1 = tuple(range(5)), tuple(range(5, 10))
"""The groups of 2000 and of 2090."""

_NAME = re.compile(r"\b(?:Pvf|Candidate|Statement|Inclusion|Erasure|Recovery|Disputes|Finality|Relay)\.[A-Z][A-Za-z]+")


def r10(*faults: str, more: str = "", approvals: int = 3) -> ChainSpec:
    """The network with these faults, other keys of a network file, and other needed_approvals. Raises Faults."""
    text = resources.files("configs").joinpath("networks", "r10.yaml").read_text()
    text = text.replace("needed_approvals: 3", f"needed_approvals: {approvals}")
    listed = "".join(f"\n  - {fault}" for fault in faults)
    wrong: list[Fault] = []
    root, wrong = compose(f"{text}\n{more}\nfaults:{listed or ' []'}\n", "r10.yaml")
    if root is None or wrong:
        raise Faults(wrong)
    return read_network(root, Reader(Path("r10.yaml"), wrong))


@dataclass
class Run:
    """A chain on R10 on which something was played, and how that ended."""

    chain: LocalChain
    error: NodeError | RelayError | None = None

    # -- playing ---------------------------------------------------------------------------------------------------

    def pay(self) -> None:
        """A block with a transfer."""
        call = self.chain.call("balances.transfer_allow_death", dest="bob", value="5 BSX")
        assert self.chain.submit(call, "charlie").ok

    def play(self, blocks: int) -> "Run":
        """Seal blocks with a transfer each, up to the one that cannot be."""
        try:
            for _ in range(blocks):
                self.pay()
        except (NodeError, RelayError) as error:
            self.error = error
        return self

    def wait(self, relay_blocks: int) -> "Run":
        """Let the relay chain go on alone, until it halts."""
        try:
            self.chain.advance_relay(relay_blocks)
        except (NodeError, RelayError) as error:
            self.error = error
        return self

    # -- looking ---------------------------------------------------------------------------------------------------

    @property
    def head(self) -> int:
        return self.chain.node.relay.head.number

    @property
    def final(self) -> int:
        """The highest final relay block."""
        return self.chain.node.relay.finalized.number

    @property
    def finished(self) -> bool:
        return isinstance(self.error, Finished)

    @property
    def notes(self) -> list[str]:
        return [note for number in range(self.head + 1) for note in self.chain.node.archive.relay(number).notes]

    def seen(self, text: str) -> int:
        """How many notes have this in them."""
        return sum(text in note for note in self.notes)

    @property
    def named(self) -> dict[str, int]:
        """Every error that somebody has named, and how often."""
        return dict(Counter(name for note in self.notes for name in _NAME.findall(note)))

    def events(self, kind: type) -> Iterator[int]:
        """The relay blocks of the surviving line in which this became of a candidate of 2090."""
        for number in range(self.head + 1):
            for event in self.chain.node.archive.relay(number).events:
                if isinstance(event, kind) and event.receipt.descriptor.para_id == 2090:  # type: ignore[attr-defined]
                    yield number

    @property
    def included(self) -> list[int]:
        return list(self.events(CandidateIncluded))

    @property
    def timed_out(self) -> list[int]:
        return list(self.events(CandidateTimedOut))

    @property
    def state(self) -> RelayState:
        return open_state(self.chain.node.nodes, self.chain.node.relay.head)[1]

    @property
    def lost(self) -> dict[int, int]:
        """Who has lost stake: per cent that is gone, by validator."""
        left = {index: stake_left(self.state.offences.get(index)) for index in range(10)}
        return {index: (10_000 - rest) // 100 for index, rest in left.items() if rest != 10_000}

    @property
    def disabled(self) -> tuple[int, ...]:
        return self.state.disabled.get()

    @property
    def offenders(self) -> list[int]:
        """Who is on record, with or without loss."""
        return [index for index in range(10) if self.state.offences.get(index)]

    @cached_property
    def verdicts(self) -> list[str | None]:
        """What becomes of every block that is executed again from its proof."""
        node, queues = self.chain.node, queues_of(self.chain.spec)
        best = node.best.number
        found = verify_history(node.archive, node.validators, load, 1, best, faults=True, queues=queues)
        return [verdict.error for verdict in found]

    @property
    def neighbour(self) -> tuple[bytes | None, object]:
        """The head of 2000, and what waits on its core."""
        return self.state.heads.get(2000), self.state.pending.get(2000)

    @property
    def missing(self) -> list[str]:
        """What is said of faults that have not acted."""
        conduct = self.chain.node.conduct
        assert isinstance(conduct, Switched)
        return [str(error) for _, error in conduct.tally.missing()]


def run(*faults: str, blocks: int = 3, more: str = "", approvals: int = 3) -> Run:
    """Three blocks with a transfer each, or as many as asked for, on a fresh chain."""
    return Run(LocalChain(r10(*faults, more=more, approvals=approvals))).play(blocks)
