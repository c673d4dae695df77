"""`basilisk extrinsic`: one extrinsic, read back from its block."""

from typing import Annotated

import typer

from basilisk_cli.explorer import call_text, find_extrinsic
from basilisk_cli.grammar import Noun
from basilisk_cli.names import Names
from basilisk_cli.output import screen
from basilisk_cli.render.blocks import Align, Cell, Column, Facts, Styled, Table
from basilisk_cli.session import open_session
from chain.crypto import ss58

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
