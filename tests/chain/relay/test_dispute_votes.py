"""Disputes: which sets of votes are taken, what becomes of who loses, what validators do. Source: spec/relay.md §10."""

from dataclasses import replace

import pytest
from r10 import TEN, network, pay, stakes

from chain.node.errors import ChainHalted
from chain.relay.chain import open_state, relay_genesis
from chain.relay.dispute_types import (
    ApprovalChecking,
    BackingSeconded,
    DisputeStatement,
    DisputeStatementSet,
    ExplicitInvalid,
    ExplicitValid,
    SaysInvalid,
    SaysValid,
)
from chain.relay.disputes import import_dispute, outcome, stake_left
from chain.relay.errors import DisputeError
from chain.relay.faults import Fault
from chain.relay.payloads import SECONDED, approval_payload, backing_payload, dispute_payload
from chain.relay.state import RelayState
from chain.state import BlockState
from chain.trie import MemoryStore

CANDIDATE, PARENT = b"\x11" * 32, b"\x22" * 32
GENESIS = relay_genesis(TEN, {2000: b"", 2090: b""}, {2000: bytes(32), 2090: bytes(32)})

Vote = tuple[DisputeStatement, int, bytes]


def state() -> RelayState:
    block = BlockState(MemoryStore(dict(GENESIS.nodes)), GENESIS.header.state_root, 1)
    return RelayState(block.overlay)


def backing(index: int) -> Vote:
    signature = TEN.keys[index].sign(backing_payload(SECONDED, CANDIDATE, 0, PARENT))
    return SaysValid(BackingSeconded(PARENT)), index, signature


def approving(index: int) -> Vote:
    return SaysValid(ApprovalChecking()), index, TEN.keys[index].sign(approval_payload(CANDIDATE, 0))


def saying(valid: bool, index: int) -> Vote:
    word = SaysValid(ExplicitValid()) if valid else SaysInvalid(ExplicitInvalid())
    return word, index, TEN.keys[index].sign(dispute_payload(valid, CANDIDATE, 0))


def take(state: RelayState, *votes: Vote, session: int = 0, number: int = 5) -> None:
    import_dispute(state, TEN, number, DisputeStatementSet(CANDIDATE, session, votes))


def refusal(*votes: Vote, session: int = 0, number: int = 5) -> str:
    with pytest.raises(DisputeError) as error:
        take(state(), *votes, session=session, number=number)
    return error.value.name


def test_sets_of_votes_are_refused_by_name() -> None:
    against = [saying(False, index) for index in range(4)]
    assert refusal(*against) == "Disputes.SingleSidedDispute"
    assert refusal(backing(8), against[0]) == "Disputes.UnconfirmedDispute"
    assert refusal(saying(True, 8), *against) == "Disputes.MissingBackingVotes"
    assert refusal(backing(8), *against, session=1) == "Disputes.AncientDisputeStatement"
    assert refusal(backing(8), *against, number=7_001) == "Disputes.AncientDisputeStatement"
    assert refusal(backing(8), (against[0][0], 1, against[0][2])) == "Disputes.InvalidSignature"
    assert refusal(backing(8), against[0], against[0]) == "Disputes.DuplicateStatement"
    assert refusal(backing(8), saying(True, 8), *against) == "Disputes.MaliciousBacker"
    assert refusal(backing(8), (against[0][0], 10, against[0][2])) == "Disputes.ValidatorIndexOutOfBounds"


def test_enough_voters() -> None:
    """More than f, each counted once though it speaks on both sides."""
    both = saying(False, 8)
    assert refusal(backing(8), backing(9), both, saying(False, 7)) == "Disputes.UnconfirmedDispute"
    take(state(), backing(8), backing(9), saying(False, 6), saying(False, 7))


def test_ages() -> None:
    """dispute_period sessions back is not too old; nor is a vote acceptance_period blocks after the conclusion."""
    votes = [backing(8), *(saying(False, index) for index in range(4))]
    take(state(), *votes, number=7_000)
    assert refusal(*votes, number=7_001) == "Disputes.AncientDisputeStatement"
    found = state()
    take(found, backing(0), *(saying(False, index) for index in range(2, 9)), number=6)
    take(found, saying(True, 9), number=56)
    with pytest.raises(DisputeError, match="Ancient"):
        take(found, saying(True, 1), number=57)


def test_a_backing_vote_after_an_explicit_one() -> None:
    """It makes its validator a backer, once; the other way round it is a second word."""
    against = [saying(False, index) for index in range(4)]
    found = state()
    take(found, backing(8), saying(True, 9), *against)
    take(found, backing(9))
    assert found.backers_on_disputes.get(0, CANDIDATE) == (8, 9)
    with pytest.raises(DisputeError, match="DuplicateStatement"):
        take(found, backing(9))
    assert refusal(backing(8), approving(8), *against) == "Disputes.MaliciousBacker"


def test_a_refused_set_changes_nothing() -> None:
    found = state()
    with pytest.raises(DisputeError):
        take(found, backing(8), saying(False, 1), saying(False, 1))
    assert found.disputes.get(0, CANDIDATE) is None
    assert found.backers_on_disputes.get(0, CANDIDATE) == ()


def test_punished_once() -> None:
    """However many votes come after the conclusion."""
    found = state()
    take(found, backing(0), *(saying(False, index) for index in range(3, 10)))
    take(found, saying(True, 1), number=6)
    take(found, saying(True, 2), number=7)
    assert [len(found.offences.get(index)) for index in range(4)] == [1, 1, 1, 0]


def test_the_heaviest_offenders_are_disabled() -> None:
    """At most f: the backer before those that lose 2 %, these by number."""
    found = state()
    take(found, backing(9), *(saying(True, index) for index in (6, 7, 8)), *(saying(False, i) for i in range(6)))
    assert found.disabled.get() == ()
    take(found, saying(False, 6), number=6)
    assert found.disabled.get() == (6, 7, 9)


def test_disabled_in_the_session_of_the_punishment() -> None:
    """A dispute about a candidate of an earlier session: its backers may not go on in this one."""
    found = state()
    found.session.put(1)
    take(found, backing(0), *(saying(False, index) for index in range(3, 10)), number=1_001)
    assert found.disabled.get() == (0,)
    [offence] = found.offences.get(0)
    assert (offence.session, offence.percent) == (1, 100)
    found.session.put(2)
    found.disabled.put(())
    take(found, saying(True, 1), number=1_001)
    assert found.disabled.get() == (1,), "who was punished in the session before is not disabled again"


def test_concluded_invalid() -> None:
    """Backers lose all, other approvers 2 %, at most f are disabled, and later votes are punished alike."""
    found = state()
    take(found, backing(0), backing(1), approving(2), *(saying(False, index) for index in range(3, 9)))
    dispute = found.disputes.get(0, CANDIDATE)
    assert dispute is not None
    assert outcome(dispute) == "open"
    assert found.disabled.get() == ()
    take(found, saying(False, 9), number=6)
    dispute = found.disputes.get(0, CANDIDATE)
    assert dispute is not None
    assert (outcome(dispute), dispute.start, dispute.concluded_at) == ("invalid", 5, 6)
    assert [stake_left(found.offences.get(index)) for index in range(4)] == [0, 0, 9_800, 10_000]
    assert found.disabled.get() == (0, 1, 2)
    with pytest.raises(DisputeError, match="Ancient"):
        take(found, saying(True, 3), number=57)


def test_concluded_valid() -> None:
    """Who called it invalid loses nothing and is disabled."""
    found = state()
    take(found, backing(0), backing(1), *(saying(True, index) for index in range(2, 7)), saying(False, 7))
    assert stake_left(found.offences.get(7)) == 10_000
    assert found.disabled.get() == (7,)


def test_no_honest_validator_is_slashed_by_a_false_accuser() -> None:
    """One validator calls a good block invalid: concluded valid, the accuser alone is disabled, the block stays."""
    chain = network(Fault(1_000, "offline", (0,)))
    pay(chain)
    relay = chain.node.relay
    [case] = relay.cases.values()
    accuser = min(set(range(10)) - case.for_)
    relay.dispute(case.hash, accuser)
    chain.advance_relay(2)
    after = open_state(chain.node.nodes, relay.head)[1]
    assert after.disabled.get() == (accuser,)
    assert stakes(chain) == {}
    assert chain.node.best.number == 1


def test_f_false_accusers_change_nothing() -> None:
    """Three of ten call a good block invalid: seven are enough to conclude that it is valid, and it stays."""
    chain = network(Fault(1_000, "offline", (0,)))
    pay(chain)
    relay = chain.node.relay
    [case] = relay.cases.values()
    accusers = sorted(set(range(10)) - set(case.backers))[:3]
    for accuser in accusers:
        case.errors[accuser] = "Candidate.Invalid"
        case.approvals.pop(accuser, None)
    relay._accuse(case, accusers, [])
    assert (len(case.for_), sorted(case.against), case.lost, case.open) == (7, accusers, False, False)
    chain.advance_relay(2)
    after = open_state(chain.node.nodes, relay.head)[1]
    assert (list(after.disabled.get()), stakes(chain), chain.node.best.number) == (accusers, {}, 1)


def test_the_disabled_start_no_dispute() -> None:
    """One that has accused wrongly is not heard again; with another beside it, it is."""
    chain = network(Fault(1_000, "offline", (0,)))
    pay(chain)
    relay = chain.node.relay
    [first] = relay.cases.values()
    accuser = min(set(range(10)) - first.for_)
    relay.dispute(first.hash, accuser)
    pay(chain)
    assert open_state(chain.node.nodes, relay.head)[1].disabled.get() == (accuser,)
    second = next(case for case in relay.cases.values() if case is not first)
    relay.dispute(second.hash, accuser)
    assert not second.disputed
    other = min(set(range(10)) - second.for_ - {accuser})
    second.errors[other] = "Candidate.Invalid"
    relay._accuse(second, [accuser, other], [])
    assert second.against == {accuser, other}


def test_safety_violation() -> None:
    """A final candidate is concluded invalid: everything halts, who vouched is slashed, nothing is abandoned."""
    chain = network(Fault(1_000, "offline", (0,)))
    pay(chain)
    relay, head = chain.node.relay, chain.node.relay.head
    [case] = relay.cases.values()
    accusers = [index for index in range(10) if index not in case.for_]
    for index in range(10):
        if index not in case.backers[:3]:
            case.errors[index] = "Candidate.Invalid"
            case.approvals.pop(index, None)
    kept = [sent for sent in case.backing.statements if sent.signed.validator_index in case.backers[:3]]
    case.backing = replace(case.backing, voters=case.backers[:3], statements=tuple(kept))
    relay._accuse(case, accusers[:1], [])
    chain.advance_relay(1)
    with pytest.raises(ChainHalted, match="SafetyViolation"):
        chain.advance_relay(1)
    assert relay.line[0].number >= head.number
    assert set(stakes(chain)) == set(case.backers)
    assert set(stakes(chain).values()) == {0}
