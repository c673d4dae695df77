"""Making any block that is kept the best one. Source: design.md, "On disk": pointers move, outside the protocol.

The relay chain is then what it was when it had just included the block: what it has made final up to there is final,
and nothing else. What is left behind stays, and can be gone to in the same way.
"""

from collections.abc import Mapping

import msgspec

from chain.node.archive import Archive
from chain.node.errors import HeadError
from chain.node.memory import Memory
from chain.node.recalling import standing_of
from chain.node.records import BlockRecord, Heads, RelayRecord
from chain.node.store import Batch
from chain.primitives.header import Header
from chain.relay.relay_block import CandidateIncluded


def move(archive: Archive, genesis: Header, first_relay: int, target: bytes) -> Heads:
    """Write the heads with `target` as best block and an empty pool; later snapshots go.

    `first_relay` is the relay block that the genesis block stands on. Raises `HeadError` for a block that is not here,
    or that cannot be built on.
    """
    path, fork = _path(archive, genesis, target)
    relay = {record.header.number: record for record in archive.left.line_to(target)} if path else {}
    height = _relay_height(archive, path, relay, fork, first_relay)
    stem = min(relay, default=height + 1) - 1
    batch = Batch()
    archive.cut_above(batch, fork, stem)
    for snapshot in archive.snapshots():
        if snapshot.heads.relay > stem:
            archive.cut_snapshot(batch, snapshot.name)
    for number, (block_hash, record) in zip(range(fork + len(path), fork, -1), path, strict=True):
        archive.put_block(batch, number, block_hash, record)
    for relay_record in relay.values():
        archive.put_relay(batch, relay_record)
    rounds = _rounds(archive, relay, height)
    final = max(rounds, default=0)
    archive.put_memory(batch, _memory(archive, relay, final, height))
    _note_rounds(archive, batch, target, fork, rounds)
    heads = Heads(target, height, _final(archive, target, final), final, ())
    archive.put_heads(batch, heads)
    archive.storage.write(batch)
    return heads


def _path(archive: Archive, genesis: Header, target: bytes) -> tuple[list[tuple[bytes, BlockRecord]], int]:
    """The blocks from `target` down to the chain as it is, that block's own excluded, and its height."""
    path: list[tuple[bytes, BlockRecord]] = []
    block_hash = target
    while block_hash != genesis.hash:
        record = archive.record(block_hash)
        if record is None:
            raise HeadError(f"there is no block 0x{block_hash.hex()}", "Name a block by its hash or number.")
        header = record.header
        if archive.hash_of(header.number) == block_hash:
            return path, header.number
        if not path and archive.nodes.get(header.state_root) is None:
            raise HeadError("nobody has the state after this block", "It cannot be built on: name another.")
        path.append((block_hash, record))
        block_hash = header.parent_hash
    return path, 0


def _relay_height(
    archive: Archive, path: list[tuple[bytes, BlockRecord]], relay: Mapping[int, RelayRecord], fork: int, first: int
) -> int:
    """The relay block that included the target."""
    if relay:
        return max(relay)
    if path:
        raise HeadError("no relay block is kept that included this block", "Name a block that one has included.")
    block_hash = archive.hash_of(fork)
    record = archive.record(block_hash) if block_hash else None
    return first if record is None else record.included_in


def _rounds(archive: Archive, relay: Mapping[int, RelayRecord], height: int) -> dict[int, int]:
    """The rounds up to `height` by the blocks that they made final, as far back as can matter.

    A round has the number of the relay chain's head at that time.
    """
    found: dict[int, int] = {}
    for number in range(height, 0, -1):
        justification = (relay.get(number) or archive.relay(number)).justification
        if justification is not None and justification.round <= height:
            found[number] = justification.round
            if number < min(relay, default=height):
                break
    return found


def _note_rounds(archive: Archive, batch: Batch, target: bytes, fork: int, rounds: Mapping[int, int]) -> None:
    """Say of each block which round made it final, as of now: none, for those that are not."""
    final, last = max(rounds, default=0), max(rounds.values(), default=0)
    block_hash = target
    while (record := archive.record(block_hash)) is not None:
        header, final_in = record.header, record.final_in
        if record.included_in > final:
            final_in = None
        elif final_in is None or final_in > last:
            final_in = min(round for number, round in rounds.items() if number >= record.included_in)
        elif header.number <= fork:
            return
        if record.final_in != final_in:
            archive.rewrite_block(batch, msgspec.structs.replace(record, final_in=final_in))
        block_hash = header.parent_hash


def _memory(archive: Archive, relay: Mapping[int, RelayRecord], final: int, height: int) -> Memory:
    """What validators know of candidates that are included by then and not final."""
    records = [relay.get(number) or archive.relay(number) for number in range(final + 1, height + 1)]
    events = [event for record in records for event in record.events]
    slot = (relay.get(height) or archive.relay(height)).header.slot or 0
    known = archive.memory_at(height, slot)
    cases = {case.candidate: case for case in known.cases if case.included_in <= min(final, height - len(relay))}
    standing = {case.candidate: case for case in known.cases}
    for event in events:
        if isinstance(event, CandidateIncluded):
            candidate = event.receipt.hash
            record = archive.record(event.receipt.descriptor.para_head)
            if candidate not in standing and record is not None:
                standing[candidate] = standing_of(record)
            cases[candidate] = standing[candidate]
    return msgspec.structs.replace(known, cases=tuple(cases.values()))


def _final(archive: Archive, target: bytes, relay_final: int) -> bytes | None:
    """The final block, the genesis block if need be; `None` if nothing says what is final."""
    if relay_final == 0:
        return None
    block_hash = target
    while (record := archive.record(block_hash)) is not None and record.included_in > relay_final:
        block_hash = record.header.parent_hash
    return block_hash
