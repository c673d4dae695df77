"""What a trade costs in a small and in a large state."""

import random
from collections.abc import Iterator

from measure import Figure, used

from amm.chain_spec import load_chain_spec
from amm.genesis import Genesis
from amm.relay_chain import validators_of
from amm.runtime import load
from amm.signing import sign_call
from chain.crypto.keys import dev
from chain.node.service import Keys, Node
from chain.node.store import MemoryStorage
from chain.pallets.system import System
from chain.primitives.account import AccountData, AccountInfo
from chain.scale import codec_of

BLOCKS, PER_BLOCK = 12, 100


def crowd(people: int) -> dict[bytes, bytes]:
    """The raw entries of `people` accounts that nobody signs for."""
    item, value = System.declaration.storage["account"], codec_of(AccountInfo)
    entry = value.encode(AccountInfo(0, 0, 1, 0, AccountData(10**15)))
    source = random.Random(7)
    return {item.key(source.randbytes(32)): entry for _ in range(people)}


def chain_with(people: int) -> Node:
    """A chain in memory with so many accounts more."""
    spec = load_chain_spec("local")
    genesis = Genesis(spec)
    block = genesis.build(crowd(people))
    validators = validators_of(spec)
    keys = Keys(genesis.collators)
    return Node.create(genesis.runtime, validators, keys, MemoryStorage(), load, block, spec.to_json(), spec.para_id)


def trade_blocks(node: Node) -> Iterator[float]:
    """Processor seconds a trade, block by block, each of a hundred trades by six people."""
    people = [dev(name) for name in ("bob", "charlie", "dave", "eve", "ferdie")]
    make = node.runtime.make_call("xyk.create_pool", 0, 10**20, 1, 25 * 10**16)
    node.seal([sign_call(node.runtime, make, dev("alice"), 0, node.genesis_hash)])
    sell = node.runtime.make_call("xyk.sell", 0, 1, 10**12, 0, False)
    for block in range(BLOCKS):
        extrinsics = [
            sign_call(node.runtime, sell, people[i % 5], block * PER_BLOCK // 5 + i // 5, node.genesis_hash)
            for i in range(PER_BLOCK)
        ]
        yield used(lambda: node.seal(extrinsics)) / PER_BLOCK  # noqa: B023


def small_and_large(small: int, large: int) -> list[Figure]:
    costs = {people: min(trade_blocks(chain_with(people))) for people in (small, large)}
    ratio = costs[large] / costs[small]
    return [Figure(f"a trade with {large:,} accounts", f"{ratio:.2f}", f"of one with {small:,}", "≤ 1.3")]
