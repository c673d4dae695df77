"""What is undone and what comes to an end: abandoned blocks, stalled and halted chains.

Source: spec/relay.md §10.4–§10.7, §11.4.
"""

from dataclasses import replace

import pytest
from r10 import G0, G1, TARGET, catalogued, network, notes, pay, stakes, switches, verdicts
from test_attestations import built
from test_restart import reopen

from amm.local import LocalChain
from chain.node.errors import ChainHalted, Finished, NotIncluded, StoreDamaged
from chain.node.recalling import offer_record
from chain.node.store import Batch
from chain.primitives.extrinsic import Extrinsic
from chain.relay.case import Case
from chain.relay.chain import open_state
from chain.relay.faults import Fault
from chain.relay.freezing import reverts
from chain.relay.inherents import is_bare
from chain.scale import BYTES

FOUR = G0[:4]
"""Too many who vote twice: blocks are included and approved, and nothing becomes final."""


def unsettled(until: int) -> LocalChain:
    """A chain on which nothing becomes final from block 2 on, until then."""
    return network(Fault(TARGET, "precommit_twice", FOUR, until=until))


def case_of(chain: LocalChain, block: int) -> Case:
    record = chain.node.record(block)
    assert record is not None
    return chain.node.relay.cases[record.candidate.hash]


def condemn(chain: LocalChain, case: Case, backers: int) -> None:
    """All but some backers find a good block bad: far beyond the bound, and the one way to undo a block of ours."""
    kept = case.backers[:backers]
    for index in range(10):
        if index not in kept:
            case.errors[index] = "Candidate.Invalid"
            case.approvals.pop(index, None)
    said = [sent for sent in case.backing.statements if sent.signed.validator_index in kept]
    case.backing = replace(case.backing, voters=kept, statements=tuple(said))
    batch = Batch()
    chain.node.archive.put_offer(batch, case.hash, offer_record(case))
    chain.node.archive.storage.write(batch)
    chain.node.relay.dispute(case.hash, min(set(range(10)) - set(kept)))


def signed(chain: LocalChain) -> list[Extrinsic]:
    """What people sent in the best block."""
    record = chain.node.record(chain.node.best.number)
    assert record is not None
    return [Extrinsic.decode(BYTES.encode(body)) for body in record.block.extrinsics if not is_bare(body)]


# -- going back --------------------------------------------------------------------------------------------------------


@pytest.fixture
def four() -> LocalChain:
    """Four blocks, each with a transfer; only the first is final."""
    chain = unsettled(until=TARGET + 8)
    for _ in range(4):
        pay(chain)
    node = chain.node
    assert (node.best.number, node.finalized) == (4, node.header(1).hash)
    return chain


def test_stored_blocks_are_given_up(four: LocalChain) -> None:
    """The relay block that included block 3 is abandoned: 3 and 4 go, what they held waits again, 1 stays final."""
    node, last = four.node, four.node.relay.head.number
    third = node.record(3)
    assert third is not None
    sent = [record.block.extrinsics[-1] for record in map(node.record, (3, 4)) if record is not None]
    before = [node.header(number).hash for number in range(3)]
    condemn(four, case_of(four, 3), 2)
    four.advance_relay(1)
    assert (node.best.number, node.relay.head.number) == (2, third.included_in - 1)
    assert [node.header(number).hash for number in range(3)] == before
    assert [node.archive.hash_of(number) for number in (3, 4)] == [None, None]
    assert [waiting.raw[-len(body) :] for waiting, body in zip(node.pool.pending(), sent, strict=True)] == sent
    assert node.finalized == before[1]
    for number in range(third.included_in, last + 2):
        with pytest.raises(StoreDamaged):
            node.archive.relay(number)
    assert stakes(four) == {}, "the surviving chain does not know yet"


def test_life_goes_on_after_that(four: LocalChain) -> None:
    """The dispute is imported first, then what waited goes into one block; all of it becomes final."""
    node, third = four.node, four.node.record(3)
    assert third is not None
    condemned = case_of(four, 3)
    condemn(four, condemned, 2)
    four.advance_relay(1)
    reopen(four)
    node = four.node
    assert len(node.pool) == 2
    four.advance_relay(1)
    state = open_state(node.nodes, node.relay.head)[1]
    assert (state.frozen.get(), set(stakes(four))) == (None, set(condemned.backers))
    said = node.archive.relay(third.included_in).notes
    assert [note for note in said if "abandoned" in note] == [f"relay blocks from {third.included_in} on are abandoned"]
    assert any("Relay.ChainFrozen" in note for note in said), "the last block of the abandoned chain froze it"
    sealed = node.seal()
    assert (sealed.number, len(signed(four)), len(node.pool)) == (3, 2, 0)
    assert sealed.record.candidate.hash != third.candidate.hash
    pay(four)
    four.advance_relay(2)
    assert node.finalized == node.best.hash
    assert verdicts(four) == [None] * 4


def test_the_abandoned_chain_is_frozen(four: LocalChain) -> None:
    """Its last block holds the dispute, calls for going back in its header, and takes nothing else."""
    third = four.node.record(3)
    assert third is not None
    condemn(four, case_of(four, 3), 2)
    step = four.node.relay.step()
    assert reverts(step.header) == (third.included_in,)
    assert [header.number for header in step.abandoned] == list(range(third.included_in, step.header.number + 1))


def test_a_snapshot_holds_what_validators_know(four: LocalChain) -> None:
    """Back to a snapshot from the middle of a dispute, the same follows again."""
    condemn(four, case_of(four, 3), 2)
    four.advance_relay(1)
    four.snapshot("between")
    ends = []
    for _ in range(2):
        four.advance_relay(3)
        ends.append((four.node.relay.head, notes(four), stakes(four), len(four.node.pool)))
        four.revert("between")
    assert ends[0] == ends[1]
    assert ends[0][2]


# -- stalling ----------------------------------------------------------------------------------------------------------


def test_stalled_finality_stops_candidates() -> None:
    """At a lag of 500 relay blocks authors take none, at 499 they do; once something is final they do again."""
    chain = unsettled(until=TARGET + 540)
    pay(chain)
    pay(chain)
    relay = chain.node.relay
    final = relay.finalized.number
    chain.advance_relay(499 - (relay.head.number - final))
    chain.snapshot("499")
    step = relay.step([built(chain)])
    assert (len(step.produced.backed), any("FinalityStalled" in note for note in step.notes)) == (1, False)
    chain.revert("499")
    chain.advance_relay(1)
    reopen(chain)
    before = chain.node.best.number
    with pytest.raises(NotIncluded) as refused:
        pay(chain)
    assert any("Relay.FinalityStalled" in reason for reason in refused.value.reasons)
    assert (chain.node.best.number, chain.node.relay.finalized.number) == (before, final)
    chain.advance_relay(TARGET + 545 - chain.node.relay.head.number)
    assert chain.node.relay.finalized == chain.node.relay.head
    pay(chain)
    assert chain.node.finalized == chain.node.best.hash


# -- ends --------------------------------------------------------------------------------------------------------------


def final_one() -> LocalChain:
    """A chain whose first block is final, and of whose validators more than f turn out to be faulty."""
    chain = network(Fault(1_000, "offline", (0,)))
    chain.snapshot("start")
    pay(chain)
    return chain


def test_a_final_candidate_concluded_invalid_halts_the_chain() -> None:
    """Slashed on chain, nothing abandoned, nothing goes on; the same after a restart; what there is can be read."""
    chain = final_one()
    case, head, best = case_of(chain, 1), chain.node.relay.head, chain.node.best
    condemn(chain, case, 3)
    with pytest.raises(ChainHalted, match=r"Finality\.SafetyViolation"):
        chain.advance_relay(5)
    for _ in range(2):
        node = chain.node
        assert node.relay.head.number == head.number + 1, "one more block: the one that slashes"
        assert reverts(node.relay.head) == (case.included_in,)
        assert (node.best, node.finalized, stakes(chain)) == (best, best.hash, dict.fromkeys(case.backers, 0))
        assert any("Finality.SafetyViolation" in note for note in notes(chain))
        with pytest.raises(ChainHalted, match=f"0x{case.hash.hex()} of para 2090, included in relay block 4"):
            node.open_block()
        with pytest.raises(ChainHalted):
            chain.advance_relay(1)
        with pytest.raises(ChainHalted):
            node.seal()
        assert chain.balance("bob", "BSX") > 0
        reopen(chain)
    chain.revert("start")
    assert chain.node.relay.halted is None
    pay(chain)


def test_a_final_candidate_that_more_than_f_call_invalid_freezes_the_chain() -> None:
    """5 for, 5 against: not concluded, so nobody is slashed and nothing halts; but no candidate is taken any more."""
    chain = final_one()
    case = case_of(chain, 1)
    condemn(chain, case, 5)
    chain.advance_relay(1)
    assert reverts(chain.node.relay.head) == (case.included_in,)
    with pytest.raises(NotIncluded) as refused:
        pay(chain)
    assert any(reason.startswith("Relay.ChainFrozen") for reason in refused.value.reasons)
    assert (stakes(chain), chain.node.relay.halted) == ({}, None)
    assert chain.node.finalized == chain.node.best.hash


def test_an_invalid_final_block_ends_the_parachain_for_good() -> None:
    """F20, and the same after a restart: who would build on it is told why that cannot be."""
    checkers = (4, 2, 0)
    chain = catalogued("F20", (*G1[:2], *checkers))
    pay(chain)
    with pytest.raises(Finished, match="cannot be built on"):
        pay(chain)
    for _ in range(2):
        with pytest.raises(Finished, match="cannot be built on"):
            chain.node.seal()
        assert chain.node.finalized == chain.node.best.hash
        assert chain.node.header(1).number == 1
        chain.advance_relay(1)
        reopen(chain)


def test_an_unchecked_block_is_waited_for() -> None:
    """The first checkers of what two push are away: its fate is awaited, and the collator builds anew."""
    away = Fault(TARGET + 1, "offline", (4, 2, 0), until=TARGET + 6)
    chain = network(*switches("F17", G1[:2]), away)
    for _ in range(3):
        pay(chain)
    chain.advance_relay(6)
    assert chain.node.finalized == chain.node.best.hash
    found = [note for note in notes(chain) if note.startswith("dispute: ")]
    assert found == ["dispute: 2 for, 5 against: not concluded", "dispute: 2 for, 8 against: concluded invalid"]
    assert stakes(chain) == dict.fromkeys(G1[:2], 0), "once those who were away have voted"
