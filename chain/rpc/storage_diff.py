"""What changed in the state between two blocks: `archive_v1_storageDiff`.

Source: the published JSON-RPC interface, https://paritytech.github.io/json-rpc-interface-spec (archive_v1_storageDiff).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from chain.crypto.hashing import blake2_256
from chain.rpc.forms import hex_of
from chain.rpc.params import HEX, Kind, UnfitError, list_of
from chain.trie import Trie, differing_keys

MOST_ITEMS = 4_096

FIELDS = {"key", "returnType", "childTrieKey"}


@dataclass(frozen=True)
class Wanted:
    """The keys that begin with a prefix: their values, or the hashes of these."""

    prefix: bytes
    hashed: bool

    def show(self, value: bytes) -> dict[str, str]:
        return {"hash": hex_of(blake2_256(value))} if self.hashed else {"value": hex_of(value)}


EVERYTHING = Wanted(b"", False)


def _read(value: Any) -> Wanted | None:
    """`None` for keys of a child trie: there are none on this chain."""
    if not isinstance(value, dict) or not value.keys() <= FIELDS:
        raise UnfitError('{"key": …, "returnType": …}')
    kind = value.get("returnType")
    if kind not in ("value", "hash"):
        raise UnfitError("a returnType, value or hash,")
    prefix, child = value.get("key"), value.get("childTrieKey")
    wanted = Wanted(b"" if prefix is None else HEX.read(prefix), kind == "hash")
    if child is None:
        return wanted
    HEX.read(child)
    return None


WANTED = list_of(Kind("an item", _read), MOST_ITEMS)

Items = Annotated[list[Wanted | None], WANTED]


def changes(before: Trie, after: Trie, items: Sequence[Wanted | None]) -> Iterator[Mapping[str, str]]:
    """Each key that was added, modified or deleted, ascending; of a deleted one, the value that it had.

    Where several items fit a key, the first decides what is shown.
    """
    wanted = [item for item in items if item is not None]
    for key in differing_keys(before, after):
        fits = next((item for item in wanted if key.startswith(item.prefix)), None)
        if fits is None:
            continue
        old, new = before.get(key), after.get(key)
        value = old if new is None else new
        assert value is not None, "a key that differs has a value on one side"
        kind = "added" if old is None else "deleted" if new is None else "modified"
        yield {"key": hex_of(key), "type": kind} | fits.show(value)
