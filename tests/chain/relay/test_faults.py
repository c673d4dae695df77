"""Every fault of the catalogue, column by column: who sees what, what it is called, what comes of it, who pays.

The network is R10; the target is block 2 of 2090, on relay parent 4. Source: spec/relay.md §13.
"""

import pytest
from reference import G0, G1, Run, run

PVF = "Candidate.ExecutionError"
ANEW = [4, 8, 10]
"""The relay blocks that include blocks 1 to 3 where block 2 is refused and built anew, one round later."""

ON_TIME = [4, 6, 8]


def clean(found: Run) -> None:
    """What holds after every run within the bound: nothing wrong was included, all is final, 2000 knows of nothing."""
    assert found.error is None
    assert found.missing == []
    assert found.verdicts == [None] * len(found.verdicts), found.verdicts
    node = found.chain.node
    assert node.best.number == len(found.included)
    assert (node.finalized, found.final) == (node.best.hash, found.head)
    assert found.neighbour == (b"", None)


def unpunished(found: Run) -> None:
    assert (found.lost, found.disabled, found.offenders) == ({}, (), [])


NEVER_BACKED = [
    ("F01", {PVF: 5, "Pvf.StateRootMismatch": 5}),
    ("F02", {PVF: 5, "Pvf.BadStorageProof": 5}),
    ("F03", {PVF: 5, "Pvf.MissingTrieNode": 5}),
    ("F04", {PVF: 5, "Pvf.BadExtrinsic": 5}),
    ("F05", {PVF: 5, "Pvf.StateRootMismatch": 5}),
    ("F06", {PVF: 5, "Pvf.ExtrinsicsRootMismatch": 5}),
    ("F07", {PVF: 5, "Pvf.InvalidParentHash": 5}),
    ("F08", {"Candidate.BadParent": 5}),
    ("F11", {"Candidate.ParamsTooLarge": 5}),
    ("F12", {"Candidate.PoVHashMismatch": 5}),
    ("F13", {"Candidate.BadSignature": 5}),
    ("F15", {"Candidate.CommitmentsHashMismatch": 5}),
    ("F16, who: [5]", {PVF: 4, "Pvf.StateRootMismatch": 4, "Inclusion.InsufficientBacking": 1}),
    ("F28", {PVF: 5, "Pvf.DmqHeadMismatch": 5}),
    ("F29", {PVF: 5, "Pvf.HrmpHeadMismatch": 5}),
    ("F30", {PVF: 5, "Pvf.UnknownHrmpSender": 5}),
    ("F31", {"Candidate.InvalidOutputs": 5, "Inclusion.InvalidOutboundHrmp": 5}),
    ("F32", {PVF: 5, "Pvf.DmqHeadMismatch": 5}),
    ("F39", {PVF: 5, "Pvf.BadRelayProof": 5}),
    ("F40", {PVF: 5, "Pvf.InherentCheckFailed": 5}),
]


@pytest.mark.parametrize(("fault", "named"), NEVER_BACKED)
def test_never_backed(fault: str, named: dict[str, int]) -> None:
    """No honest signature; the chain goes on with the next honest collation. Nobody is slashed, nor the lazy one."""
    found = run(f"{{id: {fault}, at: 4}}")
    assert found.named == named
    assert found.included == ANEW
    unpunished(found)
    clean(found)


DROPPED = [
    ("F09", {"Inclusion.DisallowedRelayParent": 1}),
    ("F14", {"Inclusion.UnsortedOrDuplicateBackedCandidates": 1}),
    ("F21, who: [2]", {}),
    ("F25, who: [0, 1, 2, 3, 4, 5]", {}),
    ("F33, who: [5]", {"Statement.BadSignature": 1, "Inclusion.InvalidBacking": 1}),
    ("F34, who: [0]", {"Statement.WrongGroup": 1}),
    ("F35, who: [9]", {"Statement.WrongContext": 1, "Inclusion.InvalidBacking": 1}),
    ("F36, who: [3, 7]", {"Inclusion.WrongBitfieldSize": 1, "Inclusion.InvalidBitfieldSignature": 1}),
    ("F37", {"Inclusion.InsufficientBacking": 1}),
    ("F38, who: [4]", {"Finality.Equivocation": 2}),
]


@pytest.mark.parametrize(("fault", "named"), DROPPED)
def test_left_out_or_replaced(fault: str, named: dict[str, int]) -> None:
    """Block 2 is included, approved and final as if nothing had been wrong; the bad thing has no effect."""
    found = run(f"{{id: {fault}, at: 4}}")
    assert found.named == named
    assert found.included == ON_TIME
    unpunished(found)
    clean(found)


@pytest.mark.parametrize(
    ("fault", "named"),
    [
        ("{id: F08, at: 4, who: [5, 6]}", {"Candidate.BadParent": 3, "Inclusion.ValidationDataHashMismatch": 1}),
        (
            "{id: F31, at: 4, who: [5, 6]}",
            {"Candidate.InvalidOutputs": 3, "Inclusion.InvalidOutboundHrmp": 4},
        ),
        (
            "{do: tamper, path: outputs.processed_downward_messages, value: 0, at: 4}",
            {"Candidate.InvalidOutputs": 5, "Inclusion.IncorrectDownwardMessageHandling": 5},
        ),
        (
            "{do: tamper, path: outputs.processed_downward_messages, value: 0, at: 4, who: [5, 6]}",
            {"Candidate.InvalidOutputs": 3, "Inclusion.IncorrectDownwardMessageHandling": 4},
        ),
    ],
)
def test_forced_in_at_the_relay_chain(fault: str, named: dict[str, int]) -> None:
    """Two of the group sign all the same: then the relay author names what is wrong, and leaves it out."""
    found = run(fault, more="messages: [{at: 4, data: down}]")
    assert found.named == named
    assert found.included == ANEW
    unpunished(found)
    clean(found)


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("F08", "Inclusion.ValidationDataHashMismatch"),
        ("F31", "Inclusion.InvalidOutboundHrmp"),
        ("F01", "Inclusion.InsufficientBacking"),
    ],
)
def test_forced_in_by_the_relay_author(fault: str, name: str) -> None:
    """An author takes in what nobody backs: importers refuse its relay block, whose slot is lost."""
    found = run(f"{{id: {fault}, at: 4}}", "{do: include_unbacked, at: 4, who: [5]}")
    assert found.seen(f"{name}: ") + found.seen(f"{name} (relay block of slot 5 rejected)") >= 1
    assert found.seen("(relay block of slot 5 rejected)") == 1
    assert found.chain.node.archive.relay(5).header.slot == 6
    assert found.included == ANEW
    unpunished(found)
    clean(found)


def test_f10_a_second_candidate_while_the_first_waits() -> None:
    """The bits of four come a relay block late: the first is included in 7, the second finds the core occupied."""
    found = run("{id: F10, at: 4}")
    assert found.named == {"Inclusion.CandidateScheduledBeforeParaFree": 1}
    assert found.included == [4, 7, 9]
    unpunished(found)
    clean(found)


def test_f10_when_the_first_is_already_in() -> None:
    """With all bits on time the second comes too late: the head has moved on."""
    found = run("{do: second, at: 4}")
    assert found.named == {"Inclusion.ValidationDataHashMismatch": 1}
    assert found.included == ON_TIME
    clean(found)


def test_f14_the_report_shows_both_hashes() -> None:
    found = run("{id: F14, at: 4}")
    (said,) = [note for note in found.notes if "equivocates" in note]
    assert f"0x{found.chain.node.header(2).hash.hex()}" in said
    assert said.count("0x") == 2


def test_f17_two_colluding_backers() -> None:
    """Disputed: 2 for, 8 against; they lose all, the chain goes back, 2090 goes on from the old head."""
    found = run("{id: F17, at: 4, who: [5, 6]}")
    assert set(found.named) == {PVF, "Pvf.StateRootMismatch"}
    assert found.seen("dispute: 2 for, 8 against: concluded invalid") == 1
    assert found.seen("relay blocks from 6 on are abandoned") == 1
    assert (found.lost, found.disabled, found.offenders) == ({5: 100, 6: 100}, (5, 6), [5, 6])
    assert found.included == ANEW
    clean(found)


def test_f18_the_whole_group() -> None:
    """5 for, 5 against: reverted and never taken again, but not concluded: nobody is slashed."""
    found = run(f"{{id: F18, at: 4, who: {list(G1)}}}")
    assert set(found.named) == {PVF, "Pvf.StateRootMismatch"}
    assert found.seen("dispute: 5 for, 5 against: not concluded") == 1
    assert found.included == ANEW
    unpunished(found)
    clean(found)


def test_f18_finality_needs_the_colluders() -> None:
    """Five honest ones are fewer than seven: once the colluders are silent nothing more becomes final."""
    found = run("{id: F18, at: 4}", f"{{do: offline, at: 6, who: {list(G1)}}}")
    assert found.seen("finality stalls at 5 of 7 precommits") > 0
    assert (found.included, found.final) == ([4], 6)
    assert found.verdicts == [None]
    unpunished(found)


def test_f19_and_a_lazy_checker() -> None:
    """3 for, 7 against: the backers lose all, the checker 2 per cent."""
    lazy = _checkers()[0]
    found = run(f"{{id: F19, at: 4, who: [5, 6, {lazy}]}}")
    assert set(found.named) == {PVF, "Pvf.StateRootMismatch"}
    assert found.seen("dispute: 3 for, 7 against: concluded invalid") == 1
    assert found.lost == {lazy: 2, 5: 100, 6: 100}
    assert found.disabled == (lazy, 5, 6)
    assert found.included == ANEW
    clean(found)


def test_f20_beyond_the_bound() -> None:
    """All of tranche 0 lazy: the invalid block becomes final, and only those who check again find it."""
    checkers = _checkers()
    found = run(f"{{id: F20, at: 4, who: {[5, 6, *checkers]}}}")
    assert found.finished
    assert "Finality.SafetyViolation" in str(found.error)
    assert found.seen("dispute") == 0
    assert (found.included, found.final, found.head) == (ON_TIME[:2], 6, 6)
    assert [verdict and verdict.partition(": ")[0] for verdict in found.verdicts] == [
        None,
        f"{PVF}(Pvf.StateRootMismatch)",
    ]
    unpunished(found)
    assert found.missing == []


def test_f20_and_somebody_looks_again() -> None:
    """5 for, 5 against what is final: more than f and no conclusion. It is final for all that; nobody is slashed."""
    found = run("{id: F20, at: 4}", "{do: dispute, at: 7, who: [9]}").wait(5)
    assert found.finished
    assert found.seen("dispute: 5 for, 5 against: not concluded") == 1
    assert found.seen("are abandoned") == 0
    assert found.included == ON_TIME[:2]
    unpunished(found)
    assert found.missing == []


def test_f20_concluded_when_it_is_final() -> None:
    """With one checker seven are left to say so: Finality.SafetyViolation. All is kept, who vouched pays, the end."""
    found = run("{id: F20, at: 4}", "{do: dispute, at: 7, who: [9]}", approvals=1).wait(5)
    assert "Finality.SafetyViolation" in str(found.error)
    assert found.seen("dispute: 3 for, 7 against: concluded invalid") == 1
    assert found.seen("are abandoned") == 0
    assert found.included == ON_TIME[:2]
    (lazy,) = set(found.lost) - {5, 6}
    assert found.lost == {lazy: 2, 5: 100, 6: 100}
    head = found.head
    assert found.wait(1).head == head
    assert found.missing == []


def _checkers() -> list[int]:
    """Tranche 0 of the spoilt candidate, as the log of a run names it."""
    found = run("{id: F17, at: 4, who: [5, 6]}")
    before = next(place for place, note in enumerate(found.notes) if note.startswith("dispute about"))
    judged = [note.split(":")[0].removeprefix("validator ") for note in found.notes[:before] if "Pvf" in note]
    checkers = [int(index) for index in judged if int(index) in G0]
    assert len(checkers) == 3
    return checkers


def test_f22_three_offline() -> None:
    """Seven bits and seven precommits are enough; absent checkers are replaced by later tranches."""
    found = run("{id: F22, at: 4, who: [0, 1, 2]}").wait(4)
    assert found.named == {}
    assert found.included == ON_TIME
    assert found.seen("no-shows in the check of para 2090") > 0
    assert found.seen("stays empty: validator 1 is offline") > 0
    unpunished(found)
    clean(found)


def test_f23_four_offline() -> None:
    """Six bits: the core times out after four blocks, finality stalls; both resume when validator 3 returns."""
    found = run("{id: F23, at: 4, who: [0, 1, 2, 3], until: 9}").wait(6)
    assert found.named == {}
    assert found.timed_out[0] == 9
    assert found.seen("finality stalls at 6 of 7 precommits") > 0
    stalled = [number for number in range(5, 10) if found.chain.node.archive.relay(number).justification]
    assert stalled == []
    assert len(found.included) == 3
    assert min(found.included[1:]) > 10
    unpunished(found)
    clean(found)


def test_f24_a_corrupted_chunk() -> None:
    """Who is asked follows from the candidate: at some height it is validator 2. Its chunk is dropped, another used."""
    for at in range(4, 20, 2):
        found = run(f"{{id: F24, at: {at}, who: [2]}}", blocks=at // 2 + 1)
        if not found.missing:
            break
        assert "nobody asked validator 2 for its chunk; asked were" in found.missing[0]
        assert found.named == {}
    assert found.named == {"Erasure.InvalidBranchProof": 3}
    assert found.seen("drops the chunk of validator 2") == 3
    assert found.included == list(range(4, at + 5, 2))
    unpunished(found)
    clean(found)


def test_f26_beyond_the_bound() -> None:
    """Seven claim chunks that they have not: included, never approved, finality stalls before it."""
    found = run("{id: F26, at: 4, who: [1, 2, 3, 5, 6, 7, 9]}", blocks=2).wait(8)
    assert set(found.named) == {"Recovery.Unavailable", "Erasure.NotEnoughChunks"}
    assert found.seen("no-shows in the check of para 2090") > 0
    assert found.included == ON_TIME[:2]
    assert (found.final, found.chain.node.finalized) == (5, found.chain.node.header(1).hash)
    assert found.verdicts == [None, None]
    unpunished(found)


def test_f27_a_lying_encoder() -> None:
    """The chunks are of no codeword: checkers that encode again see it, and the backers lose all."""
    found = run("{id: F27, at: 4, who: [5, 6]}")
    assert {name for name in found.named if not name.startswith("Erasure.")} == {
        "Candidate.ErasureRootMismatch",
        "Recovery.Invalid",
    }
    assert found.seen("Candidate.ErasureRootMismatch") > 3
    assert found.seen("dispute: 2 for, 8 against: concluded invalid") == 1
    assert (found.lost, found.disabled) == ({5: 100, 6: 100}, (5, 6))
    assert found.included == ANEW
    clean(found)


@pytest.mark.parametrize("fault", ["F01", "F17", "F22", "F33"])
def test_the_same_faults_give_the_same_chain(fault: str) -> None:
    one, other = (run(f"{{id: {fault}, at: 4}}").chain.node for _ in range(2))
    assert one.best.hash == other.best.hash
    assert one.relay.head.hash == other.relay.head.hash
