"""What a chain is set up with: the `setup` of a script, and most of a chain spec.

Source: spec/trade-scripts.md, "Genesis"; spec/nft-marketplace.md §4; spec/network.md §7 for faults.
"""

import re
from typing import Annotated

from amm.scripts.forms import ACCOUNT, AMOUNT, ASSET, VALUE
from amm.scripts.kinds import ListOf, OneOf, TableOf, TextOf, Whole
from amm.scripts.names import ITEM, LOWER_NAME, NameOf
from amm.scripts.shapes import Key, Reader, Record, RecordOf
from amm.scripts.source import Integer, Node, Text
from chain.relay.faults.fault import DEEDS

NATIVE = 0
"""The chain's own asset."""

U8 = Whole(0, 2**8 - 1)
U32 = Whole(0, 2**32 - 1)
U128 = Whole(0, 2**128 - 1)

Settings = tuple[tuple[Text, tuple[tuple[Text, Node], ...]], ...]
"""Constants by pallet and name; a value is read by the constant's type."""

Holdings = tuple[tuple[Text, tuple[tuple[Text | Integer, Text | Integer], ...]], ...]
"""Amounts by account and asset."""

SETTINGS = TableOf(LOWER_NAME, TableOf(LOWER_NAME, VALUE, "{constant: value}"), "{pallet: {constant: value}}")
HOLDINGS = TableOf(ACCOUNT, TableOf(ASSET, AMOUNT, "{asset: amount}"), "{account: {asset: amount}}")

_SYMBOL = NameOf(
    re.compile(r"(?![0-9_]+$)(?!shares:)[^\s/$@][^\s/]{0,31}"),
    "a symbol: up to 32 characters without spaces and slashes, not all digits",
)


class AssetSetup(Record, frozen=True, kw_only=True):
    """An asset of the genesis."""

    id: Annotated[int, Key(U32, "the asset's id; 0 is BSX")]
    symbol: Annotated[Text, Key(_SYMBOL, "what amounts are written with")]
    name: Annotated[str | None, Key(TextOf(), "the registered name; the symbol if left out")] = None
    decimals: Annotated[int, Key(U8, "digits after the point of human amounts")]
    existential_deposit: Annotated[Text | Integer, Key(AMOUNT, "less than this is dust")]
    type: Annotated[Node | None, Key(VALUE, "a variant of AssetType; Token if left out")] = None
    location: Annotated[Node | None, Key(VALUE, "a location, or `relay` for the relay chain's own asset")] = None

    def examine(self, reader: Reader) -> None:
        for key, value in (("type", self.type), ("location", self.location)):
            if self.id == NATIVE and value is not None:
                reader.refuse(value.mark, f"asset 0 is the chain's own: it has no {key} to choose", "leave it out")


class ItemSetup(Record, frozen=True, kw_only=True):
    """An NFT of the genesis."""

    id: Annotated[int, Key(U128, "the item's id")]
    owner: Annotated[Text, Key(ACCOUNT, "who has it")]
    metadata: Annotated[Node | None, Key(VALUE, "text, or 0x and hex digits")] = None


class CollectionSetup(Record, frozen=True, kw_only=True):
    """A collection of the genesis; nothing is checked of what its creation would ask."""

    collection: Annotated[int, Key(U128, "the collection's id")]
    owner: Annotated[Text, Key(ACCOUNT, "who has it")]
    type: Annotated[Node | None, Key(VALUE, "a variant of CollectionType; Marketplace if left out")] = None
    metadata: Annotated[Node | None, Key(VALUE, "text, or 0x and hex digits")] = None
    items: Annotated[
        tuple[ItemSetup, ...], Key(ListOf(RecordOf(ItemSetup, "an item"), "a list of items"), "its items")
    ] = ()

    def examine(self, reader: Reader) -> None:
        _refuse_twice(reader, "item", [(item.id, item) for item in self.items])


class StoredItem(Record, frozen=True, kw_only=True):
    """A storage item and its value."""

    item: Annotated[Text, Key(ITEM, "Pallet.Item")]
    keys: Annotated[tuple[Node, ...], Key(ListOf(VALUE, "a list of keys"), "a map's keys")] = ()
    value: Annotated[Node, Key(VALUE, "the value; null means absent")]


_CATALOGUED = NameOf(re.compile(r"F(0[1-9]|[123][0-9]|40)"), "F01 to F40")


class FaultSetup(Record, frozen=True, kw_only=True):
    """A fault of the relay chain's actors: one of the catalogue by `id`, or a single switch by `do`."""

    id: Annotated[Text | None, Key(_CATALOGUED, "one of the catalogue")] = None
    at: Annotated[int, Key(Whole(1), "the relay block that the candidate is built on, or at which it is done")]
    do: Annotated[str | None, Key(OneOf(*DEEDS), "what is done")] = None
    para: Annotated[int | None, Key(U32, "the parachain that it befalls")] = None
    who: Annotated[tuple[int, ...], Key(ListOf(U8, "a list of validator numbers"), "the validators that deviate")] = ()
    until: Annotated[int | None, Key(Whole(1), "the last such relay block")] = None
    path: Annotated[str | None, Key(TextOf(), "what `tamper` changes, such as header.state_root")] = None
    value: Annotated[Node | None, Key(VALUE, "what it is changed into")] = None

    def examine(self, reader: Reader) -> None:
        if self.id is not None and self.do is not None:
            reader.refuse(self.mark, "a fault has either an `id` or a `do`", "F01 to F40, or a single deed")


STORED_ITEMS = ListOf(RecordOf(StoredItem, "a storage item"), "a list of {item, keys, value}")
_ASSETS = ListOf(RecordOf(AssetSetup, "an asset"), "a list of assets")
_COLLECTIONS = ListOf(RecordOf(CollectionSetup, "a collection"), "a list of collections")
_FAULTS = ListOf(RecordOf(FaultSetup, "a fault"), "a list of faults")


class Setup(Record, frozen=True, kw_only=True):
    """What is laid over the chain spec's genesis."""

    runtime: Annotated[Settings, Key(SETTINGS, "pallet constants, by pallet and constant name")] = ()
    assets: Annotated[tuple[AssetSetup, ...] | None, Key(_ASSETS, "all assets but BSX")] = None
    balances: Annotated[Holdings | None, Key(HOLDINGS, "who has what")] = None
    nfts: Annotated[tuple[CollectionSetup, ...], Key(_COLLECTIONS, "NFT collections and their items")] = ()
    storage: Annotated[tuple[StoredItem, ...], Key(STORED_ITEMS, "storage items, set after all else")] = ()
    faults: Annotated[tuple[FaultSetup, ...], Key(_FAULTS, "faults of the relay chain's actors")] = ()

    def examine(self, reader: Reader) -> None:
        assets = self.assets or ()
        _refuse_twice(reader, "asset", [(asset.id, asset) for asset in assets])
        _refuse_twice(reader, "asset name", [(asset.name or asset.symbol.value, asset) for asset in assets])
        _refuse_twice(reader, "collection", [(nft.collection, nft) for nft in self.nfts])


SETUP = RecordOf(Setup, "setup")


def _refuse_twice(reader: Reader, what: str, named: list[tuple[int | str, Record]]) -> None:
    """Notes every record whose name an earlier one has."""
    first: dict[int | str, Record] = {}
    for name, record in named:
        if first.setdefault(name, record) is not record:
            hint = f"it is first given in line {first[name].mark.line}; give it another"
            reader.refuse(record.mark, f"the {what} {name!r} is given twice", hint)
