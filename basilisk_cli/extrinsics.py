"""Extrinsics as bytes on the command line: read, described, signed. Source: spec/substrate.md §5."""

import re
from collections.abc import Iterator
from typing import Any

from amm.arguments import Plain, read_call, to_node
from amm.chain_spec import NATIVE
from amm.facts import call_fact
from amm.local import ROOT
from amm.scripts.errors import Faults, Mark
from amm.scripts.source import Nothing, compose
from amm.signing import sign_call, wrap
from basilisk_cli.errors import CliError
from basilisk_cli.names import Names
from basilisk_cli.render.blocks import Align, Block, Cell, Column, Facts, Table
from basilisk_cli.session import Session
from chain.crypto import ss58
from chain.crypto.hashing import blake2_256
from chain.frame import Call
from chain.primitives.extrinsic import Extrinsic
from chain.scale import BYTES, IMMORTAL, DecodeError, Era

VERSION = 4
SCHEMES = ("ed25519", "sr25519", "ecdsa")
"""In the order of MultiSignature."""

ARGUMENTS = "arguments"
_HEX = re.compile(r"(?:0x)?((?:[0-9a-fA-F]{2})+)")


def bytes_of(written: str) -> bytes:
    """The bytes of hex digits, with or without 0x. Raises CliError."""
    found = _HEX.fullmatch(written.strip())
    if found is None:
        raise CliError("these are no bytes in hex", "write 0x and an even number of hex digits")
    return bytes.fromhex(found[1])


def read_extrinsic(data: bytes, session: Session) -> tuple[Extrinsic | None, Call]:
    """An extrinsic with its call, or a call by itself. Raises CliError for bytes that are neither."""
    try:
        extrinsic = Extrinsic.decode(data)
    except DecodeError as error:
        try:
            return None, session.runtime.decode_call(data)
        except DecodeError as other:
            raise _unreadable(data, error, other) from None
    return extrinsic, _call_in(extrinsic, session)


def read_signed(data: bytes, session: Session) -> tuple[Extrinsic, Call]:
    """An extrinsic that can be sent. Raises CliError; whether it is signed well, the chain says."""
    extrinsic, call = read_extrinsic(data, session)
    if extrinsic is None:
        make = "`basilisk extrinsic make` signs one"
        raise CliError(f"this is the call {call.path} by itself, signed by nobody", make)
    return extrinsic, call


def _call_in(extrinsic: Extrinsic, session: Session) -> Call:
    try:
        return session.runtime.decode_call(extrinsic.call)
    except DecodeError as error:
        what = f"the extrinsic's call cannot be read: {error}"
        raise CliError(what, "is it of another chain, or of another version of the runtime?") from None


def _unreadable(data: bytes, as_extrinsic: DecodeError, as_call: DecodeError) -> CliError:
    """Which of the two people meant shows in the length prefix."""
    try:
        BYTES.decode(data)
    except DecodeError:
        what = f"these {len(data)} bytes are no extrinsic ({as_extrinsic}) and no call ({as_call})"
        return CliError(what, "give a whole extrinsic, its length before it, or a call of this runtime")
    return CliError(f"the extrinsic cannot be read: {as_extrinsic}", "was it cut or changed?")


def read_written_call(path: str, written: str, session: Session) -> Call:
    """The call `path` with arguments in YAML or JSON, as scripts write them. Raises Faults."""
    node, faults = compose(written, ARGUMENTS)
    if faults:
        raise Faults(faults)
    scope = Plain(session.runtime, session.book)
    return read_call(to_node(path), node or Nothing(Mark(ARGUMENTS)), scope)


def sign(session: Session, call: Call, signer: str, *, tip: int, nonce: int | None, period: int | None) -> Extrinsic:
    """Sign a call; through sudo as root. Without a nonce the next one, without a period for ever."""
    key, best = session.signer(signer), session.best.number
    sent = wrap(session.runtime, call, root=signer == ROOT, fee_asset=None, pays_in=NATIVE)
    era = Era.mortal(period, best) if period else IMMORTAL
    return sign_call(
        session.runtime,
        sent,
        key,
        session.next_nonce(key.account) if nonce is None else nonce,
        session.header(0).hash,
        tip=tip,
        era=era,
        birth_hash=session.header(era.birth(best)).hash,
    )


# -- saying what is in the bytes ---------------------------------------------------------------------------------------


def document_of(data: bytes, extrinsic: Extrinsic | None, call: Call, session: Session) -> dict[str, Any]:
    """All that the bytes say, for programs. A call by itself has neither version nor signer."""
    by = extrinsic.signed if extrinsic else None
    return {
        "version": VERSION if extrinsic else None,
        "signer": ss58.encode(by.account) if by else None,
        "scheme": SCHEMES[by.scheme] if by else None,
        "signature": "0x" + by.signature.hex() if by else None,
        "era": {"period": by.era.period, "phase": by.era.phase} if by and not by.era.immortal else None,
        "nonce": by.nonce if by else None,
        "tip": by.tip if by else None,
        **call_fact(call, session.runtime),
        "hash": "0x" + blake2_256(data).hex(),
        "bytes": len(data),
    }


def blocks_of(document: dict[str, Any], call: Call, session: Session) -> list[Block]:
    """The same for people."""
    names = Names(session)
    arguments = [
        (name, names.value(codec, value))
        for (name, codec), value in zip(call.spec.fields, document["args"].values(), strict=True)
    ]
    columns = (Column("argument"), Column("value", Align.FOLD))
    return [Facts(list(_facts(document, names))), Table(columns, arguments, empty="no arguments")]


def _facts(document: dict[str, Any], names: Names) -> Iterator[tuple[str, Cell]]:
    version, signer, era = document["version"], document["signer"], document["era"]
    yield "call", document["call"]
    if version is None:
        yield "extrinsic", "none: a call by itself"
    elif signer is None:
        yield "version", f"{version}, bare"
    else:
        yield "version", f"{version}, signed"
        yield "signer", names.account(signer)
        yield "address", signer
        yield "signature", f"{document['scheme']} {document['signature']}"
        yield "era", f"{era['period']} blocks, phase {era['phase']}" if era else "immortal"
        yield "nonce", document["nonce"]
        yield "tip", names.amount(document["tip"], NATIVE)
    yield "hash", document["hash"]
    yield "bytes", document["bytes"]


def involved_in(extrinsic: Extrinsic, call: Call, session: Session) -> dict[str, bytes]:
    """The signer and the accounts that the call names, by their names or addresses."""
    accounts = [extrinsic.signed.account] if extrinsic.signed else []
    pairs = zip(call.spec.fields, call.args, strict=True)
    accounts += [value for (_, codec), value in pairs if codec.alias == "AccountId" and isinstance(value, bytes)]
    names = Names(session)
    return {names.account(account): account for account in accounts}
