"""What people write about a sale: when, how long, which weights; in the blocks and parts of the chain."""

import re
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

from amm.pallets.lbp_data import MAX_WEIGHT
from amm.simulate.units import Weights, collateral_weight, parse_duration, parse_weights, weights_text, whole_of
from amm.values import AmountError, check_amount
from basilisk_cli.blocktimes import BlockClock, moment
from basilisk_cli.errors import CliError
from basilisk_cli.launches import Sale
from basilisk_cli.session import Session
from chain.relay.parameters import SLOT_MS

_CLOCK = re.compile(r"(?:([0-9]+)d )?([0-9]+):([0-5][0-9]):([0-5][0-9])(?: since genesis)?")
_NUMBER_AND_SYMBOL = re.compile(r"\s*([0-9][0-9_]*(?:\.[0-9][0-9_]*)?)\s+(\S+)\s*")
_LONGEST = 40
HOW_TO_DATE = "write +10m from now, a time such as 2d 03:00:00 since genesis, or a block's number"


class Dates(NamedTuple):
    """When a sale starts and ends, in the blocks that it is dated in; None for what stays as it is."""

    start: int | None
    end: int | None


class Quantity(NamedTuple):
    """A number of whole units of something, where no chain says how many decimals it has."""

    value: Fraction
    symbol: str


def block_at(text: str, clock: BlockClock, session: Session) -> int:
    """A block by when it is: `+10m` from now, `2d 03:00:00` since genesis, or its number. Raises CliError."""
    found = _CLOCK.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return moment(text, clock, HOW_TO_DATE)
    days, hours, minutes, rest = (int(part or 0) for part in found.groups())
    wanted = ((days * 24 + hours) * 60 + minutes) * 60 + rest
    there = (session.relay_head.slot or 0) * SLOT_MS // 1000
    if wanted <= there:
        raise CliError(f"{text} has passed", "write a later time, or +10m from now")
    return clock.now + clock.blocks(wanted - there)


def dates_of(sale: Sale, start: str | None, end: str | None, duration: str | None, session: Session) -> Dates:
    """The dates that the options of `lbp update` mean. Raises CliError where they do not say enough."""
    if end is not None and duration is not None:
        raise CliError("--end and --duration do not go together", "give one of them")
    first = None if start is None else block_at(start, sale.clock, session)
    last = None if end is None else block_at(end, sale.clock, session)
    begins = sale.pool.start if first is None else first
    if duration is not None:
        if begins is None:
            raise CliError("nothing says when the sale starts", "add --start, as in --start +10m")
        last = begins + sale.clock.blocks(parse_duration(duration))
    elif first is not None and last is None and sale.pool.end is None:
        raise CliError("nothing says how long the sale lasts", "add --duration, as in --duration 72h, or --end")
    elif last is not None and begins is None:
        raise CliError("nothing says when the sale starts", "add --start, as in --start +10m")
    return Dates(first, last)


def token_weights(text: str | None) -> tuple[Fraction | None, Fraction | None]:
    """The token's part at the start and at the end; `98/2` and `:20/80` give only one. Raises UnitError."""
    if text is None:
        return None, None
    first, _, last = text.partition(":")
    return _token_part(first), _token_part(last)


def chosen_weights(text: str, note: Callable[[str], None]) -> Weights:
    """The weights that are written; where they are parts of another whole than 100, that is said. Raises UnitError."""
    weights, whole = parse_weights(text), whole_of(text.partition(":")[0])
    if whole != 100:
        note(f"The weights {text} are parts of {float(whole):g}: {weights_text(weights)} in per cent.")
    return weights


def quantity(text: str) -> Quantity:
    """`400_000 KUSD` without a chain. Raises AmountError."""
    check_amount(text)
    found = _NUMBER_AND_SYMBOL.fullmatch(text)
    if found is None:
        raise AmountError(f"{text} has no symbol", 'name the asset, as in "400_000 KUSD"')
    return Quantity(Fraction(found[1].replace("_", "")), found[2])


def chain_weights(opening: Fraction, final: Fraction) -> Weights:
    """The accumulated asset's weights where the token has those parts. Raises UnitError where the chain refuses."""
    return Weights(collateral_weight(opening), collateral_weight(final))


def _token_part(pair: str) -> Fraction | None:
    if not pair.strip():
        return None
    weight = parse_weights(f"{pair}:{pair}").initial
    return 1 - Fraction(weight, MAX_WEIGHT)
