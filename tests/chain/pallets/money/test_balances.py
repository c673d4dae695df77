"""Withdrawals, deposits, slashes and calls of Balances. Source: spec/money.md §5.2, §5.3."""

from typing import Any

import pytest

from chain.pallets.balances_types import MAX_BALANCE, AdjustmentDirection
from chain.primitives.account import AccountData

BSX = 10**12
KSM = 1
LOCK = b"locklock"


@pytest.fixture
def m(money: Any) -> Any:
    return money({"zoe": {0: 10 * BSX}, "yan": {0: 5 * BSX, KSM: 1000}, "@treasury": {0: 50 * BSX}})


class TestWithdraw:
    def test_it_burns(self, m: Any) -> None:
        m.balances.withdraw(m.who("zoe"), 4 * BSX)
        assert m.said() == [("Balances.Withdraw", {"who": "zoe", "amount": 4 * BSX})]
        assert (m.free("zoe"), m.balances.total_issuance.get()) == (6 * BSX, 61 * BSX)

    def test_nothing(self, m: Any) -> None:
        m.balances.withdraw(m.who("nobody"), 0)
        assert m.said() == []

    def test_errors(self, m: Any) -> None:
        withdraw = m.balances.withdraw
        assert m.attempt(withdraw, "zoe", 10 * BSX + 1, keep_alive=True) == "Balances.InsufficientBalance"
        assert m.attempt(withdraw, "zoe", 10 * BSX, keep_alive=True) == "Balances.Expendability"
        assert m.attempt(withdraw, "zoe", 9 * BSX, keep_alive=True) is None
        m.balances.set_lock(LOCK, m.who("yan"), 3 * BSX)
        assert m.attempt(withdraw, "yan", 2 * BSX + 1) == "Balances.LiquidityRestrictions"
        assert m.attempt(withdraw, "yan", 5 * BSX, keep_alive=True) == "Balances.Expendability"

    def test_locks_hold_back_free_alone(self, m: Any) -> None:
        """Unlike in transfers, a reserve is no help."""
        m.balances.reserve(m.who("yan"), 2 * BSX)
        m.balances.set_lock(LOCK, m.who("yan"), 3 * BSX)
        assert m.attempt(m.balances.withdraw, "yan", 1) == "Balances.LiquidityRestrictions"
        assert m.call("balances.transfer_allow_death", "yan", "zoe", 2 * BSX) is None

    def test_consumers_keep_it(self, m: Any) -> None:
        m.system.inc_consumers(m.who("zoe"))
        assert m.attempt(m.balances.withdraw, "zoe", 10 * BSX) == "ConsumerRemaining"

    def test_death_with_dust(self, m: Any) -> None:
        m.balances.withdraw(m.who("zoe"), 10 * BSX - 5)
        assert m.names() == [
            "Balances.Withdraw",
            "System.KilledAccount",
            "Balances.DustLost",
            "Balances.Deposit",
            "Treasury.Deposit",
        ]
        assert m.balances.total_issuance.get() == 65 * BSX - 10 * BSX
        assert m.free("@treasury") == 50 * BSX + 5


class TestDeposit:
    def test_it_mints_and_says_so_before_the_account_begins(self, m: Any) -> None:
        assert m.balances.deposit_creating(m.who("xan"), BSX) == BSX
        assert m.said() == [
            ("Balances.Deposit", {"who": "xan", "amount": BSX}),
            ("System.NewAccount", {"account": "xan"}),
            ("Balances.Endowed", {"account": "xan", "free_balance": BSX}),
        ]
        assert m.balances.total_issuance.get() == 66 * BSX

    @pytest.mark.parametrize(("to", "amount"), [("zoe", 0), ("xan", BSX - 1), ("zoe", MAX_BALANCE)])
    def test_or_nothing(self, m: Any, to: str, amount: int) -> None:
        assert m.balances.deposit_creating(m.who(to), amount) == 0
        assert m.said() == []
        assert m.balances.total_issuance.get() == 65 * BSX

    def test_any_amount_on_top(self, m: Any) -> None:
        assert m.balances.deposit_creating(m.who("zoe"), 1) == 1
        assert m.names() == ["Balances.Deposit"]


class TestSlash:
    def test_it_takes_free_only(self, m: Any) -> None:
        m.balances.reserve(m.who("yan"), 2 * BSX)
        m.said()
        assert m.balances.slash(m.who("yan"), 4 * BSX) == BSX
        assert m.account("yan").data == AccountData(free=0, reserved=2 * BSX)
        assert m.said() == [("Balances.Slashed", {"who": "yan", "amount": 3 * BSX})]
        assert m.balances.total_issuance.get() == 62 * BSX

    def test_an_account_that_cannot_die_keeps_the_deposit(self, m: Any) -> None:
        m.system.inc_consumers(m.who("zoe"))
        assert m.balances.slash(m.who("zoe"), 10 * BSX) == BSX
        assert m.free("zoe") == BSX

    def test_nothing_to_take(self, m: Any) -> None:
        assert m.balances.slash(m.who("xan"), 7) == 7
        assert m.balances.slash(m.who("zoe"), 0) == 0
        assert m.balances.slash_reserved(m.who("xan"), 7) == 7
        assert m.said() == []

    def test_of_the_reserve(self, m: Any) -> None:
        m.balances.reserve(m.who("zoe"), 2 * BSX)
        m.said()
        assert m.balances.slash_reserved(m.who("zoe"), 3 * BSX) == BSX
        assert m.said() == [("Balances.Slashed", {"who": "zoe", "amount": 2 * BSX})]
        assert m.counts("zoe") == (1, 0)


class TestCalls:
    def test_only_root_forces(self, m: Any) -> None:
        assert m.call("balances.force_transfer", "zoe", "yan", "zoe", BSX) == "BadOrigin"
        assert m.call("balances.force_unreserve", "zoe", "zoe", 1) == "BadOrigin"
        assert m.call("balances.force_set_balance", "zoe", "zoe", 1) == "BadOrigin"
        increase = AdjustmentDirection.Increase
        assert m.call("balances.force_adjust_total_issuance", "zoe", increase, 1) == "BadOrigin"
        assert m.call("balances.transfer_keep_alive", "root", "zoe", 1) == "BadOrigin"
        assert m.call("balances.transfer_all", "nobody", "zoe", True) == "BadOrigin"

    def test_force_transfer(self, m: Any) -> None:
        assert m.call("balances.force_transfer", "root", "zoe", "yan", 10 * BSX) is None
        assert m.free("yan") == 15 * BSX

    def test_force_unreserve(self, m: Any) -> None:
        m.balances.reserve(m.who("zoe"), 3 * BSX)
        m.said()
        assert m.call("balances.force_unreserve", "root", "zoe", 5 * BSX) is None
        assert m.said() == [("Balances.Unreserved", {"who": "zoe", "amount": 3 * BSX})]

    def test_force_set_balance(self, m: Any) -> None:
        assert m.call("balances.force_set_balance", "root", "zoe", 12 * BSX) is None
        assert m.balances.total_issuance.get() == 67 * BSX
        assert m.call("balances.force_set_balance", "root", "zoe", BSX - 1) is None
        assert m.balances.total_issuance.get() == 55 * BSX
        assert m.said() == [
            ("Balances.BalanceSet", {"who": "zoe", "free": 12 * BSX}),
            ("System.KilledAccount", {"account": "zoe"}),
            ("Balances.BalanceSet", {"who": "zoe", "free": 0}),
        ]

    def test_force_set_balance_of_what_cannot_die(self, m: Any) -> None:
        m.system.inc_consumers(m.who("zoe"))
        assert m.call("balances.force_set_balance", "root", "zoe", 0) == "ConsumerRemaining"

    def test_force_adjust_total_issuance(self, m: Any) -> None:
        call, up, down = "balances.force_adjust_total_issuance", *AdjustmentDirection
        assert m.call(call, "root", up, 0) == "Balances.DeltaZero"
        assert m.call(call, "root", up, 5) is None
        assert m.said() == [("Balances.TotalIssuanceForced", {"old": 65 * BSX, "new": 65 * BSX + 5})]
        m.balances.deactivate(60 * BSX)
        assert m.call(call, "root", down, 5 * BSX + 6) == "Balances.IssuanceDeactivated"
        assert m.call(call, "root", up, MAX_BALANCE) is None
        assert m.balances.total_issuance.get() == MAX_BALANCE

    def test_transfer_all_respects_locks(self, m: Any) -> None:
        m.balances.set_lock(LOCK, m.who("zoe"), 4 * BSX)
        assert m.call("balances.transfer_all", "zoe", "yan", False) is None
        assert m.free("yan") == 11 * BSX


def test_the_inactive_issuance_never_exceeds_the_whole(m: Any) -> None:
    m.balances.deactivate(100 * BSX)
    assert m.balances.inactive_issuance.get() == 65 * BSX
    m.balances.reactivate(5 * BSX)
    assert m.balances.inactive_issuance.get() == 60 * BSX
    m.balances.reactivate(100 * BSX)
    assert m.balances.inactive_issuance.get() == 0


def test_make_free_balance_be(m: Any) -> None:
    m.balances.make_free_balance_be(m.who("xan"), BSX - 1)
    assert m.said() == []
    m.balances.make_free_balance_be(m.who("zoe"), 2 * BSX)
    assert m.names() == ["Balances.BalanceSet"]
    assert m.balances.total_issuance.get() == 57 * BSX
