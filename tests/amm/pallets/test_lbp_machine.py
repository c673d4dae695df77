"""LBP under any sequence of calls: fees are where the books say, weights stay in bounds, nothing is made or lost."""

from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from markets import ALICE, BOB, CHARLIE, FERDIE, KSM, KUSD, TNKR, UNIT, ZOE, Markets

from amm.pallets.lbp import Lbp, Pool, WeightCurveType, pool_account
from chain.primitives.errors import Failure

U128_MAX = 2**128 - 1
PAIRS = [(KSM, TNKR), (TNKR, KUSD), (KSM, KUSD)]
COLLECTORS = st.sampled_from([FERDIE, ZOE])
TRADERS = st.sampled_from([BOB, CHARLIE])
WEIGHTS = st.integers(2_000_000, 98_000_000)
AMOUNTS = st.integers(UNIT, 10**16)
FEES = st.sampled_from([(0, 1), (2, 1000), (3, 100), (1, 2), (1, 1)])
REPAY_TARGETS = st.sampled_from([0, 10**10, 10**14])


class LbpMachine(RuleBasedStateMachine):
    """An owner with up to three sales, two collectors and two traders. `fees` is what each sale took so far."""

    def __init__(self) -> None:
        super().__init__()
        self.chain = Markets()
        self.begun = {asset: self.chain.total(asset) for asset in (KSM, KUSD, TNKR)}
        self.fees: dict[tuple[int, int], int] = {}

    def attempt(self, who: bytes | None, path: str, *args: Any) -> list[Any]:
        """The events of a call; none if it is refused."""
        try:
            return self.chain.do(who, path, *args)
        except Failure:
            return []

    def pool(self, pair: tuple[int, int]) -> Pool:
        return self.chain.lbp.data(pool_account(*pair))

    def on_sale(self) -> list[tuple[int, int]]:
        now = self.chain.clock.relay
        return [pair for pair in self.fees if self.pool(pair).is_running(now)]

    # -- what the owner does ---------------------------------------------------------------------------------

    @initialize(amounts=st.tuples(AMOUNTS, AMOUNTS), weights=st.tuples(WEIGHTS, WEIGHTS), fee=FEES, repay=REPAY_TARGETS)
    def begin(self, amounts: tuple[int, int], weights: tuple[int, int], fee: tuple[int, int], repay: int) -> None:
        """The first sale, running."""
        self.create(PAIRS[0], amounts, weights, fee, FERDIE, repay)
        self.date(PAIRS[0], 2, 50)
        self.wait(2)

    @rule(
        pair=st.sampled_from(PAIRS),
        amounts=st.tuples(AMOUNTS, AMOUNTS),
        weights=st.tuples(WEIGHTS, WEIGHTS),
        fee=FEES,
        collector=COLLECTORS,
        repay=REPAY_TARGETS,
    )
    def create(
        self,
        pair: tuple[int, int],
        amounts: tuple[int, int],
        weights: tuple[int, int],
        fee: tuple[int, int],
        collector: bytes,
        repay: int,
    ) -> None:
        args = (ALICE, pair[0], amounts[0], pair[1], amounts[1], *weights, WeightCurveType.Linear, fee)
        if self.attempt(None, "lbp.create_pool", *args, collector, repay):
            assert pair not in self.fees
            self.fees[pair] = 0

    @precondition(lambda self: self.fees)
    @rule(pair=st.sampled_from(PAIRS), wait=st.integers(0, 5), length=st.integers(0, 100))
    def date(self, pair: tuple[int, int], wait: int, length: int) -> None:
        start = self.chain.clock.relay + wait
        self.update(pair, start, start + length, None, None, None, None, None)

    @precondition(lambda self: self.fees)
    @rule(pair=st.sampled_from(PAIRS), weight=WEIGHTS, collector=COLLECTORS)
    def change(self, pair: tuple[int, int], weight: int, collector: bytes) -> None:
        self.update(pair, None, None, weight, None, None, collector, None)

    def update(self, pair: tuple[int, int], *values: Any) -> None:
        started = pair in self.fees and self.pool(pair).has_started(self.chain.clock.relay)
        done = self.attempt(ALICE, "lbp.update_pool_data", pool_account(*pair), None, *values)
        assert not (done and started)

    @rule(pair=st.sampled_from(PAIRS), one=st.integers(0, UNIT), other=st.integers(0, UNIT))
    def add(self, pair: tuple[int, int], one: int, other: int) -> None:
        self.attempt(ALICE, "lbp.add_liquidity", (pair[1], other), (pair[0], one))

    @rule(pair=st.sampled_from(PAIRS))
    def remove(self, pair: tuple[int, int]) -> None:
        account = pool_account(*pair)
        running, held = pair in self.on_sale(), self.chain.free(account, *pair)
        owned = self.chain.free(ALICE, *pair)
        if self.attempt(ALICE, "lbp.remove_liquidity", account):
            assert not running
            assert self.chain.free(account, *pair) == (0, 0)
            assert self.chain.free(ALICE, *pair) == (owned[0] + held[0], owned[1] + held[1])
            del self.fees[pair]

    @rule(blocks=st.integers(1, 60))
    def wait(self, blocks: int) -> None:
        self.chain.clock.relay += blocks

    # -- what traders do -------------------------------------------------------------------------------------

    @precondition(lambda self: self.on_sale())
    @rule(data=st.data(), who=TRADERS, selling=st.booleans(), part=st.integers(3, 10**6))
    def trade(self, data: st.DataObject, who: bytes, selling: bool, part: int) -> None:
        pair = data.draw(st.sampled_from(self.on_sale()))
        one, other = data.draw(st.sampled_from([pair, pair[::-1]]))
        pool, account = self.pool(pair), pool_account(*pair)
        accounts = (who, account, pool.fee_collector)
        before = [self.chain.free(person, one, other) for person in accounts]
        if selling:
            done = self.attempt(who, "lbp.sell", one, other, before[1][0] // part, 0)
        else:
            done = self.attempt(who, "lbp.buy", other, one, before[1][1] // part, U128_MAX)
        if done:
            after = [self.chain.free(person, one, other) for person in accounts]
            moved = [(new[0] - old[0], new[1] - old[1]) for old, new in zip(before, after, strict=True)]
            self._book(pair, one, done[-1], moved)

    def _book(self, pair: tuple[int, int], asset_in: int, event: Any, moved: list[tuple[int, int]]) -> None:
        """Count the fee, and hold what trader, pool and collector gained against the table of settlements."""
        selling = isinstance(event, Lbp.SellExecuted)
        paid, received = event.amount, event.sale_price if selling else event.buy_price
        fee, accumulated_sold = event.fee_amount, asset_in == pair[0]
        assert event.fee_asset == pair[0]
        assert moved == (
            [(-paid - fee, received), (paid, -received), (fee, 0)]
            if accumulated_sold
            else [(-paid, received), (paid, -received - fee), (0, fee)]
        )
        self.fees[pair] += fee

    @precondition(lambda self: self.on_sale())
    @rule(data=st.data(), who=TRADERS, selling=st.booleans(), part=st.integers(3, 10**6))
    def there_and_back_again(self, data: st.DataObject, who: bytes, selling: bool, part: int) -> None:
        """A trade and its reverse in one block leave no trader richer; then the two are undone."""
        pair = data.draw(st.sampled_from(self.on_sale()))
        one, other = data.draw(st.sampled_from([pair, pair[::-1]]))
        reserves, before = self.chain.lbp.reserves(one, other), self.chain.free(who, one, other)
        mark = self.chain.open.context.mark()
        if selling:
            done = self.attempt(who, "lbp.sell", one, other, reserves[0] // part, 0)
        else:
            done = self.attempt(who, "lbp.buy", other, one, reserves[1] // part, U128_MAX)
        got = self.chain.free(who, other)[0] - before[1]
        if done and self.attempt(who, "lbp.sell", other, one, got, 0):
            assert self.chain.free(who, other) == before[1:]
            assert self.chain.free(who, one)[0] <= before[0]
        self.chain.open.context.rollback(mark)

    @rule(who=TRADERS, collector=COLLECTORS, asset=st.sampled_from([KSM, TNKR]))
    def give_to_a_collector(self, who: bytes, collector: bytes, asset: int) -> None:
        self.attempt(who, "currencies.transfer", collector, asset, UNIT)

    @rule(collector=COLLECTORS, asset=st.sampled_from([KSM, TNKR]))
    def a_collector_spends_all_he_may(self, collector: bytes, asset: int) -> None:
        locked = self.chain.locked(collector, asset)
        self.attempt(collector, "currencies.transfer", BOB, asset, self.chain.free(collector, asset)[0] - locked)
        assert self.chain.free(collector, asset)[0] >= locked

    # -- what always holds -----------------------------------------------------------------------------------

    @invariant()
    def nothing_is_made_or_lost(self) -> None:
        for asset, begun in self.begun.items():
            assert self.chain.total(asset) == begun == self.chain.issuance(asset)

    @invariant()
    def each_sale_has_its_collector_and_its_fees_are_locked(self) -> None:
        used = self.chain.lbp.fee_collector_with_asset.items()
        pools = {pair: self.pool(pair) for pair in self.fees}
        assert sorted((who, asset) for who, asset, _ in used) == sorted(
            (pool.fee_collector, pair[0]) for pair, pool in pools.items()
        )
        for pair, pool in pools.items():
            assert self.chain.locked(pool.fee_collector, pair[0]) == self.fees[pair]

    @invariant()
    def weights_stay_between_the_first_and_the_last(self) -> None:
        for pair in self.on_sale():
            pool = self.pool(pair)
            low, high = sorted((pool.initial_weight, pool.final_weight))
            first, second = self.chain.lbp.weights(pool, pair[0])
            assert low <= first <= high
            assert first + second == 100_000_000
            assert self.chain.lbp.weights(pool, pair[1]) == (second, first)

    @invariant()
    def a_pair_is_reserved_until_its_sale_is_over(self) -> None:
        now = self.chain.clock.relay
        for pair in PAIRS:
            over = pair not in self.fees or self.pool(pair).has_ended(now)
            assert self.chain.lbp.reserves_pair(*pair) == (not over)


TestLbpMachine = LbpMachine.TestCase
TestLbpMachine.settings = settings(max_examples=80, stateful_step_count=40, deadline=None)
