"""The embedded relay chain as the node drives it: empty blocks, and the two blocks that take a candidate in.

Source: spec/relay.md §12, synchronous mode. A candidate built on relay parent N is backed in N + 1 and included in
N + 2.
"""

from dataclasses import dataclass

from chain.node.errors import NotIncluded
from chain.primitives.header import Header
from chain.relay.backing import Backing, RelayView, back
from chain.relay.chain import Produced, produce
from chain.relay.collator import Collation
from chain.relay.validate import Load
from chain.relay.validators import ValidatorSet
from chain.trie import NodeStore, OverlayStore


@dataclass(frozen=True)
class Inclusion:
    """What the relay chain did with a candidate: the two blocks, and who backed it."""

    backing: Backing
    blocks: tuple[Produced, Produced]


class RelaySide:
    """Seals relay blocks on a head that moves; what they add is handed back to be stored."""

    def __init__(self, validators: ValidatorSet, store: NodeStore, head: Header, load: Load) -> None:
        self.validators, self.store, self.head, self._load = validators, store, head, load

    def seal_empty(self) -> Produced:
        """One relay block without a candidate."""
        produced = produce(self.validators, self.store, self.head)
        self.head = produced.block.header
        return produced

    @property
    def ends_session(self) -> bool:
        """Whether the next relay block is the last of its session: a candidate backed there would be dropped."""
        length = self.validators.parameters.session_length
        return (self.head.number + 1) % length == 0

    def include(self, collation: Collation) -> Inclusion:
        """Have the group check the candidate, and seal the blocks that back and include it.

        Raises `NotIncluded` with the validators' reasons; the head does not move then.
        """
        view = RelayView(self.validators, self.store, self.head)
        backing = back(view, collation, self._load)
        if backing.backed is None:
            raise _refused(backing)
        first = produce(self.validators, self.store, self.head, (backing.backed,))
        if not first.backed:
            raise NotIncluded(
                "the relay chain did not take the candidate", tuple(str(error) for _, error in first.left_out)
            )
        second = produce(self.validators, OverlayStore(first.nodes, self.store), first.block.header)
        if not second.included:
            raise NotIncluded("the candidate was backed, and lost at the end of the session")
        self.head = second.block.header
        return Inclusion(backing, (first, second))


def _refused(backing: Backing) -> NotIncluded:
    return NotIncluded("not enough validators signed for the block", tuple(map(str, backing.refused)))
