"""A sale to buyers who hold one fair price, in closed form: any one of its figures from the others.

The price falls along the no-demand curve from `opening_price` until it meets `fair_price`, at the token weight w*;
from there on buyers take just what keeps it there. Fees aside, with the pool's value M + C0 constant at that price:

    M  = fair_price · supply                 the tokens' worth
    w* = M / (M + C0)
    sold   = 1 − w1 / w*                     the share of the supply
    raised = C0 · ((1 − w1) / (1 − w*) − 1) = M · sold
    C0     = opening_price · supply · (1 − w0) / w0

All figures are Fractions, in whatever unit they are given: amounts in whole tokens and whole collateral, prices in
collateral for a token, weights w0 and w1 as the token's part of 1.
"""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from amm.simulate.units import percent_text
from amm.values import WrittenError

DEFAULT_OPENING_WEIGHT = Fraction(98, 100)
"""The steepest start that the chain takes."""

DEFAULT_PREMIUM = 2
"""The opening price over the fair one, where nothing says how much collateral the pool begins with."""

TOLERANCE = Fraction(1, 1_000_000)
"""How far figures that are given may be from each other: people round."""

FIGURES = {
    "supply": "the supply",
    "seed": "the seed",
    "opening_weight": "the token's weight at the start",
    "final_weight": "the token's weight at the end",
    "opening_price": "the opening price",
    "fair_price": "the fair price",
    "sold": "the share sold",
    "raised": "the amount raised",
}

_TEXTS = {"worth": "the worth of all tokens", **FIGURES}


class SolveError(WrittenError):
    """Figures that contradict each other, are too few, or belong to no sale."""


class Solution(NamedTuple):
    """A sale; `reached` is w*, `defaults` names the figures that were not asked for but chosen."""

    supply: Fraction
    seed: Fraction
    opening_weight: Fraction
    final_weight: Fraction
    opening_price: Fraction
    fair_price: Fraction
    sold: Fraction
    raised: Fraction
    reached: Fraction
    defaults: tuple[str, ...]

    @property
    def reached_after(self) -> Fraction:
        """The part of the sale's time that passes before the price is down at the fair one."""
        return (self.opening_weight - self.reached) / (self.opening_weight - self.final_weight)


class Snipe(NamedTuple):
    """Taking a share of the supply at the very start: what it costs, and how many orders it takes at least."""

    share: Fraction
    cost: float
    orders: int


def solve(**given: Fraction | None) -> Solution:
    """The sale that has the given figures, named as in `FIGURES`. Raises SolveError.

    What is left open after that opens at 98/2, and at twice the fair price.
    """
    known = {name: value for name, value in given.items() if value is not None}
    for name, value in known.items():
        _check_range(name, value)
    given_names = frozenset(known)
    _deduce(known, given_names)
    defaults: list[str] = []
    if "opening_weight" not in known and not ("opening_price" in known and "seed" in known and "supply" in known):
        known["opening_weight"] = DEFAULT_OPENING_WEIGHT
        defaults.append("opening_weight")
        _deduce(known, given_names)
    if "opening_price" not in known and "fair_price" in known:
        known["opening_price"] = DEFAULT_PREMIUM * known["fair_price"]
        defaults.append("opening_price")
        _deduce(known, given_names)
    missing = [text for name, text in FIGURES.items() if name not in known]
    if missing:
        raise SolveError(f"too little is given: {', '.join(missing)} could be anything", "give one of them")
    _check_shape(known)
    worth = known["worth"]
    return Solution(
        **{name: known[name] for name in FIGURES}, reached=worth / (worth + known["seed"]), defaults=tuple(defaults)
    )


def snipe(collateral: float, token_weight: Fraction, share: Fraction, ratio: int = 3) -> Snipe:
    """What `share` of the pool's tokens costs at that weight, C · ((1 − f)^(−w / (1 − w)) − 1), fees aside.

    One order may add and take a `ratio`-th of the reserves. Raises SolveError for all tokens or more.
    """
    if not 0 <= share < 1:
        raise SolveError("all tokens of a pool have no price", "ask for a share below 100 %")
    exponent = float(token_weight / (1 - token_weight))
    try:
        growth = float(1 - share) ** -exponent
    except OverflowError:
        raise SolveError(
            f"{percent_text(share)} of the tokens cost more than can be reckoned", "ask for less"
        ) from None
    # An order may grow the collateral to (1 + 1/ratio)-fold, and shrink the tokens to (1 − 1/ratio)-fold.
    left_by_one = max((1 + 1 / ratio) ** (-1 / exponent), 1 - 1 / ratio)
    orders = math.ceil(math.log(float(1 - share)) / math.log(left_by_one) - 1e-9)
    return Snipe(share, collateral * (growth - 1), orders)


# -- the relations -------------------------------------------------------------------------------------------------

Rule = tuple[str, tuple[str, ...], Callable[..., Fraction]]
"""A figure, those that it follows from, and how."""

RULES: tuple[Rule, ...] = (
    ("worth", ("fair_price", "supply"), lambda price, supply: price * supply),
    ("fair_price", ("worth", "supply"), lambda worth, supply: worth / supply),
    ("supply", ("worth", "fair_price"), lambda worth, price: worth / price),
    ("raised", ("worth", "sold"), lambda worth, sold: worth * sold),
    ("sold", ("raised", "worth"), lambda raised, worth: raised / worth),
    ("worth", ("raised", "sold"), lambda raised, sold: raised / sold),
    ("final_weight", ("sold", "worth", "seed"), lambda sold, worth, seed: (1 - sold) * worth / (worth + seed)),
    ("sold", ("final_weight", "worth", "seed"), lambda final, worth, seed: 1 - final * (worth + seed) / worth),
    ("seed", ("final_weight", "sold", "worth"), lambda final, sold, worth: (1 - sold) * worth / final - worth),
    ("worth", ("final_weight", "sold", "seed"), lambda final, sold, seed: final * seed / (1 - sold - final)),
    ("worth", ("raised", "seed", "final_weight"), lambda raised, seed, final: (raised + seed) / (1 - final) - seed),
    ("seed", ("raised", "worth", "final_weight"), lambda raised, worth, final: (worth * (1 - final) - raised) / final),
    ("seed", ("opening_price", "supply", "opening_weight"), lambda p, supply, w: p * supply * (1 - w) / w),
    ("opening_price", ("seed", "supply", "opening_weight"), lambda seed, supply, w: seed * w / (supply * (1 - w))),
    ("supply", ("seed", "opening_price", "opening_weight"), lambda seed, p, w: seed * w / (p * (1 - w))),
    ("opening_weight", ("opening_price", "supply", "seed"), lambda p, supply, seed: p * supply / (p * supply + seed)),
)


def _deduce(known: dict[str, Fraction], given: frozenset[str]) -> None:
    """Everything that follows from what is known. Raises SolveError where that contradicts what is given."""
    grown = True
    while grown:
        grown = False
        for name, sources, rule in RULES:
            if not all(source in known for source in sources):
                continue
            try:
                value = rule(*(known[source] for source in sources))
            except ZeroDivisionError:
                raise SolveError(f"no sale has {_said(sources, known)}", "change one of them") from None
            if name not in known:
                _check_range(name, value)
                known[name], grown = value, True
            elif name in given and abs(value - known[name]) > TOLERANCE * max(abs(value), abs(known[name])):
                what = f"{_said(sources, known)} make {_said((name,), {name: value})}, not {_shown(known[name])}"
                raise SolveError(what, "leave one of them out")


def _said(names: tuple[str, ...], known: Mapping[str, Fraction]) -> str:
    parts = [f"{_TEXTS[name]} {_shown(known[name])}" for name in names]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _shown(value: Fraction) -> str:
    return f"{float(value):,.6g}".replace(",", "_")


def _check_range(name: str, value: Fraction) -> None:
    if name in ("opening_weight", "final_weight", "sold"):
        if not 0 < value < 1:
            raise SolveError(f"{FIGURES[name]} would be {_shown(100 * value)} %", "it lies between 0 and 100 %")
    elif value <= 0:
        raise SolveError(f"{_TEXTS[name]} would be {_shown(value)}", "it is more than nothing; change the others")


def _check_shape(known: Mapping[str, Fraction]) -> None:
    """The closed form holds for a price that comes down to the fair one, and would go on falling."""
    reached = known["worth"] / (known["worth"] + known["seed"])
    if known["final_weight"] >= reached:
        raise SolveError("the price never comes down to the fair one", "end at a smaller weight of the token")
    if known["opening_weight"] < reached:
        hint = "open at a larger weight of the token, or with more collateral"
        raise SolveError("the sale opens below the fair price: its buyers would lift it there at once", hint)
