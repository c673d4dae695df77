"""Dusting by hand, and the whitelist. Source: spec/money.md §6, §9."""

from typing import Any

import pytest

from chain.crypto import accounts
from chain.pallets.asset_types import TOKEN

BSX = 10**12
KSM = 1
DUST = "duster.dust_account"


@pytest.fixture
def m(money: Any) -> Any:
    """Everybody's KSM is below the deposit now."""
    m = money({"zoe": {KSM: 1000}, "yan": {0: 5 * BSX, KSM: 1000}, "@treasury": {0: 50 * BSX}})
    assert m.call("asset_registry.update", "root", KSM, b"Kusama", TOKEN, 5000, None) is None
    m.said()
    return m


def test_anybody_dusts(m: Any) -> None:
    assert m.call(DUST, "yan", "zoe", KSM) is None
    assert m.said() == [
        ("System.KilledAccount", {"account": "zoe"}),
        ("Tokens.Endowed", {"currency_id": KSM, "who": "@treasury", "amount": 1000}),
        ("Tokens.Transfer", {"currency_id": KSM, "from": "zoe", "to": "@treasury", "amount": 1000}),
        ("Currencies.Transferred", {"currency_id": KSM, "from": "zoe", "to": "@treasury", "amount": 1000}),
        ("Duster.Dusted", {"who": "zoe", "amount": 1000}),
    ]


def test_errors_in_their_order(m: Any) -> None:
    m.duster.add_account(m.who("zoe"))
    assert m.call(DUST, "root", "zoe", KSM) == "BadOrigin"
    assert m.call(DUST, "yan", "zoe", 2) == "Duster.AccountBlacklisted"
    assert m.call(DUST, "yan", "yan", 99) == "Duster.ZeroBalance"
    assert m.call(DUST, "yan", "yan", 0) == "Duster.BalanceSufficient"
    m.duster.receiver.kill()
    assert m.call(DUST, "yan", "yan", 0) == "Duster.BalanceSufficient"
    assert m.call(DUST, "yan", "yan", KSM) == "Duster.DustAccountNotSet"


def test_what_cannot_move_is_an_error_here(m: Any) -> None:
    m.tokens.reserve(KSM, m.who("yan"), 10)
    assert m.call(DUST, "zoe", "yan", KSM) == "Tokens.BalanceTooLow"


def test_the_treasury_can_be_dusted_to_itself(m: Any) -> None:
    """Its being whitelisted for tokens is no matter of the list (§6, §9)."""
    m.tokens.deposit_into(KSM, m.who("@treasury"), 7)
    m.said()
    assert m.call(DUST, "yan", "@treasury", KSM) is None
    assert m.said() == [("Duster.Dusted", {"who": "@treasury", "amount": 7})]


def test_rewards_are_paid_if_they_can_be(money: Any) -> None:
    m = money({"zoe": {KSM: 1000}, "@treasury": {0: 5 * BSX}}, constants={"duster": {"reward": 2 * BSX}})
    m.registry.assets.insert(KSM, m.registry.details(KSM).__class__(b"Kusama", TOKEN, 5000, None))
    assert m.call(DUST, "yan", "zoe", KSM) is None
    assert m.free("yan") == 2 * BSX
    m.tokens.accounts.insert(m.who("zoe"), KSM, m.tokens.accounts.get(m.who("@treasury"), KSM))
    m.duster.rewarder.put(m.who("nobody"))
    assert m.call(DUST, "yan", "zoe", KSM) is None
    m.duster.rewarder.kill()
    assert m.free("yan") == 2 * BSX


class TestList:
    def test_calls(self, m: Any) -> None:
        add, remove = "duster.add_nondustable_account", "duster.remove_nondustable_account"
        assert m.call(add, "zoe", "zoe") == "BadOrigin"
        assert m.call(remove, "zoe", "zoe") == "BadOrigin"
        assert m.call(remove, "root", "zoe") == "Duster.AccountNotBlacklisted"
        assert m.call(add, "root", "zoe") is None
        assert m.call(add, "root", "zoe") is None
        assert m.call(remove, "root", "zoe") is None
        assert m.said() == [
            ("Duster.Added", {"who": "zoe"}),
            ("Duster.Added", {"who": "zoe"}),
            ("Duster.Removed", {"who": "zoe"}),
        ]

    def test_pools_come_and_go_silently(self, m: Any) -> None:
        m.duster.add_account(m.who("pool"))
        assert m.duster.is_whitelisted(m.who("pool"))
        m.duster.remove_account(m.who("pool"))
        assert not m.duster.is_whitelisted(m.who("pool"))
        assert m.attempt(m.duster.remove_account, "pool") == "Duster.AccountNotBlacklisted"
        assert m.said() == []

    def test_of_the_first_state(self, money: Any) -> None:
        m = money(genesis={"duster": {"account_blacklist": (b"a" * 32,)}})
        listed = {who for who, _ in m.duster.blacklist.items()}
        farms = {accounts.pallet("LiqMinId"), accounts.pallet("WhouseLm")}
        assert listed == farms | {b"a" * 32}
        for account in (m.who("@treasury"), accounts.pallet("py/vstng"), b"a" * 32, *farms):
            assert m.duster.is_whitelisted(account)
        assert m.duster.receiver.get() == m.duster.rewarder.get() == m.who("@treasury")

    def test_accounts_of_the_first_state(self, money: Any) -> None:
        m = money(genesis={"duster": {"dust_account": None, "reward_account": b"r" * 32}})
        assert m.duster.receiver.get() is None
        assert m.duster.rewarder.get() == b"r" * 32
