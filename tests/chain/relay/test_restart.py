"""A chain closed and opened again at any relay height goes on as one that was never closed."""

from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from r10 import G0, G1, TARGET, disabled, network, notes, stakes, switches

from amm.chain_spec import load_chain_spec
from amm.local import LocalChain
from amm.runtime import load
from chain.node.in_progress import Proposal
from chain.node.service import Node
from chain.primitives.header import Header
from chain.primitives.validation import StorageProof
from chain.relay.case import Case
from chain.relay.chain import open_state
from chain.relay.collator import Collation, take_snapshot
from chain.relay.faults import Fault, Switched
from chain.relay.faults.workshop import Workshop
from chain.relay.workers import Workers

LENGTH = 22
"""The last relay block of a run."""

CHECKERS = (4, 2, 0)
"""Tranche 0 of what two colluding backers have included in relay block 6."""

RUNS: dict[str, tuple[Fault, ...]] = {
    "F01": switches("F01"),
    "F17": switches("F17", G1[:2]),
    "F18": switches("F18", G1),
    "F19": switches("F19", (*G1[:2], CHECKERS[0])),
    "F21": switches("F21", (2,)),
    "F22": switches("F22", (0, 1, 2)),
    "F23": (Fault(TARGET, "offline", G0[:3]), Fault(TARGET, "offline", G0[3:4], until=TARGET + 8)),
    "F24": switches("F24", range(6)),
    "F26": switches("F26", tuple(index for index in range(10) if index not in (0, 4, 8))),
    "F27": switches("F27", G1[:2]),
    "F31": switches("F31"),
    "late": (*switches("F17", G1[:2]), Fault(TARGET + 1, "offline", CHECKERS, until=TARGET + 6)),
}
"""`late`: those who are called first to check what two have pushed are not there; the next ones find it."""


class Run:
    """A collator at work relay block by relay block; everything is written after each of them."""

    def __init__(
        self, faults: Iterable[Fault], cuts: Iterable[int] = (), workers: Workers | None = None
    ) -> None:
        self.chain = network(*faults)
        self.chain.node.relay.workers = workers
        self.cuts = tuple(cuts)
        self.waiting: Proposal | None = None
        self.finals: list[Header] = []
        while self.head < LENGTH:
            if self.head in self.cuts:
                reopen(self.chain)
            self.tick()
            self.finals.append(self.chain.node.relay.finalized)

    @property
    def head(self) -> int:
        """Relay blocks that were made; the head may be lower."""
        return self.chain.node.relay.slot

    def tick(self) -> None:
        """One relay block, with a candidate offered wherever one can be."""
        node = self.chain.node
        relay, conduct = node.relay, node.conduct
        assert isinstance(conduct, Switched)
        offers = []
        pending = open_state(relay.store, relay.head)[1].pending.get(2090)
        if pending is None:
            conduct.begin(relay.head.number)
        if pending is None and relay.included_head(2090, relay.head) == node.best.hash:
            self.waiting = self.proposal()
            offers = [conduct.spoilt(self.workshop(self.waiting), relay.head.number)]
        step = relay.step(offers)
        known = self.waiting.collation.candidate if self.waiting else None
        for case in relay.cases.values():
            if self.waiting and case.included_in == step.header.number and case.collation.candidate == known:
                node.ledger.include(self.waiting.built, [step], case)
                return
        node.ledger.absorb([step])

    def proposal(self) -> Proposal:
        block = self.chain.node.open_block()
        call = self.chain.call("balances.transfer_allow_death", dest="bob", value="5 BSX")
        block.push(self.chain.prepare(call, "charlie", environment=block.environment).extrinsic)
        return block.rebuilt()

    def workshop(self, proposal: Proposal) -> Workshop:
        node = self.chain.node
        record = node.record(node.best.hash)
        previous = None if record is None else Collation(record.candidate, record.pov, record.validation_data)
        other = node.archive.relay(max(0, node.relay.head.number - 2)).header
        proof: StorageProof = take_snapshot(node.validators, node.relay.store, other, 2090).inherent.relay_chain_state
        return Workshop(proposal.author, proposal.collation, previous, 10, proof)


def reopen(chain: LocalChain) -> None:
    """Another process on the same store."""
    old = chain.node
    assert isinstance(old.conduct, Switched)
    node = Node(
        old.runtime, old.validators, old.keys, old.archive.storage, load, old.about,
        Switched(old.conduct.faults, old.validators, 2090),
    )  # fmt: skip
    chain._take(chain.spec, node, old.archive.storage, None)


def story(chain: LocalChain) -> list[Any]:
    """All that a run leaves behind, but for the bytes of signatures."""
    node, found = chain.node, list[Any]()
    for number in range(node.relay.head.number + 1):
        record = node.archive.relay(number)
        final = record.justification
        voters = final and (final.round, final.target_hash, {vote.id for vote in final.precommits}, final.ancestry)
        body = record.block and record.block.body
        found.append((record.header, body, record.events, record.notes, record.executions, voters))
    for number in range(1, node.best.number + 1):
        block = node.record(number)
        assert block is not None
        votes = [(vote.block_hash, vote.candidate_index, vote.validator) for vote in block.approvals]
        place = block.backed_by, block.backed_in, block.included_in, block.final_in
        found.append((block.candidate, block.pov, block.executions, block.available, votes, place))
    pending = [extrinsic.raw for extrinsic in node.pool.pending()]
    found.append((node.best, node.finalized, node.relay.finalized, node.relay.slot, pending, stakes(chain)))
    assert isinstance(node.conduct, Switched)
    cases = [known(node.relay.cases[candidate]) for candidate in sorted(node.relay.cases)]
    return [*found, node.conduct.memory, disabled(chain), cases]


def known(case: Case) -> list[Any]:
    """What validators know of a candidate."""
    votes = {index: valid for index, (valid, _) in case.votes.items()}
    place = case.backed_in, case.included_in, case.final_in, case.place, case.core, case.group, case.session
    verdict = case.disputed, case.lost, case.open, case.errors, case.heard, votes, sorted(case.approvals)
    offered = case.backing.offered and case.backing.offered.validator_indices
    backing = case.backers, len(case.backing.statements), offered, case.view.relay_parent
    work = case.work.executions, case.counted, case.work.patch
    return [case.collation, place, verdict, backing, work, case.chunks, case.tranches]


WHOLE: dict[str, list[Any]] = {}


def whole(name: str) -> list[Any]:
    """The story of the run that is never closed."""
    if name not in WHOLE:
        WHOLE[name] = story(Run(RUNS[name]).chain)
    return WHOLE[name]


@pytest.mark.parametrize("name", RUNS)
def test_closed_at_every_height(name: str) -> None:
    assert story(Run(RUNS[name], range(LENGTH)).chain) == whole(name)


@pytest.mark.parametrize("cut", range(TARGET, TARGET + 9))
@pytest.mark.parametrize("name", ["F17", "F18", "F26", "late"])
def test_closed_once(name: str, cut: int) -> None:
    assert story(Run(RUNS[name], (cut,)).chain) == whole(name)


def test_the_runs_are_what_they_are_called() -> None:
    """Each of them comes to where knowledge matters: what is compared above is not twelve quiet runs."""
    words = {
        "F01": "Pvf.StateRootMismatch",
        "F17": "dispute: 2 for, 8 against: concluded invalid",
        "F18": "dispute: 5 for, 5 against: not concluded",
        "F19": "dispute: 3 for, 7 against: concluded invalid",
        "F23": "has lost its core",
        "F24": "Erasure.InvalidBranchProof",
        "F26": "Recovery.Unavailable",
        "F27": "Recovery.Invalid",
        "F31": "Inclusion.InvalidOutboundHrmp",
        "late": "no-shows in the check of para 2090",
    }
    for name, word in words.items():
        assert word in str(whole(name)), name


SPEC = """
relay: {validators: 10, max_validators_per_core: 5, group_rotation_frequency: 0, needed_approvals: 3, seed: 7}
faults:
  - {id: F01, at: 4}
  - {do: offline, at: 8, who: [1, 2]}
  - {id: F38, at: 12, who: [3]}
"""


def test_on_disk(tmp_path: Path) -> None:
    """Faults of a chain spec, each block by another process: what has acted is known to have acted."""
    path = tmp_path / "faulty.yaml"
    with resources.as_file(resources.files("configs").joinpath("chains", "local.yaml")) as local:
        path.write_text(local.read_text().split("relay:")[0] + SPEC)
    spec = load_chain_spec(str(path))
    memory = LocalChain(spec)
    LocalChain.create(tmp_path / "c", spec).close()
    for _ in range(8):
        list(memory.advance(1))
        with LocalChain.open(tmp_path / "c") as disk:
            list(disk.advance(1))
    with LocalChain.open(tmp_path / "c", readonly=True) as disk:
        assert story(disk) == story(memory)
        found = notes(disk)
    for word in ("Pvf.StateRootMismatch", "validator 1 is offline", "Finality.Equivocation"):
        assert any(word in note for note in found), word
