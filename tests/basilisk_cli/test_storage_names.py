"""Storage by names, as Chopsticks and its users write it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from amm.local import LocalChain
from chain.primitives.account import NEW_LOGIC, AccountData, AccountInfo
from chain.rpc.ruling import Removal
from chain.scale import codec_of


@pytest.fixture(scope="module")
def read() -> Iterator[Any]:
    from basilisk_cli.storage_input import StorageReader

    with LocalChain() as chain:
        yield StorageReader(chain.runtime, lambda: chain.book)


class TestStorageByNames:
    """What Chopsticks and its users write."""

    def account(self, read: Any, written: Any, name: str = "System") -> Any:
        ((_, encoded),) = read({name: {"Account": [[["bob"], written]]}})
        return codec_of(AccountInfo).decode(encoded)

    def test_fields_that_are_left_out_are_zero(self, read: Any) -> None:
        assert self.account(read, {}) == AccountInfo()
        whole = AccountInfo(1, 0, 0, 0, AccountData(100_000, 0, 0, NEW_LOGIC))
        assert self.account(read, {"data": {"free": 100_000}, "nonce": 1}) == whole
        ((_, encoded),) = read({"Tokens": {"Accounts": [[["bob", 1], {"frozen": 7}]]}})
        assert encoded == bytes(32) + b"\7" + bytes(15)

    def test_integers_may_be_texts_and_names_in_any_case(self, read: Any) -> None:
        whole = AccountInfo(3, 0, 2, 0, AccountData(10**20, 255, 0, NEW_LOGIC))
        data = {"free": str(10**20), "Reserved": "0xff"}
        assert self.account(read, {"nonce": "3", "PROVIDERS": 2, "data": data}, "system") == whole
        ((plain, _),) = read({"xyk": {"totalLiquidity": [["zoe", 5]]}})
        ((named, _),) = read({"XYK": {"TotalLiquidity": [[["zoe"], 5]]}})
        assert plain == named

    def test_hex_is_what_is_stored(self, read: Any) -> None:
        stored = codec_of(AccountInfo).encode(AccountInfo(1, 2, 3, 4, AccountData(5, 6, 7, 8)))
        assert self.account(read, "0x" + stored.hex()) == AccountInfo(1, 2, 3, 4, AccountData(5, 6, 7, 8))
        assert read({"Timestamp": {"Now": "0x0102030405060708"}})[0][1] == bytes(range(1, 9))

    def test_in_the_order_written(self, read: Any) -> None:
        written = {"Tokens": {"$removePrefix": ["Accounts"], "Accounts": [[["bob", 1], {"free": 7}]]}}
        removal, (key, value) = read(written)
        assert removal == Removal(tokens_prefix())
        assert key.startswith(tokens_prefix())
        assert value is not None

    def test_variants(self, read: Any) -> None:
        first, second = (
            read({"AssetRegistry": {"Assets": [[[5], {"name": "X", **kind, "existentialDeposit": 1}]]}})
            for kind in ({"assetType": {"PoolShare": [0, "1"]}}, {"asset_type": {"PoolShare": [0, 1]}})
        )
        assert first == second

    @pytest.mark.parametrize(
        ("written", "what"),
        [
            ({"Systm": {"Number": 1}}, "System"),
            ({"System": 5}, "Item"),
            ({"System": {"Acount": []}}, "Account"),
            ({"System": {"Account": 5}}, "key"),
            ({"System": {"Account": [[["bob", "eve"], None]]}}, "1 keys"),
            ({"System": {"Account": [[["bob"], {"fre": 5}]]}}, "fre"),
            ({"System": {"Account": [[["bob"], {"data": {"free": -1}}]]}}, "-1"),
            ({"System": {"Account": [[["bob"], {"data": {"free": 1.5}}]]}}, "1.5"),
            ({"System": {"Account": [[["bob"], "0x00"]]}}, "AccountInfo"),
            ({"System": {"Account": [[["bob"], "0xzz"]]}}, "hex"),
            ({"Timestamp": {"Now": "soon"}}, "integer"),
            ({"Timestamp": {"Now": 2**64}}, "u64"),
            ({"System": {"$removePrefix": "Account"}}, "removePrefix"),
            ({"System": {"$removePrefix": ["Acount"]}}, "Account"),
            ({"System": {"$removePrefix": [5]}}, "removePrefix"),
        ],
    )
    def test_what_is_wrong(self, read: Any, written: Any, what: str) -> None:
        with pytest.raises(ValueError, match=re.escape(what)):
            read(written)


def tokens_prefix() -> bytes:
    from chain.pallets.tokens import Tokens

    return Tokens.declaration.storage["accounts"].prefix
