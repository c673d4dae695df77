"""What the relay chain tells a parachain, and who takes and gives its messages."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from chain.frame import NONE
from chain.primitives import relay_keys
from chain.primitives.errors import InherentError
from chain.primitives.validation import (
    HEAD_DATA,
    AbridgedHostConfiguration,
    AbridgedHrmpChannel,
    AsyncBackingParams,
    InboundDownwardMessage,
    InboundHrmpMessage,
    ParachainInherentData,
    PersistedValidationData,
    StorageProof,
)
from chain.primitives.weight import PostInfo
from chain.scale import VecOf, codec_of
from chain.scale.types import U32
from chain.trie import MemoryStore, Trie, prove

PARA = 2090
PARENT = b"the encoded header of the parent"
CONFIGURATION = AbridgedHostConfiguration(
    3_145_728, 20_480, 10, 51_200, 51_200, 10, 10, 10, 2, AsyncBackingParams(0, 0)
)
BEYOND = b"fields that only the relay chain knows"
Entries = dict[bytes, bytes | None]


def relay_entries(**more: Any) -> Entries:
    """What the relay chain's state holds for the parachain, by the names of `relay_keys`' functions."""
    entries: Entries = {
        relay_keys.CURRENT_SLOT: (14).to_bytes(8, "little"),
        relay_keys.ACTIVE_CONFIGURATION: codec_of(AbridgedHostConfiguration).encode(CONFIGURATION) + BEYOND,
        relay_keys.para_head(PARA): HEAD_DATA.encode(PARENT),
    }
    entries.update({getattr(relay_keys, name)(PARA): value for name, value in more.items()})
    return entries


def prove_all(entries: Entries) -> tuple[bytes, tuple[bytes, ...]]:
    """The relay state root and a proof of all entries, and of what is absent though it might be there."""
    store = MemoryStore()
    update = Trie(store).update({key: value for key, value in entries.items() if value is not None})
    store.put(update.nodes)
    keys = [key for key in relay_keys.proved(PARA, (), ()) if key in entries or key != relay_keys.CURRENT_SLOT]
    return update.root, tuple(prove(store, update.root, {*keys, *entries}))


def inherent(
    entries: Entries,
    number: int = 7,
    downward: Sequence[InboundDownwardMessage] = (),
    horizontal: Mapping[int, tuple[InboundHrmpMessage, ...]] | None = None,
) -> ParachainInherentData:
    root, nodes = prove_all(entries)
    facts = PersistedValidationData(PARENT, number, root, 5_242_880)
    return ParachainInherentData(facts, StorageProof(nodes), tuple(downward), dict(horizontal or {}))


def channel(head: bytes | None = None) -> bytes:
    """A channel as the relay chain keeps it."""
    return codec_of(AbridgedHrmpChannel).encode(AbridgedHrmpChannel(8, 1024, 512, 0, 0, head)) + bytes(32)


def paras(*ids: int) -> bytes:
    return VecOf(U32).encode(ids)


class Post:
    """Keeps what came, and has pages to send."""

    def __init__(self) -> None:
        self.down: list[InboundDownwardMessage] = []
        self.side: list[tuple[int, int, bytes]] = []
        self.out: list[tuple[int, bytes]] = []
        self.asked: list[int] = []

    def downward(self, messages: Sequence[InboundDownwardMessage]) -> None:
        self.down.extend(messages)

    def horizontal(self, messages: Sequence[tuple[int, int, bytes]]) -> None:
        self.side.extend(messages)

    def take_outbound(self, channels: int) -> Sequence[tuple[int, bytes]]:
        self.asked.append(channels)
        return self.out[:channels]


def run(chain: Any, data: ParachainInherentData) -> PostInfo:
    post: PostInfo = chain.run(chain.call("parachain_system.set_validation_data", data), NONE)
    return post


def broken(chain: Any, data: ParachainInherentData) -> str:
    with pytest.raises(InherentError) as error:
        run(chain, data)
    return error.value.kind
