"""Each demand model: who orders what, when, with whose money; and the same again from the same seed."""

from itertools import pairwise

import pytest
from designs import design

from amm.scripts.errors import Faults
from amm.simulate.crowd import Side, View
from amm.simulate.launch import Launch, prepare, purses_of
from amm.simulate.models import MODELS
from amm.simulate.run import Course, Settled, Way, run

UNIT = 10**12
SALE = "seed: 200_000 KUSD, weights: 90/10:20/80"
HOUR = 600
START, END = 100, 100 + 72 * HOUR

EXAMPLES = {
    "none": "{model: none}",
    "uniform": "{model: uniform, budget: 100_000 KUSD, orders: 40, traders: 7}",
    "cumulative": "{model: cumulative, budget: 100_000 KUSD, orders: 40, curve: {12h: 50%, 24h: 60%, 72h: 100%}}",
    "snipers": "{model: snipers, budget: 100_000 KUSD, traders: 3}",
    "whale": "{model: whale, budget: 50_000 KUSD, at: 24h, orders: 3, every: 1h}",
    "value": "{model: value, price: 0.1 KUSD, budget: 100_000 KUSD, traders: 5, every: 1h}",
    "regular": "{model: regular, budget: 100_000 KUSD, traders: 5, every: 6h}",
    "fomo": "{model: fomo, budget: 100_000 KUSD}",
    "late": "{model: late, budget: 100_000 KUSD, orders: 50}",
    "agents": "{model: agents, budget: 100_000 KUSD, traders: 50, price: 0.1 KUSD}",
    "sellers": "{model: sellers, manner: greedy, budget: 20_000 KUSD, tokens: 1_000 TKN, traders: 3}",
}


def launch_of(*demand: str) -> Launch:
    return prepare(design(SALE, *demand))


def course_of(*demand: str) -> Course:
    launch = launch_of(*demand)
    return run(launch, launch.scenarios[0], Way.MODEL)


def orders_of(settled: list[Settled], name: str) -> list[Settled]:
    return [each for each in settled if each.order.who.rpartition("-")[0] == name]


def test_there_is_an_example_of_each() -> None:
    assert EXAMPLES.keys() == MODELS.keys()


@pytest.mark.parametrize("model", EXAMPLES)
def test_the_same_seed_gives_the_same_course(model: str) -> None:
    push = "{model: whale, budget: 60_000 KUSD, at: 12h, orders: 5}"
    assert course_of(EXAMPLES[model], push) == course_of(EXAMPLES[model], push)


@pytest.mark.parametrize("model", sorted(EXAMPLES.keys() - {"none", "whale", "value", "snipers"}))
def test_another_seed_gives_another_one(model: str) -> None:
    made = design(SALE, EXAMPLES[model], "{model: whale, budget: 60_000 KUSD, at: 12h, orders: 5}")
    launches = [prepare(made, seed) for seed in (1, 2)]
    first, second = (run(launch, launch.scenarios[0], Way.MODEL) for launch in launches)
    assert first.settled != second.settled


@pytest.mark.parametrize("model", EXAMPLES)
def test_nobody_spends_more_than_there_is(model: str) -> None:
    push = "{model: whale, budget: 60_000 KUSD, at: 12h, orders: 5}"
    course = course_of(EXAMPLES[model], push)
    spent: dict[str, int] = {}
    for _, order, fill in course.settled:
        if order.side is not Side.GIVE:
            spent[order.who] = spent.get(order.who, 0) + fill.paid
        assert fill.error is None
    assert all(amount <= course.purses[who].collateral or model == "sellers" for who, amount in spent.items())
    assert all(START <= block <= END for block, _, _ in course.settled)


def test_a_crowd_always_looks_ahead() -> None:
    """Else a sale would never end."""
    view = View(START, 200_000 * UNIT, 10**7 * UNIT, 10, 90)
    for crowd in launch_of(*EXAMPLES.values()).crowds(launch_of(*EXAMPLES.values()).scenarios[0]):
        seen = 0
        while crowd.wakes is not None and seen < 50:
            at = crowd.wakes
            crowd.orders(view._replace(block=at))
            seen += 1
            assert crowd.wakes is None or crowd.wakes > at


def test_two_crowds_never_share_an_account() -> None:
    launch = launch_of(*[EXAMPLES["agents"]] * 12)
    crowds = launch.crowds(launch.scenarios[0])
    assert len(purses_of(crowds)) == sum(len(crowd.purses) for crowd in crowds) == 600


# -- timetables ----------------------------------------------------------------------------------------------------


def test_uniform_spends_the_whole_budget_in_equal_parts() -> None:
    settled = course_of(EXAMPLES["uniform"]).settled
    assert len(settled) == 40
    assert {order.amount for _, order, _ in settled} == {2_500 * UNIT}
    assert len({order.who for _, order, _ in settled}) <= 7
    late = [block for block, _, _ in settled if block > (START + END) // 2]
    assert 10 < len(late) < 30


def test_a_window_holds() -> None:
    settled = course_of("{model: uniform, budget: 1_000 KUSD, orders: 50, from: 10h, until: 20h}").settled
    assert all(START + 10 * HOUR <= block <= START + 20 * HOUR + 2 * 50 for block, _, _ in settled)


def test_cumulative_follows_its_curve() -> None:
    settled = course_of(EXAMPLES["cumulative"]).settled
    by = [
        sum(order.amount for block, order, _ in settled if block < START + hours * HOUR) / (100_000 * UNIT)
        for hours in (12, 24, 73)
    ]
    assert by[0] == pytest.approx(0.5, abs=0.03)
    assert by[1] == pytest.approx(0.6, abs=0.03)
    assert by[2] == 1


def test_whale_orders_at_its_times() -> None:
    settled = course_of(EXAMPLES["whale"]).settled
    assert [block - START for block, _, _ in settled] == [24 * HOUR, 25 * HOUR, 26 * HOUR]
    assert {order.who for _, order, _ in settled} == {"whale-1"}
    assert sum(order.amount for _, order, _ in settled) == 50_000 * UNIT


def test_a_whale_that_is_too_large_is_refused_as_on_the_chain() -> None:
    course = course_of("{model: whale, budget: 100_000 KUSD, at: 24h}")
    assert [fill.error for _, _, fill in course.settled] == ["LBP.MaxInRatioExceeded"]


def test_regular_buyers_keep_their_intervals() -> None:
    settled = course_of(EXAMPLES["regular"]).settled
    for trader in range(1, 6):
        blocks = [block for block, order, _ in settled if order.who == f"regular-{trader}"]
        assert len(blocks) == 12
        assert all(6 * HOUR - 4 <= later - earlier <= 6 * HOUR + 4 for earlier, later in pairwise(blocks))


def test_a_late_surge_is_late_and_grows() -> None:
    settled = course_of(EXAMPLES["late"]).settled
    blocks = [block for block, _, _ in settled]
    assert min(blocks) >= END - 6 * HOUR
    assert sum(block > END - 3 * HOUR for block in blocks) > len(blocks) * 0.6


# -- those who watch -----------------------------------------------------------------------------------------------


def test_snipers_fill_the_first_blocks() -> None:
    course = course_of(EXAMPLES["snipers"])
    assert course.settled[0].block == START
    assert course.settled[-1].block <= START + 100
    assert sum(fill.paid for _, _, fill in course.settled) == 100_000 * UNIT
    first = course.settled[0].order.amount
    assert 0.99 < first / (200_000 * UNIT / 3) * 2 < 1.01 or first == 100_000 * UNIT // 3


def test_snipers_with_a_price_stop_there() -> None:
    course = course_of("{model: snipers, budget: 10_000_000 KUSD, traders: 1, price: 0.3 KUSD}")
    launch = launch_of()
    for block, reserves in course.moments:
        assert launch.terms.price_at(block, *reserves).height <= 0.3 * 1.000001
    assert launch.terms.price_at(course.moments[0].block, *course.moments[0].reserves).height > 0.2


def test_value_buyers_hold_their_price() -> None:
    course, launch = course_of("{model: value, price: 0.1 KUSD, budget: 9_000_000 KUSD, traders: 5}"), launch_of()
    for block, reserves in course.moments:
        assert launch.terms.price_at(block, *reserves).height == pytest.approx(0.1, rel=2e-3)
    blocks = [moment.block for moment in course.moments]
    assert max(later - earlier for earlier, later in pairwise(blocks)) <= 3
    spent = [sum(fill.paid for _, order, fill in course.settled if order.who == f"value-{n}") for n in range(1, 6)]
    assert max(spent) < 1.1 * min(spent)


def test_value_buyers_never_pay_more_than_their_price() -> None:
    course = course_of("{model: value, price: 0.1 KUSD, budget: 100_000 KUSD, traders: 5, every: 10m}")
    assert course.settled
    for _, _, fill in course.settled:
        assert fill.paid <= 0.1 * fill.received * 1.000001


def test_fomo_waits_for_a_rise() -> None:
    assert course_of(EXAMPLES["fomo"]).settled == []
    settled = orders_of(course_of(EXAMPLES["fomo"], "{model: whale, budget: 60_000 KUSD, at: 12h}").settled, "fomo")
    assert settled
    assert START + 12 * HOUR <= settled[0].block <= START + 13 * HOUR


def test_agents_differ_in_wealth_and_opinion() -> None:
    launch = launch_of("{model: agents, budget: 100_000 KUSD, traders: 400, price: 0.1 KUSD}")
    (crowd,) = launch.crowds(launch.scenarios[0])
    purses = sorted(purse.collateral for purse in crowd.purses.values())
    assert sum(purses) <= 100_000 * UNIT
    assert sum(purses) > 99_999 * UNIT
    assert sum(purses[-80:]) > 0.55 * sum(purses)
    settled = run(launch, launch.scenarios[0], Way.MODEL).settled
    paid = {order.who: fill.paid / fill.received for _, order, fill in settled}
    assert max(paid.values()) > 1.2 * min(paid.values())


def test_greedy_sellers_sell_all_at_their_profit() -> None:
    push = "{model: whale, budget: 600_000 KUSD, at: 12h, orders: 12, every: 2m}"
    seller = "{model: sellers, manner: greedy, budget: 10_000 KUSD, until: 6h, profit: 20%}"
    settled = orders_of(course_of(push, seller).settled, "sellers")
    bought = [fill for _, order, fill in settled if order.side is Side.SPEND]
    sold = [(block, fill) for block, order, fill in settled if order.side is Side.GIVE]
    assert sum(fill.paid for fill in bought) == 10_000 * UNIT
    assert sum(fill.paid for _, fill in sold) == sum(fill.received for fill in bought)
    assert all(block >= START + 12 * HOUR for block, _ in sold)
    assert sum(fill.received for _, fill in sold) > 10_000 * UNIT


def test_loyal_sellers_keep_half() -> None:
    push = "{model: whale, budget: 600_000 KUSD, at: 12h, orders: 12, every: 2m}"
    seller = "{model: sellers, manner: loyal, tokens: 100_000 TKN, profit: 10%, until: 1h}"
    settled = orders_of(course_of(push, seller).settled, "sellers")
    sold = [fill.paid for _, order, fill in settled if order.side is Side.GIVE]
    assert max(sold) <= 10_000 * UNIT
    assert sum(sold) == 50_000 * UNIT


@pytest.mark.parametrize(
    ("demand", "message"),
    [
        ("{model: unifrom, budget: 1 KUSD, orders: 1}", "unknown demand model 'unifrom'"),
        ("{budget: 1 KUSD}", "a demand needs a model"),
        ("{model: uniform, budget: 1 KUSD}", "needs the key 'orders'"),
        ("{model: uniform, budget: 1 TKN, orders: 1}", "is not an amount of KUSD"),
        ("{model: whale, budget: 1 KUSD, at: 73h}", "after the end of the sale"),
        ("{model: uniform, budget: 1 KUSD, orders: 1, from: 5h, until: 4h}", "ends before it begins"),
        ("{model: cumulative, budget: 1 KUSD, curve: {2h: 50%, 1h: 100%}}", "the curve does not rise"),
        ("{model: sellers, manner: greedy}", "nothing to sell"),
        ("{model: sellers, manner: nice, tokens: 1 TKN}", "expected loyal or greedy"),
        ("{model: value, price: 0 KUSD, budget: 1 KUSD}", "a price of nothing"),
        ("{model: whale, name: Big Fish, budget: 1 KUSD, at: 1h}", "expected a name in lower case"),
    ],
)
def test_demands_that_mean_nothing(demand: str, message: str) -> None:
    with pytest.raises(Faults) as raised:
        launch_of(demand)
    (fault,) = [fault for fault in raised.value.faults if message in fault.message]
    assert fault.mark.file == "test.yaml"
    assert fault.mark.line == 6
    assert fault.mark.column > 1
    assert fault.hint
