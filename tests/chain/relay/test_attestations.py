"""Bitfields, tranches and justifications, check by check. Source: spec/relay.md §8.3, §9, §11."""

from dataclasses import replace

import msgspec
import pytest
from r10 import G1, TEN

from amm.local import LocalChain
from chain.crypto.hashing import blake2_256
from chain.node.errors import NotIncluded
from chain.primitives.header import Header
from chain.primitives.validation import PersistedValidationData
from chain.relay.approval import Tranches, checkers
from chain.relay.availability import chunks_of, recover, with_proofs
from chain.relay.availability_types import AVAILABLE_DATA, AvailableData, ErasureChunk
from chain.relay.bitfields import check_bitfield, sign_bitfield
from chain.relay.block_data import PoV
from chain.relay.chain import relay_genesis
from chain.relay.erasure import encode, erasure_root
from chain.relay.errors import FinalityError, InclusionError, RecoveryError
from chain.relay.finality import check_justification, honest_votes, sign_precommit
from chain.relay.finality_types import Justification
from chain.relay.offer import Offer

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
