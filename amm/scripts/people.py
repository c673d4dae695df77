"""The accounts that a script names, for reports to people."""

from collections.abc import Iterator, Sequence

import msgspec

from amm.scripts.source import Node, Text, walk
from amm.scripts.steps import Step
from amm.values import AccountForm, Book, WrittenError, account_form, parse_account

MOST_NAMES = 1_000
"""Of a script; the accounts beyond are shown as addresses."""

LONGEST_NAME = 40


def names_in(steps: Sequence[Step], book: Book) -> dict[str, bytes]:
    """Every text of the steps that can be read as the name of an account, with the account.

    Texts that mean something else do no harm: nobody ever meets their accounts.
    """
    found: dict[str, bytes] = {}
    for text in _texts(tuple(steps)):
        if text not in found and len(found) < MOST_NAMES:
            account = _account(text, book)
            if account is not None:
                found[text] = account
    return found


def _account(text: str, book: Book) -> bytes | None:
    if len(text) > LONGEST_NAME:
        return None
    try:
        if account_form(text) in (AccountForm.ADDRESS, AccountForm.KEY):
            return None
        return parse_account(text, book)
    except (WrittenError, ValueError):
        return None


def _texts(value: object) -> Iterator[str]:
    """The texts in a value, wherever they stand."""
    if isinstance(value, Node):
        yield from (node.value for node in walk(value) if isinstance(node, Text))
    elif isinstance(value, tuple):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from _texts(getattr(value, name))
