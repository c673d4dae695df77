"""`basilisk extrinsic`: read back from its block, read from bytes, signed, submitted."""

from typing import Annotated

import typer

from amm.chain_spec import NATIVE
from amm.local import Prepared
from basilisk_cli.explorer import call_text, find_extrinsic
from basilisk_cli.extrinsics import (
    blocks_of,
    bytes_of,
    document_of,
    involved_in,
    read_extrinsic,
    read_signed,
    read_written_call,
    sign,
)
from basilisk_cli.grammar import Noun
from basilisk_cli.names import Names
from basilisk_cli.options import As
from basilisk_cli.output import screen
from basilisk_cli.receipt import give_receipt
from basilisk_cli.render.blocks import Align, Cell, Column, Facts, Styled, Table
from basilisk_cli.session import open_session
from basilisk_cli.written import amount_of
from chain.crypto import ss58
from chain.scale.era import LONGEST, SHORTEST

app = Noun("One extrinsic: call, signer, fee, events.")


@app.command()
def show(
    ctx: typer.Context,
    extrinsic: Annotated[str, typer.Argument(metavar="EXTRINSIC", help="Its hash, or block and place: 3-2.")],
) -> None:
    """One extrinsic: what was asked for, by whom, and what came of it."""
    with open_session(ctx) as session:
        found, names = find_extrinsic(session, extrinsic), Names(session)
        by, call = found.extrinsic.signed, call_text(found, session)
        document = found.document() | {
            "block": found.block,
            "index": found.index,
            "args": call["args"],
            "nonce": by.nonce if by else None,
            "tip": by.tip if by else None,
            "fee": found.fee if by else None,
            "bytes": len(found.extrinsic.raw),
            "raw": "0x" + found.extrinsic.raw.hex(),
        }
        rows: list[tuple[str, Cell]] = [
            ("extrinsic", document["hash"]),
            ("block", f"{found.block}, place {found.index}"),
            ("call", found.call.path),
            ("signer", f"{names.account(by.account)}, nonce {by.nonce}" if by else "nobody: an inherent"),
            (
                "result",
                Styled(f"{found.error}: {' '.join(found.meaning.split())}", "red")
                if found.error
                else Styled("ok", "green"),
            ),
            ("fee", names.amount(found.fee, 0) if by else None),
            ("bytes", document["bytes"]),
        ]
        arguments = [
            (name, names.value(codec, value))
            for (name, codec), value in zip(found.call.spec.fields, call["args"].values(), strict=True)
        ]
        if by is not None:
            rows.append(("address", ss58.encode(by.account)))
        events = [(f"{event.pallet}.{event.event}", names.event(event)) for event in found.events]
        screen(ctx).show(
            document,
            Facts(rows),
            Table((Column("argument"), Column("value", Align.FOLD)), arguments, empty="no arguments"),
            Table((Column("event"), Column("fields", Align.FOLD)), events, empty="no events"),
        )


@app.command()
def decode(
    ctx: typer.Context,
    data: Annotated[str, typer.Argument(metavar="HEX", help="A whole extrinsic, or a call by itself.")],
) -> None:
    """What bytes say: signer, era, nonce, tip, and the call with its arguments as scripts write them."""
    raw = bytes_of(data)
    with open_session(ctx) as session:
        extrinsic, call = read_extrinsic(raw, session)
        document = document_of(raw, extrinsic, call, session)
        screen(ctx).show(document, *blocks_of(document, call, session))


@app.command()
def make(
    ctx: typer.Context,
    call: Annotated[str, typer.Argument(metavar="PALLET.CALL", help="The call, as in currencies.transfer.")],
    args: Annotated[
        str, typer.Argument(metavar="ARGS", help='Its arguments as scripts write them: {dest: bob, value: "5 BSX"}.')
    ] = "{}",
    tip: Annotated[
        str | None, typer.Option("--tip", metavar="AMOUNT", help='Paid beyond the fee, in BSX: "1 BSX".')
    ] = None,
    nonce: Annotated[
        int | None, typer.Option("--nonce", metavar="N", min=0, max=2**32 - 1, help="Default: the next one.")
    ] = None,
    era: Annotated[
        int | None,
        typer.Option(
            "--era",
            metavar="BLOCKS",
            min=SHORTEST,
            max=LONGEST,
            help="How long it is good, rounded up to a power of two; default: for ever.",
        ),
    ] = None,
    signer: As = "alice",
) -> None:
    """Sign an extrinsic and print its bytes; nothing is sent."""
    with open_session(ctx) as session:
        meant = read_written_call(call, args, session)
        units = 0 if tip is None else amount_of(tip, session.book, str(NATIVE))[1]
        extrinsic = sign(session, meant, signer, tip=units, nonce=nonce, period=era)
        text = {"extrinsic": "0x" + extrinsic.raw.hex(), "hash": "0x" + extrinsic.hash.hex()}
        screen(ctx).show(text, Facts(list(text.items())))


@app.command()
def submit(
    ctx: typer.Context,
    data: Annotated[str, typer.Argument(metavar="HEX", help="A signed extrinsic, as `make` prints it.")],
) -> None:
    """Put a signed extrinsic into the chain, and say what came of it."""
    raw = bytes_of(data)
    with open_session(ctx, write=True) as session:
        extrinsic, call = read_signed(raw, session)
        outcome = session.send_prepared(Prepared(extrinsic, call.path))
        involved = involved_in(extrinsic, call, session)
        give_receipt(ctx, session, outcome, involved, lambda done, names: f"{done.call} is in block {done.block}.")
