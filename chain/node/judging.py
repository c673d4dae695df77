"""Judging parachain records, each from itself alone: the job of an audit's engine. Source: spec/network.md §5, §6.

What runs here runs in any order, in any process, any number of times. Nothing is known but the record.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

from chain.blocks.seal import SR25519
from chain.crypto.hashing import blake2_256
from chain.crypto.keys import verify
from chain.node.export import PARA_RECORD, ParaRecord
from chain.node.issuance import Change, changes_of
from chain.primitives.validation import VALIDATION_DATA, ParachainInherentData
from chain.relay.backing import params_of
from chain.relay.block_data import decode_block_data
from chain.relay.candidate import CandidateCommitments
from chain.relay.collator import erasure_root_of
from chain.relay.errors import CandidateError, PvfError, RelayError
from chain.relay.inherents import read_validation_data
from chain.relay.payloads import collator_payload
from chain.relay.validate import Load, UnknownCode, Validated, validate
from chain.scale import DecodeError
from chain.state import BlockState

Place = tuple[int, int]
"""Offset and length of a record in its file."""

PREFIX = 4
"""Bytes of a record's length, which stand before it."""


@dataclass(frozen=True)
class RecordVerdict:
    """What became of one record. `ok` is None for one that this process cannot judge: it abstains.

    `at` is the first bad storage key or extrinsic, where the error has one; `executions` how often validate_block ran.
    """

    para: int
    number: int
    candidate: str
    ok: bool | None
    error: str | None
    at: str | None
    executions: int
    ms: float

    def plain(self) -> dict[str, Any]:
        """Without the time that it took: the same for every engine."""
        return {key: value for key, value in asdict(self).items() if key != "ms"}


@dataclass(frozen=True)
class Judged:
    """A verdict with what ties the record to others: hashes of relay block, parent and head, messages, issuance."""

    verdict: RecordVerdict
    relay_block: bytes = b""
    parent: bytes = b""
    head: bytes = b""
    inherent: ParachainInherentData | None = None
    changes: tuple[Change, ...] = ()


def verify_records(archive_uri: str, places: Sequence[Place], runtimes: str, validators: int) -> list[Judged]:
    """Judge the records at these places of a file. `runtimes` is the import path of the loader, such as
    `amm.runtime.load`. Raises OSError where the file cannot be read here.
    """
    return verify_bytes(read_places(archive_uri, places), runtimes, validators)


def verify_bytes(records: Sequence[bytes], runtimes: str, validators: int) -> list[Judged]:
    """The same for a process that cannot read the archive."""
    load = loader(runtimes)
    return [_judged(data, load, validators) for data in records]


def read_places(archive_uri: str, places: Sequence[Place]) -> list[bytes]:
    """The records without their lengths. Raises OSError."""
    found = []
    with Path(archive_uri).open("rb") as file:
        for offset, length in places:
            file.seek(offset + PREFIX)
            found.append(file.read(length - PREFIX))
    return found


def loader(runtimes: str) -> Load:
    """What makes a runtime of `:code`; where the program itself is missing, one that knows no code."""
    module, _, name = runtimes.rpartition(".")
    try:
        found: Load = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        reason = f"{runtimes} is not here: {error}"

        def nothing(code: bytes) -> Any:
            raise UnknownCode(reason)

        return nothing
    return found


def _judged(data: bytes, load: Load, validators: int) -> Judged:
    began = perf_counter()
    try:
        record: ParaRecord = PARA_RECORD.decode(data)
        number = record.number
    except DecodeError as bad:
        return Judged(RecordVerdict(0, 0, "", False, f"Archive.BadRecord: {bad}", None, 0, 0.0))
    descriptor = record.candidate.descriptor
    shown = "0x" + record.candidate.hash.hex()
    made = RecordVerdict(descriptor.para_id, number, shown, None, None, None, 0, 0.0)
    judged = Judged(
        made,
        record.relay_block,
        blake2_256(record.validation_data.parent_head),
        blake2_256(record.candidate.commitments.head_data),
    )
    try:
        check_envelope(record)
        made = replace(made, executions=1)
        changes: list[Change] = []
        validated = execute(record, load, lambda state: changes.extend(changes_of(state)))
        check_result(record, validated, validators)
        made = replace(made, ok=True)
        judged = replace(judged, inherent=_inherent(record), changes=tuple(changes))
    except UnknownCode as unknown:
        made = replace(made, error=f"Candidate.CodeHashMismatch: {unknown}", executions=0)
    except RelayError as refused:
        made = replace(made, ok=False, error=str(refused), at=_place_of(refused))
    except Exception as error:  # a validator's own trouble is no verdict on the block
        made = replace(made, ok=None, error=f"Internal: {type(error).__name__}: {error}")
    took = round((perf_counter() - began) * 1000, 3)
    return replace(judged, verdict=replace(made, ms=took))


def abstained(why: str) -> Judged:
    """Of a record that nobody has looked at."""
    return Judged(RecordVerdict(0, 0, "", None, why, None, 0, 0.0))


def check_envelope(record: ParaRecord) -> None:
    """What comes before execution: b, c and e of a validator's checks. Raises `CandidateError`."""
    descriptor, data = record.candidate.descriptor, record.validation_data
    if blake2_256(VALIDATION_DATA.encode(data)) != descriptor.persisted_validation_data_hash:
        raise CandidateError("BadParent", "the descriptor names other validation data")
    if record.pov.size > data.max_pov_size:
        raise CandidateError("ParamsTooLarge", f"{record.pov.size} of {data.max_pov_size} bytes")
    if record.pov.hash != descriptor.pov_hash:
        raise CandidateError("PoVHashMismatch")
    if not verify(SR25519, descriptor.signature, collator_payload(descriptor), descriptor.collator):
        raise CandidateError("BadSignature")


def execute(record: ParaRecord, load: Load, look: Callable[[BlockState], None]) -> Validated:
    """validate_block; raises `CandidateError`, or `UnknownCode`."""
    try:
        return validate(params_of(record.pov, record.validation_data), load, look=look)
    except PvfError as error:
        raise CandidateError.of_execution(error) from None


def check_result(record: ParaRecord, validated: Validated, validators: int) -> None:
    """What execution gave is what the candidate says: d, g, h and j. Raises `CandidateError`."""
    descriptor = record.candidate.descriptor
    if validated.code_hash != descriptor.validation_code_hash:
        raise CandidateError("CodeHashMismatch")
    if blake2_256(validated.result.head_data) != descriptor.para_head:
        raise CandidateError("ParaHeadHashMismatch")
    if CandidateCommitments.of(validated.result) != record.candidate.commitments:
        raise CandidateError("CommitmentsHashMismatch")
    if erasure_root_of(record.pov, record.validation_data, validators) != descriptor.erasure_root:
        raise CandidateError("ErasureRootMismatch")


def _inherent(record: ParaRecord) -> ParachainInherentData:
    """Whose validation data and relay state are not needed again."""
    found = read_validation_data(decode_block_data(record.pov.block_data).extrinsics)
    return ParachainInherentData(
        found.validation_data,
        type(found.relay_chain_state)(()),
        found.downward_messages,
        found.horizontal_messages,
    )


def _place_of(error: RelayError) -> str | None:
    """The key of `Pvf.MissingTrieNode`, the index of `Pvf.BadExtrinsic`."""
    cause = error.cause if isinstance(error, CandidateError) else None
    if cause is None or not cause.argument:
        return None
    return cause.argument.partition(",")[0]


def batches(places: Sequence[Place], most_bytes: int, most: int) -> Iterator[range]:
    """Which records go together: of about `most_bytes`, and never more than `most`."""
    start, size = 0, 0
    for index, (_, length) in enumerate(places):
        if index > start and (index - start == most or size + length > most_bytes):
            yield range(start, index)
            start, size = index, 0
        size += length
    if start < len(places):
        yield range(start, len(places))
