"""Building a block: the author's side of the state transition. Source: spec/relay.md §6."""

from dataclasses import dataclass

from chain.blocks.block import Block
from chain.blocks.execution import Applied, Closed, Execution
from chain.blocks.seal import seal_header
from chain.crypto.keys import Keypair
from chain.frame import Runtime
from chain.primitives.extrinsic import Extrinsic
from chain.primitives.header import Digest, Header, slot_item
from chain.primitives.validation import ParachainInherentData
from chain.state import BlockState


@dataclass(frozen=True)
class Built:
    """A sealed block with what its author knows of it. `proof` is the compact storage proof of all it touched."""

    block: Block
    closed: Closed
    proof: list[bytes]


class Builder:
    """One block being built on `parent`: the inherents are in, extrinsics may follow."""

    def __init__(
        self,
        runtime: Runtime,
        state: BlockState,
        parent: Header,
        slot: int,
        timestamp: int,
        inherent: ParachainInherentData,
    ) -> None:
        self.runtime, self.state = runtime, state
        number, digest = parent.number + 1, Digest((slot_item(slot),))
        self.execution = Execution.open(runtime, state, parent.hash, number, digest)
        for call in (
            runtime.make_call("timestamp.set", timestamp),
            runtime.make_call("parachain_system.set_validation_data", inherent),
        ):
            self.execution.apply(Extrinsic.bare(runtime.call.encode(call)))

    @property
    def proof_size(self) -> int:
        """Bytes of trie nodes recorded so far."""
        return self.state.proof_size

    def push(self, extrinsic: Extrinsic) -> Applied:
        """Take an extrinsic whose signature is known to be good; raises `Refused` and leaves nothing behind."""
        return self.execution.apply(extrinsic)

    def finish(self, author: Keypair) -> Built:
        """Close the block, seal it, and take the proof of what it touched."""
        closed = self.execution.close()
        header = seal_header(closed.header, author)
        body = tuple(_without_length(applied.extrinsic) for applied in closed.applied)
        return Built(Block(header, body), closed, self.state.proof())


def _without_length(extrinsic: Extrinsic) -> bytes:
    """The bytes behind the extrinsic's length prefix, which `Vec<Bytes>` writes again."""
    first = extrinsic.raw[0] & 3
    prefix = (1, 2, 4)[first] if first < 3 else (extrinsic.raw[0] >> 2) + 5
    return extrinsic.raw[prefix:]
