"""Every fault of the catalogue: its named error, who pays for it, and what never happens. Source: spec/relay.md §13."""

import pytest
from r10 import G0, G1, TARGET, catalogued, disabled, network, notes, pay, play, stakes, verdicts

from amm.local import LocalChain
from chain.node.errors import Finished
from chain.relay.faults import Fault, FaultError
from chain.relay.queues import QueueGenesis

WAITING = QueueGenesis(
    channels=((2000, 2090),), downward={2090: [b"down"]}, horizontal={(2000, 2090): [b"\0"]}
)
COLLUDERS = G1[:2]


def settled(chain: LocalChain, queues: QueueGenesis | None = None) -> None:
    """What holds after every run that stays within the bound: all blocks are good, and all of them are final."""
    found = verdicts(chain, queues)
    assert found == [None] * len(found), found
    assert chain.node.finalized == chain.node.best.hash
    assert chain.node.relay.finalized == chain.node.relay.head


NEVER_BACKED = [
    ("F01", "Candidate.ExecutionError(Pvf.StateRootMismatch)"),
    ("F02", "Candidate.ExecutionError(Pvf.BadStorageProof)"),
    ("F03", "Candidate.ExecutionError(Pvf.MissingTrieNode("),
    ("F04", "Candidate.ExecutionError(Pvf.BadExtrinsic(2, BadProof))"),
    ("F05", "Candidate.ExecutionError(Pvf.StateRootMismatch)"),
    ("F06", "Candidate.ExecutionError(Pvf.ExtrinsicsRootMismatch)"),
    ("F07", "Candidate.ExecutionError(Pvf.InvalidParentHash)"),
    ("F08", "Candidate.BadParent"),
    ("F11", "Candidate.ParamsTooLarge"),
    ("F12", "Candidate.PoVHashMismatch"),
    ("F13", "Candidate.BadSignature"),
    ("F15", "Candidate.CommitmentsHashMismatch"),
    ("F30", "Candidate.ExecutionError(Pvf.UnknownHrmpSender)"),
    ("F31", "Candidate.InvalidOutputs(Inclusion.InvalidOutboundHrmp)"),
    ("F39", "Candidate.ExecutionError(Pvf.BadRelayProof)"),
    ("F40", "Candidate.ExecutionError(Pvf.InherentCheckFailed)"),
]


@pytest.mark.parametrize(("name", "error"), NEVER_BACKED)
def test_never_backed(name: str, error: str) -> None:
    """No honest signature; the chain goes on with the next honest collation, one round later."""
    chain = catalogued(name)
    found = play(chain)
    assert sum(error in note for note in found) == len(G1), found
    records = [chain.node.record(number) for number in (1, 2, 3)]
    assert [record.included_in for record in records if record] == [4, 8, 10]
    assert stakes(chain) == {}
    settled(chain)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("F28", "Candidate.ExecutionError(Pvf.DmqHeadMismatch)"),
        ("F29", "Candidate.ExecutionError(Pvf.HrmpHeadMismatch)"),
        ("F32", "Candidate.ExecutionError(Pvf.DmqHeadMismatch)"),
    ],
)
def test_messages(name: str, error: str) -> None:
    """What waits in the queues is read whole and unaltered, or the block is not backed."""
    chain = catalogued(name, at=2, queues=WAITING)
    found = play(chain, 2)
    assert sum(error in note for note in found) == len(G1), found
    record = chain.node.record(1)
    assert record is not None
    assert record.candidate.commitments.processed_downward_messages == 1
    settled(chain, WAITING)


def test_f09_the_same_candidate_again() -> None:
    chain = catalogued("F09")
    found = play(chain)
    assert any("Inclusion.DisallowedRelayParent" in note for note in found), found
    assert chain.node.best.number == 3
    settled(chain)


def test_f16_a_lazy_backer() -> None:
    chain = catalogued("F16", G1[:1])
    found = play(chain)
    assert any("Inclusion.InsufficientBacking" in note for note in found), found
    assert stakes(chain) == {}
    settled(chain)


def test_f17_two_colluding_backers() -> None:
    """Disputed: 2 for, 8 against; they lose all, the chain goes back, 2090 goes on from the old head."""
    chain = catalogued("F17", COLLUDERS)
    found = play(chain)
    assert "dispute: 2 for, 8 against: concluded invalid" in found, found
    assert stakes(chain) == dict.fromkeys(COLLUDERS, 0)
    assert disabled(chain) == tuple(sorted(COLLUDERS))
    assert chain.node.best.number == 3
    settled(chain)


def test_f18_the_whole_group() -> None:
    """5 for, 5 against: reverted and never taken again, but not concluded: nobody is slashed."""
    chain = catalogued("F18", G1)
    found = play(chain)
    assert any("5 for, 5 against: not concluded" in note for note in found), found
    assert stakes(chain) == {}
    assert verdicts(chain) == [None] * 3


def test_f19_and_a_lazy_checker() -> None:
    chain = catalogued("F19", (*COLLUDERS, _checkers()[0]))
    found = play(chain)
    assert any("3 for, 7 against: concluded invalid" in note for note in found), found
    assert stakes(chain) == {**dict.fromkeys(COLLUDERS, 0), _checkers()[0]: 9_800}
    settled(chain)


def test_f20_beyond_the_bound() -> None:
    """All of tranche 0 lazy: the invalid block becomes final, and only those who check again find it."""
    chain = catalogued("F20", (*COLLUDERS, *_checkers()))
    pay(chain)
    with pytest.raises(Finished):
        pay(chain)
    assert chain.node.finalized == chain.node.best.hash
    assert "Candidate.ExecutionError(Pvf.StateRootMismatch)" in str(verdicts(chain)[-1])


def _checkers() -> tuple[int, ...]:
    """Tranche 0 of the spoilt candidate, learnt from a run in which two backers collude."""
    from chain.relay.approval import checkers
    from chain.relay.network import RelayNetwork

    ranked: list[tuple[int, ...]] = []
    chain = catalogued("F17", COLLUDERS)
    relay: RelayNetwork = chain.node.relay
    before = relay._follow

    def spy(produced: object, notes: list[str]) -> None:
        before(produced, notes)  # type: ignore[arg-type]
        for case in relay.cases.values():
            if case.included_in == TARGET + 2 and case.backers == tuple(sorted(COLLUDERS)):
                ranked.append(checkers(relay.validators, case.included_in, case.hash, case.group, case.backers))

    relay._follow = spy  # type: ignore[method-assign]
    play(chain, 2)
    return ranked[0][:3]


@pytest.mark.parametrize(("name", "who"), [("F21", (2,)), ("F25", (0, 1, 2, 3, 4, 5))])
def test_chunks_withheld(name: str, who: tuple[int, ...]) -> None:
    chain = catalogued(name, who)
    play(chain)
    assert chain.node.relay.head.number == 8
    settled(chain)


def test_f22_three_offline() -> None:
    """Seven bits and seven precommits are enough; absent checkers are replaced."""
    chain = catalogued("F22", (0, 1, 2))
    play(chain)
    chain.advance_relay(4)
    settled(chain)
    assert any("stays empty" in note for note in notes(chain))


def test_f23_four_offline() -> None:
    """Nothing is included and finality stalls, until one of them is back."""
    four = G0[:4]
    chain = network(Fault(TARGET, "offline", four[:3]), Fault(TARGET, "offline", four[3:], until=TARGET + 5))
    found = play(chain)
    assert any("has lost its core" in note for note in found), found
    assert any("finality stalls at 6 of 7 precommits" in note for note in found)
    chain.advance_relay(4)
    settled(chain)


def test_f24_a_corrupted_chunk() -> None:
    chain = catalogued("F24", range(6))
    found = play(chain)
    assert any("Erasure.InvalidBranchProof" in note for note in found), found
    settled(chain)


def test_f26_beyond_the_bound() -> None:
    """Seven claim chunks and fall silent: included, never approved, finality stalls before it."""
    chain = catalogued("F26", tuple(index for index in range(10) if index not in (0, 4, 8)))
    pay(chain)
    pay(chain)
    chain.advance_relay(8)
    found = notes(chain)
    assert any("Recovery.Unavailable" in note for note in found), found
    assert any("no-shows" in note for note in found)
    assert chain.node.finalized == chain.node.header(1).hash
    assert chain.node.relay.finalized.number < 6


def test_f27_a_lying_encoder() -> None:
    chain = catalogued("F27", COLLUDERS)
    found = play(chain)
    assert any("Recovery.Invalid" in note for note in found), found
    assert stakes(chain) == dict.fromkeys(COLLUDERS, 0)
    settled(chain)


@pytest.mark.parametrize(
    ("name", "errors"),
    [
        ("F33", ("Statement.BadSignature", "Statement.WrongGroup")),
        ("F34", ("Statement.WrongGroup",)),
        ("F35", ("Statement.WrongContext",)),
    ],
)
def test_bad_statements(name: str, errors: tuple[str, ...]) -> None:
    """Dropped; the others of the group are enough."""
    chain = catalogued(name, G1[-1:])
    found = play(chain)
    for error in errors:
        assert any(error in note for note in found), found
    assert chain.node.relay.head.number == 8
    settled(chain)


def test_f36_bad_bitfields() -> None:
    chain = catalogued("F36", (3, 7))
    found = play(chain)
    assert any("Inclusion.WrongBitfieldSize" in note for note in found), found
    assert any("Inclusion.InvalidBitfieldSignature" in note for note in found)
    settled(chain)


def test_f37_a_candidate_with_one_vote() -> None:
    chain = catalogued("F37", G1[:1])
    found = play(chain)
    assert any("Inclusion.InsufficientBacking" in note and "rejected" in note for note in found), found
    settled(chain)


def test_f38_two_precommits() -> None:
    chain = catalogued("F38", (4,))
    found = play(chain)
    assert any("Finality.Equivocation" in note for note in found), found
    settled(chain)


def test_a_fault_that_cannot_act() -> None:
    """A backer of the other group has nothing to be careless about."""
    chain = network(Fault(TARGET, "lazy", G0[:1], until=TARGET), Fault(3, "drop_node"))
    with pytest.raises(FaultError, match="FaultNotTriggered"):
        play(chain)
