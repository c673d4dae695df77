"""`chain_*`: blocks and heads."""

from typing import Annotated, Any

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
        """The last block that the relay chain has made final."""
        return hex_of(self._view.finalized.hash)

    # -- subscriptions -------------------------------------------------------------------------------------------

    @method("chain_subscribeNewHeads", "chain_subscribeNewHead", "subscribe_newHead")
    def subscribe_new(self, caller: Caller) -> str:
        """The best header now, and each new one."""
        return caller.subscribe(NEW, NEW, self._tell_best).id

    @method("chain_unsubscribeNewHeads", "chain_unsubscribeNewHead", "unsubscribe_newHead")
    def unsubscribe_new(self, caller: Caller, subscription: Text) -> bool:
        return caller.connection.unsubscribe(subscription, NEW)

    @method("chain_subscribeAllHeads")
    def subscribe_all(self, caller: Caller) -> str:
        return caller.subscribe(ALL, ALL, self._tell_best).id

    @method("chain_unsubscribeAllHeads")
    def unsubscribe_all(self, caller: Caller, subscription: Text) -> bool:
        return caller.connection.unsubscribe(subscription, ALL)

    @method("chain_subscribeFinalizedHeads", "chain_subscribeFinalisedHeads")
    def subscribe_finalized(self, caller: Caller) -> str:
        """The last final header now, and each new one, none left out."""
        return caller.subscribe(FINAL, FINAL, self._tell_final).id

    @method("chain_unsubscribeFinalizedHeads", "chain_unsubscribeFinalisedHeads")
    def unsubscribe_finalized(self, caller: Caller, subscription: Text) -> bool:
        return caller.connection.unsubscribe(subscription, FINAL)

    def _tell_best(self, subscription: Subscription) -> None:
        def tell(header: Header) -> None:
            subscription.send(header_json(header))

        subscription.endings.append(self._feed.on_sealed(Stage.HEADS, lambda sealed: tell(sealed.header)))
        subscription.endings.append(self._feed.on_reverted(tell))
        tell(self._view.best)

    def _tell_final(self, subscription: Subscription) -> None:
        def tell(header: Header) -> None:
            subscription.send(header_json(header))

        subscription.endings.append(self._feed.on_final(Stage.HEADS, tell))
        subscription.endings.append(self._feed.on_reverted(lambda _: tell(self._view.finalized)))
        tell(self._view.finalized)
