"""Moving the head of the chain to an earlier block of its own."""

from chain.node.archive import Archive
from chain.node.records import Heads, Snapshot
from chain.node.service import FIRST_RELAY_PARENT, Node
from chain.node.store import Batch
from chain.primitives.header import Header
from chain.rpc.errors import dev_error

NAME = "dev_setHead"
"""The snapshot that exists while the head is moved."""


def set_head(node: Node, target: Header) -> None:
    """Make `target` the best block, with the relay chain as it was when it was included, and an empty pool.

    Raises `RpcError` for a block that the best one does not descend from: the relay chain forgot it.
    """
    archive: Archive = node.archive
    if archive.hash_of(target.number) != target.hash:
        raise dev_error("the best chain does not hold this block", "name one of its blocks, by hash or number")
    record = archive.record(target.hash)
    relay = FIRST_RELAY_PARENT if record is None else record.included_in
    now = archive.heads
    ahead = now.finalized is not None and node.header(now.finalized).number > target.number
    heads = Heads(
        target.hash, relay, target.hash if ahead else now.finalized, min(now.relay_finalized, relay), ()
    )
    placed, cleared = Batch(), Batch()
    memory = archive.memory.at(relay, archive.relay(relay).header.slot or 0)
    archive.put_snapshot(placed, Snapshot(NAME, heads, target.number, relay, memory))
    archive.storage.write(placed)
    node.revert(NAME)
    archive.cut_snapshot(cleared, NAME)
    archive.storage.write(cleared)
