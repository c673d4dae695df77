"""`chainHead_v1_*`: following the chain, with operations on the blocks that are followed."""

from collections.abc import Callable
from typing import Annotated, Any

from chain.rpc.connection import Caller, Subscription
from chain.rpc.errors import TOO_MANY_FOLLOWS
from chain.rpc.feed import Feed
from chain.rpc.following import LIMIT_REACHED, Following
from chain.rpc.forms import hex_of
from chain.rpc.methods import Group, method
from chain.rpc.params import HASH, Flag, Hash, Hex, Text, one_or_many
from chain.rpc.runtime_calls import CallFailed, call_runtime
from chain.rpc.storage_items import Queries, answers
from chain.rpc.view import View

EVENT, KIND = "chainHead_v1_followEvent", "chainHead_v1_follow"

Action = Callable[[Following, str], None]


class ChainHead(Group):
    def __init__(self, view: View, feed: Feed) -> None:
        self._view, self._feed = view, feed
        self._follows: dict[str, Following] = {}

    @method("chainHead_v1_follow")
    def follow(self, caller: Caller, with_runtime: Flag) -> str:
        """Hear of every block, and pin it until it is unpinned."""
        if len(caller.connection.of_kind(KIND)) >= caller.limits.follows:
            raise TOO_MANY_FOLLOWS
        following = Following(self._view, caller.limits, with_runtime)

        def start(subscription: Subscription) -> None:
            subscription.endings.append(lambda: self._end(subscription.id))
            self._follows[subscription.id] = following
            following.start(subscription, self._feed)

        return caller.subscribe(EVENT, KIND, start).id

    @method("chainHead_v1_unfollow")
    def unfollow(self, caller: Caller, subscription: Text) -> None:
        caller.connection.unsubscribe(subscription, KIND)

    @method("chainHead_v1_header")
    def header(self, caller: Caller, subscription: Text, hash: Hash) -> str | None:
        following = self._find(caller, subscription)
        return None if following is None else hex_of(following.header(hash).encode())

    @method("chainHead_v1_body")
    def body(self, caller: Caller, subscription: Text, hash: Hash) -> dict[str, Any]:
        def run(following: Following, operation: str) -> None:
            extrinsics = [hex_of(raw) for raw in self._view.body(hash)]
            following.finish(operation, "operationBodyDone", value=extrinsics)

        return self._start(caller, subscription, hash, run)

    @method("chainHead_v1_call")
    def call(self, caller: Caller, subscription: Text, hash: Hash, function: Text, data: Hex) -> dict[str, Any]:
        def run(following: Following, operation: str) -> None:
            try:
                output = call_runtime(self._view, hash, function, data)
            except CallFailed as error:
                following.finish(operation, "operationError", error=str(error))
            else:
                following.finish(operation, "operationCallDone", output=hex_of(output))

        following = self._find(caller, subscription)
        if following is not None:
            following.header(hash)
            following.check_runtime()
        return self._start(caller, subscription, hash, run)

    @method("chainHead_v1_storage")
    def storage(
        self, caller: Caller, subscription: Text, hash: Hash, items: Queries, child: Hex | None = None
    ) -> dict[str, Any]:
        """Values, hashes and subtrees. There are no child tries: one that is named is empty."""

        def run(following: Following, operation: str) -> None:
            found = answers(self._view.trie(hash), [] if child is not None else items)
            following.give(operation, found)

        return self._start(caller, subscription, hash, run, discardedItems=0)

    @method("chainHead_v1_continue")
    def go_on(self, caller: Caller, subscription: Text, operation: Text) -> None:
        following = self._find(caller, subscription)
        if following is not None:
            caller.then(following.go_on(operation))

    @method("chainHead_v1_stopOperation")
    def stop_operation(self, caller: Caller, subscription: Text, operation: Text) -> None:
        following = self._find(caller, subscription)
        if following is not None:
            following.cancel(operation)

    @method("chainHead_v1_unpin")
    def unpin(self, caller: Caller, subscription: Text, hashes: Annotated[Any, one_or_many(HASH)]) -> None:
        following = self._find(caller, subscription)
        if following is not None:
            following.unpin(hashes if isinstance(hashes, list) else [hashes])

    def _find(self, caller: Caller, id: str) -> Following | None:
        """A follow of this connection; `None` for one that is dead or never was."""
        subscription = caller.connection.subscriptions.get(id)
        return None if subscription is None else self._follows.get(id)

    def _end(self, id: str) -> None:
        self._follows.pop(id, None)

    def _start(self, caller: Caller, id: str, hash: bytes, run: Action, **more: Any) -> dict[str, Any]:
        """Begin an operation on a pinned block; it runs once its answer is sent."""
        following = self._find(caller, id)
        if following is None:
            return LIMIT_REACHED
        following.header(hash)
        operation = following.begin()
        if operation is None:
            return LIMIT_REACHED
        caller.then(lambda: run(following, operation))
        return {"result": "started", "operationId": operation} | more
