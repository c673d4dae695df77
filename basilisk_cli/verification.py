"""Checking stored blocks again, as a validator that knows nothing but the proof. Source: spec/relay.md §7."""

from amm.runtime import load
from chain.node.archive import Archive
from chain.node.errors import StoreDamaged
from chain.relay.backing import RelayView, Work, check
from chain.relay.collator import Collation
from chain.relay.validators import ValidatorSet


def judge(archive: Archive, validators: ValidatorSet, number: int) -> int:
    """Judge the candidate of a stored block anew; how often it was executed.

    Raises `RelayError` if a validator would not sign for it, `StoreDamaged` if the block is not the one that the
    store says, or not the child of the one before.
    """
    block_hash = archive.hash_of(number)
    record = None if block_hash is None else archive.record(block_hash)
    if record is None:
        raise StoreDamaged(f"block {number} is not in the store")
    header = record.block.header
    if header.hash != block_hash or header.number != number:
        raise StoreDamaged(f"block {number} is stored under a hash that is not its own")
    if header.parent_hash != archive.hash_of(number - 1):
        raise StoreDamaged(f"block {number} is not the child of block {number - 1}")
    relay_parent = archive.relay(record.validation_data.relay_parent_number).header
    work = Work(load, shared=False)
    view = RelayView(validators, archive.nodes, relay_parent)
    check(view, Collation(record.candidate, record.pov, record.validation_data), work)
    return work.executions
