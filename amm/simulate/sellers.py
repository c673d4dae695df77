"""Demand that comes to sell again: holders of tokens who take their profit, slowly or at once."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated

from amm.scripts.errors import Fault, Faults
from amm.scripts.forms import AMOUNT
from amm.scripts.kinds import OneOf
from amm.scripts.shapes import Key
from amm.simulate.crowd import SMALLEST, Crowd, Fill, Limits, Order, Purse, Side, Stage, View, shared
from amm.simulate.demand import TRADERS, Amount, Scale, Windowed
from amm.simulate.units import relay_blocks
from amm.simulate.written import ANY_PERCENT, DURATION, PERCENT


class Sellers(Windowed, frozen=True, kw_only=True):
    """Accounts that get tokens, by buying for a budget when they come or from the start, and sell at a profit.

    `greedy` ones sell all they have as soon as the price is so far above what they paid, as fast as the pool takes
    it. `loyal` ones sell a tenth of what they have each time they look, and keep half of it whatever happens. What
    was given to them counts as paid at the opening price.
    """

    model: Annotated[str, Key(OneOf("sellers"), "holders who take their profit")]
    manner: Annotated[str, Key(OneOf("loyal", "greedy"), "slowly and in part, or at once and all")]
    traders: Annotated[int, Key(TRADERS, "how many accounts")] = 1
    budget: Annotated[Amount | None, Key(AMOUNT, "what they buy for, together, when they come")] = None
    tokens: Annotated[Amount | None, Key(AMOUNT, "what they have from the start, together")] = None
    profit: Annotated[Fraction, Key(ANY_PERCENT, "how far above what they paid they sell")] = Fraction(1, 2)
    every: Annotated[int, Key(DURATION, "how often they look")] = 600
    part: Annotated[Fraction, Key(PERCENT, "what loyal ones sell each time")] = Fraction(1, 10)
    keep: Annotated[Fraction, Key(PERCENT, "what loyal ones never sell")] = Fraction(1, 2)

    def crowd(self, stage: Stage, scale: Scale) -> Crowd:
        if self.budget is None and self.tokens is None:
            raise Faults([Fault(self.mark, "sellers with nothing to sell", "give them a `budget` to buy, or `tokens`")])
        first, last = self.window_of(stage)
        names = stage.names(self.traders)
        money = shared(0 if self.budget is None else scale.collateral(self.budget), self.traders)
        tokens = shared(0 if self.tokens is None else scale.tokens(self.tokens), self.traders)
        purses = dict(zip(names, map(Purse, money, tokens), strict=True))
        comes = {who: stage.random.randint(first, last) for who in names}
        part, keep = (Fraction(1), Fraction(0)) if self.manner == "greedy" else (self.part, self.keep)
        opening = stage.terms.unsold_price(stage.terms.start).height
        holders = {who: Holder(purse, comes[who], opening) for who, purse in purses.items()}
        every = max(relay_blocks(self.every), 1)
        return SellerCrowd(purses, holders, every, stage.terms.end, stage.limits, 1 + float(self.profit), part, keep)


class Holder:
    """One seller: what is left of the money, the tokens held, what they cost together, and when to look next."""

    def __init__(self, purse: Purse, looks: int, opening: float) -> None:
        self.money, self.tokens, self.looks = purse.collateral, purse.tokens, looks
        self.cost = purse.tokens * opening
        self.bought = purse.tokens

    @property
    def entry(self) -> float:
        """What a token cost it."""
        return self.cost / self.bought if self.bought else 0.0


class SellerCrowd(Crowd):
    def __init__(
        self,
        purses: dict[str, Purse],
        holders: dict[str, Holder],
        every: int,
        last: int,
        limits: Limits,
        target: float,
        part: Fraction,
        keep: Fraction,
    ) -> None:
        super().__init__(purses)
        self._holders, self._every, self._last, self._limits = holders, every, last, limits
        self._target, self._part, self._keep = target, part, keep
        self._wake()

    def orders(self, view: View) -> Sequence[Order]:
        orders = []
        for who, holder in self._holders.items():
            if holder.looks > view.block:
                continue
            holder.looks = view.block + self._every
            order = self._buy(who, holder, view) or self._sell(who, holder, view)
            if order is not None:
                orders.append(order)
        self._wake()
        return orders

    def told(self, order: Order, fill: Fill, block: int) -> None:
        holder = self._holders[order.who]
        if fill.error is not None:
            return
        if order.side is Side.GIVE:
            holder.tokens -= fill.paid
        else:
            holder.money -= fill.paid
            holder.tokens += fill.received
            holder.bought += fill.received
            holder.cost += fill.paid

    def _buy(self, who: str, holder: Holder, view: View) -> Order | None:
        amount = min(holder.money, self._limits.most_to_spend(view))
        return Order(who, Side.SPEND, amount) if amount >= SMALLEST else None

    def _sell(self, who: str, holder: Holder, view: View) -> Order | None:
        wanted = holder.entry * self._target
        if not holder.tokens or view.price <= wanted:
            return None
        free = holder.tokens - int(holder.bought * self._keep)
        amount = min(free, int(holder.bought * self._part), self._limits.most_to_give(view))
        return Order(who, Side.GIVE, amount, int(amount * holder.entry)) if amount >= SMALLEST else None

    def _wake(self) -> None:
        """The next time that one of them looks who has anything to do."""
        looks = [
            holder.looks for holder in self._holders.values() if holder.money >= SMALLEST or holder.tokens >= SMALLEST
        ]
        again = min(looks, default=self._last + 1)
        self.wakes = again if again <= self._last else None
