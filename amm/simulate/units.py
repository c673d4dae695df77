"""How people write a sale: token weights, percentages and hours; and what the chain makes of them.

The chain keeps the weight of the accumulated asset in parts per 10^8, fees as a fraction of two u32, and time in
relay blocks of six seconds. Source: spec/lbp.md.
"""

import re
from fractions import Fraction
from typing import NamedTuple

from amm.pallets.lbp_data import MAX_WEIGHT, MIN_WEIGHT
from amm.values import WrittenError
from amm.wording import short
from chain.relay.parameters import SLOT_MS

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"(?:[0-9][0-9_]*[smhdw]\s*)+")
_PART = re.compile(r"([0-9][0-9_]*)([smhdw])")
_DECIMAL = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_RATE = re.compile(r"([0-9]+)/([0-9]+)")
_MOST_DIGITS = 30
_U32_MAX = 2**32 - 1


class UnitError(WrittenError):
    """A duration, a percentage or weights that mean nothing, or that the chain does not take."""


class Weights(NamedTuple):
    """The weights of the accumulated asset at the first and at the last block, in parts per 10^8."""

    initial: int
    final: int


def parse_duration(text: str) -> int:
    """The seconds of `72h`, `30m` or `1d12h`. Raises UnitError."""
    written = text.strip()
    if len(written) > _MOST_DIGITS or not _DURATION.fullmatch(written):
        raise UnitError(f"{short(text)!r} is no duration", "write a number and s, m, h, d or w, as in 72h or 1d12h")
    return sum(int(number.replace("_", "")) * _SECONDS[unit] for number, unit in _PART.findall(written))


def relay_blocks(seconds: int) -> int:
    """The relay blocks in which that much time has passed."""
    return -(-seconds * 1000 // SLOT_MS)


def hours(blocks: int) -> float:
    """The hours that relay blocks last."""
    return blocks * SLOT_MS / 3_600_000


def parse_percent(text: str, most: int | None = 100) -> Fraction:
    """The part that `80%` or `0.2 %` is. Raises UnitError, also above `most` per cent."""
    written = text.strip()
    number = written.removesuffix("%").strip()
    if not written.endswith("%") or len(number) > _MOST_DIGITS or not _DECIMAL.fullmatch(number):
        raise UnitError(f"{short(text)!r} is no percentage", "write a number and %, as in 80% or 0.2%")
    part = Fraction(number) / 100
    if most is not None and part > Fraction(most, 100):
        raise UnitError(f"{short(text)} is too much", f"write at most {most}%")
    return part


def parse_rate(text: str) -> tuple[int, int]:
    """A fee rate as the chain keeps it: `0.2%` is 1/500, `2/1000` stays as it is written. Raises UnitError.

    The chain takes n for every d whole units, so that a small d rounds less.
    """
    found = _RATE.fullmatch(text.strip())
    if found is None:
        part = parse_percent(text)
        numerator, denominator = part.numerator, part.denominator
    else:
        numerator, denominator = int(found[1]), int(found[2])
    if not 0 <= numerator <= denominator <= _U32_MAX or denominator == 0:
        raise UnitError(f"the fee {short(text)} is out of range", "write a part of the amount, as in 0.2% or 2/1000")
    return numerator, denominator


def parse_weights(text: str) -> Weights:
    """What `98/2:20/80` says: token and collateral weight at the start, then at the end. Raises UnitError.

    Both pairs are parts of the same whole, which need not be 100: `37/3:7/33`.
    """
    pairs = text.split(":")
    if len(pairs) != 2:
        raise UnitError(
            f"{short(text)!r} are no weights", "write token/collateral at the start and at the end, as in 98/2:20/80"
        )
    weights = Weights(*(_weight_of(pair) for pair in pairs))
    first, last = (whole_of(pair) for pair in pairs)
    if first != last:
        adds = " and ".join(f"{short(pair.strip())} adds up to {_number(whole_of(pair))}" for pair in pairs)
        raise UnitError(adds, "both are parts of the same whole, of 100 as a rule: as in 98/2:20/80")
    return weights


def whole_of(pair: str) -> Fraction:
    """What the two parts of `98/2` add up to: 100 as a rule. Raises UnitError."""
    return sum(_parts(pair), Fraction(0))


def collateral_weight(token: Fraction) -> int:
    """The accumulated asset's weight where the token has that part. Raises UnitError for one that the chain refuses."""
    weight = round((1 - token) * MAX_WEIGHT)
    if weight < MIN_WEIGHT:
        most = weight_text(MIN_WEIGHT)
        raise UnitError(
            f"a token weight of {percent_text(token)} is impossible here",
            f"the accumulated asset weighs 2 % at least: {most} is the steepest start",
        )
    if weight >= MAX_WEIGHT:
        raise UnitError("a token weight of 0 % is impossible here", "leave the token some weight, as in 1/99")
    return weight


def weight_text(weight: int) -> str:
    """`98/2`: the token's weight and the accumulated asset's, from the latter."""
    return f"{_number(Fraction(100 * (MAX_WEIGHT - weight), MAX_WEIGHT))}/{_number(Fraction(100 * weight, MAX_WEIGHT))}"


def weights_text(weights: Weights) -> str:
    """`98/2:20/80`, as `parse_weights` reads it."""
    return f"{weight_text(weights.initial)}:{weight_text(weights.final)}"


def percent_text(part: Fraction, digits: int = 6) -> str:
    """`12.5 %`, rounded to so many digits after the point."""
    return f"{_number(round(100 * part, digits))} %"


def duration_text(seconds: int) -> str:
    """`3d 01:30:00`, `00:10:00`."""
    days, rest = divmod(seconds, 86_400)
    return f"{f'{days}d ' if days else ''}{rest // 3600:02}:{rest % 3600 // 60:02}:{rest % 60:02}"


def _parts(pair: str) -> tuple[Fraction, Fraction]:
    """Both numbers of `98/2`."""
    parts = [part.strip() for part in pair.split("/")]
    if len(parts) != 2 or not all(_DECIMAL.fullmatch(part) and len(part) <= _MOST_DIGITS for part in parts):
        raise UnitError(f"{short(pair)!r} are no weights", "write the token's weight and the collateral's, as in 98/2")
    return Fraction(parts[0]), Fraction(parts[1])


def _weight_of(pair: str) -> int:
    """The collateral's weight."""
    token, collateral = _parts(pair)
    if token + collateral == 0:
        raise UnitError(f"{short(pair)} weighs nothing", "write two parts of a whole, as in 98/2 or 37/3")
    return collateral_weight(token / (token + collateral))


def _number(value: Fraction) -> str:
    """A decimal without needless zeros; weights and rounded percentages have few digits."""
    whole, fraction = divmod(round(value * 10**9), 10**9)
    digits = f"{fraction:09}".rstrip("0")
    return f"{whole}{'.' if digits else ''}{digits}"
