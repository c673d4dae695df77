"""`state_subscribe*`: values and versions as they change."""

from typing import Any

from chain.frame.metadata import runtime_version
from chain.node.service import Sealed
from chain.primitives.header import Header
from chain.rpc.connection import Caller, Subscription
from chain.rpc.errors import over_maximum
from chain.rpc.feed import Feed, Stage
from chain.rpc.forms import changes_json, version_json
from chain.rpc.methods import Group, method
from chain.rpc.params import Keys, Text
from chain.rpc.view import View

STORAGE, VERSION = "state_storage", "state_runtimeVersion"

MOST_KEYS = 65_536
"""Keys that all storage subscriptions of a connection watch together."""


class StateEvents(Group):
    def __init__(self, view: View, feed: Feed) -> None:
        self._view, self._feed = view, feed

    @method("state_subscribeStorage")
    def subscribe_storage(self, caller: Caller, keys: Keys | None = None) -> str:
        """All values at once, then those that a block changes. Without keys: nothing at once, then nothing."""
        watched = dict.fromkeys(keys or ())
        self._bound(caller, len(watched))
        subscription = caller.subscribe(STORAGE, STORAGE, _Watched(self._view, self._feed, list(watched)).start)
        subscription.weight = len(watched)
        return subscription.id

    @method("state_unsubscribeStorage")
    def unsubscribe_storage(self, caller: Caller, subscription: Text) -> bool:
        return caller.connection.unsubscribe(subscription, STORAGE)

    @method("state_subscribeRuntimeVersion", "chain_subscribeRuntimeVersion")
    def subscribe_version(self, caller: Caller) -> str:
        """The version now; the runtime of a chain does not change here."""

        def start(subscription: Subscription) -> None:
            subscription.send(version_json(runtime_version(self._view.runtime)))

        return caller.subscribe(VERSION, VERSION, start).id

    @method("state_unsubscribeRuntimeVersion", "chain_unsubscribeRuntimeVersion")
    def unsubscribe_version(self, caller: Caller, subscription: Text) -> bool:
        return caller.connection.unsubscribe(subscription, VERSION)

    def _bound(self, caller: Caller, more: int) -> None:
        """Raises `RpcError` if the connection would watch too many keys."""
        total = more + sum(each.weight for each in caller.connection.of_kind(STORAGE))
        if total > MOST_KEYS:
            raise over_maximum(4002, "keys watched", total, MOST_KEYS)


class _Watched:
    """The keys of one subscription and what was last said of them."""

    def __init__(self, view: View, feed: Feed, keys: list[bytes]) -> None:
        self._view, self._feed, self._keys = view, feed, keys
        self._root = b""

    def start(self, subscription: Subscription) -> None:
        best = self._view.best
        self._root = best.state_root
        trie = self._view.trie_at(best.state_root)
        subscription.send(changes_json(best.hash, [(key, trie.get(key)) for key in self._keys]))

        def on_sealed(sealed: Sealed) -> None:
            self._tell(subscription, sealed.header)

        def on_reverted(header: Header) -> None:
            self._tell(subscription, header)

        subscription.endings.append(self._feed.on_sealed(Stage.STORAGE, on_sealed))
        subscription.endings.append(self._feed.on_reverted(on_reverted))

    def _tell(self, subscription: Subscription, header: Header) -> None:
        before, now = self._view.trie_at(self._root), self._view.trie_at(header.state_root)
        self._root = header.state_root
        changes: list[tuple[bytes, Any]] = []
        for key in self._keys:
            value = now.get(key)
            if value != before.get(key):
                changes.append((key, value))
        if changes:
            subscription.send(changes_json(header.hash, changes))
