"""How validators behave. These are the honest answers; a fault gives others. Source: spec/relay.md §13."""

from collections.abc import Sequence

from chain.relay.types import (
    CommittedCandidateReceipt,
    ErasureChunk,
    SentStatement,
    SignedBitfield,
    SignedPrecommit,
)
from chain.relay.validators import ValidatorSet


class Conduct:
    """What a relay network asks about its validators, by index, at the present height."""

    def enter(self, number: int) -> None:
        """Relay block `number` is about to be made."""

    def begin(self, relay_parent: int) -> None:
        """Candidates are about to be built on this relay block."""

    @property
    def memory(self) -> bytes:
        """What its answers depend on besides the height; `recall` gets it after a restart."""
        return b""

    def recall(self, memory: bytes) -> None:
        """Be as it was when this was its `memory`; of a new chain that is empty."""

    def faulty(self, index: int) -> bool:
        """Whether the validator has a fault switched on: it then runs by itself."""
        return False

    def offline(self, index: int) -> bool:
        return False

    def careless(self, index: int) -> bool:
        """Whether it signs without checking."""
        return False

    def withholds(self, index: int, core: int) -> bool:
        """Whether it has lost, or never took, its chunk of what waits on a core."""
        return False

    def claims(self, index: int, core: int) -> bool:
        """Whether it sets its bit for a core without a chunk."""
        return False

    def served(self, index: int, chunk: ErasureChunk) -> ErasureChunk:
        """What it answers when its chunk is asked for."""
        return chunk

    def encoded(self, candidate: CommittedCandidateReceipt, chunks: Sequence[ErasureChunk]) -> Sequence[ErasureChunk]:
        """What the seconder hands out."""
        return chunks

    def statements(self, own: SentStatement, validators: ValidatorSet) -> Sequence[SentStatement]:
        """What others get to hear where an honest validator says `own`."""
        return (own,)

    def bitfield(self, own: SignedBitfield, validators: ValidatorSet, parent: bytes) -> SignedBitfield:
        return own

    def patched(self) -> bool:
        """Whether the runtime is patched alike for collator and validators."""
        return False

    def forces(self, author: int) -> bool:
        """Whether the relay author takes what it must not."""
        return False

    def precommits(self, index: int, own: SignedPrecommit, round_: int, set_id: int) -> Sequence[SignedPrecommit]:
        """What it votes where an honest validator votes `own`."""
        return (own,)


HONEST = Conduct()
