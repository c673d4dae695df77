"""The first state and its header. Source: spec/money.md §2, §12, spec/substrate.md §4."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chain.blocks.execution import CODE
from chain.frame import Runtime
from chain.pallets.system import FIRST_PARENT, System
from chain.pallets.system_declared import LastRuntimeUpgrade
from chain.primitives.header import Digest, Header
from chain.state import RAW, BlockState
from chain.trie import EMPTY_ROOT, MemoryStore


@dataclass(frozen=True)
class GenesisBlock:
    """Block 0 and all trie nodes of its state."""

    header: Header
    nodes: dict[bytes, bytes]


def build_genesis(
    runtime: Runtime, config: Mapping[str, Mapping[str, Any]], storage: Mapping[bytes, bytes | None] | None = None
) -> GenesisBlock:
    """Block 0 of `runtime`.

    `config` holds `Genesis` values by pallet key and attribute, already as Python values; what is not given has its
    default. `storage` is raw and written after all else.
    """
    state = BlockState(MemoryStore(), EMPTY_ROOT, runtime.state_version)
    environment = runtime.open(state.overlay)
    overlay = state.overlay
    overlay.write(CODE, runtime.code, RAW)
    system = environment[System]
    system.parent_hash.put(FIRST_PARENT)
    system.block_hash.insert(0, FIRST_PARENT)
    system.upgraded_to_u32_ref_count.put(True)
    system.upgraded_to_triple_ref_count.put(True)
    system.last_runtime_upgrade.put(LastRuntimeUpgrade(runtime.spec_version, runtime.name))
    for pallet in environment:
        declared = pallet.declaration.genesis
        given = config.get(pallet.key, {})
        pallet.build_genesis({key: given.get(key, setting.default) for key, setting in declared.items()})
    for key, value in (storage or {}).items():
        if value is None:
            overlay.erase(key)
        else:
            overlay.write(key, value, RAW)
    root, nodes = state.commit()
    header = Header(bytes(32), 0, root, EMPTY_ROOT, Digest(()))
    return GenesisBlock(header, nodes)
