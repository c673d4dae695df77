"""Addresses, and the accounts of secret URIs."""

from typing import Any

from cases import Case
from convert import unhex
from lookup import need


def check(case: Case) -> None:
    if "suri" in case.data:
        _check_suri(case.data)
    elif case.refused:
        _check_refusal(case.data)
    else:
        _check_address(unhex(case.data["public"]), case.data["prefix"], case.data["address"])


def _check_address(account: bytes, prefix: int, address: str) -> None:
    encode, decode = need("chain.crypto.ss58", "encode"), need("chain.crypto.ss58", "decode")
    assert encode(account, prefix) == address, f"{account.hex()} is {encode(account, prefix)}, not {address}"
    assert decode(address) == account, f"{address} decodes to {decode(address).hex()}"
    assert decode(address, prefix) == account, f"{address} is refused for its own prefix {prefix}"


def _check_refusal(data: dict[str, Any]) -> None:
    module = "chain.crypto.ss58"
    try:
        if "public" in data:
            result = need(module, "encode")(unhex(data["public"]), data["prefix"])
        else:
            result = need(module, "decode")(data["address"], data.get("expect_prefix")).hex()
    except need(module, "Ss58Error"):
        return
    raise AssertionError(f"{data} gives {result}, and should be refused")


def _check_suri(data: dict[str, Any]) -> None:
    pair = need("chain.crypto.keys", "Keypair").from_suri(data["suri"], data["scheme"])
    assert pair.public == unhex(data["public"]), f"{data['suri']} has the public key {pair.public.hex()}"
    assert pair.account == unhex(data["account"]), f"{data['suri']} is the account {pair.account.hex()}"
    _check_address(pair.account, 10041, data["address"])
