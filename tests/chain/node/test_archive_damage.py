"""No damage of an archive goes unseen: each is named, with its place. Source: spec/network.md §5."""

import json
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
import pytest

from amm.local import LocalChain
from chain.node.audit import Report, audit
from chain.node.export import PARA_RECORD, export
from chain.node.histories import Exported, Unreadable
from chain.node.manifest import Manifest
from chain.node.records import RELAY_RECORD, RelayRecord
from chain.node.store import Batch
from chain.relay.candidate import CandidateDescriptor, CandidateReceipt
from chain.relay.relay_block import CandidateIncluded, CandidateTimedOut

LOAD = "amm.runtime.load"
MUTANTS = 200
RELAY, PARA, INDEX, CHAIN = FILES = "relay.scale", "para-2090.scale", "index.jsonl", "chain.json"
BLOCKS, RELAY_BLOCKS = 3, 10
NOBODY = CandidateDescriptor(1, *(bytes(32),) * 5, bytes(64), *(bytes(32),) * 2)
EVENTS = (CandidateTimedOut(CandidateReceipt(NOBODY, bytes(32)), b"", 0),)
"""What did not happen."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three blocks, the second with a transfer, in ten relay blocks, one of which has a note."""
    chain = LocalChain()
    list(chain.advance(1))
    chain.submit(chain.call("balances.transfer_allow_death", dest="bob", value="5 BSX"), "charlie")
    chain.advance_relay(1)
    list(chain.advance(1))
    node, folder = chain.node, tmp_path_factory.mktemp("archive") / "history"
    noted = msgspec.structs.replace(node.archive.relay(5), notes=("validator 1: said so",))
    node.archive.put_relay(batch := Batch(), noted)
    node.archive.storage.write(batch)
    made = export(node.archive, node.validators, node.about, folder)
    assert (made.records, made.relay.blocks) == (BLOCKS, RELAY_BLOCKS)
    return folder


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(whole, tmp_path / "history"))


def frames(data: bytes) -> list[bytes]:
    """The records of a file, with their lengths."""
    found = []
    while data:
        size = 4 + int.from_bytes(data[:4], "little")
        found.append(data[:size])
        data = data[size:]
    return found


def said(folder: Path) -> str:
    """What is wrong: why it cannot be read, or why it does not hold."""
    try:
        report = audit(Exported(folder), LOAD)
    except Unreadable as error:
        return f"unreadable: {error}"
    assert report.ok is not True
    return "; ".join([f"relay: {report.relay}" if report.relay else "", *map(_told, report.failures)]).strip("; ")


def _told(failure: Any) -> str:
    return f"{failure.number}: {failure.error}"


def rewritten(folder: Path, records: Sequence[bytes], index: str) -> None:
    """Other parachain records, and the index made to fit them."""
    lines = [json.loads(line) for line in index.splitlines()]
    at, made = 0, []
    for line, framed in zip(lines, records, strict=False):
        made.append(json.dumps({**line, "offset": at, "length": len(framed)}) + "\n")
        at += len(framed)
    (folder / PARA).write_bytes(b"".join(records))
    (folder / INDEX).write_text("".join(made))


def resealed(folder: Path, **changes: Any) -> None:
    """Another `chain.json`, as its own program would write it."""
    manifest = Manifest.read((folder / CHAIN).read_text())
    (folder / CHAIN).write_text(msgspec.structs.replace(manifest, **changes).sealed().written())


# -- the files -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_gone_or_empty(copy: Path, name: str) -> None:
    (copy / name).write_bytes(b"")
    assert said(copy).startswith(f"unreadable: {name}")
    (copy / name).unlink()
    assert said(copy).startswith(f"unreadable: {name}: No such file")


@pytest.mark.parametrize("name", FILES)
def test_bytes_behind_the_end(copy: Path, name: str) -> None:
    (copy / name).write_bytes((copy / name).read_bytes() + b"\0\0\0\0")
    assert said(copy).startswith(f"unreadable: {name}")


def test_the_relay_chain_is_cut_off(copy: Path) -> None:
    data = (copy / RELAY).read_bytes()
    last = frames(data)[-1]
    (copy / RELAY).write_bytes(data[: -len(last)])
    at = len(data) - len(last)
    assert said(copy) == f"unreadable: relay.scale, byte {at}: relay block 9 of 10 is cut off, the file has {at} bytes"
    (copy / RELAY).write_bytes(data[:-1])
    assert "relay block 9 of 10 is cut off" in said(copy)
    (copy / RELAY).write_bytes(data[: at + 2])
    assert "relay block 9 of 10 is cut off" in said(copy)


def test_the_parachain_is_cut_off(copy: Path) -> None:
    data = (copy / PARA).read_bytes()
    last = frames(data)[-1]
    at = len(data) - len(last)
    for size in (at, at + 2, len(data) - 1):
        (copy / PARA).write_bytes(data[:size])
        assert said(copy) == (
            f"unreadable: para-2090.scale: it ends at byte {size}, inside block 3, which begins at {at}"
        )


def test_a_whole_end_cut_off_all_files(copy: Path) -> None:
    """Consistently, but for what `chain.json` says of the ends."""
    rewritten(copy, frames((copy / PARA).read_bytes())[:-1], (copy / INDEX).read_text())
    assert said(copy) == "unreadable: index.jsonl: 2 of 3 lines"
    (copy / RELAY).write_bytes(b"".join(frames((copy / RELAY).read_bytes())[:-3]))
    assert said(copy) == "unreadable: index.jsonl: 2 of 3 lines"
    manifest = Manifest.read((copy / CHAIN).read_text())
    resealed(copy, records=2, best=msgspec.structs.replace(manifest.best, number=2))
    assert "relay block 7 of 10 is cut off" in said(copy)
    resealed(copy, relay=msgspec.structs.replace(manifest.relay, blocks=7))
    assert "Archive.WrongDigest" in said(copy)


def test_records_dropped_doubled_swapped(copy: Path) -> None:
    one, two, three = frames((copy / PARA).read_bytes())
    index = (copy / INDEX).read_text()
    rewritten(copy, [one, three], index)
    assert said(copy) == "unreadable: index.jsonl: 2 of 3 lines"
    rewritten(copy, [one, one, three], index)
    found = said(copy)
    assert "2: Archive.WrongRecord: the record is of block 1" in found
    assert "2: Archive.NotIncluded" in found
    assert "2: Archive.BrokenLine" in found
    assert "3: Archive.BrokenLine" in found
    rewritten(copy, [one, three, two], index)
    assert "2: Archive.WrongRecord: the record is of block 3" in said(copy)
    assert "3: Archive.WrongRecord: the record is of block 2" in said(copy)
    (copy / INDEX).write_text(index)
    (copy / PARA).write_bytes(two + one + three)
    assert said(copy) == (
        f"unreadable: para-2090.scale, byte 0: block 1 is {len(two)} bytes long, not {len(one)}"
    )


@pytest.mark.parametrize(
    ("field", "change", "error"),
    [
        ("number", 1, "index.jsonl, line 2: it is of block 3 of para 2090, not 2"),
        ("para", 1, "index.jsonl, line 2: it is of block 2 of para 2091, not 2"),
        ("offset", 1, "index.jsonl, line 2: offset"),
        ("length", 1, "para-2090.scale, byte"),
        ("length", 10**9, "para-2090.scale: it ends at byte"),
        ("length", -(10**9), "para-2090.scale, byte"),
    ],
)
def test_a_changed_line_of_the_index(copy: Path, field: str, change: int, error: str) -> None:
    lines = (copy / INDEX).read_text().splitlines()
    line = json.loads(lines[1])
    lines[1] = json.dumps({**line, field: line[field] + change})
    (copy / INDEX).write_text("\n".join(lines) + "\n")
    assert said(copy).startswith(f"unreadable: {error}")


def test_other_lines_of_the_index(copy: Path) -> None:
    text = (copy / INDEX).read_text()
    one, two, three = text.splitlines(keepends=True)
    for lines, error in (
        ([one, three, two], "line 2: it is of block 3"),
        ([one, two], "2 of 3 lines"),
        ([one, two, three, three], "4 of 3 lines"),
        ([one, two[:40], three], "2 of 3 lines"),
        ([one, two.replace(": ", ":"), three], "line 2: it is not as an export writes it"),
        ([one, two.replace('"para"', '"pura"'), three], "line 2: Object contains unknown field `pura`"),
        ([one, "\n", three], "line 2: "),
        ([one, two, three.rstrip("\n")], "line 3: it is not as an export writes it"),
    ):
        (copy / INDEX).write_text("".join(lines))
        assert error in said(copy)
    (copy / INDEX).write_bytes(text.encode().replace(b"candidate", b"candi\xff\xfete", 1))
    assert said(copy).startswith("unreadable: index.jsonl: 'utf-8' codec")


def test_another_relay_number_or_candidate_in_the_index(copy: Path) -> None:
    text = (copy / INDEX).read_text()
    line = json.loads(text.splitlines()[1])
    changed = {**line, "relay_number": line["relay_number"] + 1}
    (copy / INDEX).write_text(text.replace(json.dumps(line), json.dumps(changed)))
    assert said(copy) == "2: Archive.WrongPlace: relay block 6 includes it"
    changed = {**line, "candidate": "0x" + "00" * 32}
    (copy / INDEX).write_text(text.replace(json.dumps(line), json.dumps(changed)))
    assert said(copy).startswith("2: Archive.WrongRecord: the record is of block 2 of para 2090, candidate 0x")


def test_another_relay_block_in_a_record(copy: Path) -> None:
    records = frames((copy / PARA).read_bytes())
    spoilt = msgspec.structs.replace(PARA_RECORD.decode(records[1][4:]), relay_block=bytes(32))
    records[1] = records[1][:4] + PARA_RECORD.encode(spoilt)
    (copy / PARA).write_bytes(b"".join(records))
    assert said(copy) == "2: Archive.WrongPlace: relay block 6 includes it"


# -- what the relay chain's records say ------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"para": 2000}, "its parachains are not ascending, or the parachain is not among them"),
        ({"genesis": "0x00"}, "relay block 0: Archive.WrongGenesis"),
        ({"genesis": "zero"}, "is not 0x and hex digits"),
        ({"paras": ()}, "its parachains are not ascending"),
        ({"records": 2}, "it does not have as many records as blocks"),
        ({"format": "basilisk-archive-0"}, "its format is basilisk-archive-0"),
        ({"finalized": None}, ""),
    ],
)
def test_another_manifest(copy: Path, changes: dict[str, Any], error: str) -> None:
    """Sealed again, so that it is not the digest that tells."""
    if not error:
        manifest = Manifest.read((copy / CHAIN).read_text())
        changes = {"finalized": msgspec.structs.replace(manifest.best, number=2)}
        error = "Archive.WrongHead: the final block of the parachain is not"
    resealed(copy, **changes)
    assert error in said(copy)


@pytest.mark.parametrize("name", ["validators", "seed", "session_length", "max_pov_size"])
@pytest.mark.parametrize("value", [0, -1, 7, 2**64])
def test_other_parameters(copy: Path, name: str, value: int) -> None:
    manifest = Manifest.read((copy / CHAIN).read_text())
    if value != getattr(manifest.parameters, name):
        resealed(copy, parameters=replace(manifest.parameters, **{name: value}))
        assert said(copy)


def test_a_manifest_that_is_no_manifest(copy: Path) -> None:
    text = (copy / CHAIN).read_text()
    for other, error in (
        ("[]", "Expected `object`"),
        ("{", "Expecting property name"),
        ("[" * 100_000, "recursion"),
        (text.replace("2090", "2091", 1), "its digest is another"),
        (text.replace("  ", " ", 1), "its digest is another"),
        (text.replace('"seed": 0', '"seed": 0.0'), "Expected `int`"),
        (text.replace('"seed": 0', '"seed": NaN'), "Expected `int`"),
    ):
        (copy / CHAIN).write_text(other)
        found = said(copy)
        assert found.startswith("unreadable: chain.json: ")
        assert error in found


# -- any damage at all -----------------------------------------------------------------------------------------------


def mutate(name: str, data: bytes, rng: random.Random) -> bytes:
    """One of the things that happen to files, anywhere in one."""
    at, kind = rng.randrange(len(data)), rng.randrange(8)
    if kind <= 2:
        return data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1 :]
    if kind == 3:
        return data[:at]
    if kind == 4:
        return data[:at] + rng.randbytes(rng.randrange(1, 9)) + data[at:]
    if kind == 5:
        return data[:at] + data[at + rng.randrange(1, 99) :]
    pieces = frames(data) if name.endswith(".scale") else data.splitlines(keepends=True)
    one, other = rng.sample(range(len(pieces)), 2)
    if kind == 6:
        pieces[one], pieces[other] = pieces[other], pieces[one]
    else:
        pieces[one : one + 1] = rng.choice(([], [pieces[one], pieces[one]], [pieces[other]]))
    return b"".join(pieces)


def test_no_mutant_passes(whole: Path, tmp_path: Path) -> None:
    rng, tried, unread = random.Random(5), 0, 0
    while tried < MUTANTS:
        name = rng.choice((RELAY, RELAY, PARA, PARA, INDEX, CHAIN))
        data = (whole / name).read_bytes()
        mutant = mutate(name, data, rng)
        if mutant == data:
            continue
        tried += 1
        folder = tmp_path / str(tried)
        shutil.copytree(whole, folder)
        (folder / name).write_bytes(mutant)
        try:
            report = audit(Exported(folder), LOAD)
        except Unreadable:
            unread += 1
        else:
            assert report.ok is not True, (tried, name)
            assert not _internal(report), (tried, name, report)
        shutil.rmtree(folder)
    assert 0 < unread < tried


def _internal(report: Report) -> list[str]:
    """Exceptions that nobody foresaw."""
    errors = [report.relay, *(verdict.error for verdict in report.verdicts)]
    return [error for error in errors if error and error.startswith("Internal")]
