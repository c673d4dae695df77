"""Executing somebody else's block: the same steps as the author's, and every root compared."""

from chain.blocks.block import Block
from chain.blocks.errors import (
    BadExtrinsic,
    DigestMismatch,
    ExtrinsicsRootMismatch,
    StateRootMismatch,
    refusal_reason,
)
from chain.blocks.execution import Closed, Execution
from chain.blocks.signatures import check_signatures
from chain.frame import Runtime
from chain.primitives.errors import Refused
from chain.primitives.extrinsic import Extrinsic
from chain.primitives.header import Digest, PreRuntime
from chain.scale import BYTES, DecodeError
from chain.state import BlockState


def execute_block(runtime: Runtime, state: BlockState, block: Block) -> Closed:
    """Run `block` on its parent's state and compare what it computes with what its header claims.

    Raises `BadExtrinsic` for the first extrinsic that may not be in a block, then, in this order,
    `DigestMismatch`, `StateRootMismatch`, `ExtrinsicsRootMismatch`. A seal is left out of account.
    """
    claimed = block.header.unsealed()
    extrinsics = decode_extrinsics(block)
    slot = tuple(item for item in claimed.digest.logs if isinstance(item, PreRuntime))
    execution = Execution.open(runtime, state, claimed.parent_hash, claimed.number, Digest(slot))
    verdicts = check_signatures(execution.environment, extrinsics)
    for index, (extrinsic, verdict) in enumerate(zip(extrinsics, verdicts, strict=True)):
        try:
            execution.apply(extrinsic, verdict)
        except Refused as refused:
            raise BadExtrinsic(index, refusal_reason(refused)) from None
    closed = execution.close()
    computed = closed.header
    if computed.digest != claimed.digest:
        raise DigestMismatch(claimed.digest, computed.digest)
    if computed.state_root != claimed.state_root:
        raise StateRootMismatch(claimed.state_root, computed.state_root)
    if computed.extrinsics_root != claimed.extrinsics_root:
        raise ExtrinsicsRootMismatch(claimed.extrinsics_root, computed.extrinsics_root)
    execution.environment.let_go()
    return closed


def decode_extrinsics(block: Block) -> list[Extrinsic]:
    """The extrinsics of a body; raises `BadExtrinsic(i, Undecodable)`."""
    extrinsics = []
    for index, body in enumerate(block.extrinsics):
        try:
            extrinsics.append(Extrinsic.decode(BYTES.encode(body)))
        except DecodeError:
            raise BadExtrinsic(index, "Undecodable") from None
    return extrinsics
