"""Moving tokens: errors in their order, dust, events. Source: spec/money.md §6."""

from collections.abc import Callable
from typing import Any

import pytest
from zoes_tokens import BSX, DOT, GEM, KSM, LOCK, lean, lock, nothing, reserve

from chain.pallets.asset_types import TOKEN, GenesisAsset
from chain.pallets.balances_types import MAX_BALANCE
from chain.pallets.tokens_types import TokenAccount


@pytest.fixture
def m(money: Any) -> Any:
    return money({"zoe": {KSM: 1000}, "yan": {KSM: 500, 0: 5 * BSX}, "wim": {KSM: 300}})


def bsx(m: Any) -> None:
    m.balances.make_free_balance_be(m.who("zoe"), BSX)


def flood(m: Any) -> None:
    m.tokens.accounts.insert(m.who("yan"), KSM, TokenAccount(MAX_BALANCE - 5, 0, 0))


def shield(name: str) -> Callable[[Any], None]:
    return lambda m: m.duster.add_account(m.who(name))


ALLOW, KEEP = "tokens.transfer", "tokens.transfer_keep_alive"

ROWS = [
    ("more than free", nothing, ALLOW, "yan", 1001, "Tokens.BalanceTooLow"),
    ("reserved is not free", reserve(400), ALLOW, "yan", 601, "Tokens.BalanceTooLow"),
    ("the receiver's does not fit", flood, ALLOW, "yan", 6, "Arithmetic.Overflow"),
    ("too little before what does not fit", flood, ALLOW, "yan", 1001, "Tokens.BalanceTooLow"),
    ("a new account below the deposit", nothing, ALLOW, "xan", 99, "Tokens.ExistentialDeposit"),
    ("at the deposit", nothing, ALLOW, "xan", 100, None),
    ("a whitelisted one below", shield("xan"), ALLOW, "xan", 1, None),
    ("the treasury below", nothing, ALLOW, "@treasury", 1, None),
    ("the deposit before the lock", lock(990), ALLOW, "xan", 50, "Tokens.ExistentialDeposit"),
    ("a lock", lock(400), ALLOW, "yan", 601, "Tokens.LiquidityRestrictions"),
    ("all but the lock", lock(400), ALLOW, "yan", 600, None),
    ("the lock before staying alive", lock(50), KEEP, "yan", 1000, "Tokens.LiquidityRestrictions"),
    ("would leave dust", nothing, KEEP, "yan", 901, "Tokens.KeepAlive"),
    ("would leave nothing", nothing, KEEP, "yan", 1000, "Tokens.KeepAlive"),
    ("leaves the deposit", nothing, KEEP, "yan", 900, None),
    ("whitelisted, would leave dust", shield("zoe"), KEEP, "yan", 999, None),
    ("whitelisted, would leave nothing", shield("zoe"), KEEP, "yan", 1000, "Tokens.KeepAlive"),
    ("the reserve keeps it alive", reserve(100), KEEP, "yan", 900, None),
    ("the last provider with consumers", lean, ALLOW, "yan", 1000, "Tokens.KeepAlive"),
    ("dust of the last provider with consumers", lean, ALLOW, "yan", 950, "Tokens.KeepAlive"),
    ("BSX provides for the consumers", lambda m: (bsx(m), lean(m)), ALLOW, "yan", 1000, None),
    ("all of it", nothing, ALLOW, "yan", 1000, None),
    ("nothing", nothing, KEEP, "xan", 0, None),
]


@pytest.mark.parametrize(("label", "before", "call", "to", "amount", "error"), ROWS, ids=[r[0] for r in ROWS])
def test_errors(m: Any, label: str, before: Any, call: str, to: str, amount: int, error: str | None) -> None:
    before(m)
    assert m.call(call, "zoe", to, KSM, amount) == error


def test_an_asset_that_is_not_registered_has_an_infinite_deposit(m: Any) -> None:
    assert m.tokens.minimum_balance(99) == MAX_BALANCE
    assert m.call("tokens.transfer", "zoe", "yan", 99, 1) == "Tokens.BalanceTooLow"
    assert m.attempt(m.tokens.deposit_into, 99, "zoe", 10**30) == "Tokens.ExistentialDeposit"


class TestTransfer:
    def test_events_of_a_new_account(self, m: Any) -> None:
        assert m.call("tokens.transfer", "zoe", "xan", KSM, 100) is None
        assert m.said() == [
            ("System.NewAccount", {"account": "xan"}),
            ("Tokens.Endowed", {"currency_id": KSM, "who": "xan", "amount": 100}),
            ("Tokens.Transfer", {"currency_id": KSM, "from": "zoe", "to": "xan", "amount": 100}),
        ]

    def test_everything_of_the_sender_comes_first(self, m: Any) -> None:
        assert m.call("tokens.transfer", "zoe", "xan", KSM, 990) is None
        assert m.names() == [
            "System.KilledAccount",
            "Tokens.Endowed",  # of the dust account, from here on
            "Tokens.Transfer",
            "Currencies.Transferred",
            "Tokens.DustLost",
            "System.NewAccount",  # of the receiver, from here on
            "Tokens.Endowed",
            "Tokens.Transfer",
        ]
        assert m.free("@treasury", KSM) == 10
        assert m.tokens.total_issuance.get(KSM) == 1800

    def test_to_oneself_is_not_checked(self, m: Any) -> None:
        assert m.call("tokens.transfer", "zoe", "zoe", KSM, 5000) is None
        assert m.said() == []

    def test_several_tokens_and_bsx_provide_one_each(self, money: Any) -> None:
        m = money({"zoe": {KSM: 1000, DOT: 5, 0: 5 * BSX}, "yan": {KSM: 500}})
        assert m.counts("zoe") == (3, 0)
        assert m.call("tokens.transfer", "zoe", "yan", KSM, 1000) is None
        assert m.call("tokens.transfer", "zoe", "yan", DOT, 5) is None
        assert m.counts("zoe") == (1, 0)
        assert m.counts("yan") == (2, 0)
        assert m.call("balances.transfer_allow_death", "zoe", "yan", 5 * BSX) is None
        assert not m.system.exists(m.who("zoe"))

    def test_a_deposit_of_one(self, money: Any) -> None:
        m = money({"zoe": {GEM: 5}})
        assert m.call("tokens.transfer", "zoe", "yan", GEM, 1) is None
        assert m.call("tokens.transfer_keep_alive", "zoe", "yan", GEM, 4) == "Tokens.KeepAlive"

    def test_a_deposit_of_zero_leaves_an_entry_of_zeros(self, money: Any) -> None:
        m = money({"zoe": {9: 5}}, assets=[GenesisAsset(9, b"Free", b"FREE", 0, 0)])
        assert m.call("tokens.transfer", "zoe", "yan", 9, 5) is None
        assert m.tokens.accounts.contains(m.who("zoe"), 9)
        assert m.counts("zoe") == (1, 0)
        m.said()
        assert m.call("tokens.transfer", "yan", "zoe", 9, 5) is None
        assert m.names() == ["Tokens.Transfer"]

    def test_hooks_hear_of_new_and_killed_entries(self, m: Any) -> None:
        m.hooks.told.clear()
        assert m.call("tokens.transfer", "zoe", "xan", KSM, 1000) is None
        assert m.call("tokens.transfer", "yan", "xan", KSM, 100) is None
        assert m.hooks.told == [("killed", "zoe", KSM), ("new", "xan", KSM)]

    def test_a_chain_without_hooks(self, m: Any) -> None:
        m.tokens.needs.hooks = None
        assert m.call("tokens.transfer", "zoe", "xan", KSM, 1000) is None


class TestDust:
    def test_of_a_sender_who_sends_to_the_dust_account(self, m: Any) -> None:
        """The dust account was read before the dust came: the dust is lost, the issuance keeps it (§6.2)."""
        m.tokens.deposit_into(KSM, m.who("@treasury"), 1000)
        m.said()
        assert m.call("tokens.transfer", "zoe", "@treasury", KSM, 990) is None
        assert m.free("@treasury", KSM) == 1990
        assert m.tokens.total_issuance.get(KSM) == 2800
        assert m.names() == [
            "System.KilledAccount",
            "Tokens.Transfer",
            "Currencies.Transferred",
            "Tokens.DustLost",
            "Tokens.Transfer",
        ]

    def test_of_a_sender_who_starts_the_dust_account(self, m: Any) -> None:
        """It is counted in twice."""
        providers = m.counts("@treasury")[0]
        assert m.call("tokens.transfer", "zoe", "@treasury", KSM, 990) is None
        assert m.names().count("Tokens.Endowed") == 2
        assert m.free("@treasury", KSM) == 990
        assert m.counts("@treasury")[0] == providers + 2

    def test_that_cannot_move_stays(self, m: Any) -> None:
        """All of it is reserved."""
        m.tokens.reserve(KSM, m.who("zoe"), 50)
        m.said()
        assert m.call("tokens.transfer", "zoe", "yan", KSM, 950) is None
        assert m.names() == ["Tokens.DustLost", "Tokens.Transfer"]
        assert m.reserved("zoe", KSM) == 50
        assert m.counts("zoe") == (1, 0)

    def test_too_little_to_start_the_dust_account_stays(self, money: Any) -> None:
        m = money({"zoe": {KSM: 1000}, "yan": {KSM: 500}})
        m.duster.receiver.put(m.who("dust"))
        assert m.call("tokens.transfer", "zoe", "yan", KSM, 990) is None
        assert m.names() == ["Tokens.DustLost", "Tokens.Transfer"]
        assert m.free("zoe", KSM) == 10

    def test_without_a_dust_account_stays(self, m: Any) -> None:
        m.duster.receiver.kill()
        assert m.call("tokens.transfer", "zoe", "yan", KSM, 990) is None
        assert m.free("zoe", KSM) == 10

    def test_a_whitelisted_account_keeps_it(self, m: Any) -> None:
        m.duster.add_account(m.who("zoe"))
        assert m.call("tokens.transfer", "zoe", "yan", KSM, 990) is None
        assert m.names() == ["Tokens.Transfer"]
        assert m.free("zoe", KSM) == 10

    def test_a_higher_deposit_counts_from_the_next_change(self, m: Any) -> None:
        assert m.call("asset_registry.update", "root", KSM, b"Kusama", TOKEN, 600, None) is None
        m.said()
        assert m.call("tokens.transfer", "yan", "zoe", KSM, 10) is None
        assert m.free("@treasury", KSM) == 490
        assert not m.tokens.accounts.contains(m.who("yan"), KSM)


class TestWithdrawAndDeposit:
    def test_withdraw(self, m: Any) -> None:
        m.tokens.withdraw(KSM, m.who("zoe"), 400)
        assert m.said() == [("Tokens.Withdrawn", {"currency_id": KSM, "who": "zoe", "amount": 400})]
        assert (m.free("zoe", KSM), m.tokens.total_issuance.get(KSM)) == (600, 1400)
        m.tokens.withdraw(KSM, m.who("nobody"), 0)
        assert m.said() == []

    def test_withdraw_errors(self, m: Any) -> None:
        withdraw = m.tokens.withdraw
        assert m.attempt(withdraw, KSM, "zoe", 1001) == "Tokens.BalanceTooLow"
        assert m.attempt(withdraw, KSM, "zoe", 901, keep_alive=True) == "Tokens.KeepAlive"
        assert m.attempt(withdraw, KSM, "zoe", 1000, keep_alive=True) == "Tokens.KeepAlive"
        assert m.attempt(withdraw, KSM, "zoe", 900, keep_alive=True) is None
        m.tokens.set_lock(LOCK, KSM, m.who("yan"), 300)
        assert m.attempt(withdraw, KSM, "yan", 201) == "Tokens.LiquidityRestrictions"

    def test_withdraw_does_not_ask_for_consumers(self, m: Any) -> None:
        """The entry ends, its provider cannot: the account stays (§6.1, 3)."""
        lean(m)
        m.tokens.withdraw(KSM, m.who("zoe"), 1000)
        assert m.names() == ["Tokens.Withdrawn"]
        assert m.counts("zoe") == (1, 1)
        assert not m.tokens.accounts.contains(m.who("zoe"), KSM)

    def test_withdraw_that_leaves_dust(self, m: Any) -> None:
        m.tokens.withdraw(KSM, m.who("zoe"), 950)
        assert m.names()[:2] == ["Tokens.Withdrawn", "System.KilledAccount"]
        assert m.tokens.total_issuance.get(KSM) == 850

    def test_deposit(self, m: Any) -> None:
        m.tokens.deposit_into(KSM, m.who("xan"), 100)
        assert m.said() == [
            ("System.NewAccount", {"account": "xan"}),
            ("Tokens.Endowed", {"currency_id": KSM, "who": "xan", "amount": 100}),
            ("Tokens.Deposited", {"currency_id": KSM, "who": "xan", "amount": 100}),
        ]
        m.tokens.deposit_into(KSM, m.who("xan"), 1)
        m.tokens.deposit_into(KSM, m.who("nobody"), 0)
        assert m.names() == ["Tokens.Deposited"]
        assert m.tokens.total_issuance.get(KSM) == 1901

    def test_deposit_errors(self, m: Any) -> None:
        deposit = m.tokens.deposit_into
        assert m.attempt(deposit, KSM, "xan", 99) == "Tokens.ExistentialDeposit"
        assert m.attempt(deposit, KSM, "zoe", MAX_BALANCE - 1799) == "Arithmetic.Overflow"
        assert m.attempt(deposit, KSM, "@treasury", 1) is None

    def test_slash_takes_free_first(self, m: Any) -> None:
        m.tokens.reserve(KSM, m.who("zoe"), 300)
        m.said()
        assert m.tokens.slash(KSM, m.who("zoe"), 800) == 0
        assert m.said() == [
            ("Tokens.BalanceSet", {"currency_id": KSM, "who": "zoe", "free": 0, "reserved": 300}),
            ("Tokens.BalanceSet", {"currency_id": KSM, "who": "zoe", "free": 0, "reserved": 200}),
            ("Tokens.Slashed", {"currency_id": KSM, "who": "zoe", "free_amount": 700, "reserved_amount": 100}),
        ]
        assert m.tokens.slash(KSM, m.who("zoe"), 250) == 50
        assert m.tokens.slash(KSM, m.who("zoe"), 0) == 0
        assert m.tokens.total_issuance.get(KSM) == 800
        assert not m.system.exists(m.who("zoe"))
