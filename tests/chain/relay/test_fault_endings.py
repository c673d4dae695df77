"""Faults that reach the relay chain: who looks again, who pays, what finality does."""

import pytest
from endings import ANEW, ON_TIME, PVF, clean, unpunished
from reference import G0, G1, run


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
    judged = [note.split(":")[0].split()[1] for note in found.notes[:before] if "Pvf" in note]
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
