"""`state_*` and `payment_*`: storage at any block, proofs, and the runtime's own functions."""

from itertools import islice
from typing import Any

from chain.crypto.hashing import blake2_256
from chain.frame.metadata import export, runtime_version
from chain.primitives.fees import FeeDetails, RuntimeDispatchInfo
from chain.primitives.header import Header
from chain.rpc.errors import execution_failed, invalid_params, over_maximum
from chain.rpc.forms import changes_json, hex_of, hex_or_null, version_json
from chain.rpc.methods import Group, method
from chain.rpc.params import Hash, Hex, Keys, Number, Text
from chain.rpc.runtime_calls import CallFailed, call_runtime
from chain.rpc.view import View
from chain.scale import codec_of
from chain.trie import prove

PAGE = 1_000
"""Keys of one answer, at most."""

PAIRS = 16_384
"""Entries that the old methods without pages give, at most."""

RANGE = 4_096
"""Blocks that `state_queryStorage` looks at, at most."""

CHANGES = 65_536
"""Values that `state_queryStorage` looks up, at most."""

DISPATCH_INFO, FEE_DETAILS = codec_of(RuntimeDispatchInfo), codec_of(FeeDetails)


class State(Group):
    def __init__(self, view: View) -> None:
        self._view = view

    # -- values --------------------------------------------------------------------------------------------------

    @method("state_getStorage", "state_getStorageAt")
    def storage(self, key: Hex, at: Hash | None = None) -> str | None:
        return hex_or_null(self._view.trie(at).get(key))

    @method("state_getStorageHash", "state_getStorageHashAt")
    def storage_hash(self, key: Hex, at: Hash | None = None) -> str | None:
        value = self._view.trie(at).get(key)
        return None if value is None else hex_of(blake2_256(value))

    @method("state_getStorageSize", "state_getStorageSizeAt")
    def storage_size(self, key: Hex, at: Hash | None = None) -> int | None:
        value = self._view.trie(at).get(key)
        return None if value is None else len(value)

    @method("state_queryStorageAt")
    def query_at(self, keys: Keys, at: Hash | None = None) -> list[Any]:
        """The values under several keys, in the order asked."""
        header = self._view.header(at)
        trie = self._view.trie(header.hash)
        return [changes_json(header.hash, [(key, trie.get(key)) for key in keys])]

    @method("state_queryStorage")
    def query(self, keys: Keys, from_: Hash, to: Hash | None = None) -> list[Any]:
        """For each block that changed any of the keys: which, and to what. The first block gives all."""
        first, last = self._view.header(from_), self._view.header(to)
        if not (self._view.on_chain(first) and self._view.on_chain(last)) or first.number > last.number:
            raise invalid_params("from and to are blocks of the best chain, in this order")
        blocks = last.number - first.number + 1
        if blocks > RANGE:
            raise over_maximum(4001, "block range", blocks, RANGE)
        if blocks * len(keys) > CHANGES:
            raise over_maximum(4001, "blocks times keys", blocks * len(keys), CHANGES)
        found: list[Any] = []
        before: dict[bytes, bytes | None] = {}
        for number in range(first.number, last.number + 1):
            header = self._at(number)
            trie = self._view.trie_at(header.state_root)
            now = {key: trie.get(key) for key in keys}
            changes = [(key, now[key]) for key in keys if number == first.number or now[key] != before[key]]
            if changes:
                found.append(changes_json(header.hash, changes))
            before = now
        return found

    # -- keys ----------------------------------------------------------------------------------------------------

    @method("state_getKeysPaged", "state_getKeysPagedAt")
    def keys_paged(
        self, prefix: Hex | None, count: Number, start: Hex | None = None, at: Hash | None = None
    ) -> list[str]:
        """At most `count` keys with the prefix, above `start`."""
        if count > PAGE:
            raise over_maximum(4002, "count", count, PAGE)
        keys = self._view.trie(at).keys(prefix or b"", start or None)
        return [hex_of(key) for key in islice(keys, count)]

    @method("state_getKeys")
    def keys(self, prefix: Hex | None, at: Hash | None = None) -> list[str]:
        """All keys with the prefix, for old tools."""
        found = list(islice(self._view.trie(at).keys(prefix or b""), PAIRS + 1))
        if len(found) > PAIRS:
            raise over_maximum(4002, "keys: use state_getKeysPaged; count", len(found), PAIRS)
        return [hex_of(key) for key in found]

    @method("state_getPairs")
    def pairs(self, prefix: Hex | None, at: Hash | None = None) -> list[list[str]]:
        """All keys with the prefix and their values, for old tools."""
        found = list(islice(self._view.trie(at).items(prefix or b""), PAIRS + 1))
        if len(found) > PAIRS:
            raise over_maximum(4002, "pairs: use state_getKeysPaged; count", len(found), PAIRS)
        return [[hex_of(key), hex_of(value)] for key, value in found]

    @method("state_getReadProof")
    def read_proof(self, keys: Keys, at: Hash | None = None) -> dict[str, Any]:
        """The trie nodes that prove what is under the keys, or that nothing is."""
        header = self._view.header(at)
        version = self._view.runtime.state_version
        proof = prove(self._view.node.nodes, header.state_root, keys, version)
        return {"at": hex_of(header.hash), "proof": [hex_of(node) for node in proof]}

    # -- the runtime ---------------------------------------------------------------------------------------------

    @method("state_call", "state_callAt")
    def call(self, name: Text, data: Hex, at: Hash | None = None) -> str:
        return hex_of(self._run(at, name, data))

    @method("state_getMetadata")
    def metadata(self, at: Hash | None = None) -> str:
        self._view.header(at)
        return hex_of(export(self._view.runtime, 14))

    @method("state_getRuntimeVersion", "chain_getRuntimeVersion")
    def version(self, at: Hash | None = None) -> dict[str, Any]:
        self._view.header(at)
        return version_json(runtime_version(self._view.runtime))

    @method("payment_queryInfo")
    def query_info(self, extrinsic: Hex, at: Hash | None = None) -> dict[str, Any]:
        info = DISPATCH_INFO.decode(self._run(at, "TransactionPaymentApi_query_info", _with_length(extrinsic)))
        weight = {"ref_time": info.weight.ref_time, "proof_size": info.weight.proof_size}
        return {"weight": weight, "class": info.class_.name.lower(), "partialFee": str(info.partial_fee)}

    @method("payment_queryFeeDetails")
    def query_fee_details(self, extrinsic: Hex, at: Hash | None = None) -> dict[str, Any]:
        data = self._run(at, "TransactionPaymentApi_query_fee_details", _with_length(extrinsic))
        fee = FEE_DETAILS.decode(data).inclusion_fee
        if fee is None:
            return {"inclusionFee": None}
        parts = {"baseFee": fee.base_fee, "lenFee": fee.len_fee, "adjustedWeightFee": fee.adjusted_weight_fee}
        return {"inclusionFee": {name: hex(amount) for name, amount in parts.items()}}

    def _run(self, at: bytes | None, name: str, data: bytes) -> bytes:
        try:
            return call_runtime(self._view, at, name, data)
        except CallFailed as error:
            raise execution_failed(str(error)) from None

    def _at(self, number: int) -> Header:
        block = self._view.hash_of(number)
        assert block is not None
        return self._view.header(block)


def _with_length(extrinsic: bytes) -> bytes:
    """The arguments of a fee query: an extrinsic, and its length."""
    return extrinsic + len(extrinsic).to_bytes(4, "little")
