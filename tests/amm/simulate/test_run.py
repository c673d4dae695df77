"""One sale in three places: the math, the pallets, a whole chain; and with any number of workers."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from designs import design
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from amm.scripts.errors import Faults
from amm.simulate.crowd import Fill, Order, Purse, Side
from amm.simulate.design import Design, read_design
from amm.simulate.launch import Launch, prepare
from amm.simulate.market import Ledger
from amm.simulate.pallet_market import PalletMarket
from amm.simulate.result import Result
from amm.simulate.run import STEPS, Way, run
from amm.simulate.sweep import Task, perform, run_all, tasks_of

UNIT = 10**12
MIXED = """
name: mixed
sale: {sell: 10_000_000 TKN, seed: 20_000 KUSD, weights: 95/5:30/70, duration: 4h, fee: 0.3%, repay: 3_000 KUSD}
seed: 7
scenarios:
  - name: everybody
    demand:
      - {model: snipers, budget: 20_000 KUSD, traders: 3, price: 0.1 KUSD}
      - {model: agents, budget: 100_000 KUSD, traders: 40, price: 0.03 KUSD, every: 30m}
      - {model: whale, budget: 60_000 KUSD, at: 2h}
      - {model: fomo, budget: 20_000 KUSD, traders: 10}
      - {model: sellers, manner: greedy, budget: 5_000 KUSD, traders: 3, profit: 10%, until: 1h}
      - {model: sellers, manner: loyal, tokens: 50_000 TKN, traders: 3, profit: 10%, until: 1h}
      - {model: late, budget: 10_000 KUSD, orders: 20, within: 30m}
  - name: half of them
    demand:
      - {model: value, price: 0.02 KUSD, budget: 300_000 KUSD, traders: 4, every: 2m}
  - name: others
    demand:
      - {model: uniform, budget: 100_000 KUSD, orders: 60, traders: 9}
      - {model: regular, budget: 40_000 KUSD, traders: 4, every: 20m}
      - {model: cumulative, budget: 40_000 KUSD, orders: 20, curve: {1h: 50%, 4h: 100%}}
"""


@pytest.fixture(scope="module")
def mixed() -> Launch:
    return prepare(read_design(Path("mixed.yaml"), MIXED))


@pytest.fixture(scope="module")
def in_math(mixed: Launch) -> list[Result]:
    return [perform(task) for task in tasks_of(mixed, Way.MODEL)]


def unplaced(result: Result) -> Result:
    """A result without what tells where it took place."""
    return replace(result, way="", executions=0)


def test_the_math_alone_is_what_the_pallets_do(mixed: Launch, in_math: list[Result]) -> None:
    in_pallets = [perform(task) for task in tasks_of(mixed, Way.PALLETS)]
    assert list(map(unplaced, in_pallets)) == list(map(unplaced, in_math))
    assert {result.way for result in in_pallets} == {"pallets"}
    assert sum(result.failures for result in in_math) > 0


def test_the_math_alone_is_what_a_chain_does(mixed: Launch, in_math: list[Result]) -> None:
    """Signed extrinsics, blocks with proofs, validators that execute them again."""
    on_chain = perform(Task(mixed, "everybody", Way.FULL))
    assert unplaced(on_chain) == unplaced(in_math[0])
    assert on_chain.executions >= on_chain.blocks > 50


def test_every_fill_is_the_same(mixed: Launch) -> None:
    courses = [run(mixed, mixed.scenarios[0], way) for way in (Way.MODEL, Way.PALLETS)]
    assert courses[0].settled == courses[1].settled
    assert {fill.error for _, _, fill in courses[0].settled} >= {None, "LBP.MaxInRatioExceeded"}


orders = st.lists(
    st.builds(
        Order,
        st.sampled_from(["rich", "poor"]),
        st.sampled_from(Side),
        st.one_of(st.integers(0, 10**4), st.integers(0, 10**19)),
        st.sampled_from([0, 10**15, 2**128 - 1]),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 700), orders), min_size=1, max_size=4))
def test_any_orders_fare_alike(blocks: list[tuple[int, list[Order]]]) -> None:
    """Checks, arithmetic, error by error: the pallet and its shadow."""
    launch = prepare(design("seed: 20_000 KUSD, weights: 95/5:30/70, duration: 1h, repay: 500 KUSD"))
    purses = {"rich": Purse(10**24, 10**24), "poor": Purse(10**12, 10**12)}
    markets = [Ledger(launch, purses), PalletMarket(launch, purses)]
    for after, some in sorted(blocks, key=lambda block: block[0]):
        fills = []
        for market in markets:
            market.move_to(launch.terms.start + after)
            fills.append(market.execute(some))
        assert fills[0] == fills[1]
        assert markets[0].reserves == markets[1].reserves
        assert markets[0].collected == markets[1].collected


def test_workers_change_nothing(mixed: Launch, in_math: list[Result]) -> None:
    seen: list[int] = []
    assert run_all(tasks_of(mixed, Way.MODEL), 2, seen.append) == in_math
    assert sum(seen) == STEPS * len(in_math)


def test_neither_does_the_hash_seed(mixed: Launch, in_math: list[Result]) -> None:
    script = (
        "import sys; from pathlib import Path; from amm.simulate.design import read_design\n"
        "from amm.simulate.launch import prepare; from amm.simulate.run import Way\n"
        "from amm.simulate.sweep import perform, tasks_of\n"
        "launch = prepare(read_design(Path('mixed.yaml'), sys.stdin.read()))\n"
        "print([(r.raised, r.sold, r.fees, r.gini, r.orders) for r in map(perform, tasks_of(launch, Way.MODEL))])\n"
    )
    expected = [(r.raised, r.sold, r.fees, r.gini, r.orders) for r in in_math]
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        ran = subprocess.run(
            [sys.executable, "-c", script], input=MIXED, capture_output=True, text=True, check=True, env=environment
        )
        assert ran.stdout.strip() == str(expected)


def test_progress_comes_to_all_steps(mixed: Launch) -> None:
    for scenario in mixed.scenarios:
        seen: list[int] = []
        run(mixed, scenario, Way.MODEL, seen.append)
        assert sum(seen) == STEPS
        assert all(step > 0 for step in seen)


def test_a_failure_in_a_worker_is_the_callers(mixed: Launch) -> None:
    with pytest.raises(KeyError):
        run_all([Task(mixed, "everybody", Way.MODEL), Task(mixed, "nobody known", Way.MODEL)], 2)


def test_scenarios_by_name(mixed: Launch) -> None:
    assert [task.scenario for task in tasks_of(mixed, Way.MODEL, ["others"])] == ["others"]
    with pytest.raises(KeyError):
        tasks_of(mixed, Way.MODEL, ["nothing"])


# -- blocks --------------------------------------------------------------------------------------------------------


def test_blocks_keep_the_chains_rhythm(mixed: Launch) -> None:
    """Two relay blocks apart, none whose candidate would be dropped at a session's end; orders wait for the next."""
    course = run(mixed, mixed.scenarios[0], Way.MODEL)
    blocks = [moment.block for moment in course.moments]
    assert all(later - earlier >= 2 for earlier, later in pairwise(blocks))
    assert all((block + 1) % 100 for block in blocks)


def test_a_full_block_leaves_orders_for_the_next() -> None:
    launch = prepare(design("seed: 20_000_000 KUSD, weights: 90/10:20/80, duration: 1h", crowded(300)))
    course = run(launch, launch.scenarios[0], Way.MODEL)
    counts: dict[int, int] = {}
    for block, _, _ in course.settled:
        counts[block] = counts.get(block, 0) + 1
    start = launch.terms.start
    assert counts == {start: launch.terms.room, start + 2: 300 - launch.terms.room}


def crowded(traders: int) -> str:
    return f"{{model: snipers, budget: 300 KUSD, traders: {traders}}}"


def test_who_comes_too_late_is_told_so() -> None:
    made = design("seed: 20_000 KUSD, weights: 90/10:20/80, duration: 1h", "{model: late, budget: 9 KUSD, orders: 900}")
    course = run(launch := prepare(made), launch.scenarios[0], Way.MODEL)
    errors = [fill.error for block, _, fill in course.settled if block > launch.terms.end]
    assert set(errors) <= {"LBP.SaleIsNotRunning"}
    assert len(course.settled) == 900


def test_the_order_within_a_block_is_the_seeds() -> None:
    text = design("seed: 200_000 KUSD, weights: 90/10:20/80, duration: 1h", crowded(20))
    first, again, other = (first_block(text, seed) for seed in (1, 1, 2))
    assert first == again
    assert sorted(first) == sorted(other)
    assert first != other


def first_block(made: Design, seed: int) -> list[str]:
    launch = prepare(made, seed)
    return [order.who for _, order, _ in run(launch, launch.scenarios[0], Way.MODEL).settled[:20]]


# -- what a chain must have ----------------------------------------------------------------------------------------


def test_a_chain_without_root_has_no_full_run(tmp_path: Path) -> None:
    text = "name: x\nchain: none.yaml\nsale: {sell: 10 TKN, seed: 10 BSX, weights: 98/2:20/80, duration: 1h}\n"
    text += "scenarios: [{name: a}]\n"
    spec = "name: none\nassets:\n  - {id: 3, symbol: TKN, decimals: 12, existential_deposit: 1}\n"
    (tmp_path / "none.yaml").write_text(spec)
    launch = prepare(read_design(tmp_path / "design.yaml", text))
    assert perform(Task(launch, "a", Way.PALLETS)).sold == 0
    with pytest.raises(Faults, match="only root creates LBP pools"):
        perform(Task(launch, "a", Way.FULL))


def test_existential_deposits_are_all_that_the_math_alone_leaves_out() -> None:
    launch = prepare(design("seed: 20_000 KUSD, weights: 95/5:30/70, duration: 1h, fee: 0%"))
    purses = {"x": Purse(10**12, 0)}
    fills = []
    for market in (Ledger(launch, purses), PalletMarket(launch, purses)):
        market.move_to(launch.terms.start)
        fills.append(market.execute([Order("x", Side.SPEND, 10)])[0])
    assert fills == [Fill(10, 263, 0), Fill(0, 0, 0, "Tokens.ExistentialDeposit")]
