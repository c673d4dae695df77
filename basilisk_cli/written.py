"""What people write on the command line, in the words of a chain: amounts, assets, blocks."""

import re

from amm.book import ChainBook
from amm.relay_history import RelayHistory
from amm.values import AccountForm, AmountError, account_form, check_amount, parse_amount, parse_asset
from basilisk_cli.errors import CliError
from basilisk_cli.session import Session
from chain.node.records import RelayRecord
from chain.primitives.header import Header

_HASH = re.compile(r"0x[0-9a-fA-F]{64}")
_NUMBER = re.compile(r"[0-9][0-9_]*")
_SYMBOL_AFTER = re.compile(r"\s*[0-9][0-9_.]*\s+(\S.*)", re.DOTALL)
_MOST_DIGITS = 10


def amount_of(text: str, book: ChainBook, asset: str | None = None) -> tuple[int, int]:
    """Asset and base units of an amount: `1.5 KSM`, or base units with the asset said elsewhere.

    Raises AmountError or AssetError.
    """
    named = _SYMBOL_AFTER.fullmatch(text)
    if asset is not None:
        chosen = parse_asset(asset, book)
    elif named is not None:
        chosen = parse_asset(named[1].strip(), book)
    else:
        check_amount(text)
        raise AmountError(f"{text} does not say of which asset", f'write "{text} KSM", or base units with --asset KSM')
    return chosen, parse_amount(text, book, chosen)


def signer_of(session: Session, name: str) -> bytes:
    """The account that signs as `name`; `root` is the sudo key. Raises CliError for what cannot sign."""
    if account_form(name) is not AccountForm.NAME:
        raise CliError(f"{name} cannot sign: its key is not known", "sign with a name, as in --as alice")
    return session.signer(name).account


def header_of(session: Session, written: str) -> Header:
    """A block by its number, its hash, or `best`. Raises CliError, or `NodeError` for one that is not here."""
    if written == "best":
        return session.best
    if written == "genesis":
        return session.header(0)
    if _HASH.fullmatch(written):
        return session.header(bytes.fromhex(written[2:]))
    if _NUMBER.fullmatch(written) and len(written) <= _MOST_DIGITS:
        return session.header(int(written.replace("_", "")))
    raise CliError(f"{written!r} is no block", "write a number, a hash, best or genesis")


def block_hash_of(written: str) -> bytes | None:
    """The hash that is written, if it is one."""
    return bytes.fromhex(written[2:]) if _HASH.fullmatch(written) else None


def block_number(session: Session, written: str | None, otherwise: int) -> int:
    """The number of a block that is written, or of another if nothing is."""
    return otherwise if written is None else header_of(session, written).number


def relay_block_of(history: RelayHistory, written: str) -> RelayRecord:
    """A relay block by its number, its hash, or `best`. Raises CliError, or `NodeError` for one that is not here."""
    if written == "best":
        return history.block(history.head.number)
    if written == "genesis":
        return history.block(0)
    if _HASH.fullmatch(written):
        return history.find(bytes.fromhex(written[2:]))
    if _NUMBER.fullmatch(written) and len(written) <= _MOST_DIGITS:
        return history.block(int(written.replace("_", "")))
    raise CliError(f"{written!r} is no relay block", "write a number, a hash, best or genesis")
