"""A block read back from a store, as its author had it."""

from chain.blocks.execute import decode_extrinsics
from chain.blocks.execution import Applied
from chain.frame import Event, EventRecord, Stage
from chain.node.errors import StoreDamaged
from chain.node.service import Node, Sealed
from chain.pallets.system import System
from chain.primitives.errors import DispatchError
from chain.primitives.weight import DispatchInfo


def sealed_at(node: Node, block: bytes) -> Sealed:
    """What sealing this block gave. Raises `NodeError` for a block that is not here."""
    header, record = node.header(block), node.record(block)
    if record is None:
        raise StoreDamaged("the genesis block was sealed by nobody")
    records, applied = events_at(node, block), []
    for index, extrinsic in enumerate(decode_extrinsics(record.block)):
        events = tuple(r.event for r in records if r.phase.stage is Stage.ApplyExtrinsic and r.phase.extrinsic == index)
        error, info = _concluded(events)
        applied.append(Applied(extrinsic, node.runtime.decode_call(extrinsic.call), error, info, events))
    return Sealed(header, header.hash, tuple(applied), record)


def events_at(node: Node, block: bytes | int | None) -> tuple[EventRecord, ...]:
    """All that a block, the best if none is named, says it did. Raises `NodeError` for one that is not here."""
    item = node.runtime.storage("System", "Events")
    state = node.read(block).context.state
    return state.read(item.prefix, node.runtime.codec_of_item(item)) or ()


def _concluded(events: tuple[Event, ...]) -> tuple[DispatchError | None, DispatchInfo]:
    """What the last event of an extrinsic says: why it failed, if it did, and what it used."""
    last = events[-1] if events else None
    if isinstance(last, System.ExtrinsicFailed):
        return last.dispatch_error, last.dispatch_info
    if isinstance(last, System.ExtrinsicSuccess):
        return None, last.dispatch_info
    raise StoreDamaged("the events of an extrinsic lack its conclusion")
