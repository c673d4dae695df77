"""Transfers of BSX: what decides errors, in which order, and what is said. Source: spec/money.md §5.2."""

from collections.abc import Callable
from typing import Any

import pytest

from chain.pallets.balances_types import MAX_BALANCE
from chain.primitives.account import AccountData

BSX = 10**12
KSM = 1
LOCK = b"locklock"


def lock(amount: int) -> Callable[[Any], None]:
    return lambda m: m.balances.set_lock(LOCK, m.who("zoe"), amount)


def reserve(amount: int) -> Callable[[Any], None]:
    return lambda m: m.balances.reserve(m.who("zoe"), amount)


def lean(m: Any) -> None:
    """Something like session keys leans on zoe."""
    m.system.inc_consumers(m.who("zoe"))


def flood(m: Any) -> None:
    """yan has all but a little of what fits 128 bits, and the issuance allows to ask for it."""
    m.balances.make_free_balance_be(m.who("yan"), MAX_BALANCE - BSX)
    m.balances.total_issuance.put(MAX_BALANCE)


def flood_reserve(m: Any) -> None:
    m.balances.make_free_balance_be(m.who("yan"), BSX)
    info = m.account("yan")
    m.system.set_data(m.who("yan"), AccountData(free=info.data.free, reserved=MAX_BALANCE - BSX))
    m.balances.total_issuance.put(MAX_BALANCE)


def nothing(m: Any) -> None:
    pass


ALLOW, KEEP = "balances.transfer_allow_death", "balances.transfer_keep_alive"

ROWS = [
    ("more than exists", nothing, ALLOW, "yan", 61 * BSX, "Arithmetic.Underflow"),
    ("exactly what exists", nothing, ALLOW, "yan", 60 * BSX, "Token.FundsUnavailable"),
    ("more than free", nothing, ALLOW, "yan", 10 * BSX + 1, "Token.FundsUnavailable"),
    ("reserved money is not free", reserve(4 * BSX), ALLOW, "yan", 7 * BSX, "Token.FundsUnavailable"),
    ("a lock", lock(4 * BSX), ALLOW, "yan", 6 * BSX + 1, "Token.Frozen"),
    ("all but the lock", lock(4 * BSX), ALLOW, "yan", 6 * BSX, None),
    ("a lock of more than there is", lock(40 * BSX), ALLOW, "yan", 1, "Token.Frozen"),
    ("something leans on it", lean, ALLOW, "yan", 9 * BSX + 1, "Token.Frozen"),
    ("something leans on it, the deposit stays", lean, ALLOW, "yan", 9 * BSX, None),
    ("locks before staying alive", lock(4 * BSX), KEEP, "yan", 10 * BSX, "Token.Frozen"),
    ("the deposit would be broken", nothing, KEEP, "yan", 9 * BSX + 1, "Token.NotExpendable"),
    ("the deposit stays", nothing, KEEP, "yan", 9 * BSX, None),
    ("staying alive before the receiver", nothing, KEEP, "yan", 10 * BSX, "Token.NotExpendable"),
    ("funds before the receiver", nothing, ALLOW, "xan", 20 * BSX, "Token.FundsUnavailable"),
    ("a receiver below the deposit", nothing, ALLOW, "xan", BSX - 1, "Token.BelowMinimum"),
    ("a receiver at the deposit", nothing, ALLOW, "xan", BSX, None),
    ("the receiver's free balance does not fit", flood, ALLOW, "yan", 2 * BSX, "Arithmetic.Overflow"),
    ("the receiver's whole balance does not fit", flood_reserve, ALLOW, "yan", BSX, "Arithmetic.Overflow"),
    ("all of it", nothing, ALLOW, "yan", 10 * BSX, None),
]


@pytest.mark.parametrize(("label", "before", "call", "to", "amount", "error"), ROWS, ids=[r[0] for r in ROWS])
def test_errors(money: Any, label: str, before: Any, call: str, to: str, amount: int, error: str | None) -> None:
    m = money({"zoe": {0: 10 * BSX}, "yan": {0: 50 * BSX - BSX}, "@treasury": {0: BSX}})
    before(m)
    assert m.call(call, "zoe", to, amount) == error


def test_an_account_of_tokens_has_to_reach_the_deposit_too(money: Any) -> None:
    m = money({"zoe": {0: 10 * BSX}, "xan": {KSM: 1000}})
    assert m.call(ALLOW, "zoe", "xan", BSX - 1) == "Token.BelowMinimum"


def test_the_reserve_of_the_receiver_does_not_count_for_the_deposit(money: Any) -> None:
    m = money({"zoe": {0: 10 * BSX}, "yan": {0: 3 * BSX, KSM: 1000}})
    m.balances.reserve(m.who("yan"), 3 * BSX)
    assert m.call(ALLOW, "zoe", "yan", BSX - 1) == "Token.BelowMinimum"
    assert m.call(ALLOW, "zoe", "yan", BSX) is None


def test_a_reserve_covers_a_lock(money: Any) -> None:
    """Locks hold back free and reserved together in transfers (§5.2)."""
    m = money({"zoe": {0: 10 * BSX, KSM: 1000}, "yan": {0: 5 * BSX}})
    m.balances.reserve(m.who("zoe"), 5 * BSX)
    m.balances.set_lock(LOCK, m.who("zoe"), 5 * BSX)
    assert m.balances.reducible_balance(m.who("zoe"), False) == 5 * BSX
    assert m.call(ALLOW, "zoe", "yan", 5 * BSX) is None
    assert m.account("zoe").data == AccountData(free=0, reserved=5 * BSX, frozen=5 * BSX)
    assert m.counts("zoe") == (1, 1)


def test_the_last_provider_stays_while_something_leans_on_it(money: Any) -> None:
    m = money({"zoe": {0: 10 * BSX}, "yan": {0: BSX}})
    lean(m)
    assert m.call("balances.transfer_all", "zoe", "yan", False) is None
    assert m.free("zoe") == BSX


def test_order_of_events_when_one_dies_and_one_begins(money: Any) -> None:
    m = money({"zoe": {0: 10 * BSX}, "@treasury": {0: 50 * BSX}})
    assert m.call(ALLOW, "zoe", "yan", 95 * BSX // 10) is None
    dust = BSX // 2
    assert m.said() == [
        ("System.KilledAccount", {"account": "zoe"}),
        ("Balances.DustLost", {"account": "zoe", "amount": dust}),
        ("Balances.Deposit", {"who": "@treasury", "amount": dust}),
        ("Treasury.Deposit", {"value": dust}),
        ("System.NewAccount", {"account": "yan"}),
        ("Balances.Endowed", {"account": "yan", "free_balance": 95 * BSX // 10}),
        ("Balances.Transfer", {"from": "zoe", "to": "yan", "amount": 95 * BSX // 10}),
    ]
    assert not m.system.exists(m.who("zoe"))


def test_dust_lowers_the_issuance_though_the_treasury_gets_it(money: Any) -> None:
    m = money({"zoe": {0: 10 * BSX}, "yan": {0: 5 * BSX}, "@treasury": {0: 50 * BSX}})
    assert m.call(ALLOW, "zoe", "yan", 10 * BSX - 7) is None
    assert m.free("@treasury") == 50 * BSX + 7
    assert m.balances.total_issuance.get() == 65 * BSX - 7


def test_dust_without_a_treasury_lowers_the_issuance_twice(money: Any) -> None:
    m = money({"zoe": {0: 10 * BSX}, "yan": {0: 5 * BSX}})
    m.balances.withdraw(m.who("@treasury"), BSX)
    m.said()
    assert m.call(ALLOW, "zoe", "yan", 10 * BSX - 7) is None
    assert m.free("@treasury") == 0
    assert m.balances.total_issuance.get() == 15 * BSX - 14
    assert m.names() == [
        "System.KilledAccount",
        "Balances.DustLost",
        "Treasury.Deposit",
        "Balances.Transfer",
    ]


def test_dust_of_a_sender_to_the_treasury_is_not_lost(money: Any) -> None:
    m = money({"zoe": {0: 10 * BSX}, "@treasury": {0: 50 * BSX}})
    assert m.call(ALLOW, "zoe", "@treasury", 10 * BSX - 7) is None
    assert m.free("@treasury") == 60 * BSX


def test_bsx_arrives_at_an_account_of_tokens(money: Any) -> None:
    """`Endowed` without `NewAccount` (§13, 2)."""
    m = money({"zoe": {0: 10 * BSX}, "yan": {KSM: 1000}})
    assert m.call(ALLOW, "zoe", "yan", 2 * BSX) is None
    assert m.names() == ["Balances.Endowed", "Balances.Transfer"]
    assert m.counts("yan") == (2, 0)


def test_nothing_and_to_oneself(money: Any) -> None:
    """Traps 4 and 5 of §13."""
    m = money({"zoe": {0: 10 * BSX}})
    assert m.call(ALLOW, "zoe", "yan", 0) is None
    assert m.said() == [("Balances.Transfer", {"from": "zoe", "to": "yan", "amount": 0})]
    assert not m.system.exists(m.who("yan"))
    assert m.call(ALLOW, "zoe", "zoe", 3 * BSX) is None
    assert m.call(ALLOW, "zoe", "zoe", 0) is None
    assert m.call(KEEP, "zoe", "zoe", 11 * BSX) == "Token.FundsUnavailable"
    assert m.said() == []
    # pallets among themselves do not check these at all
    m.balances.transfer(m.who("zoe"), m.who("zoe"), 99 * BSX)
    m.balances.transfer(m.who("zoe"), m.who("yan"), 0)
    assert m.said() == []


def test_nothing_from_an_account_without_bsx(money: Any) -> None:
    """The step of §5.1 runs: a balance that was none is `Endowed` with 0, and is none again."""
    m = money({"zoe": {KSM: 1000}})
    assert m.call(ALLOW, "zoe", "yan", 0) is None
    assert m.said() == [
        ("Balances.Endowed", {"account": "zoe", "free_balance": 0}),
        ("Balances.Transfer", {"from": "zoe", "to": "yan", "amount": 0}),
    ]


def test_a_small_free_balance_beside_a_reserve_is_kept(money: Any) -> None:
    m = money({"zoe": {0: 10 * BSX, KSM: 1000}, "yan": {0: BSX}})
    m.balances.reserve(m.who("zoe"), 5 * BSX)
    assert m.call(ALLOW, "zoe", "yan", 5 * BSX - 3) is None
    assert m.account("zoe").data == AccountData(free=3, reserved=5 * BSX)
    assert m.counts("zoe") == (1, 1)


def test_the_nonce_dies_with_the_account(money: Any) -> None:
    m = money({"zoe": {0: 10 * BSX}, "yan": {0: 5 * BSX}})
    m.system.inc_nonce(m.who("zoe"))
    assert m.call(ALLOW, "zoe", "yan", 10 * BSX) is None
    assert m.call(KEEP, "yan", "zoe", 2 * BSX) is None
    assert m.account("zoe").nonce == 0


def test_a_later_deposit_decides_who_lives(money: Any) -> None:
    """The deposit is a constant of the chain."""
    m = money({"zoe": {0: 50}, "yan": {0: 7}}, constants={"balances": {"existential_deposit": 5}})
    assert m.call(ALLOW, "zoe", "xan", 4) == "Token.BelowMinimum"
    assert m.call(ALLOW, "zoe", "xan", 46) is None
    assert m.free("@treasury") == 5 + 4
