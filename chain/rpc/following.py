"""One follow of `chainHead_v1`: the blocks it has pinned, and the operations that run in it.

Source: spec/json-rpc.md, "chainHead_v1". A block that was reported stays usable until it is unpinned.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import count, islice
from typing import Any

from chain.frame.metadata import runtime_version
from chain.primitives.header import Header
from chain.rpc.connection import Limits, Subscription
from chain.rpc.errors import DUPLICATE_HASHES, INVALID_BLOCK, NOTHING_TO_CONTINUE, WITHOUT_RUNTIME
from chain.rpc.feed import Feed, Stage
from chain.rpc.forms import hex_of, spec_json
from chain.rpc.view import View

FIRST_BLOCKS = 6
"""Blocks that a follow begins with: about a minute's worth."""

PAGE = 1_000
"""Items of one event."""

LIMIT_REACHED = {"result": "limitReached"}

Items = Iterator[Mapping[str, str]]


class Following:
    """Tells a client of blocks. `stop` ends it when the chain went back, or too much is pinned."""

    def __init__(self, view: View, limits: Limits, with_runtime: bool) -> None:
        self._view, self._limits, self.with_runtime = view, limits, with_runtime
        self._pinned: dict[bytes, Header] = {}
        self._waiting: dict[str, Items] = {}
        self._numbers = count()
        self._subscription: Subscription | None = None

    def start(self, subscription: Subscription, feed: Feed) -> None:
        self._subscription = subscription
        final, best = self._view.finalized, self._view.best
        blocks = self._view.ancestry(final, FIRST_BLOCKS)
        for header in blocks:
            self._pinned[header.hash] = header
        first: dict[str, Any] = {"finalizedBlockHashes": [hex_of(header.hash) for header in blocks]}
        if self.with_runtime:
            first["finalizedBlockRuntime"] = spec_json(runtime_version(self._view.runtime))
        self._tell("initialized", **first)
        for header in self._view.ancestry(best, best.number - final.number, final.number):
            self._pin(header)
        self._tell("bestBlockChanged", bestBlockHash=hex_of(best.hash))
        subscription.endings.append(feed.on_sealed(Stage.FOLLOWS, lambda sealed: self._new(sealed.header)))
        subscription.endings.append(feed.on_final(Stage.FOLLOWS, self._final))
        subscription.endings.append(feed.on_reverted(lambda _: self._stop()))

    # -- blocks --------------------------------------------------------------------------------------------------

    def _new(self, header: Header) -> None:
        if len(self._pinned) >= self._limits.pinned:
            self._stop()
            return
        self._pin(header)
        self._tell("bestBlockChanged", bestBlockHash=hex_of(header.hash))

    def _pin(self, header: Header) -> None:
        self._pinned[header.hash] = header
        runtime = {"newRuntime": None} if self.with_runtime else {}
        hashes = {"blockHash": hex_of(header.hash), "parentBlockHash": hex_of(header.parent_hash)}
        self._tell("newBlock", **hashes, **runtime)

    def _final(self, header: Header) -> None:
        self._tell("finalized", finalizedBlockHashes=[hex_of(header.hash)], prunedBlockHashes=[])

    def _stop(self) -> None:
        self._tell("stop")
        if self._subscription is not None:
            self._subscription.connection.unsubscribe(self._subscription.id, self._subscription.kind)

    def header(self, block: bytes) -> Header:
        """A pinned block. Raises `RpcError` −32801."""
        header = self._pinned.get(block)
        if header is None:
            raise INVALID_BLOCK
        return header

    def unpin(self, blocks: list[bytes]) -> None:
        """All of them or none. Raises `RpcError`."""
        if len(set(blocks)) != len(blocks):
            raise DUPLICATE_HASHES
        for block in blocks:
            self.header(block)
        for block in blocks:
            del self._pinned[block]

    def check_runtime(self) -> None:
        """Raises `RpcError` −32802."""
        if not self.with_runtime:
            raise WITHOUT_RUNTIME

    # -- operations ----------------------------------------------------------------------------------------------

    def begin(self) -> str | None:
        """The id of a new operation; `None` while too many wait to be continued."""
        if len(self._waiting) >= self._limits.operations:
            return None
        return str(next(self._numbers))

    def finish(self, operation: str, event: str, **fields: Any) -> None:
        """The last word on an operation that is done at once."""
        self._tell(event, operationId=operation, **fields)

    def give(self, operation: str, items: Items) -> None:
        """A page of items; what is left waits until the client asks on."""
        page = list(islice(items, PAGE))
        if page:
            self._tell("operationStorageItems", operationId=operation, items=page)
        if len(page) < PAGE:
            self._waiting.pop(operation, None)
            self._tell("operationStorageDone", operationId=operation)
        else:
            self._waiting[operation] = items
            self._tell("operationWaitingForContinue", operationId=operation)

    def go_on(self, operation: str) -> Callable[[], None]:
        """What continues an operation, once its answer is sent. Raises `RpcError` −32803."""
        items = self._waiting.get(operation)
        if items is None:
            raise NOTHING_TO_CONTINUE
        return lambda: self._give_if_wanted(operation, items)

    def _give_if_wanted(self, operation: str, items: Items) -> None:
        if operation in self._waiting:
            self.give(operation, items)

    def cancel(self, operation: str) -> None:
        self._waiting.pop(operation, None)

    def _tell(self, event: str, **fields: Any) -> None:
        if self._subscription is not None:
            self._subscription.send({"event": event} | fields)
