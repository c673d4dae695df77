"""Bitfields, tranches, disputes and justifications, check by check. Source: spec/relay.md §8.3, §9, §10, §11."""

from dataclasses import replace

import msgspec
import pytest
from r10 import G1, TEN, network, pay, stakes

from amm.local import LocalChain
from chain.crypto.hashing import blake2_256
from chain.node.errors import ChainHalted, NotIncluded
from chain.primitives.header import Header
from chain.primitives.validation import PersistedValidationData
from chain.relay.approval import Tranches, checkers
from chain.relay.availability import chunks_of, recover, with_proofs
from chain.relay.availability_types import AVAILABLE_DATA, AvailableData, ErasureChunk
from chain.relay.bitfields import check_bitfield, sign_bitfield
from chain.relay.block_data import PoV
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
from chain.relay.erasure import encode, erasure_root
from chain.relay.errors import DisputeError, FinalityError, InclusionError, RecoveryError
from chain.relay.faults import Fault
from chain.relay.finality import check_justification, honest_votes, sign_precommit
from chain.relay.finality_types import Justification
from chain.relay.offer import Offer
from chain.relay.payloads import SECONDED, approval_payload, backing_payload, dispute_payload
from chain.relay.state import RelayState
from chain.state import BlockState
from chain.trie import MemoryStore

CANDIDATE, PARENT = b"\x11" * 32, b"\x22" * 32
GENESIS = relay_genesis(TEN, {2000: b"", 2090: b""}, {2000: bytes(32), 2090: bytes(32)})


# -- bitfields ---------------------------------------------------------------------------------------------------------


def test_bitfields() -> None:
    """Each check by its name, in the order of the specification."""
    parent = GENESIS.header

    def refused(index: int, bits: tuple[bool, ...] = (True, True), **how: object) -> str:
        signed = sign_bitfield(bits, index, TEN.keys[how.get("key", index)], 0, how.get("parent", parent.hash))  # type: ignore[call-overload,arg-type]
        with pytest.raises(InclusionError) as error:
            check_bitfield(TEN, parent, signed, how.get("last"), how.get("freed", ()))  # type: ignore[arg-type]
        return error.value.name

    check_bitfield(TEN, parent, sign_bitfield((True, False), 3, TEN.keys[3], 0, parent.hash), 2, ())
    assert refused(3, (True,)) == "Inclusion.WrongBitfieldSize"
    assert refused(3, last=3) == "Inclusion.BitfieldDuplicateOrUnordered"
    assert refused(10, key=0) == "Inclusion.ValidatorIndexOutOfBounds"
    assert refused(3, key=4) == "Inclusion.InvalidBitfieldSignature"
    assert refused(3, parent=PARENT) == "Inclusion.InvalidBitfieldSignature"
    assert refused(3, freed={1}) == "Inclusion.BitfieldReferencesFreedCore"
    assert refused(3, (False, False)) == "Inclusion.BitfieldAllZeros"


# -- recovery and tranches ---------------------------------------------------------------------------------------------


def test_recovery() -> None:
    chain = LocalChain()
    list(chain.advance(1))
    record = chain.node.record(1)
    assert record is not None
    chunks = chunks_of(AvailableData(record.pov, record.validation_data), 4)
    found = recover(record.candidate, 4, lambda index: chunks[index])
    assert (found.data.pov, found.data.validation_data, found.bad) == (record.pov, record.validation_data, ())
    with pytest.raises(RecoveryError, match="Unavailable"):
        recover(record.candidate, 4, lambda index: chunks[index] if index == 0 else None)

    def one_bad(index: int) -> ErasureChunk:
        return msgspec.structs.replace(chunks[index], chunk=bytes(len(chunks[index].chunk))) if index else chunks[0]

    with pytest.raises(RecoveryError, match="Unavailable"):
        recover(record.candidate, 4, one_bad)


def test_data_that_the_descriptor_does_not_name() -> None:
    """Good chunks of one codeword that hold another PoV or other validation data: whoever encoded it lied."""
    chain = LocalChain()
    list(chain.advance(2))
    one, other = chain.node.record(1), chain.node.record(2)
    assert one is not None
    assert other is not None

    def recovered(pov: PoV, data: PersistedValidationData) -> str:
        encoded = encode(AVAILABLE_DATA.encode(AvailableData(pov, data)), 4)
        chunks = with_proofs(encoded)
        descriptor = msgspec.structs.replace(one.candidate.descriptor, erasure_root=erasure_root(encoded))
        lying = msgspec.structs.replace(one.candidate, descriptor=descriptor)
        with pytest.raises(RecoveryError) as error:
            recover(lying, 4, lambda index: chunks[index])
        return str(error.value)

    assert recovered(other.pov, one.validation_data) == "Recovery.Invalid: it is another PoV"
    assert recovered(one.pov, other.validation_data) == "Recovery.Invalid: it is other validation data"


@pytest.mark.parametrize("lying", range(1, 4))
def test_chunks_that_are_no_codeword(lying: int) -> None:
    """Their proofs are good; whichever two are taken, the data does not encode to the root."""
    chain = LocalChain()
    list(chain.advance(1))
    record = chain.node.record(1)
    assert record is not None
    chunks = [chunk.chunk for chunk in chunks_of(AvailableData(record.pov, record.validation_data), 4)]
    chunks[lying] = bytes(len(chunks[lying]))
    spoilt = with_proofs(chunks)
    descriptor = msgspec.structs.replace(record.candidate.descriptor, erasure_root=erasure_root(chunks))
    candidate = msgspec.structs.replace(record.candidate, descriptor=descriptor)
    for absent in range(4):
        with pytest.raises(RecoveryError, match=r"Recovery\.Invalid"):
            recover(candidate, 4, lambda index, gone=absent: None if index == gone else spoilt[index])  # type: ignore[misc]


def test_who_checks() -> None:
    """Outsiders first, then members of the group that did not vote, backers last; shuffled by the block's number."""
    ranked = checkers(TEN, 6, CANDIDATE, G1, G1[:2])
    assert sorted(ranked) == list(range(10))
    assert set(ranked[:5]) == set(range(10)) - set(G1)
    assert set(ranked[5:8]) == set(G1[2:])
    assert set(ranked[8:]) == set(G1[:2])
    assert ranked != checkers(TEN, 8, CANDIDATE, G1, G1[:2])


def test_a_no_show_calls_one_more() -> None:
    tranches = Tranches(tuple(range(6)), 2, 2)
    assert tranches.call(10) == [0, 1]
    tranches.voted.add(0)
    assert tranches.call(11) == []
    assert not tranches.approved
    assert tranches.call(12) == [2]
    assert (tranches.no_shows, tranches.tranche_of(2)) == ({1: 12}, 1)
    assert tranches.call(14) == [3]
    tranches.voted.update((2, 3))
    assert tranches.approved


def test_a_late_vote_does_not_close_a_no_show() -> None:
    """The one that was called for it is awaited: until it votes, or is a no-show itself and another has voted."""
    tranches = Tranches(tuple(range(4)), 2, 2)
    tranches.call(10)
    tranches.voted.add(0)
    assert tranches.call(12) == [2]
    tranches.voted.add(1)
    assert not tranches.approved
    assert tranches.call(14) == [3]
    assert not tranches.approved
    tranches.voted.add(3)
    assert tranches.approved
    assert (tranches.no_shows, tranches.call(30)) == ({1: 12, 2: 14}, [])


def test_nobody_is_left_to_be_called() -> None:
    """All are called in the end and no more; too few votes are too few whoever is silent."""
    tranches = Tranches(tuple(range(3)), 2, 2)
    assert [tranches.call(slot) for slot in (1, 3, 5, 7)] == [[0, 1], [2], [], []]
    tranches.voted.add(2)
    assert not tranches.approved
    tranches.voted.add(0)
    assert tranches.approved


# -- disputes ----------------------------------------------------------------------------------------------------------

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


# -- second blocks -----------------------------------------------------------------------------------------------------


def built(chain: LocalChain, amount: str = "5 BSX") -> Offer:
    """An honest candidate on the relay chain's head, offered to nobody yet."""
    block = chain.node.open_block()
    call = chain.call("balances.transfer_allow_death", dest="bob", value=amount)
    block.push(chain.prepare(call, "charlie").extrinsic)
    return Offer(block.rebuilt().collation)


def test_a_refused_block_moves_nothing() -> None:
    """Without faults a candidate that nobody signs for is refused, and the relay chain stands still."""
    chain = LocalChain()
    list(chain.advance(1))
    relay = chain.node.relay
    head, slot = relay.head, relay.slot
    offer = built(chain).collation
    descriptor = msgspec.structs.replace(offer.candidate.descriptor, pov_hash=blake2_256(b""))
    spoilt = replace(offer, candidate=msgspec.structs.replace(offer.candidate, descriptor=descriptor))
    with pytest.raises(NotIncluded):
        relay.include(spoilt)
    assert (relay.head, relay.slot) == (head, slot)
    assert chain.submit(chain.call("system.remark", remark="on")).ok


# -- finality ----------------------------------------------------------------------------------------------------------


def justified(target: Header, voters: int, round_: int = 1) -> Justification:
    votes = tuple(sign_precommit(target, round_, 0, index) for index in range(voters))
    return Justification(round_, target.hash, target.number, votes, ())


def test_justifications() -> None:
    target = GENESIS.header
    check_justification(TEN, justified(target, 7), target, {})

    def refused(made: Justification) -> str:
        with pytest.raises(FinalityError) as error:
            check_justification(TEN, made, target, {})
        return error.value.name

    good = justified(target, 7)
    assert refused(justified(target, 6)) == "Finality.NotEnoughVotes"
    assert refused(msgspec.structs.replace(good, round=2)) == "Finality.BadSignature"
    assert refused(msgspec.structs.replace(good, target_number=9)) == "Finality.WrongTarget"
    twice = msgspec.structs.replace(good.precommits[0].precommit, target_hash=bytes(32))
    lying = msgspec.structs.replace(good.precommits[0], precommit=twice)
    assert refused(msgspec.structs.replace(good, precommits=(*good.precommits, lying))) == "Finality.Equivocation"
    assert [len(part) for part in honest_votes((*good.precommits, lying))] == [6, 1]


def test_every_relay_block_has_a_justification() -> None:
    """One round a relay block, of its number; parachain blocks are final with their inclusion."""
    chain = LocalChain()
    list(chain.advance(3))
    node = chain.node
    for number in range(3, node.relay.head.number + 1):
        justification = node.archive.relay(number).justification
        assert justification is not None
        assert (justification.round, justification.target_number, len(justification.precommits)) == (number, number, 4)
    assert node.finalized == node.best.hash
    for number in (1, 2, 3):
        record = node.record(number)
        assert record is not None
        assert record.final_in == record.included_in
