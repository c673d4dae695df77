"""Several faults on one chain, one after another or at once, and how the chain gets on. Source: spec/relay.md §13."""

import msgspec
import pytest
from reference import Run, r10, run

from amm.local import LocalChain

F01, F17 = "{id: F01, at: 4}", "{id: F17, at: 4, who: [5, 6]}"


def test_f17_by_others_in_the_same_session() -> None:
    """All four lose everything; no more than f are disabled, and those who are left back what is honest."""
    found = run(F17, "{id: F17, at: 10, who: [7, 8]}", blocks=5)
    assert (found.lost, found.disabled) == ({5: 100, 6: 100, 7: 100, 8: 100}, (5, 6, 7))
    assert found.included == [4, 8, 10, 14, 16]
    assert (found.missing, found.verdicts) == ([], [None] * 5)


def test_f17_again_by_those_who_are_disabled() -> None:
    """They are not asked: the second one is never backed, which is an error of whoever asked for it."""
    found = run(F17, "{id: F17, at: 12, who: [5, 6]}", blocks=5)
    assert (found.lost, found.disabled) == ({5: 100, 6: 100}, (5, 6))
    (why,) = found.missing
    assert why.endswith("F17 collude by 5, 6 at 12: disabled, and asked for nothing: validators 5 and 6")
    assert found.included == [4, 8, 10, 12, 16]


def test_one_colludes_and_another_is_lazy() -> None:
    found = run(F01, "{do: collude, at: 4, who: [5]}", "{do: lazy, at: 4, who: [6]}")
    assert (found.lost, found.disabled) == ({5: 100, 6: 100}, (5, 6))
    assert found.included == [4, 8, 10]


def test_two_back_and_one_approves() -> None:
    """Who vouches in the dispute without having backed loses 2 %."""
    found = run(F01, "{do: collude, at: 4, who: [5, 6, 0]}")
    assert (found.lost, found.disabled) == ({0: 2, 5: 100, 6: 100}, (0, 5, 6))
    assert found.included == [4, 8, 10]


@pytest.mark.parametrize("path", ["extrinsic", "body"])
def test_nothing_is_left_of_the_body(path: str) -> None:
    found = run("{do: tamper, at: 4, path: extrinsics, value: []}", f"{{do: tamper, at: 4, path: {path}}}")
    assert len(found.missing) == 1
    assert found.named == {"Candidate.ExecutionError": 5, "Pvf.MissingValidationData": 5}
    assert found.included == [4, 8, 10]


def test_a_candidate_of_no_para() -> None:
    """No group is there to judge it."""
    found = run("{do: tamper, at: 4, path: descriptor.para_id, value: 7}")
    assert found.named == {"Inclusion.UnscheduledCandidate": 1}
    assert (found.included, found.missing) == ([4, 8, 10], [])


def test_spoilt_for_a_long_time() -> None:
    """However many candidates are never backed: the next honest one is."""
    found = run("{id: F01, at: 4, until: 60}")
    assert found.included == [4, 64, 66]
    assert found.named["Pvf.StateRootMismatch"] == 5 * 29


def test_one_by_one() -> None:
    faults = [f"{{id: F{number:02}, at: {2 * number + 4}}}" for number in range(1, 8)]
    found = run(*faults, blocks=4)
    assert (found.included, found.missing) == ([4, 6, 22, 24], [])


def test_groups_that_rotate_in_step() -> None:
    """V0 stays away; of two groups the one without it has its turn only if the collator lets a relay block go by."""
    spec = r10("{id: F23, at: 4, until: 10}")
    relay = msgspec.structs.replace(spec.relay, validators=5, group_rotation_frequency=1, seed=0)
    found = Run(LocalChain(msgspec.structs.replace(spec, relay=relay))).play(3)
    assert found.error is None
    assert len(found.included) == 3


EVERYBODY = [*range(10)]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("id: F02", "Candidate.ExecutionError(Pvf.BadStorageProof)"),
        ("id: F11", "Candidate.ParamsTooLarge"),
        ("do: tamper, path: pov.block_data, value: ''", "Candidate.ExecutionError(Pvf.BadBlockData)"),
    ],
)
def test_a_bad_proof_that_everybody_lets_pass(fault: str, error: str) -> None:
    """The head is that of an honest block, and its state is at hand: the candidate is invalid all the same."""
    found = run(f"{{{fault}, at: 4, who: {EVERYBODY}}}")
    assert found.finished
    assert "Finality.SafetyViolation" in str(found.error)
    assert (found.included, found.chain.node.best.number) == ([4, 6], 2)
    assert [verdict and verdict.partition(": ")[0] for verdict in found.verdicts] == [None, error]
    assert found.chain.node.header(2) == found.chain.node.best


def test_equivocation_leaves_a_valid_candidate() -> None:
    """Another candidate than the first one built, and nothing is wrong with it."""
    found = run("{id: F14, at: 4}", "{do: collude, at: 4, who: [5, 6]}")
    assert (found.included, found.verdicts, found.missing) == ([4, 6, 8], [None] * 3, [])


# -- without candidates ------------------------------------------------------------------------------------------------


def alone(*faults: str, blocks: int = 50) -> Run:
    """The relay chain goes on alone, all at once."""
    return Run(LocalChain(r10(*faults))).wait(blocks)


@pytest.mark.parametrize("at", [4, 20])
def test_finality_stalls_where_validators_leave(at: int) -> None:
    found = alone(f"{{do: offline, at: {at}, who: [0, 1, 2, 3]}}")
    assert (found.final, found.head, found.missing) == (at, 52, [])
    found = alone(f"{{do: offline, at: {at}, who: [0, 1, 2, 3], until: 30}}")
    assert (found.final, found.head) == (52, 52)


@pytest.mark.parametrize("who", [[0, 1], [0, 1, 2, 3]])
def test_two_votes_in_one_round(who: list[int]) -> None:
    found = alone(f"{{do: precommit_twice, at: 20, who: {who}}}")
    assert (found.named, found.final, found.missing) == ({"Finality.Equivocation": len(who)}, 52, [])


def test_everybody_leaves() -> None:
    found = alone("{do: offline, at: 20, who: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]}")
    assert "Finality.NobodyOnline" in str(found.error)
    assert (found.final, found.head) == (20, 20)
