"""async-substrate-interface, as its users write it: `async_client.py URL` prints one JSON document of what it saw.

It runs in an environment of its own: its `scalecodec` is another program's of the same name.
"""

import asyncio
import json
import sys

import sr25519
from async_substrate_interface import AsyncSubstrateInterface
from scalecodec.utils.ss58 import ss58_encode

ALICE = bytes.fromhex("e5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a")
"""The mini secret of //Alice."""

KSM = 10**12


class Key:
    """What the client asks of a key."""

    crypto_type = 1
    ss58_format = 10041

    def __init__(self, seed):
        self._pair = sr25519.pair_from_seed(seed)
        self.public_key = self._pair[0]
        self.ss58_address = ss58_encode(self.public_key, self.ss58_format)

    def sign(self, data):
        raw = bytes.fromhex(data[2:]) if isinstance(data, str) else bytes(getattr(data, "data", data))
        return sr25519.sign(self._pair, raw)


async def follow(chain, most):
    """The numbers of so many heads; the chain is asked for another block after each."""
    numbers = []

    async def hear(head):
        numbers.append(head["header"]["number"])
        if len(numbers) == most:
            return numbers
        asyncio.get_running_loop().create_task(chain.rpc_request("dev_newBlock", []))
        return None

    await chain.subscribe_block_headers(hear)
    return numbers


async def main(url):
    alice, seen = Key(ALICE), {"sent": []}
    async with AsyncSubstrateInterface(url, ss58_format=10041) as chain:

        async def send(name, module, function, params):
            call = await chain.compose_call(module, function, params)
            extrinsic = await chain.create_signed_extrinsic(call, alice)
            receipt = await chain.submit_extrinsic(extrinsic, wait_for_finalization=True)
            error = None if await receipt.is_success else (await receipt.error_message)["name"]
            events = [event["event"]["event_id"] for event in await receipt.triggered_events]
            seen["sent"].append({"name": name, "error": error, "events": events})

        seen["chain"] = (await chain.rpc_request("system_chain", []))["result"]
        seen["constant"] = (await chain.get_constant("XYK", "MinTradingLimit")).value
        account = await chain.query("System", "Account", [alice.ss58_address])
        seen["free"] = account["data"]["free"]
        seen["assets"] = sorted([key async for key, _ in await chain.query_map("AssetRegistry", "Assets")])

        await send("create", "XYK", "create_pool",
                   {"asset_a": 0, "amount_a": 10**17, "asset_b": 1, "amount_b": 250 * KSM})
        sale = {"asset_in": 1, "asset_out": 0, "amount": KSM, "max_limit": 0, "discount": False}
        await send("sell", "XYK", "sell", sale)
        await send("limit", "XYK", "sell", sale | {"max_limit": 10**20})
        remark = await chain.compose_call("System", "remark", {"remark": "0x01"})
        await send("batch", "Utility", "batch_all", {"calls": [remark]})
        seen["block"] = len((await chain.get_block())["extrinsics"])
        # Last: every fee query counts the client's own nonce up.
        seen["fee"] = (await chain.get_payment_info(remark, alice))["partial_fee"]
        seen["heads"] = await follow(chain, 3)
    print(json.dumps(seen, default=int))


asyncio.run(main(sys.argv[1]))
