"""Upward messages (UMP): queued by the block that includes them, served by the next one. Source: spec/xcm.md §1, §2.

Nobody on this relay chain runs what they hold; to serve a message is to take it from its queue. In between a
parachain reads in the relay state how much room it has left.
"""

from collections.abc import Sequence
from typing import ClassVar

from chain.crypto.hashers import Identity, Twox64Concat, storage_prefix
from chain.frame import StorageMap, StorageValue
from chain.frame.storage_handles import MapHandle, ValueHandle
from chain.primitives.relay_keys import UMP_ROOM
from chain.relay.errors import InclusionError
from chain.scale import BYTES, U32, Struct, VecOf
from chain.scale.types import u32
from chain.state import Overlay

MAX_QUEUE_COUNT, MAX_QUEUE_SIZE = 10, 51_200
"""Messages, and bytes, that a para's queue holds."""

MAX_MESSAGE_SIZE = 51_200
MAX_MESSAGES = 10
"""Of one candidate."""


class Room(Struct):
    """How much more a queue takes: messages, bytes."""

    notation: ClassVar[str] = "(u32, u32)"

    count: u32
    size: u32


_QUEUES = StorageMap(
    U32, VecOf(BYTES), hasher=Twox64Concat, raw=storage_prefix("Ump", "RelayDispatchQueues"), default=()
)
_NEEDS_DISPATCH = StorageValue(VecOf(U32), raw=storage_prefix("Ump", "NeedsDispatch"), default=())
_ROOMS = StorageMap(U32, Room, hasher=Identity, raw=UMP_ROOM)


class Upward:
    """The queues from parachains in the state of one relay block."""

    def __init__(self, overlay: Overlay) -> None:
        self.queues: MapHandle[int, tuple[bytes, ...], tuple[bytes, ...]] = _QUEUES.bind(overlay)
        self.needs_dispatch: ValueHandle[tuple[int, ...], tuple[int, ...]] = _NEEDS_DISPATCH.bind(overlay)
        """The paras whose queues hold something, in the order in which they are served."""
        self.rooms: MapHandle[int, Room, Room | None] = _ROOMS.bind(overlay)
        """Nothing is stored of a queue that was never used: it has all its room."""

    def room(self, para: int) -> Room:
        """What is left in the para's queue."""
        return self.rooms.get(para) or Room(MAX_QUEUE_COUNT, MAX_QUEUE_SIZE)

    def check(self, para: int, messages: Sequence[bytes]) -> None:
        """May a candidate send these; raises `Inclusion.InvalidUpwardMessages`."""
        room = self.room(para)
        if len(messages) > min(MAX_MESSAGES, room.count):
            raise InclusionError("InvalidUpwardMessages", f"{len(messages)} messages, there is room for {room.count}")
        size = sum(map(len, messages))
        if size > room.size or any(len(message) > MAX_MESSAGE_SIZE for message in messages):
            raise InclusionError("InvalidUpwardMessages", f"{size} bytes, there is room for {room.size}")

    def receive(self, para: int, messages: Sequence[bytes]) -> None:
        """Queue the messages of an included candidate."""
        if not messages:
            return
        room = self.room(para)
        self.queues.insert(para, (*self.queues.get(para), *messages))
        self.rooms.insert(para, Room(room.count - len(messages), room.size - sum(map(len, messages))))
        if para not in self.needs_dispatch.get():
            self.needs_dispatch.put((*self.needs_dispatch.get(), para))

    def serve(self) -> None:
        """A relay block begins: the queues drain."""
        waiting = self.needs_dispatch.get()
        for para in waiting:
            self.queues.remove(para)
            self.rooms.insert(para, Room(MAX_QUEUE_COUNT, MAX_QUEUE_SIZE))
        if waiting:
            self.needs_dispatch.kill()
