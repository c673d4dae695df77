"""One client's connection, whatever carries it: what waits to be sent, and what it has subscribed to.

Everything is bounded. A client that does not read its notifications is cut off: what it would miss it could not know.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import msgspec

from chain.rpc.errors import method_not_found, too_many

Ending = Callable[[], None]


@dataclass(frozen=True)
class Limits:
    """What one client may take. Sizes in bytes."""

    message: int = 16 << 20
    batch: int = 1_000
    answer: int = 64 << 20
    """The answers to one batch together."""
    waiting: int = 8_192
    """Messages that wait to be sent."""
    waiting_bytes: int = 64 << 20
    subscriptions: int = 1_024
    follows: int = 4
    operations: int = 64
    """`chainHead_v1` operations that run at once in one follow."""
    pinned: int = 4_096
    """Blocks that one follow keeps."""
    broadcasts: int = 64


@dataclass
class Subscription:
    """What a client listens to. `method` names its notifications, `kind` the method that ends it."""

    id: str
    method: str
    kind: str
    connection: "Connection"
    endings: list[Ending] = field(default_factory=list)
    weight: int = 0
    """What it costs, where its kind is bounded by more than their number."""

    def send(self, result: Any) -> None:
        self.connection.notify(self.method, self.id, result)

    def end(self) -> None:
        for ending in self.endings:
            ending()
        self.endings.clear()


class Connection:
    """A client that can be told things. `wake` is called when something waits to be sent."""

    def __init__(self, limits: Limits, names: Iterator[str], wake: Callable[[], None] = lambda: None) -> None:
        self.limits = limits
        self.subscriptions: dict[str, Subscription] = {}
        self.closed = False
        self.overrun = False
        self._names, self._wake = names, wake
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._sources: dict[str, tuple[Subscription, Iterator[Any]]] = {}

    # -- sending -------------------------------------------------------------------------------------------------

    def send(self, message: bytes) -> None:
        """Queue a message; an answer is never dropped, as requests are read no faster than answers leave."""
        if self.closed:
            return
        self._waiting.append(message)
        self._bytes += len(message)
        self._wake()

    def notify(self, method: str, subscription: str, result: Any) -> None:
        """Queue a notification, or close the connection of a client that reads too slowly."""
        if self.closed:
            return
        if len(self._waiting) >= self.limits.waiting or self._bytes > self.limits.waiting_bytes:
            self.overrun = True
            self.close()
            return
        params = {"subscription": subscription, "result": result}
        self.send(msgspec.json.encode({"jsonrpc": "2.0", "method": method, "params": params}))

    def draw(self, subscription: Subscription, results: Iterator[Any]) -> None:
        """Notify of results one by one, made no faster than they leave, until the subscription ends."""
        self._sources[subscription.id] = subscription, results
        subscription.endings.append(lambda: self._dry(subscription.id))
        self._wake()

    def _dry(self, id: str) -> None:
        self._sources.pop(id, None)

    @property
    def congested(self) -> bool:
        """Whether more requests should wait until something was sent."""
        return len(self._waiting) * 2 > self.limits.waiting or self._bytes * 2 > self.limits.waiting_bytes

    def take(self) -> bytes | None:
        """The next message to send."""
        while not self._waiting and self._sources:
            id, (subscription, results) = next(iter(self._sources.items()))
            result = next(results, None)
            if result is None:
                self.unsubscribe(id, subscription.kind)
                self._dry(id)
            else:
                subscription.send(result)
        if not self._waiting:
            return None
        message = self._waiting.popleft()
        self._bytes -= len(message)
        return message

    # -- subscriptions -------------------------------------------------------------------------------------------

    def subscribe(self, method: str, kind: str) -> Subscription:
        """A new subscription. Raises `RpcError` if there are too many."""
        if len(self.subscriptions) >= self.limits.subscriptions:
            raise too_many("subscriptions", self.limits.subscriptions)
        made = Subscription(next(self._names), method, kind, self)
        self.subscriptions[made.id] = made
        return made

    def of_kind(self, kind: str) -> list[Subscription]:
        return [each for each in self.subscriptions.values() if each.kind == kind]

    def unsubscribe(self, id: str, kind: str) -> bool:
        """Whether there was such a subscription."""
        found = self.subscriptions.get(id)
        if found is None or found.kind != kind:
            return False
        del self.subscriptions[id]
        found.end()
        return True

    def close(self) -> None:
        """The client is gone, or has to go: all that it listened to ends."""
        self.closed = True
        subscriptions, self.subscriptions = self.subscriptions, {}
        for each in subscriptions.values():
            each.end()
        self._waiting.clear()
        self._sources.clear()
        self._bytes = 0
        self._wake()


@dataclass
class Caller:
    """Who makes a request. Over plain HTTP there is no connection that could be told something later."""

    limits: Limits
    link: Connection | None
    after: list[Callable[[], None]] = field(default_factory=list)

    @property
    def connection(self) -> Connection:
        """Raises `RpcError` over plain HTTP."""
        if self.link is None:
            raise method_not_found("this needs a WebSocket: nothing can be told over plain HTTP later")
        return self.link

    def then(self, action: Callable[[], None]) -> None:
        """Do something once the answer is on its way."""
        self.after.append(action)

    def subscribe(
        self, method: str, kind: str, start: Callable[[Subscription], Ending | None] = lambda _: None
    ) -> Subscription:
        """Subscribe now; `start` runs once the answer is on its way, and gives what ends it. Raises `RpcError`."""
        made = self.connection.subscribe(method, kind)

        def begin() -> None:
            if made.id in made.connection.subscriptions:
                ending = start(made)
                if ending is not None:
                    made.endings.append(ending)

        self.then(begin)
        return made
