"""Reserves and locks of tokens. Source: spec/money.md §6.2."""

from typing import Any

import pytest

from chain.pallets.balances_types import BalanceStatus
from chain.pallets.tokens_types import TokenAccount, TokenLock

BSX = 10**12
KSM = 1
ONE, TWO = b"lock one", b"lock two"


@pytest.fixture
def m(money: Any) -> Any:
    return money({"zoe": {KSM: 1000}, "yan": {KSM: 500}})


class TestReserve:
    def test_it_moves_and_leans_on_nothing(self, m: Any) -> None:
        m.tokens.reserve(KSM, m.who("zoe"), 1000)
        assert m.said() == [("Tokens.Reserved", {"currency_id": KSM, "who": "zoe", "amount": 1000})]
        assert m.tokens.accounts.get(m.who("zoe"), KSM) == TokenAccount(0, 1000, 0)
        assert m.counts("zoe") == (1, 0)

    def test_errors(self, m: Any) -> None:
        reserve = m.tokens.reserve
        assert m.attempt(reserve, KSM, "nobody", 0) is None
        assert m.attempt(reserve, KSM, "zoe", 1001) == "Tokens.BalanceTooLow"
        m.tokens.set_lock(ONE, KSM, m.who("zoe"), 300)
        assert m.attempt(reserve, KSM, "zoe", 701) == "Tokens.LiquidityRestrictions"
        can = m.tokens.can_reserve
        assert can(KSM, m.who("zoe"), 700)
        assert not can(KSM, m.who("zoe"), 701)
        assert not can(KSM, m.who("yan"), 501)
        assert can(KSM, m.who("nobody"), 0)

    def test_unreserve_answers_the_rest(self, m: Any) -> None:
        m.tokens.reserve(KSM, m.who("zoe"), 300)
        m.said()
        assert m.tokens.unreserve(KSM, m.who("zoe"), 500) == 200
        assert m.tokens.unreserve(KSM, m.who("zoe"), 0) == 0
        assert m.said() == [("Tokens.Unreserved", {"currency_id": KSM, "who": "zoe", "amount": 300})]

    def test_slash_reserved(self, m: Any) -> None:
        m.tokens.reserve(KSM, m.who("zoe"), 300)
        m.said()
        assert m.tokens.slash_reserved(KSM, m.who("zoe"), 500) == 200
        assert m.tokens.slash_reserved(KSM, m.who("zoe"), 0) == 0
        assert m.said() == [
            ("Tokens.Slashed", {"currency_id": KSM, "who": "zoe", "free_amount": 0, "reserved_amount": 300})
        ]
        assert m.tokens.total_issuance.get(KSM) == 1200


class TestRepatriate:
    def test_to_free(self, m: Any) -> None:
        m.tokens.reserve(KSM, m.who("zoe"), 300)
        m.said()
        move = m.tokens.repatriate_reserved
        assert move(KSM, m.who("zoe"), m.who("yan"), 400, BalanceStatus.Free) == 100
        assert m.said() == [
            ("Tokens.BalanceSet", {"currency_id": KSM, "who": "yan", "free": 800, "reserved": 0}),
            ("Tokens.BalanceSet", {"currency_id": KSM, "who": "zoe", "free": 700, "reserved": 0}),
            (
                "Tokens.ReserveRepatriated",
                {"currency_id": KSM, "from": "zoe", "to": "yan", "amount": 300, "status": BalanceStatus.Free},
            ),
        ]

    def test_the_receiver_need_not_exist(self, m: Any) -> None:
        m.tokens.reserve(KSM, m.who("zoe"), 300)
        m.said()
        move = m.tokens.repatriate_reserved
        assert move(KSM, m.who("zoe"), m.who("xan"), 150, BalanceStatus.Reserved) == 0
        assert m.reserved("xan", KSM) == 150
        assert m.names()[:3] == ["Tokens.BalanceSet", "System.NewAccount", "Tokens.Endowed"]

    def test_to_oneself(self, m: Any) -> None:
        m.tokens.reserve(KSM, m.who("zoe"), 300)
        m.said()
        zoe, move = m.who("zoe"), m.tokens.repatriate_reserved
        assert move(KSM, zoe, zoe, 400, BalanceStatus.Reserved) == 100
        assert m.said() == []
        assert move(KSM, zoe, zoe, 100, BalanceStatus.Free) == 0
        assert m.names() == ["Tokens.Unreserved"]
        assert move(KSM, zoe, m.who("yan"), 0, BalanceStatus.Free) == 0


class TestNamed:
    def test_it_keeps_the_amount(self, m: Any) -> None:
        zoe = m.who("zoe")
        m.tokens.reserve(KSM, zoe, 100)
        m.tokens.reserve_named(KSM, zoe, 200)
        m.tokens.reserve_named(KSM, zoe, 100)
        m.tokens.reserve_named(KSM, zoe, 0)
        assert (m.tokens.reserved_balance_named(KSM, zoe), m.reserved("zoe", KSM)) == (300, 400)
        assert m.tokens.unreserve_named(KSM, zoe, 250) == 0
        assert m.tokens.unreserve_named(KSM, zoe, 250) == 200
        assert not m.tokens.reserves.contains(zoe, KSM)
        assert m.reserved("zoe", KSM) == 100
        assert m.tokens.unreserve_named(KSM, zoe, 5) == 5

    def test_errors(self, m: Any, money: Any) -> None:
        assert m.attempt(m.tokens.reserve_named, KSM, "zoe", 1001) == "Tokens.BalanceTooLow"
        none = money({"zoe": {KSM: 1000}}, constants={"tokens": {"max_reserves": 0}})
        assert none.attempt(none.tokens.reserve_named, KSM, "zoe", 1) == "Tokens.TooManyReserves"


class TestLocks:
    def test_the_first_leans_the_last_lets_go(self, m: Any) -> None:
        zoe = m.who("zoe")
        m.tokens.set_lock(ONE, KSM, zoe, 300)
        m.tokens.set_lock(TWO, KSM, zoe, 200)
        assert m.counts("zoe") == (1, 1)
        assert m.tokens.locks.get(zoe, KSM) == (TokenLock(ONE, 300), TokenLock(TWO, 200))
        m.tokens.remove_lock(ONE, KSM, zoe)
        assert m.counts("zoe") == (1, 1)
        m.tokens.remove_lock(TWO, KSM, zoe)
        assert m.counts("zoe") == (1, 0)
        assert not m.tokens.locks.contains(zoe, KSM)
        assert m.said() == [
            ("Tokens.Locked", {"currency_id": KSM, "who": "zoe", "amount": 300}),
            ("Tokens.LockSet", {"lock_id": ONE, "currency_id": KSM, "who": "zoe", "amount": 300}),
            ("Tokens.LockSet", {"lock_id": TWO, "currency_id": KSM, "who": "zoe", "amount": 200}),
            ("Tokens.Unlocked", {"currency_id": KSM, "who": "zoe", "amount": 100}),
            ("Tokens.LockRemoved", {"lock_id": ONE, "currency_id": KSM, "who": "zoe"}),
            ("Tokens.Unlocked", {"currency_id": KSM, "who": "zoe", "amount": 200}),
            ("Tokens.LockRemoved", {"lock_id": TWO, "currency_id": KSM, "who": "zoe"}),
        ]

    def test_each_asset_leans_by_itself(self, money: Any) -> None:
        m = money({"zoe": {KSM: 1000, 2: 50}})
        m.tokens.set_lock(ONE, KSM, m.who("zoe"), 300)
        m.tokens.set_lock(ONE, 2, m.who("zoe"), 5)
        assert m.counts("zoe") == (2, 2)

    def test_setting_replaces_and_nothing_is_no_removal(self, m: Any) -> None:
        zoe = m.who("zoe")
        m.tokens.set_lock(ONE, KSM, zoe, 300)
        m.tokens.set_lock(ONE, KSM, zoe, 100)
        m.tokens.set_lock(ONE, KSM, zoe, 0)
        assert m.tokens.locked(ONE, KSM, zoe) == 100
        assert m.names() == ["Tokens.Locked", "Tokens.LockSet", "Tokens.Unlocked", "Tokens.LockSet"]

    def test_extend(self, m: Any) -> None:
        zoe = m.who("zoe")
        m.tokens.extend_lock(ONE, KSM, zoe, 300)
        m.tokens.extend_lock(ONE, KSM, zoe, 100)
        m.tokens.extend_lock(ONE, KSM, zoe, 0)
        assert m.tokens.locked(ONE, KSM, zoe) == 300
        assert m.names() == ["Tokens.Locked"]

    def test_too_many(self, money: Any) -> None:
        m = money({"zoe": {KSM: 1000}}, constants={"tokens": {"max_locks": 1}})
        m.tokens.set_lock(ONE, KSM, m.who("zoe"), 300)
        assert m.attempt(m.tokens.set_lock, TWO, KSM, "zoe", 300) == "Tokens.MaxLocksExceeded"
        assert m.attempt(m.tokens.set_lock, ONE, KSM, "zoe", 400) is None

    def test_on_an_account_that_is_not(self, m: Any) -> None:
        m.tokens.set_lock(ONE, KSM, m.who("xan"), 300)
        assert not m.system.exists(m.who("xan"))
        assert m.tokens.locks.contains(m.who("xan"), KSM)
        assert m.names()[0] == "Tokens.Endowed"
