"""What surrounds the parachain on its relay chain: other parachains, channels, and what is sent to whom when.

Sources: spec/network.md §7, spec/xcm.md §2 and §3.
"""

from collections.abc import Iterable
from typing import Annotated, Any

from amm.scripts.forms import VALUE
from amm.scripts.kinds import ListOf, Whole
from amm.scripts.shapes import Key, Kind, Reader, Record, RecordOf
from amm.scripts.source import Items, Node, Text

U32 = Whole(0, 2**32 - 1)
ALL = "all"

Channels = tuple[tuple[int, int], ...] | str
"""Pairs of sender and recipient, or `all`."""


class ChannelsOf(Kind[Channels]):
    """Which channels are open: `all`, both ways between all parachains, or pairs of sender and recipient."""

    written = "all, or pairs as in [[2000, 2090]]"

    def read(self, node: Node, reader: Reader) -> Channels:
        if isinstance(node, Text) and node.value == ALL:
            return ALL
        if not isinstance(node, Items):
            raise self.mismatch(node, reader)
        pairs = []
        for item in node.items:
            if not isinstance(item, Items) or len(item.items) != 2:
                raise self.mismatch(item, reader)
            sender, recipient = (U32.read(each, reader) for each in item.items)
            if sender == recipient:
                raise reader.refuse(item.mark, f"{sender} has no channel to itself", "name two parachains")
            pairs.append((sender, recipient))
        return tuple(dict.fromkeys(pairs))

    def plain(self, value: Channels) -> Any:
        return value if isinstance(value, str) else [list(pair) for pair in value]

    def schema(self) -> dict[str, Any]:
        pair = {"type": "array", "items": U32.schema(), "minItems": 2, "maxItems": 2}
        return {"anyOf": [{"const": ALL}, {"type": "array", "items": pair}]}


class ParaSetup(Record, frozen=True, kw_only=True):
    """A parachain beside this one: registered and inert. It has a core, queues and channels, and builds no blocks."""

    id: Annotated[int, Key(U32, "its id on the relay chain")]


def joined(*lists: Iterable[ParaSetup]) -> tuple[ParaSetup, ...]:
    """The parachains of all these lists, each once."""
    found: dict[int, ParaSetup] = {}
    for listed in lists:
        for para in listed:
            found.setdefault(para.id, para)
    return tuple(found.values())


class MessageSetup(Record, frozen=True, kw_only=True):
    """A message that the relay chain queues: its own, or one in the name of a parachain that builds no blocks."""

    at: Annotated[int, Key(U32, "the relay block that queues it; 0: it waits from the start")] = 0
    sender: Annotated[int | None, Key(U32, "the parachain that sends it; the relay chain if left out", "from")] = None
    recipient: Annotated[int | None, Key(U32, "the parachain it is for; this one if left out", "to")] = None
    data: Annotated[Node, Key(VALUE, "text, or 0x and hex digits")]


CHANNELS = ChannelsOf()
PARACHAINS = ListOf(RecordOf(ParaSetup, "a parachain"), "a list of parachains")
MESSAGES = ListOf(RecordOf(MessageSetup, "a message"), "a list of messages")
