"""Sending a call, and reporting what came of it: block, events, balances before and after, the relay's part."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import typer

from amm.chain_spec import NATIVE
from amm.local import ROOT
from amm.outcome import Candidate, Outcome, as_plain
from amm.wording import nearest
from basilisk_cli.errors import REFUSED, CliError
from basilisk_cli.ledger import holdings
from basilisk_cli.names import Names
from basilisk_cli.output import screen
from basilisk_cli.render.blocks import Align, Block, Cell, Column, Facts, Items, Lines, Styled, Table
from basilisk_cli.session import Session
from basilisk_cli.written import signer_of
from chain.crypto import ss58
from chain.frame import Call
from chain.pallets.system import System
from chain.primitives.errors import InvalidReason, Refused

NOISE = ("System.ExtrinsicSuccess", "System.ExtrinsicFailed", "TransactionPayment.TransactionFeePaid")
"""Events whose facts the receipt says elsewhere."""


@dataclass(frozen=True)
class Change:
    """A free balance before and after."""

    account: bytes
    asset: int
    before: int
    after: int


def carry_out(
    ctx: typer.Context,
    session: Session,
    call: Call,
    signer: str,
    involved: Mapping[str, bytes],
    done: Callable[[Outcome, Names], str],
) -> Outcome:
    """Send a call and print its receipt.

    `involved` are the accounts besides the signer's whose balances are looked at, by the names they were written with;
    `done` says in a sentence what happened. Raises CliError if the signer cannot sign, or the call failed, after
    printing; `Refused` if it is in no block.
    """
    by = {signer: signer_of(session, signer)}
    people = dict(involved) | by if signer == ROOT else by | dict(involved)
    try:
        outcome = session.send(call, signer)
    except Refused as refused:
        _explain_stranger(session, signer, refused)
        raise
    return give_receipt(ctx, session, outcome, people, done)


def give_receipt(
    ctx: typer.Context,
    session: Session,
    outcome: Outcome,
    involved: Mapping[str, bytes],
    done: Callable[[Outcome, Names], str],
) -> Outcome:
    """Print what came of an extrinsic that is in a block. Raises CliError if its call failed, after printing."""
    accounts = dict.fromkeys(involved.values())
    changes = [change for who in accounts for change in _changes(session, who, outcome.block)]
    names = Names(session, involved)
    screen(ctx).show(_document(outcome, changes, names), *_blocks(outcome, changes, names, done))
    if not outcome.ok:
        raise CliError(f"{outcome.error}: {' '.join(outcome.meaning.split())}", outcome.hint, REFUSED)
    return outcome


def _explain_stranger(session: Session, signer: str, refused: Refused) -> None:
    """Any name is an account. Raises CliError if this one cannot pay because nobody has ever paid to it."""
    info = session.read()[System].account.get(session.signer(signer).account)
    if refused.reason is InvalidReason.Payment and info.providers == 0:
        near = nearest(signer, [name for name in Names(session).known if not name.startswith("@")], "")
        fund = f"give them BSX: `basilisk account fund {signer} '1_000 BSX'`"
        hint = f"{near} Or {fund}" if near.startswith("did you mean") else fund
        raise CliError(f"{refused.name}: {signer} does not exist on this chain", hint, REFUSED) from None


def field(outcome: Outcome, event: str, name: str) -> Any:
    """A field of the last event of a kind, `Pallet.Event`."""
    return [fact.fields[name] for fact in outcome.events if f"{fact.pallet}.{fact.event}" == event][-1]


def relay_text(candidate: Candidate | None) -> Cell:
    """What the relay validators did with a block, and nothing that they did not."""
    if candidate is None:
        return "not included"
    *others, last = [str(index) for index in candidate.backed_by] or ["none"]
    by = f"validators {', '.join(others)} and {last}" if others else f"validator {last}"
    runs = f"executed {candidate.executions} × from its proof"
    return Items([f"included in relay block {candidate.relay_included}; {runs}", f"backed by {by}"])


def _changes(session: Session, who: bytes, block: int) -> list[Change]:
    """What the block did to an account's free balances."""
    before = {held.asset: held.free for held in holdings(session.read(block - 1), who)}
    after = {held.asset: held.free for held in holdings(session.read(block), who)}
    changes = [
        Change(who, asset, before.get(asset, 0), after.get(asset, 0)) for asset in sorted(before.keys() | after.keys())
    ]
    return [change for change in changes if change.before != change.after]


def _fee(outcome: Outcome) -> int:
    paid = [event.fields["actual_fee"] for event in outcome.events if event.event == "TransactionFeePaid"]
    return sum(paid)


def _document(outcome: Outcome, changes: Sequence[Change], names: Names) -> dict[str, Any]:
    document: dict[str, Any] = as_plain(outcome)
    del document["refused"]
    document["fee"] = _fee(outcome)
    document["balances"] = [
        {
            "account": ss58.encode(change.account),
            "name": names.name(change.account),
            "asset": change.asset,
            "symbol": names.symbol(change.asset),
            "before": change.before,
            "after": change.after,
        }
        for change in changes
    ]
    document["included"] = outcome.candidate is not None
    return document


def _blocks(
    outcome: Outcome, changes: Sequence[Change], names: Names, done: Callable[[Outcome, Names], str]
) -> list[Block]:
    headline = done(outcome, names) if outcome.ok else f"{outcome.call} failed: {outcome.error}"
    facts = Facts(
        [
            ("block", outcome.block),
            ("block hash", outcome.block_hash),
            ("extrinsic", outcome.extrinsic_hash),
            ("fee", names.amount(_fee(outcome), NATIVE)),
            ("relay", relay_text(outcome.candidate)),
        ]
    )
    events = [
        (f"{event.pallet}.{event.event}", names.event(event))
        for event in outcome.events
        if f"{event.pallet}.{event.event}" not in NOISE
    ]
    return [
        Lines([Styled(headline, "bold green" if outcome.ok else "bold red")]),
        facts,
        Table((Column("event"), Column("fields", Align.FOLD)), events, empty="no events"),
        Table(_BALANCES, [_row(change, names) for change in changes], empty="no balance changed", grouped=True),
    ]


_BALANCES = (
    Column("account"),
    Column("asset"),
    Column("before", Align.POINT),
    Column("after", Align.POINT),
    Column("change", Align.POINT),
)


def _row(change: Change, names: Names) -> tuple[str, str, str, str, Styled]:
    difference, asset = change.after - change.before, change.asset
    sign, style = ("+", "green") if difference > 0 else ("", "red")
    return (
        names.account(change.account),
        names.asset(asset),
        names.number(change.before, asset),
        names.number(change.after, asset),
        Styled(sign + names.number(difference, asset), style),
    )
