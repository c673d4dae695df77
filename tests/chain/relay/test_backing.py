"""A validator's checks around validate_block, in order, and what a group makes of them: spec/relay.md §7, §8.1."""

from dataclasses import replace

import msgspec
import pytest
from forgery import Forgery, Story

from amm.local import LocalChain
from amm.runtime import load
from chain.crypto.hashing import blake2_256
from chain.crypto.keys import dev
from chain.frame.runtime import MANIFEST, read_manifest
from chain.node.errors import NotIncluded
from chain.primitives.validation import VALIDATION_DATA, OutboundHrmpMessage
from chain.relay.backing import RelayView, Work, check
from chain.relay.block_data import PoV
from chain.relay.candidate import CommittedCandidateReceipt
from chain.relay.collator import Collation
from chain.relay.errors import CandidateError
from chain.relay.payloads import collator_payload
from chain.relay.validators import ValidatorSet

BLOCK = 3


def verdict(story: Story, collation: Collation, view: RelayView | None = None) -> str:
    try:
        check(view or story.view(BLOCK), collation, Work(load, True))
    except CandidateError as error:
        return error.name
    return ""


def resigned(story: Story, collation: Collation, **changes: object) -> Collation:
    """The candidate with another descriptor, signed by its collator."""
    descriptor = msgspec.structs.replace(collation.candidate.descriptor, **changes)
    collator = story.chain.node.keys.of(collation.candidate.descriptor.collator)
    signed = msgspec.structs.replace(descriptor, signature=collator.sign(collator_payload(descriptor)))
    return replace(collation, candidate=CommittedCandidateReceipt(signed, collation.candidate.commitments))


def committed(story: Story, collation: Collation, **changes: object) -> Collation:
    """The candidate with other commitments."""
    commitments = msgspec.structs.replace(collation.candidate.commitments, **changes)
    return replace(collation, candidate=CommittedCandidateReceipt(collation.candidate.descriptor, commitments))


def test_every_real_candidate_passes(story: Story) -> None:
    for number in range(1, 5):
        collation = story.collation(number)
        validated = check(story.view(number), collation, Work(load, True))
        assert validated.result.head_data == collation.candidate.commitments.head_data


def test_bad_parent(story: Story) -> None:
    """A relay parent, a head, a place that are not the relay chain's (F08)."""
    real = story.collation(BLOCK)
    old_head = story.record(1).block.header.encode()
    assert verdict(story, real, story.view(2)) == "Candidate.BadParent"
    assert verdict(story, resigned(story, real, relay_parent=bytes(32))) == "Candidate.BadParent"
    assert verdict(story, resigned(story, real, para_id=2000)) == "Candidate.BadParent"
    assert verdict(story, resigned(story, real, persisted_validation_data_hash=bytes(32))) == "Candidate.BadParent"
    for change in ({"parent_head": old_head}, {"relay_parent_number": 5}, {"max_pov_size": 1}):
        data = msgspec.structs.replace(real.validation_data, **change)
        spoilt = resigned(story, real, persisted_validation_data_hash=blake2_256(VALIDATION_DATA.encode(data)))
        assert verdict(story, replace(spoilt, validation_data=data)) == "Candidate.BadParent"


def test_a_waiting_candidate_counts_as_included_and_as_timed_out(story: Story) -> None:
    """On a relay parent that has just backed block 2: a child of 2 and another child of 1 both stand on something."""
    parent = story.relay_header(story.record(2).backed_in)
    view = replace(story.view(2), relay_parent=parent)
    heads = [story.record(number).block.header.encode() for number in (2, 1)]
    for head in heads:
        data = msgspec.structs.replace(
            story.record(BLOCK).validation_data,
            parent_head=head,
            relay_parent_number=parent.number,
            relay_parent_storage_root=parent.state_root,
        )
        encoded = blake2_256(VALIDATION_DATA.encode(data))
        spoilt = resigned(
            story, story.collation(BLOCK), relay_parent=parent.hash, persisted_validation_data_hash=encoded
        )
        assert verdict(story, replace(spoilt, validation_data=data), view).startswith("Candidate.ExecutionError(")


def test_size_of_the_pov(story: Story) -> None:
    """One byte above max_pov_size is too large, exactly max_pov_size is not (F11)."""
    size = story.collation(BLOCK).pov.size
    fits, too_large = "Candidate.ExecutionError(Pvf.BadBlockData)", "Candidate.ParamsTooLarge"
    for most, expected in ((size, fits), (size - 1, too_large)):
        parameters = replace(story.chain.node.validators.parameters, max_pov_size=most)
        view = replace(story.view(BLOCK), validators=ValidatorSet(parameters, (2090,)))
        data = msgspec.structs.replace(story.record(BLOCK).validation_data, max_pov_size=most)
        pov = PoV(bytes(size - 2))
        assert pov.size == size
        spoilt = resigned(
            story,
            replace(story.collation(BLOCK), pov=pov, validation_data=data),
            pov_hash=pov.hash,
            persisted_validation_data_hash=blake2_256(VALIDATION_DATA.encode(data)),
        )
        assert verdict(story, spoilt, view) == expected


def test_pov_of_another_block(story: Story) -> None:
    spoilt = replace(story.collation(BLOCK), pov=story.collation(2).pov)
    assert verdict(story, spoilt) == "Candidate.PoVHashMismatch"


def test_code_hash(story: Story) -> None:
    spoilt = resigned(story, story.collation(BLOCK), validation_code_hash=bytes(32))
    assert verdict(story, spoilt) == "Candidate.CodeHashMismatch"


def test_another_program_in_the_state() -> None:
    """Whoever can write to `:code` cannot make validators run what the relay chain has not registered."""
    chain = LocalChain()
    manifest = read_manifest(chain.runtime.code)
    places = {path: index for index, (path, _) in enumerate(manifest.constants)}
    constants = list(manifest.constants)
    constants[places["xyk.exchange_fee"]] = ("xyk.exchange_fee", bytes.fromhex("05000000e8030000"))
    code = MANIFEST.encode(msgspec.structs.replace(manifest, constants=tuple(constants)))
    assert load(code).code_hash != chain.runtime.code_hash
    assert chain.submit(chain.runtime.make_call("system.set_storage", ((b":code", code),)), "root").ok
    with pytest.raises(NotIncluded) as refused:
        list(chain.advance(1))
    assert "Candidate.CodeHashMismatch" in refused.value.reasons[0]


def test_collators_signature(story: Story) -> None:
    """Signed with another key, or named for one who did not sign (F13)."""
    real = story.collation(BLOCK)
    payload = collator_payload(real.candidate.descriptor)
    for change in ({"signature": dev("eve").sign(payload)}, {"collator": dev("eve").public}, {"signature": bytes(64)}):
        descriptor = msgspec.structs.replace(real.candidate.descriptor, **change)
        candidate = CommittedCandidateReceipt(descriptor, real.candidate.commitments)
        assert verdict(story, replace(real, candidate=candidate)) == "Candidate.BadSignature"


def test_execution(story: Story) -> None:
    """The whole name tells what validate_block said."""
    spoilt = Forgery.of(story, BLOCK).with_header(state_root=bytes(32))
    collation = story.recollated(BLOCK, spoilt.data)
    assert verdict(story, collation) == "Candidate.ExecutionError(Pvf.StateRootMismatch)"
    with pytest.raises(CandidateError) as refused:
        check(story.view(BLOCK), collation, Work(load, True))
    assert refused.value.cause is not None
    assert refused.value.cause.name == "Pvf.StateRootMismatch"


def test_timeout(story: Story) -> None:
    """More storage operations than a validator carries out."""
    with pytest.raises(CandidateError) as refused:
        check(story.view(BLOCK), story.collation(BLOCK), Work(load, True, operations=100))
    assert refused.value.name == "Candidate.Timeout"


def test_para_head(story: Story) -> None:
    spoilt = resigned(story, story.collation(BLOCK), para_head=bytes(32))
    assert verdict(story, spoilt) == "Candidate.ParaHeadHashMismatch"


def test_commitments(story: Story) -> None:
    """Anything but what execution gives (F15)."""
    real = story.collation(BLOCK)
    for change in (
        {"upward_messages": (b"",)},
        {"horizontal_messages": (OutboundHrmpMessage(2000, b"x"),)},
        {"new_validation_code": b""},
        {"head_data": b""},
        {"processed_downward_messages": 1},
        {"hrmp_watermark": 5},
    ):
        assert verdict(story, committed(story, real, **change)) == "Candidate.CommitmentsHashMismatch"


def test_invalid_outputs(story: Story) -> None:
    """A head larger than the relay chain takes."""
    real = story.collation(BLOCK)
    parameters = replace(story.chain.node.validators.parameters, max_head_data_size=100)
    view = replace(story.view(BLOCK), validators=ValidatorSet(parameters, (2090,)))
    assert verdict(story, real, view) == "Candidate.InvalidOutputs(Inclusion.HeadDataTooLarge)"


def test_erasure_root(story: Story) -> None:
    spoilt = resigned(story, story.collation(BLOCK), erasure_root=bytes(32))
    assert verdict(story, spoilt) == "Candidate.ErasureRootMismatch"


def test_the_first_failing_check_decides(story: Story) -> None:
    """Faults of ever earlier checks, one on top of the other."""
    spoilt = resigned(story, story.collation(BLOCK), erasure_root=bytes(32))
    spoilt = committed(story, spoilt, hrmp_watermark=5)
    assert verdict(story, spoilt) == "Candidate.CommitmentsHashMismatch"
    spoilt = resigned(story, spoilt, para_head=bytes(32))
    assert verdict(story, spoilt) == "Candidate.ParaHeadHashMismatch"
    pov = PoV(b"")
    spoilt = resigned(story, replace(spoilt, pov=pov), pov_hash=pov.hash)
    assert verdict(story, spoilt) == "Candidate.ExecutionError(Pvf.BadBlockData)"
    descriptor = msgspec.structs.replace(spoilt.candidate.descriptor, signature=bytes(64))
    spoilt = replace(spoilt, candidate=CommittedCandidateReceipt(descriptor, spoilt.candidate.commitments))
    assert verdict(story, spoilt) == "Candidate.BadSignature"
    descriptor = msgspec.structs.replace(descriptor, validation_code_hash=bytes(32))
    spoilt = replace(spoilt, candidate=CommittedCandidateReceipt(descriptor, spoilt.candidate.commitments))
    assert verdict(story, spoilt) == "Candidate.CodeHashMismatch"
    spoilt = replace(spoilt, pov=PoV(b"x"))
    assert verdict(story, spoilt) == "Candidate.PoVHashMismatch"
    spoilt = replace(spoilt, pov=PoV(bytes(6_000_000)))
    assert verdict(story, spoilt) == "Candidate.ParamsTooLarge"
    assert verdict(story, spoilt, story.view(2)) == "Candidate.BadParent"
