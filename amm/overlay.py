"""Laying a script's setup over a chain spec's genesis. Source: spec/trade-scripts.md, "Genesis"."""

from collections.abc import Callable

from amm.genesis_values import GenesisBook, resolve_account, resolve_asset
from amm.scripts.setup import CollectionSetup, Holdings, Settings
from amm.scripts.source import Integer, Node, Text

Keeps = Callable[[bytes, int], bool]
"""Whether an account keeps what the spec gives it of an asset, although the setup gives balances."""


def merged_settings(base: Settings, laid: Settings) -> Settings:
    """The base's constants, with those of `laid` in their place or after them."""
    tables: dict[str, tuple[Text, dict[str, tuple[Text, Node]]]] = {}
    for pallet, constants in (*base, *laid):
        _, table = tables.setdefault(pallet.value, (pallet, {}))
        table.update({constant.value: (constant, value) for constant, value in constants})
    return tuple((pallet, tuple(table.values())) for pallet, table in tables.values())


def merged_collections(
    base: tuple[CollectionSetup, ...], laid: tuple[CollectionSetup, ...]
) -> tuple[CollectionSetup, ...]:
    """The base's collections, with those of `laid` in place of the ones with their ids."""
    replaced = {collection.collection for collection in laid}
    return (*(collection for collection in base if collection.collection not in replaced), *laid)


def merged_balances(base: Holdings, laid: Holdings | None, book: GenesisBook, keeps: Keeps) -> Holdings:
    """The balances of `laid`, and those of the base that stay.

    Without `laid` all stay whose asset still exists; with it those that `keeps` says, unless `laid` gives the
    same account the same asset, zero included.
    """
    accounts: dict[bytes | str, tuple[Text, list[tuple[Text | Integer, Text | Integer]]]] = {}
    stated: set[tuple[bytes | str, int | None]] = set()
    for account, held in laid or ():
        who = resolve_account(account, book, []) or account.value
        accounts.setdefault(who, (account, []))[1].extend(held)
        stated |= {(who, resolve_asset(asset, book, [])) for asset, _ in held}
    for account, held in base:
        who = resolve_account(account, book, []) or account.value
        for asset, amount in held:
            which = resolve_asset(asset, book, [])
            gone = which is None or book.symbol(which) is None
            if gone or (who, which) in stated:
                continue
            if laid is None or (isinstance(who, bytes) and which is not None and keeps(who, which)):
                accounts.setdefault(who, (account, []))[1].append((asset, amount))
    return tuple((account, tuple(held)) for account, held in accounts.values())
