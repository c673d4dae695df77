"""Approval checking: who checks an included candidate again, and when that is enough. Source: spec/relay.md §9."""

from collections.abc import Collection
from dataclasses import dataclass, field

from chain.blocks.seal import SR25519
from chain.crypto.hashing import blake2_256
from chain.crypto.keys import Keypair, verify
from chain.relay.finality_types import ApprovalVote
from chain.relay.payloads import approval_payload
from chain.relay.validators import ValidatorSet, randomness


def checkers(
    validators: ValidatorSet, number: int, candidate_hash: bytes, group: Collection[int], backers: Collection[int]
) -> tuple[int, ...]:
    """All validators in the order in which they are to check a candidate included in relay block `number`.

    Those outside the group come first, then its members that did not vote, then the backers; the relay chain's
    randomness shuffles each class.
    """
    entropy = randomness(validators.parameters.seed, number)

    def rank(index: int) -> tuple[int, bytes]:
        kind = 2 if index in backers else 1 if index in group else 0
        return kind, blake2_256(b"A&V" + entropy + candidate_hash + index.to_bytes(4, "little"))

    return tuple(sorted(range(validators.parameters.validators), key=rank))


def sign_approval(
    block_hash: bytes, place: int, candidate: bytes, index: int, key: Keypair, session: int
) -> ApprovalVote:
    """Checker `index` approves the candidate that stands at `place` among those that the block includes."""
    return ApprovalVote(block_hash, place, index, key.sign(approval_payload(candidate, session)))


def approval_is_good(validators: ValidatorSet, vote: ApprovalVote, candidate: bytes, session: int) -> bool:
    if vote.validator >= len(validators.publics):
        return False
    public = validators.publics[vote.validator]
    return verify(SR25519, vote.signature, approval_payload(candidate, session), public)


@dataclass
class Tranches:
    """The checking of one candidate, as slots go by.

    `ranked` are all validators in the order in which they are called; the first `needed` are tranche 0, every later
    tranche is one. `called` says in which slot each was. A checker silent for `patience` slots is a no-show and
    calls one more; it is covered once that one has voted.
    """

    ranked: tuple[int, ...]
    needed: int
    patience: int
    called: dict[int, int] = field(default_factory=dict)
    voted: set[int] = field(default_factory=set)
    no_shows: dict[int, int] = field(default_factory=dict)
    """Who was silent too long, and the slot in which that was noticed."""

    def call(self, slot: int) -> list[int]:
        """The checkers that join in this slot."""
        for index, since in self.called.items():
            if index not in self.voted and slot - since >= self.patience:
                self.no_shows.setdefault(index, slot)
        wanted = min(len(self.ranked), self.needed + len(self.no_shows))
        joining = list(self.ranked[len(self.called) : wanted])
        for index in joining:
            self.called[index] = slot
        return joining

    def tranche_of(self, index: int) -> int:
        return max(0, self.ranked.index(index) - self.needed + 1)

    @property
    def approved(self) -> bool:
        """Enough votes, and nobody is awaited: who was called and has not voted is a no-show that others stand in for.

        A no-show is open as long as the one called for it is awaited, even if the no-show has voted late.
        """
        silent = [index for index in self.called if index not in self.voted]
        return len(self.voted) >= self.needed and all(index in self.no_shows for index in silent)
