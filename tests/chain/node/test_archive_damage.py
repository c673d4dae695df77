"""No damage of an archive goes unseen: each is named, with its place. Source: spec/network.md §5."""

import json
import random
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from damage import CHAIN, FILES, INDEX, LOAD, PARA, RELAY, frames, resealed, rewritten, said

from chain.node.audit import Report, audit
from chain.node.export import PARA_RECORD
from chain.node.histories import Exported, Unreadable
from chain.node.manifest import Manifest

MUTANTS = 200


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
