"""`chain_*`: blocks and heads."""

from typing import Annotated, Any

from chain.node.service import Sealed
from chain.primitives.header import Header
from chain.rpc.connection import Caller, Subscription
from chain.rpc.feed import Feed, Stage
from chain.rpc.forms import header_json, hex_of, hex_or_null
from chain.rpc.methods import Group, method
from chain.rpc.params import NUMBER, Hash, Text, one_or_many
from chain.rpc.view import View

NEW, ALL, FINAL = "chain_newHead", "chain_allHead", "chain_finalizedHead"


class Chain(Group):
    def __init__(self, view: View, feed: Feed) -> None:
        self._view, self._feed = view, feed

    @method("chain_getBlockHash", "chain_getHead")
    def block_hash(self, number: Annotated[Any, one_or_many(NUMBER)] = None) -> Any:
        """The hash at a height, of several heights, or of the best block."""
        if number is None:
            return hex_of(self._view.best_hash)
        if isinstance(number, list):
            return [hex_or_null(self._view.hash_of(each)) for each in number]
        return hex_or_null(self._view.hash_of(number))

    @method("chain_getHeader")
    def header(self, hash: Hash | None = None) -> dict[str, Any] | None:
        header = self._view.find(hash)
        return None if header is None else header_json(header)

    @method("chain_getBlock")
    def block(self, hash: Hash | None = None) -> dict[str, Any] | None:
        header = self._view.find(hash)
        if header is None:
            return None
        extrinsics = [hex_of(raw) for raw in self._view.body(header.hash)]
        return {"block": {"header": header_json(header), "extrinsics": extrinsics}, "justifications": None}

    @method("chain_getFinalizedHead", "chain_getFinalisedHead")
    def finalized_head(self) -> str:
        """The best block: included is as final as this chain knows."""
        return hex_of(self._view.finalized.hash)

    # -- subscriptions -------------------------------------------------------------------------------------------

    @method("chain_subscribeNewHeads", "chain_subscribeNewHead", "subscribe_newHead")
    def subscribe_new(self, caller: Caller) -> str:
        """The best header now, and each new one."""
        return self._subscribe(caller, NEW, Stage.HEADS)

    @method("chain_unsubscribeNewHeads", "chain_unsubscribeNewHead", "unsubscribe_newHead")
    def unsubscribe_new(self, caller: Caller, subscription: Text) -> bool:
        return caller.connection.unsubscribe(subscription, NEW)

    @method("chain_subscribeAllHeads")
    def subscribe_all(self, caller: Caller) -> str:
        return self._subscribe(caller, ALL, Stage.HEADS)

    @method("chain_unsubscribeAllHeads")
    def unsubscribe_all(self, caller: Caller, subscription: Text) -> bool:
        return caller.connection.unsubscribe(subscription, ALL)

    @method("chain_subscribeFinalizedHeads", "chain_subscribeFinalisedHeads")
    def subscribe_finalized(self, caller: Caller) -> str:
        return self._subscribe(caller, FINAL, Stage.FINALIZED_HEADS)

    @method("chain_unsubscribeFinalizedHeads", "chain_unsubscribeFinalisedHeads")
    def unsubscribe_finalized(self, caller: Caller, subscription: Text) -> bool:
        return caller.connection.unsubscribe(subscription, FINAL)

    def _subscribe(self, caller: Caller, name: str, stage: Stage) -> str:
        def start(subscription: Subscription) -> None:
            def on_sealed(sealed: Sealed) -> None:
                subscription.send(header_json(sealed.header))

            def on_reverted(best: Header) -> None:
                subscription.send(header_json(best))

            subscription.endings.append(self._feed.on_sealed(stage, on_sealed))
            subscription.endings.append(self._feed.on_reverted(on_reverted))
            subscription.send(header_json(self._view.best))

        return caller.subscribe(name, name, start).id
