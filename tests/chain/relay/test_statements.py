"""Statements: which count, which are dropped, and why. Source: spec/relay.md §8.1, §13 (F33–F35)."""

from dataclasses import dataclass

import msgspec
import pytest
from forgery import Story

from chain.relay.backing_types import Explicit, Implicit, Seconded, SentStatement, Statement, Valid
from chain.relay.candidate import CommittedCandidateReceipt
from chain.relay.errors import StatementError
from chain.relay.statements import StatementTable, sign_statement


@dataclass
class Floor:
    """Where statements about one candidate are made."""

    table: StatementTable
    candidate: CommittedCandidateReceipt
    group: tuple[int, ...]
    others: tuple[int, ...]

    def sent(self, statement: Statement, index: int, session: int = 0, relay_parent: bytes = b"") -> SentStatement:
        key = self.table.validators.keys[index]
        return sign_statement(statement, index, key, session, relay_parent or self.table.relay_parent)

    def seconded(self, index: int) -> SentStatement:
        return self.sent(Seconded(self.candidate), index)

    def valid(self, index: int) -> SentStatement:
        return self.sent(Valid(self.candidate.hash), index)

    def other(self, index: int) -> SentStatement:
        """Another candidate of the same para on the same relay parent."""
        descriptor = msgspec.structs.replace(self.candidate.descriptor, pov_hash=bytes(32))
        return self.sent(Seconded(msgspec.structs.replace(self.candidate, descriptor=descriptor)), index)


@pytest.fixture
def floor(story: Story) -> Floor:
    view = story.view(2)
    table = StatementTable(view.validators, view.relay_parent)
    core = view.validators.core_of(2090)
    assert core is not None
    group = view.validators.group_of_core(core, table.number)
    others = tuple(index for index in range(4) if index not in group)
    return Floor(table, story.collation(2).candidate, group, others)


def refusal(floor: Floor, sent: SentStatement) -> str:
    before = floor.table.votes(floor.candidate.hash)
    with pytest.raises(StatementError) as refused:
        floor.table.take(sent)
    assert floor.table.votes(floor.candidate.hash) == before
    return refused.value.name


def test_a_group_backs(floor: Floor) -> None:
    first, second = sorted(floor.group)
    assert floor.table.backed(floor.candidate.hash) is None
    floor.table.take(floor.seconded(first))
    assert not floor.table.backable(floor.candidate.hash)
    floor.table.take(floor.valid(second))
    assert floor.table.backable(floor.candidate.hash)
    backed = floor.table.backed(floor.candidate.hash)
    assert backed is not None
    assert backed.candidate == floor.candidate
    assert backed.validator_indices == (True, True)
    kinds = {index: type(vote) for index, vote in zip(floor.group, backed.validity_votes, strict=True)}
    assert kinds == {first: Implicit, second: Explicit}
    assert floor.table.misbehaviours == []


def test_one_vote_is_kept_and_not_enough(floor: Floor) -> None:
    floor.table.take(floor.seconded(floor.group[1]))
    backed = floor.table.backed(floor.candidate.hash)
    assert backed is not None
    assert backed.validator_indices == (False, True)
    assert not floor.table.backable(floor.candidate.hash)


def test_bad_signature(floor: Floor) -> None:
    """One validator's index over another's signature (F33)."""
    first, second = floor.group
    signed = msgspec.structs.replace(floor.seconded(first).signed, validator_index=second)
    assert refusal(floor, msgspec.structs.replace(floor.seconded(first), signed=signed)) == "Statement.BadSignature"
    stretched = msgspec.structs.replace(floor.seconded(first), session=1)
    assert refusal(floor, stretched) == "Statement.BadSignature"


def test_unknown_validator(floor: Floor) -> None:
    signed = msgspec.structs.replace(floor.seconded(0).signed, validator_index=4)
    assert refusal(floor, msgspec.structs.replace(floor.seconded(0), signed=signed)) == "Statement.UnknownValidator"


def test_wrong_group(floor: Floor) -> None:
    """A validator of the other group (F34)."""
    assert refusal(floor, floor.seconded(floor.others[0])) == "Statement.WrongGroup"
    floor.table.take(floor.seconded(floor.group[0]))
    assert refusal(floor, floor.valid(floor.others[1])) == "Statement.WrongGroup"


def test_wrong_context(floor: Floor) -> None:
    """Signed for another session, another relay parent, or about a candidate that nobody knows here (F35)."""
    index = floor.group[0]
    seconded = Seconded(floor.candidate)
    assert refusal(floor, floor.sent(seconded, index, session=1)) == "Statement.WrongContext"
    assert refusal(floor, floor.sent(seconded, index, relay_parent=b"\x01" * 32)) == "Statement.WrongContext"
    assert refusal(floor, floor.valid(index)) == "Statement.WrongContext"
    elsewhere = msgspec.structs.replace(floor.candidate.descriptor, relay_parent=bytes(32))
    moved = msgspec.structs.replace(floor.candidate, descriptor=elsewhere)
    assert refusal(floor, floor.sent(Seconded(moved), index)) == "Statement.WrongContext"


def test_duplicate(floor: Floor) -> None:
    first, second = floor.group
    floor.table.take(floor.seconded(first))
    assert refusal(floor, floor.seconded(first)) == "Statement.Duplicate"
    floor.table.take(floor.valid(second))
    assert refusal(floor, floor.valid(second)) == "Statement.Duplicate"
    assert floor.table.misbehaviours == []


def test_double_vote(floor: Floor) -> None:
    """Seconded and Valid by one signer on one candidate."""
    index = floor.group[0]
    floor.table.take(floor.seconded(index))
    assert refusal(floor, floor.valid(index)) == "Statement.DoubleVote"
    [found] = floor.table.misbehaviours
    assert (found.kind, found.validator) == ("DoubleVote", index)
    assert (found.first.payload, found.second.payload) == (Seconded(floor.candidate), Valid(floor.candidate.hash))


def test_multiple_candidates(floor: Floor) -> None:
    """Two candidates of one para seconded by one signer: the first counts, the second is misbehaviour."""
    index = floor.group[0]
    floor.table.take(floor.seconded(index))
    assert refusal(floor, floor.other(index)) == "Statement.MultipleCandidates"
    assert [found.kind for found in floor.table.misbehaviours] == ["MultipleCandidates"]
    other = floor.other(floor.group[1])
    floor.table.take(other)
    assert floor.table.votes(floor.candidate.hash) == 1
