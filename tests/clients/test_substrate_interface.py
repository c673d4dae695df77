"""py-substrate-interface against our node, over WebSocket and HTTP."""

from typing import Any

import pytest
from substrateinterface import Keypair, SubstrateInterface
from substrateinterface.exceptions import SubstrateRequestException

KSM = 10**12


def connect(url: str) -> SubstrateInterface:
    return SubstrateInterface(url=url)


def send(chain: SubstrateInterface, key: Keypair, module: str, function: str, **params: Any) -> Any:
    """Sign, submit, wait until it is final."""
    call = chain.compose_call(module, function, params)
    extrinsic = chain.create_signed_extrinsic(call, key)
    return chain.submit_extrinsic(extrinsic, wait_for_finalization=True)


def events(receipt: Any) -> list[str]:
    return [f"{event.value['module_id']}.{event.value['event_id']}" for event in receipt.triggered_events]


@pytest.fixture
def alice() -> Keypair:
    return Keypair.create_from_uri("//Alice", ss58_format=10041)


def test_over_websocket(url: str, alice: Keypair) -> None:
    with connect(url) as chain:
        assert (chain.chain, chain.ss58_format, chain.token_symbol, chain.token_decimals) == (
            "Basilisk local", 10041, "BSX", 12,
        )  # fmt: skip
        assert chain.get_constant("XYK", "MinTradingLimit").value == 1000
        account = chain.query("System", "Account", [alice.ss58_address])
        assert account.value["data"]["free"] == 10**9 * KSM
        assets = {key.value: value.value for key, value in chain.query_map("AssetRegistry", "AssetMetadataMap")}
        assert {asset: facts["symbol"] for asset, facts in assets.items()} == {0: "BSX", 1: "KSM", 2: "KUSD", 3: "TKN"}

        created = send(
            chain, alice, "XYK", "create_pool", asset_a=0, amount_a=100_000 * KSM, asset_b=1, amount_b=250 * KSM
        )
        assert created.is_success
        assert "XYK.PoolCreated" in events(created)
        sale = {"asset_in": 1, "asset_out": 0, "amount": KSM, "max_limit": 0, "discount": False}
        call = chain.compose_call("XYK", "sell", sale)
        fee = chain.get_payment_info(call, alice)["partialFee"]
        sold = send(chain, alice, "XYK", "sell", **sale)
        assert "XYK.SellExecuted" in events(sold)
        assert abs(sold.total_fee_amount - fee) * 1000 <= fee

        failed = send(chain, alice, "XYK", "sell", **(sale | {"max_limit": 10**20}))
        assert not failed.is_success
        assert (failed.error_message["type"], failed.error_message["name"]) == ("Module", "AssetAmountNotReachedLimit")
        assert failed.error_message["docs"][0]

        remark = chain.compose_call("System", "remark", {"remark": "0x01"})
        batch = send(chain, alice, "Utility", "batch_all", calls=[remark, call])
        assert events(batch).count("Utility.ItemCompleted") == 2
        block = chain.get_block(batch.block_hash)
        assert block["extrinsics"][-1].value["call"]["call_function"] == "batch_all"
        assert block["header"]["number"] == 5

        past = chain.get_block_hash(1)
        assert chain.query("System", "Number", block_hash=past).value == 1
        assert chain.runtime_call("AccountNonceApi", "account_nonce", [alice.ss58_address]).value == 4


def test_lbp(url: str, alice: Keypair) -> None:
    with connect(url) as chain:
        relay = chain.query("ParachainSystem", "ValidationData").value["relay_parent_number"]
        create = chain.compose_call("LBP", "create_pool", {
            "pool_owner": alice.ss58_address, "asset_a": 2, "asset_a_amount": 1_000 * KSM, "asset_b": 3,
            "asset_b_amount": 2_000 * KSM, "initial_weight": 10_000_000, "final_weight": 90_000_000,
            "weight_curve": "Linear", "fee": (2, 1000), "fee_collector": alice.ss58_address, "repay_target": 0,
        })  # fmt: skip
        created = send(chain, alice, "Sudo", "sudo", call=create)
        assert "LBP.PoolCreated" in events(created)
        pool = next(key.value for key, _ in chain.query_map("LBP", "PoolData"))
        send(chain, alice, "LBP", "update_pool_data", pool_id=pool, pool_owner=None, start=relay + 12,
             end=relay + 400, initial_weight=None, final_weight=None, fee=None, fee_collector=None,
             repay_target=None)  # fmt: skip
        chain.rpc_request("dev_newBlock", [{"count": 6}])
        sold = send(chain, alice, "LBP", "sell", asset_in=2, asset_out=3, amount=KSM, max_limit=0)
        assert "LBP.SellExecuted" in events(sold)
        bought = send(chain, alice, "LBP", "buy", asset_out=3, asset_in=2, amount=KSM, max_limit=100 * KSM)
        assert "LBP.BuyExecuted" in events(bought)


def test_heads_and_storage_as_they_change(url: str, alice: Keypair) -> None:
    with connect(url) as chain, connect(url) as other:
        heads: list[int] = []

        def handle(head: Any, update: int, subscription: str) -> bool | None:
            heads.append(head["header"]["number"])
            if update < 3:
                other.rpc_request("dev_newBlock", [])
                return None
            return True

        assert chain.subscribe_block_headers(handle) is True
        assert heads == [1, 2, 3, 4]

        numbers: list[int] = []

        def watch(number: Any, update: int, subscription: str) -> bool | None:
            numbers.append(number.value)
            if update < 2:
                other.rpc_request("dev_newBlock", [])
                return None
            return True

        assert chain.query("System", "Number", subscription_handler=watch) is True
        assert numbers == [4, 5, 6]


def test_over_http(url: str, alice: Keypair) -> None:
    with connect(url.replace("ws://", "http://")) as chain:
        call = chain.compose_call("System", "remark", {"remark": "0x01"})
        extrinsic = chain.create_signed_extrinsic(call, alice, era={"period": 64})
        receipt = chain.submit_extrinsic(extrinsic)
        assert receipt.extrinsic_hash == "0x" + extrinsic.extrinsic_hash.hex()
        with pytest.raises(SubstrateRequestException) as caught:
            chain.submit_extrinsic(chain.create_signed_extrinsic(call, alice, nonce=0))
        assert caught.value.args[0]["code"] in (1010, 1013)
        with pytest.raises(SubstrateRequestException) as caught:
            chain.submit_extrinsic(extrinsic)
        assert caught.value.args[0]["code"] in (1010, 1013)
