"""The names of calls, events, errors and storage items, as scripts write them.

Source: spec/trade-scripts.md, "Steps" and "Expectations". Which names exist is the runtime's to say; here
they are checked for their form only.
"""

import re
from typing import Any, NamedTuple

from amm.scripts.errors import Mark
from amm.scripts.forms import TextNodeOf, plain
from amm.scripts.shapes import Kind, Reader
from amm.scripts.source import Integer, Mapping, Node, Nothing, Text
from amm.scripts.variables import is_name

_CALL = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")
_TWO_NAMES = re.compile(r"[A-Z][A-Za-z0-9]*\.[A-Z][A-Za-z0-9]*")
_ERROR = re.compile(r"[A-Z][A-Za-z0-9]*(\.[A-Z][A-Za-z0-9]*)?")
_FIELD = re.compile(r"([A-Z][A-Za-z0-9]*)\.([A-Z][A-Za-z0-9]*)\.([a-z0-9_]+)")


class CallName(NamedTuple):
    """`xyk.sell`: a pallet and a call, as the runtime names them, snake_case."""

    pallet: str
    call: str
    mark: Mark

    def __str__(self) -> str:
        return f"{self.pallet}.{self.call}"


class Saved(NamedTuple):
    """`name: XYK.PoolCreated.pool`: the field of the step's last such event, kept under a name."""

    name: str
    pallet: str
    event: str
    field: str
    mark: Mark


class EventPattern(NamedTuple):
    """`XYK.PoolCreated: {who: alice}`: an event whose named fields have these values."""

    pallet: str
    event: str
    fields: tuple[tuple[Text | Integer, Node], ...]
    mark: Mark


class NameOf(TextNodeOf):
    """A name of one form."""

    def __init__(self, pattern: re.Pattern[str], written: str) -> None:
        self.pattern, self.written = pattern, written

    def read(self, node: Node, reader: Reader) -> Text:
        text = super().read(node, reader)
        if not self.pattern.fullmatch(text.value):
            raise self.mismatch(node, reader)
        return text

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{self.pattern.pattern}$"}


class CallNameOf(Kind[CallName]):
    """A call of the runtime."""

    written = "pallet.call, as in xyk.sell"

    def read(self, node: Node, reader: Reader) -> CallName:
        if not isinstance(node, Text) or not _CALL.fullmatch(node.value):
            raise self.mismatch(node, reader)
        pallet, call = node.value.split(".")
        return CallName(pallet, call, node.mark)

    def hint(self, node: Node) -> str:
        return "write both names in lower case with _ between words, as in transaction_pause.pause_transaction"

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{_CALL.pattern}$"}


class EventOf(Kind[EventPattern]):
    """An event: its name and the fields that matter."""

    written = "Pallet.Event: {field: value}"

    def read(self, node: Node, reader: Reader) -> EventPattern:
        if isinstance(node, Text):
            node = Mapping(node.mark, ((node, Nothing(node.mark)),))
        if not isinstance(node, Mapping) or len(node.entries) != 1:
            raise self.mismatch(node, reader)
        ((name, fields),) = node.entries
        if not isinstance(name, Text) or not _TWO_NAMES.fullmatch(name.value):
            hint = "write Pallet.Event, as in XYK.PoolCreated"
            raise reader.refuse(name.mark, f"{name.value!r} is no event", hint)
        if not isinstance(fields, Mapping | Nothing):
            raise reader.refuse(fields.mark, "the fields of an event are a mapping", "write {field: value}, or {}")
        pallet, event = name.value.split(".")
        return EventPattern(pallet, event, fields.entries if isinstance(fields, Mapping) else (), name.mark)

    def hint(self, node: Node) -> str:
        if isinstance(node, Mapping) and len(node.entries) > 1:
            return "write one event an item, its fields in braces or indented below its name"
        return f"write {self.written}"

    def plain(self, value: EventPattern) -> dict[str, Any]:
        return {f"{value.pallet}.{value.event}": {str(key.value): plain(held) for key, held in value.fields}}

    def schema(self) -> dict[str, Any]:
        names = {f"^{_TWO_NAMES.pattern}$": {"type": ["object", "null"]}}
        mapping = {"type": "object", "patternProperties": names, "additionalProperties": False}
        return {"anyOf": [{**mapping, "minProperties": 1, "maxProperties": 1}, {"type": "string"}]}


class SavesOf(Kind[tuple[Saved, ...]]):
    """Values to keep, by name."""

    written = "{name: Pallet.Event.field}"

    def read(self, node: Node, reader: Reader) -> tuple[Saved, ...]:
        if not isinstance(node, Mapping):
            raise self.mismatch(node, reader)
        saves = (self._save(key, value, reader) for key, value in node.entries)
        return tuple(save for save in saves if save)

    def _save(self, key: Text | Integer, value: Node, reader: Reader) -> Saved | None:
        if not isinstance(key, Text) or not is_name(key.value):
            hint = "use letters, digits and _; i, block and relay_block are taken"
            reader.refuse(key.mark, f"{key.value!r} cannot be the name of a variable", hint)
            return None
        found = _FIELD.fullmatch(value.value) if isinstance(value, Text) else None
        if found is None:
            hint = "write Pallet.Event.field, as in XYK.PoolCreated.pool"
            reader.refuse(value.mark, "expected a field of an event", hint)
            return None
        return Saved(key.value, found[1], found[2], found[3], key.mark)

    def schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "additionalProperties": {"type": "string", "pattern": f"^{_FIELD.pattern}$"},
        }


CALL_NAME = CallNameOf()
EVENT = EventOf()
SAVES = SavesOf()
ERROR = NameOf(_ERROR, "an error, as in XYK.TokenPoolNotFound or BadOrigin")
ITEM = NameOf(_TWO_NAMES, "a storage item, as in XYK.ShareToken")
LOWER_NAME = NameOf(re.compile(r"[a-z][a-z0-9_]*"), "a name in lower case with _ between words, as in ema_oracle")
