"""A validator's checks around validate_block, in order, and what a group makes of them: spec/relay.md §7, §8.1."""

import logging
from dataclasses import replace

import msgspec
import pytest
from forgery import Forgery, Story

from amm.local import LocalChain
from amm.runtime import load
from chain.crypto.hashing import blake2_256
from chain.crypto.keys import dev
from chain.frame import DeclarationError, Runtime
from chain.frame.runtime import MANIFEST, read_manifest
from chain.node.errors import NotIncluded
from chain.primitives.validation import VALIDATION_DATA, OutboundHrmpMessage
from chain.relay.backing import Backing, RelayView, Work, back, check
from chain.relay.backing_types import ValidityAttestation
from chain.relay.block_data import PoV
from chain.relay.body import attested
from chain.relay.candidate import CommittedCandidateReceipt
from chain.relay.chain import produce
from chain.relay.collator import Collation
from chain.relay.errors import CandidateError
from chain.relay.payloads import collator_payload
from chain.relay.validators import ValidatorSet
from chain.trie import OverlayStore

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


# -- the group ---------------------------------------------------------------------------------------------------------


def backing(story: Story, collation: Collation, verify: str = "shared") -> Backing:
    parameters = replace(story.chain.node.validators.parameters, verify=verify)
    view = replace(story.view(BLOCK), validators=ValidatorSet(parameters, (2090,)))
    return back(view, collation, load)


@pytest.mark.parametrize(("verify", "executions"), [("shared", 1), ("full", 2)])
def test_the_group_signs(story: Story, verify: str, executions: int) -> None:
    """Both members of the group vote; how often validate_block ran for it is told as it is."""
    made = backing(story, story.collation(BLOCK), verify)
    record = story.record(BLOCK)
    assert made.voters == record.backed_by == tuple(sorted(made.voters))
    assert made.executions == executions
    assert made.refused == ()
    assert made.backed is not None
    assert [len(vote.signature) for vote in made.backed.validity_votes] == [64, 64]


@pytest.mark.parametrize(("verify", "executions"), [("shared", 1), ("full", 2)])
def test_the_group_refuses(story: Story, verify: str, executions: int) -> None:
    spoilt = story.recollated(BLOCK, Forgery.of(story, BLOCK).with_header(state_root=bytes(32)).data)
    made = backing(story, spoilt, verify)
    assert (made.backed, made.voters, made.executions) == (None, (), executions)
    assert [refusal.validator for refusal in made.refused] == list(story.record(BLOCK).backed_by)
    assert not any(refusal.abstained for refusal in made.refused)
    assert "Candidate.ExecutionError(Pvf.StateRootMismatch)" in str(made.refused[0])


def test_no_execution_where_none_is_needed(story: Story) -> None:
    spoilt = replace(story.collation(BLOCK), pov=PoV(b""))
    assert backing(story, spoilt).executions == 0


@pytest.mark.parametrize("error", [DeclarationError("no such runtime"), ZeroDivisionError("a fault of our own")])
def test_trouble_of_ones_own_is_no_verdict(
    story: Story, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    """A validator without the program, or with a bug, abstains and says so; it never calls a block invalid."""

    def broken(code: bytes) -> Runtime:
        raise error

    with caplog.at_level(logging.WARNING):
        made = back(story.view(BLOCK), story.collation(BLOCK), broken)
    assert made.backed is None
    assert all(refusal.abstained for refusal in made.refused)
    assert "abstains" in str(made.refused[0])
    assert len(caplog.records) == 2


def test_backed_candidates_are_those_of_the_relay_chain(story: Story) -> None:
    """Backing again what was backed gives the very same relay block, byte for byte."""
    node = story.chain.node
    made = backing(story, story.collation(BLOCK))
    assert made.backed is not None
    votes: tuple[ValidityAttestation, ...] = made.backed.validity_votes
    again = produce(node.validators, node.nodes, story.view(BLOCK).relay_parent, (made.backed,))
    stored = node.archive.relay(story.record(BLOCK).backed_in).block
    assert again.block == stored
    assert again.block.witness == tuple(vote.signature for vote in votes)
    block = node.archive.relay(story.record(BLOCK).included_in).block
    assert block is not None
    bitfields = attested(block).bitfields
    assert [bitfield.validator_index for bitfield in bitfields] == [0, 1, 2, 3]
    store = OverlayStore(again.nodes, node.nodes)
    included = produce(node.validators, store, again.block.header, bitfields=bitfields)
    assert included.block == block
    assert [pending.candidate for pending in included.included] == [story.record(BLOCK).candidate]


def test_equal_seeds_give_equal_blocks() -> None:
    """The same calls on two chains: the same relay heads and the same candidates."""
    chains = [LocalChain(), LocalChain()]
    for chain in chains:
        give = chain.call("balances.transfer_allow_death", dest="bob", value="5 BSX")
        assert chain.submit(give, "eve").ok
    first, second = (chain.node for chain in chains)
    assert first.relay.head == second.relay.head
    assert first.record(1) == second.record(1)
