"""`basilisk account`: who holds what, and moving money about."""

from typing import Annotated, Any

import typer

from basilisk_cli.grammar import Noun
from basilisk_cli.ledger import account_document, holdings
from basilisk_cli.names import Names
from basilisk_cli.options import As, Block, OfAsset
from basilisk_cli.output import screen
from basilisk_cli.receipt import carry_out
from basilisk_cli.render.blocks import Align, Column, Facts, Items, Table
from basilisk_cli.session import open_session
from basilisk_cli.strangers import note_stranger
from basilisk_cli.written import amount_of, block_number

app = Noun("Accounts: balances, transfers, new keys.")

Who = Annotated[str, typer.Argument(metavar="ACCOUNT", help="A name, an address, 0x… or @xyk:A/B.")]
Amount = Annotated[str, typer.Argument(metavar="AMOUNT", help='As in "1.5 KSM"; base units with --asset.')]


@app.command("list")
def list_(ctx: typer.Context) -> None:
    """All accounts that exist."""
    from chain.pallets.system import System

    with open_session(ctx) as session:
        names, state = Names(session), session.read()
        accounts = sorted(
            ((names.name(who), who) for who, _ in state[System].account.items()),
            key=lambda found: (found[0] is None, found[0] or "", found[1]),
        )
        document = [account_document(state, who, names) for _, who in accounts]
        rows = []
        for (name, who), entry in zip(accounts, document, strict=True):
            held = [item for item in holdings(state, who) if item.free or item.reserved]
            shown = Items([names.amount(item.free, item.asset) for item in held])
            rows.append((name or entry["address"], entry["nonce"], shown, entry["address"]))
        columns = (
            Column("account"),
            Column("nonce", Align.RIGHT),
            Column("free", Align.FOLD),
            Column("address", extra=True),
        )
        screen(ctx).show(document, Table(columns, rows, empty="no accounts"))


@app.command()
def show(ctx: typer.Context, account: Who, at: Block = None) -> None:
    """One account: address, nonce, balances."""
    with open_session(ctx) as session:
        who, names = session.account(account), Names(session)
        state = session.read(block_number(session, at, session.best.number))
        document = account_document(state, who, names)
        note_stranger(ctx, session, account, who, names)
        facts = [("account", names.name(who)), ("address", document["address"]), ("key", "0x" + who.hex())]
        rows = [
            (names.asset(held.asset), names.number(held.free, held.asset), names.number(held.reserved, held.asset))
            for held in holdings(state, who)
        ]
        columns = (Column("asset"), Column("free", Align.POINT), Column("reserved", Align.POINT))
        screen(ctx).show(document, Facts([*facts, ("nonce", document["nonce"])]), Table(columns, rows))


@app.command()
def new(ctx: typer.Context) -> None:
    """Make a new key. It is shown once and kept nowhere."""
    from chain.crypto import ss58
    from chain.crypto.keys import Keypair, generate_phrase

    phrase = generate_phrase()
    key = Keypair.from_suri(phrase)
    document: dict[str, Any] = {
        "phrase": phrase,
        "address": ss58.encode(key.account),
        "public": "0x" + key.public.hex(),
        "scheme": key.scheme,
    }
    screen(ctx).show(document, Facts(list(document.items())))
    screen(ctx).note("Write the phrase down: it is kept nowhere. Names such as zoe need no key: `--as zoe` signs.")


@app.command()
def transfer(ctx: typer.Context, to: Who, amount: Amount, asset: OfAsset = None, signer: As = "alice") -> None:
    """Send money of the signer to another account."""
    with open_session(ctx, write=True) as session:
        receiver = session.account(to)
        which, units = amount_of(amount, session.book, asset)
        call = session.call("currencies.transfer", dest=receiver, currency_id=which, amount=units)
        carry_out(
            ctx, session, call, signer, {to: receiver},
            lambda outcome, names: f"{signer} sent {names.amount(units, which)} to {to}.",
        )  # fmt: skip


@app.command()
def fund(ctx: typer.Context, to: Who, amount: Amount, asset: OfAsset = None) -> None:
    """Give an account money out of nothing, as root. For local chains only."""
    with open_session(ctx, write=True) as session:
        receiver = session.account(to)
        which, units = amount_of(amount, session.book, asset)
        call = session.call("currencies.update_balance", who=receiver, currency_id=which, amount=units)
        carry_out(
            ctx,
            session,
            call,
            "root",
            {to: receiver},
            lambda outcome, names: f"{to} got {names.amount(units, which)}.",
        )
