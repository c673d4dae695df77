"""`archive_v1_*`: every block that there is, by hash or height."""

from collections.abc import Iterator, Sequence
from typing import Any

from chain.rpc.connection import Caller, Subscription
from chain.rpc.forms import hex_of
from chain.rpc.methods import Group, method
from chain.rpc.params import Hash, Hex, Number, Text
from chain.rpc.runtime_calls import CallFailed, call_runtime
from chain.rpc.storage_diff import EVERYTHING, Items, Wanted, changes
from chain.rpc.storage_items import Queries, Query, answers
from chain.rpc.view import View

EVENT, KIND = "archive_v1_storageEvent", "archive_v1_storage"
DIFF_EVENT, DIFF_KIND = "archive_v1_storageDiffEvent", "archive_v1_storageDiff"

NO_PARENT = "the genesis block has no parent: archive_v1_storage gives its whole state"


class Archive(Group):
    def __init__(self, view: View) -> None:
        self._view = view

    @method("archive_v1_finalizedHeight")
    def finalized_height(self) -> int:
        return self._view.finalized.number

    @method("archive_v1_hashByHeight")
    def hashes(self, height: Number) -> list[str]:
        found = self._view.hash_of(height)
        return [] if found is None else [hex_of(found)]

    @method("archive_v1_header")
    def header(self, hash: Hash) -> str | None:
        header = self._view.find(hash)
        return None if header is None else hex_of(header.encode())

    @method("archive_v1_body")
    def body(self, hash: Hash) -> list[str] | None:
        if self._view.find(hash) is None:
            return None
        return [hex_of(raw) for raw in self._view.body(hash)]

    @method("archive_v1_call")
    def call(self, hash: Hash, function: Text, data: Hex) -> dict[str, Any] | None:
        if self._view.find(hash) is None:
            return None
        try:
            return {"success": True, "value": hex_of(call_runtime(self._view, hash, function, data))}
        except CallFailed as error:
            return {"success": False, "error": str(error)}

    @method("archive_v1_storage")
    def storage(self, caller: Caller, hash: Hash, items: Queries, child: Hex | None = None) -> str:
        """Values, hashes and subtrees, item by item. There are no child tries: one that is named is empty."""

        def start(subscription: Subscription) -> None:
            subscription.connection.draw(subscription, self._events(hash, [] if child is not None else items))

        return caller.subscribe(EVENT, KIND, start).id

    @method("archive_v1_stopStorage")
    def stop_storage(self, caller: Caller, subscription: Text) -> bool:
        return caller.connection.unsubscribe(subscription, KIND)

    @method("archive_v1_storageDiff")
    def storage_diff(
        self, caller: Caller, hash: Hash, items: Items | None = None, previous_hash: Hash | None = None
    ) -> str:
        """The keys that changed since an ancestor, or since the parent; without items all of them, with values."""

        def start(subscription: Subscription) -> None:
            events = self._changes(hash, items or [EVERYTHING], previous_hash)
            subscription.connection.draw(subscription, events)

        return caller.subscribe(DIFF_EVENT, DIFF_KIND, start).id

    @method("archive_v1_stopStorageDiff", "archive_v1_storageDiff_stopStorageDiff")
    def stop_storage_diff(self, caller: Caller, subscription: Text) -> bool:
        return caller.connection.unsubscribe(subscription, DIFF_KIND)

    def _changes(
        self, hash: bytes, items: Sequence[Wanted | None], previous: bytes | None
    ) -> Iterator[dict[str, Any]]:
        header = self._view.find(hash)
        if header is None or (header.number == 0 and previous is None):
            why = NO_PARENT if header is not None else f"there is no block {hex_of(hash)}"
            yield {"event": "storageDiffError", "error": why}
            return
        before = self._view.find(previous or header.parent_hash)
        if before is None or not self._view.descends(header, before):
            why = f"{hex_of(previous or b'')} is no ancestor of {hex_of(hash)}"
            yield {"event": "storageDiffError", "error": why}
            return
        tries = self._view.trie_at(before.state_root), self._view.trie_at(header.state_root)
        for change in changes(*tries, items):
            yield {"event": "storageDiff"} | dict(change)
        yield {"event": "storageDiffDone"}

    def _events(self, hash: bytes, queries: list[Query]) -> Iterator[dict[str, Any]]:
        header = self._view.find(hash)
        if header is None:
            yield {"event": "storageError", "error": f"there is no block {hex_of(hash)}"}
            return
        for item in answers(self._view.trie_at(header.state_root), queries):
            yield {"event": "storage"} | dict(item)
        yield {"event": "storageDone"}
