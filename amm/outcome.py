"""What became of a call, as people and programs are told. Source: spec/trade-scripts.md, "Running"."""

from typing import Any

import msgspec

from amm.facts import EventFact, event_fact
from amm.wording import nearest
from chain.blocks.execution import Applied
from chain.frame import Runtime
from chain.frame.event import Event
from chain.node.records import BlockRecord
from chain.node.service import Sealed
from chain.pallets.sudo import Sudo
from chain.primitives.errors import DispatchError, Refused
from chain.scale import Err

REFUSED_MEANING = "The extrinsic was refused before it ran and is in no block."
REFUSED_HINTS = {
    "Invalid.Payment": "The signer cannot pay the fee, or does not exist: fund it first.",
    "Invalid.Stale": "The nonce was used already.",
    "Invalid.Future": "An earlier nonce of this account is still missing.",
    "Invalid.ExhaustsResources": "The block has no room left for it: put it into the next one.",
    "Invalid.BadProof": "The signature is not the signer's, or was made for another chain.",
    "Invalid.Call": "The bytes are no call of this runtime.",
}

STANDARD_MEANINGS = {
    "Token.FundsUnavailable": "The account has less than that.",
    "Token.Frozen": "Locks or reserves hold these funds back.",
    "Token.BelowMinimum": "The receiver would hold less than the existential deposit.",
    "Token.NotExpendable": "The sender would fall below the existential deposit and must stay alive.",
    "Arithmetic.Overflow": "A result is larger than its type holds.",
    "Arithmetic.Underflow": "A result is below zero.",
    "Arithmetic.DivisionByZero": "Something was divided by zero.",
    "BadOrigin": "This call is not for this caller.",
    "ConsumerRemaining": "Something still leans on the account, so it cannot be reaped.",
    "NoProviders": "The account does not exist.",
    "TooManyConsumers": "Too much leans on the account already.",
}


class Candidate(msgspec.Struct, frozen=True):
    """What the relay validators did with a block. `None` says that nobody has looked yet."""

    hash: str
    pov_bytes: int
    backed_by: list[int]
    executions: int
    available: bool | None = None
    approved_by: list[int] | None = None
    finalized: bool | None = None
    relay_backed: int = 0
    relay_included: int = 0
    relay_final: int | None = None


class Outcome(msgspec.Struct, frozen=True):
    """A call that was submitted. `refused`: it is in no block, and `block` is the one that was sealed without it."""

    ok: bool
    error: str | None
    meaning: str
    hint: str
    refused: bool
    call: str
    block: int
    block_hash: str
    extrinsic_hash: str
    index: int | None
    events: tuple[EventFact, ...]
    candidate: Candidate | None

    def event(self, name: str) -> dict[str, Any]:
        """The fields of the last event of a kind, `XYK.SellExecuted`. Raises LookupError with the kinds there are."""
        named = {f"{fact.pallet}.{fact.event}": fact for fact in self.events}
        if name in named:
            return named[name].fields
        raise LookupError(f"{self.call} gave no event {name}: {nearest(name, named, 'it gave none')}")


class CallFailed(Exception):
    """The chain refused a call that was to succeed. `outcome` says why, and in which block that was."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        why = " ".join(filter(None, (" ".join(outcome.meaning.split()), outcome.hint)))
        super().__init__(f"{outcome.call} failed: {outcome.error}: {why}")


def candidate_fact(record: BlockRecord) -> Candidate:
    """A block's candidate as reports say it; what this chain does not check yet is None."""
    return Candidate(
        "0x" + record.candidate.hash.hex(),
        record.pov.size,
        list(record.backed_by),
        record.executions,
        available=True,
        approved_by=record.approved_by or None,
        finalized=record.final_in is not None or None,
        relay_backed=record.backed_in,
        relay_included=record.included_in,
        relay_final=record.final_in,
    )


def inner_error(applied: Applied) -> DispatchError | None:
    """The failure of what a sudo call ran, or of the call itself."""
    if applied.error is not None:
        return applied.error
    for event in applied.events:
        if isinstance(event, Sudo.Sudid | Sudo.SudoAsDone) and isinstance(event.sudo_result, Err):
            error: DispatchError = event.sudo_result.value
            return error
    return None


def explain(error: DispatchError, runtime: Runtime) -> tuple[str, str, str]:
    """Name, meaning and hint of a dispatch error."""
    name, declared = runtime.error_name(error), runtime.error_class(error)
    if declared is not None:
        return name, (declared.__doc__ or "").strip(), declared.hint
    return name, STANDARD_MEANINGS.get(name, ""), ""


def outcome_of(applied: Applied, sealed: Sealed, index: int, runtime: Runtime, path: str) -> Outcome:
    """The outcome of an extrinsic that is in a block; through sudo, that of the inner call."""
    error = inner_error(applied)
    name, meaning, hint = explain(error, runtime) if error is not None else (None, "", "")
    return Outcome(
        error is None,
        name,
        meaning,
        hint,
        False,
        path,
        sealed.number,
        "0x" + sealed.hash.hex(),
        "0x" + applied.extrinsic.hash.hex(),
        index,
        facts(applied.events, runtime),
        candidate_fact(sealed.record),
    )


def refused_outcome(refused: Refused, sealed: Sealed, extrinsic_hash: bytes, path: str) -> Outcome:
    """The outcome of an extrinsic that was taken into no block."""
    return Outcome(
        False,
        refused.name,
        REFUSED_MEANING,
        REFUSED_HINTS.get(refused.name, ""),
        True,
        path,
        sealed.number,
        "0x" + sealed.hash.hex(),
        "0x" + extrinsic_hash.hex(),
        None,
        (),
        candidate_fact(sealed.record),
    )


def facts(events: tuple[Event, ...], runtime: Runtime) -> tuple[EventFact, ...]:
    return tuple(event_fact(event, runtime) for event in events)


def as_plain(value: Any) -> Any:
    """Structs as dicts, for JSON."""
    return msgspec.to_builtins(value)
