"""Every run of validate_block is counted, for each candidate, whatever becomes of it. Source: spec/network.md §2."""

import pytest
from r10 import G0, G1, TARGET, catalogued, network, pay, play

from amm.local import LocalChain
from chain.relay.counting import Executed, together
from chain.relay.faults import Fault


def runs(chain: LocalChain) -> dict[bytes, int]:
    """By candidate, over all relay blocks."""
    archive = chain.node.archive
    records = [archive.relay(number).executions for number in range(chain.node.relay.head.number + 1)]
    return {executed.candidate: executed.runs for executed in together(*records)}


def spoilt(chain: LocalChain) -> list[int]:
    """Those of candidates that are in no block of the parachain."""
    included = {record.candidate.hash for number in range(1, chain.node.best.number + 1)
                if (record := chain.node.record(number)) is not None}  # fmt: skip
    return [ran for candidate, ran in runs(chain).items() if candidate not in included]


def included(chain: LocalChain) -> list[int]:
    """Those of the parachain's blocks, by the blocks' own records, which must not say otherwise."""
    found = []
    for number in range(1, chain.node.best.number + 1):
        record = chain.node.record(number)
        assert record is not None
        assert runs(chain)[record.candidate.hash] == record.executions
        found.append(record.executions)
    return found


def test_shared() -> None:
    """One execution serves all honest validators of the process: two that back, two that approve."""
    chain = LocalChain()
    list(chain.advance(3))
    assert included(chain) == [1, 1, 1]
    assert chain.node.archive.relay(3).executions[0].runs == 1
    assert chain.node.archive.relay(4).executions == ()


def test_full() -> None:
    """Every backer and every checker runs it: 2 + needed_approvals, half of them in the block that backs."""
    chain = LocalChain(verify="full")
    list(chain.advance(3))
    approvals = chain.node.validators.parameters.approvals
    assert included(chain) == [2 + approvals] * 3
    assert [chain.node.archive.relay(number).executions[0].runs for number in (3, 4)] == [2, approvals]


@pytest.mark.parametrize(
    ("name", "who", "counted"),
    [
        ("F01", (), 1),  # nobody is faulty but the collator: the group's five share one
        ("F13", (), 0),  # refused before anything is executed
        ("F16", G1[:1], 1),  # the lazy one does not run it, the other four share
        ("F17", G1[:2], 1 + 8),  # three of the group share; three checkers, and five more in the dispute, alone
        ("F18", G1, 0 + 5),  # the group runs nothing; the others all alone
        ("F19", (*G1[:2], 4), 1 + 7),  # the lazy checker does not
        ("F27", G1[:2], 1),  # the chunks give no data that could be executed
    ],
)  # fmt: skip
def test_candidates_that_came_to_nothing(name: str, who: tuple[int, ...], counted: int) -> None:
    chain = catalogued(name, who)
    play(chain)
    assert sum(spoilt(chain)) == counted
    assert included(chain) == [1, 1, 1]


def test_faulty_validators_run_alone() -> None:
    """Three of the group serve bad chunks: each runs by itself, two share; checkers of what they back run alone."""
    chain = catalogued("F24", range(6))
    play(chain)
    faulty = len(set(G1) & set(range(6)))
    assert (faulty, included(chain)) == (3, [1, faulty + 1 + 3, 1])


@pytest.mark.parametrize("who", G0)
def test_a_faulty_checker_runs_alone(who: int) -> None:
    """One that is faulty and no backer: if it is called to check it runs alone, and nobody else does."""
    chain = catalogued("F21", (who,))
    play(chain)
    record = chain.node.record(2)
    assert record is not None
    assert record.executions == 1 + (who in record.approved_by)


def test_a_lazy_backers_checkers_run_alone() -> None:
    chain = network(Fault(TARGET, "lazy", G1[:1]))
    pay(chain)
    pay(chain)
    assert included(chain) == [1, 1 + 3]


def test_counts_in_one() -> None:
    one, other = bytes(32), bytes([1]) * 32
    counted = together([Executed(one, 2)], [Executed(other, 1), Executed(one, 3)])
    assert counted == (Executed(one, 5), Executed(other, 1))
