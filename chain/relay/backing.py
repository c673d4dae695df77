"""Backing: the group of a core checks a candidate and signs what it verified. Source: spec/relay.md §7 a–j, §8.1."""

from collections.abc import Callable
from dataclasses import dataclass

from chain.blocks.seal import SR25519
from chain.crypto.hashing import blake2_256
from chain.crypto.keys import verify
from chain.primitives.header import Header
from chain.primitives.validation import VALIDATION_DATA, PersistedValidationData
from chain.relay.chain import open_state
from chain.relay.collator import Collation, erasure_root_of
from chain.relay.errors import CandidateError, InclusionError, PvfError, RelayError
from chain.relay.inclusion import check_outputs, validation_data
from chain.relay.payloads import SECONDED, VALID, backing_payload, collator_payload
from chain.relay.types import (
    VALIDATION_PARAMS,
    BackedCandidate,
    CandidateCommitments,
    CandidateDescriptor,
    Explicit,
    Implicit,
    PoV,
    ValidationParams,
    ValidationResult,
    ValidityAttestation,
)
from chain.relay.validate import Load, UnknownCode, validate_block
from chain.relay.validators import ValidatorSet
from chain.trie import NodeStore

Execute = Callable[[ValidationParams], ValidationResult]


@dataclass(frozen=True)
class RelayView:
    """What a validator knows of the relay chain at a candidate's relay parent."""

    validators: ValidatorSet
    store: NodeStore
    relay_parent: Header


@dataclass(frozen=True)
class Backing:
    """What the group made of a candidate. `refused` holds the validators that did not sign, with their reason.

    `executions` counts how often validate_block really ran.
    """

    backed: BackedCandidate | None
    voters: tuple[int, ...]
    refused: tuple[tuple[int, RelayError | None], ...]
    executions: int


def check(view: RelayView, collation: Collation, execute: Execute) -> None:
    """A validator's whole judgement of a candidate; raises `CandidateError` at the first step that fails."""
    descriptor, commitments = collation.candidate.descriptor, collation.candidate.commitments
    _check_standing(view, descriptor, collation.validation_data)  # a
    _check_pov(collation.pov, descriptor, collation.validation_data)  # b, c
    _, state = open_state(view.store, view.relay_parent)
    if state.code_hashes.get(descriptor.para_id) != descriptor.validation_code_hash:  # d
        raise CandidateError("CodeHashMismatch")
    if not verify(SR25519, descriptor.signature, collator_payload(descriptor), descriptor.collator):  # e
        raise CandidateError("BadSignature")
    try:
        result = execute(params_of(collation.pov, collation.validation_data))  # f
    except PvfError as error:
        raise CandidateError("Timeout" if error.kind == "BlockExhausted" else "ExecutionError", cause=error) from None
    if blake2_256(result.head_data) != descriptor.para_head:  # g
        raise CandidateError("ParaHeadHashMismatch")
    if CandidateCommitments.of(result) != commitments:  # h
        raise CandidateError("CommitmentsHashMismatch")
    try:  # i
        check_outputs(
            state, descriptor.para_id, view.relay_parent.number, commitments, view.validators.parameters
        )
    except InclusionError as error:
        raise CandidateError("InvalidOutputs", str(error)) from None
    root = erasure_root_of(collation.pov, collation.validation_data, view.validators.parameters.validators)
    if root != descriptor.erasure_root:  # j
        raise CandidateError("ErasureRootMismatch")


def _check_standing(view: RelayView, descriptor: CandidateDescriptor, data: PersistedValidationData) -> None:
    if descriptor.relay_parent != view.relay_parent.hash:
        raise CandidateError("BadParent", "the relay parent is another")
    _, state = open_state(view.store, view.relay_parent)
    try:
        known = validation_data(state, descriptor.para_id, view.relay_parent, view.validators.parameters)
    except InclusionError as error:
        raise CandidateError("BadParent", str(error)) from None
    encoded = VALIDATION_DATA.encode(known)
    if known != data or blake2_256(encoded) != descriptor.persisted_validation_data_hash:
        raise CandidateError("BadParent", "the validation data is not the relay chain's")


def _check_pov(pov: PoV, descriptor: CandidateDescriptor, data: PersistedValidationData) -> None:
    if pov.size > data.max_pov_size:
        raise CandidateError("ParamsTooLarge", f"{pov.size} of {data.max_pov_size} bytes")
    if pov.hash != descriptor.pov_hash:
        raise CandidateError("PoVHashMismatch")


def params_of(pov: PoV, data: PersistedValidationData) -> ValidationParams:
    return ValidationParams(
        data.parent_head, pov.block_data, data.relay_parent_number, data.relay_parent_storage_root
    )


class Executor:
    """Runs validate_block and counts. Shared, honest validators of one process have one execution of a candidate
    between them: it is a pure function and they run the same code (network.md §2)."""

    def __init__(self, load: Load, shared: bool) -> None:
        self._load, self._shared = load, shared
        self._done: dict[bytes, ValidationResult | PvfError] = {}
        self.executions = 0

    def __call__(self, params: ValidationParams) -> ValidationResult:
        key = blake2_256(VALIDATION_PARAMS.encode(params)) if self._shared else b""
        found = self._done.get(key)
        if found is None:
            self.executions += 1
            try:
                found = validate_block(params, self._load)
            except PvfError as error:
                found = error
            if self._shared:
                self._done[key] = found
        if isinstance(found, PvfError):
            raise found
        return found


def back(view: RelayView, collation: Collation, load: Load) -> Backing:
    """Every member of the core's group checks the candidate, ascending; who finds it good signs, the first seconds."""
    validators, number = view.validators, view.relay_parent.number + 1
    para, candidate_hash = collation.candidate.descriptor.para_id, collation.candidate.hash
    core = validators.core_of(para)
    group = validators.group_of_core(core, number) if core is not None else ()
    execute = Executor(load, validators.parameters.verify == "shared")
    votes: dict[int, ValidityAttestation] = {}
    refused: list[tuple[int, RelayError | None]] = []
    session = validators.session_at(number)
    for index in sorted(group):
        try:
            check(view, collation, execute)
        except CandidateError as error:
            refused.append((index, error))
            continue
        except UnknownCode:
            refused.append((index, None))
            continue
        kind, wrap = (VALID, Explicit) if votes else (SECONDED, Implicit)
        payload = backing_payload(kind, candidate_hash, session, view.relay_parent.hash)
        votes[index] = wrap(validators.keys[index].sign(payload))
    backed = None
    if votes:
        ordered = tuple(votes[index] for index in group if index in votes)
        backed = BackedCandidate(collation.candidate, ordered, tuple(index in votes for index in group))
    return Backing(backed, tuple(sorted(votes)), tuple(refused), execute.executions)
