"""The relay chain's own checks of a backed candidate, and what inclusion does. Source: spec/relay.md §8.4, §8.5."""

from chain.blocks.seal import SR25519
from chain.crypto.hashing import blake2_256
from chain.crypto.keys import verify
from chain.primitives.header import Header
from chain.primitives.validation import VALIDATION_DATA, PersistedValidationData
from chain.relay.backing_types import BackedCandidate, Implicit
from chain.relay.candidate import CandidateCommitments, CommittedCandidateReceipt
from chain.relay.errors import BadVote, InclusionError
from chain.relay.parameters import RelayParameters
from chain.relay.payloads import SECONDED, VALID, backing_payload, collator_payload
from chain.relay.state import Pending, RelayState
from chain.relay.thresholds import backing_threshold, faulty
from chain.relay.validators import ValidatorSet


def validation_data(
    state: RelayState, para: int, relay_parent: Header, parameters: RelayParameters
) -> PersistedValidationData:
    """What a candidate of `para` on this relay parent stands on, with the head that `state` has (§4.2).

    Raises `Inclusion.UnscheduledCandidate` for a para that is not registered.
    """
    head = state.heads.get(para)
    if head is None:
        raise InclusionError("UnscheduledCandidate", f"para {para} is not registered")
    return PersistedValidationData(head, relay_parent.number, relay_parent.state_root, parameters.max_pov_size)


def check_candidate(
    state: RelayState,
    validators: ValidatorSet,
    relay_parent: Header,
    backed: BackedCandidate,
    last_core: int | None = None,
) -> int:
    """May this candidate occupy its core in the block on `relay_parent`; raises `InclusionError` at the first no.

    Returns the core. `backed` holds the real signatures; `last_core` is the core of the candidate taken before it.
    That the relay parent is in the current session needs no check as long as it is the block's own parent.
    """
    candidate = backed.candidate
    descriptor, commitments = candidate.descriptor, candidate.commitments
    parameters, para = validators.parameters, descriptor.para_id
    if descriptor.relay_parent != relay_parent.hash:
        raise InclusionError("DisallowedRelayParent")
    data = validation_data(state, para, relay_parent, parameters)
    if blake2_256(VALIDATION_DATA.encode(data)) != descriptor.persisted_validation_data_hash:
        raise InclusionError("ValidationDataHashMismatch")
    if not verify(SR25519, descriptor.signature, collator_payload(descriptor), descriptor.collator):
        raise InclusionError("NotCollatorSigned")
    if state.code_hashes.get(para) != descriptor.validation_code_hash:
        raise InclusionError("InvalidValidationCodeHash")
    if blake2_256(commitments.head_data) != descriptor.para_head:
        raise InclusionError("ParaHeadMismatch")
    check_outputs(state, para, relay_parent.number, commitments, parameters)
    core = validators.core_of(para)
    if core is None:
        raise InclusionError("UnscheduledCandidate", f"para {para} has no core")
    if last_core is not None and core <= last_core:
        raise InclusionError("UnsortedOrDuplicateBackedCandidates", f"core {core} after core {last_core}")
    if state.pending.get(para) is not None:
        raise InclusionError("CandidateScheduledBeforeParaFree")
    _check_votes(state, validators, core, relay_parent, backed)
    _check_not_disputed(state, validators, backed.candidate.hash)
    return core


def check_outputs(
    state: RelayState, para: int, relay_parent_number: int, commitments: CandidateCommitments, limits: RelayParameters
) -> None:
    """The acceptance rules for what a candidate commits to, against the queues in `state`; raises `InclusionError`."""
    if len(commitments.head_data) > limits.max_head_data_size:
        raise InclusionError("HeadDataTooLarge", f"{len(commitments.head_data)} bytes")
    if commitments.new_validation_code is not None:
        state.upgrades.check(para, commitments.new_validation_code, limits)
    queues = state.queues
    queues.check_downward(para, commitments.processed_downward_messages, relay_parent_number)
    state.upward.check(para, commitments.upward_messages)
    queues.check_watermark(para, commitments.hrmp_watermark, relay_parent_number)
    queues.check_outbound(para, commitments.horizontal_messages)


def voters_of(validators: ValidatorSet, core: int, number: int, backed: BackedCandidate) -> tuple[int, ...]:
    """The members of the core's group at relay block `number` that voted; raises `Inclusion.InvalidBacking`."""
    group, bits = validators.group_of_core(core, number), backed.validator_indices
    if len(bits) != len(group) or sum(bits) != len(backed.validity_votes):
        raise InclusionError("InvalidBacking", "votes and bits do not match the group")
    return tuple(index for index, bit in zip(group, bits, strict=True) if bit)


def _check_votes(
    state: RelayState, validators: ValidatorSet, core: int, relay_parent: Header, backed: BackedCandidate
) -> None:
    """Enough good signatures of the core's group; raises `InvalidBacking` or `InsufficientBacking`."""
    number = relay_parent.number + 1
    voters = voters_of(validators, core, number, backed)
    barred = [index for index in state.disabled.get() if index in voters]
    if barred:
        raise InclusionError("InvalidBacking", f"validator {barred[0]} is disabled")
    session, candidate_hash = validators.session_at(number), backed.candidate.hash
    for index, vote in zip(voters, backed.validity_votes, strict=True):
        kind = SECONDED if isinstance(vote, Implicit) else VALID
        payload = backing_payload(kind, candidate_hash, session, relay_parent.hash)
        if not verify(SR25519, vote.signature, payload, validators.publics[index]):
            raise BadVote(detail=f"the signature is not validator {index}'s")
    group = validators.group_of_core(core, number)
    needed = backing_threshold(len(group), validators.parameters.minimum_backing_votes)
    if len(voters) < needed:
        raise InclusionError("InsufficientBacking", f"{len(voters)} of {needed}")


def _check_not_disputed(state: RelayState, validators: ValidatorSet, candidate_hash: bytes) -> None:
    """A candidate concluded invalid, or with more than f votes against it, is never taken again."""
    for session in range(state.session.get(), -1, -1):
        dispute = state.disputes.get(session, candidate_hash)
        if dispute is not None and sum(dispute.validators_against) > faulty(validators.parameters.validators):
            raise InclusionError("CandidateConcludedInvalid")
        if session + validators.parameters.dispute_period <= state.session.get():
            return


def occupy(
    state: RelayState, validators: ValidatorSet, core: int, number: int, candidate: CommittedCandidateReceipt
) -> Pending:
    """`CandidateBacked`: the candidate waits on its core until its data is known to be available."""
    group = validators.group_index(core, number)
    pending = Pending(candidate, core, group, number, (False,) * validators.parameters.validators)
    state.pending.insert(candidate.descriptor.para_id, pending)
    return pending


def include(state: RelayState, pending: Pending, number: int, limits: RelayParameters) -> None:
    """`CandidateIncluded` in relay block `number`: code, queues, then the head; the core is free (§8.5)."""
    candidate, queues, relay_parent = pending.candidate, state.queues, pending.backed_in - 1
    para, commitments = candidate.descriptor.para_id, candidate.commitments
    if commitments.new_validation_code is not None:
        state.upgrades.schedule(para, commitments.new_validation_code, relay_parent, number, limits)
    queues.prune_downward(para, commitments.processed_downward_messages)
    state.upward.receive(para, commitments.upward_messages)
    queues.prune_across(para, commitments.hrmp_watermark)
    for message in commitments.horizontal_messages:
        queues.send_across(para, message, number)
    state.pending.remove(para)
    state.heads.insert(para, commitments.head_data)
    state.contexts.insert(para, relay_parent)
    state.upgrades.enact(para, relay_parent)
