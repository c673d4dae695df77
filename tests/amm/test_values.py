"""Amounts, assets and accounts as people write them."""

import json
from pathlib import Path

import pytest
from few_assets import BOOK, Ledger
from hypothesis import given
from hypothesis import strategies as st

from amm.values import (
    MAX_BALANCE,
    AccountError,
    AccountForm,
    AmountError,
    AssetError,
    WrittenError,
    account_form,
    check_amount,
    format_amount,
    parse_account,
    parse_amount,
    parse_asset,
    parse_pair,
)

VECTORS = Path(__file__).parents[1] / "vectors"


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        (0, 0),
        (MAX_BALANCE, MAX_BALANCE),
        ("1000", 1000),
        ("1_000", 1000),
        ("+5", 5),
        ("007", 7),
        ("1 BSX", 10**12),
        ("1.5 KSM", 1_500_000_000_000),
        ("1_000 BSX", 10**15),
        ("0.000_001 USDT", 1),
        ("0.50 USDT", 500_000),
        (" 2  ETH ", 2 * 10**18),
        ("3 ONE", 3),
        ("1.000000000001 KSM", 10**12 + 1),
        ("340_282_366_920_938_463_463.374607431768211455 ETH", MAX_BALANCE),
        ("2 1", 2 * 10**12),
    ],
)
def test_amounts(written: int | str, amount: int) -> None:
    assert parse_amount(written, BOOK) == amount


@pytest.mark.parametrize(
    ("written", "asset", "what", "hint"),
    [
        (-1, None, "-1 is negative", "amounts are 0 or more"),
        (2**128, None, f"{2**128} is more than a balance holds", f"at most {MAX_BALANCE} base units"),
        ("-1.5 KSM", None, "-1.5 KSM is negative", "amounts are 0 or more"),
        (
            "340_282_366_920_938_463_463.374607431768211456 ETH",
            None,
            "340_282_366_920_938_463_463.374607431768211456 ETH is more than a balance holds",
            f"at most {MAX_BALANCE} base units",
        ),
        (
            "1.0000001 USDT",
            None,
            "1.0000001 USDT has 7 digits after the point, and USDT has 6 decimals",
            "write fewer digits, or base units as an integer",
        ),
        ("1.5", None, "1.5 has no symbol", 'name the asset, as in "1.5 KSM"'),
        ("1.5 KSN", None, "1.5 KSN: unknown asset 'KSN'", "did you mean KSM?"),
        ("1.5KSM", None, "'1.5KSM' is no amount", 'a number, a space and a symbol, as in "1.5 KSM"; no exponents'),
        ("1e3", None, "'1e3' is no amount", 'a number, a space and a symbol, as in "1.5 KSM"; no exponents'),
        ("1.", None, "'1.' is no amount", 'a number, a space and a symbol, as in "1.5 KSM"; no exponents'),
        ("much", None, "'much' is no amount", 'write base units, as in 1000, or as in "1.5 KSM"'),
        ("", None, "'' is no amount", 'write base units, as in 1000, or as in "1.5 KSM"'),
        ("1 KSM", 0, "1 KSM is not an amount of BSX", "write it in BSX, or in base units"),
        ("1 KSM", 55, "1 KSM is not an amount of asset 55", "write it in asset 55, or in base units"),
        ("1 9", None, "9 has no decimals on this chain", "write base units as an integer"),
        ("1 shares:BSX/KSM", None, "shares:BSX/KSM has no decimals on this chain", "write base units as an integer"),
        ("9" * 500, None, "9" * 59 + "… has too many digits", f"balances go up to {MAX_BALANCE}"),
        ("9" * 300 + " ETH", None, "9" * 59 + "… is more than a balance holds", f"at most {MAX_BALANCE} base units"),
    ],
)
def test_amounts_that_are_none(written: int | str, asset: int | None, what: str, hint: str) -> None:
    with pytest.raises(AmountError) as caught:
        parse_amount(written, BOOK, asset)
    assert (caught.value.what, caught.value.hint) == (what, hint)


def test_the_symbol_means_the_asset_that_is_meant() -> None:
    assert parse_amount("1 KSM", BOOK) == parse_amount("1 KSM", BOOK, 1) == 10**12
    assert parse_amount("1 KSM", BOOK, 7) == 10**10


def test_forms_can_be_checked_without_a_book() -> None:
    check_amount("1.5 WHATEVER")
    for text in ("1.5", "x", "-1 KSM", "1,5 KSM"):
        with pytest.raises(AmountError):
            check_amount(text)


@pytest.mark.parametrize(
    ("amount", "decimals", "text"),
    [
        (0, 12, "0 BSX"),
        (1, 12, "0.000000000001 BSX"),
        (1_500_000_000_000, 12, "1.5 BSX"),
        (10**21, 12, "1_000_000_000 BSX"),
        (1234567, 0, "1_234_567 BSX"),
        (-1_500, 3, "-1.5 BSX"),
        (MAX_BALANCE, 18, "340_282_366_920_938_463_463.374607431768211455 BSX"),
        (1, 40, "0.0000000000000000000000000000000000000001 BSX"),
    ],
)
def test_formats(amount: int, decimals: int, text: str) -> None:
    assert format_amount(amount, decimals, "BSX") == text


@given(
    st.integers(0, MAX_BALANCE),
    st.integers(0, 255),
    st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=32).filter(
        lambda symbol: symbol == symbol.strip() and not symbol.startswith("shares:") and not symbol[0].isdigit()
    ),
)
def test_what_is_formatted_is_read_back(amount: int, decimals: int, symbol: str) -> None:
    class One(Ledger):
        assets = {5: (symbol, decimals)}

    assert parse_amount(format_amount(amount, decimals, symbol), One()) == amount


@given(st.one_of(st.text(max_size=30), st.from_regex(r"[-+]?[0-9_.]{1,8}e? ?[A-Z]{0,4}", fullmatch=True)))
def test_any_amount_is_an_integer_or_an_amount_error(text: str) -> None:
    try:
        amount = parse_amount(text, BOOK)
    except AmountError:
        return
    assert 0 <= amount <= MAX_BALANCE


def test_assets() -> None:
    written: list[int | str] = [0, 4242, "77", "1_000", "KSM", "shares:BSX/KSM", "shares:1/0"]
    assert [parse_asset(asset, BOOK) for asset in written] == [0, 4242, 77, 1000, 1, 1_000_001, 1_000_001]
    assert parse_pair("KSM/4", BOOK) == (1, 4)


@pytest.mark.parametrize(
    ("written", "what", "hint"),
    [
        ("BSY", "unknown asset 'BSY'", "did you mean BSX?"),
        ("qqq", "unknown asset 'qqq'", "known: BSX, KSM, USDT, ETH, ONE"),
        ("", "unknown asset ''", "known: BSX, KSM, USDT, ETH, ONE"),
        (2**32, "an asset id out of range", "ids go from 0 to 4294967295"),
        (-1, "an asset id out of range", "ids go from 0 to 4294967295"),
        ("9" * 50, "an asset id out of range", "ids go from 0 to 4294967295"),
        (
            "shares:BSX/ETH",
            "shares:BSX/ETH: there is no XYK pool of this pair, nor was one",
            "create the pool first",
        ),
        ("shares:BSX", "'BSX' is no pair of assets", "write two assets with a slash, as in BSX/KSM"),
    ],
)
def test_assets_that_are_none(written: int | str, what: str, hint: str) -> None:
    with pytest.raises(AssetError) as caught:
        parse_asset(written, BOOK)
    assert (caught.value.what, caught.value.hint) == (what, hint)


ALICE = "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d"


@pytest.mark.parametrize(
    ("written", "account"),
    [
        ("alice", ALICE),
        ("Alice", ALICE),
        ("bXmPf7DcVmFuHEmzH3UX8t6AUkfNQW8pnTeXGhFhqbfngjAak", ALICE),
        ("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY", ALICE),
        (f"0x{ALICE}", ALICE),
        ("@treasury", "6d6f646c70792f74727372790000000000000000000000000000000000000000"),
        ("@auction:0", "6d6f646c61756374696f6e730000000000000000000000000000000000000000"),
        ("@auction:258", "6d6f646c61756374696f6e730201000000000000000000000000000000000000"),
        ("@xyk:BSX/KSM", "f337a3eebfbd82c7d71f5ce8e9dc6fc027d08ec274bc0980206e1dc05f57ce07"),
        ("@xyk:1/BSX", "f337a3eebfbd82c7d71f5ce8e9dc6fc027d08ec274bc0980206e1dc05f57ce07"),
        ("@lbp:KSM/BSX", "5f6df23d135610e3100cf79cc7b98637728840383cd037c41cc6deb509f91571"),
    ],
)
def test_accounts(written: str, account: str) -> None:
    assert parse_account(written, BOOK).hex() == account


def test_any_name_is_an_account() -> None:
    names = ["zoe", "bob2", "7up", "market-maker_1", "Zoë", "old.bob", "x", "x" * 40]
    assert {account_form(name) for name in names} == {AccountForm.NAME}
    assert len({parse_account(name, BOOK) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("al ice", "names have no spaces: they are letters, digits, _, - and ., as in alice or trader-12"),
        ("alice ", "names have no spaces"),
        ("O'Brien", "write a name"),
        ("alice,bob", "write a name"),
        ("al\x1b[31mice", "write a name"),
        ("-alice", "write a name"),
        ("", "write a name"),
        ("bXn6KCrv8k2JV7B2c5jzLttBDqL4BurPCTcLa3NQk5"[:41], "if this is an address, copy all of it"),
    ],
)
def test_names_that_nobody_has(name: str, hint: str) -> None:
    with pytest.raises(AccountError) as found:
        account_form(name)
    assert hint in found.value.hint


def test_names_are_the_measured_accounts() -> None:
    cases = [json.loads(line) for line in (VECTORS / "accounts.jsonl").read_text().splitlines()]
    paths = {case["args"]["path"]: case["ok"] for case in cases if case["fn"] == "accounts.dev"}
    named = {path: ok for path, ok in paths.items() if path.count("//") == 1}
    assert len(named) >= 8
    for path, ok in named.items():
        assert f"0x{parse_account(path[2:].lower(), BOOK).hex()}" == ok


@pytest.mark.parametrize(
    ("written", "what", "hint"),
    [
        ("@xky:BSX/KSM", "'@xky:BSX/KSM' is no account", "write @xyk:A/B"),
        ("@xyk:BSX", "'@xyk:BSX' is no account", "write @xyk:A/B"),
        ("@tresury", "'@tresury' is no account", "write @treasury"),
        ("@auction:x", "'@auction:x' is no account", "write @auction:N"),
        (f"@auction:{2**64}", f"@auction:{2**64}: an auction id out of range", f"ids go from 0 to {2**64 - 1}"),
        (
            "0x1234",
            "'0x1234' is no account: it has 4 characters after 0x",
            "an account has 64 hex digits there",
        ),
        (
            "bXmPf7DcVmFuHEmzH3UX8t6AUkfNQW8pnTeXGhFhqbfngjAaK",
            "bXmPf7DcVmFuHEmzH3UX8t6AUkfNQW8pnTeXGhFhqbfngjAaK is mistyped: its checksum is wrong",
            "copy the address again",
        ),
        (
            "alice//stash",
            "'alice//stash' is no account",
            "write a name, an SS58 address, 0x and 64 hex digits, or @xyk:A/B, @lbp:A/B, @treasury, @auction:N",
        ),
    ],
)
def test_accounts_that_are_none(written: str, what: str, hint: str) -> None:
    with pytest.raises(AccountError) as caught:
        parse_account(written, BOOK)
    assert (caught.value.what, caught.value.hint) == (what, hint)


def test_pools_of_unknown_assets() -> None:
    with pytest.raises(AssetError, match="unknown asset 'KSN'; did you mean KSM"):
        parse_account("@xyk:BSX/KSN", BOOK)


@given(st.one_of(st.text(max_size=60), st.text("123456789ABCDEFGHJabcdefghij", min_size=40, max_size=60)))
def test_any_text_is_an_account_or_an_error(text: str) -> None:
    try:
        account = parse_account(text, BOOK)
    except WrittenError as error:
        assert error.what and error.hint
        return
    assert len(account) == 32
