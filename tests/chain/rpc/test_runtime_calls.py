"""The runtime's own functions, through `state_call`."""

from typing import Any

import pytest

from chain.blocks.block import Block
from chain.crypto.keys import dev
from chain.frame.metadata import APIS, RUNTIME_VERSION, runtime_version
from chain.frame.metadata.api_types import CheckInherentsResult, CollationInfo, InherentData
from chain.pallets.system import System
from chain.primitives.fees import FeeDetails, RuntimeDispatchInfo
from chain.primitives.validity import VALID_TRANSACTION
from chain.rpc.runtime_calls import METHODS
from chain.rpc.runtime_functions import FUNCTIONS
from chain.scale import BYTES, U32, U64, U128, codec_of


def ask(node: Any, name: str, data: bytes = b"", at: str | None = None) -> bytes:
    return bytes.fromhex(node.call("state_call", name, data.hex(), at)[2:])


def trap(node: Any, name: str, data: bytes = b"") -> Any:
    with pytest.raises(Exception) as caught:
        node.call("state_call", name, data.hex())
    assert caught.value.code == 4003
    assert "Execution failed" in caught.value.message
    return caught.value


def test_all_that_the_metadata_promises_is_there() -> None:
    promised = {f"{api.name}_{method.name}" for api in APIS for method in api.methods}
    assert promised == set(METHODS) == set(FUNCTIONS)


def test_the_version(node: Any) -> None:
    assert RUNTIME_VERSION.decode(ask(node, "Core_version")) == runtime_version(node.chain.runtime)


def test_unknown_functions_and_bytes_left_over(node: Any) -> None:
    trap(node, "Core_nope")
    trap(node, "")
    trap(node, "Core_version", b"\x00")
    trap(node, "AccountNonceApi_account_nonce", bytes(31))
    trap(node, "AccountNonceApi_account_nonce", bytes(33))


class TestBlocks:
    def test_a_block_is_executed_on_its_parent(self, node: Any) -> None:
        parent, record = node.call("chain_getBlockHash", 1), node.chain.node.record(2)
        encoded = codec_of(Block).encode(record.block)
        assert ask(node, "Core_execute_block", encoded, parent) == b""
        trap(node, "Core_execute_block", encoded)

    def test_a_block_is_opened(self, node: Any) -> None:
        header = node.chain.node.header(2).encode()
        assert ask(node, "Core_initialize_block", header, node.call("chain_getBlockHash", 1)) == b""

    def test_no_block_closes_without_its_inherents(self, node: Any) -> None:
        trap(node, "BlockBuilder_finalize_block")

    def test_inherents_are_made_and_checked(self, node: Any) -> None:
        data = InherentData({b"timstap0": U64.encode(10**9)})
        encoded = codec_of(InherentData).encode(data)
        made = ask(node, "BlockBuilder_inherent_extrinsics", encoded)
        assert made[0] == 4
        record = node.chain.node.record(2)
        parent = node.call("chain_getBlockHash", 1)
        block = codec_of(Block).encode(record.block)
        answer = ask(node, "BlockBuilder_check_inherents", block + encoded, parent)
        checked = codec_of(CheckInherentsResult).decode(answer)
        assert (checked.okay, checked.errors.data) == (True, {})
        early = codec_of(InherentData).encode(InherentData({b"timstap0": U64.encode(0)}))
        later = ask(node, "BlockBuilder_check_inherents", block + early, node.call("chain_getBlockHash"))
        assert codec_of(CheckInherentsResult).decode(later).errors.data == {b"timstap0": b"\x00"}


class TestExtrinsics:
    def test_applied_to_the_next_block_and_thrown_away(self, node: Any) -> None:
        best, good = node.call("chain_getBlockHash"), node.extrinsic()
        assert ask(node, "BlockBuilder_apply_extrinsic", good.raw) == b"\x00\x00"
        assert node.call("system_dryRun", "0x" + good.raw.hex()) == "0x0000"
        assert node.call("chain_getBlockHash") == best
        assert node.chain.balance("zoe", "BSX") == 0
        failing = node.extrinsic(node.chain.call("balances.transfer_allow_death", dest="zoe", value=1))
        assert ask(node, "BlockBuilder_apply_extrinsic", failing.raw) == b"\x00\x01\x07\x02"
        assert node.call("system_dryRun", "0x" + good.raw.hex(), node.call("chain_getBlockHash", 0)) == "0x010002"

    def test_validity(self, node: Any) -> None:
        extrinsic, source = node.extrinsic(), b"\x02"
        block = bytes.fromhex(node.call("chain_getBlockHash")[2:])
        answer = ask(node, "TaggedTransactionQueue_validate_transaction", source + extrinsic.raw + block)
        assert answer[0] == 0
        valid = VALID_TRANSACTION.decode(answer[1:])
        assert extrinsic.signed is not None
        nonce = extrinsic.signed.nonce
        assert valid.provides == (dev("alice").account + nonce.to_bytes(4, "little"),)
        assert (valid.requires, valid.longevity, valid.propagate) == ((), 2**64 - 1, True)
        forged = bytearray(extrinsic.raw)
        forged[60] ^= 1
        answer = ask(node, "TaggedTransactionQueue_validate_transaction", source + bytes(forged) + block)
        assert answer == bytes.fromhex("010004")
        node.call("author_submitExtrinsic", "0x" + extrinsic.raw.hex())
        node.clock.run()
        answer = ask(node, "TaggedTransactionQueue_validate_transaction", source + extrinsic.raw + block)
        assert answer == bytes.fromhex("010003")
        trap(node, "TaggedTransactionQueue_validate_transaction", b"\x09" + extrinsic.raw + block)
        trap(node, "TaggedTransactionQueue_validate_transaction", source + b"\x04\x05" + block)

    def test_nonces_are_those_of_the_state(self, node: Any) -> None:
        alice = dev("alice").account
        for number in (0, 1, 2):
            stored = node.chain.node.read(number)[System].account.get(alice).nonce
            at = node.call("chain_getBlockHash", number)
            assert U32.decode(ask(node, "AccountNonceApi_account_nonce", alice, at)) == stored


class TestFees:
    def test_the_fee_is_what_is_paid(self, node: Any) -> None:
        extrinsic = node.extrinsic()
        asked = extrinsic.raw + len(extrinsic.raw).to_bytes(4, "little")
        info = codec_of(RuntimeDispatchInfo).decode(ask(node, "TransactionPaymentApi_query_info", asked))
        details = codec_of(FeeDetails).decode(ask(node, "TransactionPaymentApi_query_fee_details", asked))
        parts = details.inclusion_fee
        assert parts is not None
        assert parts.base_fee + parts.len_fee + parts.adjusted_weight_fee == info.partial_fee
        plain = node.call("payment_queryInfo", "0x" + extrinsic.raw.hex())
        assert plain["partialFee"] == str(info.partial_fee)
        assert plain["weight"] == {"ref_time": info.weight.ref_time, "proof_size": info.weight.proof_size}
        shown = node.call("payment_queryFeeDetails", "0x" + extrinsic.raw.hex())["inclusionFee"]
        assert [int(amount, 16) for amount in shown.values()] == [
            parts.base_fee, parts.len_fee, parts.adjusted_weight_fee,
        ]  # fmt: skip
        before = node.chain.balance("alice", "BSX")
        node.call("author_submitExtrinsic", "0x" + extrinsic.raw.hex())
        node.clock.run()
        assert before - node.chain.balance("alice", "BSX") == info.partial_fee + 2 * 10**12

    def test_the_signature_is_not_looked_at_and_the_length_is_the_one_given(self, node: Any) -> None:
        raw = bytearray(node.extrinsic().raw)
        raw[35:99] = bytes([1]) * 64
        raw[35] = 1
        short, long = (
            codec_of(RuntimeDispatchInfo).decode(
                ask(node, "TransactionPaymentApi_query_info", bytes(raw) + length.to_bytes(4, "little"))
            )
            for length in (100, 200)
        )
        assert long.partial_fee - short.partial_fee == 100 * U128.decode(
            ask(node, "TransactionPaymentApi_query_length_to_fee", (1).to_bytes(4, "little"))
        )

    def test_weight(self, node: Any) -> None:
        assert U128.decode(ask(node, "TransactionPaymentApi_query_weight_to_fee", b"\x04\x00")) == 55_000


def test_nothing_runs_beside_the_chain(node: Any) -> None:
    header = node.chain.node.best.encode()
    assert ask(node, "OffchainWorkerApi_offchain_worker", header) == b""
    trap(node, "OffchainWorkerApi_offchain_worker", header[:-1])
    trap(node, "GenesisBuilder_create_default_config")


class TestCollators:
    def test_whose_turn_it_is(self, node: Any) -> None:
        assert U64.decode(ask(node, "AuraApi_slot_duration")) == 12_000
        keys = ask(node, "AuraApi_authorities")
        assert keys[0] == 8
        assert {keys[1:33], keys[33:]} == {dev("alice").public, dev("bob").public}

    def test_session_keys(self, node: Any) -> None:
        made = ask(node, "SessionKeys_generate_session_keys", b"\x01" + BYTES.encode(b"//Alice"))
        assert made == BYTES.encode(dev("alice").public)
        read = ask(node, "SessionKeys_decode_session_keys", made)
        assert read == b"\x01\x04" + BYTES.encode(dev("alice").public) + b"aura"
        assert ask(node, "SessionKeys_decode_session_keys", BYTES.encode(b"short")) == b"\x00"
        assert len(ask(node, "SessionKeys_generate_session_keys", b"\x00")) == 33
        trap(node, "SessionKeys_generate_session_keys", b"\x01" + BYTES.encode(b"not a phrase"))

    def test_what_a_block_gives_to_the_relay_chain(self, node: Any) -> None:
        header = node.chain.node.best
        info = codec_of(CollationInfo).decode(
            ask(node, "CollectCollationInfo_collect_collation_info", header.encode())
        )
        record = node.chain.node.record(header.hash)
        assert info.head_data == header.encode()
        assert info.hrmp_watermark == record.candidate.commitments.hrmp_watermark
        assert info.new_validation_code is None
