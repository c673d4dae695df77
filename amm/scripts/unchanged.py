"""Whether a step's calls changed anything: the same blocks are executed without them, and the states compared.

What an extrinsic does besides its call stays: the nonce, and the fee with what it does to payer and treasury.
Source: spec/trade-scripts.md, "Expectations", `unchanged`.
"""

from collections.abc import Iterator
from typing import Any

from amm.facts import fact
from chain.blocks.execution import Applied, Execution
from chain.crypto.hashing import twox_128
from chain.frame import Runtime
from chain.frame.storage import StorageItem
from chain.node.service import Node, Sealed
from chain.pallets.parachain_system import ParachainSystem
from chain.pallets.payment import TransactionPayment
from chain.pallets.system import System
from chain.primitives.errors import Refused
from chain.primitives.header import Digest, PreRuntime
from chain.scale import DecodeError
from chain.state import BlockState
from chain.trie import OverlayStore, Trie, differing_keys

ACCOUNT = System.declaration.storage["account"].prefix
FREE_PREFIXES = (twox_128(System.name.encode()), twox_128(ParachainSystem.name.encode()))
MULTIPLIER = TransactionPayment.declaration.storage["next_fee_multiplier"]
"""What a call always changes, by what it weighs and says."""

MOST_SHOWN = 20


class Shadow:
    """The chain as it would be if blocks from now on held no calls."""

    def __init__(self, node: Node) -> None:
        self._node, self._runtime = node, node.runtime
        self._fresh: dict[bytes, bytes] = {}
        self._store = OverlayStore(self._fresh, node.nodes)
        self._root = node.best.state_root
        self._multiplier = self._best_multiplier()

    def follow(self, sealed: Sealed) -> None:
        """Execute a block that was just sealed, without its calls, at the fees that they paid."""
        header = sealed.header
        state = BlockState(self._store, self._root, self._runtime.state_version)
        slot = Digest(tuple(item for item in header.digest.logs if isinstance(item, PreRuntime)))
        execution = Execution.open(self._runtime, state, header.parent_hash, header.number, slot)
        execution.payment.next_fee_multiplier.put(self._multiplier)
        for applied in sealed.applied:
            if applied.extrinsic.signed is None:
                execution.apply(applied.extrinsic)
            else:
                _charge(execution, applied)
        closed = execution.close()
        self._fresh.update(closed.nodes)
        self._root = closed.header.state_root
        self._multiplier = self._best_multiplier()

    def _best_multiplier(self) -> int:
        stored: int | None = self._node.state().read(MULTIPLIER.prefix, MULTIPLIER.value)
        return MULTIPLIER.default if stored is None else stored

    def differences(self) -> Iterator[dict[str, Any]]:
        """What the best state has otherwise: item, keys, the value without the calls, and the value there is."""
        version = self._runtime.state_version
        without = Trie(self._store, self._root, version)
        best = Trie(self._node.nodes, self._node.best.state_root, version)
        for key in differing_keys(without, best):
            if key == MULTIPLIER.prefix or (key.startswith(FREE_PREFIXES) and not key.startswith(ACCOUNT)):
                continue
            yield {
                **place_fact(key, self._runtime),
                "was": stored_fact(key, without.get(key), self._runtime),
                "is": stored_fact(key, best.get(key), self._runtime),
            }


def _charge(execution: Execution, applied: Applied) -> None:
    """What an extrinsic does besides its call (fees-and-origins.md §1): the nonce and the fee."""
    by, system, payment = applied.extrinsic.signed, execution.system, execution.payment
    assert by is not None
    context, declared = execution.environment.context, execution.environment.info(applied.call)
    account = system.account.get(by.account)
    if account.providers == 0 and account.sufficients == 0:
        return  # the step itself brings the account into being
    mark, length = context.mark(), len(applied.extrinsic.raw)
    actual = next(e.actual_fee for e in reversed(applied.events) if isinstance(e, payment.TransactionFeePaid))
    try:
        system.inc_nonce(by.account)
        paid = payment.withdraw_fee(by.account, applied.call, declared, length, by.tip)
        if paid is not None:
            payment.needs.cashier.pay_out(by.account, paid, actual)
    except Refused:
        context.rollback(mark)


def item_of(key: bytes, runtime: Runtime) -> StorageItem | None:
    """The storage item that a raw key belongs to, if a pallet declares it."""
    for pallet in runtime.pallets.values():
        for item in pallet.declaration.storage.values():
            if key.startswith(item.prefix):
                return item
    return None


def place_fact(key: bytes, runtime: Runtime) -> dict[str, Any]:
    """A raw key as scripts write it: `{item, keys}`."""
    item = item_of(key, runtime)
    if item is None:
        return {"item": "0x" + key.hex(), "keys": []}
    try:
        keys = [fact(value, codec, runtime) for value, codec in zip(item.key_of(key), item.keys, strict=True)]
    except (DecodeError, ValueError):
        keys = ["0x" + key[len(item.prefix) :].hex()]
    return {"item": f"{item.pallet}.{item.name}", "keys": keys}


def stored_fact(key: bytes, data: bytes | None, runtime: Runtime) -> Any:
    """What is stored under a raw key, in plain values; None if nothing is."""
    item = item_of(key, runtime)
    if data is None or item is None:
        return None if data is None else "0x" + data.hex()
    codec = runtime.codec_of_item(item)
    try:
        return fact(codec.decode(data), codec, runtime)
    except DecodeError:
        return "0x" + data.hex()
