"""Derived accounts, against spec/money.md §1.1 and the figures of polkadot.js."""

import json
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from chain.crypto import accounts, ss58
from chain.crypto.suri import SuriError

VECTORS = Path(__file__).parents[2] / "vectors" / "accounts.jsonl"
CASES = [json.loads(line) for line in VECTORS.read_text().splitlines()]

ALICE = accounts.dev(path="//Alice")
INTEGERS = {"asset_a", "asset_b", "index", "threshold"}


def argument(name: str, value: Any) -> Any:
    if name in INTEGERS:
        return int(value)
    if name == "who":
        return bytes.fromhex(value[2:])
    if name == "signatories":
        return [bytes.fromhex(account[2:]) for account in value]
    return value


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['fn']}-{case['ss58'][:8]}")
def test_vector(case: dict[str, Any]) -> None:
    function = getattr(accounts, case["fn"].removeprefix("accounts."))
    account = function(**{name: argument(name, value) for name, value in case["args"].items()})
    assert account.hex() == case["ok"][2:]
    assert ss58.encode(account) == case["ss58"]


def test_multisigs_do_not_depend_on_the_order() -> None:
    others = [accounts.dev("//Bob"), accounts.dev("//Charlie")]
    assert accounts.multisig([ALICE, *others], 2) == accounts.multisig([*reversed(others), ALICE], 2)
    assert accounts.multisig([ALICE, *others], 2) != accounts.multisig([ALICE, *others], 3)


def test_a_pallet_takes_its_id_as_text_or_bytes() -> None:
    assert accounts.pallet(b"py/trsry") == accounts.pallet("py/trsry")


def test_sub_accounts_are_padded_or_cut() -> None:
    assert accounts.sub_account("LiqMinId", b"") == accounts.pallet("LiqMinId")
    assert accounts.sub_account("LiqMinId", b"\x07\0\0\0").hex() == b"modlLiqMinId".hex() + "07" + 19 * "00"
    assert accounts.sub_account("LiqMinId", bytes(range(32))) == b"modlLiqMinId" + bytes(range(20))


def test_pure_proxy_hashes_its_origin() -> None:
    origin = "3000000002000000010500"  # height 48 u32, extrinsic 2 u32, proxy type 1 u8, index 5 u16
    expected = blake2b(b"modlpy/proxy____" + ALICE + bytes.fromhex(origin), digest_size=32).digest()
    assert accounts.pure_proxy(ALICE, height=48, extrinsic_index=2, proxy_type=1, index=5) == expected


def test_what_is_no_argument() -> None:
    with pytest.raises(ValueError, match="xyk or lbp"):
        accounts.pool("stable", 0, 1)
    with pytest.raises(ValueError, match="8 bytes"):
        accounts.pallet("treasury!")
    with pytest.raises(ValueError, match="32 bytes"):
        accounts.derivative(ALICE[1:], 0)
    with pytest.raises(OverflowError):
        accounts.derivative(ALICE, 1 << 16)
    with pytest.raises(SuriError, match="begins with a slash"):
        accounts.dev("Alice")
