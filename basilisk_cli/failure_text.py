"""A failed expectation in a line: where, what the script says, what the chain does; amounts in human units."""

from typing import Any

from amm.facts import EventFact
from amm.scripts.report import FailedExpectation
from amm.values import WrittenError, parse_asset
from basilisk_cli.names import Names, plain_text

NO_ERROR = "no error"
MOST_REASONS = 3


def failure_text(failure: FailedExpectation, names: Names) -> str:
    """Everything about a failure but the advice."""
    label = f" ({failure.label})" if failure.label else ""
    where = f"{failure.file}:{failure.line}: step {failure.step}{label}"
    if failure.kind == "fault":
        fault, why = failure.expected.removesuffix(" acts"), failure.found
        return f"{failure.file}:{failure.line}: the fault {fault} does not act: {why.replace(f'{fault}: ', '', 1)}"
    expected, found = _sides(failure, names)
    meaning = f": {failure.meaning}" if failure.meaning else ""
    return f"{where}: {failure.kind}: expected {expected}, found {found}{meaning}"


def _sides(failure: FailedExpectation, names: Names) -> tuple[str, str]:
    expected, found = failure.expected, failure.found
    match failure.kind:
        case "balances" | "reserved":
            return _holdings(expected, names), _holdings(found, names)
        case "issuance":
            return _amounts(expected, names), _amounts(found, names)
        case "events":
            return _wanted_event(expected, found, names), _seen_events(found, names)
        case "trade":
            return _trade(expected), _trade(found)
        case "relay":
            return expected, _reasons(found)
    return _value(expected), _value(found)


def _value(value: Any) -> str:
    return NO_ERROR if value is None else plain_text(value)


def _reasons(found: list[str]) -> str:
    """What the relay side said, each thing once, as far as there is room."""
    what, *reasons = dict.fromkeys(found)
    more = len(reasons) - MOST_REASONS
    told = [*reasons[:MOST_REASONS], *([f"and {more} more, which the block's life has"] if more > 0 else [])]
    return f"{what} ({'; '.join(told)})" if told else what


def _trade(row: dict[str, Any]) -> str:
    return f"{row['trade']}: {_value(row['error'])}"


def _holdings(holdings: dict[str, dict[str, int]], names: Names) -> str:
    """Whose amounts: `bob has 1.5 KSM`."""
    return " and ".join(f"{who} has {_amounts(amounts, names)}" for who, amounts in holdings.items())


def _amounts(amounts: dict[str, int], names: Names) -> str:
    return " and ".join(_amount(asset, amount, names) for asset, amount in amounts.items())


def _amount(asset: str, amount: int, names: Names) -> str:
    """An amount of an asset as the script writes the asset; in base units where that is a variable."""
    try:
        return names.amount(amount, parse_asset(asset, names.book))
    except WrittenError:
        return f"{amount} base units of {asset}"


# -- events ----------------------------------------------------------------------------------------------------------


def _seen_events(found: Any, names: Names) -> str:
    """The events of the kind, or the kinds of those that there are."""
    shown = [_event(*one, names) for each in found if isinstance(each, dict) for one in each.items()]
    return "; ".join(shown or map(str, found)) or "no events"


def _wanted_event(expected: dict[str, dict[str, Any]], found: Any, names: Names) -> str:
    """The event that a script expects; what it does not say of it is taken from one that was seen, to know assets."""
    ((name, fields),) = expected.items()
    known = next((each[name] for each in found if isinstance(each, dict) and name in each), None)
    if known is None or not fields:
        return f"{name} {plain_text(fields)}" if fields else name
    numbers = {key: value for key, value in fields.items() if key in known and not isinstance(value, str)}
    told = _fields(name, known | numbers, names)
    return f"{name} " + ", ".join(f"{key} {told[key] if key in numbers else plain_text(fields[key])}" for key in fields)


def _event(name: str, fields: dict[str, Any], names: Names) -> str:
    """An event with its fields as tables show them."""
    return f"{name} {', '.join(f'{key} {shown}' for key, shown in _fields(name, fields, names).items())}".rstrip()


def _fields(name: str, fields: dict[str, Any], names: Names) -> dict[str, str]:
    pallet, _, event = name.partition(".")
    return names.fields(EventFact(pallet, event, fields))
