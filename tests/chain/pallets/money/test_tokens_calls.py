"""The calls of Tokens. Source: spec/money.md §6."""

from typing import Any

import pytest
from zoes_tokens import BSX, KSM, lean, lock, nothing, reserve

from chain.pallets.balances_types import MAX_BALANCE


@pytest.fixture
def m(money: Any) -> Any:
    return money({"zoe": {KSM: 1000}, "yan": {KSM: 500, 0: 5 * BSX}, "wim": {KSM: 300}})


class TestCalls:
    def test_origins(self, m: Any) -> None:
        assert m.call("tokens.force_transfer", "zoe", "yan", "zoe", KSM, 1) == "BadOrigin"
        assert m.call("tokens.set_balance", "zoe", "zoe", KSM, 1, 0) == "BadOrigin"
        for call in ("transfer", "transfer_keep_alive"):
            assert m.call(f"tokens.{call}", "root", "zoe", KSM, 1) == "BadOrigin"
        assert m.call("tokens.transfer_all", "nobody", "zoe", KSM, True) == "BadOrigin"

    def test_force_transfer(self, m: Any) -> None:
        assert m.call("tokens.force_transfer", "root", "yan", "zoe", KSM, 500) is None
        assert m.free("zoe", KSM) == 1500

    @pytest.mark.parametrize(
        ("before", "keep_alive", "moved"),
        [
            (nothing, False, 1000),
            (nothing, True, 900),
            (lean, False, 900),
            (lock(300), False, 700),
            (lock(300), True, 700),
            (lock(60), True, 900),
            (reserve(30), True, 900),
            (reserve(300), True, 700),
            (reserve(300), False, 700),
        ],
    )
    def test_transfer_all(self, m: Any, before: Any, keep_alive: bool, moved: int) -> None:
        before(m)
        assert m.call("tokens.transfer_all", "zoe", "yan", KSM, keep_alive) is None
        assert m.free("yan", KSM) == 500 + moved

    def test_set_balance(self, m: Any) -> None:
        call = "tokens.set_balance"
        assert m.call(call, "root", "zoe", KSM, MAX_BALANCE, 1) == "Arithmetic.Overflow"
        assert m.call(call, "root", "zoe", KSM, MAX_BALANCE, 0) == "Arithmetic.Overflow"
        assert m.call(call, "root", "zoe", KSM, 200, 100) is None
        assert m.said() == [("Tokens.BalanceSet", {"currency_id": KSM, "who": "zoe", "free": 200, "reserved": 100})]
        assert m.tokens.total_issuance.get(KSM) == 1100
        assert m.call(call, "root", "zoe", KSM, 50, 49) is None
        assert m.names() == ["Tokens.BalanceSet", "System.KilledAccount"]
        assert m.tokens.total_issuance.get(KSM) == 800
        assert m.call(call, "root", "xan", KSM, 1, 0) is None
        assert m.said() == [
            ("Tokens.BalanceSet", {"currency_id": KSM, "who": "xan", "free": 0, "reserved": 0}),
            ("Tokens.Endowed", {"currency_id": KSM, "who": "xan", "amount": 0}),
        ]

    def test_set_balance_underflow(self, m: Any) -> None:
        m.tokens.total_issuance.insert(KSM, 500)
        assert m.call("tokens.set_balance", "root", "zoe", KSM, 0, 0) == "Arithmetic.Underflow"
