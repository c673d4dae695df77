"""Backing: the group of a core checks a candidate and signs what it verified. Source: spec/relay.md §7 a–j, §8.1."""

import logging
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from chain.blocks.seal import SR25519
from chain.crypto.hashing import blake2_256
from chain.crypto.keys import verify
from chain.primitives.header import Header
from chain.primitives.validation import VALIDATION_DATA, PersistedValidationData
from chain.relay.backing_types import BackedCandidate, Seconded, SentStatement, Statement, Valid
from chain.relay.block_data import POV, PoV, ValidationParams
from chain.relay.candidate import CandidateCommitments, CandidateDescriptor
from chain.relay.chain import open_state
from chain.relay.collator import Collation, erasure_root_of
from chain.relay.conduct import HONEST, Conduct, Duty
from chain.relay.errors import CandidateError, InclusionError, PvfError, StatementError
from chain.relay.inclusion import check_outputs
from chain.relay.payloads import collator_payload
from chain.relay.state import RelayState
from chain.relay.statements import StatementTable, sign_statement
from chain.relay.validate import STORAGE_OPERATIONS, Load, Validated, validate
from chain.relay.validators import ValidatorSet
from chain.relay.workers import Execution, Runner
from chain.trie import NodeStore

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RelayView:
    """What a validator knows of the relay chain at a candidate's relay parent."""

    validators: ValidatorSet
    store: NodeStore
    relay_parent: Header

    @cached_property
    def state(self) -> RelayState:
        return open_state(self.store, self.relay_parent)[1]


class Work:
    """The costly part of judging candidates: execution and the erasure root; counts how often validate_block ran.

    Shared, the honest validators of one process have one execution of a candidate between them: it is a pure
    function and they run the same code (network.md §2). With `workers`, executions that are independent of each
    other run at the same time; nothing else depends on there being any.
    """

    def __init__(
        self, load: Load, shared: bool, operations: int = STORAGE_OPERATIONS, workers: Runner | None = None
    ) -> None:
        self._load, self._shared, self._operations, self._workers = load, shared, operations, workers
        self._validated: dict[bytes, Validated | PvfError] = {}
        self._roots: dict[bytes, bytes] = {}
        self._foreseen = 0
        self._ahead: deque[Execution] = deque()
        self._begun: ValidationParams | None = None
        self.executions = 0
        self.patch: CandidateCommitments | None = None
        """What a patched runtime, the same for all, gives to the relay chain; None for the real one."""

    def foresee(self, alone: Sequence[bool]) -> None:
        """Validators are about to judge one candidate, in this order; each says whether it runs by itself.

        When the first executes it the workers begin for all of them. Each takes its own result, in its turn.
        """
        among = 0 if self._validated or all(alone) else 1
        self._foreseen = alone.count(True) + among if self._shared else len(alone)

    def execute(self, collation: Collation, alone: bool = False) -> Validated:
        """Raises `PvfError`, or `UnknownCode` where the program is not known here.

        The PoV and the validation data must be known to be those that the descriptor names. Whoever runs `alone`
        neither takes nor leaves a result.
        """
        candidate = collation.candidate.hash
        found = None if alone else self._validated.get(candidate)
        if found is None:
            try:
                found = self._run(params_of(collation.pov, collation.validation_data))
            except PvfError as error:
                found = error
            self.executions += 1  # who does not know the program has run nothing
            if self._shared and not alone:
                self._validated[candidate] = found
        if isinstance(found, PvfError):
            raise found
        return found if self.patch is None else found.giving(self.patch)

    def known(self, candidate: bytes) -> Validated | PvfError | None:
        """What the common execution gave; None if there was none."""
        return self._validated.get(candidate)

    def learn(self, candidate: bytes, found: Validated | PvfError) -> None:
        """What the common execution gave before a restart."""
        self._validated[candidate] = found

    def _run(self, params: ValidationParams) -> Validated:
        if self._workers is None:
            return validate(params, self._load, self._operations)
        if self._begun != params:  # what was begun for a PoV is never taken for another
            self._ahead.clear()
        if not self._ahead:
            many = max(1, self._foreseen)
            self._ahead.extend(self._workers.begin(params, self._operations) for _ in range(many))
            self._begun, self._foreseen = params, 0
        return self._ahead.popleft().result()

    def erasure_root(self, collation: Collation, validators: int) -> bytes:
        candidate = collation.candidate.hash
        root = self._roots.get(candidate)
        if root is None:
            root = erasure_root_of(collation.pov, collation.validation_data, validators)
            if self._shared:
                self._roots[candidate] = root
        return root


def check(view: RelayView, collation: Collation, work: Work, alone: bool = False) -> Validated:
    """A validator's whole judgement of a candidate; raises `CandidateError` at the first step that fails.

    `alone`: it runs by itself, whatever others of this process know already.
    """
    descriptor, commitments = collation.candidate.descriptor, collation.candidate.commitments
    parameters = view.validators.parameters
    _check_standing(view, descriptor, collation.validation_data)  # a
    _check_pov(collation.pov, descriptor, collation.validation_data)  # b, c
    if view.state.code_hashes.get(descriptor.para_id) != descriptor.validation_code_hash:  # d
        raise CandidateError("CodeHashMismatch")
    if not verify(SR25519, descriptor.signature, collator_payload(descriptor), descriptor.collator):  # e
        raise CandidateError("BadSignature")
    try:
        validated = work.execute(collation, alone)  # f
    except PvfError as error:
        raise CandidateError.of_execution(error) from None
    if validated.code_hash != descriptor.validation_code_hash:  # d again: what ran is what is registered
        raise CandidateError("CodeHashMismatch", "the state holds another program than the registered one")
    if blake2_256(validated.result.head_data) != descriptor.para_head:  # g
        raise CandidateError("ParaHeadHashMismatch")
    if CandidateCommitments.of(validated.result) != commitments:  # h
        raise CandidateError("CommitmentsHashMismatch")
    try:  # i
        check_outputs(view.state, descriptor.para_id, view.relay_parent.number, commitments, parameters)
    except InclusionError as error:
        raise CandidateError("InvalidOutputs", error.detail, error.name) from None
    if work.erasure_root(collation, parameters.validators) != descriptor.erasure_root:  # j
        raise CandidateError("ErasureRootMismatch")
    return validated


def _check_standing(view: RelayView, descriptor: CandidateDescriptor, data: PersistedValidationData) -> None:
    """The relay parent is known, and the validation data is what the relay chain has there for this para.

    A candidate that still waits on the core counts both as included and as timed out.
    """
    if descriptor.relay_parent != view.relay_parent.hash:
        raise CandidateError("BadParent", "the relay parent is not known")
    para, parent = descriptor.para_id, view.relay_parent
    pending = view.state.pending.get(para)
    heads = [view.state.heads.get(para), pending.candidate.commitments.head_data if pending else None]
    place = parent.number, parent.state_root, view.validators.parameters.max_pov_size
    known = [PersistedValidationData(head, *place) for head in heads if head is not None]
    if data not in known:
        raise CandidateError("BadParent", "the validation data is not the relay chain's")
    if blake2_256(VALIDATION_DATA.encode(data)) != descriptor.persisted_validation_data_hash:
        raise CandidateError("BadParent", "the descriptor names other validation data")


def _check_pov(pov: PoV, descriptor: CandidateDescriptor, data: PersistedValidationData) -> None:
    encoded = POV.encode(pov)
    if len(encoded) > data.max_pov_size:
        raise CandidateError("ParamsTooLarge", f"{len(encoded)} of {data.max_pov_size} bytes")
    if blake2_256(encoded) != descriptor.pov_hash:
        raise CandidateError("PoVHashMismatch")


def params_of(pov: PoV, data: PersistedValidationData) -> ValidationParams:
    return ValidationParams(
        data.parent_head, pov.block_data, data.relay_parent_number, data.relay_parent_storage_root
    )


@dataclass(frozen=True)
class Refusal:
    """A validator that did not sign. A `CandidateError` is its verdict; anything else is its own trouble."""

    validator: int
    error: Exception

    @property
    def abstained(self) -> bool:
        return not isinstance(self.error, CandidateError)

    def __str__(self) -> str:
        if self.abstained:
            return f"validator {self.validator} abstains: {type(self.error).__name__}: {self.error}"
        return f"validator {self.validator}: {self.error}"


@dataclass(frozen=True)
class Backing:
    """What the group made of a candidate: `backed` if enough signed. `executions` is how often validate_block ran.

    `offered` is the candidate with the votes that there are, enough or not; `dropped` are statements nobody counts,
    `smuggled` what reaches the relay author under such.
    """

    backed: BackedCandidate | None
    voters: tuple[int, ...]
    refused: tuple[Refusal, ...]
    executions: int
    offered: BackedCandidate | None = None
    dropped: tuple[StatementError, ...] = ()
    statements: tuple[SentStatement, ...] = ()
    smuggled: tuple[BackedCandidate, ...] = ()


def back(
    view: RelayView,
    collation: Collation,
    load: Load,
    *,
    work: Work | None = None,
    conduct: Conduct = HONEST,
    members: Collection[int] | None = None,
) -> Backing:
    """Every member of the core's group checks the candidate, ascending; who finds it good signs, the first seconds.

    A validator that cannot judge abstains; it never calls a candidate invalid for a fault of its own. `members` are
    those that got the candidate, if not all. Who is disabled does not back.
    """
    validators, candidate = view.validators, collation.candidate
    work = work or Work(load, validators.parameters.verify == "shared")
    table = StatementTable(validators, view.relay_parent)
    core = validators.core_of(candidate.descriptor.para_id)
    group = () if core is None else validators.group_of_core(core, table.number)
    barred, parent = view.state.disabled.get(), view.relay_parent
    refused: list[Refusal] = []
    for index in group:
        if index in barred:
            conduct.barred(index, parent.number)
    present = [
        index
        for index in sorted(group)
        if not (conduct.offline(index) or index in barred or (members is not None and index not in members))
    ]
    careful = [index for index in present if not conduct.careless(index, parent.number, Duty.BACKING)]
    work.foresee([conduct.faulty(index, parent.number) for index in careful])
    for index in present:
        refusal = _judge(view, collation, work, index, conduct) if index in careful else None
        if refusal is not None:
            refused.append(refusal)
            continue
        statement: Statement = Valid(candidate.hash) if table.taken else Seconded(candidate)
        own = sign_statement(statement, index, validators.keys[index], table.session, table.relay_parent)
        table.hear(conduct.statements(own, validators, parent.number))
    table.hear(conduct.intrusions(candidate, validators, parent))
    voters = tuple(sent.signed.validator_index for sent in table.taken)
    offered = table.backed(candidate.hash)
    backed = offered if table.backable(candidate.hash) else None
    bad, errors = [sent for sent, _ in table.dropped], tuple(error for _, error in table.dropped)
    smuggled = tuple(conduct.smuggled(offered, candidate, group, bad, parent.number))
    return Backing(backed, voters, tuple(refused), work.executions, offered, errors, tuple(table.taken), smuggled)


def _judge(view: RelayView, collation: Collation, work: Work, index: int, conduct: Conduct) -> Refusal | None:
    """Why validator `index` does not sign; None if it does."""
    try:
        check(view, collation, work, conduct.faulty(index, view.relay_parent.number))
    except CandidateError as error:
        return Refusal(index, error)
    except Exception as error:
        shown = collation.candidate.hash.hex()
        _log.warning("validator %d abstains on candidate 0x%s", index, shown, exc_info=error)
        return Refusal(index, error)
    return None
