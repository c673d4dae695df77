"""Reserves and locks of BSX. Source: spec/money.md §5.2."""

from typing import Any

import pytest

from chain.pallets.balances_types import MAX_BALANCE, BalanceLock, BalanceStatus, Reasons
from chain.primitives.account import AccountData

BSX = 10**12
KSM = 1
ONE, TWO = b"lock one", b"lock two"


@pytest.fixture
def m(money: Any) -> Any:
    return money({"zoe": {0: 10 * BSX}, "yan": {0: 5 * BSX, KSM: 1000}})


class TestReserve:
    def test_it_moves_and_leans(self, m: Any) -> None:
        m.balances.reserve(m.who("zoe"), 4 * BSX)
        assert m.said() == [("Balances.Reserved", {"who": "zoe", "amount": 4 * BSX})]
        assert m.account("zoe").data == AccountData(free=6 * BSX, reserved=4 * BSX)
        assert m.counts("zoe") == (1, 1)
        m.balances.reserve(m.who("zoe"), BSX)
        assert m.counts("zoe") == (1, 1)

    def test_errors(self, m: Any) -> None:
        reserve = m.balances.reserve
        assert m.attempt(reserve, "zoe", 0) is None
        assert m.attempt(reserve, "zoe", 10 * BSX + 1) == "Balances.InsufficientBalance"
        m.balances.set_lock(ONE, m.who("zoe"), 3 * BSX)
        assert m.attempt(reserve, "zoe", 7 * BSX + 1) == "Balances.LiquidityRestrictions"
        assert m.attempt(reserve, "zoe", 7 * BSX) is None
        m.system.set_data(m.who("zoe"), AccountData(free=2 * BSX, reserved=MAX_BALANCE))
        assert m.attempt(reserve, "zoe", BSX) == "Arithmetic.Overflow"

    def test_the_free_balance_must_go_on_providing(self, m: Any) -> None:
        """§5.1: below the deposit it would take the only provider away, and the reserve itself leans on it."""
        assert m.attempt(m.balances.reserve, "zoe", 10 * BSX - 1) == "ConsumerRemaining"
        assert m.counts("zoe") == (1, 0)

    def test_unless_a_token_provides(self, m: Any) -> None:
        m.balances.reserve(m.who("yan"), 5 * BSX)
        assert m.counts("yan") == (1, 1)
        assert m.account("yan").data == AccountData(free=0, reserved=5 * BSX)
        assert m.balances.unreserve(m.who("yan"), 5 * BSX) == 0
        assert m.counts("yan") == (2, 0)

    def test_can_reserve(self, m: Any) -> None:
        can = m.balances.can_reserve
        assert can(m.who("zoe"), 9 * BSX)
        assert not can(m.who("zoe"), 9 * BSX + 1)
        assert can(m.who("nobody"), 0)
        m.balances.set_lock(ONE, m.who("zoe"), 3 * BSX)
        assert not can(m.who("zoe"), 7 * BSX + 1)

    def test_unreserve_answers_the_rest(self, m: Any) -> None:
        m.balances.reserve(m.who("zoe"), 4 * BSX)
        m.said()
        assert m.balances.unreserve(m.who("zoe"), 6 * BSX) == 2 * BSX
        assert m.said() == [("Balances.Unreserved", {"who": "zoe", "amount": 4 * BSX})]
        assert m.balances.unreserve(m.who("zoe"), 0) == 0
        assert m.balances.unreserve(m.who("nobody"), 3) == 3
        assert m.said() == []


class TestRepatriate:
    def test_to_another(self, m: Any) -> None:
        m.balances.reserve(m.who("zoe"), 4 * BSX)
        m.said()
        rest = m.balances.repatriate_reserved(m.who("zoe"), m.who("yan"), 5 * BSX, BalanceStatus.Free)
        assert rest == BSX
        assert m.said() == [
            (
                "Balances.ReserveRepatriated",
                {"from": "zoe", "to": "yan", "amount": 4 * BSX, "destination_status": BalanceStatus.Free},
            )
        ]
        assert (m.free("yan"), m.counts("zoe")) == (9 * BSX, (1, 0))

    def test_as_reserve(self, m: Any) -> None:
        m.balances.reserve(m.who("zoe"), 4 * BSX)
        assert not m.balances.repatriate_reserved(m.who("zoe"), m.who("yan"), BSX, BalanceStatus.Reserved)
        assert (m.reserved("zoe"), m.reserved("yan")) == (3 * BSX, BSX)
        assert m.counts("yan") == (2, 1)

    def test_a_lock_holds_it_back(self, m: Any) -> None:
        m.balances.reserve(m.who("zoe"), 4 * BSX)
        m.balances.set_lock(ONE, m.who("zoe"), 7 * BSX)
        rest = m.balances.repatriate_reserved(m.who("zoe"), m.who("yan"), 4 * BSX, BalanceStatus.Free)
        assert (rest, m.reserved("zoe")) == (BSX, BSX)

    def test_to_the_dead(self, m: Any) -> None:
        m.balances.reserve(m.who("zoe"), 4 * BSX)
        move = m.balances.repatriate_reserved
        assert m.attempt(move, "zoe", "xan", BSX, BalanceStatus.Free) == "Balances.DeadAccount"

    def test_overflow(self, m: Any) -> None:
        m.balances.reserve(m.who("zoe"), 4 * BSX)
        m.system.set_data(m.who("yan"), AccountData(free=MAX_BALANCE))
        move = m.balances.repatriate_reserved
        assert m.attempt(move, "zoe", "yan", BSX, BalanceStatus.Free) == "Arithmetic.Overflow"

    def test_to_oneself(self, m: Any) -> None:
        m.balances.reserve(m.who("zoe"), 4 * BSX)
        m.said()
        zoe = m.who("zoe")
        assert m.balances.repatriate_reserved(zoe, zoe, 5 * BSX, BalanceStatus.Reserved) == BSX
        assert m.said() == []
        assert m.balances.repatriate_reserved(zoe, zoe, BSX, BalanceStatus.Free) == 0
        assert m.names() == ["Balances.Unreserved"]
        assert m.balances.repatriate_reserved(zoe, m.who("xan"), 0, BalanceStatus.Free) == 0


class TestNamed:
    def test_it_keeps_the_amount(self, m: Any) -> None:
        zoe = m.who("zoe")
        m.balances.reserve(zoe, BSX)
        m.balances.reserve_named(zoe, 2 * BSX)
        m.balances.reserve_named(zoe, BSX)
        assert (m.balances.reserved_balance_named(zoe), m.reserved("zoe")) == (3 * BSX, 4 * BSX)
        assert m.balances.unreserve_named(zoe, 2 * BSX) == 0
        assert m.balances.reserved_balance_named(zoe) == BSX
        assert m.balances.unreserve_named(zoe, 2 * BSX) == BSX
        assert not m.balances.reserves.contains(zoe)
        assert m.reserved("zoe") == BSX
        assert m.balances.unreserve_named(zoe, 5) == 5

    def test_errors(self, m: Any, money: Any) -> None:
        reserve = m.balances.reserve_named
        assert m.attempt(reserve, "zoe", 11 * BSX) == "Balances.InsufficientBalance"
        assert m.attempt(reserve, "zoe", 0) is None
        none = money({"zoe": {0: 10 * BSX}}, constants={"balances": {"max_reserves": 0}})
        assert none.attempt(none.balances.reserve_named, "zoe", BSX) == "Balances.TooManyReserves"


class TestLocks:
    def test_the_largest_counts(self, m: Any) -> None:
        zoe = m.who("zoe")
        m.balances.set_lock(ONE, zoe, 3 * BSX)
        m.balances.set_lock(TWO, zoe, 5 * BSX)
        m.balances.set_lock(ONE, zoe, 4 * BSX)
        m.balances.remove_lock(TWO, zoe)
        assert m.said() == [
            ("Balances.Locked", {"who": "zoe", "amount": 3 * BSX}),
            ("Balances.Locked", {"who": "zoe", "amount": 2 * BSX}),
            ("Balances.Unlocked", {"who": "zoe", "amount": BSX}),
        ]
        assert m.balances.locks.get(zoe) == (BalanceLock(ONE, 4 * BSX, Reasons.All),)
        assert m.account("zoe").data.frozen == 4 * BSX
        assert m.counts("zoe") == (1, 1)

    def test_nothing_removes(self, m: Any) -> None:
        zoe = m.who("zoe")
        m.balances.set_lock(ONE, zoe, 3 * BSX)
        m.balances.set_lock(ONE, zoe, 0)
        assert not m.balances.locks.contains(zoe)
        assert m.counts("zoe") == (1, 0)
        m.balances.remove_lock(ONE, zoe)
        assert m.names() == ["Balances.Locked", "Balances.Unlocked"]

    def test_extend(self, m: Any) -> None:
        zoe = m.who("zoe")
        m.balances.extend_lock(ONE, zoe, 3 * BSX)
        m.balances.extend_lock(ONE, zoe, 2 * BSX)
        m.balances.extend_lock(ONE, zoe, 0)
        assert m.balances.locked(ONE, zoe) == 3 * BSX
        m.balances.extend_lock(ONE, zoe, 4 * BSX)
        assert m.balances.locked(ONE, zoe) == 4 * BSX
        assert m.balances.locked(TWO, zoe) == 0

    def test_a_lock_and_a_reserve_lean_once(self, m: Any) -> None:
        zoe = m.who("zoe")
        m.balances.set_lock(ONE, zoe, 3 * BSX)
        m.balances.reserve(zoe, BSX)
        assert m.counts("zoe") == (1, 1)
        m.balances.remove_lock(ONE, zoe)
        assert m.counts("zoe") == (1, 1)

    def test_of_an_account_that_is_not(self, m: Any) -> None:
        """No reference is to be had; the lock is kept but holds nothing."""
        m.balances.set_lock(ONE, m.who("xan"), 3 * BSX)
        assert not m.system.exists(m.who("xan"))
        assert m.balances.locks.contains(m.who("xan"))

    def test_more_than_the_limit_are_kept(self, money: Any) -> None:
        m = money({"zoe": {0: 10 * BSX}}, constants={"balances": {"max_locks": 1}})
        m.balances.set_lock(ONE, m.who("zoe"), 3 * BSX)
        m.balances.set_lock(TWO, m.who("zoe"), 3 * BSX)
        assert len(m.balances.locks.get(m.who("zoe"))) == 2
        m.state.changes()
