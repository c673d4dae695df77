"""One door to both kinds of money. Source: spec/money.md §4, §7."""

from typing import Any

import pytest

from chain.pallets.balances_types import BalanceStatus

BSX = 10**12
KSM = 1
LOCK = b"locklock"


@pytest.fixture
def m(money: Any) -> Any:
    return money({"zoe": {0: 10 * BSX, KSM: 1000}, "yan": {0: 5 * BSX, KSM: 500}, "xan": {KSM: 500}})


class TestTransfer:
    def test_events_come_after_those_of_the_pallet_below(self, m: Any) -> None:
        assert m.call("currencies.transfer", "zoe", "wim", KSM, 100) is None
        assert m.said() == [
            ("System.NewAccount", {"account": "wim"}),
            ("Tokens.Endowed", {"currency_id": KSM, "who": "wim", "amount": 100}),
            ("Tokens.Transfer", {"currency_id": KSM, "from": "zoe", "to": "wim", "amount": 100}),
            ("Currencies.Transferred", {"currency_id": KSM, "from": "zoe", "to": "wim", "amount": 100}),
        ]
        assert m.call("currencies.transfer", "zoe", "yan", 0, BSX) is None
        assert m.names() == ["Balances.Transfer", "Currencies.Transferred"]

    @pytest.mark.parametrize("asset", [0, KSM])
    def test_nothing_and_to_oneself_are_silent(self, m: Any, asset: int) -> None:
        assert m.call("currencies.transfer", "zoe", "zoe", asset, 10**30) is None
        assert m.call("currencies.transfer", "zoe", "wim", asset, 0) is None
        assert m.said() == []

    def test_the_native_call_always_speaks(self, m: Any) -> None:
        assert m.call("currencies.transfer_native_currency", "zoe", "zoe", 51 * BSX) is None
        assert m.call("currencies.transfer_native_currency", "zoe", "wim", 0) is None
        assert m.said() == [
            ("Currencies.Transferred", {"currency_id": 0, "from": "zoe", "to": "zoe", "amount": 51 * BSX}),
            ("Currencies.Transferred", {"currency_id": 0, "from": "zoe", "to": "wim", "amount": 0}),
        ]
        assert m.call("currencies.transfer_native_currency", "root", "wim", 0) == "BadOrigin"

    def test_move_is_silent_here(self, m: Any) -> None:
        m.currencies.move(KSM, m.who("zoe"), m.who("yan"), 10)
        m.currencies.move(0, m.who("zoe"), m.who("yan"), BSX)
        assert m.names() == ["Tokens.Transfer", "Balances.Transfer"]
        move = m.currencies.move
        assert m.attempt(move, KSM, "zoe", "yan", 990, keep_alive=True) == "Tokens.KeepAlive"
        assert m.attempt(move, 0, "zoe", "yan", 9 * BSX, keep_alive=True) == "Token.NotExpendable"

    def test_two_families_of_errors(self, m: Any) -> None:
        """The table of §4, row by row: BSX by transfer, BSX withdrawn, tokens."""
        transfer, withdraw = m.currencies.transfer, m.currencies.withdraw
        assert m.attempt(transfer, 0, "zoe", "yan", 11 * BSX) == "Token.FundsUnavailable"
        assert m.attempt(withdraw, 0, "zoe", 11 * BSX) == "Balances.InsufficientBalance"
        assert m.attempt(transfer, KSM, "zoe", "yan", 1001) == "Tokens.BalanceTooLow"
        assert m.attempt(withdraw, KSM, "zoe", 1001) == "Tokens.BalanceTooLow"
        assert m.attempt(transfer, 0, "zoe", "xan", BSX - 1) == "Token.BelowMinimum"
        assert m.attempt(transfer, KSM, "zoe", "wim", 99) == "Tokens.ExistentialDeposit"
        assert m.attempt(m.currencies.deposit_into, 0, "wim", BSX - 1) == "Currencies.DepositFailed"
        assert m.attempt(m.currencies.deposit_into, KSM, "wim", 99) == "Tokens.ExistentialDeposit"
        m.currencies.set_lock(LOCK, 0, m.who("yan"), 3 * BSX)
        m.currencies.set_lock(LOCK, KSM, m.who("yan"), 300)
        assert m.attempt(transfer, 0, "yan", "zoe", 3 * BSX) == "Token.Frozen"
        assert m.attempt(withdraw, 0, "yan", 3 * BSX) == "Balances.LiquidityRestrictions"
        assert m.attempt(transfer, KSM, "yan", "zoe", 300) == "Tokens.LiquidityRestrictions"
        assert m.attempt(withdraw, KSM, "yan", 300) == "Tokens.LiquidityRestrictions"

    def test_last_provider_with_consumers(self, money: Any) -> None:
        for asset, moved, burnt in ((0, "Token.Frozen", "ConsumerRemaining"), (KSM, "Tokens.KeepAlive", None)):
            m = money({"zoe": {asset: 10 * BSX}, "yan": {0: BSX, KSM: 1000}})
            m.system.inc_consumers(m.who("zoe"))
            assert m.attempt(m.currencies.transfer, asset, "zoe", "yan", 10 * BSX) == moved
            assert m.attempt(m.currencies.withdraw, asset, "zoe", 10 * BSX) == burnt


class TestMinting:
    def test_deposit_and_withdraw_move_the_issuance(self, m: Any) -> None:
        for asset, amount in ((0, 2 * BSX), (KSM, 50)):
            before = m.currencies.issuance(asset)
            m.currencies.deposit_into(asset, m.who("zoe"), amount)
            assert m.currencies.issuance(asset) == before + amount
            m.currencies.withdraw(asset, m.who("zoe"), amount)
            assert m.currencies.issuance(asset) == before
            m.currencies.deposit_into(asset, m.who("nobody"), 0)
            m.currencies.withdraw(asset, m.who("nobody"), 0)
        assert m.names() == [
            "Balances.Deposit",
            "Currencies.Deposited",
            "Balances.Withdraw",
            "Currencies.Withdrawn",
            "Tokens.Deposited",
            "Currencies.Deposited",
            "Tokens.Withdrawn",
            "Currencies.Withdrawn",
        ]

    def test_update_balance(self, m: Any) -> None:
        call = "currencies.update_balance"
        assert m.call(call, "zoe", "zoe", KSM, 100) == "BadOrigin"
        assert m.call(call, "root", "zoe", KSM, 50) is None
        assert m.call(call, "root", "zoe", KSM, -40) is None
        assert m.call(call, "root", "zoe", KSM, 0) is None
        assert m.said() == [
            ("Tokens.Deposited", {"currency_id": KSM, "who": "zoe", "amount": 50}),
            ("Currencies.BalanceUpdated", {"currency_id": KSM, "who": "zoe", "amount": 50}),
            ("Tokens.Withdrawn", {"currency_id": KSM, "who": "zoe", "amount": 40}),
            ("Currencies.BalanceUpdated", {"currency_id": KSM, "who": "zoe", "amount": -40}),
            ("Currencies.BalanceUpdated", {"currency_id": KSM, "who": "zoe", "amount": 0}),
        ]
        assert m.call(call, "root", "zoe", KSM, -1011) == "Tokens.BalanceTooLow"
        assert m.call(call, "root", "zoe", 0, -(2**127)) == "Balances.InsufficientBalance"
        assert m.call(call, "root", "wim", 0, BSX - 1) == "Currencies.DepositFailed"
        assert m.call(call, "root", "wim", 0, BSX) is None
        assert m.names() == [
            "Balances.Deposit",
            "System.NewAccount",
            "Balances.Endowed",
            "Currencies.BalanceUpdated",
        ]


@pytest.mark.parametrize(("asset", "unit"), [(0, BSX), (KSM, 100)])
def test_the_rest_is_passed_through(m: Any, asset: int, unit: int) -> None:
    zoe, yan, door = m.who("zoe"), m.who("yan"), m.currencies
    held = door.free_balance(asset, zoe)
    assert door.minimum_balance(asset) == unit
    door.reserve(asset, zoe, 3 * unit)
    door.reserve_named(asset, zoe, unit)
    assert door.reserved_balance(asset, zoe) == 4 * unit
    assert door.reserved_balance_named(asset, zoe) == unit
    assert door.free_balance(asset, zoe) == held - 4 * unit
    assert door.total_balance(asset, zoe) == held
    assert door.unreserve_named(asset, zoe, 2 * unit) == unit
    assert door.repatriate_reserved(asset, zoe, yan, unit, BalanceStatus.Free) == 0
    assert door.slash_reserved(asset, zoe, unit) == 0
    assert door.unreserve(asset, zoe, 2 * unit) == unit
    assert door.slash(asset, zoe, unit) == 0
    assert door.total_balance(asset, zoe) == held - 3 * unit
    assert door.can_reserve(asset, zoe, unit)
    door.set_lock(LOCK, asset, zoe, unit)
    door.extend_lock(LOCK, asset, zoe, 2 * unit)
    assert door.locked(LOCK, asset, zoe) == 2 * unit
    free = door.free_balance(asset, zoe)
    assert m.attempt(door.ensure_can_withdraw, asset, "zoe", free - 2 * unit) is None
    refused = m.attempt(door.ensure_can_withdraw, asset, "zoe", free - 2 * unit + 1)
    assert refused == ("Tokens" if asset else "Balances") + ".LiquidityRestrictions"
    too_much = m.attempt(door.ensure_can_withdraw, asset, "zoe", free + 1)
    assert too_much == ("Tokens" if asset else "Currencies") + ".BalanceTooLow"
    door.remove_lock(LOCK, asset, zoe)
    assert door.locked(LOCK, asset, zoe) == 0
    assert not [name for name in m.names() if name.startswith("Currencies")]
