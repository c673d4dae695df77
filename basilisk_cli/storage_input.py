"""Storage as people write it in `dev_setStorage`: by pallet, item, keys and value. Chopsticks' form.

    {"System": {"Account": [[["bob"], {"nonce": 1, "data": {"free": "5000"}}]]}, "Timestamp": {"Now": 6000},
     "Sudo": {"Key": null}, "Tokens": {"$removePrefix": ["Accounts"]}}

Names may be in any case. A value in hex is the bytes that are stored; null removes; `$removePrefix` removes all that
items hold. What comes later overrides what comes before.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from amm.arguments import Plain, read_value
from amm.book import ChainBook
from amm.scripts.errors import Faults
from amm.wording import nearest, short
from basilisk_cli.loose_values import folded, loose_node
from chain.frame import Runtime
from chain.frame.storage import StorageItem
from chain.rpc.ruling import Removal, Write
from chain.scale import DecodeError

REMOVE = "$removePrefix"


class StorageReader:
    """Reads written storage with the runtime's types; `book` gives symbols and decimals as of now."""

    def __init__(self, runtime: Runtime, book: Callable[[], ChainBook]) -> None:
        self._runtime, self._book = runtime, book

    def __call__(self, written: Mapping[str, Any]) -> list[Write]:
        """Raw keys with their values, None for those to be removed, and whole items. Raises ValueError."""
        try:
            return [each for pallet, items in written.items() for each in self._pallet(pallet, items)]
        except Faults as error:
            fault = error.faults[0]
            raise ValueError(f"{fault.message}: {fault.hint}") from None

    def _pallet(self, pallet: str, items: Any) -> Iterator[Write]:
        if not isinstance(items, dict):
            raise ValueError(f"{pallet}: {{Item: value}} is needed")
        for name, value in items.items():
            if name == REMOVE:
                yield from self._removed(pallet, value)
            else:
                yield from self._item(self._find(pallet, name), value)

    def _removed(self, pallet: str, names: Any) -> Iterator[Write]:
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise ValueError(f"{pallet}.{REMOVE}: [item, …] is needed")
        for name in names:
            yield Removal(self._find(pallet, name).prefix)

    def _find(self, pallet: str, name: str) -> StorageItem:
        pallets = {folded(each.name): each for each in self._runtime.pallets.values()}
        found = pallets.get(folded(pallet))
        if found is None:
            known = [each.name for each in pallets.values()]
            raise ValueError(f"there is no pallet {short(pallet)!r}: {nearest(pallet, known)}")
        items = {folded(item.name): item for item in found.declaration.storage.values()}
        item = items.get(folded(name))
        if item is None:
            hint = nearest(name, [item.name for item in items.values()])
            raise ValueError(f"{found.name} has no item {short(name)!r}: {hint}")
        return item

    def _item(self, item: StorageItem, value: Any) -> Iterator[Write]:
        if not item.keys:
            yield item.key(), self._encoded(item, value)
            return
        form = f"{item.pallet}.{item.name}: [[[key, …], value], …] is needed"
        if not isinstance(value, list):
            raise ValueError(form)
        for pair in value:
            if not isinstance(pair, list) or len(pair) != 2:
                raise ValueError(form)
            parts, held = pair
            if not isinstance(parts, list):
                parts = [parts]
            if len(parts) != len(item.keys):
                raise ValueError(f"{item.pallet}.{item.name} has {len(item.keys)} keys, not {len(parts)}")
            keys = [self._read(codec, key) for codec, key in zip(item.keys, parts, strict=True)]
            yield item.key(*keys), self._encoded(item, held)

    def _encoded(self, item: StorageItem, value: Any) -> bytes | None:
        """The bytes to store. Bytes that are given are checked: what no pallet could read would stop the chain."""
        if value is None:
            return None
        codec = self._runtime.codec_of_item(item)
        if not isinstance(value, str) or not value.startswith("0x"):
            return codec.encode(self._read(codec, value))
        try:
            stored = bytes.fromhex(value[2:])
            codec.decode(stored)
        except DecodeError as error:
            raise ValueError(f"{item.pallet}.{item.name}: these bytes are no {codec.notation}: {error}") from None
        except ValueError:
            raise ValueError(f"{item.pallet}.{item.name}: {short(value)!r} is not hex") from None
        return stored

    def _read(self, codec: Any, value: Any) -> Any:
        return read_value(loose_node(value, codec), codec, Plain(self._runtime, self._book()))
