"""Blocks, extrinsics and events as they can be read back from the chain."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from amm.facts import EventFact, call_fact, event_fact
from amm.outcome import Candidate, candidate_fact, explain
from basilisk_cli.errors import CliError
from basilisk_cli.session import Session
from chain.crypto import ss58
from chain.frame import Call, EventRecord, Stage
from chain.pallets.system import System
from chain.primitives.errors import DispatchError
from chain.primitives.extrinsic import Extrinsic
from chain.primitives.header import Header
from chain.scale import BYTES


@dataclass(frozen=True)
class Included:
    """An extrinsic in a block, and what came of it."""

    block: int
    index: int
    extrinsic: Extrinsic
    call: Call
    error: str | None
    meaning: str
    events: tuple[EventFact, ...]

    @property
    def signer(self) -> bytes | None:
        return self.extrinsic.signed.account if self.extrinsic.signed else None

    @property
    def fee(self) -> int:
        """In base units of BSX, tip included; 0 for inherents."""
        return sum(event.fields["actual_fee"] for event in self.events if event.event == "TransactionFeePaid")

    def document(self) -> dict[str, Any]:
        """As `block show` has it in JSON."""
        return {
            "hash": "0x" + self.extrinsic.hash.hex(),
            "call": self.call.path,
            "signer": ss58.encode(self.signer) if self.signer else None,
            "ok": self.error is None,
            "error": self.error,
            "events": [event_document(event) for event in self.events],
        }


class Explored:
    """One block with all that it holds."""

    def __init__(self, session: Session, header: Header) -> None:
        self._session, self.header = session, header
        self.record = session.record(header.hash)

    @property
    def candidate(self) -> Candidate | None:
        """What the relay chain did with the block; None for genesis."""
        return candidate_fact(self.record) if self.record else None

    @cached_property
    def records(self) -> tuple[EventRecord, ...]:
        """The block's events, read from its state."""
        runtime = self._session.runtime
        item = runtime.storage("System", "Events")
        state = self._session.read(self.header.hash).context.state
        return state.read(item.prefix, runtime.codec_of_item(item)) or ()

    def events_of(self, extrinsic: int | None) -> tuple[EventFact, ...]:
        """The events of one extrinsic, or those of the hooks."""
        runtime = self._session.runtime
        return tuple(event_fact(event, runtime) for phase, event in self.records if _place(phase) == extrinsic)

    @cached_property
    def extrinsics(self) -> list[Included]:
        """The body, in order. Raises `Finished` for a block that is not valid: it may have none."""
        if self.record is None:
            return []
        self._session.read(self.header.hash)  # there is no state after such a block
        return list(self._extrinsics(self.record.block.extrinsics))

    def _extrinsics(self, bodies: tuple[bytes, ...]) -> Iterator[Included]:
        runtime = self._session.runtime
        for index, body in enumerate(bodies):
            extrinsic = Extrinsic.decode(BYTES.encode(body))
            error = self._error_of(index)
            name, meaning, _ = explain(error, runtime) if error is not None else (None, "", "")
            call = runtime.decode_call(extrinsic.call)
            yield Included(self.header.number, index, extrinsic, call, name, meaning, self.events_of(index))

    def _error_of(self, index: int) -> DispatchError | None:
        """The error of an extrinsic's `System.ExtrinsicFailed`."""
        for phase, event in self.records:
            if _place(phase) == index and isinstance(event, System.ExtrinsicFailed):
                return event.dispatch_error
        return None

    def document(self) -> dict[str, Any]:
        """As `block show` has it in JSON."""
        header, candidate = self.header, self.candidate
        return {
            "number": header.number,
            "hash": "0x" + header.hash.hex(),
            "parent": "0x" + header.parent_hash.hex(),
            "state_root": "0x" + header.state_root.hex(),
            "extrinsics_root": "0x" + header.extrinsics_root.hex(),
            "extrinsics": [extrinsic.document() for extrinsic in self.extrinsics],
            "candidate": candidate_document(candidate) if candidate else None,
        }


def candidate_document(candidate: Candidate) -> dict[str, Any]:
    """A candidate in JSON; what nobody has looked at yet is null."""
    return {
        "hash": candidate.hash,
        "pov_bytes": candidate.pov_bytes,
        "backed_by": candidate.backed_by,
        "executions": candidate.executions,
        "available": candidate.available,
        "approved_by": candidate.approved_by,
        "finalized": candidate.finalized,
    }


def event_document(event: EventFact) -> dict[str, Any]:
    return {"pallet": event.pallet, "event": event.event, "fields": event.fields}


def call_text(included: Included, session: Session) -> dict[str, Any]:
    """An extrinsic's call with its arguments by name."""
    return call_fact(included.call, session.runtime)


def find_extrinsic(session: Session, written: str) -> Included:
    """An extrinsic by `BLOCK-INDEX`, or by its hash, the youngest blocks first. Raises CliError."""
    number, dash, index = written.partition("-")
    if dash and number.isdecimal() and index.isdecimal() and len(written) <= 20:
        block = Explored(session, session.header(int(number)))
        if int(index) < len(block.extrinsics):
            return block.extrinsics[int(index)]
        last = len(block.extrinsics) - 1
        raise CliError(f"block {number} has no extrinsic {index}", f"they count from 0 to {last}" if last >= 0 else "")
    if written.startswith("0x") and len(written) == 66:
        wanted = written.lower()
        for height in range(session.best.number, 0, -1):
            for included in Explored(session, session.header(height)).extrinsics:
                if "0x" + included.extrinsic.hash.hex() == wanted:
                    return included
        raise CliError(f"no block has the extrinsic {written}", "`basilisk block show BLOCK` lists those of a block")
    raise CliError(f"{written!r} names no extrinsic", "write its hash, or block and place as in 3-2")


def _place(phase: Any) -> int | None:
    return phase.extrinsic if phase.stage is Stage.ApplyExtrinsic else None
