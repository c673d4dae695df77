"""`author_*`: the pool, and what becomes of an extrinsic."""

from collections.abc import Mapping
from typing import Annotated, Any

from chain.node.service import Sealed
from chain.primitives.header import Header
from chain.rpc.connection import Caller, Subscription
from chain.rpc.errors import invalid_params
from chain.rpc.feed import Feed, Stage
from chain.rpc.forms import hex_of
from chain.rpc.methods import Group, method
from chain.rpc.params import HASH as HASH_KIND
from chain.rpc.params import HEX as HEX_KIND
from chain.rpc.params import OBJECT, Hex, Text, UnfitError, list_of
from chain.rpc.sealing import Sealer, decode_extrinsic

UPDATE = "author_extrinsicUpdate"

Marks = Annotated[list[Mapping[str, Any]], list_of(OBJECT, 1_024)]


class Author(Group):
    def __init__(self, sealer: Sealer, feed: Feed) -> None:
        self._sealer = sealer
        self._watched: dict[bytes, list[Subscription]] = {}
        self._in_block: dict[bytes, bytes] = {}  # of those that are watched
        sealer.usurped = self._usurped
        feed.on_sealed(Stage.WATCHES, self._included)
        feed.on_final(Stage.WATCHES, self._finalized)
        feed.on_reverted(self._reverted)

    @method("author_submitExtrinsic")
    def submit(self, extrinsic: Hex) -> str:
        """Put an extrinsic into the pool; its hash."""
        return hex_of(self._sealer.submit(extrinsic).hash)

    @method("author_submitAndWatchExtrinsic")
    def submit_and_watch(self, caller: Caller, extrinsic: Hex) -> str:
        """Put an extrinsic into the pool, and tell what becomes of it."""
        made = caller.subscribe(UPDATE, UPDATE)
        try:
            hash = self._sealer.submit(extrinsic).hash
        except BaseException:
            made.connection.unsubscribe(made.id, UPDATE)
            raise
        self._watched.setdefault(hash, []).append(made)
        made.endings.append(lambda: self._forget(hash, made))
        ready = any(each.hash == hash for each in self._sealer.node.pool.ready())
        caller.then(lambda: made.send("ready" if ready else "future"))
        return made.id

    @method("author_unwatchExtrinsic")
    def unwatch(self, caller: Caller, subscription: Text) -> bool:
        return caller.connection.unsubscribe(subscription, UPDATE)

    @method("author_pendingExtrinsics")
    def pending(self) -> list[str]:
        return [hex_of(each.raw) for each in self._sealer.node.pool.pending()]

    @method("author_removeExtrinsic")
    def remove(self, extrinsics: Marks) -> list[str]:
        """Take extrinsics out of the pool, each given as `{"hash": …}` or `{"extrinsic": …}`."""
        waiting, removed = self._sealer.waiting(), []
        for mark in extrinsics:
            hash = _marked(mark)
            if hash in waiting:
                self._sealer.node.pool.remove(hash)
                removed.append(hex_of(hash))
                self._last(hash, "dropped")
        return removed

    # -- what becomes of them ------------------------------------------------------------------------------------

    def _included(self, sealed: Sealed) -> None:
        included = {applied.extrinsic.hash for applied in sealed.applied}
        waiting = self._sealer.waiting() if self._watched else set()
        for hash in list(self._watched):
            if hash in included:
                self._in_block[hash] = sealed.hash
                for watcher in list(self._watched[hash]):
                    watcher.send({"inBlock": hex_of(sealed.hash)})
            elif hash not in waiting and hash not in self._in_block:
                self._last(hash, "invalid")

    def _finalized(self, header: Header) -> None:
        block = header.hash
        for hash in [hash for hash, where in self._in_block.items() if where == block]:
            self._last(hash, {"finalized": hex_of(block)})

    def _usurped(self, old: bytes, new: bytes) -> None:
        self._last(old, {"usurped": hex_of(new)})

    def _reverted(self, best: Header) -> None:
        waiting = self._sealer.waiting() if self._watched else set()
        for hash in list(self._watched):
            if hash not in waiting:
                self._last(hash, "dropped")

    def _last(self, hash: bytes, status: Any) -> None:
        """The last word on an extrinsic."""
        for watcher in list(self._watched.get(hash, ())):
            watcher.send(status)
            watcher.connection.unsubscribe(watcher.id, UPDATE)

    def _forget(self, hash: bytes, watcher: Subscription) -> None:
        watchers = self._watched.get(hash, [])
        if watcher in watchers:
            watchers.remove(watcher)
        if not watchers:
            self._watched.pop(hash, None)
            self._in_block.pop(hash, None)


def _marked(mark: Mapping[str, Any]) -> bytes:
    """The hash that an entry of `author_removeExtrinsic` means. Raises `RpcError`."""
    try:
        if mark.keys() == {"hash"}:
            hash: bytes = HASH_KIND.read(mark["hash"])
            return hash
        if mark.keys() == {"extrinsic"}:
            return decode_extrinsic(HEX_KIND.read(mark["extrinsic"])).hash
    except UnfitError as error:
        raise invalid_params(f"extrinsics: {error} is needed") from None
    raise invalid_params('extrinsics: {"hash": …} or {"extrinsic": …} is needed')
