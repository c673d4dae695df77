"""Statements: what group members tell each other about candidates. Source: spec/relay.md §8.1."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from chain.blocks.seal import SR25519
from chain.crypto.keys import Keypair, verify
from chain.primitives.header import Header
from chain.relay.backing_types import (
    BackedCandidate,
    Explicit,
    Implicit,
    Seconded,
    SentStatement,
    SignedStatement,
    Statement,
    Valid,
    ValidityAttestation,
)
from chain.relay.candidate import CommittedCandidateReceipt
from chain.relay.errors import StatementError
from chain.relay.payloads import statement_payload
from chain.relay.thresholds import backing_threshold
from chain.relay.validators import ValidatorSet


def sign_statement(statement: Statement, index: int, key: Keypair, session: int, relay_parent: bytes) -> SentStatement:
    """Validator `index` says it, in this context."""
    signature = key.sign(statement_payload(statement, session, relay_parent))
    return SentStatement(session, relay_parent, SignedStatement(statement, index, signature))


@dataclass(frozen=True)
class Misbehaviour:
    """Two statements that no honest validator makes: `DoubleVote` or `MultipleCandidates`. Reported, not slashed."""

    kind: str
    validator: int
    first: SignedStatement
    second: SignedStatement


@dataclass
class _Votes:
    """The statements about one candidate by validator."""

    candidate: CommittedCandidateReceipt
    group: tuple[int, ...]
    by: dict[int, SignedStatement] = field(default_factory=dict)


class StatementTable:
    """What is known of the candidates on one relay parent. Only good statements get in."""

    def __init__(self, validators: ValidatorSet, relay_parent: Header) -> None:
        self.validators = validators
        self.relay_parent = relay_parent.hash
        self.number = relay_parent.number + 1
        self.session = validators.session_at(self.number)
        self.misbehaviours: list[Misbehaviour] = []
        self.taken: list[SentStatement] = []
        self.dropped: list[tuple[SentStatement, StatementError]] = []
        """What `hear` has counted, and what it has not and why, in the order in which it came."""
        self._votes: dict[bytes, _Votes] = {}
        self._seconded: dict[tuple[int, int], SignedStatement] = {}

    def hear(self, said: Iterable[SentStatement]) -> None:
        """Count what can be counted."""
        for sent in said:
            try:
                self.take(sent)
            except StatementError as error:
                self.dropped.append((sent, error))
            else:
                self.taken.append(sent)

    def take(self, sent: SentStatement) -> None:
        """Count a statement; raises `StatementError` where it is dropped, in the order of the specification."""
        signed = sent.signed
        self._check_signature(sent)
        votes = self._about(signed.payload)
        if votes is not None and signed.validator_index not in votes.group:
            raise StatementError("WrongGroup", f"validator {signed.validator_index} is not of the group")
        if (sent.session, sent.relay_parent) != (self.session, self.relay_parent):
            raise StatementError("WrongContext", "another session or relay parent")
        if votes is None:
            raise StatementError("WrongContext", "nobody has seconded this candidate here")
        self._check_history(votes, signed)
        votes.by[signed.validator_index] = signed
        self._votes[votes.candidate.hash] = votes
        if isinstance(signed.payload, Seconded):
            self._seconded[signed.validator_index, votes.candidate.descriptor.para_id] = signed

    def votes(self, candidate_hash: bytes) -> int:
        """How many validators vouch for a candidate."""
        votes = self._votes.get(candidate_hash)
        return 0 if votes is None else len(votes.by)

    def backable(self, candidate_hash: bytes) -> bool:
        """Whether enough of its group vouch for a candidate."""
        votes = self._votes.get(candidate_hash)
        if votes is None:
            return False
        return len(votes.by) >= backing_threshold(len(votes.group), self.validators.parameters.minimum_backing_votes)

    def backed(self, candidate_hash: bytes) -> BackedCandidate | None:
        """A candidate with all votes for it, enough or not; None if nobody seconded it."""
        votes = self._votes.get(candidate_hash)
        if votes is None:
            return None
        voters = [index for index in votes.group if index in votes.by]
        attestations = tuple(_attestation(votes.by[index]) for index in voters)
        return BackedCandidate(votes.candidate, attestations, tuple(index in votes.by for index in votes.group))

    def _check_signature(self, sent: SentStatement) -> None:
        signed, publics = sent.signed, self.validators.publics
        if signed.validator_index >= len(publics):
            raise StatementError("UnknownValidator", f"there are {len(publics)}")
        payload = statement_payload(signed.payload, sent.session, sent.relay_parent)
        if not verify(SR25519, signed.signature, payload, publics[signed.validator_index]):
            raise StatementError("BadSignature", f"it is not validator {signed.validator_index}'s")

    def _about(self, statement: Statement) -> _Votes | None:
        """The votes that a statement belongs to; None if it cannot be told which para it is about."""
        if isinstance(statement, Valid):
            return self._votes.get(statement.candidate_hash)
        assert isinstance(statement, Seconded)
        candidate = statement.candidate
        known = self._votes.get(candidate.hash)
        if known is not None:
            return known
        core = self.validators.core_of(candidate.descriptor.para_id)
        if core is None or candidate.descriptor.relay_parent != self.relay_parent:
            return None
        return _Votes(candidate, self.validators.group_of_core(core, self.number))

    def _check_history(self, votes: _Votes, signed: SignedStatement) -> None:
        """Each validator speaks once of a candidate, and seconds one candidate of a para."""
        index = signed.validator_index
        before = votes.by.get(index)
        if before is not None:
            if type(before.payload) is type(signed.payload):
                raise StatementError("Duplicate")
            raise self._misbehaved("DoubleVote", before, signed)
        seconded = self._seconded.get((index, votes.candidate.descriptor.para_id))
        if seconded is not None and isinstance(signed.payload, Seconded):
            raise self._misbehaved("MultipleCandidates", seconded, signed)

    def _misbehaved(self, kind: str, first: SignedStatement, second: SignedStatement) -> StatementError:
        self.misbehaviours.append(Misbehaviour(kind, second.validator_index, first, second))
        return StatementError(kind, f"validator {second.validator_index}")


def _attestation(signed: SignedStatement) -> ValidityAttestation:
    """The statement as the relay block carries it."""
    return Implicit(signed.signature) if isinstance(signed.payload, Seconded) else Explicit(signed.signature)
