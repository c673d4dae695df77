"""A question to the runtime: after which block it is asked. What answering it changes is thrown away."""

from dataclasses import dataclass
from functools import cached_property

from chain.blocks.execution import Execution
from chain.frame import Environment
from chain.primitives.extrinsic import Extrinsic
from chain.primitives.header import Digest, Header, slot_item
from chain.rpc.view import View
from chain.scale import BYTES
from chain.state import BlockState

MOST_OPERATIONS = 2_000_000
"""Storage operations of one call, at most."""


class Encoded(bytes):
    """A result that is encoded already."""


@dataclass
class Asked:
    """The block after whose state a question is asked."""

    view: View
    header: Header

    @cached_property
    def state(self) -> Environment:
        """The pallets over the state, as it is."""
        return self.view.state(self.header.hash)

    def block_state(self) -> BlockState:
        view = self.view
        return BlockState(
            view.node.nodes, self.header.state_root, view.runtime.state_version, MOST_OPERATIONS
        )

    def next_block(self) -> Execution:
        """The block after it, opened to be thrown away."""
        digest = Digest((slot_item((self.header.slot or 0) + 1),))
        number = self.header.number + 1
        return Execution.open(self.view.runtime, self.block_state(), self.header.hash, number, digest)


def read_extrinsic(body: bytes) -> Extrinsic:
    """An argument that is an extrinsic: its bytes without their length, as the codec gives them."""
    return Extrinsic.decode(BYTES.encode(body))
