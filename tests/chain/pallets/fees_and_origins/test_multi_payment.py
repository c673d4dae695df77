"""In which currency fees are paid. Source: spec/fees-and-origins.md §4, scenarios money-fee-*."""

from typing import Any

import pytest

from chain.frame import ROOT
from chain.pallets.multi_payment import MultiTransactionPayment, Needs, currency_set_by
from chain.pallets.payment import ONE, Paid, TransactionPayment
from chain.pallets.payment import Needs as PaymentNeeds
from chain.pallets.system import System
from chain.pallets.utility import Needs as UtilityNeeds
from chain.pallets.utility import Utility
from chain.primitives.errors import Invalid

ALICE, BOB, TREASURY = b"\x01" * 32, b"\x02" * 32, b"\x09" * 32
BSX, TKN, KSM = 0, 77, 1
PRICE = 3 * ONE // 2


class Oracle:
    """Markets whose prices tests set."""

    def __init__(self) -> None:
        self.prices: dict[int, int] = {}

    def price(self, asset: int) -> int | None:
        return self.prices.get(asset)


@pytest.fixture
def oracle() -> Oracle:
    return Oracle()


@pytest.fixture
def chain(make_chain: Any, purse: Any, oracle: Oracle) -> Any:
    def wire(environment: Any) -> None:
        environment[Utility].needs = UtilityNeeds(environment)
        environment[MultiTransactionPayment].needs = Needs(purse, environment[System], TREASURY, oracle)

    chain = make_chain({5: Utility, 106: MultiTransactionPayment}, wire)
    chain.genesis(multi_transaction_payment={"currencies": {TKN: PRICE}})
    purse.held.update({(BSX, ALICE): 1_000, (TKN, ALICE): 1_000, (KSM, ALICE): 1_000})
    return chain


@pytest.fixture
def pallet(chain: Any) -> Any:
    return chain[MultiTransactionPayment]


@pytest.fixture
def remark(chain: Any) -> Any:
    return chain.call("system.remark", b"ping")


def set_currency(chain: Any, currency: int) -> Any:
    return chain.call("multi_transaction_payment.set_currency", currency)


class TestWithdraw:
    def test_bsx_by_default(self, pallet: Any, purse: Any, remark: Any) -> None:
        assert pallet.withdraw(ALICE, remark, 100) == Paid(BSX, 100, ONE)
        assert purse.moved == [("withdraw", BSX, ALICE, 100)]

    def test_no_fee_no_payment(self, pallet: Any, purse: Any, remark: Any) -> None:
        pallet.account_currency_map.insert(ALICE, 4242)
        assert pallet.withdraw(ALICE, remark, 0) is None
        assert purse.moved == []

    def test_the_accounts_currency(self, pallet: Any, purse: Any, remark: Any) -> None:
        pallet.account_currency_map.insert(ALICE, TKN)
        assert pallet.withdraw(ALICE, remark, 101) == Paid(TKN, 151, PRICE)
        assert purse.moved == [("withdraw", TKN, ALICE, 151)]

    def test_at_least_one_unit(self, chain: Any, pallet: Any, remark: Any) -> None:
        pallet.accepted_currencies.insert(KSM, 0)
        pallet.account_currency_map.insert(ALICE, KSM)
        assert pallet.withdraw(ALICE, remark, 10**6) == Paid(KSM, 1, 0)

    def test_who_cannot_pay_is_refused(self, pallet: Any, remark: Any) -> None:
        with pytest.raises(Invalid, match=r"Invalid\.Payment"):
            pallet.withdraw(BOB, remark, 1)

    def test_a_currency_without_price_is_refused(self, pallet: Any, remark: Any) -> None:
        pallet.account_currency_map.insert(ALICE, KSM)
        with pytest.raises(Invalid, match=r"Invalid\.Payment"):
            pallet.withdraw(ALICE, remark, 1)

    def test_an_amount_beyond_128_bits_is_refused(self, pallet: Any, purse: Any, remark: Any) -> None:
        pallet.accepted_currencies.insert(TKN, 2**128 - 1)
        pallet.account_currency_map.insert(ALICE, TKN)
        purse.held[TKN, ALICE] = 2**200
        with pytest.raises(Invalid, match=r"Invalid\.Payment"):
            pallet.withdraw(ALICE, remark, 10**20)


class TestCurrencyOfTheCall:
    def test_set_currency_is_paid_in_the_new_one(self, chain: Any, pallet: Any) -> None:
        assert pallet.withdraw(ALICE, set_currency(chain, TKN), 100).currency == TKN

    def test_back_to_bsx(self, chain: Any, pallet: Any) -> None:
        pallet.account_currency_map.insert(ALICE, TKN)
        assert pallet.withdraw(ALICE, set_currency(chain, BSX), 100) == Paid(BSX, 100, ONE)

    @pytest.mark.parametrize("batch", ["batch", "batch_all", "force_batch"])
    def test_the_first_call_of_a_batch(self, chain: Any, remark: Any, batch: str) -> None:
        first, second = set_currency(chain, TKN), set_currency(chain, BSX)
        assert currency_set_by(chain.call(f"utility.{batch}", (first, remark, second))) == TKN
        assert currency_set_by(chain.call(f"utility.{batch}", (remark, first))) is None
        assert currency_set_by(chain.call(f"utility.{batch}", ())) is None

    def test_deeper_or_in_another_name_it_does_not_count(self, chain: Any) -> None:
        inner = chain.call("utility.batch", (set_currency(chain, TKN),))
        assert currency_set_by(chain.call("utility.batch_all", (inner,))) is None
        assert currency_set_by(chain.call("utility.as_derivative", 0, set_currency(chain, TKN))) is None


class TestFigures:
    """Those of the scenario money-fee-currency: 119 bytes, weights of the live runtime."""

    def test_a_batch_that_sets_the_currency(self, make_chain: Any, purse: Any, table: Any) -> None:
        def wire(environment: Any) -> None:
            environment[Utility].needs = UtilityNeeds(environment)
            cashier = environment[MultiTransactionPayment]
            cashier.needs = Needs(purse, environment[System], TREASURY)
            environment[TransactionPayment].needs = PaymentNeeds(environment[System], cashier)

        weights = table(multi_transaction_payment__set_currency=(150_522_000, 3_493, "Normal"))
        pallets = {3: TransactionPayment, 5: Utility, 106: MultiTransactionPayment}
        chain = make_chain(pallets, wire, table=weights)
        chain.genesis(multi_transaction_payment={"currencies": {TKN: PRICE}})
        chain[MultiTransactionPayment].account_currency_map.insert(ALICE, TKN)
        purse.held[BSX, ALICE] = 10**15
        batch = chain.call("utility.batch_all", (set_currency(chain, BSX), chain.call("system.remark", b"ping")))
        info, payment = chain.runtime.weigh(batch), chain[TransactionPayment]
        paid = payment.withdraw_fee(ALICE, batch, info, 119, 0)
        assert paid == Paid(BSX, 21_462_180_060_000, ONE)
        post = chain.run(batch, chain.signed(ALICE))
        payment.correct_and_deposit(ALICE, paid, info, post, 119, 0)
        assert chain.events[-1] == TransactionPayment.TransactionFeePaid(ALICE, 21_462_180_060_000, 0)
        assert purse.held[BSX, TREASURY] == 21_462_180_060_000


class TestPayOut:
    def test_all_to_the_treasury(self, pallet: Any, purse: Any) -> None:
        pallet.pay_out(ALICE, Paid(BSX, 100, ONE), 100)
        assert purse.moved == [("deposit", BSX, TREASURY, 100)]

    def test_refund_first(self, pallet: Any, purse: Any) -> None:
        pallet.pay_out(ALICE, Paid(TKN, 150, PRICE), 51)
        assert purse.moved == [("deposit", TKN, ALICE, 74), ("deposit", TKN, TREASURY, 76)]

    def test_a_free_call_costs_nothing(self, pallet: Any, purse: Any) -> None:
        pallet.pay_out(ALICE, Paid(TKN, 150, PRICE), 0)
        pallet.pay_out(ALICE, Paid(BSX, 100, ONE), 0)
        assert purse.moved == [("deposit", TKN, ALICE, 150), ("deposit", BSX, ALICE, 100)]

    def test_what_cannot_be_given_back_undoes_the_extrinsic(self, pallet: Any, purse: Any) -> None:
        purse.closed.add(ALICE)
        with pytest.raises(Invalid, match=r"Invalid\.Payment"):
            pallet.pay_out(ALICE, Paid(BSX, 100, ONE), 40)


class TestPrice:
    def test_block_prices_come_and_go(self, chain: Any, pallet: Any, oracle: Oracle) -> None:
        pallet.accepted_currencies.insert(KSM, 5)
        oracle.prices[KSM] = 6
        chain.begin(1)
        assert dict(pallet.accepted_currency_price.items()) == {TKN: PRICE, KSM: 6}
        chain.end(1)
        assert dict(pallet.accepted_currency_price.items()) == {}

    def test_the_blocks_price_then_the_markets_then_the_fallback(self, pallet: Any, oracle: Oracle) -> None:
        assert (pallet.price(BSX), pallet.price(TKN), pallet.price(KSM)) == (ONE, PRICE, None)
        oracle.prices[TKN] = 6
        assert pallet.price(TKN) == 6
        pallet.accepted_currency_price.insert(TKN, 7)
        assert pallet.price(TKN) == 7

    def test_a_removed_currency_keeps_its_price_to_the_end_of_the_block(self, chain: Any, pallet: Any) -> None:
        chain.begin(1)
        chain.run(chain.call("multi_transaction_payment.remove_currency", TKN), ROOT)
        assert pallet.price(TKN) == PRICE
        chain.end(1)
        assert pallet.price(TKN) is None


class TestCalls:
    def test_set_currency(self, chain: Any, pallet: Any) -> None:
        chain.run(set_currency(chain, TKN), chain.signed(ALICE))
        assert pallet.account_currency_map.get(ALICE) == TKN
        chain.run(set_currency(chain, BSX), chain.signed(ALICE))
        assert pallet.account_currency_map.get(ALICE) == BSX
        assert chain.events == [pallet.CurrencySet(ALICE, TKN), pallet.CurrencySet(ALICE, BSX)]

    def test_set_currency_refused(self, chain: Any) -> None:
        error = "MultiTransactionPayment.UnsupportedCurrency"
        assert chain.fails(set_currency(chain, KSM), chain.signed(ALICE)) == error
        assert chain.fails(set_currency(chain, TKN), ROOT) == "BadOrigin"

    def test_add_currency(self, chain: Any, pallet: Any) -> None:
        add = chain.call("multi_transaction_payment.add_currency", KSM, 0)
        assert chain.fails(add, chain.signed(ALICE)) == "BadOrigin"
        chain.run(add, ROOT)
        assert pallet.accepted_currencies.get(KSM) == 0
        assert chain.events == [pallet.CurrencyAdded(KSM)]
        assert chain.fails(add, ROOT) == "MultiTransactionPayment.AlreadyAccepted"
        native = chain.call("multi_transaction_payment.add_currency", BSX, 1)
        assert chain.fails(native, ROOT) == "MultiTransactionPayment.CoreAssetNotAllowed"

    def test_remove_currency(self, chain: Any, pallet: Any) -> None:
        remove = chain.call("multi_transaction_payment.remove_currency", TKN)
        assert chain.fails(remove, chain.signed(ALICE)) == "BadOrigin"
        chain.run(remove, ROOT)
        assert not pallet.accepted_currencies.contains(TKN)
        assert chain.events == [pallet.CurrencyRemoved(TKN)]
        assert chain.fails(remove, ROOT) == "MultiTransactionPayment.UnsupportedCurrency"
        native = chain.call("multi_transaction_payment.remove_currency", BSX)
        assert chain.fails(native, ROOT) == "MultiTransactionPayment.CoreAssetNotAllowed"

    def test_reset_payment_currency(self, chain: Any, pallet: Any) -> None:
        pallet.account_currency_map.insert(ALICE, TKN)
        reset = chain.call("multi_transaction_payment.reset_payment_currency", ALICE)
        assert chain.fails(reset, chain.signed(ALICE)) == "BadOrigin"
        chain.run(reset, ROOT)
        assert not pallet.account_currency_map.contains(ALICE)
        assert chain.events == [pallet.CurrencySet(ALICE, BSX)]


class TestTokenHooks:
    def test_the_first_accepted_token_of_an_account_without_bsx(self, pallet: Any) -> None:
        pallet.on_new_token_account(BOB, KSM)
        assert pallet.account_currency_map.get(BOB) is None
        pallet.on_new_token_account(BOB, TKN)
        assert pallet.account_currency_map.get(BOB) == TKN

    def test_not_with_bsx_and_not_over_a_choice(self, pallet: Any) -> None:
        pallet.on_new_token_account(ALICE, TKN)
        assert pallet.account_currency_map.get(ALICE) is None
        pallet.account_currency_map.insert(BOB, BSX)
        pallet.on_new_token_account(BOB, TKN)
        assert pallet.account_currency_map.get(BOB) == BSX

    def test_a_dead_account_has_no_choice(self, pallet: Any, purse: Any) -> None:
        pallet.account_currency_map.insert(BOB, TKN)
        purse.held[TKN, BOB] = 5
        pallet.on_killed_token_account(BOB, KSM)
        assert pallet.account_currency_map.get(BOB) is None

    def test_a_choice_goes_with_the_last_of_the_currency(self, chain: Any, pallet: Any, purse: Any) -> None:
        chain[System].inc_providers(BOB)
        pallet.account_currency_map.insert(BOB, TKN)
        purse.held[TKN, BOB] = 5
        pallet.on_killed_token_account(BOB, KSM)
        assert pallet.account_currency_map.get(BOB) == TKN
        purse.held[TKN, BOB] = 0
        pallet.on_killed_token_account(BOB, TKN)
        assert pallet.account_currency_map.get(BOB) is None
