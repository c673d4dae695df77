"""`basilisk_*`: what this program's own commands ask of a running node."""

import asyncio
from itertools import islice
from typing import Any

from chain.node.records import SNAPSHOT
from chain.node.service import Sealed
from chain.node.store import TABLES
from chain.rpc.errors import dev_error, invalid_params, over_maximum
from chain.rpc.feed import Feed, Stage
from chain.rpc.forms import hex_of, hex_or_null
from chain.rpc.kept import Kept
from chain.rpc.methods import Group, method
from chain.rpc.params import Hash, Hex, Number, Text
from chain.rpc.sealing import Mode, Sealer
from chain.rpc.view import View

PAGE = 1_000
"""Entries of one answer, at most."""

RELAY_MOST = 500
"""Relay blocks of one request, at most."""

LOOK_EVERY = 0.02
LONGEST_WAIT = 60
"""Seconds."""


class Basilisk(Group):
    def __init__(self, view: View, sealer: Sealer, feed: Feed) -> None:
        self._view, self._sealer, self._feed = view, sealer, feed
        self._included: Kept[bytes, bytes] = Kept(8_192)
        feed.on_sealed(Stage.WATCHES, self._remember)
        feed.on_reverted(lambda _: self._included.clear())

    @method("basilisk_get")
    def get(self, table: Text, key: Hex) -> str | None:
        """An entry of the node's store."""
        return hex_or_null(self._view.node.archive.storage.get(_table(table), key))

    @method("basilisk_scan")
    def scan(self, table: Text, start: Hex, count: Number) -> list[list[str]]:
        """Entries of the node's store in the order of their keys, from `start` on."""
        if count > PAGE:
            raise over_maximum(4002, "count", count, PAGE)
        found = self._view.node.archive.storage.scan(_table(table), start)
        return [[hex_of(key), hex_of(value)] for key, value in islice(found, count)]

    @method("basilisk_advanceRelay")
    def advance_relay(self, blocks: Number) -> int:
        """Let the relay chain seal blocks without a candidate; its height."""
        if blocks > RELAY_MOST:
            raise over_maximum(4002, "blocks", blocks, RELAY_MOST)
        self._view.node.advance_relay(blocks)
        self._sealer.tell_final_later()
        return self._view.node.relay.head.number

    @method("basilisk_snapshot")
    def snapshot(self, name: Text) -> str:
        """Name the present state; the snapshot in SCALE."""
        return hex_of(SNAPSHOT.encode(self._view.node.snapshot(name)))

    @method("basilisk_revert")
    def revert(self, name: Text) -> str:
        """Go back to a snapshot; it, in SCALE."""
        snapshot = self._view.node.revert(name)
        self._feed.reverted(self._view.best)
        return hex_of(SNAPSHOT.encode(snapshot))

    @method("basilisk_awaitExtrinsic")
    async def await_extrinsic(self, hash: Hash, seconds: Number) -> str | None:
        """The block that holds an extrinsic; null if it still waits, or blocks are sealed by hand only."""
        for _ in range(int(min(seconds, LONGEST_WAIT) / LOOK_EVERY) + 1):
            found = self._included.get(hash)
            if found is not None:
                return hex_of(found)
            if hash not in self._sealer.waiting():
                raise dev_error("the extrinsic is in no block, and waits for none", "submit it again")
            if self._sealer.mode is Mode.MANUAL:
                return None
            await asyncio.sleep(LOOK_EVERY)
        return None

    def _remember(self, sealed: Sealed) -> None:
        for applied in sealed.applied:
            self._included.put(applied.extrinsic.hash, sealed.hash)


def _table(name: str) -> Any:
    if name not in TABLES:
        raise invalid_params(f"table: one of {', '.join(TABLES)} is needed")
    return name
