"""Storage queries of `chainHead_v1` and `archive_v1`: what kinds there are, and their results one by one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from chain.crypto.hashing import blake2_256
from chain.rpc.forms import hex_of
from chain.rpc.params import HEX, Kind, UnfitError, list_of
from chain.trie import Trie

ONE = ("value", "hash", "closestDescendantMerkleValue")
MANY = ("descendantsValues", "descendantsHashes")

MOST_QUERIES = 4_096


@dataclass(frozen=True)
class Query:
    """What is asked of one key, or of all keys that begin with it; `after` leaves out those up to it."""

    key: bytes
    kind: str
    after: bytes | None = None

    @property
    def many(self) -> bool:
        return self.kind in MANY


def _read(value: Any) -> Query:
    if not isinstance(value, dict) or not value.keys() <= {"key", "type", "paginationStartKey"}:
        raise UnfitError('{"key": …, "type": …}')
    kind, after = value.get("type"), value.get("paginationStartKey")
    if kind not in ONE and kind not in MANY:
        raise UnfitError(f"a type, one of {', '.join(ONE + MANY)},")
    return Query(HEX.read(value.get("key")), kind, None if after is None else HEX.read(after))


QUERIES = list_of(Kind("a query", _read), MOST_QUERIES)

Queries = Annotated[list[Query], QUERIES]


def answers(trie: Trie, queries: list[Query]) -> Iterator[Mapping[str, str]]:
    """Item after item, in the order of the queries; what is absent gives none."""
    for query in queries:
        if query.many:
            yield from _descendants(trie, query)
        else:
            found = _single(trie, query)
            if found is not None:
                yield {"key": hex_of(query.key)} | found


def _single(trie: Trie, query: Query) -> dict[str, str] | None:
    if query.kind == "closestDescendantMerkleValue":
        merkle = trie.merkle_value(query.key)
        return None if merkle is None else {"closestDescendantMerkleValue": hex_of(merkle)}
    value = trie.get(query.key)
    if value is None:
        return None
    return {"value": hex_of(value)} if query.kind == "value" else {"hash": hex_of(blake2_256(value))}


def _descendants(trie: Trie, query: Query) -> Iterator[dict[str, str]]:
    for key, value in trie.items(query.key, query.after):
        if query.kind == "descendantsValues":
            yield {"key": hex_of(key), "value": hex_of(value)}
        else:
            yield {"key": hex_of(key), "hash": hex_of(blake2_256(value))}
