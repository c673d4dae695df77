"""No damage of a relay chain's records goes unseen. Source: spec/network.md §5."""

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
import pytest
from damage import CHAIN, RELAY, frames, resealed, said

from chain.node.manifest import Manifest
from chain.node.records import RELAY_RECORD, RelayRecord
from chain.relay.candidate import CandidateDescriptor, CandidateReceipt
from chain.relay.relay_block import CandidateIncluded, CandidateTimedOut

NOBODY = CandidateDescriptor(1, *(bytes(32),) * 5, bytes(64), *(bytes(32),) * 2)
EVENTS = (CandidateTimedOut(CandidateReceipt(NOBODY, bytes(32)), b"", 0),)
"""What did not happen."""


def with_relay(folder: Path, number: int, change: Callable[[RelayRecord], RelayRecord]) -> None:
    """One relay record changed, so that `chain.json` knows of it: nothing but what is held together can tell."""
    records = frames((folder / RELAY).read_bytes())
    data = RELAY_RECORD.encode(change(RELAY_RECORD.decode(records[number][4:])))
    records[number] = len(data).to_bytes(4, "little") + data
    (folder / RELAY).write_bytes(b"".join(records))
    digest = "0x" + blake2b(b"".join(records), digest_size=32).hexdigest()
    manifest = Manifest.read((folder / CHAIN).read_text())
    resealed(folder, relay=msgspec.structs.replace(manifest.relay, digest=digest))


def _replaced(**changes: Any) -> Callable[[RelayRecord], RelayRecord]:
    return lambda record: msgspec.structs.replace(record, **changes)


def _no_witness(record: RelayRecord) -> RelayRecord:
    assert record.block is not None
    return msgspec.structs.replace(record, block=msgspec.structs.replace(record.block, witness=()))


def _flipped_witness(record: RelayRecord) -> RelayRecord:
    assert record.block is not None
    first, *rest = record.block.witness
    witness = (first[:9] + bytes([first[9] ^ 1]) + first[10:], *rest)
    return msgspec.structs.replace(record, block=msgspec.structs.replace(record.block, witness=witness))


def _other_event(record: RelayRecord) -> RelayRecord:
    (event,) = [each for each in record.events if isinstance(each, CandidateIncluded)]
    return msgspec.structs.replace(record, events=(msgspec.structs.replace(event, group=event.group + 1),))


def _few_precommits(record: RelayRecord) -> RelayRecord:
    assert record.justification is not None
    few = msgspec.structs.replace(record.justification, precommits=record.justification.precommits[:2])
    return msgspec.structs.replace(record, justification=few)


def _other_round(record: RelayRecord) -> RelayRecord:
    assert record.justification is not None
    other = msgspec.structs.replace(record.justification, round=record.justification.round + 1)
    return msgspec.structs.replace(record, justification=other)


@pytest.mark.parametrize(
    ("number", "change", "error"),
    [
        (1, lambda record: msgspec.structs.replace(record, events=EVENTS), "relay block 1: Archive.WrongEvents"),
        (0, lambda record: msgspec.structs.replace(record, events=EVENTS), "relay block 0: Archive.WrongEvents"),
        (4, _replaced(events=()), "relay block 4: Archive.WrongEvents"),
        (4, _other_event, "relay block 4: Archive.WrongEvents"),
        (4, _no_witness, "relay block 4: Relay.BadWitness"),
        (4, _flipped_witness, "relay block 4: Relay.BadWitness"),
        (4, _few_precommits, "relay block 4: Finality.NotEnoughVotes: 2 of 3"),
        (4, _other_round, "relay block 4: Finality.BadSignature"),
        (9, _replaced(justification=None), "relay block 9: Archive.WrongFinality: 8 is final"),
        (7, _replaced(block=None), "relay block 7: Archive.NoBody"),
        (7, lambda record: msgspec.structs.replace(record, header=record.header.unsealed()), "Archive.WrongHeader"),
    ],
)
def test_a_changed_relay_record(
    copy: Path, number: int, change: Callable[[RelayRecord], RelayRecord], error: str
) -> None:
    with_relay(copy, number, change)
    assert error in said(copy)


def test_relay_blocks_dropped_doubled_swapped(copy: Path) -> None:
    records = frames((copy / RELAY).read_bytes())
    for order, error in (
        ((0, 1, 2, 3, 5, 6, 7, 8, 9, 9), "relay block 4: Relay.ParentMismatch"),
        ((0, 1, 2, 3, 3, 5, 6, 7, 8, 9), "relay block 4: Relay.ParentMismatch"),
        ((0, 1, 2, 4, 3, 5, 6, 7, 8, 9), "relay block 3: Relay.ParentMismatch"),
        ((1, 0, 2, 3, 4, 5, 6, 7, 8, 9), "relay block 0: Archive.WrongGenesis"),
    ):
        (copy / RELAY).write_bytes(b"".join(records[number] for number in order))
        assert error in said(copy)


def test_a_changed_note(copy: Path) -> None:
    """People's words are covered by nothing but the digest."""
    data = (copy / RELAY).read_bytes()
    assert data.count(b"said so") == 1
    (copy / RELAY).write_bytes(data.replace(b"said so", b"said no"))
    assert said(copy) == (
        "relay: relay block 9: Archive.WrongDigest: relay.scale was changed where no block covers it: notes, precommits"
    )
