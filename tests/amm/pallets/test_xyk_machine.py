"""XYK under any sequence of calls: nothing is made or lost, and nobody trades himself rich for free."""

from typing import Any

from hypothesis import assume, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from markets import ALICE, BOB, BSX, CHARLIE, GEM, KSM, KUSD, UNIT, Markets

from amm.pallets.xyk import pool_account
from chain.pallets.balances import Balances
from chain.primitives.errors import Failure

U128_MAX = 2**128 - 1
PAIRS = [(BSX, KSM), (BSX, KUSD), (KSM, KUSD), (GEM, KSM)]
TRADERS = st.sampled_from([ALICE, BOB, CHARLIE])
AMOUNTS = st.integers(900, 2000) | st.integers(UNIT, 10**17)


def either_way(pair: tuple[int, int]) -> st.SearchStrategy[tuple[int, int]]:
    return st.sampled_from([pair, pair[::-1]])


ANY_PAIR = st.sampled_from(PAIRS).flatmap(either_way)


def dusted(events: list[Any]) -> bool:
    return any(isinstance(event, Balances.DustLost) for event in events)


class XykMachine(RuleBasedStateMachine):
    """Three people and up to four pools.

    A pool's BSX is dust where it falls below the existential deposit (spec/money.md §13): what such a call leaves in
    the pool is compared with nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.chain = Markets()
        self.begun = {asset: self.chain.total(asset) for asset in (BSX, KSM, KUSD, GEM)}
        self.burnt = 0

    def attempt(self, who: bytes, path: str, *args: object) -> list[Any]:
        """The events of a call; none if it is refused."""
        before = len(self.chain.open.context.events)
        try:
            return self.chain.do(who, path, *args)
        except Failure:
            assert len(self.chain.open.context.events) == before
            return []

    def pools(self) -> list[tuple[int, int]]:
        return [pair for pair in PAIRS if self.chain.xyk.exists(*pair)]

    def product(self, pair: tuple[int, int]) -> int:
        one, other = self.chain.xyk.reserves(*pair)
        return one * other

    # -- what people do --------------------------------------------------------------------------------------

    @initialize(one=st.integers(UNIT, 10**17), other=st.integers(1000, 10**17))
    def begin(self, one: int, other: int) -> None:
        """A pool with BSX, so that there are discounts."""
        self.chain.do(ALICE, "xyk.create_pool", BSX, one, KSM, other)

    @rule(who=TRADERS, pair=ANY_PAIR, one=AMOUNTS, other=AMOUNTS)
    def create(self, who: bytes, pair: tuple[int, int], one: int, other: int) -> None:
        existed = self.chain.xyk.exists(*pair)
        done = self.attempt(who, "xyk.create_pool", pair[0], one, pair[1], other)
        assert not (done and existed)

    @precondition(lambda self: self.pools())
    @rule(data=st.data(), who=TRADERS, amount=st.integers(1000, 10**16))
    def add(self, data: st.DataObject, who: bytes, amount: int) -> None:
        pair = data.draw(st.sampled_from(self.pools()).flatmap(either_way))
        worth = self._worth_of_a_share(pair)
        self.attempt(who, "xyk.add_liquidity", *pair, amount, U128_MAX)
        self._ensure_no_share_is_worth_less(pair, worth)

    @precondition(lambda self: self.pools())
    @rule(data=st.data(), who=TRADERS, part=st.integers(1, 4))
    def remove(self, data: st.DataObject, who: bytes, part: int) -> None:
        pair = data.draw(st.sampled_from(self.pools()).flatmap(either_way))
        worth = self._worth_of_a_share(pair)
        shares = self.chain.free(who, self.chain.xyk.share_token.get(pool_account(*pair)))[0] // part
        if not dusted(self.attempt(who, "xyk.remove_liquidity", *pair, shares)):
            self._ensure_no_share_is_worth_less(pair, worth)

    @precondition(lambda self: self.pools())
    @rule(data=st.data(), who=TRADERS, discount=st.booleans(), selling=st.booleans())
    def trade(self, data: st.DataObject, who: bytes, discount: bool, selling: bool) -> None:
        one, other = pair = data.draw(st.sampled_from(self.pools()).flatmap(either_way))
        third = self.chain.xyk.reserves(*pair)[0] // 3
        some = st.integers(900, third + 1000) | st.integers(third // 10 + 900, third + 900)
        amount, product = data.draw(some), self.product(pair)
        if selling:
            done = self.attempt(who, "xyk.sell", one, other, amount, 0, discount)
        else:
            done = self.attempt(who, "xyk.buy", one, other, amount, U128_MAX, discount)
        assert self.product(pair) >= product or dusted(done)
        self.burnt += sum(event.amount for event in done if isinstance(event, Balances.Withdraw))

    @rule(who=TRADERS, pair=ANY_PAIR, amount=st.integers(1, 10**12))
    def donate(self, who: bytes, pair: tuple[int, int], amount: int) -> None:
        assume(pair[0] != BSX)
        self.attempt(who, "currencies.transfer", pool_account(*pair), pair[0], amount)

    @precondition(lambda self: self.pools())
    @rule(data=st.data(), who=TRADERS, to=TRADERS, part=st.integers(1, 3))
    def hand_shares_over(self, data: st.DataObject, who: bytes, to: bytes, part: int) -> None:
        pair = data.draw(st.sampled_from(self.pools()))
        token = self.chain.xyk.share_token.get(pool_account(*pair))
        self.attempt(who, "currencies.transfer", to, token, self.chain.free(who, token)[0] // part)

    # -- what nobody can do ----------------------------------------------------------------------------------

    @precondition(lambda self: self.pools())
    @rule(data=st.data(), who=TRADERS, selling=st.booleans())
    def there_and_back_again(self, data: st.DataObject, who: bytes, selling: bool) -> None:
        """A trade and its reverse leave nobody richer; then the two are undone."""
        one, other = pair = data.draw(st.sampled_from(self.pools()).flatmap(either_way))
        amount = data.draw(st.integers(1000, max(1000, self.chain.xyk.reserves(*pair)[0] // 3)))
        before, mark = self.chain.free(who, one, other), self.chain.open.context.mark()
        if selling:
            done = self.attempt(who, "xyk.sell", one, other, amount, 0, False)
            back = (other, one, done[-1].sale_price) if done else None
        else:
            done = self.attempt(who, "xyk.buy", one, other, amount, U128_MAX, False)
            back = (one, other, amount) if done else None
        if back and not dusted(done):
            self.attempt(who, "xyk.sell", *back, 0, False)
        after = self.chain.free(who, one, other)
        assert after[0] <= before[0] or after[1] < before[1]
        assert after[1] <= before[1] or after[0] < before[0]
        self.chain.open.context.rollback(mark)

    @precondition(lambda self: self.pools())
    @rule(data=st.data(), who=TRADERS, amount=st.integers(1000, 10**15))
    def in_and_out_again(self, data: st.DataObject, who: bytes, amount: int) -> None:
        """Liquidity added and removed at once is never more; then it is undone."""
        pair = data.draw(st.sampled_from(self.pools()).flatmap(either_way))
        token = self.chain.xyk.share_token.get(pool_account(*pair))
        before, mark = self.chain.free(who, *pair, token), self.chain.open.context.mark()
        if self.attempt(who, "xyk.add_liquidity", *pair, amount, U128_MAX):
            shares = self.chain.free(who, token)[0] - before[2]
            self.attempt(who, "xyk.remove_liquidity", *pair, shares)
            assert all(now <= was for now, was in zip(self.chain.free(who, *pair), before[:2], strict=True))
        self.chain.open.context.rollback(mark)

    # -- what always holds -----------------------------------------------------------------------------------

    @invariant()
    def nothing_is_made_or_lost(self) -> None:
        for asset, begun in self.begun.items():
            assert self.chain.total(asset) == begun - (self.burnt if asset == BSX else 0)

    @invariant()
    def shares_are_counted_once(self) -> None:
        xyk = self.chain.xyk
        for pair in self.pools():
            pool = pool_account(*pair)
            token, total = xyk.share_token.get(pool), xyk.total_liquidity.get(pool)
            assert total == self.chain.issuance(token) == self.chain.total(token) > 0

    @invariant()
    def a_pool_is_there_with_all_its_marks_or_with_none(self) -> None:
        xyk = self.chain.xyk
        for pair in PAIRS:
            pool = pool_account(*pair)
            assets = xyk.pool_assets.get(pool)
            assert xyk.exists(*pair) == xyk.total_liquidity.contains(pool) == self.chain.whitelisted(pool)
            assert (set(assets) == set(pair)) if assets is not None else not xyk.exists(*pair)

    def _worth_of_a_share(self, pair: tuple[int, int]) -> tuple[int, int, int]:
        return (*self.chain.xyk.reserves(*pair), self.chain.xyk.total_liquidity.get(pool_account(*pair)))

    def _ensure_no_share_is_worth_less(self, pair: tuple[int, int], before: tuple[int, int, int]) -> None:
        """What comes or goes leaves the others' part of both reserves as large as it was."""
        one, other, total = self._worth_of_a_share(pair)
        if total:
            assert one * before[2] >= before[0] * total
            assert other * before[2] >= before[1] * total


TestXykMachine = XykMachine.TestCase
TestXykMachine.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
