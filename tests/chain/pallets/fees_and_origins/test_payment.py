"""What an extrinsic costs. Source: spec/fees-and-origins.md §2, vectors/fees.jsonl."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.frame import Call
from chain.pallets import payment
from chain.pallets.actual import actual, post_of
from chain.pallets.payment import (
    ONE,
    Feedback,
    Needs,
    Paid,
    Releases,
    TransactionPayment,
    compute_fee,
    next_multiplier,
)
from chain.pallets.system import System
from chain.pallets.system_declared import BlockWeight
from chain.primitives.errors import BadOrigin, Failure
from chain.primitives.weight import DispatchClass, DispatchInfo, Pays, PostInfo, Weight

ALICE = b"\x01" * 32
VECTORS = Path(__file__).parents[3] / "vectors" / "fees.jsonl"
CASES = [json.loads(line) for line in VECTORS.read_text().splitlines()]

KEEP_ALIVE = DispatchInfo(Weight(171_263_000, 3_593), DispatchClass.Normal, Pays.Yes)
multipliers = st.integers(10**12, 4 * ONE)
loads = st.tuples(st.integers(0, 500_000_000_000), st.integers(0, 5_242_880))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["fn"] + " " + case["args"].get("call", ""))
def test_vectors(case: dict[str, Any]) -> None:
    function = getattr(payment, case["fn"].removeprefix("fees."))
    arguments = {key: value if key == "call" else int(value) for key, value in case["args"].items()}
    assert function(**arguments) == int(case["ok"])


class TestMultiplier:
    def test_empty_blocks(self) -> None:
        assert next_multiplier(ONE, 0, 0) == 999_985_000_112_500_000
        assert next_multiplier(999_985_000_112_500_000, 0, 0) == 999_970_000_449_996_626

    def test_it_rests_at_the_target(self) -> None:
        assert next_multiplier(ONE, 93_750_000_000, 0) == ONE

    def test_proof_size_counts_where_it_is_fuller(self) -> None:
        full = next_multiplier(ONE, 0, 3_932_160)
        assert full == next_multiplier(ONE, 375_000_000_000, 0) > ONE

    def test_more_than_the_limit_counts_as_the_limit(self) -> None:
        assert next_multiplier(ONE, 500_000_000_000, 0) == next_multiplier(ONE, 375_000_000_000, 0)

    @given(multipliers, loads)
    def test_it_stays_in_its_bounds(self, multiplier: int, load: tuple[int, int]) -> None:
        assert 10**12 <= next_multiplier(multiplier, *load) <= 4 * ONE

    @given(multipliers, st.integers(0, 375_000_000_000), st.integers(0, 375_000_000_000))
    def test_a_fuller_block_never_makes_it_lower(self, multiplier: int, one: int, other: int) -> None:
        low, high = sorted((one, other))
        assert next_multiplier(multiplier, low, 0) <= next_multiplier(multiplier, high, 0)

    @given(multipliers, loads)
    def test_speed_zero_holds_it(self, multiplier: int, load: tuple[int, int]) -> None:
        assert next_multiplier(multiplier, *load, Feedback(speed=0)) == multiplier


class Cashier:
    """Takes every fee in BSX and remembers it."""

    def __init__(self) -> None:
        self.taken: list[int] = []
        self.due: list[int] = []

    def withdraw(self, who: bytes, call: Call, fee: int) -> Paid | None:
        self.taken.append(fee)
        return Paid(0, fee, ONE) if fee else None

    def pay_out(self, who: bytes, paid: Paid, fee: int) -> None:
        self.due.append(fee)


@pytest.fixture
def cashier() -> Cashier:
    return Cashier()


@pytest.fixture
def paying(make_chain: Any, cashier: Cashier) -> Any:
    def build(**constants: Any) -> Any:
        def wire(environment: Any) -> None:
            environment[TransactionPayment].needs = Needs(environment[System], cashier)

        return make_chain({3: TransactionPayment}, wire, constants={"transaction_payment": constants})

    return build


def settle(chain: Any, info: DispatchInfo, post: PostInfo, length: int = 143, tip: int = 0) -> Any:
    """One extrinsic: fee, nothing, settlement; the event's fee."""
    pallet = chain[TransactionPayment]
    call = chain.call("system.remark", b"")
    paid = pallet.withdraw_fee(ALICE, call, info, length, tip)
    pallet.correct_and_deposit(ALICE, paid, info, post, length, tip)
    (event,) = chain.take_events()
    assert (type(event), event.who, event.tip) == (TransactionPayment.TransactionFeePaid, ALICE, tip)
    return event.actual_fee


class TestFees:
    def test_transfer_keep_alive(self, paying: Any, cashier: Cashier) -> None:
        chain = paying()
        assert settle(chain, KEEP_ALIVE, PostInfo()) == 21_849_465_000_000
        assert cashier.taken == cashier.due == [21_849_465_000_000]

    def test_a_tip_comes_on_top(self, paying: Any) -> None:
        assert settle(paying(), KEEP_ALIVE, PostInfo(), 149, 5 * 10**12) == 26_909_465_000_000

    def test_the_actual_weight_counts_in_the_end(self, paying: Any, cashier: Cashier) -> None:
        settle(paying(), KEEP_ALIVE, PostInfo(Weight(100_000_000, 0)))
        assert cashier.taken[0] - cashier.due[0] == 71_263_000 * 55_000

    def test_nothing_costs_more_than_declared(self, paying: Any, cashier: Cashier) -> None:
        settle(paying(), KEEP_ALIVE, PostInfo(Weight(10**12, 10**9)))
        assert cashier.taken == cashier.due

    def test_a_free_call_leaves_the_tip(self, paying: Any, cashier: Cashier) -> None:
        assert settle(paying(), KEEP_ALIVE, PostInfo(None, Pays.No), tip=7) == 7
        assert cashier.taken == [21_849_465_000_007]

    def test_without_fees_only_the_tip_is_taken(self, paying: Any, cashier: Cashier) -> None:
        chain = paying(fees=False)
        assert settle(chain, KEEP_ALIVE, PostInfo()) == 0
        assert settle(chain, KEEP_ALIVE, PostInfo(), tip=3) == 3
        assert (cashier.taken, cashier.due) == ([0, 3], [3])

    def test_rates_are_constants(self, paying: Any) -> None:
        chain = paying(transaction_byte_fee=1, weight_to_fee_coefficient=2)
        assert settle(chain, KEEP_ALIVE, PostInfo()) == 2 * 200_000_000 + 143 + 2 * 171_263_000

    def test_the_multiplier_scales_the_weight_fee(self, paying: Any) -> None:
        chain = paying()
        chain[TransactionPayment].next_fee_multiplier.put(2 * ONE)
        assert settle(chain, KEEP_ALIVE, PostInfo()) == 21_849_465_000_000 + 171_263_000 * 55_000

    def test_no_fee_is_above_the_largest_balance(self, paying: Any) -> None:
        chain = paying(transaction_byte_fee=2**128 - 1)
        assert settle(chain, KEEP_ALIVE, PostInfo(), tip=5) == 2**128 - 1

    @given(st.integers(0, 2 * 10**12), st.integers(0, 10**7), multipliers, st.integers(0, 10**20))
    def test_details_add_up(self, ref_time: int, length: int, multiplier: int, tip: int) -> None:
        info = DispatchInfo(Weight(ref_time, 0), DispatchClass.Normal, Pays.Yes)
        pallet = bare_pallet(multiplier)
        parts = pallet.details(info, length, tip)
        fee = parts.inclusion_fee.base_fee + parts.inclusion_fee.len_fee + parts.inclusion_fee.adjusted_weight_fee
        assert fee + parts.tip == pallet.fee(info, length, tip)
        assert fee + tip == compute_fee("", ref_time, length, multiplier, tip)

    def test_details_of_a_free_call(self) -> None:
        free = DispatchInfo(KEEP_ALIVE.weight, DispatchClass.Normal, Pays.No)
        details = bare_pallet(ONE).details(free, 143, 4)
        assert (details.inclusion_fee, details.tip) == (None, 4)


def bare_pallet(multiplier: int) -> Any:
    """The pallet outside a runtime, at a multiplier."""

    class Resources:
        base_extrinsic_weight = 200_000_000
        max_block_weight = Weight(500_000_000_000, 5_242_880)

    class Stored:
        def get(self) -> int:
            return multiplier

    pallet: Any = TransactionPayment.__new__(TransactionPayment)
    pallet.__dict__.update(
        {key: setting.default for key, setting in TransactionPayment.declaration.constants.items()}
    )
    pallet.__dict__.update(needs=Needs(Resources(), None), next_fee_multiplier=Stored())  # type: ignore[arg-type]
    return pallet


class TestState:
    def test_genesis(self, paying: Any) -> None:
        chain = paying()
        chain.genesis()
        pallet = chain[TransactionPayment]
        assert (pallet.storage_version.get(), pallet.next_fee_multiplier.get()) == (Releases.V2, ONE)
        assert pallet.storage_version.exists() and pallet.next_fee_multiplier.exists()

    def test_finalize_follows_the_normal_load(self, paying: Any) -> None:
        chain = paying()
        pallet = chain[TransactionPayment]
        chain[System].block_weight.put(BlockWeight(Weight(200_000_000_000, 0), Weight(10**11, 0)))
        pallet.on_finalize(1)
        assert pallet.next_fee_multiplier.get() == next_multiplier(ONE, 200_000_000_000, 0) > ONE
        chain[System].block_weight.put(BlockWeight())
        pallet.on_finalize(2)
        assert pallet.next_fee_multiplier.get() < next_multiplier(ONE, 200_000_000_000, 0)


def test_actual() -> None:
    assert actual(KEEP_ALIVE, PostInfo()) is KEEP_ALIVE
    assert actual(KEEP_ALIVE, PostInfo(Weight(5, 10**9))).weight == Weight(5, 3_593)
    assert actual(KEEP_ALIVE, PostInfo(None, Pays.No)).pays_fee is Pays.No
    free = DispatchInfo(KEEP_ALIVE.weight, DispatchClass.Normal, Pays.No)
    assert actual(free, PostInfo(Weight(1, 1))).pays_fee is Pays.No


def test_post_of_a_failure() -> None:
    failure = Failure(BadOrigin())
    assert post_of(failure) == PostInfo()
    failure.post = Weight(3, 4)
    assert post_of(failure) == PostInfo(Weight(3, 4))

