"""What holds in every run in which at most f validators deviate, whatever the collator does.

Source: spec/relay.md §14.
"""

from collections.abc import Iterator

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from r10 import G0, G1, TARGET, TEN, disabled, notes, stakes, verdicts
from test_restart import LENGTH, Run, story

from amm.local import LocalChain
from chain.primitives.header import HEADER
from chain.relay.approval import checkers
from chain.relay.faults import Fault
from chain.relay.finality import check_justification
from chain.relay.relay_block import CandidateIncluded
from chain.relay.workers import Workers

F = 3
HEIGHTS = st.integers(TARGET, TARGET + 8)
"""When something goes wrong: after the first block, and early enough for what follows from it to be seen."""

SINGLE = ("drop_node", "hash_node", "swap_pov", "sign_as", "stale", "bad_encode", "wrong_relay_proof", "slot_shift")
TAMPERED = (
    "header.state_root", "header.extrinsics_root", "header.parent_hash", "header.number", "extrinsic", "body",
    "pov.size", "commitments.horizontal_messages", "descriptor.erasure_root", "descriptor.pov_hash",
    "descriptor.para_head", "inherent.sender",
)  # fmt: skip
BY_VALIDATORS = (
    "lazy", "collude", "withhold_chunk", "corrupt_chunk", "claim_bit", "offline", "forge_statement", "old_session",
    "bad_bitfield", "precommit_twice",
)  # fmt: skip


@st.composite
def deviations(draw: st.DrawFn) -> tuple[frozenset[int], tuple[Fault, ...]]:
    """Up to f validators and what each of them does wrong, and when; and a collator that may do anything.

    In half of the runs two of them are of the group and push what the collator has spoilt: random ones seldom meet.
    """
    faults: list[Fault] = []
    deviating = draw(st.frozensets(st.integers(0, 9), max_size=F))
    if draw(st.booleans()):
        pair = draw(st.permutations(G1))[:2]
        deviating = frozenset([*pair, *sorted(deviating)[:1]])
        at = draw(HEIGHTS)
        spoils = draw(st.sampled_from(("header.state_root", "extrinsic", "bad_encode")))
        by_collator = Fault(at, spoils) if spoils in SINGLE else Fault(at, "tamper", path=spoils)
        faults = [by_collator, Fault(at, "collude", tuple(pair), until=at + 1)]
    for index in sorted(deviating):
        for _ in range(draw(st.integers(1, 2))):
            at = draw(HEIGHTS)
            until = draw(st.integers(at, at + 4))
            faults.append(Fault(at, draw(st.sampled_from(BY_VALIDATORS)), (index,), until=until))
    for at in draw(st.lists(HEIGHTS, max_size=3, unique=True)):
        if draw(st.booleans()):
            faults.append(Fault(at, "tamper", path=draw(st.sampled_from(TAMPERED))))
        else:
            faults.append(Fault(at, draw(st.sampled_from(SINGLE))))
    return deviating, tuple(faults)


@settings(max_examples=15, deadline=None)
@given(deviations(), st.frozensets(st.integers(TARGET, LENGTH), max_size=4))
def test_within_the_bound(how: tuple[frozenset[int], tuple[Fault, ...]], cuts: frozenset[int]) -> None:
    """Properties 1 to 5, and that the chain goes on; the process is ended and begun again now and then."""
    deviating, faults = how
    run = Run(faults, cuts)
    chain = run.chain
    heads_form_one_line(chain)
    nothing_final_is_abandoned(run)
    assert verdicts(chain) == [None] * chain.node.best.number, "every included block is valid, and gives its root"
    assert_no_honest_one_pays(chain, deviating)
    event("disputed" if any("dispute: " in note for note in notes(chain)) else "not disputed")
    assert chain.node.best.number > 1
    assert chain.node.relay.finalized.number > TARGET


def heads_form_one_line(chain: LocalChain) -> None:
    """Each included head's parent is the one that was included before it (property 2)."""
    node = chain.node
    head = node.about.genesis
    for number in range(node.relay.head.number + 1):
        for became in node.archive.relay(number).events:
            if isinstance(became, CandidateIncluded):
                header = HEADER.decode(became.head_data)
                assert (header.parent_hash, header.number) == (head.hash, head.number + 1)
                head = header
    assert head == node.best


def nothing_final_is_abandoned(run: Run) -> None:
    """What was final at any time is in the chain at the end, and below what is final then (property 5)."""
    node = run.chain.node
    numbers = [header.number for header in run.finals]
    assert numbers == sorted(numbers)
    for header in run.finals:
        assert node.archive.relay(header.number).header == header
    for number in range(1, node.relay.head.number + 1):
        record = node.archive.relay(number)
        if record.justification is not None:
            check_justification(node.validators, record.justification, record.header, {})
            assert number <= node.relay.finalized.number


def assert_no_honest_one_pays(chain: LocalChain, deviating: frozenset[int]) -> None:
    """Property 4; nor is an honest one barred."""
    assert set(stakes(chain)) <= deviating
    assert set(disabled(chain)) <= deviating


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2, "amm.runtime.load") as found:
        yield found


@settings(max_examples=4, deadline=None)
@given(deviations())
def test_the_same_whoever_executes(workers: Workers, how: tuple[frozenset[int], tuple[Fault, ...]]) -> None:
    """Property 6: in this process or in others, the same roots, notes and counts."""
    _, faults = how
    assert story(Run(faults, workers=workers).chain) == story(Run(faults).chain)


def test_enough_honest_checkers_are_always_assigned() -> None:
    """Property 1 needs no further condition here: to push a block takes two of its group, all checkers are others."""
    for number in range(200):
        ranked = checkers(TEN, number, number.to_bytes(32, "little"), G1, G1[:2])
        assert set(ranked[: TEN.parameters.approvals]) <= set(G0)
