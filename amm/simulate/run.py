"""One scenario, from the first block of the sale to the last."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from random import Random
from typing import NamedTuple

from amm.simulate.chain_market import ChainMarket
from amm.simulate.crowd import Crowd, Fill, Order, Purse, View
from amm.simulate.design import Scenario
from amm.simulate.launch import Launch, purses_of
from amm.simulate.market import Ledger, Market, Reserves
from amm.simulate.pallet_market import PalletMarket

BLOCK_TIME = 2
"""Relay blocks from one block to the next: one backs it, the next includes it."""

STEPS = 100
"""In how many steps a run tells how far it is."""


class Way(Enum):
    """Where the sale takes place."""

    MODEL = "model"
    """The math alone."""
    PALLETS = "pallets"
    """The runtime's pallets on a state in memory, no blocks."""
    FULL = "full"
    """Blocks with proofs, the relay chain, a store."""


MARKETS: Mapping[Way, Callable[[Launch, Mapping[str, Purse]], Market]] = {
    Way.MODEL: Ledger,
    Way.PALLETS: PalletMarket,
    Way.FULL: ChainMarket,
}


class Settled(NamedTuple):
    """An order and what became of it."""

    block: int
    order: Order
    fill: Fill


class Moment(NamedTuple):
    """What the pool held after a block."""

    block: int
    reserves: Reserves


class Course(NamedTuple):
    """How a sale went: the pool after each block that had orders, and every order."""

    moments: list[Moment]
    settled: list[Settled]
    purses: dict[str, Purse]
    collected: int
    executions: int


def run(
    launch: Launch, scenario: Scenario, way: Way = Way.PALLETS, step: Callable[[int], None] = lambda steps: None
) -> Course:
    """Let a scenario happen; `step` is told how many more of `STEPS` are done.

    The same seed gives the same course, in every way of running it.
    """
    crowds = launch.crowds(scenario)
    purses = purses_of(crowds)
    market = MARKETS[way](launch, purses)
    try:
        sale = Sale(launch, scenario, crowds, market, step)
        sale.run()
        return Course(sale.moments, sale.settled, purses, market.collected, market.executions)
    finally:
        market.close()


class Sale:
    """The blocks of one sale, as long as anybody wants to trade."""

    def __init__(
        self, launch: Launch, scenario: Scenario, crowds: Sequence[Crowd], market: Market, step: Callable[[int], None]
    ) -> None:
        self._terms, self._market, self._crowds, self._step = launch.terms, market, crowds, step
        self._session = launch.spec.relay.session_length
        self._shuffle = Random(f"{launch.seed}/{scenario.name}/order").shuffle
        self._waiting: list[tuple[Crowd, Order]] = []
        self._last: int | None = None
        self._done = 0
        self.moments: list[Moment] = []
        self.settled: list[Settled] = []

    def run(self) -> None:
        while (block := self._next_block()) is not None:
            self._tell(block)
            self._seal(block)
        self._tell(self._terms.end)

    def _next_block(self) -> int | None:
        """The next block that somebody has an order for: where the chain can have one, at or after that time."""
        wakes = [crowd.wakes for crowd in self._crowds if crowd.wakes is not None]
        due = min(wakes, default=None)
        if self._waiting:
            due = self._last
        elif due is None or due > self._terms.end:
            return None
        assert due is not None
        block = max(due, self._terms.start)
        if self._last is not None:
            block = max(block, self._last + BLOCK_TIME)
        # A candidate backed in the last block of a session would be dropped, so that no block has this parent.
        return block + 1 if (block + 1) % self._session == 0 else block

    def _seal(self, block: int) -> None:
        """One block: everybody looks at the pool as it is, and their orders come in a chance order.

        Without orders there is none. Who waits for room in a block orders nothing more meanwhile.
        """
        view = self._view(block)
        busy = {id(crowd) for crowd, _ in self._waiting}
        fresh = [
            (crowd, order)
            for crowd in self._crowds
            if crowd.wakes is not None and crowd.wakes <= block and id(crowd) not in busy
            for order in crowd.orders(view)
        ]
        self._shuffle(fresh)
        self._waiting += fresh
        taken, self._waiting = self._waiting[: self._terms.room], self._waiting[self._terms.room :]
        if not taken:
            return
        self._last = block
        self._market.move_to(block)
        fills = self._market.execute([order for _, order in taken])
        for (crowd, order), fill in zip(taken, fills, strict=True):
            crowd.told(order, fill, block)
            self.settled.append(Settled(block, order, fill))
        self.moments.append(Moment(block, self._market.reserves))

    def _view(self, block: int) -> View:
        weights = self._terms.weights_at(min(block, self._terms.end))
        return View(block, *self._market.reserves, *weights)

    def _tell(self, block: int) -> None:
        terms = self._terms
        reached = min(STEPS * (block - terms.start) // (terms.end - terms.start), STEPS)
        if reached > self._done:
            self._step(reached - self._done)
            self._done = reached
