"""How validators behave. These are the honest answers; a fault gives others. Source: spec/relay.md §13.

`parent` is the number of the relay parent of the candidate that is in hand.
"""

from collections.abc import Collection, Iterable, Sequence
from enum import Enum
from typing import TYPE_CHECKING

from chain.primitives.header import Header
from chain.relay.availability_types import ErasureChunk, SignedBitfield
from chain.relay.backing_types import BackedCandidate, SentStatement
from chain.relay.candidate import CandidateCommitments, CommittedCandidateReceipt
from chain.relay.finality_types import SignedPrecommit
from chain.relay.validators import ValidatorSet

if TYPE_CHECKING:
    from chain.relay.case import Case


class Duty(Enum):
    """What a validator judges a candidate for."""

    BACKING = "to back it"
    CHECKING = "to approve it"
    DISPUTE = "in a dispute"


class Conduct:
    """What a relay network asks about its validators, by index, at the present height."""

    @property
    def memory(self) -> bytes:
        """What its answers depend on besides the height; `recall` gets it after a restart."""
        return b""

    def recall(self, memory: bytes) -> None:
        """Be as it was when this was its `memory`; of a new chain that is empty."""

    def enter(self, number: int) -> None:
        """Relay block `number` is about to be made."""

    def begin(self, relay_parent: int) -> None:
        """Candidates are about to be built on this relay block."""

    def faulty(self, index: int, parent: int) -> bool:
        """Whether the validator has a fault switched on: it then runs by itself."""
        return False

    def offline(self, index: int) -> bool:
        return False

    # -- backing ---------------------------------------------------------------------------------------------------

    def barred(self, index: int, parent: int) -> None:
        """The validator is disabled: it is of the group, and is not asked."""

    def careless(self, index: int, parent: int, duty: Duty) -> bool:
        """Whether it vouches for the candidate without checking it. It is asked once it would check."""
        return False

    def statements(self, own: SentStatement, validators: ValidatorSet, parent: int) -> Sequence[SentStatement]:
        """What others get to hear where an honest validator says `own`."""
        return (own,)

    def intrusions(
        self, candidate: CommittedCandidateReceipt, validators: ValidatorSet, parent: Header
    ) -> Sequence[SentStatement]:
        """What those say of a candidate whom nobody has asked."""
        return ()

    def smuggled(
        self, offered: BackedCandidate | None, candidate: CommittedCandidateReceipt, group: Sequence[int],
        dropped: Collection[SentStatement], parent: int,
    ) -> Sequence[BackedCandidate]:  # fmt: skip
        """The candidate as it reaches the relay author from those who pass on statements that all others drop."""
        return ()

    def patch(self, candidate: CommittedCandidateReceipt) -> CandidateCommitments | None:
        """What the candidate's block gives, where its runtime is patched alike for collator and validators."""
        return None

    # -- availability ----------------------------------------------------------------------------------------------

    def encoded(
        self, candidate: CommittedCandidateReceipt, chunks: Sequence[ErasureChunk], parent: int
    ) -> Sequence[ErasureChunk]:
        """What the seconder hands out."""
        return chunks

    def takes_chunk(self, index: int, parent: int) -> bool:
        """Whether it keeps the chunk that it is handed."""
        return True

    def claims(self, index: int, parent: int) -> bool:
        """Whether it says that it holds the chunk which it has not. It is asked once it has none."""
        return False

    def bitfield(
        self, own: SignedBitfield, validators: ValidatorSet, head: Header, parents: Collection[int]
    ) -> SignedBitfield | None:
        """What it says on top of relay block `head`; `parents` are those of the candidates that wait."""
        return own

    def served(self, index: int, chunk: ErasureChunk, parent: int) -> ErasureChunk:
        """What it answers when its chunk is asked for."""
        return chunk

    # -- the relay chain -------------------------------------------------------------------------------------------

    def forced(self, author: int, number: int, at_hand: Sequence[BackedCandidate]) -> Sequence[BackedCandidate]:
        """What the author of relay block `number` takes in against the rules; it makes an honest block of nothing."""
        return ()

    def must_vote(self, number: int) -> bool:
        """Whether there has to be a round of finality on top of relay block `number`, where one could be left out."""
        return False

    def accusations(self, cases: Iterable["Case"]) -> Sequence[tuple["Case", int]]:
        """Who calls which included candidate invalid without having been asked."""
        return ()

    def watched(self, number: int) -> bool:
        """Whether a later round of finality would end otherwise than the one on relay block `number`."""
        return False

    def precommits(self, index: int, own: SignedPrecommit, round_: int, set_id: int) -> Sequence[SignedPrecommit]:
        """What it votes where an honest validator votes `own`."""
        return (own,)


HONEST = Conduct()
