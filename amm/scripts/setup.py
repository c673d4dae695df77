"""What a chain is set up with: the `setup` of a script, and most of a chain spec.

Source: spec/trade-scripts.md, "Genesis"; spec/nft-marketplace.md §4; spec/network.md §7 for faults.
"""

import re
from typing import Annotated

from amm.relay_setup import LAID_RELAY, LaidRelay
from amm.scripts.fault_setup import FAULTS, U8, U32, FaultSetup
from amm.scripts.forms import ACCOUNT, AMOUNT, ASSET, VALUE
from amm.scripts.kinds import ListOf, TableOf, TextOf, Whole
from amm.scripts.names import ITEM, LOWER_NAME, NameOf
from amm.scripts.neighbours import CHANNELS, MESSAGES, PARACHAINS, Channels, MessageSetup, ParaSetup
from amm.scripts.shapes import Key, Reader, Record, RecordOf
from amm.scripts.source import Integer, Node, Text

NATIVE = 0
"""The chain's own asset."""

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


STORED_ITEMS = ListOf(RecordOf(StoredItem, "a storage item"), "a list of {item, keys, value}")
_ASSETS = ListOf(RecordOf(AssetSetup, "an asset"), "a list of assets")
_COLLECTIONS = ListOf(RecordOf(CollectionSetup, "a collection"), "a list of collections")


class Setup(Record, frozen=True, kw_only=True):
    """What is laid over the chain spec's genesis."""

    runtime: Annotated[Settings, Key(SETTINGS, "pallet constants, by pallet and constant name")] = ()
    assets: Annotated[tuple[AssetSetup, ...] | None, Key(_ASSETS, "all assets but BSX")] = None
    balances: Annotated[Holdings | None, Key(HOLDINGS, "who has what")] = None
    nfts: Annotated[tuple[CollectionSetup, ...], Key(_COLLECTIONS, "NFT collections and their items")] = ()
    storage: Annotated[tuple[StoredItem, ...], Key(STORED_ITEMS, "storage items, set after all else")] = ()
    faults: Annotated[tuple[FaultSetup, ...], Key(FAULTS, "faults of the relay chain's actors")] = ()

    parachains: Annotated[tuple[ParaSetup, ...], Key(PARACHAINS, "others on the relay chain")] = ()
    channels: Annotated[Channels | None, Key(CHANNELS, "channels that are open between parachains; none")] = None
    messages: Annotated[tuple[MessageSetup, ...], Key(MESSAGES, "messages that the relay chain queues")] = ()

    def examine(self, reader: Reader) -> None:
        assets = self.assets or ()
        _refuse_twice(reader, "asset", [(asset.id, asset) for asset in assets])
        _refuse_twice(reader, "asset name", [(asset.name or asset.symbol.value, asset) for asset in assets])
        _refuse_twice(reader, "collection", [(nft.collection, nft) for nft in self.nfts])
        _refuse_twice(reader, "parachain", [(para.id, para) for para in self.parachains])


class ScriptSetup(Setup, frozen=True, kw_only=True):
    """What a script lays over the chain spec's genesis."""

    relay: Annotated[LaidRelay | None, Key(LAID_RELAY, "the relay chain; what is left out stays as it is")] = None


SETUP = RecordOf(ScriptSetup, "setup")


def _refuse_twice(reader: Reader, what: str, named: list[tuple[int | str, Record]]) -> None:
    """Notes every record whose name an earlier one has."""
    first: dict[int | str, Record] = {}
    for name, record in named:
        if first.setdefault(name, record) is not record:
            hint = f"it is first given in line {first[name].mark.line}; give it another"
            reader.refuse(record.mark, f"the {what} {name!r} is given twice", hint)
