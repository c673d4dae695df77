"""Events: what a block says it did. Source: spec/substrate.md §7."""

from enum import IntEnum
from typing import ClassVar, NamedTuple

from chain.scale import Struct


class Event(Struct):
    """A pallet's event, declared as a nested class with typed fields; its index is its place in the pallet."""

    pallet: ClassVar[str] = ""
    place: ClassVar[int] = -1


class Stage(IntEnum):
    """The part of a block in which something happens: index of the `Phase` variant."""

    ApplyExtrinsic = 0
    Finalization = 1
    Initialization = 2


class Phase(NamedTuple):
    """Stage and, while extrinsics are applied, which one."""

    stage: Stage
    extrinsic: int = 0


INITIALIZATION = Phase(Stage.Initialization)
FINALIZATION = Phase(Stage.Finalization)


class EventRecord(NamedTuple):
    """An event with the phase it was emitted in. Topics are always empty here."""

    phase: Phase
    event: Event
