"""`transaction_v1_*`: extrinsics that are offered to the pool until they are taken, or the client stops."""

from chain.node.service import Sealed
from chain.rpc.connection import Caller, Subscription
from chain.rpc.errors import RpcError, invalid_params
from chain.rpc.feed import Feed, Stage
from chain.rpc.methods import Group, method
from chain.rpc.params import Hex, Text
from chain.rpc.sealing import Sealer

KIND = "transaction_v1_broadcast"


class Transaction(Group):
    def __init__(self, sealer: Sealer, feed: Feed) -> None:
        self._sealer, self._feed = sealer, feed

    @method("transaction_v1_broadcast")
    def broadcast(self, caller: Caller, extrinsic: Hex) -> str | None:
        """Offer an extrinsic now and, if it is not taken, after each block. What becomes of it is not told."""
        if len(caller.connection.of_kind(KIND)) >= caller.limits.broadcasts:
            return None

        def start(subscription: Subscription) -> None:
            if not self._offer(extrinsic):
                subscription.endings.append(self._feed.on_sealed(Stage.WATCHES, lambda _: again(_, subscription)))

        def again(_: Sealed, subscription: Subscription) -> None:
            if self._offer(extrinsic):
                for ending in subscription.endings:
                    ending()
                subscription.endings.clear()

        return caller.subscribe("", KIND, start).id

    @method("transaction_v1_stop")
    def stop(self, caller: Caller, operation: Text) -> None:
        if not caller.connection.unsubscribe(operation, KIND):
            raise invalid_params(f"operation: there is no broadcast {operation[:64]!r}")

    def _offer(self, extrinsic: bytes) -> bool:
        """Whether the pool has taken it, or has it already."""
        try:
            self._sealer.submit(extrinsic)
        except RpcError as error:
            return error.code == 1013
        return True
