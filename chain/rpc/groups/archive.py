"""`archive_v1_*`: every block that there is, by hash or height."""

from collections.abc import Iterator
from typing import Any

from chain.rpc.connection import Caller, Subscription
from chain.rpc.forms import hex_of
from chain.rpc.methods import Group, method
from chain.rpc.params import Hash, Hex, Number, Text
from chain.rpc.runtime_calls import CallFailed, call_runtime
from chain.rpc.storage_items import Queries, Query, answers
from chain.rpc.view import View

EVENT, KIND = "archive_v1_storageEvent", "archive_v1_storage"


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

    def _events(self, hash: bytes, queries: list[Query]) -> Iterator[dict[str, Any]]:
        header = self._view.find(hash)
        if header is None:
            yield {"event": "storageError", "error": f"there is no block {hex_of(hash)}"}
            return
        for item in answers(self._view.trie_at(header.state_root), queries):
            yield {"event": "storage"} | dict(item)
        yield {"event": "storageDone"}
