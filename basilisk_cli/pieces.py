"""Collections and items as commands name and show them: `1000000`, `1000000/1`. Source: spec/nft-marketplace.md."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import typer

from amm.pallets.auctions import Auctions
from amm.pallets.nft import Nft
from amm.pallets.uniques import Uniques
from amm.pallets.uniques_types import CollectionDetails, ItemDetails
from amm.wording import short
from basilisk_cli.errors import CliError
from basilisk_cli.metadata import text_of
from basilisk_cli.names import Names
from basilisk_cli.output import screen
from basilisk_cli.session import Session
from basilisk_cli.written import signer_of
from chain.crypto import ss58
from chain.frame import Environment

NEXT = "next"
MOST_NAMED = 12
"""So many names at most are listed where one is unknown."""

_ID = re.compile(r"[0-9][0-9_]*")
_MOST_DIGITS = 60
_GREATEST = 2**128 - 1


class Piece(NamedTuple):
    """An item of a collection."""

    collection: int
    item: int

    @property
    def key(self) -> tuple[int, int]:
        """As storage has it, where the pair is one key."""
        return self.collection, self.item

    def __str__(self) -> str:
        return f"{self.collection}/{self.item}"


@dataclass(frozen=True)
class Collection:
    """A collection: what Uniques keeps of it, and what NFT has written on it."""

    id: int
    details: CollectionDetails
    type: str | None
    metadata: bytes

    def document(self) -> dict[str, Any]:
        """In JSON, base units; `text` is the metadata, if it can be printed."""
        return {
            "collection": self.id,
            "owner": ss58.encode(self.details.owner),
            "type": self.type,
            "items": self.details.items,
            "deposit": self.details.total_deposit,
            "frozen": self.details.is_frozen,
            "metadata": "0x" + self.metadata.hex(),
            "text": text_of(self.metadata),
        }


@dataclass(frozen=True)
class Item:
    """An item: whose it is, and the auction that holds it, if one does."""

    piece: Piece
    details: ItemDetails
    metadata: bytes
    auction: int | None

    @property
    def owner(self) -> bytes:
        return self.details.owner

    def document(self) -> dict[str, Any]:
        """In JSON, base units; `text` is the metadata, if it can be printed."""
        return {
            "collection": self.piece.collection,
            "item": self.piece.item,
            "owner": ss58.encode(self.owner),
            "deposit": self.details.deposit,
            "frozen": self.details.is_frozen,
            "auction": self.auction,
            "metadata": "0x" + self.metadata.hex(),
            "text": text_of(self.metadata),
        }


# -- what people write -----------------------------------------------------------------------------------------------


def parse_collection(text: str) -> int:
    """The id of a collection. Raises CliError."""
    return _id(text, text, "collection", "write its number, as in 1000000")


def parse_piece(text: str) -> Piece:
    """An item by `COLLECTION/ITEM`. Raises CliError."""
    collection, slash, item = text.partition("/")
    hint = "write COLLECTION/ITEM, as in 1000000/1"
    if not slash:
        raise CliError(f"{short(text)!r} is no item", hint)
    return Piece(_id(collection, text, "item", hint), _id(item, text, "item", hint))


def _id(digits: str, text: str, kind: str, hint: str) -> int:
    if not _ID.fullmatch(digits) or len(digits) > _MOST_DIGITS:
        raise CliError(f"{short(text)!r} is no {kind}", hint)
    number = int(digits.replace("_", ""))
    if number > _GREATEST:
        raise CliError(f"{short(text)}: an id out of range", "ids go up to 2^128 − 1")
    return number


# -- looking ---------------------------------------------------------------------------------------------------------


def list_collections(state: Environment) -> list[Collection]:
    """All collections, by their ids."""
    uniques = state[Uniques]
    return sorted((_collection(state, id, found) for id, found in uniques.class_.items()), key=lambda each: each.id)


def find_collection(state: Environment, id: int) -> Collection:
    """Raises CliError with the collections there are."""
    details = state[Uniques].class_.get(id)
    if details is None:
        known = [each for each, _ in state[Uniques].class_.items()]
        raise CliError(f"there is no collection {id}", there_is(id, known) or "make one: `basilisk nft create`")
    return _collection(state, id, details)


def list_items(state: Environment, collection: int | None = None) -> list[Item]:
    """The items of a collection, or of all, by their ids."""
    asset = state[Uniques].asset
    entries = asset.items() if collection is None else asset.items(collection)
    held = auctions_by_piece(state)
    return sorted((_item(state, Piece(c, i), found, held) for c, i, found in entries), key=lambda each: each.piece)


def get_item(state: Environment, piece: Piece) -> Item | None:
    details = state[Uniques].asset.get(*piece)
    return None if details is None else _item(state, piece, details, auctions_by_piece(state))


def find_item(state: Environment, piece: Piece) -> Item:
    """Raises CliError with the items or collections there are."""
    found = get_item(state, piece)
    if found is None:
        raise CliError(f"there is no item {piece}", other_items(state, piece))
    return found


def other_items(state: Environment, piece: Piece) -> str:
    """How to mend the name of an item that is not there. Raises CliError if there is no such collection either."""
    find_collection(state, piece.collection)
    known = [each for _, each, _ in state[Uniques].asset.items(piece.collection)]
    empty = f"the collection is empty: `basilisk nft mint {piece}` makes this one"
    return there_is(piece.item, known, f"{piece.collection}/") or empty


def say_whose(ctx: typer.Context, item: Item, signer: str, session: Session) -> None:
    """The chain lets only the owner do this; say so beforehand where it is somebody else."""
    if item.owner != signer_of(session, signer):
        screen(ctx).note(f"{item.piece} is {Names(session).account(item.owner)}'s, not {signer}'s.")


def next_collection(state: Environment) -> int:
    """The first id above all that users have taken. Raises CliError if there is none."""
    reserved = state[Nft].reserve_collection_id_up_to
    return _after(max((id for id, _ in state[Uniques].class_.items() if id > reserved), default=reserved))


def next_item(state: Environment, collection: int) -> int:
    """The first id above all that a collection has; they begin with 1. Raises CliError if there is none."""
    return _after(max((item for _, item, _ in state[Uniques].asset.items(collection)), default=0))


def _after(id: int) -> int:
    if id == _GREATEST:
        raise CliError("the greatest number there is has been taken, so there is no next one", "name a free one")
    return id + 1


def auctions_by_piece(state: Environment) -> dict[Piece, int]:
    """Which items auctions hold, by the auction that is not closed yet."""
    sales = state.find(Auctions)
    if sales is None:
        return {}
    open_ = ((id, found.common_data) for id, found in sales.auctions.items() if not found.common_data.closed)
    return {Piece(*data.token): id for id, data in open_}


def there_is(id: int, known: Sequence[int], before: str = "") -> str:
    """`there is 1, 2, 7`: what may be meant by an id that is not there, the nearest ones if they are many."""
    near = sorted(sorted(known, key=lambda each: abs(each - id))[:MOST_NAMED])
    more = f" and {len(known) - MOST_NAMED} more" if len(known) > MOST_NAMED else ""
    return f"there is {', '.join(f'{before}{each}' for each in near)}{more}" if near else ""


def _collection(state: Environment, id: int, details: CollectionDetails) -> Collection:
    info = state[Nft].collections.get(id)
    if info is None:
        return Collection(id, details, None, b"")
    return Collection(id, details, info.collection_type.name, info.metadata)


def _item(state: Environment, piece: Piece, details: ItemDetails, held: dict[Piece, int]) -> Item:
    info = state[Nft].items.get(*piece)
    return Item(piece, details, b"" if info is None else info.metadata, held.get(piece))
