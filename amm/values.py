"""Amounts, assets and accounts as people write them. Source: spec/trade-scripts.md, "Values".

    ValueError
    └── WrittenError        what was written means nothing here, and how to mend it
        ├── AmountError
        ├── AssetError
        └── AccountError

All arithmetic is in integers; `format_amount` never rounds, and `parse_amount` reads back what it writes.
"""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from enum import Enum
from typing import Protocol

from amm.wording import nearest, short
from chain.crypto import accounts, keys, ss58

MAX_BALANCE = 2**128 - 1
MAX_ASSET = 2**32 - 1
MAX_AUCTION = 2**64 - 1
AUCTIONS_PALLET = "auctions"
TREASURY = "@treasury"
TREASURY_PALLET = "py/trsry"
ACCOUNT_FORMS = ("@xyk:A/B", "@lbp:A/B", TREASURY, "@auction:N")
SHARES = "shares:"

_HUMAN = re.compile(r"([-+]?)([0-9][0-9_]*)(?:\.([0-9][0-9_]*))?(\s*)(\S.*)?", re.DOTALL)
_ASSET_ID = re.compile(r"[0-9][0-9_]*")
_HEX = re.compile(r"0x[0-9a-fA-F]{64}")
_NAME = re.compile(r"\w(?:[\w.-]{0,38}\w)?")
_BASE58 = re.compile(r"[1-9A-HJ-NP-Za-km-z]{44,}")
_LONGEST_NAME = 40
_MOST_DIGITS = 400
"""Of a written number; decimals have at most 255 digits, balances 39."""


class Book(Protocol):
    """What the chain knows of its assets."""

    def symbols(self) -> Iterable[str]:
        """Every symbol that an asset has."""

    def asset(self, symbol: str) -> int | None:
        """The asset of a symbol, the lowest id if several have it."""

    def symbol(self, asset: int) -> str | None:
        """The symbol of an asset, if it has metadata."""

    def decimals(self, asset: int) -> int | None:
        """The decimals of an asset, if it has metadata."""

    def share_asset(self, asset_a: int, asset_b: int) -> int | None:
        """The XYK share token of a pair, in either order; also after its pool is gone."""


class WrittenError(ValueError):
    """Something written means nothing here: `what` is wrong, `hint` how to mend it."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(f"{what}; {hint}")
        self.what, self.hint = what, hint


class AmountError(WrittenError):
    """An amount that is none, or not of the asset that is meant."""


class AssetError(WrittenError):
    """A symbol or id that is no asset."""


class AccountError(WrittenError):
    """A text that names no account."""


class AccountForm(Enum):
    """The ways to write an account. Only a NAME can sign."""

    NAME = "name"
    KEY = "0x and 64 hex digits"
    ADDRESS = "SS58 address"
    POOL = "@xyk:A/B or @lbp:A/B"
    TREASURY = "@treasury"
    AUCTION = "@auction:N"


def check_amount(text: str) -> None:
    """Raises AmountError unless the text has the form of an amount: `1000`, `1.5 KSM`, `1_000 BSX`."""
    _split_amount(text)


def parse_amount(written: int | str, book: Book, asset: int | None = None) -> int:
    """The base units of an amount: an integer as it is, `1.5 KSM` times 10^decimals.

    `asset` is the asset that is meant, where that is known: another one's symbol is then an error.
    Raises AmountError for anything that is not exactly 0 to 2^128 − 1 base units.
    """
    if isinstance(written, int):
        return _bounded(written, str(written) if abs(written) < 10**60 else "the amount")
    whole, fraction, unit = _split_amount(written)
    if unit is None:
        return _bounded(_integer(whole), written)
    decimals = _decimals(written, unit, book, asset)
    if len(fraction) > decimals:
        digits = f"{len(fraction)} digits after the point"
        what = f"{short(written)} has {digits}, and {unit} has {decimals} decimals"
        raise AmountError(what, "write fewer digits, or base units as an integer")
    return _bounded(_integer(whole + fraction.ljust(decimals, "0")), written)


def format_amount(amount: int, decimals: int, symbol: str) -> str:
    """An amount in human units, exactly: `format_amount(1_500_000_000_000, 12, "KSM")` is `1.5 KSM`."""
    whole, fraction = divmod(abs(amount), 10**decimals)
    digits = f"{fraction:0{decimals}d}".rstrip("0") if fraction else ""
    return f"{'-' if amount < 0 else ''}{whole:_}{'.' if digits else ''}{digits} {symbol}"


def parse_asset(written: int | str, book: Book) -> int:
    """The id of an asset: an id, registered or not, a symbol, or `shares:A/B`. Raises AssetError."""
    if isinstance(written, str):
        if written.startswith(SHARES):
            return _share_asset(written, book)
        if not _ASSET_ID.fullmatch(written) or len(written) > _MOST_DIGITS:
            return _asset_of_symbol(written, book)
        written = int(written.replace("_", ""))
    if not 0 <= written <= MAX_ASSET:
        raise AssetError("an asset id out of range", f"ids go from 0 to {MAX_ASSET}")
    return written


def parse_pair(text: str, book: Book) -> tuple[int, int]:
    """The two assets of `A/B`. Raises AssetError."""
    parts = text.split("/")
    if len(parts) != 2 or not all(parts):
        raise AssetError(f"{short(text)!r} is no pair of assets", "write two assets with a slash, as in BSX/KSM")
    return parse_asset(parts[0], book), parse_asset(parts[1], book)


def account_form(text: str) -> AccountForm:
    """How an account is written, by its looks alone. Raises AccountError if it is no account."""
    if text.startswith("@"):
        kind = text.partition(":")[0]
        if text == TREASURY:
            return AccountForm.TREASURY
        if kind in ("@xyk", "@lbp") and text.count("/") == 1:
            return AccountForm.POOL
        if kind == "@auction" and _ASSET_ID.fullmatch(text.partition(":")[2]):
            return AccountForm.AUCTION
        raise AccountError(f"{short(text)!r} is no account", _nearest_form(text))
    if text.startswith("0x"):
        if not _HEX.fullmatch(text):
            what = f"{short(text)!r} is no account: it has {len(text) - 2} characters after 0x"
            raise AccountError(what, "an account has 64 hex digits there")
        return AccountForm.KEY
    if _BASE58.fullmatch(text):
        return AccountForm.ADDRESS
    if not _NAME.fullmatch(text):
        hint = f"write a name, an SS58 address, 0x and 64 hex digits, or {', '.join(ACCOUNT_FORMS)}"
        if " " in text.strip() or text != text.strip():
            hint = "names have no spaces: they are letters, digits, _, - and ., as in alice or trader-12"
        elif len(text) > _LONGEST_NAME:
            hint = f"names have at most {_LONGEST_NAME} characters; if this is an address, copy all of it"
        raise AccountError(f"{short(text)!r} is no account", hint)
    return AccountForm.NAME


def parse_account(text: str, book: Book) -> bytes:
    """The 32 bytes of an account: a name, an SS58 address, `0x…`, or a pool's or pallet's account.

    Raises AccountError for what is no account, AssetError for an unknown asset in `@xyk:A/B`.
    """
    match account_form(text):
        case AccountForm.NAME:
            return keys.dev(text).account
        case AccountForm.KEY:
            return bytes.fromhex(text[2:])
        case AccountForm.ADDRESS:
            return _address(text)
        case AccountForm.TREASURY:
            return accounts.pallet(TREASURY_PALLET)
        case AccountForm.AUCTION:
            return _auction(text)
        case AccountForm.POOL:
            kind, _, pair = text[1:].partition(":")
            return accounts.pool(kind, *parse_pair(pair, book))


def _split_amount(text: str) -> tuple[str, str, str | None]:
    """Whole digits, digits after the point and unit; the unit is None for base units."""
    stripped = text.strip()
    found = _HUMAN.fullmatch(stripped)
    if found is None:
        raise AmountError(f"{short(text)!r} is no amount", 'write base units, as in 1000, or as in "1.5 KSM"')
    sign, whole, fraction, space, unit = found.groups()
    if sign == "-":
        raise AmountError(f"{short(text)} is negative", "amounts are 0 or more")
    if unit is None and fraction is not None:
        raise AmountError(f"{short(text)} has no symbol", f'name the asset, as in "{short(stripped)} KSM"')
    if unit is not None and not space:
        hint = 'a number, a space and a symbol, as in "1.5 KSM"; no exponents'
        raise AmountError(f"{short(text)!r} is no amount", hint)
    whole, fraction = whole.replace("_", ""), (fraction or "").replace("_", "")
    if len(whole) + len(fraction) > _MOST_DIGITS:
        raise AmountError(f"{short(text)} has too many digits", f"balances go up to {MAX_BALANCE}")
    return whole, fraction, unit


def _decimals(written: str, unit: str, book: Book, asset: int | None) -> int:
    """The decimals of the asset that an amount names, which must be the one that is meant."""
    if asset is not None and book.symbol(asset) == unit:
        named = asset
    else:
        try:
            named = parse_asset(unit, book)
        except AssetError as error:
            raise AmountError(f"{short(written)}: {error.what}", error.hint) from None
    if asset is not None and named != asset:
        meant = book.symbol(asset) or f"asset {asset}"
        raise AmountError(f"{short(written)} is not an amount of {meant}", f"write it in {meant}, or in base units")
    decimals = book.decimals(named)
    if decimals is None:
        raise AmountError(f"{unit} has no decimals on this chain", "write base units as an integer")
    return decimals


def _bounded(amount: int, written: str) -> int:
    if amount < 0:
        raise AmountError(f"{short(written)} is negative", "amounts are 0 or more")
    if amount > MAX_BALANCE:
        raise AmountError(f"{short(written)} is more than a balance holds", f"at most {MAX_BALANCE} base units")
    return amount


def _integer(digits: str) -> int:
    return int(digits.lstrip("0") or "0")


def _asset_of_symbol(symbol: str, book: Book) -> int:
    asset = book.asset(symbol)
    if asset is None:
        raise AssetError(f"unknown asset {short(symbol)!r}", nearest(symbol, book.symbols(), "write its id"))
    return asset


def _share_asset(written: str, book: Book) -> int:
    asset_a, asset_b = parse_pair(written.removeprefix(SHARES), book)
    share = book.share_asset(asset_a, asset_b)
    if share is None:
        raise AssetError(f"{written}: there is no XYK pool of this pair, nor was one", "create the pool first")
    return share


def _address(text: str) -> bytes:
    try:
        account = ss58.decode(text)
    except ss58.Ss58Error as error:
        raise AccountError(str(error), "copy the address again") from None
    if len(account) != 32:
        raise AccountError(f"{text} is the address of {len(account)} bytes", "accounts have 32 bytes")
    return account


def _auction(text: str) -> bytes:
    digits = text.partition(":")[2].replace("_", "")
    if len(digits) > _MOST_DIGITS or int(digits) > MAX_AUCTION:
        raise AccountError(f"{short(text)}: an auction id out of range", f"ids go from 0 to {MAX_AUCTION}")
    return accounts.sub_account(AUCTIONS_PALLET, int(digits).to_bytes(8, "little"))


def _nearest_form(text: str) -> str:
    near = get_close_matches(text.partition(":")[0], [form.partition(":")[0] for form in ACCOUNT_FORMS], n=1)
    forms = [form for form in ACCOUNT_FORMS if near and form.startswith(near[0])] or ACCOUNT_FORMS
    return f"write {' or '.join(forms)}"
