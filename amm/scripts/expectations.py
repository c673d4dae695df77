"""What a script expects, held against the chain. Source: spec/trade-scripts.md, "Expectations".

What is expected is read after the step: symbols are those of the state that it left.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from amm.arguments import read_amount, read_value
from amm.declared import find_event
from amm.facts import event_fact
from amm.genesis import read_item, read_stored
from amm.scopes import Scope
from amm.scripts.errors import Faults, Mark
from amm.scripts.forms import plain
from amm.scripts.names import EventPattern
from amm.scripts.setup import Holdings, StoredItem
from amm.scripts.source import Integer, Node, Nothing, Text
from amm.scripts.steps import Expect
from amm.scripts.unchanged import MOST_SHOWN, Shadow, stored_fact
from chain.frame import Environment, Event, Runtime
from chain.pallets.currencies import Currencies
from chain.scale import ACCOUNT_ID, ASSET_ID, UNIT, AnyCodec, StructOf, bare, codec_of
from chain.state import RAW

Amounts = Sequence[tuple[Text | Integer, Text | Integer]]

NOTHING_CHANGED = "nothing but nonce and fee"


class Failure(NamedTuple):
    """Something that is expected and is not so. `block` is where it showed, if not in the step's last block.

    `meaning` and `hint` explain the error that was found.
    """

    kind: str
    expected: Any
    found: Any
    mark: Mark
    block: int = 0
    meaning: str = ""
    hint: str = ""


class Found(NamedTuple):
    """What there is to judge after a step: its events, the state, and the chain without its calls."""

    events: Sequence[Event]
    environment: Environment
    shadow: Shadow | None


def judge(expect: Expect, found: Found, scope: Scope) -> Iterator[Failure]:
    """Everything that does not hold, `error` aside."""
    money = found.environment[Currencies]
    yield from _events(expect.events, found.events, scope)
    yield from _balances("balances", expect.balances, money.free_balance, scope)
    yield from _balances("reserved", expect.reserved, money.reserved_balance, scope)
    yield from _amounts("issuance", expect.issuance, money.issuance, scope)
    for stored in expect.storage:
        yield from _storage(stored, found.environment, scope)
    if found.shadow is not None:
        changes = list(found.shadow.differences())
        if changes:
            yield Failure("unchanged", NOTHING_CHANGED, changes[:MOST_SHOWN], expect.mark)


def judge_events(patterns: Sequence[EventPattern], events: Sequence[Event], scope: Scope) -> Iterator[Failure]:
    """What does not hold of the events of a call that shares its block."""
    return _events(patterns, events, scope)


def unreadable(faults: Faults) -> Iterator[Failure]:
    """Values that mean nothing at this point of the run."""
    for fault in faults.faults:
        yield Failure("value", fault.hint, fault.message, fault.mark)


# -- events --------------------------------------------------------------------------------------------------------


def _events(patterns: Sequence[EventPattern], events: Sequence[Event], scope: Scope) -> Iterator[Failure]:
    """The first event that does not come after those before it."""
    rest = iter(events)
    for pattern in patterns:
        try:
            wanted = read_pattern(pattern, scope)
        except Faults as faults:
            yield from unreadable(faults)
            return
        if not any(wanted.matches(event) for event in rest):
            yield Failure("events", _written(pattern), _seen(pattern, events, scope.runtime), pattern.mark)
            return


class Wanted(NamedTuple):
    """An event and the encodings of the fields that matter, by attribute."""

    kind: type[Event]
    fields: Mapping[str, tuple[AnyCodec, bytes]]

    def matches(self, event: Event) -> bool:
        return type(event) is self.kind and all(
            codec.encode(getattr(event, attribute)) == data for attribute, (codec, data) in self.fields.items()
        )


def read_pattern(pattern: EventPattern, scope: Scope) -> Wanted:
    """The event that a script expects. Raises Faults."""
    kind = find_event(pattern.pallet, pattern.event, pattern.mark, scope.runtime)
    codec = codec_of(kind)
    assert isinstance(codec, StructOf)
    fields = {field.name: field for field in codec.fields}
    wanted = {}
    for name, node in pattern.fields:
        field = fields[str(name.value)]
        wanted[field.attribute] = field.codec, field.codec.encode(read_value(node, field.codec, scope))
    return Wanted(kind, wanted)


def _written(pattern: EventPattern) -> dict[str, Any]:
    return {f"{pattern.pallet}.{pattern.event}": {str(name.value): plain(node) for name, node in pattern.fields}}


def _seen(pattern: EventPattern, events: Sequence[Event], runtime: Runtime) -> list[Any]:
    """The events of the same kind, or where there are none the names of all."""
    facts = [event_fact(event, runtime) for event in events]
    alike = [fact for fact in facts if (fact.pallet, fact.event) == (pattern.pallet, pattern.event)]
    if alike:
        return [{f"{fact.pallet}.{fact.event}": fact.fields} for fact in alike[:MOST_SHOWN]]
    return [f"{fact.pallet}.{fact.event}" for fact in facts[:MOST_SHOWN]]


# -- state ---------------------------------------------------------------------------------------------------------


def _balances(kind: str, holdings: Holdings, balance: Callable[[int, bytes], int], scope: Scope) -> Iterator[Failure]:
    for account, amounts in holdings:
        try:
            who: bytes = read_value(account, ACCOUNT_ID, scope)
        except Faults as faults:
            yield from unreadable(faults)
            continue
        held = _Held(balance, who)
        for failure in _amounts(kind, amounts, held.of, scope):
            if failure.kind == kind:
                name = account.value
                yield failure._replace(expected={name: failure.expected}, found={name: failure.found})
            else:
                yield failure


class _Held(NamedTuple):
    """What one account has."""

    balance: Callable[[int, bytes], int]
    who: bytes

    def of(self, asset: int) -> int:
        return self.balance(asset, self.who)


def _amounts(kind: str, amounts: Amounts, balance: Callable[[int], int], scope: Scope) -> Iterator[Failure]:
    """Amounts by asset that are not what `balance` gives."""
    for asset, amount in amounts:
        try:
            which = read_value(asset, ASSET_ID, scope)
            expected = read_amount(amount, which, scope)
        except Faults as faults:
            yield from unreadable(faults)
            continue
        found = balance(which)
        if found != expected:
            name = str(asset.value)
            yield Failure(kind, {name: expected}, {name: found}, amount.mark)


def _storage(stored: StoredItem, environment: Environment, scope: Scope) -> Iterator[Failure]:
    """An item whose stored bytes are not the expected value's encoding.

    Of an item that holds `()` nothing but its key is ever stored: `null` is how that value is written (the
    runtime118 recordings) as well as its absence, and `[]` asks for its presence.
    """
    try:
        key, expected = read_stored(stored, scope)
    except Faults as faults:
        yield from unreadable(faults)
        return
    found = environment.context.state.read(key, RAW)
    if found == b"" and expected is None and bare(read_item(stored.item, scope.runtime).value) is UNIT:
        return
    if found != expected:
        place = {"item": stored.item.value, "keys": [plain(node) for node in stored.keys]}
        shown = [stored_fact(key, data, scope.runtime) for data in (expected, found)]
        yield Failure("storage", {**place, "value": shown[0]}, {**place, "value": shown[1]}, _place_of(stored))


def _place_of(stored: StoredItem) -> Mark:
    value: Node = stored.value
    return stored.mark if isinstance(value, Nothing) else value.mark
