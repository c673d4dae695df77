"""The treasury's account and the inactive issuance. Source: spec/money.md §5.4, §10."""

from typing import Any

BSX = 10**12


def test_its_account(money: Any) -> None:
    account = money().treasury.account
    assert account.hex() == "6d6f646c70792f74727372790000000000000000000000000000000000000000"


def test_the_first_state_raises_it_to_the_deposit(money: Any) -> None:
    m = money({"zoe": {0: 5 * BSX}})
    assert m.free("@treasury") == BSX
    assert m.counts("@treasury") == (1, 0)
    assert m.balances.total_issuance.get() == 6 * BSX
    assert m.said() == []
    assert money({"@treasury": {0: 7 * BSX}}).free("@treasury") == 7 * BSX


def test_the_pot_is_inactive(money: Any) -> None:
    m = money({"zoe": {0: 5 * BSX}, "@treasury": {0: 7 * BSX}})
    m.treasury.on_initialize(1)
    assert m.said() == [("Treasury.UpdatedInactive", {"reactivated": 0, "deactivated": 6 * BSX})]
    m.treasury.on_initialize(2)
    assert m.said() == []
    m.balances.transfer(m.who("zoe"), m.who("@treasury"), BSX)
    m.said()
    m.treasury.on_initialize(3)
    assert m.said() == [("Treasury.UpdatedInactive", {"reactivated": 6 * BSX, "deactivated": 7 * BSX})]
    assert m.balances.inactive_issuance.get() == 7 * BSX
    assert m.treasury.deactivated.get() == 7 * BSX


def test_what_others_made_inactive_stays_so(money: Any) -> None:
    m = money({"zoe": {0: 9 * BSX}, "@treasury": {0: 3 * BSX}})
    m.balances.deactivate(4 * BSX)
    m.treasury.on_initialize(1)
    assert m.balances.inactive_issuance.get() == 6 * BSX


def test_a_treasury_without_more_than_the_deposit_says_nothing(money: Any) -> None:
    m = money()
    m.treasury.on_initialize(1)
    assert m.said() == []
