"""Trading in a constant-product pool. Source: spec/xyk.md, Formulas and Calls."""

from amm.math import xyk as math
from amm.outcome import Outcome
from amm.pallets.xyk import Xyk
from basilisk_cli.pools import Pool, pair
from basilisk_cli.quotes import Move, Quote
from basilisk_cli.receipt import field
from basilisk_cli.session import Session
from chain.frame import Call


class XykVenue:
    """A constant-product pool."""

    via = "xyk"
    caution = ""

    def __init__(self, session: Session, pool: Pool) -> None:
        self._session, self._pool = session, pool
        self._xyk = session.read()[Xyk]
        self.account, self.pair = pool.account, pair(pool, session.book)

    def sell(self, asset_in: int, asset_out: int, amount: int) -> Quote:
        reserve_in, reserve_out = self._pool.reserve(asset_in), self._pool.reserve(asset_out)
        net = self._xyk.calculate_sell(asset_in, asset_out, amount)
        gross = math.calculate_out_given_in(reserve_in, reserve_out, amount)
        return self._quote("sell", asset_in, asset_out, amount, net, gross - net, asset_out, amount, gross)

    def buy(self, asset_in: int, asset_out: int, amount: int) -> Quote:
        total = self._xyk.calculate_buy(asset_in, asset_out, amount)
        cost = self._xyk.cost(self._pool.reserve(asset_in), self._pool.reserve(asset_out), amount)
        return self._quote("buy", asset_in, asset_out, total, amount, total - cost, asset_in, cost, amount)

    def _quote(
        self, side: str, asset_in: int, asset_out: int, paid: int, got: int, fee: int, fee_asset: int, given: int,
        taken: int,
    ) -> Quote:  # fmt: skip
        reserve_in, reserve_out, xyk = self._pool.reserve(asset_in), self._pool.reserve(asset_out), self._xyk
        moves = (
            Move("add", asset_in, given, reserve_in, xyk.max_in_ratio),
            Move("take", asset_out, taken, reserve_out, xyk.max_out_ratio),
        )
        return Quote(
            side, self.via, asset_in, asset_out, paid, got, fee, fee_asset, given, taken,
            (reserve_out, reserve_in), moves, xyk.min_trading_limit,
        )  # fmt: skip

    def call(self, side: str, asset_in: int, asset_out: int, amount: int, limit: int, discount: bool) -> Call:
        return self._session.call(
            f"xyk.{side}", asset_in=asset_in, asset_out=asset_out, amount=amount, max_limit=limit, discount=discount
        )

    def paid(self, outcome: Outcome) -> int:
        return sum(int(field(outcome, "XYK.BuyExecuted", name)) for name in ("buy_price", "fee_amount"))

    def facts(self) -> list[tuple[str, str]]:
        return [("pool", self.pair), ("kind", self.via)]
