"""Accounts that follow from other facts: `accounts.*` is `chain.crypto.accounts`, with the address beside."""

from cases import Case
from lookup import need

from families.functions import check_call


def check(case: Case) -> None:
    function = need("chain.crypto.accounts", case.data["fn"].partition(".")[2])
    account = check_call(case, function, ValueError)
    if "ss58" in case.data:
        encode, decode = need("chain.crypto.ss58", "encode"), need("chain.crypto.ss58", "decode")
        address = encode(account)
        assert address == case.data["ss58"], f"the address is {address}, not {case.data['ss58']}"
        assert decode(address) == account, f"{address} does not decode to its account"
