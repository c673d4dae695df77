"""Storage as people write it in `dev_setStorage`: by pallet, item, keys and value. Chopsticks' form.

    {"System": {"Account": [[["bob"], {…}]]}, "Timestamp": {"Now": 6000}, "Sudo": {"Key": null}}
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from amm.arguments import Plain, read_value, to_node
from amm.book import ChainBook
from amm.scripts.errors import Faults
from amm.wording import nearest
from chain.frame import Runtime
from chain.frame.storage import StorageItem

REMOVE = "$removePrefix"


class StorageReader:
    """Reads written storage with the runtime's types; `book` gives symbols and decimals as of now."""

    def __init__(self, runtime: Runtime, book: Callable[[], ChainBook]) -> None:
        self._runtime, self._book = runtime, book

    def __call__(self, written: Mapping[str, Any]) -> list[tuple[bytes, bytes | None]]:
        """Raw keys with their values, None for those to be removed. Raises ValueError."""
        try:
            return [pair for pallet, items in written.items() for pair in self._pallet(pallet, items)]
        except Faults as error:
            fault = error.faults[0]
            raise ValueError(f"{fault.message}: {fault.hint}") from None

    def _pallet(self, pallet: str, items: Any) -> Iterator[tuple[bytes, bytes | None]]:
        if not isinstance(items, dict):
            raise ValueError(f"{pallet}: {{Item: value}} is needed")
        for name, value in items.items():
            if name == REMOVE:
                raise ValueError(f"{REMOVE} is not known here: give each key with null")
            yield from self._item(self._find(pallet, name), value)

    def _find(self, pallet: str, name: str) -> StorageItem:
        try:
            items = self._runtime.pallet(pallet).declaration.storage.values()
        except KeyError:
            known = [each.name for each in self._runtime.pallets.values()]
            raise ValueError(f"there is no pallet {pallet!r}: {nearest(pallet, known)}") from None
        for item in items:
            if item.name == name:
                return item
        raise ValueError(f"{pallet} has no item {name!r}: {nearest(name, [item.name for item in items])}")

    def _item(self, item: StorageItem, value: Any) -> Iterator[tuple[bytes, bytes | None]]:
        if not item.keys:
            yield item.key(), self._encoded(item, value)
            return
        if not isinstance(value, list):
            raise ValueError(f"{item.pallet}.{item.name}: [[[key, …], value], …] is needed")
        for pair in value:
            if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], list):
                raise ValueError(f"{item.pallet}.{item.name}: [[[key, …], value], …] is needed")
            if len(pair[0]) != len(item.keys):
                raise ValueError(f"{item.pallet}.{item.name} has {len(item.keys)} keys, not {len(pair[0])}")
            keys = [self._read(codec, key) for codec, key in zip(item.keys, pair[0], strict=True)]
            yield item.key(*keys), self._encoded(item, pair[1])

    def _encoded(self, item: StorageItem, value: Any) -> bytes | None:
        if value is None:
            return None
        codec = self._runtime.codec_of_item(item)
        return codec.encode(self._read(codec, value))

    def _read(self, codec: Any, value: Any) -> Any:
        return read_value(to_node(value), codec, Plain(self._runtime, self._book()))
