"""Checking a candidate again: chunks handed out and told of, data recovered from them, tranches of checkers.

Source: spec/relay.md §8.6, §9.
"""

from collections.abc import Sequence

from chain.primitives.header import Header
from chain.relay.approval import sign_approval
from chain.relay.availability import Recovered, check_chunk, chunks_of, recover
from chain.relay.availability_types import AvailableData, ErasureChunk, SignedBitfield
from chain.relay.backing import check
from chain.relay.bitfields import sign_bitfield
from chain.relay.case import Case
from chain.relay.collator import Collation
from chain.relay.conduct import HONEST, Conduct, Duty
from chain.relay.errors import CandidateError, ErasureError, RecoveryError
from chain.relay.validators import ValidatorSet


class Checking:
    """What validators do with a backed candidate's data. What they notice is added to the `notes` they are given."""

    def __init__(self, validators: ValidatorSet, conduct: Conduct) -> None:
        self.validators, self.conduct = validators, conduct

    def hand_out(self, case: Case, notes: list[str]) -> None:
        """The seconder gives validator i chunk i, which stores it if its proof is good."""
        collation = case.collation
        data = AvailableData(collation.pov, collation.validation_data)
        honest = chunks_of(data, len(self.validators.keys))
        chunks = self.conduct.encoded(collation.candidate, honest, case.relay_parent)
        for index, chunk in enumerate(chunks):
            if self.conduct.offline(index) or not self.conduct.takes_chunk(index, case.relay_parent):
                continue
            try:
                check_chunk(collation.candidate.descriptor.erasure_root, chunk, index)
            except ErasureError as error:
                notes.append(f"{error.name} (validator {index} takes no chunk)")
            else:
                case.chunks[index] = chunk

    def bitfields(self, waiting: Sequence[Case], head: Header) -> list[SignedBitfield]:
        """What validators say on top of the head: one bit for each core whose candidate they hold a chunk of."""
        if not waiting:
            return []
        session, parents = self.validators.session_at(head.number + 1), [case.relay_parent for case in waiting]
        found: list[SignedBitfield] = []
        for index, key in enumerate(self.validators.keys):
            if self.conduct.offline(index):
                continue
            bits = [False] * self.validators.cores
            for case in waiting:
                bits[case.core] = index in case.chunks or self.conduct.claims(index, case.relay_parent)
            if any(bits):
                own = sign_bitfield(tuple(bits), index, key, session, head.hash)
                said = self.conduct.bitfield(own, self.validators, head, parents)
                found += [] if said is None else [said]
        return found

    def approve(self, case: Case, slot: int, block: bytes, notes: list[str]) -> list[int]:
        """Let the checkers whose turn it is in this slot look at the candidate, which relay block `block` includes.

        Returns those that find it invalid and have not said so in a dispute yet.
        """
        assert case.tranches is not None
        absent = len(case.tranches.no_shows)
        case.tranches.call(slot)
        if len(case.tranches.no_shows) > absent:
            silent = ", ".join(map(str, sorted(case.tranches.no_shows)))
            notes.append(f"no-shows in the check of para {case.para}: {silent}")
        called = [index for index in case.tranches.called if index not in case.approvals and index not in case.votes]
        called = [index for index in called if not self.conduct.offline(index)]
        self.foresee(case, called, Duty.CHECKING)
        for index in called:
            if self.finds_valid(case, index, notes, Duty.CHECKING):
                key = self.validators.keys[index]
                case.approvals[index] = sign_approval(block, case.place, case.hash, index, key, case.session)
                case.tranches.voted.add(index)
        return [index for index in case.tranches.called if index in case.errors and index not in case.votes]

    def foresee(self, case: Case, judging: Sequence[int], duty: Duty) -> None:
        """These validators are about to judge the candidate, in this order."""
        careful = [index for index in judging if not self.conduct.careless(index, case.relay_parent, duty)]
        case.work.foresee([self._alone(case, index) for index in careful])

    def _alone(self, case: Case, index: int) -> bool:
        """Whether the validator runs by itself: for its own fault, or for a backer's."""
        return any(self.conduct.faulty(each, case.relay_parent) for each in (index, *case.backers))

    def finds_valid(self, case: Case, index: int, notes: list[str], duty: Duty) -> bool:
        """A checker's judgement, from chunks only; False for a bad candidate, and where it cannot judge.

        Why it finds the candidate bad is kept in the case's `errors`.
        """
        parent = case.relay_parent
        if self.conduct.careless(index, parent, duty):
            return True
        alone = self._alone(case, index)
        try:
            recovered = self._recovered(case)
            for holder, error in recovered.bad:
                notes.append(f"{error.name} (validator {index} drops the chunk of validator {holder})")
            data = recovered.data
            check(case.view, Collation(case.collation.candidate, data.pov, data.validation_data), case.work, alone)
        except RecoveryError as error:
            lie = "" if error.kind != "Invalid" else f"{CandidateError('ErasureRootMismatch').name}: "
            notes.append(f"{error.name} (validator {index}: {lie}{error.detail})")
            if lie:
                case.errors[index] = f"{lie}{error.name}"
            return False
        except CandidateError as error:
            notes.append(f"checker {index}: {error}")
            case.errors[index] = error.name
            return False
        except Exception as error:
            notes.append(f"validator {index} abstains: {type(error).__name__}: {error}")
            return False
        return True

    def _recovered(self, case: Case) -> Recovered:
        """The data from chunks; honest validators of one process share it like an execution (network.md §2)."""
        if self.conduct is HONEST and case.recovered is not None and self.validators.parameters.verify == "shared":
            return case.recovered
        case.recovered = recover(case.collation.candidate, len(self.validators.keys), _Asked(case, self.conduct))
        return case.recovered


class _Asked:
    """What validators answer who are asked for their chunks of a candidate."""

    def __init__(self, case: Case, conduct: Conduct) -> None:
        self._case, self._conduct = case, conduct

    def __call__(self, index: int) -> ErasureChunk | None:
        chunk = self._case.chunks.get(index)
        if chunk is None or self._conduct.offline(index):
            return None
        return self._conduct.served(index, chunk, self._case.relay_parent)
