"""What the scenarios of a design came to: one table, one chart, JSON and CSV."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from amm.simulate.launch import Launch
from amm.simulate.result import PricePoint, Result, unsold_curve
from amm.simulate.terms import Price
from amm.simulate.units import duration_text, hours, percent_text, weights_text
from basilisk_cli.pools import digits
from basilisk_cli.price_files import UNSOLD, PriceCurve, Scale, Spot
from basilisk_cli.render.blocks import Align, Block, Cell, Column, Facts, Table
from basilisk_cli.render.curves import Axes
from basilisk_cli.render.datafiles import Field, Kind
from basilisk_cli.render.grid import least_width
from chain.relay.parameters import SLOT_MS

EXECUTED = "validators ran them"
"""The line of a full run."""

DIGITS = 7
"""Significant digits on screen; JSON has everything exactly."""

TOO_LARGE = "LBP.MaxInRatioExceeded"

PRICES: tuple[tuple[str, Callable[[Result], Price | None]], ...] = (
    ("start", lambda result: result.start),
    ("low", lambda result: result.low),
    ("high", lambda result: result.high),
    ("final", lambda result: result.final),
    ("average", lambda result: result.average),
    ("xyk_price", lambda result: result.xyk_price),
)
AMOUNTS = ("raised", "fees", "sold", "collateral_left", "tokens_left")
COUNTS = ("buyers", "orders", "blocks", "executions")
PARTS = ("sold_share", "largest_fall", "gini", "top_share")


# -- for people ----------------------------------------------------------------------------------------------------


def blocks_of(launch: Launch, results: Sequence[Result], width: int | None = None) -> list[Block]:
    """The sale, and a column for each scenario: in one table, or where `width` has no room for it, in several."""
    rows: list[list[Cell]] = [[title, *map(tell, results)] for title, tell in _lines(launch)]
    if all(not result.executions for result in results):
        rows = [row for row in rows if row[0] != EXECUTED]
    names = [result.scenario for result in results]
    known = _known(launch)
    if known:
        names.append("known")
        rows = [[*row, known.get(str(row[0]))] for row in rows]
    return [Facts(_facts(launch)), *_tables(names, rows, width)]


def _facts(launch: Launch) -> list[tuple[str, Cell]]:
    terms, sold, paid = launch.terms, launch.distributed, launch.accumulated
    return [
        ("design", launch.name + (f": {launch.description}" if launch.description else "")),
        ("sells", f"{_amount(terms.tokens, sold.decimals)} {sold.symbol}"),
        ("begins with", f"{_amount(terms.collateral, paid.decimals)} {paid.symbol}"),
        ("weights", f"{weights_text(terms.weights)}, {sold.symbol}/{paid.symbol}"),
        ("lasts", duration_text((terms.end - terms.start) * SLOT_MS // 1000)),
        ("fee", percent_text(Fraction(*terms.fee)) + _repay_text(launch)),
        (
            "first order",
            f"{_amount(terms.largest_first_order, paid.decimals)} {paid.symbol} at most: "
            f"one order may bring 1/{terms.max_in_ratio} of the reserve",
        ),
        ("prices", f"{paid.symbol} for 1 {sold.symbol}"),
    ]


def _tables(names: Sequence[str], rows: Sequence[Sequence[Cell]], width: int | None) -> Iterator[Table]:
    """The columns in as few tables as there is room for; each has at least one."""
    first = 0
    while first < len(names):
        last = len(names)
        while last > first + 1 and width is not None and least_width(_table(names, rows, first, last)) > width:
            last -= 1
        yield _table(names, rows, first, last)
        first = last


def _table(names: Sequence[str], rows: Sequence[Sequence[Cell]], first: int, last: int) -> Table:
    columns = [Column("scenario"), *(Column(name, Align.RIGHT) for name in names[first:last])]
    return Table(columns, [[row[0], *row[1 + first : 1 + last]] for row in rows])


def warnings(results: Sequence[Result]) -> Iterator[str]:
    """What the chain refused, and how that could be avoided."""
    for result in results:
        for error, count in result.failed.items():
            orders = f"{count:_} order{'s' * (count != 1)}"
            if error == TOO_LARGE:
                yield (
                    f"{result.scenario}: {orders} brought more than a third of the reserve, which no order may: "
                    "split them."
                )
            else:
                yield f"{result.scenario}: {orders} failed: {error}."


def axes_of(launch: Launch) -> Axes:
    paid = launch.accumulated.symbol
    return Axes(f"{launch.name}: {paid} for 1 {launch.distributed.symbol}", "hours since the start", paid)


def curves_of(launch: Launch, results: Sequence[Result]) -> list[PriceCurve]:
    """The no-demand curve, then every scenario in which somebody traded."""
    traded = [_curve(launch, result.scenario, result.curve) for result in results if result.blocks]
    return [_curve(launch, UNSOLD, unsold_curve(launch.terms)), *traded]


def scale_of(launch: Launch) -> Scale:
    return Scale(launch.distributed.decimals - launch.accumulated.decimals)


Line = tuple[str, Callable[[Result], Cell]]


def _lines(launch: Launch) -> Iterator[Line]:
    sold, paid = launch.distributed, launch.accumulated

    def price(of: Callable[[Result], Price | None]) -> Callable[[Result], Cell]:
        return lambda result: _price(of(result), launch)

    def amount(name: str, decimals: int) -> Callable[[Result], Cell]:
        return lambda result: _amount(getattr(result, name), decimals)

    def part(name: str) -> Callable[[Result], Cell]:
        return lambda result: _part(getattr(result, name))

    titles = {"start": "opening price", "average": "average price"}
    for name, of in PRICES[:-1]:
        yield titles.get(name, f"{name} price"), price(of)
    yield f"{paid.symbol} raised", amount("raised", paid.decimals)
    yield f"{paid.symbol} in fees", amount("fees", paid.decimals)
    yield f"{sold.symbol} sold", amount("sold", sold.decimals)
    yield "share sold", part("sold_share")
    yield "buyers", lambda result: f"{result.buyers:_}"
    yield "orders", lambda result: f"{result.orders:_}"
    yield "failed orders", lambda result: f"{result.failures:_}"
    yield "largest fall", part("largest_fall")
    yield "Gini of buyers", lambda result: f"{result.gini:.3f}" if result.buyers else None
    yield "top buyer", lambda result: _part(result.top_share) if result.buyers else None
    yield f"{paid.symbol} left", amount("collateral_left", paid.decimals)
    yield f"{sold.symbol} left", amount("tokens_left", sold.decimals)
    yield "XYK would open at", price(PRICES[-1][1])
    yield "blocks with orders", lambda result: f"{result.blocks:_}"
    yield EXECUTED, lambda result: f"{result.executions:_} ×"


def _known(launch: Launch) -> dict[str, Cell]:
    """What the design says of the real outcome, by the table's lines."""
    expected, known = launch.expected, dict[str, Cell]()
    if expected is None:
        return known
    paid = launch.accumulated
    if expected.sold is not None:
        known["share sold"] = _part(float(expected.sold))
    if expected.raised is not None:
        known[f"{paid.symbol} raised"] = _amount(launch.scale.collateral(expected.raised), paid.decimals)
    if expected.final_price is not None:
        units = launch.scale.collateral(expected.final_price)
        known["final price"] = _amount(units, paid.decimals)
    return known


def _repay_text(launch: Launch) -> str:
    terms = launch.terms
    if not terms.repay_target:
        return ""
    target = f"{_amount(terms.repay_target, launch.accumulated.decimals)} {launch.accumulated.symbol}"
    return f"; {percent_text(Fraction(*terms.repay_fee))} until {target} are collected"


def _amount(units: int, decimals: int) -> str:
    shown = digits(Context(prec=DIGITS).divide(Decimal(abs(units)), Decimal(10**decimals)))
    return f"-{shown}" if units < 0 else shown


def _price(price: Price | None, launch: Launch) -> str | None:
    if price is None or not price.denominator:
        return None
    power = scale_of(launch).power
    up, down = 10 ** max(power, 0), 10 ** max(-power, 0)
    return digits(Context(prec=DIGITS).divide(Decimal(price.numerator * up), Decimal(price.denominator * down)))


def _part(part: float) -> str:
    return f"{100 * part:.2f} %"


# -- for programs --------------------------------------------------------------------------------------------------


def document_of(launch: Launch, way: str, results: Sequence[Result]) -> dict[str, Any]:
    """In JSON: amounts in base units, prices as fractions of base units, of a token in collateral."""
    terms = launch.terms
    return {
        "design": launch.name,
        "way": way,
        "seed": launch.seed,
        "accumulated": launch.accumulated._asdict(),
        "distributed": launch.distributed._asdict(),
        "sale": {
            "tokens": terms.tokens,
            "collateral": terms.collateral,
            "weights": list(terms.weights),
            "start": terms.start,
            "end": terms.end,
            "fee": list(terms.fee),
            "repay_fee": list(terms.repay_fee),
            "repay_target": terms.repay_target,
            "largest_first_order": terms.largest_first_order,
        },
        "if_nobody_buys": _points(unsold_curve(terms)),
        "scenarios": [_scenario(result) for result in results],
    }


def fields() -> list[Field]:
    """The columns of a table with a row for each scenario."""
    prices = [Field(f"{name}_{part}", Kind.AMOUNT) for name, _ in PRICES for part in ("numerator", "denominator")]
    return [
        Field("scenario", Kind.TEXT),
        Field("seed", Kind.INTEGER),
        *prices,
        *(Field(name, Kind.AMOUNT) for name in AMOUNTS),
        *(Field(name, Kind.NUMBER) for name in PARTS),
        *(Field(name, Kind.INTEGER) for name in COUNTS),
        Field("failed", Kind.INTEGER),
    ]


def rows_of(results: Sequence[Result]) -> list[list[str | int | float | None]]:
    return [
        [
            result.scenario,
            result.seed,
            *(part for _, of in PRICES for part in (of(result) or (None, None))),
            *(getattr(result, name) for name in (*AMOUNTS, *PARTS, *COUNTS)),
            result.failures,
        ]
        for result in results
    ]


def _scenario(result: Result) -> dict[str, Any]:
    prices = {name: None if (price := of(result)) is None else list(price) for name, of in PRICES}
    figures = {name: getattr(result, name) for name in (*AMOUNTS, *PARTS, *COUNTS)}
    return {
        "name": result.scenario,
        **prices,
        **figures,
        "failed": result.failed,
        "curve": _points(result.curve),
    }


def _points(points: Sequence[PricePoint]) -> list[dict[str, Any]]:
    return [{"block": point.block, "price": list(point.price)} for point in points]


def _curve(launch: Launch, label: str, points: Sequence[PricePoint]) -> PriceCurve:
    start = launch.terms.start
    return PriceCurve(label, [Spot(point.block, hours(point.block - start), point.price) for point in points])
