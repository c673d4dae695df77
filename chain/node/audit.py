"""Auditing an exported history: what is parallel in it, what is not. Source: spec/network.md §5, §6.

Relay blocks are imported again one by one, every parachain record is judged from itself alone, in any order and in any
process, and the heads are tied together. The report does not depend on the engine.
"""

import json
from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

from chain.blocks.seal import SR25519
from chain.crypto.hashing import blake2_256
from chain.crypto.keys import verify
from chain.node.export import PARA_RECORD, ParaRecord
from chain.node.records import RELAY_RECORD, RelayRecord
from chain.primitives.header import HEADER, Header
from chain.primitives.validation import VALIDATION_DATA
from chain.relay.backing import params_of
from chain.relay.chain import relay_genesis
from chain.relay.collator import erasure_root_of
from chain.relay.errors import CandidateError, PvfError, RelayError
from chain.relay.finality import check_justification
from chain.relay.payloads import collator_payload
from chain.relay.replay import Replay
from chain.relay.state import Pending
from chain.relay.types import CandidateCommitments
from chain.relay.validate import Load, UnknownCode, validate
from chain.relay.validators import ValidatorSet
from chain.scale import DecodeError

BATCH_BYTES, BATCH_RECORDS = 4 << 20, 50

Place = tuple[int, int]
"""Offset and length of a record."""


class Unreadable(Exception):
    """The archive is not one, or part of it is missing."""


@dataclass(frozen=True)
class RecordVerdict:
    """What became of one record. `ok` is None for one that this program cannot judge."""

    para: int
    number: int
    candidate: str
    ok: bool | None
    error: str | None
    executions: int
    ms: float

    def plain(self) -> dict[str, Any]:
        """Without the time that it took: the same for every engine."""
        return {key: value for key, value in asdict(self).items() if key != "ms"}


def verify_records(archive_uri: str, places: Sequence[Place], runtimes: str, validators: int) -> list[RecordVerdict]:
    """Judge the records at these places of a file. `runtimes` is the import path of the loader, such as
    `amm.runtime.load`. No state across calls; run twice it is harmless.
    """
    module, _, name = runtimes.rpartition(".")
    load: Load = getattr(import_module(module), name)
    found = []
    with Path(archive_uri).open("rb") as file:
        for offset, length in places:
            file.seek(offset)
            found.append(_verdict(file.read(length)[4:], load, validators))
    return found


def _verdict(data: bytes, load: Load, validators: int) -> RecordVerdict:
    began, error, ok, runs = perf_counter(), None, True, [0]
    try:
        record: ParaRecord = PARA_RECORD.decode(data)
    except DecodeError as bad:
        return RecordVerdict(0, 0, "", False, f"Archive.BadRecord: {bad}", 0, 0.0)
    verdict: bool | None = ok
    try:
        judge(record, load, validators, runs)
    except UnknownCode as unknown:
        verdict, error = None, f"Candidate.CodeHashMismatch: {unknown}"
    except RelayError as refused:
        verdict, error = False, str(refused)
    descriptor = record.candidate.descriptor
    took = round((perf_counter() - began) * 1000, 3)
    shown = "0x" + record.candidate.hash.hex()
    return RecordVerdict(descriptor.para_id, _number(record), shown, verdict, error, runs[0], took)


def _number(record: ParaRecord) -> int:
    try:
        return record.number
    except DecodeError:
        return 0


def judge(record: ParaRecord, load: Load, validators: int, runs: list[int]) -> None:
    """A validator's checks that need nothing but the record; raises `CandidateError`, or `UnknownCode`."""
    descriptor, data = record.candidate.descriptor, record.validation_data
    if blake2_256(VALIDATION_DATA.encode(data)) != descriptor.persisted_validation_data_hash:
        raise CandidateError("BadParent", "the descriptor names other validation data")
    if record.pov.size > data.max_pov_size:
        raise CandidateError("ParamsTooLarge", f"{record.pov.size} of {data.max_pov_size} bytes")
    if record.pov.hash != descriptor.pov_hash:
        raise CandidateError("PoVHashMismatch")
    if not verify(SR25519, descriptor.signature, collator_payload(descriptor), descriptor.collator):
        raise CandidateError("BadSignature")
    runs[0] += 1
    try:
        validated = validate(params_of(record.pov, data), load)
    except PvfError as error:
        raise CandidateError.of_execution(error) from None
    if validated.code_hash != descriptor.validation_code_hash:
        raise CandidateError("CodeHashMismatch")
    if blake2_256(validated.result.head_data) != descriptor.para_head:
        raise CandidateError("ParaHeadHashMismatch")
    if CandidateCommitments.of(validated.result) != record.candidate.commitments:
        raise CandidateError("CommitmentsHashMismatch")
    if erasure_root_of(record.pov, data, validators) != descriptor.erasure_root:
        raise CandidateError("ErasureRootMismatch")


@dataclass(frozen=True)
class Report:
    """What an audit found: about the relay chain, each record, and how they hang together."""

    relay: str | None
    verdicts: tuple[RecordVerdict, ...]
    links: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return self.relay is None and not self.links and all(verdict.ok is not False for verdict in self.verdicts)

    def plain(self) -> dict[str, Any]:
        """The same bytes for every engine and number of workers."""
        return {
            "ok": self.ok,
            "relay": self.relay,
            "links": list(self.links),
            "verdicts": [verdict.plain() for verdict in self.verdicts],
        }


def audit(
    directory: Path,
    validators: ValidatorSet,
    runtimes: str,
    engine: Executor | None = None,
    first: int = 1,
    last: int | None = None,
) -> Report:
    """Audit an archive; without an `engine` in this process. Raises Unreadable."""
    try:
        chain = json.loads((directory / "chain.json").read_text())
        index = [json.loads(line) for line in (directory / "index.jsonl").read_text().splitlines()]
        relay = _relay_records(directory / "relay.scale")
        genesis: Header = HEADER.decode(bytes.fromhex(chain["genesis"][2:]))
    except (OSError, ValueError, KeyError, DecodeError) as error:
        raise Unreadable(str(error)) from None
    chosen = [each for each in index if first <= each["number"] and (last is None or each["number"] <= last)]
    file = directory / f"para-{chain['para']}.scale"
    batches = _batches([(each["offset"], each["length"]) for each in chosen])
    jobs = [(str(file), batch, runtimes, len(validators.keys)) for batch in batches]
    try:
        if engine is None:
            parts = [verify_records(*job) for job in jobs]
        else:
            parts = [future.result() for future in [engine.submit(verify_records, *job) for job in jobs]]
    except OSError as error:
        raise Unreadable(str(error)) from None
    verdicts = sorted((each for part in parts for each in part), key=lambda each: (each.para, each.number))
    problem, included = _relay_chain(relay, validators, genesis, chain["para"])
    links = _links(file, chosen, included, genesis if first == 1 else None)
    return Report(problem, tuple(verdicts), tuple(links))


def _batches(places: Sequence[Place]) -> list[list[Place]]:
    """Of about 4 MiB or 50 records."""
    found: list[list[Place]] = []
    size = 0
    for place in places:
        if not found or len(found[-1]) == BATCH_RECORDS or size + place[1] > BATCH_BYTES:
            found.append([])
            size = 0
        found[-1].append(place)
        size += place[1]
    return found


def _relay_records(path: Path) -> list[RelayRecord]:
    data, at, found = path.read_bytes(), 0, []
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "little")
        found.append(RELAY_RECORD.decode(data[at + 4 : at + 4 + size]))
        at += 4 + size
    return found


def _relay_chain(
    records: Sequence[RelayRecord], validators: ValidatorSet, genesis: Header, para: int
) -> tuple[str | None, dict[bytes, Pending]]:
    """Import the relay chain from genesis on; what is wrong with it, and what it included, by candidate."""
    included: dict[bytes, Pending] = {}
    replay: Replay | None = None
    for number, record in enumerate(records):
        try:
            if record.block is None or replay is None:
                code = _code_hash(records, para)
                heads = {**dict.fromkeys(validators.paras, b""), para: genesis.encode()}
                codes = {**dict.fromkeys(validators.paras, bytes(32)), para: code}
                made = relay_genesis(validators, heads, codes)
                if made.header != record.header:
                    return "relay block 0 is not the genesis of this chain", included
                replay = Replay(validators, made.header, made.nodes)
                continue
            for pending in replay.take(record.block).included:
                included[pending.candidate.hash] = pending
            if record.justification is not None:
                check_justification(validators, record.justification, record.header, {})
        except RelayError as error:
            return f"relay block {number}: {error}", included
    return None, included


def _code_hash(records: Sequence[RelayRecord], para: int) -> bytes:
    """The code that the first backed candidate names; the genesis state root says whether it is that."""
    for record in records:
        for backed in record.block.body.backed_candidates if record.block else ():
            if backed.candidate.descriptor.para_id == para:
                return backed.candidate.descriptor.validation_code_hash
    return bytes(32)


def _links(
    file: Path, places: Sequence[dict[str, Any]], included: dict[bytes, Pending], genesis: Header | None
) -> list[str]:
    """Each head stands on the one before, and the relay chain has included it."""
    found: list[str] = []
    head = None if genesis is None else genesis.encode()
    with file.open("rb") as data:
        for place in places:
            data.seek(place["offset"])
            try:
                record: ParaRecord = PARA_RECORD.decode(data.read(place["length"])[4:])
            except DecodeError:
                found.append(f"block {place['number']}: Archive.BadRecord")
                head = None
                continue
            if head is not None and record.validation_data.parent_head != head:
                found.append(f"block {place['number']}: Archive.BrokenLine")
            if record.candidate.hash not in included:
                found.append(f"block {place['number']}: Archive.NotIncluded")
            head = record.candidate.commitments.head_data
    return found
