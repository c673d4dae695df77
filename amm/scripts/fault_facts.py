"""What became of the faults of a replay: who acted, and what the relay side called it. Source: spec/network.md §8."""

import re
from collections.abc import Iterator

import msgspec

from chain.node.service import Node
from chain.relay.faults import Fault, Switched

LATER = 2
"""Relay blocks after its last in which a fault's consequences are named: the candidate is included by then."""

_NAME = re.compile(r"\b(?:Statement|Inclusion|Candidate|Pvf|Erasure|Recovery|Disputes|Finality|Relay)\.[A-Z]\w*")


class FaultFact(msgspec.Struct, frozen=True):
    """One switch. `id` is its name in the catalogue, if it has one; `who` the validators that it names.

    `acted`: somebody has done otherwise because of it. `errors` are the names that were noted in its relay blocks, of
    this fault and of any other that was on then; none where nobody noticed.
    """

    id: str | None
    do: str
    path: str | None
    at: int
    until: int | None
    who: tuple[int, ...]
    acted: bool
    errors: tuple[str, ...]


def fault_facts(node: Node) -> Iterator[FaultFact]:
    """The faults of a chain in the order of their writing, as things stand."""
    conduct, head = node.conduct, node.relay.head.number
    if not isinstance(conduct, Switched):
        return
    for fault in conduct.faults:
        errors, acted = tuple(_errors(node, fault, head)), conduct.tally.has_acted(fault)
        path = fault.path or None
        yield FaultFact(fault.id or None, fault.do, path, fault.at, fault.until, fault.who, acted, errors)


def _errors(node: Node, fault: Fault, head: int) -> dict[str, None]:
    last = head if fault.last is None else min(head, fault.last + LATER)
    notes = (note for number in range(fault.at + 1, last + 1) for note in node.archive.relay(number).notes)
    return dict.fromkeys(name for note in notes for name in _NAME.findall(note))
