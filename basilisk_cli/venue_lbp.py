"""Trading in a launch, at the weights that the next block will find. Source: spec/lbp.md, Calls."""

from collections.abc import Callable
from fractions import Fraction

from amm.math import lbp as math
from amm.math.errors import MathError
from amm.outcome import Outcome
from amm.pallets.lbp import Lbp
from amm.simulate.units import percent_text
from basilisk_cli.errors import REFUSED, CliError
from basilisk_cli.launches import Sale, pair, time_text, weights_text
from basilisk_cli.quotes import Move, Quote
from basilisk_cli.receipt import field
from basilisk_cli.session import Session
from chain.frame import Call, Error


class LbpVenue:
    """A launch, at the weights of the next block."""

    via = "lbp"

    def __init__(self, session: Session, sale: Sale) -> None:
        self._session, self._sale = session, sale
        self._lbp = session.read()[Lbp]
        self.account, self.pair = sale.account, pair(sale, session.book)

    @property
    def caution(self) -> str:
        clock = self._sale.clock
        return f" The weights are the next block's ({clock.unit} {clock.now:_}), and move with every {clock.unit}."

    def sell(self, asset_in: int, asset_out: int, amount: int) -> Quote:
        self._ensure_running()
        sides, lbp = self._sides(asset_in, asset_out), self._lbp
        too_much = lbp.MaxInRatioExceeded if amount > sides[0] // max(lbp.max_in_ratio, 1) else lbp.Overflow
        out = self._worked_out(math.calculate_out_given_in, sides, amount, too_much)
        if asset_in == self._sale.accumulated:  # the formula is of the whole amount, the fee leaves it on the way
            return self._quote("sell", asset_in, asset_out, amount, out, self._fee(amount), amount, out)
        fee = self._fee(out)
        return self._quote("sell", asset_in, asset_out, amount, lbp.less(out, fee), fee, amount, out)

    def buy(self, asset_in: int, asset_out: int, amount: int) -> Quote:
        self._ensure_running()
        sides, lbp = self._sides(asset_in, asset_out), self._lbp
        too_much = lbp.MaxOutRatioExceeded if amount > sides[1] // max(lbp.max_out_ratio, 1) else lbp.Overflow
        fee = self._fee(amount) if asset_out == self._sale.accumulated else 0
        taken = lbp.plus(amount, fee)
        cost = self._worked_out(math.calculate_in_given_out, sides, taken, too_much)
        if asset_in == self._sale.accumulated:
            fee = self._fee(cost)
        return self._quote("buy", asset_in, asset_out, cost, amount, fee, cost, taken)

    def _worked_out(
        self, formula: Callable[..., int], sides: tuple[int, int, int, int], amount: int, refusal: type[Error]
    ) -> int:
        """The formula's result; raises the error that the pallet gives where there is none."""
        try:
            return formula(*sides, amount)
        except MathError:
            raise refusal from None

    def _fee(self, amount: int) -> int:
        return self._lbp.fee(self._sale.pool, amount)

    def _ensure_running(self) -> None:
        """Raises CliError with the pallet's error, and when the sale is."""
        if self._sale.state == "running":
            return
        error, name = self._lbp.SaleIsNotRunning, self.pair
        hint = {
            "undated": f"its owner dates it: `basilisk lbp update {name} --start +10m --duration 72h`",
            "announced": f"let the time pass: `basilisk chain advance --relay {self._until_start()}`",
        }.get(self._sale.state, f"what is left is its owner's: `basilisk lbp finish {name} --to-xyk` opens a market")
        what = f"LBP.{error.__name__}: {' '.join((error.__doc__ or '').split())} {name}: "
        raise CliError(what + time_text(self._sale), hint, REFUSED)

    def _until_start(self) -> int:
        return max(1, (self._sale.pool.start or 0) - self._sale.clock.now)

    def _reserve(self, asset: int) -> int:
        return self._sale.collateral if asset == self._sale.accumulated else self._sale.tokens

    def _weight(self, asset: int) -> int:
        first, second = self._sale.pool.weights(self._sale.clock.now)
        return first if asset == self._sale.accumulated else second

    def _sides(self, asset_in: int, asset_out: int) -> tuple[int, int, int, int]:
        """Both reserves, then both weights, as the formulas take them."""
        sides = (asset_in, asset_out)
        reserve_in, reserve_out = map(self._reserve, sides)
        weight_in, weight_out = map(self._weight, sides)
        return reserve_in, reserve_out, weight_in, weight_out

    def _quote(
        self, side: str, asset_in: int, asset_out: int, paid: int, got: int, fee: int, given: int, taken: int
    ) -> Quote:
        reserve_in, reserve_out, weight_in, weight_out = self._sides(asset_in, asset_out)
        asked = taken if side == "sell" else got  # a purchase is measured without the fee (spec/lbp.md, buy, 5)
        moves = (
            Move("add", asset_in, given, reserve_in, self._lbp.max_in_ratio),
            Move("take", asset_out, asked, reserve_out, self._lbp.max_out_ratio),
        )
        more = {"weights": [weight_in, weight_out], "now": self._sale.clock.now}
        return Quote(
            side, self.via, asset_in, asset_out, paid, got, fee, self._sale.accumulated, given, taken,
            (reserve_out * weight_in, reserve_in * weight_out), moves, 1, more,
        )  # fmt: skip

    def call(self, side: str, asset_in: int, asset_out: int, amount: int, limit: int, discount: bool) -> Call:
        if discount:
            raise CliError("an LBP pool gives no discount", "leave --discount out")
        return self._session.call(
            f"lbp.{side}", asset_in=asset_in, asset_out=asset_out, amount=amount, max_limit=limit
        )

    def paid(self, outcome: Outcome) -> int:
        """The fee is part of what a buyer of the token pays, and apart from what a buyer of the collateral does."""
        fee, of = (field(outcome, "LBP.BuyExecuted", name) for name in ("fee_amount", "fee_asset"))
        to_pool = int(field(outcome, "LBP.BuyExecuted", "amount"))
        return to_pool + (int(fee) if of == field(outcome, "LBP.BuyExecuted", "asset_in") else 0)

    def facts(self) -> list[tuple[str, str]]:
        sale = self._sale
        clock = f"{sale.clock.unit} {sale.clock.now:_}, the next block's"
        return [
            ("pool", self.pair),
            ("kind", self.via),
            ("weights", f"{weights_text(sale, sale.clock.now)} at {clock}"),
            ("fee rate", percent_text(Fraction(*sale.fee)) if sale.fee[1] else "none"),
            ("sale", time_text(sale)),
        ]
