"""The blocks that `LocalChain.advance` has sealed, to look at without keeping them."""

from collections.abc import Iterator, Sequence
from typing import overload

from amm.reread import sealed_at
from chain.node.errors import NodeError
from chain.node.service import Node, Sealed


class Advanced(Sequence[Sealed]):
    """Sealed blocks in their order. Each is read back from the chain when it is looked at: none is held.

    Looking raises `NodeError` once the chain has gone back to before the last of them.
    """

    def __init__(self, node: Node, before: int) -> None:
        self._node, self._before = node, before
        self.number, self.hash, self.relay_block = node.best.number, node.best.hash, node.relay.head.number
        """The best block afterwards, and the head of the relay chain."""

    def __len__(self) -> int:
        return self.number - self._before

    @overload
    def __getitem__(self, place: int) -> Sealed: ...

    @overload
    def __getitem__(self, place: slice) -> list[Sealed]: ...

    def __getitem__(self, place: int | slice) -> Sealed | list[Sealed]:
        numbers = range(self._before + 1, self.number + 1)
        if isinstance(place, slice):
            return [self._block(number) for number in numbers[place]]
        return self._block(numbers[place])

    def __iter__(self) -> Iterator[Sealed]:
        return map(self._block, range(self._before + 1, self.number + 1))

    def __repr__(self) -> str:
        return f"<{len(self)} blocks sealed: {self.number} is the best, {self.relay_block} the relay chain's>"

    def _block(self, number: int) -> Sealed:
        if self._node.archive.hash_of(self.number) != self.hash:
            raise NodeError(f"block {number} is gone: the chain went back", "Look at blocks before reverting.")
        return sealed_at(self._node, self._node.header(number).hash)
