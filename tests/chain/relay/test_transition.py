"""What a relay block does, step by step: bits, inclusion, time-outs, cores, sessions. Source: spec/relay.md §8."""

from dataclasses import replace

import msgspec
import pytest
from line import Line, signed

from chain.crypto.hashing import blake2_256
from chain.primitives.validation import OutboundHrmpMessage
from chain.relay.backing_types import BackedCandidate, Explicit
from chain.relay.body import Attested
from chain.relay.candidate import CommittedCandidateReceipt
from chain.relay.dispute_types import (
    BackingSeconded,
    DisputeStatement,
    DisputeStatementSet,
    ExplicitInvalid,
    SaysInvalid,
    SaysValid,
)
from chain.relay.disputes import import_dispute
from chain.relay.errors import InclusionError
from chain.relay.inclusion import check_candidate, occupy
from chain.relay.parameters import RelayParameters
from chain.relay.payloads import SECONDED, backing_payload, dispute_payload
from chain.relay.relay_block import CandidateBacked, CandidateIncluded, CandidateTimedOut
from chain.relay.transition import Transition, refuse

ONE_GROUP = replace(RelayParameters(), max_validators_per_core=None)


def test_enough_bits_include() -> None:
    """n − f of them; before, each is kept, and counted once."""
    line = Line()
    backed = line.candidate()
    [event] = line.add(backed).events
    assert isinstance(event, CandidateBacked)
    assert (event.receipt, event.head_data, event.core) == (backed.candidate.receipt, b"\0" * 4, 0)
    line.add(bitfields=line.bits(0, 3))
    waiting = line.state.pending.get(2090)
    assert waiting is not None
    assert waiting.availability == (True, False, False, True)
    assert line.add(bitfields=line.bits(0)).events == ()
    [event] = line.add(bitfields=line.bits(1)).events
    assert isinstance(event, CandidateIncluded)
    assert (event.receipt, event.group) == (backed.candidate.receipt, waiting.group)
    assert line.state.heads.get(2090) == b"\0" * 4
    assert line.state.pending.get(2090) is None


def test_a_core_times_out() -> None:
    """After paras_availability_period blocks; bits that come in that very block are in time."""
    late = Line()
    backed = late.candidate()
    late.add(backed)
    for _ in range(3):
        assert late.add(bitfields=late.bits(0, 1)).events == ()
        assert late.state.pending.get(2090) is not None
    [event] = late.add(bitfields=late.bits(0, 1)).events
    assert isinstance(event, CandidateTimedOut)
    assert event.receipt == backed.candidate.receipt
    assert (late.number, late.state.pending.get(2090)) == (5, None)
    assert late.state.heads.get(2090) == b"\0"

    in_time = Line()
    in_time.add(in_time.candidate())
    for _ in range(3):
        in_time.add()
    [event] = in_time.add(bitfields=in_time.bits()).events
    assert isinstance(event, CandidateIncluded)


def test_a_core_that_is_freed_takes_the_next() -> None:
    """In the same block: bits and time-outs come before candidates."""
    line = Line()
    line.add(line.candidate())
    for _ in range(3):
        line.add()
    timed_out, backed = line.add(line.candidate()).events
    assert isinstance(timed_out, CandidateTimedOut)
    assert isinstance(backed, CandidateBacked)


def test_an_occupied_core() -> None:
    line = Line()
    line.add(line.candidate())
    assert line.left_out(line.candidate()) == ["Inclusion.CandidateScheduledBeforeParaFree"]


def test_bitfields_ascend() -> None:
    """An author leaves out what is out of order and goes on behind the last that it took; an importer refuses."""
    line = Line()
    line.add(line.candidate())
    one, two, three = line.bits(0, 1, 2)
    produced = line.add(bitfields=[two, one, two, three])
    assert [taken.validator_index for taken in produced.block.body.bitfields] == [1, 2]
    assert [error.kind for _, error in produced.left_out] == ["BitfieldDuplicateOrUnordered"] * 2
    fresh = Line()
    fresh.add(fresh.candidate())
    one, two, _ = fresh.bits(0, 1, 2)
    with pytest.raises(InclusionError, match="BitfieldDuplicateOrUnordered"):
        Transition(fresh.validators, fresh.state, fresh.head, refuse).run(9, Attested((two, one)))


# -- disputes ----------------------------------------------------------------------------------------------------------


def dispute(line: Line, backed: BackedCandidate, against: int) -> DisputeStatementSet:
    """One backer's vote for a candidate, and these many against it, from the last validator on."""
    parent, candidate = backed.candidate.descriptor.relay_parent, backed.candidate.hash
    session, keys = line.validators.session_at(line.number + 1), line.validators.keys
    votes: list[tuple[DisputeStatement, int, bytes]] = [
        (SaysValid(BackingSeconded(parent)), 0, keys[0].sign(backing_payload(SECONDED, candidate, session, parent)))
    ]
    for index in range(4 - against, 4):
        word = keys[index].sign(dispute_payload(False, candidate, session))
        votes.append((SaysInvalid(ExplicitInvalid()), index, word))
    return DisputeStatementSet(candidate, session, tuple(votes))


@pytest.mark.parametrize("against", [1, 2])
def test_more_than_f_votes_free_the_core(against: int) -> None:
    """Bits for it are then of a core that was freed, and left out; with f votes it is included all the same."""
    line = Line()
    backed = line.candidate()
    line.add(backed)
    produced = line.add(disputes=[dispute(line, backed, against)], bitfields=line.bits())
    freed = against > 1
    assert [pending.candidate for pending in produced.dropped] == [backed.candidate] * freed
    assert [error.kind for _, error in produced.left_out] == ["BitfieldReferencesFreedCore"] * 3 * freed
    assert len(produced.included) == 1 - freed


def test_importers_refuse_bits_for_a_freed_core() -> None:
    line = Line()
    backed = line.candidate()
    line.add(backed)
    offered = Attested(tuple(line.bits()), (), (dispute(line, backed, 2),))
    with pytest.raises(InclusionError, match="BitfieldReferencesFreedCore"):
        Transition(line.validators, line.state, line.head, refuse).run(9, offered)


def punished(line: Line) -> int:
    """Who is disabled, after a candidate was concluded invalid."""
    backed = line.candidate()
    line.add(disputes=[dispute(line, backed, 3)])
    [index] = line.state.disabled.get()
    return index


def test_the_disabled_do_not_back() -> None:
    """Until the session ends."""
    line = Line(parameters=replace(ONE_GROUP, session_length=4))
    index = punished(line)
    assert line.left_out(line.candidate()) == ["Inclusion.InvalidBacking"]
    others = [each for each in range(4) if each != index]
    assert line.left_out(line.voted(line.candidate().candidate, others)) == []
    line.add()
    line.add()
    assert line.state.disabled.get() == (index,)
    line.add()
    assert (line.number, line.state.session.get(), line.state.disabled.get()) == (4, 1, ())
    assert line.left_out(line.candidate()) == []


# -- order of the checks -----------------------------------------------------------------------------------------------


def test_order_of_the_checks() -> None:
    """With everything wrong it is refused for the first thing; that mended, for the next, and so to the end."""
    line = Line(parameters=replace(ONE_GROUP, max_head_data_size=50, max_code_size=5))
    line.include(new_validation_code=b"next", upward_messages=(b"up",))
    line.add(line.candidate())
    state, number = line.state, line.number
    state.queues.send_down(2090, b"down", 1)
    found = line.candidate(processed_downward_messages=1)
    descriptor, commitments = found.candidate.descriptor, found.candidate.commitments
    bad: dict[str, dict[str, object]] = {
        "DisallowedRelayParent": {"relay_parent": bytes(32)},
        "ValidationDataHashMismatch": {"persisted_validation_data_hash": bytes(32)},
        "NotCollatorSigned": {"signature": bytes(64)},
        "InvalidValidationCodeHash": {"validation_code_hash": b"\1" * 32},
        "ParaHeadMismatch": {"para_head": bytes(32)},
        "HeadDataTooLarge": {"head_data": bytes(51)},
        "PrematureCodeUpgrade": {"new_validation_code": bytes(6)},
        "IncorrectDownwardMessageHandling": {"processed_downward_messages": 0},
        "InvalidUpwardMessages": {"upward_messages": (bytes(51_201),)},
        "HrmpWatermarkMishandling": {"hrmp_watermark": number + 1},
        "InvalidOutboundHrmp": {"horizontal_messages": (OutboundHrmpMessage(1, b""),)},
    }
    left = list(bad)
    names = []
    while left:
        changes = {field: value for name in left for field, value in bad[name].items()}
        inside = {field: changes.pop(field) for field in list(changes) if hasattr(commitments, field)}
        made = msgspec.structs.replace(commitments, **inside)
        forged = changes.pop("signature", None)
        changes.setdefault("para_head", blake2_256(made.head_data))
        claimed = signed(descriptor, **changes)
        if forged is not None:
            claimed = msgspec.structs.replace(claimed, signature=forged)
        backed = BackedCandidate(CommittedCandidateReceipt(claimed, made), (), ())
        with pytest.raises(InclusionError) as error:
            check_candidate(state, line.validators, line.head, backed, 0)
        names.append(error.value.kind)
        left.pop(0)
    assert names == list(bad)


def test_order_of_the_last_checks() -> None:
    """One candidate a core, a free core, good votes, enough of them, and no lost dispute."""
    line = Line(parameters=ONE_GROUP)
    state, backed = line.state, line.candidate()
    last: int | None = 0
    names = []

    def refused(backed: BackedCandidate) -> None:
        with pytest.raises(InclusionError) as error:
            check_candidate(state, line.validators, line.head, backed, last)
        names.append(error.value.kind)

    occupy(state, line.validators, 0, 1, backed.candidate)
    lonely = line.voted(backed.candidate, [2])
    unlike = BackedCandidate(backed.candidate, (Explicit(bytes(64)),), lonely.validator_indices)
    import_dispute(state, line.validators, 1, dispute(line, backed, 2))
    refused(unlike)
    last = None
    refused(unlike)
    state.pending.remove(2090)
    refused(unlike)
    refused(lonely)
    refused(backed)
    assert names == [
        "UnsortedOrDuplicateBackedCandidates",
        "CandidateScheduledBeforeParaFree",
        "InvalidBacking",
        "InsufficientBacking",
        "CandidateConcludedInvalid",
    ]


def test_the_order_of_a_paras_core() -> None:
    """An importer takes candidates ascending by core, an author puts them so."""
    line = Line(2000, 2090)
    first, second = line.candidate(2000), line.candidate(2090)
    assert check_candidate(line.state, line.validators, line.head, second, 0) == 1
    with pytest.raises(InclusionError, match="UnsortedOrDuplicateBackedCandidates"):
        check_candidate(line.state, line.validators, line.head, first, 1)
    assert line.add(second, first).backed == (first, second)
