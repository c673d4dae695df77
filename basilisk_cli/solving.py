"""A sale in closed form, as people and programs read it. Source: amm.simulate.closed_form."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, NamedTuple

from amm.pallets.lbp_data import MAX_WEIGHT
from amm.simulate.closed_form import FIGURES, Snipe, Solution, snipe, solve
from amm.simulate.units import Weights, percent_text, weights_text
from amm.values import AmountError
from basilisk_cli.render.blocks import Align, Block, Cell, Column, Facts, Table
from basilisk_cli.sale_words import Quantity, chain_weights

SHARES = (Fraction(1, 100), Fraction(5, 100), Fraction(10, 100))
"""Of the supply, that somebody may want to take in the first block."""

ORDER_PART = 3
"""One order may bring a third of the reserve."""

DIGITS = 9
IN_COLLATERAL = ("seed", "opening_price", "fair_price", "raised")


class Answer(NamedTuple):
    """A solved sale in the symbols that it was asked in."""

    solution: Solution
    weights: Weights
    token: str
    paid: str
    snipes: tuple[Snipe, ...]


def answer(figures: dict[str, Fraction | None], quantities: dict[str, Quantity | None]) -> Answer:
    """Solve for what is not given. Raises SolveError, AmountError for mixed symbols, UnitError for weights that the
    chain does not take.
    """
    paid = _symbol([quantities[name] for name in IN_COLLATERAL if quantities.get(name)], "the collateral", "COLLATERAL")
    token = _symbol([quantities[name] for name in ("supply",) if quantities.get(name)], "the token", "TOKEN")
    given = {name: quantity.value for name, quantity in quantities.items() if quantity is not None}
    solution = solve(**given, **figures)
    weights = chain_weights(solution.opening_weight, solution.final_weight)
    snipes = tuple(snipe(float(solution.seed), solution.opening_weight, share, ORDER_PART) for share in SHARES)
    return Answer(solution, weights, token, paid, snipes)


def blocks_of(found: Answer) -> list[Block]:
    """The figures, and what sniping would cost."""
    sale, paid, token = found.solution, found.paid, found.token
    rows: list[tuple[str, Cell]] = [
        ("supply", f"{_number(sale.supply)} {token}"),
        ("seed", f"{_number(sale.seed)} {paid}"),
        ("weights", f"{weights_text(found.weights)}, {token}/{paid}"),
        ("opening price", _price(sale.opening_price, found)),
        ("fair price", _price(sale.fair_price, found)),
        (
            "reached",
            f"at a token weight of {percent_text(sale.reached, 3)}, "
            f"after {percent_text(sale.reached_after, 1)} of the time",
        ),
        ("sold", f"{percent_text(sale.sold, 4)}, {_number(sale.supply * sale.sold)} {token}"),
        ("raised", f"{_number(sale.raised)} {paid}"),
        ("left", f"{_number(sale.supply * (1 - sale.sold))} {token}, {_number(sale.seed + sale.raised)} {paid}"),
        ("first order", f"{_number(sale.seed / ORDER_PART)} {paid} at most: a third of the reserve"),
        ("chosen", ", ".join(FIGURES[name] for name in sale.defaults) or None),
        ("make it", command(found)),
    ]
    columns = (
        Column("sniping"),
        Column(f"costs {paid}", Align.POINT),
        Column(f"average {paid}", Align.POINT),
        Column("of the fair price", Align.RIGHT),
        Column("orders", Align.RIGHT),
    )
    return [
        Facts([row for row in rows if row[1] is not None]),
        Table(columns, [_snipe_row(s, found) for s in found.snipes]),
    ]


def command(found: Answer) -> str:
    """What creates the pool."""
    sale = found.solution
    return (
        f'basilisk lbp create "{_plain(sale.supply)} {found.token}" "{_plain(sale.seed)} {found.paid}" '
        f"--weights {weights_text(found.weights)}"
    )


def document_of(found: Answer) -> dict[str, Any]:
    """In JSON: every figure as an exact fraction of whole units; weights in the chain's parts."""
    sale = found.solution
    figures = {name: [value.numerator, value.denominator] for name in FIGURES if (value := getattr(sale, name))}
    return {
        "token": found.token,
        "collateral": found.paid,
        **figures,
        "reached_weight": [sale.reached.numerator, sale.reached.denominator],
        "weights": {"initial": found.weights.initial, "final": found.weights.final, "whole": MAX_WEIGHT},
        "chosen": list(sale.defaults),
        "sniping": [
            {"share": [s.share.numerator, s.share.denominator], "cost": s.cost, "orders": s.orders}
            for s in found.snipes
        ],
    }


def _snipe_row(one: Snipe, found: Answer) -> tuple[Cell, ...]:
    average = Fraction(one.cost) / (found.solution.supply * one.share)
    times = float(average / found.solution.fair_price)
    return percent_text(one.share), _number(Fraction(one.cost)), _number(average), f"{times:_.3g} ×", one.orders


def _symbol(given: Sequence[Quantity | None], what: str, otherwise: str) -> str:
    symbols = list(dict.fromkeys(quantity.symbol for quantity in given if quantity is not None))
    if len(symbols) > 1:
        raise AmountError(f"{what} is {' and '.join(symbols)}", "write all its amounts with one symbol")
    return symbols[0] if symbols else otherwise


def _price(price: Fraction, found: Answer) -> str:
    return f"1 {found.token} = {_number(price)} {found.paid}"


def _number(value: Fraction) -> str:
    """To nine digits, without exponent."""
    from decimal import Context, Decimal

    from basilisk_cli.pools import digits

    return digits(Context(prec=DIGITS).divide(Decimal(value.numerator), Decimal(value.denominator)))


def _plain(value: Fraction) -> str:
    """As an amount is written: at most six digits after the point."""
    whole, rest = divmod(round(value * 10**6), 10**6)
    fraction = f"{rest:06}".rstrip("0")
    return f"{whole:_}{'.' if fraction else ''}{fraction}"
